//! `cargo xtask bench`: the time to the code, ours and three others', side by side.

use std::path::Path;

use anyhow::Context;
use xshell::{Shell, cmd};

use crate::env::{For, WasmEnv};
use crate::setup::{self, Need};
use crate::step::Step;
use crate::{chromium, dist, leptos, npm};

/// What the pages to compare with are made of.
const FOLDER: &str = "bench";

/// Builds the pages and has them measured. `options` are the script's own.
pub(crate) fn run(sh: &Shell, options: &[String]) -> anyhow::Result<()> {
    if options.iter().any(|option| option == "--help") {
        npm::ensure(sh)?;
        npm::ensure_in(sh, Path::new(FOLDER))?;
        return Ok(cmd!(sh, "node bench/run.mjs --help").quiet().run()?);
    }
    let mut tools = setup::ensure(sh, &[Need::Page, Need::Browser])?;
    npm::ensure_in(sh, Path::new(FOLDER))?;
    let chromium = tools.chromium.take().context("no Chromium")?;
    let env = WasmEnv::new(tools, For::Release)?;
    dist::ensure(sh, &env)?;
    if wants_leptos(options) {
        leptos::ensure(sh, &env)?;
    }
    let command = cmd!(sh, "node bench/run.mjs {options...}").quiet().env("CHROMIUM", chromium);
    let command = chromium::shell().into_iter().fold(command, |command, shell| command.env("HEADLESS_SHELL", shell));
    Step::new("bench").loud().run(command)
}

/// Its server is minutes of building, the first time: not for a run without it.
fn wants_leptos(options: &[String]) -> bool {
    options.iter().all(|option| !option.starts_with("--only")) || options.iter().any(|option| option.contains("leptos"))
}

#[cfg(test)]
mod tests {
    use super::wants_leptos;

    #[test]
    fn the_leptos_example_is_built_when_it_is_measured() {
        let wants = |line: &str| wants_leptos(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert!(wants(""));
        assert!(wants("--runs 3"));
        assert!(wants("--only vanilla,leptos-ssr"));
        assert!(!wants("--only vanilla,element"));
        assert!(!wants("--only=vanilla"));
    }
}
