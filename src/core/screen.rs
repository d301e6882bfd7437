//! What the payer sees: the one thing that the view reads.

use crate::contract::{DecodeError, Failure, Method, MethodOffer, Money, OrderStatus, ProblemCode};

use super::attempt::{Attempt, Call, Opens, Ready};
use super::claim::Claim;
use super::state::{Copied, End, Leaving, LinkState};
use super::{CodeProblem, Instant, State, Surface, Trouble, WayBack, allow};

/// What the payer sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// What is to be paid, once known.
    pub bill: Option<Bill>,
    /// The way to pay at hand, once known.
    pub way: Option<MethodOffer>,
    /// The screen proper.
    pub body: Body,
    /// The ways to pay, where the payer can still choose: the one at hand and at least one other. Their order does not change
    /// with the choice, so that the second tap of two falls on the same (field problem 55).
    pub ways: Vec<MethodOffer>,
    /// Whether it is time for one of them: they are then not folded away.
    pub suggest: bool,
    /// Laid over the body, which stays as it is.
    pub notice: Option<Notice>,
    /// Back to the shop, where nothing is left to be done here, the order names a place, and the allow-list holds it.
    pub return_to: Option<String>,
    /// Staff read it, and not the payer: a till.
    pub staff: bool,
}

impl Screen {
    /// The ways to pay that the payer can choose: all but the one at hand.
    pub fn other_ways(&self) -> impl Iterator<Item = &MethodOffer> {
        let at_hand = self.way.as_ref().map(|way| &way.method);
        self.ways.iter().filter(move |way| Some(&way.method) != at_hand)
    }
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
    /// No order yet: a screen on a counter, between two customers.
    Idle,
    /// Nothing to show yet.
    Loading,
    /// A code to scan.
    Scan {
        /// What the QR says.
        content: String,
        /// Seconds that it still works, by the server's clock.
        left_s: Option<u64>,
        /// The payer holds this screen in the hand: its own camera cannot scan it (field problem 23).
        in_hand: bool,
    },
    /// A button to pay by.
    Pay {
        /// How far it is.
        stage: Stage,
        /// The payer has just cancelled; the order stands.
        cancelled: bool,
    },
    /// The payer may be back from paying elsewhere, and says whether it is done (docs/platform.md, 4).
    Returned,
    /// A payer's code is wanted.
    TakeCode {
        /// What was wrong with the one before.
        problem: Option<CodeProblem>,
    },
    /// The payer's code was taken; the payer may have to confirm on the phone.
    AwaitPayer {
        /// Seconds until the next code is asked for.
        left_s: Option<u64>,
    },
    /// The payer or WeChat says that it is paid, or the backend says that it was before; the backend is being asked.
    Confirming {
        /// There is something to go back to.
        can_go_back: bool,
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

/// How far a button to pay by is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// What it needs is not there yet.
    Preparing,
    /// It can be tapped.
    Ready,
    /// It was, and what it opens is on its way or open.
    Opening,
}

impl Stage {
    /// A word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Ready => "ready",
            Self::Opening => "opening",
        }
    }
}

impl Body {
    /// The screen without what counts down on it: equal for as long as nothing but time passes.
    #[must_use]
    pub fn at_rest(&self) -> Self {
        match self {
            Self::Scan { content, in_hand, .. } => {
                Self::Scan { content: content.clone(), left_s: None, in_hand: *in_hand }
            }
            Self::AwaitPayer { .. } => Self::AwaitPayer { left_s: None },
            Self::Paid { late, .. } => Self::Paid { late: *late, leave_in_s: None },
            other => other.clone(),
        }
    }

    /// The seconds that count down on it.
    pub fn seconds(&self) -> Option<u64> {
        match self {
            Self::Scan { left_s, .. } | Self::AwaitPayer { left_s } => *left_s,
            Self::Paid { leave_in_s, .. } => *leave_in_s,
            _ => None,
        }
    }

    /// Whether nothing is left to be done here but to go back to the shop, or to try again.
    pub fn is_the_end(&self) -> bool {
        matches!(
            self,
            Self::Paid { .. } | Self::Expired { renewable: false } | Self::Closed | Self::Refunded | Self::Trouble(_)
        )
    }

