//! JSON as a value, and reading typed values out of it.
//!
//! The types of the contract are read by plain functions over one [`Json`], not by code that serde generates for each type:
//! a fifth of the bytes in the wasm, one set of messages in the browser and natively, and the path in every one of them.

use core::cell::Cell;

#[cfg(target_arch = "wasm32")]
use js_sys::{Array, Object, Reflect};
#[cfg(not(target_arch = "wasm32"))]
use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen::{JsCast, JsValue};

use super::DecodeError;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// As JavaScript has it: exact for integers below 2^53.
    Number(f64),
    Text(String),
    List(Vec<Json>),
    /// Of two fields with the same name the last counts, as `JSON.parse` has it.
    Object(Vec<(String, Json)>),
}

/// Deeper than this no answer of the contract is; without a bound a hostile one would use up the stack.
pub(super) const DEPTH_MAX: u8 = 64;

/// What `JSON.parse` made of a text.
#[cfg(target_arch = "wasm32")]
impl Json {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::of(&js_sys::JSON::parse(text).ok()?, DEPTH_MAX)
    }

    /// None for what is nested too deep. Through `serde-wasm-bindgen` this would be 10 KB of the wasm, most of it messages
    /// that nobody sees.
    fn of(value: &JsValue, levels: u8) -> Option<Self> {
        if let Some(text) = value.as_string() {
            return Some(Self::Text(text));
        }
        if let Some(number) = value.as_f64() {
            return Some(Self::Number(number));
        }
        if let Some(truth) = value.as_bool() {
            return Some(Self::Bool(truth));
        }
        let below = levels.checked_sub(1)?;
        if let Some(list) = value.dyn_ref::<Array>() {
            return list.iter().map(|item| Self::of(&item, below)).collect::<Option<_>>().map(Self::List);
        }
        let Some(object) = value.dyn_ref::<Object>() else { return Some(Self::Null) };
        let names = Object::keys(object);
        let fields = names.iter().map(|name| {
            let value = Reflect::get(object, &name).ok()?;
            Some((name.as_string()?, Self::of(&value, below)?))
        });
        fields.collect::<Option<_>>().map(Self::Object)
    }
}

/// What `serde_json` makes of a text.
#[cfg(not(target_arch = "wasm32"))]
impl Json {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::of(serde_json::from_str(text).ok()?, DEPTH_MAX)
    }

    /// None for what is nested too deep.
    pub(super) fn of(value: Value, levels: u8) -> Option<Self> {
        Some(match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(truth),
            Value::Number(number) => Self::Number(number.as_f64()?),
            Value::String(text) => Self::Text(text),
            Value::Array(list) => {
                let below = levels.checked_sub(1)?;
                Self::List(list.into_iter().map(|item| Self::of(item, below)).collect::<Option<_>>()?)
            }
            Value::Object(fields) => {
                let below = levels.checked_sub(1)?;
                let fields = fields.into_iter().map(|(name, value)| Some((name, Self::of(value, below)?)));
                Self::Object(fields.collect::<Option<_>>()?)
            }
        })
    }
}

/// A type of the contract: it can be read out of JSON.
pub trait Decode: Sized {
    /// Reads the value at this place. Where it cannot be read, `at` takes note of why, and anything is returned in its
    /// stead: reading goes straight on, the first note counts, and nobody sees what was read. (Leaving at every field would
    /// be twice the bytes.)
    #[doc(hidden)]
    fn decode(at: At<'_>) -> Self;
}

/// A place in a JSON text.
#[derive(Clone, Copy)]
pub struct At<'a> {
    json: &'a Json,
    path: Option<&'a Path<'a>>,
    wrong: &'a Cell<Option<DecodeError>>,
}

/// The way to a place, from the place up.
pub(super) struct Path<'a> {
    above: Option<&'a Path<'a>>,
    step: Step<'a>,
}

enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

impl Json {
    /// Reads the whole as one type of the contract.
    pub(super) fn read<T: Decode>(&self) -> Result<T, DecodeError> {
        let wrong = Cell::new(None);
        let value = T::decode(At { json: self, path: None, wrong: &wrong });
        wrong.take().map_or(Ok(value), Err)
    }
}

impl<'a> At<'a> {
    /// Whether an object is here; `expected` says what it would be.
    pub(super) fn is_object(self, expected: &str) -> bool {
        let is = matches!(self.json, Json::Object(_));
        if !is {
            self.expected(expected);
        }
        is
    }

    /// The text that is here, if one is.
    pub(super) fn text(self) -> Option<&'a str> {
        match self.json {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer from 1 to 2^53 - 1 that is here, if one is.
    pub(super) fn positive(self) -> Option<i64> {
        match self.json {
            #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
            Json::Number(number) if *number >= 1.0 && *number < EXACT_END && number.trunc() == *number => {
                Some(*number as i64)
            }
            _ => None,
        }
    }

    /// The integer from 0 to 2^53 - 1 that is here, if one is.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn whole(self) -> Option<u64> {
        match self.json {
            // Also -0, which is the same number.
            Json::Number(number) if *number == 0.0 => Some(0),
            _ => self.positive().and_then(|value| value.try_into().ok()),
        }
    }

