//! `cargo xtask load`: what load the merchant's backend bears on this machine.

use xshell::{Shell, cmd};

use crate::repo;
use crate::setup::{self, Need};
use crate::step::Step;

/// Builds all three as they are built for a server, and has them measured. `options` are the script's own.
pub(crate) fn run(sh: &Shell, options: &[String]) -> anyhow::Result<()> {
    if !options.iter().any(|option| option == "--help") {
        setup::ensure(sh, &[Need::Postgres])?;
        let packages = ["wechat-cashier-merchant", "wechat-cashier-simulator", "wechat-cashier-load"];
        let packages = packages.iter().flat_map(|package| ["--package", package]);
        Step::new("build for a server").run(cmd!(sh, "cargo build --profile server {packages...}").quiet())?;
    }
    let target = repo::target();
    Ok(cmd!(sh, "node load/run.mjs --target {target} {options...}").quiet().run()?)
}