    /// A word for it, for style sheets and tests.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Loading => "loading",
            Self::Scan { .. } => "scan",
            Self::Pay { .. } => "pay",
            Self::Returned => "returned",
            Self::TakeCode { .. } => "take-code",
            Self::AwaitPayer { .. } => "await-payer",
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
    /// What the payer wanted copied is copied.
    Copied,
    /// The browser copies nothing for pages: here is the text, to be copied by hand.
    CopyByHand(String),
}

/// So many failures in a row, and the payer is told: one lost request is no news.
const FAILURES_SHOWN: u32 = 2;
/// So many failures in a row with nothing to show, and the screen says so.
const FAILURES_STOP: u32 = 3;
/// So long, in milliseconds, an order may be unknown to whoever comes back: callbacks take up to tens of seconds.
const EARLY_MS: u64 = 30_000;
/// So often WeChat failed, and the other ways are opened.
const WECHAT_FAILURES_MAX: u32 = 2;

impl State {
    /// What the payer sees at this time.
    pub fn screen(&self, now: Instant) -> Screen {
        let body = self.body(now);
        Screen {
            bill: self.bill(),
            way: if self.is_final() { self.paid_by() } else { self.way().cloned() },
            ways: self.ways_on(&body, now),
            suggest: self.suggests_ways(&body),
            notice: self.notice(&body),
            // Asked only where it is shown: the browser reads the address for it, and most screens change each second.
            return_to: body.is_the_end().then(|| self.return_to()).flatten(),
            staff: self.options.surface == Surface::Till,
            body,
        }
    }

    fn bill(&self) -> Option<Bill> {
        if let Some(order) = &self.order {
            return Some(Bill {
                order_id: order.order_id.clone(),
                merchant: order.merchant.name.clone(),
                logo_url: order.merchant.logo_url.clone(),
                description: order.description.clone(),
                amount: order.amount,
            });
        }
        let settled = self.settled.as_ref()?;
        let merchant = settled.merchant.as_ref();
        Some(Bill {
            order_id: settled.order_id.clone(),
            merchant: merchant.map_or_else(String::new, |merchant| merchant.name.clone()),
            logo_url: merchant.and_then(|merchant| merchant.logo_url.clone()),
            description: settled.description.clone().unwrap_or_default(),
            amount: settled.amount?,
        })
    }

    /// The way by which it was paid, if the backend says so, as it was offered.
    fn paid_by(&self) -> Option<MethodOffer> {
        let of_order = self.order.as_ref().and_then(|order| order.paid_by.as_ref());
        let method = of_order.or_else(|| self.settled.as_ref()?.paid_by.as_ref())?;
        let mut offers = self.order.iter().flat_map(|order| &order.methods);
        let offer = offers.find(|offer| offer.method == *method).cloned();
        Some(offer.unwrap_or_else(|| MethodOffer { method: method.clone(), label: None, icon_url: None }))
    }

    /// The payer may choose as long as nothing is being confirmed: two payments at once are what nobody wants.
    fn ways_on(&self, body: &Body, now: Instant) -> Vec<MethodOffer> {
        let choosing = match body {
            Body::Confirming { .. } | Body::AwaitPayer { .. } => false,
            // What comes after the first loading is higher, and would push them down.
            Body::Loading if self.visit.chosen.is_none() && self.payments.failures == 0 => false,
            _ => !self.is_final() && !self.is_over(now) && self.options.surface != Surface::Counter,
        };
        if !choosing || matches!(self.attempt, Attempt::Over(_)) {
            return Vec::new();
        }
        let ways = self.ways();
        let at_hand = self.method();
        if ways.iter().all(|way| Some(&way.method) == at_hand) {
            return Vec::new();
        }
        ways.into_iter().cloned().collect()
    }

