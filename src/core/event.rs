//! What happens to the cashier.

use crate::contract::{DecodeError, Failure, Method, Order, OrderAnswer, Payment};

use super::{Instant, Stamp};

/// What happens to the cashier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The cashier begins.
    Start {
        /// What an earlier visit asked to be kept for this order ([`Effect::Remember`](super::Effect::Remember)).
        remembered: Option<String>,
        /// What this page was told of this order already, by a cashier that was taken away ([`State::told`](super::State::told)).
        told: Option<String>,
    },
    /// The moment of [`Effect::Wake`](super::Effect::Wake) has come.
    Wake,
    /// A request for the order came back.
    Order {
        /// Which request.
        stamp: Stamp,
        /// With what.
        result: Result<OrderAnswer, Failure>,
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
    /// News of [`Effect::Connect`](super::Effect::Connect).
    Link(LinkEvent),
    /// WeChat answers a call, perhaps more than once.
    Called {
        /// Which call.
        stamp: Stamp,
        /// What it said: `err_msg` or `errMsg`, and whatever else came, one on a line.
        said: String,
    },
    /// What came of [`Effect::Copy`](super::Effect::Copy): the text that could not be copied, or None.
    Copied(Option<String>),
    /// The payer did something.
    Tap(Tap),
    /// The page around the cashier did something.
    Host(HostEvent),
}

/// What the page around the cashier can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostEvent {
    /// Has the order asked about now, and the platform too.
    Refresh,
    /// As the payer's "try again".
    Retry,
    /// Has the order closed: the payer gives up. A backend that does not offer that, or cannot, changes nothing but that the
    /// host is told so.
    Close,
    /// Requests carry another token from now on.
    Token,
    /// Brings an answer of the backend's about the order.
    First {
        /// The answer, or what is wrong with it.
        order: Result<Box<Order>, DecodeError>,
        /// When it was asked for, or earlier. None: not known.
        asked: Option<Instant>,
    },
    /// Wants these ways to pay from now on, by their ids, in this order ([`Options::methods`](super::Options::methods)).
    Methods(Vec<String>),
    /// Answers [`News::Navigate`](super::News::Navigate).
    Navigation {
        /// Which question.
        stamp: Stamp,
        /// The host leads the payer on by itself: the cashier stays.
        kept: bool,
    },
}

/// News of the server-sent events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamEvent {
    /// The connection stands.
    Opened,
    /// An order came.
    Order(Result<OrderAnswer, Failure>),
    /// The connection broke; the browser may or may not mend it.
    Lost,
}

/// News of the way to WeChat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkEvent {
    /// It can be called.
    Ready,
    /// It could not be loaded.
    Failed,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tap {
    /// "Pay": opens what the payment at hand needs, or goes there.
    Pay,
    /// "I have paid."
    HavePaid,
    /// Not paid after all: back to what was there before.
    Back,
    /// "New code", or "pay again" after coming back from elsewhere.
    Again,
    /// "Try again."
    Retry,
    /// "Stay on this page", when it is about to go back to the shop.
    Stay,
    /// "Back to the shop."
    Leave,
    /// Another way to pay.
    Choose(Method),
    /// A payment code, as typed or scanned.
    Code(String),
    /// Copies the page's address, to be opened elsewhere.
    CopyLink,
    /// Copies what the merchant's support needs.
    CopyTrouble,
}

impl Tap {
    /// A word for it, for tests and for telling presses apart.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::HavePaid => "have-paid",
            Self::Back => "back",
            Self::Again => "again",
            Self::Retry => "retry",
            Self::Stay => "stay",
            Self::Leave => "leave",
            Self::Choose(_) => "choose",
            Self::Code(_) => "code",
            Self::CopyLink => "copy-link",
            Self::CopyTrouble => "copy-trouble",
        }
    }
}
