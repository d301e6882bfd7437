//! What the payer sees: the one thing that the view reads.

use crate::contract::{DecodeError, Failure, Money, OrderStatus, ProblemCode};

use super::attempt::Attempt;
use super::state::{Confirming, Leaving};
use super::{Instant, State, Trouble, allow};

/// What the payer sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// What is to be paid, once known.
    pub bill: Option<Bill>,
    /// The screen proper.
    pub body: Body,
    /// Laid over the body, which stays as it is.
    pub notice: Option<Notice>,
    /// Back to the shop, if the order names a place and the allow-list holds it.
    pub return_to: Option<String>,
}

/// What is to be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// The merchant's id of the order.
    pub order_id: String,
    /// To whom.
    pub merchant: String,
    /// Address of the merchant's picture.
    pub logo_url: Option<String>,
    /// What for.
    pub description: String,
    /// How much.
    pub amount: Money,
}

/// The screen proper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing to show yet.
    Loading,
    /// A code to scan.
    Scan {
        /// What the QR says.
        content: String,
        /// Seconds that it still works, by the server's clock.
        left_s: Option<u64>,
    },
    /// The payer says that he has paid, or the backend says that it was before; the backend is being asked.
    Confirming {
        /// There is a code to go back to.
        has_code: bool,
    },
    /// The backend says that the order is paid.
    Paid {
        /// It was paid after it had been over: the merchant should be told.
        late: bool,
        /// Seconds until the cashier goes back to the shop by itself.
        leave_in_s: Option<u64>,
    },
    /// The code no longer works.
    Expired {
        /// The order still takes payments, so a new code can be had.
        renewable: bool,
    },
    /// The order no longer takes payments.
    Closed,
    /// The order was paid, and the money went back.
    Refunded,
    /// The cashier cannot go on.
    Trouble(Trouble),
}

impl Body {
    /// The screen without what counts down on it: equal for as long as nothing but time passes.
    #[must_use]
    pub fn at_rest(&self) -> Self {
        match self {
            Self::Scan { content, .. } => Self::Scan { content: content.clone(), left_s: None },
            Self::Paid { late, .. } => Self::Paid { late: *late, leave_in_s: None },
            other => other.clone(),
        }
    }

    /// The seconds that count down on it.
    pub fn seconds(&self) -> Option<u64> {
        match self {
            Self::Scan { left_s, .. } => *left_s,
            Self::Paid { leave_in_s, .. } => *leave_in_s,
            _ => None,
        }
    }

    /// A word for it, for style sheets and tests.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Scan { .. } => "scan",
            Self::Confirming { .. } => "confirming",
            Self::Paid { .. } => "paid",
            Self::Expired { .. } => "expired",
            Self::Closed => "closed",
            Self::Refunded => "refunded",
            Self::Trouble(_) => "trouble",
        }
    }
}

/// Laid over the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The browser has no network.
    Offline,
    /// The backend does not answer; it is asked again.
    Unreachable,
    /// The backend says no to a question about the order; it is asked again.
    Refused(ProblemCode),
    /// The backend's answer is not of the contract; it is asked again.
    Unreadable(DecodeError),
    /// WeChat was asked and knows of no payment yet.
    NotReceived,
}

/// So many failures in a row, and the payer is told: one lost request is no news.
const FAILURES_SHOWN: u32 = 2;
/// So many failures in a row with nothing to show, and the screen says so.
const FAILURES_STOP: u32 = 3;

impl State {
    /// What the payer sees at this time.
    pub fn screen(&self, now: Instant) -> Screen {
        let body = self.body(now);
        Screen {
            bill: self.order.as_ref().map(|order| Bill {
                order_id: order.order_id.clone(),
                merchant: order.merchant.name.clone(),
                logo_url: order.merchant.logo_url.clone(),
                description: order.description.clone(),
                amount: order.amount,
            }),
            notice: self.notice(&body),
            return_to: self.return_to(),
            body,
        }
    }

