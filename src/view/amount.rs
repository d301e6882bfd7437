//! Amounts as the payer reads them.
//!
//! Which digits, and where the point is, is ours to say: they are those of the contract's integer, by the exponent of ISO
//! 4217, on a server as in a browser. A language only dresses them, with a sign and with groups.

use crate::contract::Money;
use crate::text::Words;

/// Above this an amount is not dressed. Up to 15 digits come through the browser's numbers unchanged (an amount divided
/// by a power of ten is off by less than half of its last digit); with 16, two amounts can become the same number.
pub(crate) const DRESSED_MAX: i64 = 999_999_999_999_999;

/// The amount in the payer's language; where nobody knows how that writes it, the code and the digits.
pub fn format(money: Money, words: &Words) -> String {
    let (whole, decimals) = digits(money);
    let dressed = if money.value <= DRESSED_MAX { dress(money, &whole, &decimals, words.tag()) } else { None };
    dressed.unwrap_or_else(|| [money.currency.code(), NO_BREAK, &pointed(&whole, &decimals)].concat())
}

/// A space at which no line ends.
const NO_BREAK: &str = "\u{a0}";

/// The digits before the point and those after it: cut out of the integer's own, so that no amount is ever rounded.
fn digits(money: Money) -> (String, String) {
    let exponent = usize::from(money.currency.exponent());
    let mut whole = money.value.to_string();
    while whole.len() <= exponent {
        whole.insert(0, '0');
    }
    let decimals = whole.split_off(whole.len() - exponent);
    (whole, decimals)
}

fn pointed(whole: &str, decimals: &str) -> String {
    if decimals.is_empty() { whole.to_owned() } else { [whole, ".", decimals].concat() }
}

/// By [`SIGNS`], or by whoever knows the language. The browser's first `Intl` costs as much time as all else that the first
/// picture needs, and its tables differ from one version to the next: so it is asked only for what is rare.
fn dress(money: Money, whole: &str, decimals: &str, tag: &str) -> Option<String> {
    let language = LANGUAGES.iter().position(|known| *known == tag);
    let signs = SIGNS.iter().find(|(known, _)| *known == money.currency.code());
    match language.zip(signs) {
        Some((language, (_, signs))) => Some([signs[language], &pointed(&grouped(whole), decimals)].concat()),
        None => dress_rare(money, whole, decimals, tag),
    }
}

/// By the browser's `Intl`. None where it fails or has other digits than ours.
#[cfg(target_arch = "wasm32")]
fn dress_rare(money: Money, whole: &str, decimals: &str, tag: &str) -> Option<String> {
    let text = by_intl(money, decimals.len(), tag).ok()?.as_string()?;
    let shown = || text.bytes().filter(u8::is_ascii_digit);
    // A language with digits of its own shows none of these.
    let is_ours = shown().eq(whole.bytes().chain(decimals.bytes())) || shown().next().is_none();
    (is_ours && !text.is_empty()).then_some(text)
}

/// What `new Intl.NumberFormat(tag, options).format(value)` gives. Everything is looked up by its name, since the bindings
/// of `js_sys` trap on a tag that the browser takes for none.
#[cfg(target_arch = "wasm32")]
fn by_intl(money: Money, decimals: usize, tag: &str) -> Result<wasm_bindgen::JsValue, wasm_bindgen::JsValue> {
    use js_sys::{Array, Function, Object, Reflect};
    use wasm_bindgen::{JsCast, JsValue};

    #[expect(clippy::cast_precision_loss, reason = "the contract keeps amounts below 2^53, and exponents below 5")]
    let (value, decimals) = (money.value as f64 / 10_i32.pow(decimals as u32) as f64, JsValue::from(decimals as u32));
    let options = Object::new();
    for (name, value) in [
        ("style", "currency".into()),
        ("currency", money.currency.code().into()),
        // Both, since the browser's own for a currency are not those of ISO, and one alone is an error where it is beyond
        // the browser's other.
        ("minimumFractionDigits", decimals.clone()),
        ("maximumFractionDigits", decimals),
    ] {
        Reflect::set(&options, &name.into(), &value)?;
    }
    let intl = Reflect::get(&js_sys::global(), &"Intl".into())?;
    let class: Function = Reflect::get(&intl, &"NumberFormat".into())?.dyn_into()?;
    let formatter = Reflect::construct(&class, &Array::of2(&tag.into(), &options))?;
    let format: Function = Reflect::get(&formatter, &"format".into())?.dyn_into()?;
    format.call1(&formatter, &value.into())
}

