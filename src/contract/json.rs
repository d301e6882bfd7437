//! JSON as a value, and reading typed values out of it.
//!
//! The types of the contract are read by plain functions over one [`Json`], not by code that serde generates for each type:
//! a fifth of the bytes in the wasm, one set of messages in the browser and natively, and the path in every one of them.

use core::cell::{Cell, RefCell};

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

/// Deeper than this no answer of the contract is; without a bound a hostile one would use up the stack. What lies deeper is
/// null to the cashier: it is in a field that is not read, or is missed where it should be.
pub(super) const DEPTH_MAX: u8 = 64;

/// What `JSON.parse` made of a text.
#[cfg(target_arch = "wasm32")]
impl Json {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(Self::of(&js_sys::JSON::parse(text).ok()?, DEPTH_MAX))
    }

    /// Through `serde-wasm-bindgen` this would be 10 KB of the wasm, most of it messages that nobody sees.
    fn of(value: &JsValue, levels: u8) -> Self {
        if let Some(text) = value.as_string() {
            return Self::Text(text);
        }
        if let Some(number) = value.as_f64() {
            return Self::Number(number);
        }
        if let Some(truth) = value.as_bool() {
            return Self::Bool(truth);
        }
        let Some(below) = levels.checked_sub(1) else { return Self::Null };
        if let Some(list) = value.dyn_ref::<Array>() {
            return Self::List(list.iter().map(|item| Self::of(&item, below)).collect());
        }
        let Some(object) = value.dyn_ref::<Object>() else { return Self::Null };
        let names = Object::keys(object);
        let fields = names.iter().filter_map(|name| {
            let value = Reflect::get(object, &name).ok()?;
            Some((name.as_string()?, Self::of(&value, below)))
        });
        Self::Object(fields.collect())
    }
}

/// What `serde_json` makes of a text.
#[cfg(not(target_arch = "wasm32"))]
impl Json {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(Self::of(serde_json::from_str(text).ok()?, DEPTH_MAX))
    }

    fn of(value: Value, levels: u8) -> Self {
        match (value, levels.checked_sub(1)) {
            (Value::Bool(truth), _) => Self::Bool(truth),
            (Value::Number(number), _) => number.as_f64().map_or(Self::Null, Self::Number),
            (Value::String(text), _) => Self::Text(text),
            (Value::Array(list), Some(below)) => {
                Self::List(list.into_iter().map(|item| Self::of(item, below)).collect())
            }
            (Value::Object(fields), Some(below)) => {
                Self::Object(fields.into_iter().map(|(name, value)| (name, Self::of(value, below))).collect())
            }
            (Value::Null, _) | (Value::Array(_) | Value::Object(_), None) => Self::Null,
        }
    }
}

/// A type of the contract: it can be read out of JSON.
pub trait Decode: Sized {
    /// Reads the value at this place. Where it cannot be read, `at` takes note of why, and anything is returned in its
    /// stead: reading goes straight on, the first note counts, and nobody sees what was read. (Leaving at every field would
    /// be twice the bytes.)
    #[doc(hidden)]
    fn decode(at: &At<'_>) -> Self;
}

/// A place in a JSON text.
#[derive(Clone, Copy)]
pub struct At<'a> {
    json: &'a Json,
    path: Option<&'a Path<'a>>,
    /// Why the value cannot be read.
    wrong: &'a Cell<Option<DecodeError>>,
    /// What could not be read of it, and does not matter so much.
    passed_over: &'a RefCell<Vec<DecodeError>>,
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
        At { json: self, path: None, wrong: &Cell::default(), passed_over: &RefCell::default() }.read()
    }
}

/// Of so much that cannot be read is told; a developer mends one thing after the other.
const PASSED_OVER_MAX: usize = 20;

impl<'a> At<'a> {
    /// Reads what is here on its own, so that what is wrong with it does not reach whatever it is part of.
    pub(super) fn read<T: Decode>(&self) -> Result<T, DecodeError> {
        let wrong = Cell::default();
        let value = T::decode(&At { wrong: &wrong, ..*self });
        wrong.take().map_or(Ok(value), Err)
    }

