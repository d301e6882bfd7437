//! A value before it is read.

use toml::Value;

use super::fault::shown_address;

/// A value that stands in the file or the environment, or a default.
pub(super) struct Given {
    pub(super) key: String,
    pub(super) variable: Option<String>,
    pub(super) value: Value,
}

impl Given {
    /// The value as a text that is not empty.
    pub(super) fn text(&self) -> Option<&str> {
        self.value.as_str().filter(|text| !text.trim().is_empty())
    }

    /// The value as a whole number.
    pub(super) fn number(&self) -> Option<u64> {
        let number = match (&self.value, &self.variable) {
            (Value::String(text), Some(_)) => text.parse().ok()?,
            (value, _) => value.as_integer()?,
        };
        u64::try_from(number).ok()
    }

    /// The value as yes or no.
    pub(super) fn flag(&self) -> Option<bool> {
        match (&self.value, &self.variable) {
            (Value::String(text), Some(_)) => text.parse().ok(),
            (value, _) => value.as_bool(),
        }
    }

    /// The value as a list of texts; in a variable they are parted by commas.
    pub(super) fn list(&self) -> Option<Vec<String>> {
        match (&self.value, &self.variable) {
            (Value::String(text), Some(_)) => Some(text.split(',').map(|entry| entry.trim().to_owned()).collect()),
            (value, _) => value.as_array()?.iter().map(|entry| entry.as_str().map(ToOwned::to_owned)).collect(),
        }
    }

    pub(super) fn came(&self) -> String {
        match &self.value {
            Value::String(text) => shown_address(text),
            Value::Array(entries) if entries.iter().all(Value::is_str) => "a list of texts".to_owned(),
            Value::Array(_) => "a list that is not of texts".to_owned(),
            Value::Table(_) => "a table".to_owned(),
            Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => self.literal(),
        }
    }

    /// The value as TOML.
    pub(super) fn literal(&self) -> String {
        match &self.value {
            Value::String(text) => format!("{text:?}"),
            Value::Array(entries) => {
                let entries: Vec<_> =
                    entries.iter().map(|it| format!("{:?}", it.as_str().unwrap_or_default())).collect();
                format!("[{}]", entries.join(", "))
            }
            Value::Integer(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            Value::Boolean(flag) => flag.to_string(),
            Value::Datetime(time) => time.to_string(),
            Value::Table(_) => "a table".to_owned(),
        }
    }
}
