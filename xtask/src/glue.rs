//! The pieces of wasm-bindgen's glue: its declarations, and each function that it gives to the wasm.
//!
//! Read by lines, as wasm-bindgen lays them out. What is not understood belongs to a piece that is always kept, so a
//! layout that changes costs bytes, and breaks nothing.

use std::collections::{BTreeMap, BTreeSet};

/// What a line belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Piece {
    /// A declaration that does nothing until something names it, under its name.
    Declaration(String),
    /// What the wasm imports under this name.
    Import(String),
    /// Everything else: it runs when the glue is loaded, or is exported.
    Root,
}

/// The lines of the glue, each with its piece.
pub(crate) fn lines<'a>(glue: &'a str, exported: &'a [&str]) -> impl Iterator<Item = (Piece, &'a str)> {
    let mut outer = Piece::Root;
    let mut import = None;
    glue.lines().map(move |line| {
        if let Some((name, _)) = import_start(line) {
            import = Some(Piece::Import(name.to_owned()));
        } else if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            import = None;
            outer = declared(line)
                .filter(|name| !exported.contains(name))
                .map_or(Piece::Root, |name| Piece::Declaration(name.to_owned()));
        }
        let piece = import.as_ref().unwrap_or(&outer).clone();
        if import_end(line) {
            import = None;
        }
        (piece, line)
    })
}

/// What the pieces name: words that may be other pieces' names, and exports of the wasm.
#[derive(Default)]
pub(crate) struct Named<'a> {
    pub(crate) words: BTreeSet<&'a str>,
    pub(crate) exports: BTreeSet<&'a str>,
}

/// What each piece names. Too much rather than too little: also what stands in texts and comments counts.
pub(crate) fn named<'a>(glue: &'a str, exported: &'a [&str]) -> BTreeMap<Piece, Named<'a>> {
    let mut pieces = BTreeMap::<Piece, Named<'_>>::new();
    for (piece, line) in lines(glue, exported) {
        let named = pieces.entry(piece).or_default();
        named.words.extend(line.split(|char| !in_name(char)).filter(|word| !word.is_empty()));
        named.exports.extend(exports(line));
    }
    pieces
}

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

/// The name that the statement beginning on this line declares, if that is all that it does.
fn declared(line: &str) -> Option<&str> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let rest = ["async function ", "function ", "class ", "if (Symbol.dispose) "]
        .iter()
        .find_map(|start| line.strip_prefix(start))
        .or_else(|| line.strip_prefix("const ").filter(|rest| rest.contains(" = (typeof FinalizationRegistry ===")))?;
    let name = name_at_start(rest);
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{Piece, exports, lines, named};

    const GLUE: &str = r#"export class Stream {
    cancel() { wasm.stream_cancel(this.ptr); }
}
if (Symbol.dispose) Stream.prototype[Symbol.dispose] = Stream.prototype.free;
export function mount(a) {
    wasm.mount(a);
}
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_a_c11626eae1c54509: function() { return handleError(function (arg0, arg1) {
            enqueue(arg0);
        }, arguments); },
        __wbg_b_9b478faef8cda538: function(arg0) {
            return wasm.memory.buffer;
        },
    };
}
const StreamFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {} }
    : new FinalizationRegistry(ptr => wasm.stream_free(ptr, 1));

let heap = new Array(1024).fill(undefined);
heap.push(undefined);
async function init() {
}
export { init as default };
"#;

    fn declaration(name: &str) -> Piece {
        Piece::Declaration(name.to_owned())
    }

    #[test]
    fn every_line_belongs_to_a_piece() {
        let of = |text: &str| lines(GLUE, &[]).find(|(_, line)| line.contains(text)).unwrap().0;
        assert_eq!(of("cancel()"), declaration("Stream"));
        assert_eq!(of("prototype"), declaration("Stream"));
        assert_eq!(of("wasm.mount"), declaration("mount"));
        assert_eq!(of("import0"), declaration("__wbg_get_imports"));
        assert_eq!(of("enqueue"), Piece::Import("__wbg_a_c11626eae1c54509".to_owned()));
        assert_eq!(of("arguments"), Piece::Import("__wbg_a_c11626eae1c54509".to_owned()));
        assert_eq!(of("memory"), Piece::Import("__wbg_b_9b478faef8cda538".to_owned()));
        assert_eq!(of("    };"), declaration("__wbg_get_imports"));
        assert_eq!(of("new FinalizationRegistry"), declaration("StreamFinalization"));
        assert_eq!(of("let heap"), Piece::Root);
        assert_eq!(of("heap.push"), Piece::Root);
        assert_eq!(of("function init"), declaration("init"));
        assert_eq!(of("export {"), Piece::Root);
        assert_eq!(lines(GLUE, &[]).map(|(_, line)| format!("{line}\n")).collect::<String>(), GLUE);
    }

    #[test]
    fn what_is_exported_is_kept() {
        assert!(named(GLUE, &["mount"])[&Piece::Root].exports.contains("mount"));
    }

    #[test]
    fn a_piece_names_others_and_exports() {
        let pieces = named(GLUE, &[]);
        assert!(pieces[&Piece::Root].words.contains("init"));
        assert!(pieces[&declaration("Stream")].exports.contains("stream_cancel"));
        assert_eq!(exports("f(wasm.a, wasm.b_$(1)); 'application/wasm'").collect::<Vec<_>>(), ["a", "b_$"]);
    }
}
