//! How each fact changes the order. Facts may come twice, late and in any order: a notification crosses a question, a
//! machine dies between the two halves of a step.

use wechat_cashier::contract::Timestamp;

use super::fit::misfit;
use super::{
    Ending, Fact, NotPlaced, Order, Payment, Placed, Receipt, Report, SecondPayment, Source, Strange, Trade,
    TradeState, TradeWord,
};

/// For so long after a number was taken, WeChat Pay's "there is no such order" may only mean that the request is still on
/// its way. A request is given up after less.
pub(super) const ARRIVES_WITHIN_MS: i64 = 15_000;

impl Order {
    /// Takes in what happened at `at`.
    pub fn apply(&mut self, fact: Fact, at: Timestamp) {
        match fact {
            Fact::Taken { trade, payment } => {
                if self.trade(&trade.out_trade_no).is_none() {
                    self.trades.push(trade);
                }
                self.give(payment);
            }
            Fact::Placed { out_trade_no, placed } => self.placed(&out_trade_no, placed, at),
            Fact::Sent { payment } => self.give(Some(payment)),
            Fact::Reported { source, report } => self.reported(source, report, at),
            Fact::NotFound { out_trade_no } => self.not_found(&out_trade_no, at),
            Fact::Ended { out_trade_no } => self.ended(&out_trade_no, at),
            Fact::Failed { out_trade_no, .. } => {
                if let Some(trade) = self.trade_mut(&out_trade_no) {
                    trade.failed(at);
                }
            }
            Fact::Superseded { out_trade_no } => {
                if let Some(trade) = self.trade_mut(&out_trade_no).filter(|trade| trade.is_open()) {
                    trade.ending.get_or_insert(Ending { since: at });
                }
            }
            Fact::Closed => _ = self.closed_at.get_or_insert(at),
            Fact::LoggedIn { openid } => self.openid = Some(openid),
            Fact::RefundAsked { refund } => self.refund_asked(refund),
            Fact::RefundReported { source, report } => self.refund_reported(source, report, at),
            Fact::RefundRefused { out_refund_no, why } => self.refund_refused(&out_refund_no, why, at),
            Fact::RefundNotFound { out_refund_no } => self.refund_not_found(&out_refund_no, at),
            Fact::RefundFailed { out_refund_no, why, needs_a_person } => {
                self.refund_failed(&out_refund_no, needs_a_person.then_some(why), at);
            }
        }
    }

    fn give(&mut self, payment: Option<Payment>) {
        if let Some(payment) = payment
            && self.payments.iter().all(|known| known.payment_id != payment.payment_id)
        {
            self.payments.push(payment);
        }
    }

    fn placed(&mut self, out_trade_no: &str, placed: Placed, at: Timestamp) {
        let Some(trade) = self.trade_mut(out_trade_no) else { return };
        match placed {
            Placed::Payable { payment } => {
                if trade.state == TradeState::Taken {
                    trade.state = TradeState::Open;
                }
                trade.shown_at = Some(at);
                trade.failures = 0;
                trade.missing_since = None;
                self.give(Some(payment));
            }
            Placed::Not(why) => {
                let never_came = trade.state == TradeState::Taken && trade.failures == 0;
                match why {
                    NotPlaced::CodeRefused(_) | NotPlaced::PayerFailed(_) if trade.is_by_code() && trade.is_open() => {
                        trade.state = TradeState::Failed;
                    }
                    // The number may be another's: nothing is ever asked about it.
                    _ if never_came => trade.state = TradeState::Refused,
                    // An earlier request may have come there: it is ended before the next number is paid by.
                    _ if trade.is_open() => _ = trade.ending.get_or_insert(Ending { since: at }),
                    _ => {}
                }
            }
        }
    }

