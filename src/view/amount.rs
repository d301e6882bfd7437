//! Amounts as the payer reads them.

use crate::contract::Money;
use crate::text::Words;

/// The amount in the payer's language, by the browser's `Intl`, which knows each currency's sign and decimals.
#[cfg(target_arch = "wasm32")]
pub(super) fn format(money: Money, words: &Words) -> String {
    use js_sys::{Array, Intl, Object, Reflect};
    use wasm_bindgen::JsValue;

    let options = Object::new();
    // Setting a plain property of a plain object cannot fail.
    let _ = Reflect::set(&options, &"style".into(), &"currency".into());
    let _ = Reflect::set(&options, &"currency".into(), &money.currency.code().into());
    let formatter = Intl::NumberFormat::new(&Array::of1(&words.tag().into()), &options);
    let resolved = formatter.resolved_options();
    let decimals = Reflect::get(&resolved, &"maximumFractionDigits".into()).ok().and_then(|digits| digits.as_f64());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`Intl` says 0 to 20")]
    let decimals = decimals.unwrap_or(2.0) as usize;
    // Minor units are integers below 2^53 and a power of ten divides them to the nearest number, which `Intl` rounds to
    // the same decimals again: exact for every amount.
    #[expect(clippy::cast_precision_loss, reason = "the contract keeps amounts below 2^53")]
    let value = money.value as f64 / core::iter::repeat_n(10.0, decimals).product::<f64>();
    formatter
        .format()
        .call1(&JsValue::UNDEFINED, &value.into())
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// The amount as the browser's `Intl` will write it, for the built-in languages and the currencies that shops of those
/// have: what a server draws is not to change when the browser takes over. For others, the code and the number.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn format(money: Money, words: &Words) -> String {
    let code = money.currency.code();
    let decimals = iso_currency::Currency::from_code(code).and_then(|currency| currency.exponent()).unwrap_or(2);
    let unit = 10_i64.pow(u32::from(decimals));
    let (whole, rest) = (money.value / unit, money.value % unit);
    let rest = match usize::from(decimals) {
        0 => String::new(),
        width => format!(".{rest:0width$}"),
    };
    let Some(language) = LANGUAGES.iter().position(|tag| *tag == words.tag()) else {
        return format!("{code} {whole}{rest}");
    };
    let sign = match SIGNS.iter().find(|(known, _)| *known == code) {
        Some((_, signs)) => signs[language].to_owned(),
        // With a space that does not break.
        None => format!("{code}\u{a0}"),
    };
    format!("{sign}{}{rest}", grouped(whole))
}

/// The languages of [`SIGNS`].
#[cfg(not(target_arch = "wasm32"))]
const LANGUAGES: [&str; 3] = ["zh-CN", "zh-HK", "en"];

/// How each language writes a currency (CLDR 45, as `Intl` has it).
#[cfg(not(target_arch = "wasm32"))]
const SIGNS: [(&str, [&str; 3]); 11] = [
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
#[cfg(not(target_arch = "wasm32"))]
fn grouped(number: i64) -> String {
    let digits = number.to_string();
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
        assert_eq!(format(money, &words), "CNY 1234.56");
    }
}
