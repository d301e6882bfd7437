//! The browser of the tests and pictures, and a font that has Chinese.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use xshell::{Shell, cmd};

use crate::apt;

const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
/// The same browser without all that draws windows: a page takes a third less of the processor. It keeps no page for "back".
const SHELL: &str = "chromium-headless-shell";
const ON_MACOS: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// `$CHROMIUM`, one on the PATH, or Debian's.
pub(crate) fn ensure(sh: &Shell) -> anyhow::Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM").map(PathBuf::from) {
        if named.is_file() {
            return Ok(named);
        }
        bail!("CHROMIUM is set to {}, which is no file", named.display());
    }
    if let Some(browser) = find() {
        return Ok(browser);
    }
    apt::install(sh, &["chromium"]).context("no Chromium for the browser tests: install one, or set CHROMIUM to it")?;
    if apt::known(sh, SHELL) {
        apt::install(sh, &[SHELL])?;
    }
    find().context("chromium is installed, but not on the PATH")
}

/// The browser for what needs no more than a page, where there is one.
pub(crate) fn shell() -> Option<PathBuf> {
    on_path(SHELL)
}

/// Without such a font pictures show boxes in place of the texts.
pub(crate) fn ensure_font(sh: &Shell) -> anyhow::Result<()> {
    let have = cmd!(sh, "fc-list :lang=zh").quiet().ignore_stderr().ignore_status().read().unwrap_or_default();
    if !have.is_empty() || !apt::present() {
        return Ok(()); // macOS and Windows come with one
    }
    apt::install(sh, &["fonts-noto-cjk"]).context("no font that has Chinese")
}

fn find() -> Option<PathBuf> {
    let on_macos = || Some(Path::new(ON_MACOS)).filter(|program| program.is_file()).map(Path::to_owned);
    NAMES.into_iter().find_map(on_path).or_else(on_macos)
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut programs = env::split_paths(&path).map(|folder| folder.join([name, env::consts::EXE_SUFFIX].concat()));
    programs.find(|program| program.is_file())
}
