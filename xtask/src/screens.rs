//! `cargo xtask screens`: a picture of every screen.

use std::path::Path;

use anyhow::Context;
use xshell::{Shell, cmd};

use crate::env::{For, WasmEnv};
use crate::setup::{self, Need};
use crate::step::Step;
use crate::{dist, repo, sandbox};

/// Builds the page and the sandbox and has the pictures taken.
pub(crate) fn run(sh: &Shell, out: &Path) -> anyhow::Result<()> {
    let mut tools = setup::ensure(sh, &[Need::Page, Need::Browser])?;
    let chromium = tools.chromium.take().context("no Chromium")?;
    dist::ensure(sh, &WasmEnv::new(tools, For::Release)?)?;
    let sandbox = sandbox::build(sh)?;
    sh.create_dir(out)?;
    let command = cmd!(sh, "node tests/e2e/screens.mjs {out}").quiet();
    Step::new("pictures of every screen")
        .loud()
        .run(command.env("CHROMIUM", chromium).env("SANDBOX_BIN", sandbox).env("DIST", repo::dist()))?;
    println!("The pictures are in {}", out.display());
    Ok(())
}