    fn reported(&mut self, source: Source, report: Report, at: Timestamp) {
        let misfit = misfit(self, self.trade(&report.out_trade_no), &report);
        if let (Some(misfit), None) = (&misfit, self.trade(&report.out_trade_no)) {
            let misfit = misfit.clone();
            self.strange(at, report.out_trade_no.clone(), Strange::Misfit { source, misfit, report });
            return;
        }
        let may_be_reversed = self.trade(&report.out_trade_no).is_some_and(|trade| self.may_be_reversed(trade, at));
        let Some(trade) = self.trade_mut(&report.out_trade_no) else { return };
        if source == Source::Query {
            // An answer about something else is none: nothing is reversed on the strength of it, nor is it asked for all
            // the time.
            match misfit {
                Some(_) => trade.failed(at),
                None => (trade.queried_at, trade.failures) = (Some(at), 0),
            }
            // Nobody was given anything of it, and what WeChat Pay has under this number is another's.
            if misfit.is_some() && trade.state == TradeState::Taken && !trade.is_by_code() {
                trade.state = TradeState::Refused;
            }
        }
        if misfit.is_none() {
            trade.missing_since = None;
            if report.trade_state != TradeWord::Success {
                trade.said_paid_at = None;
            }
        }
        if let Some(misfit) = misfit {
            self.strange(at, report.out_trade_no.clone(), Strange::Misfit { source, misfit, report });
            return;
        }
        match &report.trade_state {
            TradeWord::Success => self.paid(source, report, at, may_be_reversed),
            TradeWord::Refund => {
                let number = report.out_trade_no.clone();
                let is_ours = self.trade(&number).is_some_and(|trade| self.is_reversed_by(trade, at));
                self.paid(source, report, at, false);
                self.refund_seen(&number, is_ours, at);
            }
            TradeWord::Revoked | TradeWord::Closed => self.ended_there(report, at),
            TradeWord::Notpay if trade.is_open() => trade.state = TradeState::Open,
            TradeWord::Userpaying if trade.is_open() => trade.state = TradeState::UserPaying,
            TradeWord::Payerror if trade.is_open() => trade.state = TradeState::Failed,
            // What was asked before it was paid or closed is answered late.
            TradeWord::Notpay | TradeWord::Userpaying | TradeWord::Payerror => {}
            TradeWord::Unknown(word) => {
                let word = word.clone();
                self.strange(at, report.out_trade_no, Strange::UnknownState { word });
            }
        }
    }

    /// Money came. The first that came pays the order; all of it is kept.
    fn paid(&mut self, source: Source, report: Report, at: Timestamp, may_be_reversed: bool) {
        let (Some(transaction_id), Some(success_time)) = (report.transaction_id.clone(), report.success_time) else {
            return;
        };
        let number = report.out_trade_no.clone();
        let is_paid = self.paid.iter().any(|paid| {
            *paid != number && self.trade(paid).and_then(|trade| trade.receipt()).is_some_and(|paid| !paid.refunded)
        });
        let is_late = self.closed_at.is_some() || success_time >= self.facts.expires_at;
        let Some(trade) = self.trade_mut(&number) else { return };
        // A reversal of which nothing was heard, this process's or another's, gave the money back: an answer that was under way
        // by then is none.
        if may_be_reversed {
            let since = *trade.said_paid_at.get_or_insert(at);
            if at.millis().saturating_sub(since.millis()) < ARRIVES_WITHIN_MS {
                trade.failed(at);
                return;
            }
        }
        if let TradeState::Paid(known) = &trade.state {
            if known.transaction_id != transaction_id {
                self.strange(at, number, Strange::Contradiction { report });
            }
            return;
        }
        // What comes after the reversal was said before it: it gave the money back.
        let refunded = trade.is_by_code() && trade.state == TradeState::Closed;
        let receipt = Receipt { transaction_id, success_time, heard_at: at, heard_by: source, refunded };
        let was_open = trade.is_open();
        trade.state = TradeState::Paid(receipt.clone());
        self.paid.push(number.clone());
        if refunded {
            return;
        }
        if is_paid {
            self.strange(at, number.clone(), Strange::PaidTwice { receipt });
            if self.facts.refund_second_payment == SecondPayment::AtOnce {
                let refund = self.new_refund(&number, self.facts.amount.value, at);
                self.refund_asked(refund);
            }
        } else if is_late || !was_open {
            self.strange(at, number, Strange::PaidLate { receipt });
        }
    }

