//! Server-sent events: a helper, which is trusted only as long as it shows that it works.

use super::Instant;

/// A broken or silent event stream is tried again after this, in milliseconds, and after twice as long each time that it
/// was in vain; asking goes on meanwhile.
const AGAIN_MS: u64 = 15_000;
/// The longest of these waits, in milliseconds.
const AGAIN_MAX_MS: u64 = 4 * 60_000;
/// So long after its last message a stream is trusted to bring the next in time, in milliseconds.
const TRUST_MS: u64 = 60_000;

/// The event stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    /// Not listening; not to be tried before.
    Off { again_at: Instant },
    /// The connection is being made, or being mended by the browser after a cut. What comes on it counts. If it does not stand
    /// by then, another takes its place.
    Trying { again_at: Instant, wait_ms: u64 },
    /// It stands.
    Open {
        /// When it last told something. Until it has, a proxy may be keeping all that it says.
        heard: Option<Instant>,
    },
}

impl Default for Stream {
    fn default() -> Self {
        Self::Off { again_at: Instant::ZERO }
    }
}

impl Stream {
    /// A connection is being made.
    pub(super) fn tried(self, now: Instant) -> Self {
        let wait_ms = match self {
            Self::Trying { wait_ms, .. } => (wait_ms * 2).min(AGAIN_MAX_MS),
            Self::Off { .. } | Self::Open { .. } => AGAIN_MS,
        };
        Self::Trying { again_at: now + wait_ms, wait_ms }
    }

    /// The connection broke; the browser may be mending it.
    pub(super) fn lost(self, now: Instant) -> Self {
        match self {
            Self::Open { .. } => Self::Trying { again_at: now + AGAIN_MS, wait_ms: AGAIN_MS },
            Self::Off { .. } | Self::Trying { .. } => self,
        }
    }

    /// Something came on it.
    pub(super) fn heard(&mut self, now: Instant) {
        *self = Self::Open { heard: Some(now) };
    }

    /// An answer brought what the stream should have told: it lags, and is trusted again when it has told something. Whether it
    /// stands and has told nothing since it opened, or last lagged.
    pub(super) fn lags(&mut self) -> bool {
        let Self::Open { heard } = self else { return false };
        heard.take().is_none()
    }

    /// Whether it works, so that asking need only be a heartbeat.
    pub(super) fn is_trusted(self, now: Instant) -> bool {
        matches!(self, Self::Open { heard: Some(heard) } if now.since(heard) < TRUST_MS)
    }

    /// When a connection is to be made, if one is wanted.
    pub(super) fn due(self) -> Option<Instant> {
        match self {
            Self::Off { again_at } | Self::Trying { again_at, .. } => Some(again_at),
            Self::Open { .. } => None,
        }
    }

    /// Whether there is one, standing or not.
    pub(super) fn is_on(self) -> bool {
        !matches!(self, Self::Off { .. })
    }
}
