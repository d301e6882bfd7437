//! How often the backend is asked, and how late a payer sees that it is paid: orders are played through with virtual time, ours
//! by the core itself (`cashier`), others' plans beside it (`plain`), for the same payers (`payer`).
//!
//! `cargo xtask polling` plays a million of them and writes `docs/polling.md` and `docs/polling.svg`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "polling/cashier.rs"]
mod cashier;
#[path = "polling/chart.rs"]
mod chart;
#[path = "polling/document.rs"]
mod document;
#[path = "polling/order.rs"]
mod order;
#[path = "polling/payer.rs"]
mod payer;
#[path = "polling/plain.rs"]
mod plain;
#[path = "polling/sweep.rs"]
mod sweep;
#[path = "polling/tally.rs"]
mod tally;
#[path = "polling/targets.rs"]
mod targets;

/// From the page to the backend, in milliseconds.
const UP_MS: u64 = 40;
/// And back: a request for the order takes 80 ms. The answer to the first has the code.
const DOWN_MS: u64 = 40;
/// When the code appears, in milliseconds of the page.
const CODE_MS: u64 = UP_MS + DOWN_MS;
/// How long an order can be paid, in milliseconds.
const LIFE_MS: u64 = 15 * 60_000;

/// What became of one order.
#[derive(Clone, Copy, Debug, Default)]
struct Outcome {
    /// Requests for the order, the first among them.
    asked: u32,
    /// How many of them had WeChat asked.
    verified: u32,
    /// How long a payer who looks at the page waited for it to say that it is paid, in milliseconds; None: it was not paid.
    delay_ms: Option<u64>,
    /// How long the page was open and did not say so, in milliseconds.
    open_ms: u64,
}

/// A plan by which the backend is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    /// Two seconds after each answer, whatever happens.
    Fixed,
    /// What adyen-web 6 does: two seconds after each answer for a minute, then ten.
    Adyen,
    /// The core's.
    Ours,
    /// The core's, where the backend sends events.
    Events,
}

impl Plan {
    const ALL: [Self; 4] = [Self::Fixed, Self::Adyen, Self::Ours, Self::Events];

    fn name(self) -> &'static str {
        match self {
            Self::Fixed => "fixed 2 s",
            Self::Adyen => "Adyen's plan",
            Self::Ours => "ours",
            Self::Events => "ours, with events",
        }
    }

    /// Plays one order.
    fn play(self, payer: &payer::Payer, seed: u64) -> Outcome {
        match self {
            Self::Fixed => plain::play(payer, |_| 2_000),
            Self::Adyen => plain::play(payer, |open_ms| if open_ms < 60_000 { 2_000 } else { 10_000 }),
            Self::Ours => cashier::play(payer, seed, false),
            Self::Events => cashier::play(payer, seed, true),
        }
    }
}
