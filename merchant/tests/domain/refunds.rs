//! Refunds: the model's side of them, and the test in the part of `service`.

use wechat_cashier::contract::{Currency, Money, ProblemCode, Timestamp};
use wechat_cashier_merchant::domain::{
    Fact, Refund, RefundAmount, RefundAsk, RefundAsked, RefundOf, RefundReport, RefundState, RefundWord, Source, Step,
    Trade, plus,
};

use crate::service::Stopped;
use crate::wechat::{Is, Wechat};
use crate::world::World;

/// A refund ends so long after it was taken.
pub(crate) const UNDER_WAY_MS: i64 = 7_000;

/// A refund as WeChat Pay has it.
#[derive(Clone, Debug)]
pub(crate) struct ThereRefund {
    pub(crate) amount: i64,
    reason: Option<String>,
    pub(crate) ends_at: Timestamp,
    pub(crate) ends_as: RefundWord,
}

impl ThereRefund {
    fn status(&self, now: Timestamp) -> RefundWord {
        if now < self.ends_at { RefundWord::Processing } else { self.ends_as.clone() }
    }
}

impl Wechat {
    /// The same number with the same values is the same refund; no more goes back than was paid.
    pub(crate) fn refund(&mut self, refund: &Refund, now: Timestamp) -> Result<RefundReport, String> {
        let ends_as = self.refunds_end.clone();
        let there = self.numbers.get_mut(&refund.out_trade_no).ok_or("no such order")?;
        if let Some(known) = there.refunds.get(&refund.out_refund_no) {
            assert_eq!((known.amount, &known.reason), (refund.amount, &refund.reason), "other values under a number");
        } else {
            let taken = there.refunds.values().filter(|known| known.status(now) != RefundWord::Closed);
            let taken: i64 = taken.map(|known| known.amount).sum();
            if there.is != Is::Success || taken + refund.amount > there.amount.total {
                return Err("more than what is left".to_owned());
            }
            let new = ThereRefund {
                amount: refund.amount,
                reason: refund.reason.clone(),
                ends_at: plus(now, UNDER_WAY_MS),
                ends_as,
            };
            there.refunds.insert(refund.out_refund_no.clone(), new);
        }
        self.query_refund(refund, now).ok_or_else(|| "lost".to_owned())
    }

    pub(crate) fn query_refund(&self, refund: &Refund, now: Timestamp) -> Option<RefundReport> {
        let number = &refund.out_trade_no;
        let there = self.numbers.get(number)?;
        let known = there.refunds.get(&refund.out_refund_no)?;
        let status = known.status(now);
        Some(RefundReport {
            mchid: None,
            sub_mchid: None,
            out_trade_no: number.clone(),
            transaction_id: format!("42000{number}"),
            out_refund_no: refund.out_refund_no.clone(),
            refund_id: format!("50300{}", refund.out_refund_no),
            success_time: (status == RefundWord::Success).then_some(known.ends_at),
            status,
            amount: Some(RefundAmount {
                total: there.amount.total,
                refund: known.amount,
                currency: Some(there.amount.currency.clone()),
            }),
        })
    }

    /// What is true of the money now: it is back where all of it is.
    pub(crate) fn money_goes_back(&mut self, now: Timestamp) {
        for there in self.numbers.values_mut().filter(|there| there.is == Is::Success) {
            let back = there.refunds.values().filter(|refund| refund.status(now) == RefundWord::Success);
            if back.map(|refund| refund.amount).sum::<i64>() == there.amount.total {
                there.is = Is::Refunded;
            }
        }
    }

    /// A person has said at the platform where the money goes that no bank took.
    pub(crate) fn mend_abnormal(&mut self) {
        let refunds = self.numbers.values_mut().flat_map(|there| there.refunds.values_mut());
        for refund in refunds.filter(|refund| refund.ends_as == RefundWord::Abnormal) {
            refund.ends_as = RefundWord::Success;
        }
        self.refunds_end = RefundWord::Success;
    }
}

/// What the shop asks.
pub(crate) fn ask(key: &str, of: RefundOf, value: Option<i64>) -> RefundAsk {
    let amount = value.map(|value| Money { value, currency: Currency::new("CNY").unwrap() });
    RefundAsk { key: key.to_owned(), body_digest: format!("{of:?} {amount:?}"), of, amount, reason: None }
}

