//! Amounts.

use core::fmt;

use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// An amount to be paid.
///
/// ```
/// use wechat_cashier::contract::{Currency, Money};
///
/// let price = Money { value: 1999, currency: Currency::new("CNY").unwrap() };
/// assert_eq!(price.currency.code(), "CNY"); // 19.99 yuan: 1999 fen
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "an object")]
pub struct Money {
    /// An integer in the currency's minor unit: fen for CNY, yen for JPY (which has no decimals), fils for KWD (three).
    /// At least 1 (WeChat Pay takes nothing less), at most what JSON numbers hold exactly.
    #[serde(deserialize_with = "minor_units")]
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

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Code;
        impl Visitor<'_> for Code {
            type Value = Currency;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an ISO 4217 code of three capital letters, such as \"CNY\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Currency, E> {
                Currency::new(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Code)
    }
}

/// The greatest integer that every JSON reader holds exactly: 2^53 - 1.
const EXACT_MAX: i64 = 9_007_199_254_740_991;

fn minor_units<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    struct MinorUnits;
    impl Visitor<'_> for MinorUnits {
        type Value = i64;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an integer from 1 to 2^53 - 1 in the currency's minor unit (1999 for 19.99 CNY)")
        }
        fn visit_i64<E: de::Error>(self, value: i64) -> Result<i64, E> {
            if (1..=EXACT_MAX).contains(&value) {
                Ok(value)
            } else {
                Err(E::invalid_value(Unexpected::Signed(value), &self))
            }
        }
        /// `1999.0` is the integer 1999 in JSON, and nothing else to JavaScript; natively it comes as a float.
        #[cfg(not(target_arch = "wasm32"))]
        fn visit_f64<E: de::Error>(self, value: f64) -> Result<i64, E> {
            #[expect(clippy::cast_possible_truncation, reason = "a whole number within the exact range")]
            if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_991.0 {
                self.visit_i64(value as i64)
            } else {
                Err(E::invalid_type(Unexpected::Float(value), &self))
            }
        }
        fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
            match i64::try_from(value) {
                Ok(value) => self.visit_i64(value),
                Err(_) => Err(E::invalid_value(Unexpected::Unsigned(value), &self)),
            }
        }
    }
    deserializer.deserialize_i64(MinorUnits)
}
