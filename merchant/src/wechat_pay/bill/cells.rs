//! The values of a line. Each has a backtick before it, so that no spreadsheet takes a number for one; none is quoted, though a
//! product's name and what a merchant attaches may hold commas.

use wechat_cashier::contract::Timestamp;

/// The values of a line. None: its quotes do not close.
pub(super) fn cells(line: &str) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let (cell, after) = match rest.strip_prefix('"') {
            Some(quoted) => until_quote(quoted)?,
            None => unquoted(rest),
        };
        cells.push(cell.strip_prefix('`').unwrap_or(&cell).trim().to_owned());
        match after {
            Some(after) => rest = after,
            None => return Some(cells),
        }
    }
}

/// A value that begins with a backtick ends where the next one begins so; any other at the next comma.
fn unquoted(rest: &str) -> (String, Option<&str>) {
    let end = match rest.starts_with('`') {
        true => [rest.find(",`"), rest.find(",\"`")].into_iter().flatten().min(),
        false => rest.find(','),
    };
    match end {
        Some(end) => (rest[..end].to_owned(), Some(&rest[end + 1..])),
        None => (rest.to_owned(), None),
    }
}

/// As RFC 4180 has it: a quote within is doubled.
fn until_quote(quoted: &str) -> Option<(String, Option<&str>)> {
    let mut cell = String::new();
    let mut rest = quoted;
    loop {
        let (before, after) = rest.split_once('"')?;
        cell.push_str(before);
        if let Some(more) = after.strip_prefix('"') {
            cell.push('"');
            rest = more;
        } else if after.is_empty() {
            return Some((cell, None));
        } else {
            return Some((cell, Some(after.strip_prefix(',')?)));
        }
    }
}

/// An amount in the currency's own unit, as a number of minor ones. None: it is no amount, is finer than the minor unit, or too large.
pub(super) fn minor(text: &str, exponent: u8) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(decimals) {
        return None;
    }
    let exponent = usize::from(exponent);
    let (kept, finer) = decimals.split_at(decimals.len().min(exponent));
    if finer.bytes().any(|byte| byte != b'0') {
        return None;
    }
    let scale = |missing: usize| 10_i64.checked_pow(u32::try_from(missing).ok()?);
    let whole = whole.parse::<i64>().ok()?.checked_mul(scale(exponent)?)?;
    let part =
        if kept.is_empty() { 0 } else { kept.parse::<i64>().ok()?.checked_mul(scale(exponent - kept.len())?)? };
    whole.checked_add(part)?.checked_mul(sign)
}

/// `2026-11-29 10:00:00`, in China. WeChat Pay's own example has colons of full width.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let text = text.replace('：', ":");
    let mut parts = text.split_whitespace();
    let (date, time) = (parts.next()?, parts.next()?);
    let is_made = time.len() == 8 && parts.next().is_none();
    Timestamp::parse(&format!("{date}T{time}+08:00")).filter(|_| is_made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_parted_by_what_stands_before_them() {
        let of = |line: &str| cells(line).unwrap();
        assert_eq!(of("`a,`,`0.01"), ["a", "", "0.01"]);
        assert_eq!(of("`tea, 250 g,`{\"a\":\"1\",\"b\":[1,2]},`x"), ["tea, 250 g", "{\"a\":\"1\",\"b\":[1,2]}", "x"]);
        assert_eq!(of("a,\"b, \"\"c\"\"\",\"`d\""), ["a", "b, \"c\"", "d"]);
        assert_eq!(of("`a,\"`b,c\",`d"), ["a", "b,c", "d"]);
        assert_eq!(of(""), [""]);
        assert_eq!(cells("\"a"), None);
        assert_eq!(cells("\"a\"b"), None);
    }

    #[test]
    fn amounts_are_counted_in_minor_units() {
        for (text, exponent, expected) in [
            ("19.99", 2, Some(1999)),
            ("0.0", 2, Some(0)),
            ("6", 2, Some(600)),
            ("-0.27000", 2, Some(-27)),
            ("0.00500", 2, None),
            ("500", 0, Some(500)),
            ("500.00", 0, Some(500)),
            ("1.234", 3, Some(1234)),
            ("92233720368547758.07", 2, Some(i64::MAX)),
            ("92233720368547758.08", 2, None),
            ("99999999999999999999", 2, None),
            ("", 2, None),
            (".5", 2, None),
            ("1.", 2, None),
            ("1,000.00", 2, None),
            ("1e3", 2, None),
            ("+1", 2, None),
            ("--1", 2, None),
        ] {
            assert_eq!(minor(text, exponent), expected, "{text}");
        }
    }

    #[test]
    fn times_are_chinas() {
        let at = Timestamp::parse("2014-11-10T08:33:45Z");
        assert_eq!(time("2014-11-10 16:33:45"), at);
        assert_eq!(time("2014-11-10 16：33：45"), at);
        assert_eq!(time("2014-11-10  16:33:45"), at);
        for wrong in ["", "2014-11-10", "2014-11-10 16:33", "2014-11-31 16:33:45", "2014-11-10 16:33:45 x"] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
    }
}
