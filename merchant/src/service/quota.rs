//! How often the platform is asked over all orders: so many questions a second, and as many at once.

use std::sync::{Mutex, PoisonError};

use wechat_cashier::contract::Timestamp;

/// A bucket of questions, which fills as time passes.
#[derive(Debug)]
pub(super) struct Quota {
    /// Of all instances together.
    per_second: f64,
    left: Mutex<Left>,
}

#[derive(Debug)]
struct Left {
    /// How many there were, and when.
    had: f64,
    at: Timestamp,
    /// Which part of all is this instance's.
    part: f64,
}

impl Quota {
    /// So many questions a second.
    pub(super) fn new(per_second: u32, now: Timestamp) -> Self {
        let per_second = f64::from(per_second.max(1));
        Self { per_second, left: Mutex::new(Left { had: per_second, at: now, part: 1.0 }) }
    }

    /// From now on so great a part of all is this instance's.
    pub(super) fn share(&self, part: f64) {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).part = part;
    }

    /// Takes one, if there is one.
    pub(super) fn take(&self, now: Timestamp) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was turned back gives nothing.
        let passed = u32::try_from(now.millis().saturating_sub(left.at.millis())).unwrap_or(0);
        let ours = self.per_second * left.part;
        // A part of less than one question a second is saved up to one.
        let most = if ours > 0.0 { ours.max(1.0) } else { 0.0 };
        let has = (left.had + f64::from(passed) / 1000.0 * ours).min(most);
        let takes = has >= 1.0;
        (left.had, left.at) = (if takes { has - 1.0 } else { has }, now);
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
    fn of_two_instances_each_has_half() {
        let at = Timestamp::from_millis;
        let quota = Quota::new(4, at(0));
        let takes = |now| std::iter::repeat_with(|| quota.take(at(now))).take(9).filter(|taken| *taken).count();
        quota.share(0.0);
        assert_eq!(takes(0), 0);
        quota.share(0.5);
        assert_eq!([takes(500), takes(10_000)], [1, 2]);
        quota.share(0.1);
        assert_eq!([takes(10_100), takes(12_400), takes(12_500)], [0, 0, 1]);
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