    /// The same place with a list of its own of what is passed over.
    pub(super) fn listing<'b>(&self, passed_over: &'b RefCell<Vec<DecodeError>>) -> At<'b>
    where
        'a: 'b,
    {
        At { passed_over, ..*self }
    }

    /// Whether an object is here; `expected` says what it would be.
    pub(super) fn is_object(&self, expected: &str) -> bool {
        let is = matches!(self.json, Json::Object(_));
        if !is {
            self.expected(expected);
        }
        is
    }

    /// The text that is here, if one is.
    pub(super) fn text(&self) -> Option<&'a str> {
        match self.json {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer from 1 to 2^53 - 1 that is here, if one is.
    pub(super) fn positive(&self) -> Option<i64> {
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
    pub(super) fn whole(&self) -> Option<u64> {
        match self.json {
            // Also -0, which is the same number.
            Json::Number(number) if *number == 0.0 => Some(0),
            _ => self.positive().and_then(|value| value.try_into().ok()),
        }
    }

    /// The truth that is here, if one is.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn truth(&self) -> Option<bool> {
        match self.json {
            Json::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// A field that must be there.
    pub(super) fn field<T: Decode>(&self, name: &str) -> T {
        let json = self.get(name);
        if json.is_none() {
            self.missing(name, "");
        }
        self.below(Step::Field(name), json.unwrap_or(&Json::Null))
    }

    /// A field that must be there, on its own: what is wrong with it is added to `missed`.
    pub(super) fn needed<T: Decode>(
        &self,
        name: &'static str,
        missed: &RefCell<Vec<(&'static str, DecodeError)>>,
    ) -> T {
        let wrong = Cell::default();
        let value = At { wrong: &wrong, ..*self }.field(name);
        if let Some(error) = wrong.into_inner() {
            missed.borrow_mut().push((name, error));
        }
        value
    }

    /// What is in a field that may be absent, null or an empty text, which is the same: templates write nothing where there is
    /// nothing.
    fn present(&self, name: &str) -> Option<&'a Json> {
        self.get(name).filter(|json| match json {
            Json::Null => false,
            Json::Text(text) => !text.trim_ascii().is_empty(),
            _ => true,
        })
    }

    /// A field that may be absent, null or an empty text.
    pub(super) fn optional<T: Decode>(&self, name: &str) -> Option<T> {
        let json = self.present(name)?;
        Some(self.below(Step::Field(name), json))
    }

    /// An optional field, without which the rest still says what matters: None where it cannot be read, and it is listed as
    /// passed over.
    pub(super) fn if_readable<T: Decode>(&self, name: &str) -> Option<T> {
        let json = self.present(name)?;
        let wrong = Cell::default();
        let value = At { wrong: &wrong, ..*self }.below(Step::Field(name), json);
        self.is_right(&wrong).then_some(value)
    }

    /// Whether nothing was wrong; else that is listed as passed over.
    fn is_right(&self, wrong: &Cell<Option<DecodeError>>) -> bool {
        let Some(error) = wrong.take() else { return true };
        self.pass_over(error);
        false
    }

    #[cold]
    fn pass_over(&self, error: DecodeError) {
        let mut list = self.passed_over.borrow_mut();
        if list.len() < PASSED_OVER_MAX {
            list.push(error);
        }
    }

    /// Takes note of what was expected here, and what came.
    #[cold]
    pub(super) fn expected(&self, expected: &str) {
        self.wrong(&["expected ", expected, ", got ", &self.json.in_brief()]);
    }

    /// Takes note of a missing field; `why` follows the message.
    #[cold]
    pub(super) fn missing(&self, name: &str, why: &str) {
        self.wrong(&["missing field `", name, "`", why]);
    }

    /// Takes note of what is wrong here, unless something was wrong before.
    #[cold]
    pub(super) fn wrong(&self, reason: &[&str]) {
        let mut path = String::new();
        if let Some(way) = self.path {
            way.write(&mut path);
        }
        self.fail(DecodeError { path, reason: reason.concat() });
    }

    /// Takes note of what is wrong, unless something was wrong before.
    pub(super) fn fail(&self, error: DecodeError) {
        let first = self.wrong.take().unwrap_or(error);
        self.wrong.set(Some(first));
    }

    fn get(&self, name: &str) -> Option<&'a Json> {
        match self.json {
            Json::Object(fields) => fields.iter().rev().find(|(field, _)| field == name).map(|(_, json)| json),
            _ => None,
        }
    }

    fn below<T: Decode>(&self, step: Step<'_>, json: &Json) -> T {
        let path = Path { above: self.path, step };
        T::decode(&At { json, path: Some(&path), ..*self })
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
    fn decode(at: &At<'_>) -> Self {
        if at.text().is_none() {
            at.expected("a string");
        }
        at.text().unwrap_or_default().to_owned()
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(at: &At<'_>) -> Self {
        let Json::List(list) = at.json else {
            at.expected("an array");
            return Self::new();
        };
        list.iter().enumerate().map(|(index, json)| at.below(Step::Item(index), json)).collect()
    }
}

/// Those items of a list that can be read.
pub(super) struct Readable<T>(pub(super) Vec<T>);

impl<T: Decode> Decode for Readable<T> {
    fn decode(at: &At<'_>) -> Self {
        let Json::List(list) = at.json else {
            at.expected("an array");
            return Self(Vec::new());
        };
        let items = list.iter().enumerate().filter_map(|(index, json)| {
            let wrong = Cell::default();
            let item = At { wrong: &wrong, ..*at }.below(Step::Item(index), json);
            at.is_right(&wrong).then_some(item)
        });
        Self(items.collect())
    }
}

/// An address as it is written.
pub(super) struct Written(pub(super) String);

impl Decode for Written {
    fn decode(at: &At<'_>) -> Self {
        // What a template makes of a value that is not there is a page of that name to a browser.
        const SLIPS: [&str; 5] = ["null", "undefined", "none", "nil", "nan"];
        let text = String::decode(at);
        if SLIPS.iter().any(|slip| text.trim_ascii().eq_ignore_ascii_case(slip)) {
            at.expected("an address");
        }
        Self(text)
    }
}

impl At<'_> {
    /// An optional address.
    pub(super) fn address(&self, name: &str) -> Option<String> {
        self.if_readable(name).map(|Written(address)| address)
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