impl World {
    /// The shop asks for a refund. Gives its number.
    pub(crate) fn refund(&mut self, ask: &RefundAsk) -> Result<String, ProblemCode> {
        match self.order.ask_refund(ask, self.now).map_err(|refusal| refusal.code)? {
            RefundAsked::Known(refund) => Ok(refund.out_refund_no),
            RefundAsked::New(refund) => {
                let out_refund_no = refund.out_refund_no.clone();
                self.apply(Fact::RefundAsked { refund });
                if !self.order.is_refund_due(&out_refund_no, self.now) {
                    return Ok(out_refund_no);
                }
                let _: Result<(), Stopped> = self.carry_out(&Step::Refund { out_refund_no: out_refund_no.clone() });
                Ok(out_refund_no)
            }
        }
    }

    pub(crate) fn carry_refund(&mut self, step: &Step, number: &str) -> Result<(), Stopped> {
        let refund = self.order.refund(number).unwrap().clone();
        let now = self.now;
        let is_query = matches!(step, Step::QueryRefund { .. });
        let failed =
            Fact::RefundFailed { out_refund_no: number.to_owned(), why: "no answer".to_owned(), needs_a_person: false };
        let said = self.call_or(step, failed, |world| match is_query {
            true => world.wechat.query_refund(&refund, now).ok_or_else(String::new),
            false => world.wechat.refund(&refund, now),
        })?;
        let out_refund_no = number.to_owned();
        self.apply(match (said, is_query) {
            (Ok(report), true) => Fact::RefundReported { source: Source::Query, report },
            (Ok(report), false) => Fact::RefundReported { source: Source::Refund, report },
            (Err(_), true) => Fact::RefundNotFound { out_refund_no },
            (Err(why), false) => Fact::RefundRefused { out_refund_no, why },
        });
        Ok(())
    }

    /// WeChat Pay tells how a refund ended, if it has, or told wrongly in one place.
    pub(crate) fn tell_refund(&mut self, number: &str, spoil: impl FnOnce(&mut RefundReport)) -> bool {
        let refund = self.order.refund(number).unwrap().clone();
        let Some(mut report) = self.wechat.query_refund(&refund, self.now) else { return false };
        if report.status == RefundWord::Processing {
            return false;
        }
        (report.mchid, report.amount.as_mut().unwrap().currency) = (Some(self.order.facts.mchid.clone()), None);
        spoil(&mut report);
        self.apply(Fact::RefundReported { source: Source::Notification, report });
        true
    }

    /// (k) What goes back of a trade is never more than what came, nor what is asked back.
    /// (l) All of a trade's money is back here exactly when all of it is known to be back.
    pub(crate) fn check_refunds(&self) {
        for trade in self.order.trades.iter().filter(|trade| trade.receipt().is_some()) {
            self.check_refunds_of(trade);
        }
        let is_of_paid = |refund: &Refund| self.order.trade(&refund.out_trade_no).unwrap().receipt().is_some();
        assert!(self.order.refunds.iter().all(is_of_paid), "(k) of what nobody paid: {self:#?}");
        let mut numbers: Vec<_> = self.order.refunds.iter().map(|refund| &refund.out_refund_no).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), self.order.refunds.len(), "(k) a number twice: {self:#?}");
    }

    fn check_refunds_of(&self, trade: &Trade) {
        let number = &trade.out_trade_no;
        let total = self.order.facts.amount.value;
        let of_trade = || self.order.refunds.iter().filter(|refund| refund.out_trade_no == *number);
        let sum =
            |is: fn(&Refund) -> bool| of_trade().filter(|refund| is(refund)).map(|refund| refund.amount).sum::<i64>();
        let held = sum(Refund::holds);
        assert!(held <= total, "(k) {held} of {total} of {number} is asked back: {self:#?}");
        assert!(self.order.left(number) <= total - held, "(k) {self:#?}");
        let there = &self.wechat.numbers[number];
        let gone = there.refunds.values().filter(|refund| refund.status(self.now) != RefundWord::Closed);
        let gone: i64 = gone.map(|refund| refund.amount).sum();
        assert!(gone <= total, "(k) {gone} of {total} of {number} goes back: {self:#?}");
        let back = sum(|refund| refund.state == RefundState::Success);
        let receipt = trade.receipt().unwrap();
        let is_reversed = trade.is_by_code() && there.is == Is::Refunded && there.refunds.is_empty();
        assert_eq!(receipt.refunded && !is_reversed, back == total, "(l) {back} of {total} of {number}: {self:#?}");
    }
}
