//! The payer, or WeChat, says that it is paid.

use super::Instant;

/// Somebody's word that the order is paid, which the backend has not said yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Claim {
    /// Nobody says so.
    #[default]
    None,
    /// It is followed up.
    Followed {
        since: Instant,
        /// WeChat has been asked since, and knew of no payment.
        denied: bool,
    },
    /// WeChat was asked and knew of no payment: the payer is told so until then.
    NotReceived { until: Instant },
}

impl Claim {
    /// A claim is followed up for so long at least, in milliseconds: callbacks take seconds to arrive.
    const SPAN_MS: u64 = 10_000;
    /// How long "WeChat knows of no payment yet" stays, in milliseconds.
    const NOT_RECEIVED_MS: u64 = 20_000;

    /// Somebody says so now.
    pub(super) fn made(now: Instant) -> Self {
        Self::Followed { since: now, denied: false }
    }

    /// Whether it is being followed up.
    pub(super) fn is_followed(self) -> bool {
        matches!(self, Self::Followed { .. })
    }

    /// The platform was asked by a request sent at `sent`, and knew of no payment.
    pub(super) fn deny(&mut self, sent: Instant) {
        if let Self::Followed { since, denied } = self {
            *denied |= sent >= *since;
        }
    }

    /// Nothing is followed up any more.
    pub(super) fn drop_followed(&mut self) {
        if self.is_followed() {
            *self = Self::None;
        }
    }

    /// When it goes on by itself.
    pub(super) fn ends_at(self) -> Option<Instant> {
        match self {
            Self::Followed { since, denied: true } => Some(since + Self::SPAN_MS),
            Self::NotReceived { until } => Some(until),
            Self::Followed { denied: false, .. } | Self::None => None,
        }
    }

    /// What time makes of it.
    pub(super) fn pass(&mut self, now: Instant) {
        if self.ends_at().is_some_and(|end| end <= now) {
            let until = now + Self::NOT_RECEIVED_MS;
            *self = if self.is_followed() { Self::NotReceived { until } } else { Self::None };
        }
    }
}
