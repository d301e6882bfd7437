//! What the integrator and the page decide before the cashier starts.

/// What the integrator and the page decide before the cashier starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The order to be paid; empty when the page names none, which is then what the payer is told.
    pub order_id: String,
    /// The page's address without its fragment. Addresses in answers are relative to it, and its origin may be gone to.
    pub page_url: String,
    /// Further origins that the payer may be sent to, such as `https://shop.example`.
    pub allowed_origins: Vec<String>,
    /// Where the cashier stands.
    pub surface: Surface,
    /// Milliseconds after which a paid cashier goes back to the shop by itself, if the payer is looking. None: never.
    pub return_after_ms: Option<u64>,
    /// Anything random. Jitter and idempotency keys come from it.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            order_id: String::new(),
            page_url: String::new(),
            allowed_origins: Vec::new(),
            surface: Surface::Payer,
            return_after_ms: Some(5_000),
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