    /// When WeChat has failed twice, when the backend says that it is down, and when nothing else is on the screen.
    fn suggests_ways(&self, body: &Body) -> bool {
        let is_down = |failure: &Option<Failure>| matches!(failure, Some(Failure::Refused { problem, .. }) if problem.code == ProblemCode::UpstreamUnavailable);
        self.wechat.failures >= WECHAT_FAILURES_MAX
            || is_down(&self.payments.failure)
            || is_down(&self.polling.lane.failure)
            || matches!(body, Body::Trouble(_))
    }

    pub(super) fn return_to(&self) -> Option<String> {
        // The next customer needs the counter's screen, and the till's, where it is.
        if self.options.way_back == WayBack::None || self.options.surface != Surface::Payer {
            return None;
        }
        let of_order = self.order.as_ref().and_then(|order| order.return_url.as_deref());
        let url = of_order.or_else(|| self.settled.as_ref()?.return_url.as_deref())?;
        allow::way_back(&self.options, url)
    }

    fn body(&self, now: Instant) -> Body {
        match &self.end {
            Some(End::Stopped(Trouble::MissingOrder)) if self.options.surface == Surface::Counter => return Body::Idle,
            Some(End::Stopped(trouble)) => return Body::Trouble(trouble.clone()),
            Some(End::Paid { late, leaving }) => {
                let leave_in_s = match leaving {
                    Leaving::At(at) => Some(at.since(now).div_ceil(1000)),
                    Leaving::NotYet | Leaving::Done => None,
                };
                return Body::Paid { late: *late, leave_in_s };
            }
            Some(End::Refunded) => return Body::Refunded,
            None => {}
        }
        let Some(order) = &self.order else {
            return match &self.polling.lane.failure {
                Some(failure) if self.is_early(failure, now) => Body::Confirming { can_go_back: false },
                Some(failure) if !is_passing(failure) || self.polling.lane.failures >= FAILURES_STOP => {
                    Body::Trouble(failure.clone().into())
                }
                _ => Body::Loading,
            };
        };
        if self.claim.is_followed() {
            return Body::Confirming { can_go_back: self.can_go_back(now) };
        }
        if order.status == OrderStatus::Closed {
            return Body::Closed;
        }
        match &self.attempt {
            Attempt::Over(ProblemCode::OrderPaid) if !self.is_resting(now) => Body::Confirming { can_go_back: false },
            Attempt::Over(ProblemCode::OrderClosed) => Body::Closed,
            Attempt::Over(_) => Body::Expired { renewable: false },
            _ if self.has_expired(now) => Body::Expired { renewable: false },
            Attempt::Code(code) => match self.code_left_ms(code, now) {
                Some(left_ms) => {
                    let left_s = self.deadline(code.expires_at).map(|_| left_ms.div_ceil(1000));
                    let in_hand = self.options.environment.unwrap_or_default().in_hand();
                    Body::Scan { content: code.content.clone(), left_s, in_hand }
                }
                None => Body::Expired { renewable: true },
            },
            Attempt::Failed { trouble, .. } => Body::Trouble(trouble.clone()),
            Attempt::Asking(asking) => match &self.payments.failure {
                Some(failure) if !is_passing(failure) || self.payments.failures >= FAILURES_STOP => {
                    Body::Trouble(failure.clone().into())
                }
                _ => match asking.way.method {
                    Method::Native => Body::Loading,
                    Method::PaymentCode => Body::AwaitPayer { left_s: None },
                    Method::Jsapi | Method::MiniProgram => pay(Stage::Preparing),
                    Method::H5 | Method::Merchant(_) => pay(Stage::Opening),
                },
            },
            Attempt::Ready(ready) => {
                let stage = self.stage(ready);
                Body::Pay { stage, cancelled: ready.call == Call::Cancelled && stage == Stage::Ready }
            }
            Attempt::LogIn(log_in) => pay(if log_in.has_stayed(now) { Stage::Ready } else { Stage::Opening }),
            Attempt::Away(away) if away.has_returned(now) => Body::Returned,
            Attempt::Away(_) => pay(Stage::Opening),
            Attempt::Waiting(waiting) => {
                let left_ms = self.options.code_wait_ms.saturating_sub(now.since(waiting.since));
                Body::AwaitPayer { left_s: Some(left_ms.div_ceil(1000)) }
            }
            Attempt::NextCode { problem, .. } => Body::TakeCode { problem: problem.clone() },
            // Nothing is offered for an order that was never known to be payable.
            Attempt::None if !self.was_payable => Body::Loading,
            Attempt::None => match self.method() {
                Some(Method::PaymentCode) => Body::TakeCode { problem: None },
                Some(Method::Jsapi) if self.is_framed() => pay(Stage::Ready),
                Some(Method::H5 | Method::Merchant(_)) => {
                    pay(if self.recheck.is_some() { Stage::Preparing } else { Stage::Ready })
                }
                _ => Body::Loading,
            },
        }
    }

