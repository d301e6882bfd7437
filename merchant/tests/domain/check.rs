//! What always holds. The letters are those that the tests of `properties` name.

use std::collections::BTreeSet;

use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::domain::{
    Fact, Order, Refund, RefundState, Report, Status, Step, Strange, Trade, TradeState, TradeWord, plus,
};

use crate::wechat::Is;
use crate::world::{APPID, MCHID, World};

/// What was seen and must not be forgotten.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    paid: bool,
}

/// The longest time between two questions.
const QUERY_MS: i64 = 300_000;
/// The same of a refund, and of one that a person looks at.
const REFUND_MS: i64 = 3_600_000;
const ABNORMAL_MS: i64 = 24 * 3_600_000;
/// A payment by code is taken back between these times after it was begun.
const REVERSE_MS: (i64, i64) = (15_000, 45_000);
/// Trades end so long after the order.
const GRACE_MS: i64 = 2_000;

impl World {
    /// After every fact and at every moment.
    pub(crate) fn check(&mut self) {
        let status = self.status();
        // (a) It is paid only if the money is there.
        if let Status::Paid { out_trade_no, .. } = &status {
            let there = &self.wechat.numbers[out_trade_no];
            assert!(matches!(there.is, Is::Success | Is::Refunded), "(a) {out_trade_no} is {:?}: {self:#?}", there.is);
        }
        // (b) What is paid stays paid, unless all of it goes back.
        self.seen.paid |= matches!(status, Status::Paid { .. });
        if self.seen.paid || status == Status::Refunded {
            let all_back = self.order.paid.iter().all(|number| self.wechat.numbers[number].is == Is::Refunded);
            match &status {
                Status::Paid { .. } => {}
                Status::Refunded => assert!(all_back, "(b) refunded, and money is there: {self:#?}"),
                _ => panic!("(b) paid, then {status:?}: {self:#?}"),
            }
        }
        // (c) A payer who pays by everything that any page shows pays once.
        let payable: BTreeSet<_> = self.given.iter().filter_map(|payment| payment.out_trade_no.as_ref()).collect();
        let is_payable = |number: &&&String| {
            self.wechat.numbers.get(number.as_str()).is_some_and(|there| there.is_payable(self.now))
        };
        let payable: Vec<_> = payable.iter().filter(is_payable).collect();
        assert!(payable.len() <= 1, "(c) {payable:?} can be paid at the same time: {self:#?}");
        self.check_refunds();
        self.check_next(&status);
    }

    /// (j) It is the same after it was written down.
    pub(crate) fn check_written(&self) {
        let text = serde_json::to_string(&self.order).unwrap();
        assert_eq!(serde_json::from_str::<Order>(&text).unwrap(), self.order, "(j)");
    }

    /// (d) What is open has a moment at which it is looked at, and it is not far off.
    fn check_next(&self, status: &Status) {
        let next = self.order.next_at(self.now);
        let end = self.order.facts.expires_at;
        let refunds = self.order.refunds.iter().map(|refund| refund.state);
        let latest_of = |state: RefundState| match state {
            RefundState::Success | RefundState::Closed | RefundState::Refused => None,
            RefundState::Abnormal => Some(plus(self.now, ABNORMAL_MS)),
            RefundState::Asked | RefundState::Doubtful | RefundState::Processing => Some(plus(self.now, REFUND_MS)),
        };
        let latest_refund = refunds.filter_map(latest_of).min();
        if let Some(latest) = latest_refund {
            assert!(next.is_some_and(|at| at <= latest), "(d) a refund is looked at {next:?}: {self:#?}");
        }
        if latest_refund.is_some() && !self.order.trades.iter().any(Trade::is_open) {
            assert_eq!(self.order.due(self.now).is_some(), next.is_some_and(|at| at <= self.now), "(d)");
            return;
        }
        if self.order.trades.iter().any(Trade::is_open) {
            let at = next.unwrap_or_else(|| panic!("(d) an open trade is never looked at: {self:#?}"));
            let latest = plus(self.now, QUERY_MS);
            let latest =
                if self.now < end { latest.min(plus(end, GRACE_MS).max(plus(self.now, 60_000))) } else { latest };
            assert!(at <= latest, "(d) {at:?} is too late: {self:#?}");
        } else if *status == Status::Pending {
            assert_eq!(next, Some(end), "(d) {self:#?}");
        } else {
            assert_eq!(next, None, "(d) done, and looked at again: {self:#?}");
        }
        assert_eq!(self.order.due(self.now).is_some(), next.is_some_and(|at| at <= self.now && at != end), "(d)");
    }

