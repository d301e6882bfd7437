//! The JavaScript tools: esbuild, wasm-opt, playwright.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use xshell::{Shell, cmd};

use crate::step::Step;
use crate::{apt, files, repo};

const NODE: u32 = 20;

/// Installs what package-lock.json says, unless that is what was installed last.
pub(crate) fn ensure(sh: &Shell) -> anyhow::Result<()> {
    ensure_in(sh, Path::new("."))
}

/// The same of another folder's.
pub(crate) fn ensure_in(sh: &Shell, folder: &Path) -> anyhow::Result<()> {
    let version = cmd!(sh, "node --version").quiet().ignore_stderr().read().unwrap_or_default();
    if major(&version).is_none_or(|major| major < NODE) {
        let found = if version.is_empty() { "none" } else { &version };
        bail!(
            "Node.js {NODE} or newer is needed, found {found}: install it from nodejs.org or by your package manager"
        );
    }
    // npm writes this file last.
    let marker = folder.join("node_modules/.package-lock.json");
    if files::modified(&marker) >= files::modified(&folder.join("package-lock.json")) {
        return Ok(());
    }
    if !apt::found("npm") && !apt::found("npm.cmd") {
        bail!("npm is missing: it comes with Node.js, on Debian as the package npm");
    }
    let _in_there = sh.push_dir(folder);
    Step::new("npm ci")
        .run(program(sh, "npm").args(["ci", "--no-audit", "--no-fund"]).quiet())
        .context("cannot have the JavaScript tools; run `npm ci` by hand to see why")
}

/// A tool out of node_modules.
pub(crate) fn tool<'a>(sh: &'a Shell, name: &str) -> xshell::Cmd<'a> {
    program(sh, repo::root().join("node_modules/.bin").join(name)).quiet()
}

/// npm and what it installs are scripts, which Windows only starts under their full name.
pub(crate) fn program(sh: &Shell, name: impl Into<PathBuf>) -> xshell::Cmd<'_> {
    let name = name.into();
    sh.cmd(if cfg!(windows) { name.with_extension("cmd") } else { name })
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn reads_the_version_of_node() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major(""), None);
    }
}
