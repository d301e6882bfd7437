//! How many bytes the page is on the wire.

use std::fmt::Write;
use std::ops::Add;
use std::path::Path;

use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

use crate::{files, repo};

/// Bytes of one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// As it lies on the disk.
    pub(crate) raw: u64,
    /// After `gzip -9`.
    pub(crate) gzip: u64,
    /// After brotli 11.
    pub(crate) brotli: u64,
}

impl Add for Size {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { raw: self.raw + other.raw, gzip: self.gzip + other.gzip, brotli: self.brotli + other.brotli }
    }
}

/// The kinds of files that the cashier is made of, as they are called by their names' ends and in `budget.json`.
const KINDS: [&str; 3] = ["js", "wasm", "css"];

/// The sizes in `dist` by kind, the total of them, the page that holds them, and what is fetched in place of glue and wasm
/// where there is no WebAssembly.
pub(crate) fn of_dist(sh: &Shell) -> anyhow::Result<Vec<(&'static str, Size)>> {
    let mut sizes = Vec::new();
    for kind in KINDS {
        sizes.push((kind, of_files(sh, &repo::dist(), kind, |name| !is_other(name))?));
    }
    let total = sizes.iter().fold(Size::default(), |total, (_, size)| total + *size);
    sizes.push(("total", total));
    sizes.push(("html", of_files(sh, &repo::dist(), "html", |_| true)?));
    sizes.push((repo::FALLBACK, of_files(sh, &repo::dist(), "js", is_fallback)?));
    Ok(sizes)
}

/// Files that a browser with modules and WebAssembly never asks for.
fn is_other(name: &str) -> bool {
    name.starts_with("unsupported") || is_fallback(name)
}

fn is_fallback(name: &str) -> bool {
    name.strip_prefix(repo::FALLBACK).is_some_and(|rest| rest.starts_with(['-', '.']))
}

fn of_files(sh: &Shell, folder: &Path, extension: &str, counted: fn(&str) -> bool) -> anyhow::Result<Size> {
    let mut files = files::with_extension(folder, extension)?;
    files.retain(|file| file.file_name().is_some_and(|name| counted(&name.to_string_lossy())));
    ensure!(!files.is_empty(), "{} has no .{extension}", folder.display());
    let lines = cmd!(sh, "node xtask/js/sizes.mjs {files...}").quiet().read()?;
    lines.lines().try_fold(Size::default(), |total, line| Ok(total + parse(line)?))
}

fn parse(line: &str) -> anyhow::Result<Size> {
    let value: serde_json::Value = serde_json::from_str(line)?;
    let bytes = |name: &str| value[name].as_u64().with_context(|| format!("no {name} in {line}"));
    Ok(Size { raw: bytes("raw")?, gzip: bytes("gzip")?, brotli: bytes("brotli")? })
}

/// A table for people.
pub(crate) fn table(sizes: &[(&str, Size)]) -> String {
    let mut table = format!("{:<10}{:>10}{:>10}{:>10}\n", "bytes", "raw", "gzip -9", "brotli 11");
    for (name, Size { raw, gzip, brotli }) in sizes {
        // Writing to a String does not fail.
        writeln!(table, "{name:<10}{raw:>10}{gzip:>10}{brotli:>10}").ok();
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{Size, is_other, parse, table};

    #[test]
    fn reads_and_prints_sizes() -> anyhow::Result<()> {
        let size = parse(r#"{"file":"a","raw":30,"gzip":20,"brotli":10}"#)?;
        assert_eq!(size, Size { raw: 30, gzip: 20, brotli: 10 });
        assert_eq!(table(&[("js", size + size)]).lines().last(), Some("js                60        40        20"));
        assert!(parse("{}").is_err());
        Ok(())
    }

    #[test]
    fn what_stands_in_for_others_is_not_counted_with_them() {
        assert!(is_other("fallback-0123456789abcdef.js") && is_other("unsupported-0123456789abcdef.js"));
        assert!(!is_other("wechat-cashier-0123456789abcdef.js") && !is_other("fallbacks.js"));
    }
}