/// As the browser's `Intl` will write it: what a server draws is not to change when the browser takes over.
#[cfg(not(target_arch = "wasm32"))]
fn dress_rare(money: Money, whole: &str, decimals: &str, tag: &str) -> Option<String> {
    let amount = || [money.currency.code(), NO_BREAK, &pointed(&grouped(whole), decimals)].concat();
    LANGUAGES.contains(&tag).then(amount)
}

/// The languages of [`SIGNS`].
const LANGUAGES: [&str; 3] = ["zh-CN", "zh-HK", "en"];

/// How each language writes the currencies that shops of it have (CLDR 45, as `Intl` has it).
pub(crate) const SIGNS: [(&str, [&str; 3]); 11] = [
    ("CNY", ["¥", "CN¥", "CN¥"]),
    ("HKD", ["HK$", "HK$", "HK$"]),
    ("USD", ["US$", "US$", "$"]),
    ("JPY", ["JP¥", "¥", "¥"]),
    ("EUR", ["€", "€", "€"]),
    ("GBP", ["£", "£", "£"]),
    ("AUD", ["AU$", "AU$", "A$"]),
    ("CAD", ["CA$", "CA$", "CA$"]),
    ("NZD", ["NZ$", "NZ$", "NZ$"]),
    ("KRW", ["₩", "₩", "₩"]),
    ("TWD", ["NT$", "NT$", "NT$"]),
];

/// With a comma at every thousand.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Currency;
    use crate::text::{Lang, Text};

    #[test]
    fn a_server_writes_amounts_as_browsers_do() {
        // What `new Intl.NumberFormat(tag, { style: "currency", currency })` gives.
        for (value, code, texts) in [
            (1_999, "CNY", ["¥19.99", "CN¥19.99", "CN¥19.99"]),
            (123_456_789, "CNY", ["¥1,234,567.89", "CN¥1,234,567.89", "CN¥1,234,567.89"]),
            (100_005, "USD", ["US$1,000.05", "US$1,000.05", "$1,000.05"]),
            (1_999, "JPY", ["JP¥1,999", "¥1,999", "¥1,999"]),
            (1_999, "KWD", ["KWD\u{a0}1.999", "KWD\u{a0}1.999", "KWD\u{a0}1.999"]),
            (5, "SGD", ["SGD\u{a0}0.05", "SGD\u{a0}0.05", "SGD\u{a0}0.05"]),
        ] {
            let money = Money { value, currency: Currency::new(code).expect("a code") };
            assert_eq!(Lang::ALL.map(|lang| format(money, &lang.into())), texts);
        }
    }

    #[test]
    fn for_other_languages_it_is_the_code_and_the_number() {
        let money = Money { value: 123_456, currency: Currency::new("CNY").expect("a code") };
        let words = Words::by("fr", |text: Text| Lang::En.say(text));
        assert_eq!(format(money, &words), "CNY\u{a0}1234.56");
    }

    #[test]
    fn every_currency_of_iso_4217_has_its_decimals() {
        for currency in Currency::all() {
            let digits = match currency.exponent() {
                0 => "123,456,789",
                2 => "1,234,567.89",
                3 => "123,456.789",
                4 => "12,345.6789",
                other => panic!("{other}"),
            };
            for lang in Lang::ALL {
                let text = format(Money { value: 123_456_789, currency }, &lang.into());
                assert_eq!(text.trim_start_matches(|sign: char| !sign.is_ascii_digit()), digits, "{currency:?}");
            }
        }
    }

    #[test]
    fn no_digit_is_lost_however_great_or_small_the_amount() {
        for (value, code, digits) in [
            (1, "JPY", "1"),
            (1, "KWD", "0.001"),
            (1, "CLF", "0.0001"),
            (999_999_999_999_999, "CNY", "9,999,999,999,999.99"),
            // Two amounts that are one number once they are divided.
            (9_007_199_254_740_893, "CNY", "90071992547408.93"),
            (9_007_199_254_740_894, "CNY", "90071992547408.94"),
            (9_007_199_254_740_991, "JPY", "9007199254740991"),
            (9_007_199_254_740_991, "KWD", "9007199254740.991"),
            (9_007_199_254_740_991, "CLF", "900719925474.0991"),
        ] {
            let money = Money { value, currency: Currency::new(code).expect("a code") };
            let text = format(money, &Lang::En.into());
            assert_eq!(text.trim_start_matches(|sign: char| !sign.is_ascii_digit()), digits, "{code}");
        }
    }
}
