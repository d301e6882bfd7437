//! Keys in the tree of tables that a file is.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::names::pattern;

/// What stands at a key such as `wechat_pay.public_keys[0].id`.
pub(super) fn lookup<'t>(table: &'t Table, key: &str) -> Option<&'t Value> {
    let (first, rest) = key.split_once('.').map_or((key, None), |(first, rest)| (first, Some(rest)));
    let value = match first.split_once('[') {
        None => table.get(first)?,
        Some((name, at)) => table.get(name)?.as_array()?.get(at.trim_end_matches(']').parse::<usize>().ok()?)?,
    };
    match rest {
        None => Some(value),
        Some(rest) => lookup(value.as_table()?, rest),
    }
}

/// Collects the keys of a table that nobody knows, and the tables that are none.
pub(super) fn walk(table: &Table, before: &str, known: &BTreeSet<String>, unknown: &mut Vec<(String, bool)>) {
    for (name, value) in table {
        let key = if before.is_empty() { name.clone() } else { [before, ".", name].concat() };
        let is_known = known.contains(&pattern(&key));
        let within = |mark: &str| known.iter().any(|it| it.starts_with(&[&pattern(&key), mark].concat()));
        match value {
            _ if is_known => {}
            Value::Table(inner) if within(".") => walk(inner, &key, known, unknown),
            Value::Array(tables) if within("[].") => {
                for (at, inner) in tables.iter().enumerate() {
                    if let Value::Table(inner) = inner {
                        walk(inner, &format!("{key}[{at}]"), known, unknown);
                    }
                }
            }
            // `tables` has said so.
            _ if within("[].") => {}
            _ => unknown.push((key.clone(), within("."))),
        }
    }
}