    /// Whether a payer who comes back may be quicker than what the backend knows of the order (field problem 40).
    fn is_early(&self, failure: &Failure, now: Instant) -> bool {
        let not_found =
            matches!(failure, Failure::Refused { problem, .. } if problem.code == ProblemCode::OrderNotFound);
        matches!(&self.attempt, Attempt::Away(away) if not_found && now.since(away.since) < EARLY_MS)
    }

    /// How far the button is that opens something in WeChat.
    pub(super) fn stage(&self, ready: &Ready) -> Stage {
        let framed = matches!(ready.opens, Opens::Sheet(_)) && self.is_framed();
        match self.wechat.link {
            _ if ready.is_calling() => Stage::Opening,
            LinkState::Ready if self.recheck.is_none() => Stage::Ready,
            // A frame has no way to WeChat: the tap leads out of it first.
            _ if framed => Stage::Ready,
            _ => Stage::Preparing,
        }
    }

    pub(super) fn is_framed(&self) -> bool {
        self.options.environment.unwrap_or_default().framed
    }

    /// Whether there is something on the screen to go back to when the payer has not paid after all.
    fn can_go_back(&self, now: Instant) -> bool {
        match &self.attempt {
            Attempt::Code(code) => self.code_left_ms(code, now).is_some(),
            Attempt::Ready(_) | Attempt::Away(_) => !self.is_over(now),
            _ => false,
        }
    }

    /// The failure that is news over this screen, if one is.
    pub(super) fn failing(&self, body: &Body) -> Option<&Failure> {
        // With nothing to show, the first is.
        let shown_from = if matches!(body, Body::Loading) { 1 } else { FAILURES_SHOWN };
        let lanes = [&self.polling.lane, &self.payments];
        lanes.into_iter().filter(|lane| lane.failures >= shown_from).find_map(|lane| lane.failure.as_ref())
    }

    fn notice(&self, body: &Body) -> Option<Notice> {
        // What the payer has just asked for is answered on any screen.
        if let Some(Copied { by_hand, .. }) = &self.copied {
            return Some(by_hand.clone().map_or(Notice::Copied, Notice::CopyByHand));
        }
        if self.is_final() {
            return None;
        }
        if !self.page.online {
            return Some(Notice::Offline);
        }
        match self.failing(body) {
            // What the whole screen says is not said again.
            Some(_) if matches!(body, Body::Trouble(_)) => None,
            Some(Failure::Unreachable { .. } | Failure::TimedOut { .. }) => Some(Notice::Unreachable),
            Some(Failure::Refused { problem, .. }) => Some(Notice::Refused(problem.code)),
            Some(Failure::Unreadable { error, .. }) => Some(Notice::Unreadable(error.clone())),
            None => matches!(self.claim, Claim::NotReceived { .. }).then_some(Notice::NotReceived),
        }
    }
}

fn pay(stage: Stage) -> Body {
    Body::Pay { stage, cancelled: false }
}

/// Whether a failure is likely to pass without anyone's doing.
fn is_passing(failure: &Failure) -> bool {
    match failure {
        Failure::Unreachable { .. } | Failure::TimedOut { .. } => true,
        Failure::Refused { problem, .. } => matches!(problem.code, ProblemCode::ServerError | ProblemCode::RateLimited),
        Failure::Unreadable { .. } => false,
    }
}
