//! Points in time as the backend states them.

use core::fmt;

use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

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

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rfc3339Text;
        impl Visitor<'_> for Rfc3339Text {
            type Value = Timestamp;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time in RFC 3339, such as \"2026-11-21T10:00:00.250Z\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                Timestamp::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Rfc3339Text)
    }
}
