//! From JSON to values and back.
//!
//! In the browser, `JSON.parse` reads the text: a second JSON parser in the wasm would cost 44 KB. Natively it is
//! `serde_json`. What they read is one value, out of which the types read themselves ([`json`](super::json)).

use core::fmt;

use serde::Serialize;

use super::json::{Decode, Json};

/// What was wrong with a JSON text, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecodeError {
    /// The place, such as `amount.value` or `methods[1].id`; empty when the text as a whole is meant.
    pub path: String,
    /// What was expected there and what came.
    pub reason: String,
}

impl DecodeError {
    /// The place and the reason in one line, as [`Display`](fmt::Display) writes it. (Rust's formatting is 3 KB of a wasm
    /// that uses it anywhere.)
    pub fn message(&self) -> String {
        let between = if self.path.is_empty() { "" } else { ": " };
        [&self.path, between, &self.reason].concat()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for DecodeError {}

/// Reads a value of the contract from JSON.
///
/// # Errors
/// Names the place in the JSON, what was expected there and what came.
pub fn decode<T: Decode>(text: &str) -> Result<T, DecodeError> {
    Json::parse(text).ok_or_else(|| not_json(text))?.read()
}

/// Writes a value of the contract as JSON.
///
/// # Errors
/// Only for a [`Timestamp`](super::Timestamp) outside the years 0 to 9999.
pub fn encode<T: Serialize>(value: &T) -> Result<String, DecodeError> {
    let wrong = |reason| DecodeError { path: String::new(), reason };
    #[cfg(target_arch = "wasm32")]
    {
        let value = value
            .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
            .map_err(|_| wrong("not to be written as JSON".to_owned()))?;
        js_sys::JSON::stringify(&value).map(String::from).map_err(|_| wrong("not to be written as JSON".to_owned()))
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        serde_json::to_string(value).map_err(|error| wrong(error.to_string()))
    }
}

/// How much of a text that is no JSON is quoted: enough to know an HTML page by, in characters.
const QUOTED_CHARS: usize = 40;

fn not_json(text: &str) -> DecodeError {
    let reason = if text.trim_ascii().is_empty() {
        "expected JSON, got an empty answer".to_owned()
    } else {
        let start: String = text.trim_ascii().chars().take(QUOTED_CHARS).collect();
        ["expected JSON, got `", &start, "`"].concat()
    };
    DecodeError { path: String::new(), reason }
}
