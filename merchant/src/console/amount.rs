//! Amounts as a person types them: in yuan, not in fen. Integers all the way.

use wechat_cashier::contract::{Currency, Money};

/// The longest amount that anybody types.
const DIGITS_MAX: usize = 15;

/// Reads `5`, `5.2` or `5.20` of a currency with two decimals. No commas, since one language's comma is the next one's point.
#[must_use]
pub fn parse(text: &str, currency: Currency) -> Option<Money> {
    let text = text.trim();
    let decimals = usize::from(currency.exponent());
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = !whole.is_empty() && is_number(whole) && is_number(rest);
    if !is_whole || rest.len() > decimals || text.ends_with('.') || whole.len() + decimals > DIGITS_MAX {
        return None;
    }
    let value: i64 = format!("{whole}{rest:0<decimals$}").parse().ok()?;
    (value > 0).then_some(Money { value, currency })
}

/// The same the other way: `5.20`.
#[must_use]
pub fn plain(Money { value, currency }: Money) -> String {
    let decimals = usize::from(currency.exponent());
    let digits = format!("{value:0>width$}", width = decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read_exactly_or_not_at_all() {
        let of = |text: &str, code: &str| parse(text, Currency::new(code).unwrap()).map(|money| money.value);
        for (text, value) in [("5", 500), (" 5.2 ", 520), ("5.20", 520), ("0.01", 1), ("0005", 500)] {
            assert_eq!(of(text, "CNY"), Some(value), "{text}");
        }
        for text in ["", "0", "0.00", ".5", "5.", "5.201", "1,000", "-1", "+1", "1e3", "５", "5 0", "99999999999999.99"]
        {
            assert_eq!(of(text, "CNY"), None, "{text}");
        }
        assert_eq!((of("500", "JPY"), of("5.0", "JPY"), of("1.999", "KWD")), (Some(500), None, Some(1999)));
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        for (value, code, text) in [(1, "CNY", "0.01"), (520, "CNY", "5.20"), (500, "JPY", "500"), (5, "KWD", "0.005")]
        {
            let money = Money { value, currency: Currency::new(code).unwrap() };
            assert_eq!(plain(money), text);
            assert_eq!(parse(text, money.currency), Some(money));
        }
    }
}
