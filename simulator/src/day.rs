//! Days as the platform counts them: from midnight to midnight in China (UTC+8, without summer time).

use wechat_cashier::contract::Timestamp;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const AHEAD_MS: i64 = 8 * 60 * 60 * 1000;

/// A day, by its number since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(i64);

impl Day {
    /// The one in which a time is.
    pub(crate) fn of(at: Timestamp) -> Self {
        Self(at.millis().saturating_add(AHEAD_MS).div_euclid(DAY_MS))
    }

    /// Reads `2026-11-29`, and no other form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_made = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let midnight = Timestamp::parse(&format!("{text}T00:00:00+08:00")).filter(|_| is_made)?;
        Some(Self::of(midnight))
    }

    /// Its first millisecond.
    pub(crate) fn begin(self) -> Timestamp {
        Timestamp::from_millis(self.0.saturating_mul(DAY_MS).saturating_sub(AHEAD_MS))
    }

    /// So many days later.
    pub(crate) fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }
}

#[cfg(test)]
mod tests {
    use wechat_cashier::contract::Timestamp;

    use super::Day;

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        let day = Day::parse("2026-11-29").unwrap();
        assert_eq!(day.begin(), Timestamp::parse("2026-11-28T16:00:00Z").unwrap());
        assert_eq!(Day::of(day.begin()), day);
        assert_eq!(Day::of(Timestamp::from_millis(day.begin().millis() - 1)), day.plus(-1));
        for text in ["", "20261129", "2026-11-31", "2026-1-29", "2026-11-29T", "2026/11/29"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }
}
