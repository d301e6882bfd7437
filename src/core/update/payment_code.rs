//! A payer's code, as a scanner types it.

/// The digits of a payment code.
const CODE_DIGITS: usize = 18;

/// The digits 1 to 9 and 0 as a French keyboard types their keys without shift: a scanner set to another layout than the
/// computer's presses those.
const FRENCH: [char; 10] = ['&', 'é', '"', '\'', '(', '-', 'è', '_', 'ç', 'à'];

/// The 18 digits, which begin with 10 to 15 (docs/platform.md, 6), out of what was typed: whatever digits an input
/// method makes of them, and whatever the scanner puts before, between and behind. None where there is no such code.
pub(super) fn payment_code(typed: &str) -> Option<String> {
    // An AIM code identifier, such as `]C1` for Code 128, says what kind of code was read.
    let text = typed.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let text = match text.strip_prefix(']') {
        Some(rest) => rest.get(2..)?,
        None => text,
    };
    let plain: String = text.chars().filter(|c| !is_filler(*c)).map(|c| digit(c).unwrap_or(c)).collect();
    let code = if is_payment_code(&plain) { plain } else { french(text)? };
    is_payment_code(&code).then_some(code)
}

/// What may stand between digits and says nothing.
fn is_filler(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '-' | '\u{200b}'..='\u{200f}' | '\u{feff}')
}

/// ASCII's digit for one of another script: full-width, Arabic, Persian, Devanagari, Bengali, Thai.
fn digit(c: char) -> Option<char> {
    let zeros = ['\u{ff10}', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}'];
    let value =
        zeros.into_iter().find_map(|zero| u32::from(c).checked_sub(u32::from(zero)).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

fn french(text: &str) -> Option<String> {
    let index = |c: char| FRENCH.iter().position(|key| *key == c);
    let digits = text.chars().filter(|c| !c.is_whitespace()).map(|c| {
        let value = (index(c)? + 1) % 10;
        char::from_digit(u32::try_from(value).ok()?, 10)
    });
    digits.collect()
}

fn is_payment_code(code: &str) -> bool {
    let digits = code.as_bytes();
    digits.len() == CODE_DIGITS
        && digits.iter().all(u8::is_ascii_digit)
        && digits[0] == b'1'
        && matches!(digits[1], b'0'..=b'5')
}

#[cfg(test)]
mod tests {
    use super::payment_code;

    #[test]
    fn payment_codes_are_18_digits_from_10_to_15() {
        for code in ["100000000000000000", "134567890123456789", "159999999999999999"] {
            assert_eq!(payment_code(code).as_deref(), Some(code));
        }
        for code in [
            "",
            "]",
            "]C",
            "13456789012345678",
            "1345678901234567890",
            "163456789012345678",
            "034567890123456789",
            "1345678901234567x9",
            "https://pay.example/134567890123456789",
        ] {
            assert_eq!(payment_code(code), None, "{code}");
        }
    }

    #[test]
    fn whatever_a_scanner_types_for_it_is_read() {
        for typed in [
            "134567890123456789\t",
            "\u{2}134567890123456789\u{3}\r\n",
            "]C1134567890123456789",
            "1345 6789 0123 4567 89",
            "1345-6789-0123-4567-89",
            "\u{feff}134567890123456789",
            "１３４５６７８９０１２３４５６７８９",
            "１３４５\u{3000}６７８９０１２３４５６７８９",
            "١٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨٩",
            "۱۳۴۵۶۷۸۹۰۱۲۳۴۵۶۷۸۹",
            "१३४५६७८९०१२३४५६७८९",
            "&\"'(-è_çà&é\"'(-è_ç",
        ] {
            assert_eq!(payment_code(typed).as_deref(), Some("134567890123456789"), "{typed:?}");
        }
    }
}
