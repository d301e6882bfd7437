//! What the integrator and the page decide before the cashier starts.

use super::Environment;

/// What the integrator and the page decide before the cashier starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The order to be paid; empty when the page names none, which is then what the payer is told.
    pub order_id: String,
    /// The backend's URL prefix, such as `/api`. Its origin may send events and take telemetry.
    pub api: String,
    /// The page's address without its fragment. Addresses in answers are relative to it, and its origin may be gone to.
    pub page_url: String,
    /// The same with the `code` and `state` that a login brought along, if it did. They are the backend's: it gets this
    /// address with the first payment that is asked for, and only then (field problem 18).
    pub login_url: Option<String>,
    /// Where the page is opened. None: a desktop browser, or what the shell finds out.
    pub environment: Option<Environment>,
    /// The payer comes back from paying elsewhere, says the page's address ([`RETURNED`](super::RETURNED)).
    pub returned: bool,
    /// Further origins that the payer may be sent to, such as `https://shop.example`, and whose `https:` addresses may be
    /// drawn as a QR for a method of the merchant's own.
    pub allowed_origins: Vec<String>,
    /// Where the cashier stands.
    pub surface: Surface,
    /// The ways to pay that the integrator wants here, by their ids, in this order; empty for all that the order offers, in
    /// the order that fits the place.
    pub methods: Vec<String>,
    /// The way back to the shop.
    pub way_back: WayBack,
    /// Milliseconds between two questions while the payer confirms a payment code on the phone: WeChat Pay says 5 s or
    /// 10 s (docs/platform.md, 6).
    pub code_query_ms: u64,
    /// Milliseconds that a payment code is waited for before the next one is asked for: WeChat Pay says 30 s or 45 s
    /// (docs/platform.md, 6).
    pub code_wait_ms: u64,
    /// Anything random. Jitter and idempotency keys come from it.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            order_id: String::new(),
            api: String::new(),
            page_url: String::new(),
            login_url: None,
            environment: None,
            returned: false,
            allowed_origins: Vec::new(),
            surface: Surface::Payer,
            methods: Vec::new(),
            way_back: WayBack::default(),
            code_query_ms: 5_000,
            code_wait_ms: 45_000,
            seed: 0,
        }
    }
}

/// The way back to the shop, where the order names one (`return_url`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayBack {
    /// A button, and once paid, by itself after so many milliseconds, if the payer is looking.
    After(u64),
    /// A button.
    ByHand,
    /// None: the page around the cashier goes on from here.
    None,
}

impl Default for WayBack {
    fn default() -> Self {
        Self::After(5_000)
    }
}

/// Where the cashier stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// On a payer's own screen: it does not ask while hidden.
    Payer,
    /// On a counter's screen, for customers to look at: it keeps asking, hidden or not.
    Counter,
    /// At a till with a scanner: the payer's code is read.
    Till,
}
