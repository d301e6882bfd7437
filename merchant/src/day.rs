//! Days as WeChat Pay counts them: from midnight to midnight in China (UTC+8, without summer time).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use wechat_cashier::contract::Timestamp;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const AHEAD_MS: i64 = 8 * 60 * 60 * 1000;

/// A day in China, by its number since 1970-01-01. As a text it is `2026-11-29`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String", extend("format" = "date", "pattern" = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")))]
pub struct Day(i64);

impl Day {
    /// The one in which a time is.
    #[must_use]
    pub const fn of(at: Timestamp) -> Self {
        Self(at.millis().saturating_add(AHEAD_MS).div_euclid(DAY_MS))
    }

    /// Reads `2026-11-29`, and no other form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_made = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        Timestamp::parse(&format!("{text}T00:00:00+08:00")).filter(|_| is_made).map(Self::of)
    }

    /// Its first millisecond.
    #[must_use]
    pub const fn begin(self) -> Timestamp {
        Timestamp::from_millis(self.0.saturating_mul(DAY_MS).saturating_sub(AHEAD_MS))
    }

    /// The first millisecond of the next one.
    #[must_use]
    pub const fn end(self) -> Timestamp {
        self.plus(1).begin()
    }

    /// So many days later.
    #[must_use]
    pub const fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The same date in the zone in which times are written.
        let midnight = Timestamp::from_millis(self.0.saturating_mul(DAY_MS)).to_rfc3339().unwrap_or_default();
        f.write_str(midnight.get(..10).unwrap_or_default())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("no day such as 2026-11-29"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        let day = Day::parse("2026-02-28").unwrap();
        assert_eq!(day.begin(), Timestamp::parse("2026-02-27T16:00:00Z").unwrap());
        assert_eq!(Day::of(Timestamp::from_millis(day.end().millis() - 1)), day);
        assert_eq!(Day::of(day.end()).to_string(), "2026-03-01");
        assert_eq!(Day::parse("1969-12-31"), Some(Day(-1)));
        for text in ["", "20261129", "2026-11-31", "2026-1-29", "2026-11-29T", "2026/11/29", "２026-11-2"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn it_is_read_as_it_is_written() {
        for number in (-700_000..2_900_000).step_by(997) {
            assert_eq!(Day::parse(&Day(number).to_string()), Some(Day(number)), "{number}");
        }
    }
}
