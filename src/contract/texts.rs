//! Writing what is sent: objects of texts.

use serde::Serializer;

/// Writes an object of those fields that have a text. One function for all that is sent from the browser, and a map rather
/// than a struct: for the names of a struct's fields serde-wasm-bindgen keeps a cache, which is 1.2 KB of the wasm.
pub(super) fn texts<S: Serializer>(serializer: S, fields: &[(&str, Option<&str>)]) -> Result<S::Ok, S::Error> {
    serializer.collect_map(fields.iter().filter_map(|(name, text)| text.map(|text| (*name, text))))
}
