//! WeChat Pay as far as the domain can see it (docs/platform.md, 3, 4 and 6): one entry for each number, with its own rules.

use std::collections::BTreeMap;

use wechat_cashier::contract::{Method, Timestamp};
use wechat_cashier_merchant::domain::{Amount, NotPlaced, Order, RefundWord, Report, Terms, Trade, TradeWord, plus};

use crate::refunds::ThereRefund;

/// What became of a number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Is {
    Notpay,
    Userpaying,
    Success,
    Closed,
    /// Reversed before anybody paid.
    Revoked,
    /// Paid, then all of it went back.
    Refunded,
    Payerror,
}

/// One number.
#[derive(Clone, Debug)]
pub(crate) struct There {
    pub(crate) is: Is,
    pub(crate) method: Method,
    request: String,
    appid: String,
    /// How many codes were made of it. The last one works, and only that.
    pub(crate) codes: usize,
    pub(crate) expires_at: Timestamp,
    pub(crate) paid_at: Option<Timestamp>,
    pub(crate) amount: Amount,
    pub(crate) mchid: String,
    /// What goes back, by its number.
    pub(crate) refunds: BTreeMap<String, ThereRefund>,
}

/// What it says to a request for something to pay by.
#[derive(Debug)]
pub(crate) enum Said {
    /// The code of this number and count.
    Code(usize),
    IsPaid,
    NumberUsed,
}

/// What it says to a request to end a number.
#[derive(Debug)]
pub(crate) enum End {
    Yes,
    Nothing,
    IsPaid,
}

/// What the payer's code leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// No password is asked.
    Pays,
    /// The payer is asked for the password.
    Asks,
    /// Not a code of today's: no order is made.
    Refused,
}

#[derive(Clone, Debug)]
pub(crate) struct Wechat {
    pub(crate) numbers: BTreeMap<String, There>,
    /// What the next payer's code leads to.
    pub(crate) next_code: Code,
    /// Whether queries do not know of any payment yet.
    pub(crate) lags: bool,
    /// Whether a reversed payment is called REFUND or REVOKED: the documentation does not say.
    pub(crate) says_refund: bool,
    /// How the next refunds end.
    pub(crate) refunds_end: RefundWord,
}

impl Wechat {
    pub(crate) fn new() -> Self {
        Self {
            numbers: BTreeMap::new(),
            next_code: Code::Pays,
            lags: false,
            says_refund: false,
            refunds_end: RefundWord::Success,
        }
    }

    fn entry(order: &Order, trade: &Trade, is: Is) -> There {
        There {
            is,
            method: trade.method.clone(),
            request: trade.request.clone(),
            appid: trade.terms.appid.clone(),
            codes: 0,
            expires_at: order.facts.expires_at,
            paid_at: None,
            amount: Amount { total: order.facts.amount.value, currency: order.facts.amount.currency.code().to_owned() },
            mchid: order.facts.mchid.clone(),
            refunds: BTreeMap::new(),
        }
    }

    /// The same number with the same body gives a fresh code, and the one before stops working.
    pub(crate) fn place(&mut self, order: &Order, trade: &Trade, now: Timestamp) -> Said {
        let new = Self::entry(order, trade, Is::Notpay);
        let there = self.numbers.entry(trade.out_trade_no.clone()).or_insert(new);
        match there.is {
            Is::Success | Is::Refunded if there.request == trade.request => Said::IsPaid,
            Is::Notpay if there.request == trade.request && now < there.expires_at => {
                there.codes += 1;
                Said::Code(there.codes)
            }
            _ => Said::NumberUsed,
        }
    }

    /// Another system of the merchant's has this number, and is paid by it.
    pub(crate) fn use_elsewhere(&mut self, number: &str, order: &Order) {
        let terms = Terms { appid: "wxanother".to_owned(), ..Terms::default() };
        let trade =
            Order::taken(number.to_owned(), Method::Jsapi, terms, "elsewhere".to_owned(), order.facts.created_at);
        let mut there = Self::entry(order, &trade, Is::Success);
        (there.paid_at, there.amount.total) = (Some(order.facts.created_at), 5);
        self.numbers.entry(number.to_owned()).or_insert(there);
    }

