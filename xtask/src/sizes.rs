//! How many bytes the page is on the wire.

use std::fmt::Write;
use std::ops::Add;
use std::path::{Path, PathBuf};

use anyhow::Context;
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

/// All that is needed until the program is at work, as it is called in `budget.json` and in the npm package. The hosted page has
/// the same files, but for `page` in place of `loader`.
const UNTIL_AT_WORK: [(&str, &str); 4] =
    [("loader", "wechat-cashier.js"), ("glue", "glue.js"), ("wasm", "cashier.wasm"), ("css", "cashier.css")];
/// Of those, what the code of a plain order needs, which is drawn before the program is there.
const FIRST: [&str; 2] = ["loader", "css"];

/// The sizes of the parts, the sum until the QR is drawn, the total until the program is at work, and of what is not in it: the hosted page's own parts, and what
/// is fetched in place of glue and wasm where there is no WebAssembly.
pub(crate) fn all(sh: &Shell) -> anyhow::Result<Vec<(&'static str, Size)>> {
    let package = repo::package();
    let mut sizes = Vec::new();
    for (name, file) in UNTIL_AT_WORK {
        sizes.push((name, of_file(sh, &package.join(file))?));
    }
    // One language is fetched; the budget holds for each.
    let mut words = Size::default();
    for language in ["zh-CN", "zh-HK", "en"] {
        let size = of_file(sh, &package.join("words").join(language).with_extension("js"))?;
        words = if size.brotli > words.brotli { size } else { words };
    }
    sizes.push(("words", words));
    let sum = |is_in: fn(&str) -> bool| {
        sizes.iter().filter(|(name, _)| is_in(name)).fold(Size::default(), |sum, (_, size)| sum + *size)
    };
    let (first, total) = (sum(|name| FIRST.contains(&name)), sum(|_| true));
    sizes.push(("first", first));
    sizes.push(("total", total));
    sizes.push(("page", of_file(sh, &in_dist("page-", "js")?)?));
    sizes.push(("html", of_file(sh, &in_dist("index", "html")?)?));
    sizes.push(("fallback", of_file(sh, &package.join("fallback.js"))?));
    Ok(sizes)
}

fn in_dist(start: &str, extension: &str) -> anyhow::Result<PathBuf> {
    let files = files::with_extension(&repo::dist(), extension)?;
    let mut files = files.into_iter();
    let found = files.find(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start)));
    found.with_context(|| format!("the hosted page has no {start}….{extension}"))
}

fn of_file(sh: &Shell, file: &Path) -> anyhow::Result<Size> {
    parse(&cmd!(sh, "node xtask/js/sizes.mjs {file}").quiet().read()?)
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
    use super::{Size, parse, table};

    #[test]
    fn reads_and_prints_sizes() -> anyhow::Result<()> {
        let size = parse(r#"{"file":"a","raw":30,"gzip":20,"brotli":10}"#)?;
        assert_eq!(size, Size { raw: 30, gzip: 20, brotli: 10 });
        assert_eq!(table(&[("js", size + size)]).lines().last(), Some("js                60        40        20"));
        assert!(parse("{}").is_err());
        Ok(())
    }
}
