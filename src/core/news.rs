//! What the page around the cashier is told: decided here, in order, and only passed on by the shell.

use crate::contract::{Method, Money};

use super::{Passage, Report, ReportedError, Stamp, Status};

/// What the page around the cashier is told. Each thing that happened once is told once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Something is known of the order: the cashier no longer loads.
    Ready,
    /// Another status, screen, way to pay or stage than before.
    Status {
        /// How it is now.
        report: Report,
        /// The status before.
        previous: Status,
    },
    /// The order's time is up.
    Expired,
    /// The order was closed.
    Closed,
    /// The order is paid. Told with that screen already shown.
    Paid {
        /// The order's amount; None where the backend's answer did not say it readably.
        amount: Option<Money>,
        /// How it was paid, if the backend says so.
        paid_by: Option<Method>,
    },
    /// Something is wrong: a trouble that takes the whole screen, one that is laid over it, or one that only the page is told of.
    Error(ReportedError),
    /// The backend wants to know how the payer fares, at this address (`docs/telemetry.md`), which the allow-list holds.
    Measure(String),
    /// The cashier is about to go to this address. The host answers by
    /// [`HostEvent::Navigation`](super::HostEvent::Navigation), whether it leads the payer on itself; the shell answers for a
    /// host that says nothing.
    Navigate {
        /// Names the question.
        stamp: Stamp,
        /// Where to.
        url: String,
        /// What for.
        passage: Passage,
    },
}
