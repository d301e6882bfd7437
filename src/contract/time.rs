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

    /// Reads RFC 3339, any offset, any number of decimals; what is finer than a millisecond is dropped.
    pub fn parse(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        Some(Self(at.unix_timestamp() * 1000 + i64::from(at.millisecond())))
    }

    /// As RFC 3339 in UTC, with as many decimals as it takes.
    /// None for years that RFC 3339 cannot write (before 0 or after 9999).
    pub fn to_rfc3339(self) -> Option<String> {
        let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).ok()?;
        at.format(&Rfc3339).ok()
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.to_rfc3339().ok_or_else(|| serde::ser::Error::custom("a year outside 0 to 9999"))?;
        serializer.serialize_str(&text)
    }
}

impl Decode for Timestamp {
    fn decode(at: At<'_>) -> Self {
        at.text().and_then(Self::parse).unwrap_or_else(|| {
            at.expected("a time in RFC 3339, such as \"2026-11-21T10:00:00.250Z\"");
            Self(0)
        })
    }
}

deserialize!(Timestamp);
