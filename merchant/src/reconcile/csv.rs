//! A report's differences as a table, for a spreadsheet.

use wechat_cashier::contract::{Currency, Timestamp};

use super::report::{Report, Seen, Sum};

const COLUMNS: [&str; 13] = [
    "date",
    "difference",
    "order_id",
    "out_trade_no",
    "out_refund_no",
    "bill_state",
    "bill_amount",
    "bill_time",
    "order_state",
    "order_amount",
    "order_time",
    "currency",
    "transaction_id",
];

/// UTF-8 with a mark, by which spreadsheets know it, and CRLF. Amounts are in the currency's own unit.
#[must_use]
pub fn csv(report: &Report) -> String {
    let mut text = format!("\u{feff}{}\r\n", COLUMNS.join(","));
    for difference in report.compared.iter().flat_map(|compared| &compared.differences) {
        let (there, here) = (difference.there.as_ref(), difference.here.as_ref());
        let sum = |seen: Option<&Seen>| seen.and_then(|seen| seen.amount.clone());
        let currency = sum(there).or_else(|| sum(here)).map(|sum| sum.currency);
        let transaction_id = [there, here].into_iter().flatten().find_map(|seen| seen.transaction_id.clone());
        let state = |seen: Option<&Seen>| seen.map_or("", |seen| &seen.state).to_owned();
        let time = |seen: Option<&Seen>| seen.and_then(|seen| seen.at).and_then(Timestamp::to_rfc3339);
        let cells = [
            report.date.to_string(),
            difference.kind.word().to_owned(),
            difference.order_id.clone().unwrap_or_default(),
            difference.out_trade_no.clone(),
            difference.out_refund_no.clone().unwrap_or_default(),
            state(there),
            sum(there).as_ref().map(amount).unwrap_or_default(),
            time(there).unwrap_or_default(),
            state(here),
            sum(here).as_ref().map(amount).unwrap_or_default(),
            time(here).unwrap_or_default(),
            currency.unwrap_or_default(),
            transaction_id.unwrap_or_default(),
        ];
        let cells: Vec<_> = cells.iter().map(|cell| safe(cell)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// `19.99` of 1999 fen.
fn amount(sum: &Sum) -> String {
    let decimals = Currency::new(&sum.currency).map_or(0, |currency| usize::from(currency.exponent()));
    let digits = format!("{:0>width$}", sum.value.unsigned_abs(), width = decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    let (sign, point) = (if sum.value < 0 { "-" } else { "" }, if decimals == 0 { "" } else { "." });
    format!("{sign}{whole}{point}{rest}")
}

/// A cell that no spreadsheet takes for a formula, whatever a bill has in it
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn safe(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let cell = format!("{}{cell}", if is_formula { "'" } else { "" });
    match cell.contains([',', '"', '\r', '\n', '\t', '\'']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(safe("T1-2"), "T1-2");
        assert_eq!(safe("=HYPERLINK(\"http://evil\")"), "\"'=HYPERLINK(\"\"http://evil\"\")\"");
        for cell in ["+1", "-1", "@a", "\t=1", "＝1"] {
            assert!(safe(cell).starts_with("\"'"), "{cell}");
        }
        assert_eq!(safe("a,b"), "\"a,b\"");
    }

    #[test]
    fn amounts_are_in_the_currencys_own_unit() {
        let of = |value, currency: &str| amount(&Sum { value, currency: currency.to_owned() });
        assert_eq!([of(1999, "CNY"), of(5, "CNY"), of(500, "JPY"), of(0, "KWD")], ["19.99", "0.05", "500", "0.000"]);
    }
}
