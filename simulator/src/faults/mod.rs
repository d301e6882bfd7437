//! What can be made to go wrong, for one order, one merchant or all, so many times or with a probability.

mod book;

pub use book::{Book, Rule};

use serde::{Deserialize, Serialize};

/// One kind of trouble.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// An attempt to notify gets lost, and counts as failed.
    NotifyLost,
    /// The first notification comes so much later.
    NotifyLate {
        /// In simulated time.
        ms: i64,
    },
    /// The same notification comes twice at once.
    NotifyDoubled,
    /// The signature is not the platform's.
    NotifyBadSignature,
    /// `WECHATPAY/SIGNTEST/` stands before the signature: a probe; the real one follows.
    NotifySignTest,
    /// `Wechatpay-Serial` names no key.
    NotifyWrongSerial,
    /// It was signed an hour ago.
    NotifyOldTimestamp,
    /// Signed and encrypted well, with another amount.
    NotifyWrongAmount {
        /// In the smallest unit; absent: one more.
        total: Option<i64>,
    },
    /// Signed and encrypted well, with another merchant's number in it.
    NotifyOtherMerchant,
    /// Signed and encrypted well, with another sub-merchant's number in it. Only a service provider is told of one.
    NotifyOtherSubMerchant {
        /// Absent: a number that nobody has.
        as_sub_mchid: Option<String>,
    },
    /// Signed and encrypted well, with another order's number in it.
    NotifyOtherOrder {
        /// Absent: a number that nobody has used.
        as_out_trade_no: Option<String>,
    },
    /// The answer has no signature.
    AnswerUnsigned,
    /// The answer's signature is not the platform's.
    AnswerBadSignature,
    /// `WECHATPAY/SIGNTEST/` stands before the answer's signature.
    AnswerSignTest,
    /// The answer's `Wechatpay-Serial` names no key.
    AnswerWrongSerial,
    /// The answer was signed an hour ago.
    AnswerOldTimestamp,
    /// Signed well, the answer names another amount.
    AnswerWrongAmount {
        /// In the smallest unit; absent: one more.
        total: Option<i64>,
    },
    /// Signed well, the answer is about another order.
    AnswerOtherOrder {
        /// Absent: a number that nobody has used.
        as_out_trade_no: Option<String>,
    },
    /// Carried out at once, answered later.
    AnswerLate {
        /// In real time.
        ms: u64,
    },
    /// Carried out, and the connection breaks in the middle of the answer.
    AnswerCut,
    /// Carried out, and the connection breaks before the answer.
    ConnectionDropped,
    /// Refused before anything was done.
    FailsBefore {
        /// 500 and up.
        status: u16,
    },
    /// Carried out, and answered with an error.
    FailsAfter {
        /// 500 and up.
        status: u16,
    },
    /// 429.
    RateLimited,
    /// What is given out to pay by lives no longer.
    QuickExpiry {
        /// In simulated time.
        ms: i64,
    },
    /// Another account has opened the code before the payer.
    SecondAccount,
    /// The refund ends ABNORMAL: the payer's bank does not take the money.
    RefundAbnormal,
    /// The refund ends CLOSED.
    RefundClosed,
    /// The merchant's account has too little in it: the refund is not taken.
    RefundNotEnough,
    /// The pay sheet was opened in time: it can be paid although the order has expired or was closed.
    PaidAfterExpiry,
    /// This order's line is not in the bill.
    BillLineMissing,
    /// The bill has a line of an order that the merchant never made.
    BillLineForeign {
        /// Absent: a number that nobody has used.
        as_out_trade_no: Option<String>,
        /// In the smallest unit; absent: 1.
        total: Option<i64>,
    },
    /// This order's line has another amount.
    BillWrongAmount {
        /// In the smallest unit; absent: one more.
        total: Option<i64>,
    },
    /// This order's line has another state.
    BillWrongState {
        /// Absent: `REVOKED`.
        state: Option<String>,
    },
    /// One bit of the bill's file is another than when its hash was told.
    BillSpoilt,
}

impl Fault {
    /// Whether it belongs to notifications.
    pub(crate) fn of_notify(&self) -> bool {
        !matches!(self, Self::NotifyLate { .. }) && self.kind().starts_with("notify_")
    }

    /// Whether it belongs to an APIv3 request and its answer.
    pub(crate) fn of_answer(&self) -> bool {
        matches!(
            self,
            Self::AnswerUnsigned
                | Self::AnswerBadSignature
                | Self::AnswerSignTest
                | Self::AnswerWrongSerial
                | Self::AnswerOldTimestamp
                | Self::AnswerWrongAmount { .. }
                | Self::AnswerOtherOrder { .. }
                | Self::AnswerLate { .. }
                | Self::AnswerCut
                | Self::ConnectionDropped
                | Self::FailsBefore { .. }
                | Self::FailsAfter { .. }
                | Self::RateLimited
        )
    }

    /// Whether it belongs to a line of a bill.
    pub(crate) fn of_bill_line(&self) -> bool {
        matches!(self, Self::BillLineMissing | Self::BillWrongAmount { .. } | Self::BillWrongState { .. })
    }

    /// Its name in JSON.
    pub fn kind(&self) -> String {
        let json = serde_json::to_value(self).unwrap_or_default();
        json["kind"].as_str().unwrap_or_default().to_owned()
    }
}
