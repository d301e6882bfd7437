//! What keys there are, and what is in force.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::io;

use super::names::{is_ours, pattern, variable, variable_pattern};
use super::nearest::nearest;
use super::reader::{Asked, Environment, Files, Reader};
use super::{Config, Fault};

impl Config {
    /// Every key that may stand in the file, in the order of the file; `[]` stands for each table of a list.
    #[must_use]
    pub fn keys() -> Vec<String> {
        asked().into_iter().filter(|it| it.in_file).map(|it| it.key).collect()
    }

    /// A configuration as a text: each key with what is in force and where that is from, and no secret.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn describe(text: &str, environment: &Environment<'_>, files: &Files<'_>) -> Result<String, Vec<Fault>> {
        Self::read(text, environment, files)?;
        let mut reader = Reader::new(text, environment, files)?;
        Self::take(&mut reader);
        let mut lines = String::new();
        for Asked { key, value, from, in_file } in reader.asked {
            // Writing to a text cannot fail.
            let _ = match value {
                Some(value) if in_file => writeln!(lines, "{key} = {value}  # {from}"),
                Some(size) => writeln!(lines, "# {key}: a secret of {size}  # {from}"),
                None => writeln!(lines, "# {key}  # {from}"),
            };
        }
        Ok(lines)
    }
}

/// The variables among `names` that mean to be the configuration's and are none of its keys.
pub(super) fn unknown_variables<'n>(names: impl Iterator<Item = &'n str>) -> Vec<Fault> {
    let known: BTreeSet<String> = asked().iter().map(|it| variable(&pattern(&it.key))).collect();
    let unknown = names.filter(|name| is_ours(name) && !known.contains(&variable_pattern(name)));
    let fault = |name: &str| {
        let expected = match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => format!("a variable of a known key: is it {near}?"),
            None => "a variable of a known key".to_owned(),
        };
        Fault { key: name.to_owned(), variable: None, expected, came: "an unknown one".to_owned() }
    };
    unknown.map(fault).collect()
}

/// What an empty configuration is asked for: everything.
fn asked() -> Vec<Asked> {
    let nothing: &Environment<'_> = &|_| None;
    let no_file: &Files<'_> = &|_| Err(io::ErrorKind::NotFound.into());
    Reader::new("", nothing, no_file).map_or_else(
        |_| Vec::new(),
        |mut reader| {
            Config::take(&mut reader);
            reader.asked
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_no_key_is_found() {
        let names = [
            "PATH",
            "WCM_LISTEN",
            "WCM_WECHAT_PAY__APIV3_KEY",
            "WCM_WECHAT_PAY__APIV3_KEY_FILE",
            "WCM_WECHAT_PAY__PUBLIC_KEYS__0__ID",
            "WCM_WECHAT_PAY_MCHID",
            "WCM_COLOUR",
        ];
        let faults: Vec<_> = unknown_variables(names.into_iter()).iter().map(ToString::to_string).collect();
        assert_eq!(
            faults,
            [
                "WCM_WECHAT_PAY_MCHID: expected a variable of a known key: is it WCM_WECHAT_PAY__MCHID?, got an unknown one",
                "WCM_COLOUR: expected a variable of a known key, got an unknown one",
            ]
        );
    }
}
