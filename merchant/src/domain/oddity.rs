//! What a person has to look at.

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::Timestamp;

use super::{Misfit, Order, Receipt, RefundReport, Report, Source};

/// Something that did not fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Oddity {
    /// When it was noticed.
    pub at: Timestamp,
    /// The trade that it is about.
    pub out_trade_no: String,
    /// What is strange.
    pub what: Strange,
}

/// What is strange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Strange {
    /// A report that is not about this order's money.
    Misfit {
        /// How it came.
        source: Source,
        /// Where it differs.
        misfit: Misfit,
        /// What it says.
        report: Report,
    },
    /// The order was paid already; this money has to go back.
    PaidTwice {
        /// The second payment.
        receipt: Receipt,
    },
    /// It was paid after the order was closed, expired or replaced: it counts, and the shop may have given the goods away.
    PaidLate {
        /// The late payment.
        receipt: Receipt,
    },
    /// WeChat Pay says that money went back, and nobody here asked for it.
    RefundSeen,
    /// A word of WeChat Pay's that is not documented.
    UnknownState {
        /// The word.
        word: String,
    },
    /// The platform says something of a paid trade that cannot be.
    Contradiction {
        /// What it says.
        report: Report,
    },
    /// A report of a refund that is not about this order's money.
    RefundMisfit {
        /// How it came.
        source: Source,
        /// Where it differs.
        misfit: Misfit,
        /// What it says.
        report: RefundReport,
    },
    /// WeChat Pay says that a refund went back which it had closed, or the other way round.
    RefundContradiction {
        /// What it says.
        report: RefundReport,
    },
    /// The payer's bank does not take the money: a person has to say at the platform where it goes.
    RefundAbnormal {
        /// Which refund.
        out_refund_no: String,
    },
    /// WeChat Pay closed the refund: the money is still the merchant's.
    RefundClosed {
        /// Which refund.
        out_refund_no: String,
    },
    /// WeChat Pay did not take the refund: the money is still the merchant's.
    RefundRefused {
        /// Which refund.
        out_refund_no: String,
        /// Why, in its words.
        why: String,
    },
    /// The refund is asked for again and again, until a person has done something: there is too little in the account.
    RefundHeldUp {
        /// Which refund.
        out_refund_no: String,
        /// Why, in WeChat Pay's words.
        why: String,
    },
}

/// So many are kept; what happened is in the journal too.
const ODDITIES_MAX: usize = 20;

impl Order {
    /// Keeps it for a person, once.
    pub(super) fn strange(&mut self, at: Timestamp, out_trade_no: String, what: Strange) {
        let is_known = self.oddities.iter().any(|odd| odd.out_trade_no == out_trade_no && odd.what.is_like(&what));
        // Of these there is one for each trade or refund at most, and a person has to know of every one.
        let is_money = matches!(
            what,
            Strange::PaidTwice { .. }
                | Strange::PaidLate { .. }
                | Strange::RefundSeen
                | Strange::RefundAbnormal { .. }
                | Strange::RefundClosed { .. }
                | Strange::RefundRefused { .. }
                | Strange::RefundHeldUp { .. }
        );
        if !is_known && (is_money || self.oddities.len() < ODDITIES_MAX) {
            self.oddities.push(Oddity { at, out_trade_no, what });
        }
    }
}

impl Strange {
    /// One word for it, as in its JSON.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Misfit { .. } => "misfit",
            Self::PaidTwice { .. } => "paid_twice",
            Self::PaidLate { .. } => "paid_late",
            Self::RefundSeen => "refund_seen",
            Self::UnknownState { .. } => "unknown_state",
            Self::Contradiction { .. } => "contradiction",
            Self::RefundMisfit { .. } => "refund_misfit",
            Self::RefundContradiction { .. } => "refund_contradiction",
            Self::RefundAbnormal { .. } => "refund_abnormal",
            Self::RefundClosed { .. } => "refund_closed",
            Self::RefundRefused { .. } => "refund_refused",
            Self::RefundHeldUp { .. } => "refund_held_up",
        }
    }

    /// Whether a person who knows of one knows of the other.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::PaidTwice { .. }, Self::PaidTwice { .. }) | (Self::PaidLate { .. }, Self::PaidLate { .. }) => true,
            (Self::Misfit { misfit, report, .. }, Self::Misfit { misfit: other, report: of, .. }) => {
                misfit == other && report == of
            }
            (Self::RefundMisfit { misfit, report, .. }, Self::RefundMisfit { misfit: other, report: of, .. }) => {
                misfit == other && report == of
            }
            // Why it is held up may change from time to time.
            (
                Self::RefundHeldUp { out_refund_no, .. } | Self::RefundRefused { out_refund_no, .. },
                Self::RefundHeldUp { out_refund_no: of, .. } | Self::RefundRefused { out_refund_no: of, .. },
            ) => std::mem::discriminant(self) == std::mem::discriminant(other) && out_refund_no == of,
            _ => self == other,
        }
    }
}
