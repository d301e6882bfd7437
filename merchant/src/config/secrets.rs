//! Keys and passwords are read from files and variables only.

use std::path::Path;

use zeroize::Zeroizing;

use super::names::variable;
use super::reader::{Asked, Reader};
use super::secret::Secret;

/// A secret that a configuration has.
pub(super) struct Rule<'r> {
    /// Its key. In the file stands, by this name and `_file`, the path of a file.
    pub(super) key: &'r str,
    /// What it is, for messages.
    pub(super) expected: &'r str,
    /// Whether it may be written into the configuration's own file, where [`Rule::refused`] finds nothing secret in it.
    pub(super) inline: bool,
    /// What is wrong with it, if anything; without the secret itself.
    pub(super) refused: fn(&str) -> Option<String>,
}

impl Reader<'_> {
    /// A secret that there must be.
    pub(super) fn required_secret(&mut self, rule: &Rule<'_>) -> Option<Secret> {
        let before = self.faults.len();
        let secret = self.secret(rule);
        if secret.is_none() && self.faults.len() == before {
            let file = [rule.key, "_file"].concat();
            let expected = format!("the path of a file with {}, or {}", rule.expected, variable(rule.key));
            self.missing(&file, &expected);
        }
        secret
    }

    /// A secret that there may be.
    pub(super) fn secret(&mut self, rule: &Rule<'_>) -> Option<Secret> {
        let &Rule { key, expected, inline, refused } = rule;
        let file = [key, "_file"].concat();
        if !inline {
            self.refuse_inline(key, &file);
        }
        let from_variable = self.variable_of(key).map(Zeroizing::new);
        let path = self.given(&file);
        let (text, found, from) = match (from_variable, path) {
            (Some(text), _) => (text, key, "environment"),
            (None, None) => {
                self.ask_secret(rule, None, "not set");
                self.ask(&file, None, "not set");
                return None;
            }
            (None, Some(path)) => {
                // The path is not shown: who mixes up the two writes the key itself where its file belongs.
                let Some(path) = path.text() else {
                    self.fault(&file, "the path of a file", "something else");
                    self.ask(&file, None, "file");
                    return None;
                };
                match (self.files)(Path::new(path)) {
                    Ok(text) => (Zeroizing::new(text), file.as_str(), "file"),
                    Err(error) => {
                        self.fault(&file, format!("a file with {expected}"), format!("no text to read ({error})"));
                        self.ask(&file, None, "file");
                        self.ask_secret(rule, None, "file");
                        return None;
                    }
                }
            }
        };
        let secret = text.trim();
        self.ask_secret(rule, Some(format!("{} bytes", secret.len())), from);
        self.ask(&file, None, "a path");
        let came = if secret.is_empty() { Some("nothing in it".to_owned()) } else { refused(secret) };
        if let Some(came) = came {
            self.fault(found, expected, came);
            return None;
        }
        Some(Secret::new(secret.to_owned()))
    }

    fn refuse_inline(&mut self, key: &str, file: &str) {
        if self.stands_in_file(key) {
            let variable = variable(key);
            self.faults.push(super::Fault {
                key: key.to_owned(),
                variable: None,
                expected: format!("no secret in this file, but the path of one as {file}, or the variable {variable}"),
                came: "a value".to_owned(),
            });
        }
    }

    fn ask_secret(&mut self, rule: &Rule<'_>, value: Option<String>, from: &'static str) {
        self.asked.push(Asked { key: rule.key.to_owned(), in_file: rule.inline, value, from });
    }
}
