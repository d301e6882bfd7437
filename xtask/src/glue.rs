//! How wasm-bindgen lays out its glue: what it gives to the wasm, and what it names of it.

/// The exports of the wasm that this text names.
pub(crate) fn exports(text: &str) -> impl Iterator<Item = &str> {
    text.split("wasm.").skip(1).map(name_at_start).filter(|name| !name.is_empty())
}

fn name_at_start(text: &str) -> &str {
    &text[..text.find(|char| !in_name(char)).unwrap_or(text.len())]
}

/// May this stand in a name?
pub(crate) fn in_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_' || char == '$'
}

/// What stands before a function in the object of imports. wasm-bindgen's own.
pub(crate) const INDENT: &str = "        ";

/// The name of the import that begins on this line, and what follows `function`.
pub(crate) fn import_start(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.strip_prefix(INDENT)?.split_once(": function")?;
    let plain = name.starts_with("__wb") && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    plain.then_some((name, rest))
}

/// Does an import end on this line?
pub(crate) fn import_end(line: &str) -> bool {
    line.strip_prefix(INDENT).is_some_and(|line| line == "}," || line == "}, arguments); },")
}

#[cfg(test)]
mod tests {
    use super::{exports, import_end, import_start};

    #[test]
    fn imports_and_exports_are_read_as_wasm_bindgen_writes_them() {
        let start = "        __wbg_a_c11626eae1c54509: function() { return handleError(function (arg0) {";
        assert_eq!(
            import_start(start),
            Some(("__wbg_a_c11626eae1c54509", "() { return handleError(function (arg0) {"))
        );
        assert_eq!(import_start("        __proto__: null,"), None);
        assert!(import_end("        },") && import_end("        }, arguments); },"));
        assert!(!import_end("    };"));
        assert_eq!(exports("f(wasm.a, wasm.b_$(1)); 'application/wasm'").collect::<Vec<_>>(), ["a", "b_$"]);
    }
}
