//! The shop asks for a refund, and how much can go back.

use wechat_cashier::contract::{Money, ProblemCode, Timestamp};

use super::{Refund, RefundState};
use crate::domain::{Order, Receipt, Refusal, Status, Strange, plus};

/// What the shop asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundAsk {
    /// The `Idempotency-Key`.
    pub key: String,
    /// A digest of the body.
    pub body_digest: String,
    /// Of what.
    pub of: RefundOf,
    /// How much. None: all that is left.
    pub amount: Option<Money>,
    /// Why, in words for the payer.
    pub reason: Option<String>,
}

/// Of what the money goes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundOf {
    /// The trade that pays the order.
    ThePayment,
    /// The trade that was paid although the order was paid already.
    TheSecondPayment,
    /// The trade of this number.
    Number(String),
}

/// What is to be done for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundAsked {
    /// It was asked for before.
    Known(Refund),
    /// This one is to be written, and then sent.
    New(Refund),
}

/// So many refunds of one trade, and so long after it was paid
/// (<https://pay.weixin.qq.com/doc/v3/merchant/4013071036>).
const REFUNDS_MAX: usize = 50;
const REFUNDABLE_MS: i64 = 365 * 24 * 60 * 60 * 1000;

impl Order {
    /// What to answer the shop.
    ///
    /// # Errors
    /// `invalid_request`, with why nothing goes back.
    pub fn ask_refund(&self, ask: &RefundAsk, now: Timestamp) -> Result<RefundAsked, Refusal> {
        let refuse = |detail: String| Err(Refusal { code: ProblemCode::InvalidRequest, detail });
        if let Some(known) = self.refunds.iter().find(|refund| refund.key.as_ref() == Some(&ask.key)) {
            return match known.body_digest == ask.body_digest {
                true => Ok(RefundAsked::Known(known.clone())),
                false => refuse("this Idempotency-Key came before, with another body".to_owned()),
            };
        }
        let number = self.refunded_trade(&ask.of, now)?;
        let Some(receipt) = self.receipt(&number) else { return refuse(format!("{number} is not paid")) };
        if now > plus(receipt.success_time, REFUNDABLE_MS) {
            return refuse(format!("{number} was paid more than a year ago"));
        }
        let left = self.left(&number);
        if left == 0 {
            return refuse(format!("of {number} nothing is left to go back"));
        }
        if self.refunds_of(&number).filter(|refund| refund.state != RefundState::Refused).count() >= REFUNDS_MAX {
            return refuse(format!("{number} has its {REFUNDS_MAX} refunds"));
        }
        let currency = self.facts.amount.currency;
        let amount = match ask.amount {
            None => left,
            Some(amount) if amount.currency != currency => {
                let detail = format!("amount.currency: expected {}, got {}", currency.code(), amount.currency.code());
                return refuse(detail);
            }
            Some(amount) => amount.value,
        };
        if !(1..=left).contains(&amount) {
            return refuse(format!("amount.value: expected 1 to {left}, which is left of {number}, got {amount}"));
        }
        let refund = self.new_refund(&number, amount, now);
        Ok(RefundAsked::New(Refund {
            reason: ask.reason.clone(),
            key: Some(ask.key.clone()),
            body_digest: ask.body_digest.clone(),
            ..refund
        }))
    }

    /// What of a paid trade has neither gone back nor been asked back.
    #[must_use]
    pub fn left(&self, out_trade_no: &str) -> i64 {
        match self.receipt(out_trade_no) {
            Some(receipt) if !receipt.refunded => {
                let held = self.refunds_of(out_trade_no).filter(|refund| refund.holds());
                let held = held.fold(0_i64, |sum, refund| sum.saturating_add(refund.amount));
                self.facts.amount.value.saturating_sub(held).max(0)
            }
            _ => 0,
        }
    }

    /// How much of a trade went back.
    #[must_use]
    pub fn amount_back(&self, out_trade_no: &str) -> i64 {
        let back = self.refunds_of(out_trade_no).filter(|refund| refund.state == RefundState::Success);
        back.fold(0_i64, |sum, refund| sum.saturating_add(refund.amount))
    }

    /// Whether a refund is to be asked for at `now`: another of the trade may have been asked for just before.
    #[must_use]
    pub fn is_refund_due(&self, out_refund_no: &str, now: Timestamp) -> bool {
        let planned = self.refund(out_refund_no).and_then(|refund| self.plan_refund(refund));
        planned.is_some_and(|(at, _)| at <= now)
    }

    /// When WeChat Pay is asked for a refund, or about it, which it is not known to have: `asked` or `doubtful`.
    #[must_use]
    pub fn refund_untaken(&self, refund: &Refund) -> Option<Timestamp> {
        let is_untaken = matches!(refund.state, RefundState::Asked | RefundState::Doubtful);
        self.plan_refund(refund).filter(|_| is_untaken).map(|(at, _)| at)
    }

    /// Until when a refund waits at `now` before WeChat Pay is asked at all, because another of the trade was asked for just before.
    #[must_use]
    pub fn refund_waits(&self, refund: &Refund, now: Timestamp) -> Option<Timestamp> {
        let is_unsent = refund.state == RefundState::Asked && refund.failures == 0;
        self.refund_untaken(refund).filter(|at| is_unsent && *at > now)
    }

    /// The refund under a number.
    #[must_use]
    pub fn refund(&self, out_refund_no: &str) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.out_refund_no == out_refund_no)
    }

    /// The refunds of a trade, the earliest first.
    pub fn refunds_of(&self, out_trade_no: &str) -> impl Iterator<Item = &Refund> {
        self.refunds.iter().filter(move |refund| refund.out_trade_no == out_trade_no)
    }

    /// One that is wanted now.
    pub(in crate::domain) fn new_refund(&self, out_trade_no: &str, amount: i64, now: Timestamp) -> Refund {
        Refund {
            out_refund_no: format!("{out_trade_no}-R{}", self.refunds_of(out_trade_no).count() + 1),
            out_trade_no: out_trade_no.to_owned(),
            amount,
            reason: None,
            key: None,
            body_digest: String::new(),
            state: RefundState::Asked,
            asked_at: now,
            taken_at: None,
            queried_at: None,
            failures: 0,
            failed_at: None,
            refund_id: None,
            success_time: None,
            why: None,
        }
    }

    fn receipt(&self, out_trade_no: &str) -> Option<&Receipt> {
        self.trade(out_trade_no)?.receipt()
    }

    fn refunded_trade(&self, of: &RefundOf, now: Timestamp) -> Result<String, Refusal> {
        let id = &self.facts.order_id;
        let refuse = |detail: String| Err(Refusal { code: ProblemCode::InvalidRequest, detail });
        match of {
            RefundOf::Number(number) => match self.trade(number) {
                Some(_) => Ok(number.clone()),
                None => refuse(format!("out_trade_no: {number} is no number of order {id}")),
            },
            RefundOf::ThePayment => match self.status(now) {
                Status::Paid { out_trade_no, .. } => Ok(out_trade_no),
                status => refuse(format!("order {id} is {}, not paid", status.word())),
            },
            RefundOf::TheSecondPayment => {
                let twice = self.oddities.iter().filter(|odd| matches!(odd.what, Strange::PaidTwice { .. }));
                let mut numbers = twice.map(|odd| &odd.out_trade_no);
                match numbers.find(|number| self.left(number) > 0) {
                    Some(number) => Ok(number.clone()),
                    None => refuse(format!("order {id} has no second payment of which anything is left")),
                }
            }
        }
    }
}
