//! Why the cashier cannot go on.

use crate::contract::{DecodeError, Failure, Money, ProblemCode};

/// Why the cashier cannot go on, in place of any other screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The page names no order.
    MissingOrder,
    /// The backend does not answer.
    Unreachable,
    /// The backend said no.
    Refused {
        /// Why, in the contract's words.
        code: ProblemCode,
        /// Why, in the backend's words.
        detail: Option<String>,
    },
    /// The backend's answer is not of the contract.
    Unreadable(DecodeError),
    /// The order offers no way to pay that works here.
    NoMethod,
    /// The backend asked for something that must not be drawn or gone to.
    NotAllowed {
        /// What it was.
        address: String,
    },
    /// The amount is not the one that the payer was shown.
    AmountChanged {
        /// What the payer was shown.
        shown: Money,
        /// What came then.
        came: Money,
    },
}

impl Trouble {
    /// A word for the merchant's support.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingOrder => "missing_order",
            Self::Unreachable => "unreachable",
            Self::Refused { code, .. } => code.word(),
            Self::Unreadable(_) => "unreadable_answer",
            Self::NoMethod => "no_method",
            Self::NotAllowed { .. } => "address_not_allowed",
            Self::AmountChanged { .. } => "amount_changed",
        }
    }

    /// What was wrong, for the merchant's support.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::Refused { detail, .. } => detail.clone(),
            Self::Unreadable(error) => Some(error.message()),
            Self::NotAllowed { address } => Some(address.clone()),
            Self::MissingOrder | Self::Unreachable | Self::NoMethod | Self::AmountChanged { .. } => None,
        }
    }

    /// Whether the cashier stays stopped, so that trying again can change nothing.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::MissingOrder | Self::AmountChanged { .. })
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unreachable | Failure::TimedOut => Self::Unreachable,
            Failure::Refused { problem, .. } => Self::Refused { code: problem.code, detail: problem.detail },
            Failure::Unreadable(error) => Self::Unreadable(error),
        }
    }
}
