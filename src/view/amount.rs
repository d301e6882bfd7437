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

/// The amount as code and number: where there is no browser there is no `Intl`.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn format(money: Money, _: &Words) -> String {
    let code = money.currency.code();
    let decimals = iso_currency::Currency::from_code(code).and_then(|currency| currency.exponent()).unwrap_or(2);
    let unit = 10_i64.pow(u32::from(decimals));
    let (whole, rest) = (money.value / unit, money.value % unit);
    match usize::from(decimals) {
        0 => format!("{code} {whole}"),
        width => format!("{code} {whole}.{rest:0width$}"),
    }
}
