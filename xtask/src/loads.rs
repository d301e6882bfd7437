//! Has what `wasm2js` wrote read the memory after the calls that a read's address is made by.
//!
//! `HEAP32[f() >> 2]` takes `HEAP32` first and calls `f` then. If the memory grows in `f`, `HEAP32` is another one
//! afterwards, and the program reads what the memory held before: in the middle of an allocation, a wrong number instead
//! of an error. `wasm2js` takes care of this for writes, and not for reads (binaryen 132, `visitStore` and `visitLoad`
//! in `src/wasm2js.h`). Writes are checked here all the same.

use anyhow::{Context, ensure};

use crate::glue::in_name;

/// The variable in which an address waits; to be declared in the function around all others.
pub(crate) const ADDRESS: &str = "loadedFrom";

/// Turns each read `HEAP32[f() >> 2]` into `(loadedFrom = f() >> 2, HEAP32[loadedFrom])`.
pub(crate) fn after_calls(program: &str) -> anyhow::Result<String> {
    let mut out = String::with_capacity(program.len());
    let mut rest = program;
    while let Some(start) = rest.find("HEAP") {
        let (before, access) = rest.split_at(start);
        let name = &access[..access.find(|char| !in_name(char)).unwrap_or(access.len())];
        let follows = &access[name.len()..];
        out.push_str(before);
        if before.ends_with(in_name) || !follows.starts_with('[') {
            out.push_str(name); // the array itself: when it is made, and when the memory grows
            rest = follows;
            continue;
        }
        let address = inside(follows).with_context(|| format!("wasm2js's output has no end of {name}["))?;
        let after = &follows[address.len() + 2..];
        if let Some(value) = written(after) {
            let text = || format!("{name}[{address}] = {value}");
            ensure!(!calls(address) && !calls(value), "wasm2js calls in the middle of a write: {}", text());
            out.push_str(&format!("{name}[{}]", after_calls(address)?));
        } else if calls(address) {
            out.push_str(&format!("({ADDRESS} = {}, {name}[{ADDRESS}])", after_calls(address)?));
        } else {
            out.push_str(&format!("{name}[{address}]"));
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// What is between the bracket at the start and the one that closes it.
fn inside(text: &str) -> Option<&str> {
    let end = end(&text[1..], |depth, char| depth == 0 && char == ']')?;
    Some(&text[1..=end])
}

/// What is written, if what follows a `HEAP32[…]` writes to it.
fn written(after: &str) -> Option<&str> {
    let value = after.strip_prefix(" = ")?;
    Some(
        &value[..end(value, |depth, char| depth == 0 && matches!(char, ';' | ',' | ')' | '\n')).unwrap_or(value.len())],
    )
}

/// Where the first character is that ends this, by how many brackets are open before it.
fn end(text: &str, ends: impl Fn(usize, char) -> bool) -> Option<usize> {
    let mut depth = 0_usize;
    text.char_indices().find_map(|(at, char)| {
        if ends(depth, char) {
            return Some(at);
        }
        match char {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        None
    })
}

/// Does this expression call anything? `Math`'s functions do not count: no memory grows in them.
fn calls(expression: &str) -> bool {
    expression.match_indices('(').any(|(at, _)| {
        let before = &expression[..at];
        let name = before.trim_end_matches(in_name).len();
        before.ends_with(']') || (name < at && !before[name..].starts_with("Math_"))
    })
}

#[cfg(test)]
mod tests {
    use super::after_calls;

    #[test]
    fn a_read_takes_the_memory_after_the_calls_of_its_address() {
        let read = |text| after_calls(text).unwrap();
        assert_eq!(read("return HEAP32[$0(1) >> 2];"), "return (loadedFrom = $0(1) >> 2, HEAP32[loadedFrom]);");
        let through_table = "$1 = HEAPU8[FUNCTION_TABLE[$2 | 0]($3) | 0] | 0;";
        let expected = "$1 = (loadedFrom = FUNCTION_TABLE[$2 | 0]($3) | 0, HEAPU8[loadedFrom]) | 0;";
        assert_eq!(read(through_table), expected);
        assert_eq!(
            read("HEAP32[HEAP32[$0() >> 2] + 4 >> 2]"),
            "(loadedFrom = (loadedFrom = $0() >> 2, HEAP32[loadedFrom]) + 4 >> 2, HEAP32[loadedFrom])"
        );
    }

    #[test]
    fn what_calls_nothing_stays() {
        for text in [
            "HEAP32[($0 << 2) + 4 >> 2]",
            "HEAPU8[Math_imul($0, 3) | 0]",
            "var HEAP32 = new Int32Array(buffer);\n newHEAP8.set(HEAP8);",
            "HEAP32[$0 >> 2] = HEAP32[$1 >> 2];\n $2();",
            "(a = 8, b = $0(1)), HEAP32[a >> 2] = b;",
            "(HEAP8[$0] = 1), $2()",
        ] {
            assert_eq!(after_calls(text).unwrap(), text);
        }
    }

    #[test]
    fn a_write_around_a_call_is_an_error() {
        for text in ["HEAP32[8 >> 2] = $0(1) | 0;", "HEAP8[$0()] = 1;"] {
            let error = after_calls(text).unwrap_err().to_string();
            assert_eq!(error, format!("wasm2js calls in the middle of a write: {}", text.trim_end_matches(';')));
        }
        assert!(after_calls("HEAP32[$0").is_err());
    }
}
