//! Amounts.

use serde::Serialize;

use super::json::{At, Decode, deserialize};

/// An amount to be paid.
///
/// ```
/// use wechat_cashier::contract::{Currency, Money};
///
/// let price = Money { value: 1999, currency: Currency::new("CNY").unwrap() };
/// assert_eq!(price.currency.code(), "CNY"); // 19.99 yuan: 1999 fen
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "an object")]
pub struct Money {
    /// An integer in the currency's minor unit: fen for CNY, yen for JPY (which has no decimals), fils for KWD (three).
    /// At least 1 (WeChat Pay takes nothing less), at most what JSON numbers hold exactly.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 9_007_199_254_740_991_i64)))]
    pub value: i64,
    /// What it is counted in.
    pub currency: Currency,
}

/// An ISO 4217 code: three capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String", extend("pattern" = "^[A-Z]{3}$")))]
pub struct Currency([u8; 3]);

impl Currency {
    /// None unless the code is three capital letters.
    pub fn new(code: &str) -> Option<Self> {
        let letters: [u8; 3] = code.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Self(letters))
    }

    /// The code, such as `CNY`.
    pub fn code(&self) -> &str {
        // Only capital ASCII letters get in, so the fallback is never taken.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl Decode for Currency {
    fn decode(at: At<'_>) -> Self {
        at.text().and_then(Self::new).unwrap_or_else(|| {
            at.expected("an ISO 4217 code of three capital letters, such as \"CNY\"");
            Self(*b"XXX")
        })
    }
}

impl Decode for Money {
    fn decode(at: At<'_>) -> Self {
        at.is_object("an object");
        let MinorUnits(value) = at.field("value");
        Self { value, currency: at.field("currency") }
    }
}

struct MinorUnits(i64);

impl Decode for MinorUnits {
    fn decode(at: At<'_>) -> Self {
        Self(at.positive().unwrap_or_else(|| {
            at.expected("an integer from 1 to 2^53 - 1 in the currency's minor unit (1999 for 19.99 CNY)");
            1
        }))
    }
}

deserialize!(Currency, Money);
