//! How many wrong keys are taken in a minute. Keys are too long to be guessed; this keeps who tries all the same from keeping the
//! backend busy, and from filling its log. Each instance counts for itself.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use wechat_cashier::contract::Timestamp;

/// Of one address.
const OF_ONE: u32 = 5;
/// Of all together; with it, what is kept is bounded as well.
const OF_ALL: u32 = 300;
const MINUTE_MS: i64 = 60_000;

/// The wrong keys of this minute.
#[derive(Debug, Default)]
pub(super) struct Tries(Mutex<Minute>);

#[derive(Debug, Default)]
struct Minute {
    number: i64,
    all: u32,
    by: HashMap<String, u32>,
}

impl Tries {
    /// Whether somebody at this address may try at `now`.
    pub(super) fn may(&self, who: &str, now: Timestamp) -> bool {
        self.with(now, |minute| minute.all < OF_ALL && minute.by.get(who).is_none_or(|tries| *tries < OF_ONE))
    }

    /// A key was wrong.
    pub(super) fn wrong(&self, who: &str, now: Timestamp) {
        self.with(now, |minute| {
            minute.all += 1;
            *minute.by.entry(who.to_owned()).or_default() += 1;
        });
    }

    fn with<T>(&self, now: Timestamp, look: impl FnOnce(&mut Minute) -> T) -> T {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = now.millis().div_euclid(MINUTE_MS);
        if minute.number != number {
            *minute = Minute { number, ..Minute::default() };
        }
        look(&mut minute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_are_taken_in_a_minute() {
        let (tries, at) = (Tries::default(), Timestamp::from_millis);
        for _ in 0..OF_ONE {
            assert!(tries.may("10.0.0.1", at(59_000)));
            tries.wrong("10.0.0.1", at(59_000));
        }
        assert!(!tries.may("10.0.0.1", at(59_999)));
        assert!(tries.may("10.0.0.2", at(59_999)));
        assert!(tries.may("10.0.0.1", at(60_000)));
        for who in 0..OF_ALL {
            tries.wrong(&who.to_string(), at(61_000));
        }
        assert!(!tries.may("10.0.0.3", at(61_000)));
    }
}