    /// The truth that is here, if one is.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn truth(self) -> Option<bool> {
        match self.json {
            Json::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// A field that must be there.
    pub(super) fn field<T: Decode>(self, name: &str) -> T {
        let json = self.get(name);
        if json.is_none() {
            self.missing(name, "");
        }
        self.below(Step::Field(name), json.unwrap_or(&Json::Null))
    }

    /// A field that may be absent or null.
    pub(super) fn optional<T: Decode>(self, name: &str) -> Option<T> {
        match self.get(name) {
            None | Some(Json::Null) => None,
            Some(json) => Some(self.below(Step::Field(name), json)),
        }
    }

    /// A field without which the rest still says what matters: None where it cannot be read, and no note of it.
    pub(super) fn if_readable<T: Decode>(self, name: &str) -> Option<T> {
        let wrong = Cell::new(None);
        let value = At { wrong: &wrong, ..self }.optional(name);
        if wrong.take().is_some() { None } else { value }
    }

    /// Takes note of what was expected here, and what came.
    #[cold]
    pub(super) fn expected(self, expected: &str) {
        self.wrong(&["expected ", expected, ", got ", &self.json.in_brief()]);
    }

    /// Takes note of a missing field; `why` follows the message.
    #[cold]
    pub(super) fn missing(self, name: &str, why: &str) {
        self.wrong(&["missing field `", name, "`", why]);
    }

    /// Takes note of what is wrong here, unless something was wrong before.
    #[cold]
    pub(super) fn wrong(self, reason: &[&str]) {
        let first = self.wrong.take().unwrap_or_else(|| {
            let mut path = String::new();
            if let Some(way) = self.path {
                way.write(&mut path);
            }
            DecodeError { path, reason: reason.concat() }
        });
        self.wrong.set(Some(first));
    }

    fn get(self, name: &str) -> Option<&'a Json> {
        match self.json {
            Json::Object(fields) => fields.iter().rev().find(|(field, _)| field == name).map(|(_, json)| json),
            _ => None,
        }
    }

    fn below<T: Decode>(self, step: Step<'_>, json: &Json) -> T {
        let path = Path { above: self.path, step };
        T::decode(At { json, path: Some(&path), wrong: self.wrong })
    }
}

impl Path<'_> {
    fn write(&self, text: &mut String) {
        if let Some(above) = self.above {
            above.write(text);
        }
        match self.step {
            Step::Field(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            Step::Item(index) => {
                for piece in ["[", &index.to_string(), "]"] {
                    text.push_str(piece);
                }
            }
        }
    }
}

/// From here on, 2^53, JSON's integers are not exact everywhere.
const EXACT_END: f64 = 9_007_199_254_740_992.0;

/// The longest text that a message quotes, in characters.
const QUOTED_CHARS: usize = 64;

impl Json {
    /// For messages.
    fn in_brief(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(true) => "true".to_owned(),
            Self::Bool(false) => "false".to_owned(),
            Self::Number(number) => in_digits(*number),
            Self::Text(text) if text.chars().nth(QUOTED_CHARS).is_some() => {
                let start: String = text.chars().take(QUOTED_CHARS).collect();
                ["\"", &start, "…\""].concat()
            }
            Self::Text(text) => ["\"", text, "\""].concat(),
            Self::List(_) => "an array".to_owned(),
            Self::Object(_) => "an object".to_owned(),
        }
    }
}

/// The browser writes numbers itself: the code for that would be 6 KB of the wasm.
fn in_digits(number: f64) -> String {
    #[cfg(target_arch = "wasm32")]
    {
        js_sys::Number::from(number).to_string_with_radix(10).map(String::from).unwrap_or_default()
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        // As JavaScript writes them, so that the messages are the same.
        if number.abs() >= 1e21 { format!("{number:e}").replace('e', "e+") } else { number.to_string() }
    }
}

impl Decode for String {
    fn decode(at: At<'_>) -> Self {
        if at.text().is_none() {
            at.expected("a string");
        }
        at.text().unwrap_or_default().to_owned()
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(at: At<'_>) -> Self {
        let Json::List(list) = at.json else {
            at.expected("an array");
            return Self::new();
        };
        list.iter().enumerate().map(|(index, json)| at.below(Step::Item(index), json)).collect()
    }
}

/// Lets types of the contract be read by serde too, for those who keep one in a structure of their own.
macro_rules! deserialize {
    ($($type:ty),*) => {
        $(
            impl<'de> serde::Deserialize<'de> for $type {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let json = $crate::contract::json::Json::by_serde(deserializer)?;
                    json.read().map_err(serde::de::Error::custom)
                }
            }
        )*
    };
}

pub(super) use deserialize;
