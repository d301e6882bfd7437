//! Currencies, and where each has its decimal point.

use serde::Serialize;

use super::json::{At, Decode, deserialize};

/// A currency of ISO 4217 that has a minor unit, by its code of three capital letters.
///
/// ```
/// use wechat_cashier::contract::Currency;
///
/// assert_eq!(Currency::new("JPY").unwrap().exponent(), 0); // 1200 is 1,200 yen
/// assert_eq!(Currency::new("IDR").unwrap().exponent(), 2); // 5000000 is 50,000.00 rupiah
/// assert_eq!(Currency::new("RMB"), None); // the renminbi is CNY
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(with = "String", extend("enum" = sorted_codes()))
)]
pub struct Currency([u8; 3]);

/// ISO 4217, list one, as of 1 January 2026: the codes by the exponent of their minor unit
/// (<https://www.six-group.com/en/products-services/financial-information/data-standards.html>). Codes without one are not
/// here: metals, units of account, those for tests and for no currency. In one text for each, since a list of texts would
/// be three times the bytes.
///
/// The exponent is neither the browser's nor any library's to say: CLDR, which `Intl` follows, says how many decimals
/// people are used to *see* (none for IDR and HUF), and changes it from version to version.
#[rustfmt::skip]
const ISO_4217: [(u8, &str); 4] = [
    (0, "BIFCLPDJFGNFISKJPYKMFKRWPYGRWFUGXUYIVNDVUVXAFXOFXPF"),
    (2, "AEDAFNALLAMDAOAARSAUDAWGAZNBAMBBDBDTBMDBNDBOBBOVBRLBSDBTNBWPBYNBZDCADCDFCHECHFCHWCNYCOPCOUCRCCUPCVECZKDKKDOPDZD\
         EGPERNETBEURFJDFKPGBPGELGHSGIPGMDGTQGYDHKDHNLHTGHUFIDRILSINRIRRJMDKESKGSKHRKPWKYDKZTLAKLBPLKRLRDLSLMADMDLMGAMKD\
         MMKMNTMOPMRUMURMVRMWKMXNMXVMYRMZNNADNGNNIONOKNPRNZDPABPENPGKPHPPKRPLNQARRONRSDRUBSARSBDSCRSDGSEKSGDSHPSLESOSSRD\
         SSPSTNSVCSYPSZLTHBTJSTMTTOPTRYTTDTWDTZSUAHUSDUSNUYUUZSVEDVESWSTXADXCDXCGYERZARZMWZWG"),
    (3, "BHDIQDJODKWDLYDOMRTND"),
    (4, "CLFUYW"),
];

impl Currency {
    /// None unless ISO 4217 has this code, with a minor unit.
    pub fn new(code: &str) -> Option<Self> {
        let currency = Self(code.as_bytes().try_into().ok()?);
        currency.known().is_some().then_some(currency)
    }

    /// Every currency that there is.
    pub fn all() -> impl Iterator<Item = Self> {
        // The codes are ASCII, and whole.
        ISO_4217.iter().flat_map(|(_, codes)| codes.as_bytes().as_chunks().0).map(|code| Self(*code))
    }

    /// The code, such as `CNY`.
    pub fn code(&self) -> &str {
        // Only the letters of the table get in, so the fallback is never taken.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// How many decimals it has: an amount is counted in units of ten to the power of minus this.
    pub fn exponent(&self) -> u8 {
        // Only codes of the table get in, so the fallback is never taken.
        self.known().unwrap_or(2)
    }

    fn known(self) -> Option<u8> {
        let has = |codes: &str| codes.as_bytes().as_chunks().0.contains(&self.0);
        ISO_4217.iter().find(|(_, codes)| has(codes)).map(|(exponent, _)| *exponent)
    }
}

#[cfg(feature = "schema")]
fn sorted_codes() -> Vec<String> {
    let mut codes: Vec<_> = Currency::all().map(|currency| currency.code().to_owned()).collect();
    codes.sort();
    codes
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl Decode for Currency {
    fn decode(at: &At<'_>) -> Self {
        let text = at.text();
        text.and_then(Self::new).unwrap_or_else(|| {
            let is = |word: &str| text.is_some_and(|text| text.eq_ignore_ascii_case(word));
            at.expected(if is("RMB") || is("CNH") {
                "\"CNY\", which is ISO 4217's code of the renminbi"
            } else {
                "the ISO 4217 code of a currency with a minor unit, in capitals, such as \"CNY\""
            });
            Self(*b"CNY")
        })
    }
}

deserialize!(Currency);
