//! What is wrong in a configuration.

use std::fmt;

/// One thing that is wrong, by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key, with its tables: `wechat_pay.mchid`. Empty when the file as a whole cannot be read.
    pub key: String,
    /// The environment variable that it was read from, if it was not the file.
    pub variable: Option<String>,
    /// What was expected.
    pub expected: String,
    /// What came instead. Never the value of a secret, nor of a key that is not known.
    pub came: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.key.is_empty() { "the file" } else { &self.key };
        f.write_str(key)?;
        if let Some(variable) = &self.variable {
            write!(f, " (from {variable})")?;
        }
        write!(f, ": expected {}, got {}", self.expected, self.came)
    }
}

impl std::error::Error for Fault {}

/// A text as a message shows it: whole when it is short, else its beginning and its length. Who puts a key where a number
/// belongs does not find the key in a log.
pub(super) fn shown(text: &str) -> String {
    let length = text.chars().count();
    if length <= 12 {
        return format!("{text:?}");
    }
    let begin: String = text.chars().take(4).collect();
    format!("{begin:?} and so on, {length} characters")
}

/// An address as a message shows it: whole, but for what may be a password or a token in it.
pub(super) fn shown_address(text: &str) -> String {
    if text.contains('@') {
        return "an address with a user or a password".to_owned();
    }
    if text.chars().count() > 120 || !text.contains("://") {
        return shown(text);
    }
    format!("{:?}", text.split(['?', '#']).next().unwrap_or_default())
}
