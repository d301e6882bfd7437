//! The Rust toolchain of the wasm build. It needs std's sources, because std itself is rebuilt for the MVP.
//!
//! There are two ways to have it, both end in the same flags (`env.rs`):
//! 1. the toolchain in use, with rustup's `rust-src` component and its own `rust-lld`;
//! 2. where rustup reaches nothing, Debian's `rustc-web`, which comes with its sources, and its `lld`.
//!
//! Which one is there is seen from the files; nothing is remembered, so nothing can be remembered wrongly.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use xshell::{Shell, cmd};

use crate::step::Step;
use crate::{apt, cache};

const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
/// Where rustup reaches nothing it does not fail, it hangs.
const RUSTUP_LIMIT: Duration = Duration::from_secs(60);

/// What a wasm build needs to know of its toolchain.
pub(crate) struct Toolchain {
    /// Goes before everything else on the PATH.
    pub(crate) bin: Option<PathBuf>,
    /// The linker, where it is not the toolchain's own.
    pub(crate) linker: Option<String>,
    /// The minor version of rustc 1.
    pub(crate) minor: u32,
}

/// Finds the toolchain, installs it where it is missing.
pub(crate) fn ensure(sh: &Shell) -> anyhow::Result<Toolchain> {
    if let Some(toolchain) = own(sh).or_else(|| debian(sh)) {
        return Ok(toolchain);
    }
    let by_rustup = if apt::found("rustup") {
        let add = cmd!(sh, "rustup component add rust-src").quiet();
        Step::new("rustup component add rust-src").limit(RUSTUP_LIMIT).run(add)
    } else {
        Err(anyhow::anyhow!("there is no rustup on the PATH"))
    };
    if let Some(toolchain) = own(sh) {
        return Ok(toolchain);
    }
    let by_rustup = by_rustup.err().map_or_else(|| "rust-lld is missing".to_owned(), |error| error.to_string());
    if !apt::present() {
        bail!("no sources of std to build the wasm from ({by_rustup}): run `rustup component add rust-src`");
    }
    apt::install(sh, &DEBIAN_PACKAGES)
        .with_context(|| format!("no sources of std by rustup ({by_rustup}) nor by apt"))?;
    debian(sh).context("Debian's rustc-web is installed, but its rustc, sources or lld are not where expected")
}

/// The toolchain in use, if it has std's sources and a linker for wasm.
fn own(sh: &Shell) -> Option<Toolchain> {
    let verbose = cmd!(sh, "rustc -vV").quiet().ignore_stderr().read().ok()?;
    let host = verbose.lines().find_map(|line| line.strip_prefix("host: "))?;
    let sysroot = PathBuf::from(cmd!(sh, "rustc --print sysroot").quiet().ignore_stderr().read().ok()?);
    let lld = sysroot.join("lib/rustlib").join(host).join("bin").join(format!("rust-lld{}", env::consts::EXE_SUFFIX));
    (has_sources(&sysroot) && lld.is_file())
        .then(|| Some(Toolchain { bin: None, linker: None, minor: minor(&verbose)? }))
        .flatten()
}

/// Debian's, called through a folder of links that goes first on the PATH, so that rustup's state is left alone.
fn debian(sh: &Shell) -> Option<Toolchain> {
    let prefix = Path::new("/usr");
    let linker = newest_wasm_ld(&prefix.join("bin"))?;
    let rustc = prefix.join("bin/rustc");
    let verbose = cmd!(sh, "{rustc} -vV").quiet().ignore_stderr().read().ok()?;
    let bin = link_folder(prefix)?;
    has_sources(prefix)
        .then(|| Some(Toolchain { bin: Some(bin), linker: Some(linker), minor: minor(&verbose)? }))
        .flatten()
}

fn has_sources(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file()
}

#[cfg(unix)]
fn link_folder(prefix: &Path) -> Option<PathBuf> {
    let folder = cache::folder().ok()?.join("debian-rust").join("bin");
    fs::create_dir_all(&folder).ok()?;
    for program in ["cargo", "rustc", "rustdoc"] {
        let (from, to) = (folder.join(program), prefix.join("bin").join(program));
        if fs::read_link(&from).is_ok_and(|there| there == to) {
            continue;
        }
        fs::remove_file(&from).ok();
        std::os::unix::fs::symlink(to, from).ok()?;
    }
    Some(folder)
}

#[cfg(not(unix))]
fn link_folder(_prefix: &Path) -> Option<PathBuf> {
    None
}

/// Debian names it by LLVM's version: `wasm-ld-22`.
fn newest_wasm_ld(folder: &Path) -> Option<String> {
    let names = fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| wasm_ld_version(name).is_some()).max_by_key(|name| wasm_ld_version(name))
}

fn wasm_ld_version(name: &str) -> Option<u32> {
    name.strip_prefix("wasm-ld-")?.parse().ok()
}

fn minor(verbose: &str) -> Option<u32> {
    verbose.lines().find_map(|line| line.strip_prefix("release: 1."))?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{minor, wasm_ld_version};

    #[test]
    fn reads_the_version_of_rustc() {
        assert_eq!(minor("rustc 1.96.0\nhost: x86_64-unknown-linux-gnu\nrelease: 1.96.0-nightly\n"), Some(96));
        assert_eq!(minor("release: 2.0.0"), None);
    }

    #[test]
    fn takes_the_newest_linker() {
        let names = ["wasm-ld-9", "wasm-ld-22", "wasm-ld", "ld.lld-23"];
        let newest =
            names.into_iter().filter(|name| wasm_ld_version(name).is_some()).max_by_key(|name| wasm_ld_version(name));
        assert_eq!(newest, Some("wasm-ld-22"));
    }
}
