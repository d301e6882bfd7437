//! Refunds: money of a paid trade that goes back, whole or in parts.
//!
//! A refund has a number of its own (`out_refund_no`), is written before WeChat Pay hears of it, and is asked for again
//! under that number alone: under another the money would go back twice (docs/platform.md, 7.7).
//!
//! | file | what |
//! |---|---|
//! | `ask.rs` | the shop asks for one, and how much can go back |
//! | `report.rs`, `fit.rs` | what WeChat Pay says of one, and whether it can be said of it |
//! | `apply.rs` | how facts change one |
//! | `next.rs` | what is to be done with one later, and when |

mod apply;
mod ask;
mod fit;
mod next;
mod report;

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::Timestamp;

pub use ask::{RefundAsk, RefundAsked, RefundOf};
pub use report::{RefundAmount, RefundReport, RefundWord};

/// One `out_refund_no` of an order. Its number, trade and amount never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The number, unique over all orders of the merchant.
    pub out_refund_no: String,
    /// Of which trade.
    pub out_trade_no: String,
    /// How much, in the smallest unit of the order's currency.
    pub amount: i64,
    /// Why, in words for the payer.
    pub reason: Option<String>,
    /// The `Idempotency-Key` of the shop's request. None: the configuration wants it so.
    pub key: Option<String>,
    /// What that request said, as a digest: the same key with another body is refused.
    pub body_digest: String,
    /// What became of it.
    pub state: RefundState,
    /// When it was wanted. The request went out after it.
    pub asked_at: Timestamp,
    /// Since when WeChat Pay is known to have it.
    pub taken_at: Option<Timestamp>,
    /// When WeChat Pay last answered a question about it.
    pub queried_at: Option<Timestamp>,
    /// How many requests or questions failed one after the other.
    pub failures: u32,
    /// When the last of them failed.
    pub failed_at: Option<Timestamp>,
    /// WeChat Pay's number for it.
    pub refund_id: Option<String>,
    /// When the money went back, by WeChat Pay's clock.
    pub success_time: Option<Timestamp>,
    /// Why WeChat Pay did not take it.
    pub why: Option<String>,
}

/// What became of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// It is written here; whether WeChat Pay has it is not known.
    Asked,
    /// WeChat Pay did not take it, after a request whose fate is not known: that one is asked about first.
    Doubtful,
    /// WeChat Pay has it (`PROCESSING`).
    Processing,
    /// The money went back (`SUCCESS`).
    Success,
    /// WeChat Pay closed it: the money stays, and can be asked back under another number (`CLOSED`).
    Closed,
    /// The payer's bank does not take the money: a person has to say where it goes (`ABNORMAL`).
    Abnormal,
    /// WeChat Pay never had it: the money stays.
    Refused,
}

impl RefundState {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Doubtful => "doubtful",
            Self::Processing => "processing",
            Self::Success => "success",
            Self::Closed => "closed",
            Self::Abnormal => "abnormal",
            Self::Refused => "refused",
        }
    }
}

/// What is done about an order's second payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondPayment {
    /// It is named, and the shop refunds it.
    #[default]
    ByHand,
    /// It is refunded as soon as it is heard of.
    AtOnce,
}

impl SecondPayment {
    /// The one of this word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "by_hand" => Some(Self::ByHand),
            "at_once" => Some(Self::AtOnce),
            _ => None,
        }
    }
}

impl Refund {
    /// Whether its amount is gone from the trade, or may be.
    #[must_use]
    pub fn holds(&self) -> bool {
        !matches!(self.state, RefundState::Closed | RefundState::Refused)
    }

    /// A request or a question was in vain.
    fn failed(&mut self, at: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        self.failed_at = Some(at);
    }
}
