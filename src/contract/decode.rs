//! From JSON to values and back.
//!
//! In the browser, `JSON.parse` reads the text and `serde-wasm-bindgen` the value: a second JSON parser in the wasm would
//! cost 44 KB. Natively it is `serde_json`. Both go through `serde_path_to_error`, so both name the place.

use core::fmt;

use serde::Serialize;
use serde::de::{DeserializeOwned, Deserializer};

/// What was wrong with a JSON text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The place, such as `amount.value` or `methods[1].id`; empty when the text as a whole is meant.
    pub path: String,
    /// What was expected there and what came.
    pub reason: String,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            f.write_str(&self.path)?;
            f.write_str(": ")?;
        }
        f.write_str(&self.reason)
    }
}

impl core::error::Error for DecodeError {}

/// Reads a value of the contract from JSON.
///
/// # Errors
/// Names the place in the JSON, what was expected there and what came.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    #[cfg(target_arch = "wasm32")]
    {
        match js_sys::JSON::parse(text) {
            Ok(value) => with_path(serde_wasm_bindgen::Deserializer::from(value)),
            Err(_) => Err(not_json(text)),
        }
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        match serde_json::from_str::<serde_json::Value>(text) {
            Ok(value) => with_path(json::Json(value)),
            Err(_) => Err(not_json(text)),
        }
    }
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
            .map_err(|error| wrong(error.to_string()))?;
        js_sys::JSON::stringify(&value).map(String::from).map_err(|_| wrong("not to be written as JSON".to_owned()))
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        serde_json::to_string(value).map_err(|error| wrong(error.to_string()))
    }
}

fn with_path<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<T, DecodeError>
where
    D::Error: fmt::Display,
{
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        DecodeError { path: if path == "." { String::new() } else { path }, reason: plain(&error.inner().to_string()) }
    })
}

/// Both readers in the same words, those of JSON. `serde-wasm-bindgen` puts JavaScript's `Error: ` in front, calls null a
/// unit value, and quotes the whole of an object, which has no place in a message.
fn plain(reason: &str) -> String {
    const EXPECTED: &[u8] = b", expected ";
    let reason = reason.strip_prefix("Error: ").unwrap_or(reason);
    let starts = |what: &str| reason.strip_prefix("invalid type: ").is_some_and(|came| came.starts_with(what));
    let came = if starts("unit value") {
        "null"
    } else if starts("map") || starts("JsValue(Object") {
        "object"
    } else if starts("sequence") || starts("JsValue([") {
        "array"
    } else {
        return reason.to_owned();
    };
    let expected = reason.as_bytes().windows(EXPECTED.len()).rposition(|bytes| bytes == EXPECTED);
    ["invalid type: ", came, expected.map_or("", |at| &reason[at..])].concat()
}

/// How much of a text that is no JSON is quoted: enough to know an HTML page by, in characters.
const QUOTED_CHARS: usize = 40;

fn not_json(text: &str) -> DecodeError {
    let reason = if text.trim().is_empty() {
        "expected JSON, got an empty answer".to_owned()
    } else {
        let start: String = text.trim().chars().take(QUOTED_CHARS).collect();
        ["expected JSON, got `", &start, "`"].concat()
    };
    DecodeError { path: String::new(), reason }
}

/// `serde_json`'s values read as `serde-wasm-bindgen` reads JavaScript's, so that what a native test accepts, the browser
/// accepts too, and of two mistakes both name the same.
#[cfg(not(target_arch = "wasm32"))]
mod json {
    use serde::de::value::{MapDeserializer, SeqDeserializer};
    use serde::de::{Deserializer, IntoDeserializer, Visitor};
    use serde::forward_to_deserialize_any;
    use serde_json::{Error, Value};

    pub(super) struct Json(pub(super) Value);

    impl<'de> Deserializer<'de> for Json {
        type Error = Error;

        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0 {
                Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Json))),
                Value::Object(map) => {
                    visitor.visit_map(MapDeserializer::new(map.into_iter().map(|(key, value)| (key, Json(value)))))
                }
                other => other.deserialize_any(visitor),
            }
        }

        fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
        }

        /// The fields in the struct's order; and never out of an array, which `serde_json` would take.
        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Error> {
            match self.0 {
                Value::Object(mut map) => visitor.visit_map(MapDeserializer::new(
                    fields.iter().filter_map(|field| Some((*field, Json(map.remove(*field)?)))),
                )),
                other => other.deserialize_map(visitor),
            }
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
            newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    impl IntoDeserializer<'_, Error> for Json {
        type Deserializer = Self;

        fn into_deserializer(self) -> Self {
            self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first of each pair is what `serde-wasm-bindgen` 0.6 writes, the second what `serde_json` does.
    #[test]
    fn both_readers_say_the_same() {
        for (browser, native, both) in [
            ("Error: missing field `now`", "missing field `now`", "missing field `now`"),
            (
                "Error: invalid type: unit value, expected a string",
                "invalid type: null, expected a string",
                "invalid type: null, expected a string",
            ),
            (
                "Error: invalid type: JsValue(Object({\"a\":\", expected \"})), expected a string",
                "invalid type: map, expected a string",
                "invalid type: object, expected a string",
            ),
            (
                "Error: invalid type: JsValue([1, \"支付\"]), expected a string",
                "invalid type: sequence, expected a string",
                "invalid type: array, expected a string",
            ),
            (
                "Error: invalid type: string \"Error: map\", expected an object",
                "invalid type: string \"Error: map\", expected an object",
                "invalid type: string \"Error: map\", expected an object",
            ),
        ] {
            assert_eq!(plain(browser), both);
            assert_eq!(plain(native), both);
        }
    }
}