    pub(crate) fn is_elsewhere(&self, number: &str) -> bool {
        self.numbers.get(number).is_some_and(|there| there.request == "elsewhere")
    }

    /// What came of the payer's code, or why nothing did.
    pub(crate) fn codepay(&mut self, order: &Order, trade: &Trade, now: Timestamp) -> Result<Report, NotPlaced> {
        if self.is_elsewhere(&trade.out_trade_no) {
            return Err(NotPlaced::NumberUsed);
        }
        assert!(!self.numbers.contains_key(&trade.out_trade_no), "a payer's code was sent under a number that is used");
        let is = match self.next_code {
            Code::Refused => return Err(NotPlaced::CodeRefused("付款码无效".to_owned())),
            Code::Pays => Is::Success,
            Code::Asks => Is::Userpaying,
        };
        let mut there = Self::entry(order, trade, is);
        there.paid_at = (is == Is::Success).then_some(now);
        self.numbers.insert(trade.out_trade_no.clone(), there);
        self.query(&trade.out_trade_no).ok_or(NotPlaced::NumberUsed)
    }

    /// The payer of a number pays, by the latest code of it.
    pub(crate) fn pay(&mut self, number: &str, now: Timestamp) -> bool {
        let Some(there) = self.numbers.get_mut(number).filter(|there| there.is_payable(now)) else { return false };
        (there.is, there.paid_at) = (Is::Success, Some(now));
        true
    }

    /// The payer gives up at the password.
    pub(crate) fn give_up(&mut self, number: &str) {
        if let Some(there) = self.numbers.get_mut(number).filter(|there| there.is == Is::Userpaying) {
            there.is = Is::Payerror;
        }
    }

    pub(crate) fn query(&self, number: &str) -> Option<Report> {
        let there = self.numbers.get(number)?;
        let trade_state = match there.is {
            Is::Notpay => TradeWord::Notpay,
            Is::Userpaying => TradeWord::Userpaying,
            Is::Success if self.lags => TradeWord::Notpay,
            Is::Success | Is::Refunded if !there.refunds.is_empty() => TradeWord::Refund,
            Is::Success => TradeWord::Success,
            Is::Closed => TradeWord::Closed,
            Is::Refunded if self.says_refund => TradeWord::Refund,
            Is::Revoked | Is::Refunded => TradeWord::Revoked,
            Is::Payerror => TradeWord::Payerror,
        };
        Some(Report {
            appid: there.appid.clone(),
            mchid: there.mchid.clone(),
            sub: None,
            out_trade_no: number.to_owned(),
            trade_state,
            transaction_id: there.paid_at.map(|_| format!("42000{number}")),
            success_time: there.paid_at,
            amount: there.paid_at.map(|_| there.amount.clone()),
        })
    }

    /// A payment by code is reversed, which gives back what was paid; any other is closed, which a paid one refuses.
    pub(crate) fn end(&mut self, number: &str, reverses: bool) -> End {
        let Some(there) = self.numbers.get_mut(number) else { return End::Nothing };
        let is_by_code = there.method == Method::PaymentCode;
        let is_elsewhere = there.request == "elsewhere";
        assert!(!is_elsewhere || !reverses, "another's payment is reversed");
        assert!(is_elsewhere || is_by_code == reverses, "{number} is ended by the wrong call");
        there.is = match (there.is, is_by_code) {
            (Is::Success, false) => return End::IsPaid,
            (Is::Notpay | Is::Closed, false) => Is::Closed,
            (Is::Success | Is::Refunded, _) => Is::Refunded,
            (Is::Notpay | Is::Userpaying | Is::Revoked, _) => Is::Revoked,
            (ended, _) => ended,
        };
        End::Yes
    }

    /// What a payer has paid and not got back.
    pub(crate) fn is_paid(&self) -> bool {
        self.numbers.values().any(|there| there.is == Is::Success && there.request != "elsewhere")
    }
}

impl There {
    /// Whether money may still come of it.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.is, Is::Notpay | Is::Userpaying)
    }

    pub(crate) fn is_payable(&self, now: Timestamp) -> bool {
        // Who was asked for the password in time may take a while over it.
        let grace_ms = if self.is == Is::Userpaying { 120_000 } else { 0 };
        self.is_open() && now < plus(self.expires_at, grace_ms)
    }
}
