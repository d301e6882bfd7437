//! The words as the browser's part gets them: `src/embed/words/`, written out of the texts of `text`.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its files fails")]

use std::fs;
use std::path::Path;

use wechat_cashier::text::{Lang, Text};

/// Holds the file against what it should be; with `UPDATE_GOLDEN=1`, writes it.
fn holds(name: &str, want: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/embed").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, want).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, want, "{name} is out of date: UPDATE_GOLDEN=1 cargo test --test words");
}

const HEAD: &str = "// Written by tests/words.rs out of src/text/: UPDATE_GOLDEN=1 cargo test --test words\n";

fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    items.map(|item| format!("  {},\n", serde_json::to_string(item).unwrap())).collect()
}

#[test]
fn each_language_is_a_file_of_its_own() {
    for lang in Lang::ALL {
        let texts = list(Text::ALL.iter().map(|text| lang.say(*text)));
        holds(&format!("words/{}.js", lang.tag()), &format!("{HEAD}export default [\n{texts}];\n"));
    }
}

#[test]
fn the_keys_are_in_the_same_order() {
    let keys = list(Text::ALL.iter().map(|text| text.key()));
    holds("words/keys.js", &format!("{HEAD}export default [\n{keys}];\n"));
}

#[test]
fn the_keys_have_types() {
    let keys: String = Text::ALL.iter().map(|text| format!("  | '{}'\n", text.key())).collect();
    holds("words/keys.d.ts", &format!("{HEAD}export type TextKey =\n{};\n", keys.trim_end()));
}
