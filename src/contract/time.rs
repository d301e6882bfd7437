//! Points in time as the backend states them.

use serde::{Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::json::{At, Decode, deserialize};

/// A point in server time, to the millisecond. In JSON it is a string in RFC 3339 with an offset.
///
/// The cashier never compares one with the payer's own clock; each answer carries the server's `now` for that.
///
/// ```
/// use wechat_cashier::contract::Timestamp;
///
/// let at = Timestamp::parse("2026-11-21T18:00:00.250+08:00").unwrap();
/// assert_eq!(at, Timestamp::parse("2026-11-21T10:00:00.250Z").unwrap());
/// assert_eq!(at.millis() % 1000, 250);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String", extend("format" = "date-time")))]
pub struct Timestamp(i64);

impl Timestamp {
    /// The point so many milliseconds after 1970-01-01T00:00:00Z.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339, any offset, any number of decimals; what is finer than a millisecond is dropped, and so is a leap
    /// second.
    pub fn parse(text: &str) -> Option<Self> {
        // Read by the crate `time`, which writes them, this would be 6 KB of the wasm.
        let mut rest = Rest(text.as_bytes());
        let year = rest.number(4)?;
        let month = rest.after("-")?;
        let day = rest.after("-")?;
        let hour = rest.after("Tt ")?;
        let minute = rest.after(":")?;
        let second = rest.after(":")?;
        let mut millis = 0;
        if rest.sign(".").is_some() {
            millis = rest.number(1)? * 100;
            for unit in [10, 1, 0] {
                millis += rest.number(1).unwrap_or(0) * unit;
            }
            while rest.number(1).is_some() {}
        }
        let ahead = match rest.sign("Zz+-")? {
            b'Z' | b'z' => 0,
            sign => {
                let (hours, minutes) = (rest.number(2)?, rest.after(":")?);
                if hours > 23 || minutes > 59 {
                    return None;
                }
                (hours * 60 + minutes) * if sign == b'-' { -1 } else { 1 }
            }
        };
        let leap_year = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = if month == 2 { 28 + i64::from(leap_year) } else { 30 + (month + month / 8) % 2 };
        let is_date = (1..=12).contains(&month) && (1..=days).contains(&day);
        let minutes = hour * 60 + minute - ahead;
        // A day of UTC ends with the leap second, if it has one.
        let seconds = 60 + i64::from((minutes + 1) % (24 * 60) == 0);
        if !is_date || hour > 23 || minute > 59 || second >= seconds || !rest.0.is_empty() {
            return None;
        }
        // Years that begin in March end with the leap day. Counted from 400 years before the year 0, nothing is negative.
        let march_year = year + 400 - i64::from(month <= 2);
        let leap_days = march_year / 4 - march_year / 100 + march_year / 400;
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day;
        let days = march_year * 365 + leap_days + day_of_year - DAYS_TO_1970;
        Some(Self(((days * 24 * 60 + minutes) * 60 + second.min(59)) * 1000 + millis))
    }

    /// As RFC 3339 in UTC, with as many decimals as it takes.
    /// None for years that RFC 3339 cannot write (before 0 or after 9999).
    pub fn to_rfc3339(self) -> Option<String> {
        let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).ok()?;
        at.format(&Rfc3339).ok()
    }
}

/// From the day before the first of March in the year -400 to the first of January 1970.
const DAYS_TO_1970: i64 = 719_469 + 146_097;

/// What is left of a text that is being read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// Takes one of these signs, if one is next.
    fn sign(&mut self, signs: &str) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        signs.as_bytes().contains(first).then(|| self.0 = rest)?;
        Some(*first)
    }

    /// Takes a number of so many digits, if one is next.
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        let mut value = 0;
        for digit in number {
            value = value * 10 + i64::from(char::from(*digit).to_digit(10)?);
        }
        self.0 = rest;
        Some(value)
    }

    /// Takes one of these signs, and a number of two digits after it.
    fn after(&mut self, signs: &str) -> Option<i64> {
        self.sign(signs)?;
        self.number(2)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.to_rfc3339().ok_or_else(|| serde::ser::Error::custom("a year outside 0 to 9999"))?;
        serializer.serialize_str(&text)
    }
}

impl Decode for Timestamp {
    fn decode(at: &At<'_>) -> Self {
        at.text().and_then(Self::parse).unwrap_or_else(|| {
            at.expected("a time in RFC 3339, such as \"2026-11-21T10:00:00.250Z\"");
            Self(0)
        })
    }
}

deserialize!(Timestamp);
