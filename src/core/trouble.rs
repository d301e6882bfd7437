//! Why the cashier cannot go on.

use crate::contract::{DecodeError, Failure, Money, ProblemCode};

use super::Cause;

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
    /// WeChat could not be opened, or said no.
    Wechat {
        /// Why, as far as the payer can do something about it.
        cause: Cause,
        /// What WeChat said.
        said: String,
    },
    /// The backend sends the payer to log in again and again.
    LoginLoop,
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
            Self::Wechat { cause, .. } => cause.word(),
            Self::LoginLoop => "login_loop",
            Self::AmountChanged { .. } => "amount_changed",
        }
    }

    /// What was wrong, for the merchant's support.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::Refused { detail, .. } => detail.clone(),
            Self::Unreadable(error) => Some(error.message()),
            Self::NotAllowed { address } => Some(address.clone()),
            Self::Wechat { said, .. } => Some(said.clone()).filter(|said| !said.is_empty()),
            Self::MissingOrder | Self::Unreachable | Self::NoMethod | Self::LoginLoop | Self::AmountChanged { .. } => {
                None
            }
        }
    }

    /// Whether the cashier stays stopped, so that trying again can change nothing.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::MissingOrder | Self::AmountChanged { .. })
    }
}

/// Why the next payment code is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeProblem {
    /// It is no payment code.
    Malformed,
    /// The backend did not take it.
    Refused {
        /// Why, in the backend's words.
        detail: Option<String>,
    },
    /// The payer did not confirm it in time, or refused.
    NotConfirmed,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unreachable { .. } | Failure::TimedOut { .. } => Self::Unreachable,
            Failure::Refused { problem, .. } => Self::Refused { code: problem.code, detail: problem.detail },
            Failure::Unreadable { error, .. } => Self::Unreadable(error),
        }
    }
}
