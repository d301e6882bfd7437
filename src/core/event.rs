//! What happens to the cashier.

use crate::contract::{Failure, Order, Payment};

use super::Stamp;

/// What happens to the cashier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The cashier begins.
    Start {
        /// What an earlier visit asked to be kept for this order ([`Effect::Remember`](super::Effect::Remember)).
        remembered: Option<String>,
    },
    /// The moment of [`Effect::Wake`](super::Effect::Wake) has come.
    Wake,
    /// A request for the order came back.
    Order {
        /// Which request.
        stamp: Stamp,
        /// With what.
        result: Result<Box<Order>, Failure>,
    },
    /// A request for a payment came back.
    Payment {
        /// Which request.
        stamp: Stamp,
        /// With what.
        result: Result<Payment, Failure>,
    },
    /// News of the server-sent events.
    Stream(StreamEvent),
    /// News of the page.
    Page(PageEvent),
    /// The payer did something.
    Tap(Tap),
}

/// News of the server-sent events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamEvent {
    /// The connection stands.
    Opened,
    /// An order came.
    Order(Result<Box<Order>, Failure>),
    /// The connection broke; the browser may or may not mend it.
    Lost,
}

/// News of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageEvent {
    /// It can be seen (again).
    Visible,
    /// It cannot be seen, or is frozen.
    Hidden,
    /// It came back from the browser's back-forward cache: whatever was under way is dead.
    Restored,
    /// The browser believes there is a network.
    Online,
    /// The browser believes there is none.
    Offline,
}

/// What the payer can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tap {
    /// "I have paid."
    HavePaid,
    /// Not paid after all: back to the code.
    ShowCode,
    /// "New code."
    NewCode,
    /// "Try again."
    Retry,
    /// "Stay on this page", when it is about to go back to the shop.
    Stay,
}

impl Tap {
    /// A word for it, for tests and for telling presses apart.
    pub fn name(self) -> &'static str {
        match self {
            Self::HavePaid => "have-paid",
            Self::ShowCode => "show-code",
            Self::NewCode => "new-code",
            Self::Retry => "retry",
            Self::Stay => "stay",
        }
    }
}
