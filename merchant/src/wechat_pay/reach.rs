//! Whether the platform was reached last, for a person who looks: nothing is decided by it.

use std::sync::{Mutex, PoisonError};

use wechat_cashier::contract::Timestamp;

use super::error::Error;

/// What came of the calls of this process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// When the platform last said something that was believed, be it a no.
    pub answered_at: Option<Timestamp>,
    /// When it last did not, and why. It holds no secret.
    pub trouble: Option<(Timestamp, String)>,
}

/// Keeps it.
#[derive(Debug, Default)]
pub(super) struct Reach(Mutex<Reached>);

impl Reach {
    pub(super) fn came_of<T>(&self, answer: &Result<T, Error>, now: Timestamp) {
        // Both parts are whole at any time.
        let mut reached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match answer {
            Ok(_) | Err(Error::Refused(_)) => reached.answered_at = Some(now),
            Err(error) => reached.trouble = Some((now, error.to_string())),
        }
    }

    pub(super) fn look(&self) -> Reached {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