    /// A step, before it is carried out.
    pub(crate) fn check_step(&self, step: &Step) {
        let (Step::Query { out_trade_no }
        | Step::Close { out_trade_no }
        | Step::Reverse { out_trade_no }
        | Step::Supersede { out_trade_no }
        | Step::Place { out_trade_no }) = step
        else {
            return;
        };
        let trade = self.order.trade(out_trade_no).unwrap();
        assert!(trade.is_open(), "(h) {step:?} of what is {:?}", trade.state);
        if matches!(step, Step::Reverse { .. }) {
            let decided_at = self.decided_at(trade);
            assert!(decided_at <= self.now, "(h) reversed before {decided_at:?}: {self:#?}");
            let asked_at = self.asked_at.get(out_trade_no).copied();
            assert!(asked_at >= Some(decided_at), "(h) reversed, asked about {asked_at:?}: {self:#?}");
            if let Some(paid_at) = self.wechat.numbers.get(out_trade_no).and_then(|there| there.paid_at) {
                let is_stale = self.stale.contains(out_trade_no);
                assert!(is_stale || asked_at <= Some(paid_at), "(h) known to be paid, and reversed: {self:#?}");
            }
        }
    }

    /// Since when a payment by code shall be taken back.
    fn decided_at(&self, trade: &Trade) -> Timestamp {
        let (first, last) = REVERSE_MS;
        let paid = self.order.trades.iter().filter_map(|trade| Some(trade.receipt()?.heard_at));
        let over = paid.chain(self.order.closed_at).chain([plus(self.order.facts.expires_at, GRACE_MS)]).min().unwrap();
        let by_time = over.max(plus(trade.taken_at, first)).min(plus(trade.taken_at, last));
        trade.ending.map_or(by_time, |ending| ending.since.min(by_time))
    }

    /// What a fact did.
    pub(crate) fn check_fact(&self, before: &Order, fact: &Fact) {
        let Fact::Reported { report, .. } = fact else { return };
        let number = &report.out_trade_no;
        let is_about = |odd: &&wechat_cashier_merchant::domain::Oddity| odd.out_trade_no == *number;
        let odd = || self.order.oddities.iter().filter(is_about).map(|odd| &odd.what);
        if !self.fits(report) {
            // (e) Only when it was asked about may change, and that a number of which nobody was given anything is another's.
            let state = |trade: &Trade| match &trade.state {
                TradeState::Taken if !trade.is_by_code() => TradeState::Refused,
                state => state.clone(),
            };
            let states = |order: &Order| order.trades.iter().map(state).collect::<Vec<_>>();
            assert_eq!(states(before), states(&self.order), "(e) {report:?}");
            // With that, an order that is over may have nothing open any more.
            let is_done = before.trades != self.order.trades && self.status() == Status::Closed;
            assert!(is_done || before.status(self.now) == self.status(), "(e) {report:?}");
            assert_eq!((&before.paid, &before.payments), (&self.order.paid, &self.order.payments), "(e) {report:?}");
            let is_kept = odd().any(|odd| matches!(odd, Strange::Misfit { report: kept, .. } if kept == report));
            let misfits = before.oddities.iter().filter(|odd| matches!(odd.what, Strange::Misfit { .. })).count();
            assert!(is_kept || misfits >= 10, "(e) not kept: {report:?} {:?}", self.order.oddities);
        } else if report.trade_state == TradeWord::Success {
            // (f) All money is kept, and what is too much is named; but for what a reversal may have given back, which is asked about.
            let trade = self.order.trade(number).unwrap();
            if trade.said_paid_at.is_some() && trade.is_open() {
                assert!(trade.is_by_code() && before.status(self.now) == self.status(), "(f) {report:?}");
                return;
            }
            assert_eq!(self.order.paid.iter().filter(|paid| *paid == number).count(), 1, "(f) {report:?}");
            let is_back =
                |number: &String| before.trade(number).and_then(Trade::receipt).is_none_or(|paid| paid.refunded);
            let is_second = !before.paid.contains(number) && !before.paid.iter().all(is_back);
            let is_named = odd().any(|odd| matches!(odd, Strange::PaidTwice { .. }));
            let is_returned = self.order.trade(number).and_then(Trade::receipt).is_some_and(|paid| paid.refunded);
            assert!(is_named || is_returned || !is_second, "(f) {report:?} {:?}", self.order.oddities);
            assert!(matches!(self.order.trade(number).unwrap().state, TradeState::Paid(_)), "(f) {report:?}");
        }
    }