    pub(super) fn return_to(&self) -> Option<String> {
        allow::navigation(&self.options, self.order.as_ref()?.return_url.as_deref()?)
    }

    fn body(&self, now: Instant) -> Body {
        if let Some(trouble) = &self.stopped {
            return Body::Trouble(trouble.clone());
        }
        let Some(order) = &self.order else {
            return match &self.polling.lane.failure {
                Some(failure) if !is_passing(failure) || self.polling.lane.failures >= FAILURES_STOP => {
                    Body::Trouble(failure.clone().into())
                }
                _ => Body::Loading,
            };
        };
        match order.status {
            OrderStatus::Paid => {
                let leave_in_s = match self.leaving {
                    Leaving::At(at) => Some(at.since(now).div_ceil(1000)),
                    Leaving::NotYet | Leaving::Done => None,
                };
                return Body::Paid { late: self.late, leave_in_s };
            }
            OrderStatus::Refunded => return Body::Refunded,
            OrderStatus::Pending | OrderStatus::Closed | OrderStatus::Unknown => {}
        }
        let has_code = match &self.attempt {
            Attempt::Code(code) => self.code_left_ms(code, now).is_some(),
            _ => false,
        };
        if self.confirming.is_some() {
            return Body::Confirming { has_code };
        }
        if order.status == OrderStatus::Closed {
            return Body::Closed;
        }
        match &self.attempt {
            Attempt::Over(ProblemCode::OrderPaid) if !self.is_resting(now) => Body::Confirming { has_code },
            Attempt::Over(ProblemCode::OrderClosed) => Body::Closed,
            Attempt::Over(_) => Body::Expired { renewable: false },
            _ if self.has_expired(now) => Body::Expired { renewable: false },
            Attempt::Code(code) => match self.code_left_ms(code, now) {
                Some(left_ms) => {
                    let left_s = self.deadline(code).map(|_| left_ms.div_ceil(1000));
                    Body::Scan { content: code.content.clone(), left_s }
                }
                None => Body::Expired { renewable: true },
            },
            Attempt::Failed { trouble, .. } => Body::Trouble(trouble.clone()),
            Attempt::Asking(_) => match &self.payments.failure {
                Some(failure) if !is_passing(failure) || self.payments.failures >= FAILURES_STOP => {
                    Body::Trouble(failure.clone().into())
                }
                _ => Body::Loading,
            },
            Attempt::None => Body::Loading,
        }
    }

    fn notice(&self, body: &Body) -> Option<Notice> {
        if self.is_final() {
            return None;
        }
        if !self.online {
            return Some(Notice::Offline);
        }
        // With nothing to show, the first failure is news.
        let shown_from = if matches!(body, Body::Loading) { 1 } else { FAILURES_SHOWN };
        let lanes = [&self.polling.lane, &self.payments];
        let failing =
            lanes.into_iter().filter(|lane| lane.failures >= shown_from).find_map(|lane| lane.failure.as_ref());
        match failing {
            // What the whole screen says is not said again.
            Some(_) if matches!(body, Body::Trouble(_)) => None,
            Some(Failure::Unreachable | Failure::TimedOut) => Some(Notice::Unreachable),
            Some(Failure::Refused { problem, .. }) => Some(Notice::Refused(problem.code)),
            Some(Failure::Unreadable(error)) => Some(Notice::Unreadable(error.clone())),
            None => self.not_received_until.map(|_| Notice::NotReceived),
        }
    }

    /// Whether the follow-up of the payer's word has come to its end.
    pub(super) fn confirming_ends_at(&self) -> Option<Instant> {
        self.confirming.filter(|confirming| confirming.denied).map(|confirming| confirming.since + Confirming::SPAN_MS)
    }
}

/// Whether a failure is likely to pass without anyone's doing.
fn is_passing(failure: &Failure) -> bool {
    match failure {
        Failure::Unreachable | Failure::TimedOut => true,
        Failure::Refused { problem, .. } => matches!(problem.code, ProblemCode::ServerError | ProblemCode::RateLimited),
        Failure::Unreadable(_) => false,
    }
}
