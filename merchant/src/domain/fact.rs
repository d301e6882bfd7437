//! What happens to an order.

use serde::{Deserialize, Serialize};

use super::{Payment, Refund, RefundReport, Report, Trade};

/// One thing that happened. The journal keeps each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "few are there at a time, and none for long")]
pub enum Fact {
    /// A number was taken; the request goes out after this is written. A payment by code has its payment from here on.
    Taken {
        /// The trade.
        trade: Trade,
        /// What the page is given, for a payment by code.
        payment: Option<Payment>,
    },
    /// The platform was asked to place a trade.
    Placed {
        /// Which trade.
        out_trade_no: String,
        /// What it said.
        placed: Placed,
    },
    /// A payment that needs no trade: the payer is sent to log in, or into the mini-program.
    Sent {
        /// The payment.
        payment: Payment,
    },
    /// WeChat Pay said what became of a trade.
    Reported {
        /// How.
        source: Source,
        /// What.
        report: Report,
    },
    /// WeChat Pay knows no such number.
    NotFound {
        /// Which trade.
        out_trade_no: String,
    },
    /// WeChat Pay has closed or reversed a trade.
    Ended {
        /// Which trade.
        out_trade_no: String,
    },
    /// A question or an ending failed, and has to be tried again.
    Failed {
        /// Which trade.
        out_trade_no: String,
        /// Why, for the journal.
        why: String,
    },
    /// Another trade shall take this one's place.
    Superseded {
        /// Which trade.
        out_trade_no: String,
    },
    /// The shop or the payer's page wants no payment any more.
    Closed,
    /// The payer logged in with WeChat.
    LoggedIn {
        /// As whom.
        openid: String,
    },
    /// Money shall go back; the request goes out after this is written.
    RefundAsked {
        /// The refund.
        refund: Refund,
    },
    /// WeChat Pay said what became of a refund.
    RefundReported {
        /// How.
        source: Source,
        /// What.
        report: RefundReport,
    },
    /// WeChat Pay did not take a refund.
    RefundRefused {
        /// Which.
        out_refund_no: String,
        /// Why, in its words.
        why: String,
    },
    /// WeChat Pay has no refund of this number.
    RefundNotFound {
        /// Which.
        out_refund_no: String,
    },
    /// A request for a refund or a question about it failed, and has to be tried again.
    RefundFailed {
        /// Which.
        out_refund_no: String,
        /// Why, for the journal.
        why: String,
        /// Whether it goes on failing until a person does something.
        needs_a_person: bool,
    },
}

/// What the platform said to a request for something to pay by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "few are there at a time, and none for long")]
pub enum Placed {
    /// It can be paid by this.
    Payable {
        /// What the page is given.
        payment: Payment,
    },
    /// It did not take the trade.
    Not(NotPlaced),
}

/// Why a trade was not placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotPlaced {
    /// The number cannot be used: closed, expired, or used with other parameters. Another number is needed.
    NumberUsed,
    /// The payer's code was not taken. The text is WeChat Pay's.
    CodeRefused(String),
    /// It failed for the payer: no money, a limit. The text is WeChat Pay's.
    PayerFailed(String),
    /// The merchant may not do this. The text is WeChat Pay's.
    Unavailable(String),
}

/// How a report came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// By a notification.
    Notification,
    /// By a question of ours.
    Query,
    /// In answer to a payment by code.
    Codepay,
    /// In answer to a request for a refund.
    Refund,
}

impl Fact {
    /// Its name in the journal.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Taken { .. } => "taken",
            Self::Placed { placed: Placed::Payable { .. }, .. } => "placed",
            Self::Placed { placed: Placed::Not(_), .. } => "not_placed",
            Self::Sent { .. } => "sent",
            Self::Reported { .. } => "reported",
            Self::NotFound { .. } => "not_found",
            Self::Ended { .. } => "ended",
            Self::Failed { .. } => "failed",
            Self::Superseded { .. } => "superseded",
            Self::Closed => "closed",
            Self::LoggedIn { .. } => "logged_in",
            Self::RefundAsked { .. } => "refund_asked",
            Self::RefundReported { .. } => "refund_reported",
            Self::RefundRefused { .. } => "refund_refused",
            Self::RefundNotFound { .. } => "refund_not_found",
            Self::RefundFailed { .. } => "refund_failed",
        }
    }
}