    /// Whether a reversal may have been sent whose answer was lost: of a payment by code that is asked about first, and was since it
    /// shall end.
    fn may_be_reversed(&self, trade: &Trade, at: Timestamp) -> bool {
        let end_at = self.end_at(trade);
        trade.is_by_code() && trade.is_open() && end_at <= at && trade.queried_at.is_some_and(|asked| asked >= end_at)
    }

    /// Whether a refund of this trade can be a reversal of ours whose answer was lost. What is known to be paid is not
    /// reversed.
    fn is_reversed_by(&self, trade: &Trade, at: Timestamp) -> bool {
        trade.is_by_code() && trade.receipt().is_none() && self.end_at(trade) <= at
    }

    /// A reversal of ours gives all of it back. What became of our refunds is said of each; of another it is not said how
    /// much.
    fn refund_seen(&mut self, number: &str, is_ours: bool, at: Timestamp) {
        let is_asked = self.refunds_of(number).next().is_some();
        let Some(trade) = self.trade_mut(number) else { return };
        match &mut trade.state {
            TradeState::Paid(receipt) if is_ours => receipt.refunded = true,
            TradeState::Paid(receipt) if receipt.refunded || is_asked => {}
            _ => self.strange(at, number.to_owned(), Strange::RefundSeen),
        }
    }

    fn ended_there(&mut self, report: Report, at: Timestamp) {
        let Some(trade) = self.trade_mut(&report.out_trade_no) else { return };
        let is_reversed = trade.is_by_code() && report.trade_state == TradeWord::Revoked;
        match &mut trade.state {
            TradeState::Paid(receipt) if is_reversed => receipt.refunded = true,
            TradeState::Paid(_) => {
                self.strange(at, report.out_trade_no.clone(), Strange::Contradiction { report });
            }
            _ => trade.state = TradeState::Closed,
        }
    }

    fn not_found(&mut self, out_trade_no: &str, at: Timestamp) {
        let ends = self.trade(out_trade_no).is_some_and(|trade| self.end_at(trade) <= at);
        let Some(trade) = self.trade_mut(out_trade_no).filter(|trade| trade.is_open()) else { return };
        trade.queried_at = Some(at);
        let since = |then: Timestamp| at.millis().saturating_sub(then.millis());
        let is_on_its_way = since(trade.taken_at) < ARRIVES_WITHIN_MS;
        let missing_since = *trade.missing_since.get_or_insert(at);
        let (is_taken, is_by_code) = (trade.state == TradeState::Taken, trade.is_by_code());
        let may_be_there = match is_taken {
            // A request by code moves money by itself, whenever it comes. By what nobody was given nobody pays.
            true => is_by_code && is_on_its_way,
            // It was there: the answer may be older than that. Said again when no such answer can be left, it is believed.
            false => since(missing_since) < ARRIVES_WITHIN_MS,
        };
        if may_be_there {
            if is_taken || ends {
                trade.failed(at);
            }
            return;
        }
        trade.failures = 0;
        match is_by_code {
            true => trade.state = TradeState::Failed,
            false if ends || (is_taken && !is_on_its_way) => trade.state = TradeState::Closed,
            false => {}
        }
    }

    fn ended(&mut self, out_trade_no: &str, at: Timestamp) {
        let Some(trade) = self.trade_mut(out_trade_no) else { return };
        trade.failures = 0;
        trade.ending.get_or_insert(Ending { since: at });
        let is_by_code = trade.is_by_code();
        match &mut trade.state {
            TradeState::Paid(receipt) if is_by_code => receipt.refunded = true,
            TradeState::Paid(_) => {}
            _ => trade.state = TradeState::Closed,
        }
    }
}
