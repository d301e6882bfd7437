//! Amounts.

use serde::Serialize;

use super::currency::Currency;
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
    /// An integer in the currency's minor unit by ISO 4217: fen for CNY, yen for JPY (which has no decimals), fils for KWD
    /// (three), sen for IDR (two, though shops write none).
    /// At least 1 (WeChat Pay takes nothing less), at most what JSON numbers hold exactly.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 9_007_199_254_740_991_i64)))]
    pub value: i64,
    /// What it is counted in.
    pub currency: Currency,
}

impl Decode for Money {
    fn decode(at: &At<'_>) -> Self {
        at.is_object("an object");
        let MinorUnits(value) = at.field("value");
        Self { value, currency: at.field("currency") }
    }
}

struct MinorUnits(i64);

impl Decode for MinorUnits {
    fn decode(at: &At<'_>) -> Self {
        Self(at.positive().unwrap_or_else(|| {
            at.expected("an integer from 1 to 2^53 - 1 in the currency's minor unit (1999 for 19.99 CNY)");
            1
        }))
    }
}

deserialize!(Money);
