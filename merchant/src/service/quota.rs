//! How often the platform is asked over all orders: so many questions a second, and as many at once.

use std::sync::{Mutex, PoisonError};

use wechat_cashier::contract::Timestamp;

/// A bucket of questions, which fills as time passes.
#[derive(Debug)]
pub(super) struct Quota {
    per_second: f64,
    left: Mutex<(f64, Timestamp)>,
}

impl Quota {
    /// So many questions a second.
    pub(super) fn new(per_second: u32, now: Timestamp) -> Self {
        let per_second = f64::from(per_second.max(1));
        Self { per_second, left: Mutex::new((per_second, now)) }
    }

    /// Takes one, if there is one.
    pub(super) fn take(&self, now: Timestamp) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let (had, at) = *left;
        // A clock that was turned back gives nothing.
        let passed = u32::try_from(now.millis().saturating_sub(at.millis())).unwrap_or(0);
        let has = (had + f64::from(passed) / 1000.0 * self.per_second).min(self.per_second);
        let takes = has >= 1.0;
        *left = (if takes { has - 1.0 } else { has }, now);
        takes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_so_many_a_second() {
        let at = Timestamp::from_millis;
        let quota = Quota::new(2, at(0));
        assert_eq!(
            [0, 0, 0, 499, 500, 999, 1000].map(|now| quota.take(at(now))),
            [true, true, false, false, true, false, true]
        );
    }

    #[test]
    fn a_rest_is_not_saved_up() {
        let at = Timestamp::from_millis;
        let quota = Quota::new(2, at(0));
        let taken = std::iter::repeat_with(|| quota.take(at(60_000))).take(5).filter(|taken| *taken).count();
        assert_eq!(taken, 2);
        assert!(!quota.take(at(0)), "a clock turned back gives nothing");
    }
}