    /// Whether a report can be about this order.
    pub(crate) fn fits(&self, report: &Report) -> bool {
        let is_money = matches!(report.trade_state, TradeWord::Success | TradeWord::Refund);
        let amount = report.amount.as_ref().is_some_and(|amount| amount.total == 1999 && amount.currency == "CNY");
        let is_whole =
            amount && report.transaction_id.as_ref().is_some_and(|id| !id.is_empty()) && report.success_time.is_some();
        let is_ours = self.order.trade(&report.out_trade_no).is_some() && report.mchid == MCHID;
        is_ours && report.appid == APPID && (is_whole || !is_money)
    }

    /// (g) All is well from here on, and nobody tells anything: what is due alone brings out the truth, in time.
    pub(crate) fn settle(&mut self) {
        self.lines.clear();
        self.crosses = false;
        self.notifications.clear();
        self.wechat.mend_abnormal();
        // What other processes know is written.
        self.pass(15_000);
        for _ in 0..400 {
            let Some(at) = self.order.next_at(self.now) else { return self.check_end() };
            let hidden = self.hidden_money();
            let started = self.now;
            self.pass((at.millis() - self.now.millis()).max(0));
            self.work();
            if let Some((number, by)) = hidden {
                let is_known = self.order.paid.contains(&number);
                assert!(
                    is_known || self.now < by,
                    "(g) {number} was paid and asked about too late, {started:?}: {self:#?}"
                );
            }
        }
        panic!("(g) it comes to no end: {self:#?}");
    }

    /// Money that is there and not known here, and when it has to be known.
    fn hidden_money(&self) -> Option<(String, Timestamp)> {
        let is_hidden = |trade: &&Trade| {
            trade.is_open() && self.wechat.numbers.get(&trade.out_trade_no).is_some_and(|there| there.is == Is::Success)
        };
        let trade = self.order.trades.iter().find(is_hidden)?;
        let shown = trade.shown_at.unwrap_or(trade.taken_at);
        let third = ((self.now.millis() - shown.millis()) / 3).clamp(5_000, QUERY_MS);
        // What failed is put off for a minute at most.
        let put_off = if trade.failures > 0 { 60_000 } else { 0 };
        Some((trade.out_trade_no.clone(), plus(self.now, third.max(put_off) + 1)))
    }

    fn check_end(&mut self) {
        self.check();
        let has_ended =
            |refund: &Refund| matches!(refund.state, RefundState::Success | RefundState::Closed | RefundState::Refused);
        assert!(self.order.refunds.iter().all(has_ended), "(g) {self:#?}");
        let status = self.status();
        match self.wechat.is_paid() {
            true => assert!(matches!(status, Status::Paid { .. }), "(g) paid, and {status:?}: {self:#?}"),
            false if self.order.paid.is_empty() => assert_eq!(status, Status::Closed, "(g) {self:#?}"),
            false => assert_eq!(status, Status::Refunded, "(g) {self:#?}"),
        }
        for number in self.given.iter().filter_map(|payment| payment.out_trade_no.as_ref()) {
            let is_open = self.wechat.numbers.get(number).is_some_and(crate::wechat::There::is_open);
            assert!(!is_open, "(g) {number} stays open: {self:#?}");
        }
        self.check_told();
    }
}
