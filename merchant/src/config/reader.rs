//! Reading key by key: the environment before the file, and every fault kept.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use toml::{Table, Value};

use super::fault::{Fault, shown_address};
use super::given::Given;
use super::names::{pattern, variable};
use super::nearest::nearest;
use super::tree::{lookup, walk};

/// The environment, by a variable's name.
pub type Environment<'a> = dyn Fn(&str) -> Option<String> + 'a;
/// Files, by the path that stands in the configuration. Who calls decides what a relative one is relative to.
pub type Files<'a> = dyn Fn(&Path) -> io::Result<String> + 'a;

/// A configuration on its way from text to values.
pub(super) struct Reader<'a> {
    file: Table,
    environment: &'a Environment<'a>,
    pub(super) files: &'a Files<'a>,
    pub(super) faults: Vec<Fault>,
    pub(super) asked: Vec<Asked>,
}

/// A key that was asked for.
pub(super) struct Asked {
    /// The key.
    pub(super) key: String,
    /// Whether it may stand in the file.
    pub(super) in_file: bool,
    /// What is in force, as it may be shown; none where nothing is set.
    pub(super) value: Option<String>,
    /// Where that is from.
    pub(super) from: &'static str,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &str, environment: &'a Environment<'a>, files: &'a Files<'a>) -> Result<Self, Vec<Fault>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let file = text.parse::<Table>().map_err(|error| {
            // Not the error's own text, which quotes the line, and in the line may stand a key.
            let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let came = format!("in line {line}: {}", error.message());
            vec![Fault { key: String::new(), variable: None, expected: "TOML".to_owned(), came }]
        })?;
        Ok(Self { file, environment, files, faults: Vec::new(), asked: Vec::new() })
    }

    /// The key's value, if there is one that `read` takes. Anything else that stands there is a fault.
    pub(super) fn optional<T>(
        &mut self,
        key: &str,
        expected: &str,
        read: impl FnOnce(&Given) -> Option<T>,
    ) -> Option<T> {
        let given = self.given(key);
        self.take(key, expected, given, read)
    }

    /// The same, where having none is a fault too.
    pub(super) fn required<T>(
        &mut self,
        key: &str,
        expected: &str,
        read: impl FnOnce(&Given) -> Option<T>,
    ) -> Option<T> {
        let given = self.given(key);
        if given.is_none() {
            self.missing(key, expected);
        }
        self.take(key, expected, given, read)
    }

    /// The same, where having none stands for `default`.
    pub(super) fn or<T>(
        &mut self,
        key: &str,
        expected: &str,
        default: impl Into<Value>,
        read: impl FnOnce(&Given) -> Option<T>,
    ) -> Option<T> {
        let given = self.given(key);
        if given.is_some() {
            return self.take(key, expected, given, read);
        }
        let given = Given { key: key.to_owned(), variable: None, value: default.into() };
        self.ask(key, Some(given.literal()), "default");
        read(&given)
    }

    /// A list, each entry of which `read` takes; the fault of one entry names its place. None where there is no list.
    pub(super) fn list<T>(&mut self, key: &str, expected: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
        let entries = self.optional(key, &["a list, each of it ", expected].concat(), Given::list)?;
        let variable = self.variable_if_set(key);
        let mut values = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            match read(entry) {
                Some(value) => values.push(value),
                None => self.faults.push(Fault {
                    key: format!("{key}[{at}]"),
                    variable: variable.clone(),
                    expected: expected.to_owned(),
                    came: shown_address(entry),
                }),
            }
        }
        Some(values)
    }

    /// The same for a list that may not be empty.
    pub(super) fn some<T>(&mut self, key: &str, expected: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
        let before = self.faults.len();
        let values = self.list(key, expected, read)?;
        if values.is_empty() && self.faults.len() == before {
            self.fault(key, ["at least one of: ", expected].concat(), "an empty list");
        }
        Some(values)
    }

    /// How many tables a list of tables has, in the file or, by the variables of its first key, in the environment.
    pub(super) fn tables(&mut self, key: &str, first: &str) -> usize {
        let in_file = match lookup(&self.file, key) {
            None => 0,
            Some(Value::Array(tables)) if tables.iter().all(Value::is_table) => tables.len(),
            Some(value) => {
                let came = Given { key: key.to_owned(), variable: None, value: value.clone() }.came();
                self.fault(key, "a list of tables", came);
                0
            }
        };
        // Where there is none, its keys are known nevertheless.
        (in_file..).find(|at| self.variable_if_set(&format!("{key}[{at}].{first}")).is_none()).unwrap_or(in_file)
    }

    /// Adds a fault to a key.
    pub(super) fn fault(&mut self, key: &str, expected: impl Into<String>, came: impl Into<String>) {
        let variable = self.variable_if_set(key);
        self.faults.push(Fault { key: key.to_owned(), variable, expected: expected.into(), came: came.into() });
    }

    pub(super) fn missing(&mut self, key: &str, expected: &str) {
        self.faults.push(Fault {
            key: key.to_owned(),
            variable: None,
            expected: expected.to_owned(),
            came: "nothing".to_owned(),
        });
    }

    /// Keeps that a key is known, with what is in force.
    pub(super) fn ask(&mut self, key: &str, value: Option<String>, from: &'static str) {
        self.asked.push(Asked { key: key.to_owned(), in_file: true, value, from });
    }

    /// Asks for keys that are known, and shall not be set as this configuration is. Gives those that are all the same.
    pub(super) fn only_known<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Vec<String> {
        let (faults, asked) = (self.faults.len(), self.asked.len());
        read(self);
        self.faults.truncate(faults);
        let mut set = Vec::new();
        for at in asked..self.asked.len() {
            let key = self.asked[at].key.clone();
            if self.given(&key).is_some() {
                set.push(key);
            }
            (self.asked[at].value, self.asked[at].from) = (None, "not set");
        }
        set
    }

    /// What the environment says to a key, if anything: an empty variable says nothing.
    pub(super) fn variable_of(&self, key: &str) -> Option<String> {
        (self.environment)(&variable(key)).filter(|text| !text.trim().is_empty())
    }

    /// Whether a key stands in the file.
    pub(super) fn stands_in_file(&self, key: &str) -> bool {
        lookup(&self.file, key).is_some()
    }

    /// The text that the file has for a key; empty where it is no text.
    pub(super) fn text_in_file(&self, key: &str) -> Option<String> {
        lookup(&self.file, key).map(|value| value.as_str().unwrap_or_default().to_owned())
    }

    pub(super) fn given(&self, key: &str) -> Option<Given> {
        if let Some(text) = self.variable_of(key) {
            let variable = Some(variable(key));
            return Some(Given { key: key.to_owned(), variable, value: Value::String(text.trim().to_owned()) });
        }
        let value = lookup(&self.file, key)?.clone();
        Some(Given { key: key.to_owned(), variable: None, value })
    }

    /// Ends the reading: every key of the file that was not asked for is a fault.
    pub(super) fn unknown_keys(&mut self) {
        let known: BTreeSet<String> = self.asked.iter().map(|it| pattern(&it.key)).collect();
        let in_file: Vec<String> = self.asked.iter().filter(|it| it.in_file).map(|it| pattern(&it.key)).collect();
        let mut unknown = Vec::new();
        walk(&self.file, "", &known, &mut unknown);
        for (key, is_table) in unknown {
            let expected = match nearest(&pattern(&key), in_file.iter().map(String::as_str)) {
                _ if is_table => "a table".to_owned(),
                Some(near) => format!("a known key: is it {near}?"),
                None => "a known key".to_owned(),
            };
            let came = if is_table { "a single value" } else { "an unknown one" };
            self.faults.push(Fault { key, variable: None, expected, came: came.to_owned() });
        }
    }

    fn take<T>(
        &mut self,
        key: &str,
        expected: &str,
        given: Option<Given>,
        read: impl FnOnce(&Given) -> Option<T>,
    ) -> Option<T> {
        let Some(given) = given else {
            self.ask(key, None, "not set");
            return None;
        };
        let from = if given.variable.is_some() { "environment" } else { "file" };
        self.ask(key, Some(given.literal()), from);
        let value = read(&given);
        if value.is_none() {
            self.faults.push(Fault {
                key: given.key.clone(),
                variable: given.variable.clone(),
                expected: expected.to_owned(),
                came: given.came(),
            });
        }
        value
    }

    fn variable_if_set(&self, key: &str) -> Option<String> {
        self.variable_of(key).map(|_| variable(key))
    }
}
