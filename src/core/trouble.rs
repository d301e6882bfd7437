//! Why the cashier cannot go on.

use crate::contract::{DecodeError, Failure, Money, ProblemCode};

use super::Cause;

/// Why the cashier cannot go on, in place of any other screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The page names no order.
    MissingOrder,
    /// The backend does not answer.
    Unreachable {
        /// Which request that was, and why, for the merchant's developers.
        told: String,
    },
    /// The backend said no.
    Refused {
        /// Why, in the contract's words.
        code: ProblemCode,
        /// Why, in the backend's words.
        detail: Option<String>,
        /// Which request that was and what came, for the merchant's developers.
        told: String,
    },
    /// The backend's answer is not of the contract.
    Unreadable {
        /// What is wrong with it, and where.
        error: DecodeError,
        /// Which request that was and what came, for the merchant's developers.
        told: String,
    },
    /// The order offers no way to pay that works here.
    NoMethod {
        /// What it offers, for the merchant's developers.
        told: String,
    },
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
            Self::Unreachable { .. } => "unreachable",
            Self::Refused { code, .. } => code.word(),
            Self::Unreadable { .. } => "unreadable_answer",
            Self::NoMethod { .. } => "no_method",
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
            Self::Unreadable { error, .. } => Some(error.message()),
            Self::NotAllowed { address } => Some(address.clone()),
            Self::Wechat { said, .. } => Some(said.clone()).filter(|said| !said.is_empty()),
            Self::AmountChanged { shown, came } => {
                let text = |money: &Money| [&money.value.to_string(), " ", money.currency.code()].concat();
                Some(["amount: shown ", &text(shown), ", came ", &text(came)].concat())
            }
            Self::MissingOrder | Self::Unreachable { .. } | Self::NoMethod { .. } | Self::LoginLoop => None,
        }
    }

    /// What was wrong, for the merchant's developers: the page around the cashier is told.
    pub fn told(&self) -> Option<String> {
        match self {
            Self::Unreachable { told }
            | Self::Refused { told, .. }
            | Self::Unreadable { told, .. }
            | Self::NoMethod { told } => Some(told.clone()),
            Self::NotAllowed { .. }
            | Self::Wechat { .. }
            | Self::MissingOrder
            | Self::LoginLoop
            | Self::AmountChanged { .. } => self.detail(),
        }
    }

    /// Something in an answer that does not fit what was asked.
    pub(super) fn unreadable(error: DecodeError) -> Self {
        Self::Unreadable { told: error.message(), error }
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
            Failure::Unreachable { detail } | Failure::TimedOut { detail } => Self::Unreachable { told: detail },
            Failure::Refused { problem, detail, .. } => {
                Self::Refused { code: problem.code, detail: problem.detail, told: detail }
            }
            Failure::Unreadable { error, detail } => Self::Unreadable { error, told: detail },
        }
    }
}
