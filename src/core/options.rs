//! What the integrator and the page decide before the cashier starts.

use super::Environment;

/// What the integrator and the page decide before the cashier starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The order to be paid; empty when the page names none, which is then what the payer is told.
    pub order_id: String,
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
    /// Milliseconds after which a paid cashier goes back to the shop by itself, if the payer is looking. None: never.
    pub return_after_ms: Option<u64>,
    /// Milliseconds between two questions while the payer confirms a payment code on the phone: WeChat Pay says 5 s or
    /// 10 s (facts section 6).
    pub code_query_ms: u64,
    /// Milliseconds that a payment code is waited for before the next one is asked for: WeChat Pay says 30 s or 45 s (facts
    /// section 6).
    pub code_wait_ms: u64,
    /// Anything random. Jitter and idempotency keys come from it.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            order_id: String::new(),
            page_url: String::new(),
            login_url: None,
            environment: None,
            returned: false,
            allowed_origins: Vec::new(),
            surface: Surface::Payer,
            return_after_ms: Some(5_000),
            code_query_ms: 5_000,
            code_wait_ms: 45_000,
            seed: 0,
        }
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
