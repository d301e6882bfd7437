//! What the shell is to do.

use crate::contract::{JsapiParams, PaymentRequest};

use super::{Instant, News};

/// What the shell is to do. It decides nothing about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send a request and bring its answer back as [`Event::Order`](super::Event::Order) or
    /// [`Event::Payment`](super::Event::Payment), whatever happens.
    Send {
        /// Names the request, so that an answer to one that no longer matters can be told.
        stamp: Stamp,
        /// What to ask.
        call: Call,
        /// Milliseconds after which it counts as timed out.
        timeout_ms: u32,
    },
    /// Abort a request; its answer is no longer wanted.
    Cancel(Stamp),
    /// Send [`Event::Wake`](super::Event::Wake) at this time. There is one such moment: this replaces the one before.
    Wake(Option<Instant>),
    /// Listen to server-sent events at this address, instead of any before.
    Listen(String),
    /// Stop listening.
    Deafen,
    /// Keep this text for this order, so that a reload goes on where this visit stopped. None: forget it.
    Remember(Option<String>),
    /// Go to this address, which the allow-list holds.
    Go {
        /// Where to.
        url: String,
        /// How.
        passage: Passage,
    },
    /// Find the way to WeChat, and say so by [`Event::Link`](super::Event::Link).
    Connect(Link),
    /// Open the payment sheet, and bring back what WeChat says as [`Event::Called`](super::Event::Called).
    Invoke {
        /// Names the call.
        stamp: Stamp,
        /// The six parameters.
        params: JsapiParams,
    },
    /// Open a native page of the mini-program, and bring back what WeChat says as [`Event::Called`](super::Event::Called).
    OpenMiniProgram {
        /// Names the call.
        stamp: Stamp,
        /// The page's path.
        path: String,
    },
    /// Copy this text, and say so by [`Event::Copied`](super::Event::Copied).
    Copy(String),
    /// Tell the page around the cashier, once the screen that belongs to it is shown. These come last of all effects.
    Tell(News),
}

/// How to go to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// Back to the shop, as a link does.
    Shop,
    /// To pay: in the same tab, out of any frame (field problem 51), and with the page's origin as referrer whatever the
    /// page's policy (field problem 46).
    Pay,
    /// To log in: this page does not stay in the history, so that "back" does not log in again (field problem 18).
    Login,
    /// This page itself, out of the frame that it stands in (field problem 2).
    Unframe,
}

impl Passage {
    /// Whether it takes along only who sees the cashier. Whoever looks at a page that has put the cashier away is doing
    /// something else by now; shown again, it has the button to the shop.
    pub fn needs_sight(self) -> bool {
        self == Self::Shop
    }
}

/// The way to WeChat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// `WeixinJSBridge`, which comes after the page's own scripts (docs/platform.md, 1.2).
    Bridge,
    /// The JS-SDK, for `wx.miniProgram` (docs/platform.md, 1.6).
    Sdk,
}

/// A call of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// `GET {api}/orders/{order_id}`
    Order {
        /// Ask the platform first (`?verify=1`).
        verify: bool,
        /// At an address of its own, since a cache on the way has answered in the backend's place.
        fresh: bool,
    },
    /// `POST {api}/orders/{order_id}/close`; its answer is the order
    Close,
    /// `POST {api}/orders/{order_id}/payments`
    Payment {
        /// The `Idempotency-Key`.
        key: String,
        /// The body.
        request: PaymentRequest,
    },
}

/// Names a request. A later one is greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(pub u32);

impl Stamp {
    pub(super) fn next(&mut self) -> Self {
        self.0 += 1;
        *self
    }
}
