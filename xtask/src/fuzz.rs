//! `cargo xtask fuzz`: the merchant's backend against schemathesis, which makes requests out of docs/openapi.json and
//! docs/admin-openapi.json.

use xshell::{Shell, cmd};

use crate::repo;
use crate::setup::{self, Need};
use crate::step::Step;

/// Builds what is out of date and runs it. `options` are schemathesis' own; without any it is the run of the checks.
pub(crate) fn run(sh: &Shell, options: &[String]) -> anyhow::Result<()> {
    setup::ensure(sh, &[Need::Python])?;
    let packages = ["--package", "wechat-cashier-merchant", "--package", "wechat-cashier-simulator"];
    Step::new("build the merchant and the simulator").run(cmd!(sh, "cargo build {packages...}").quiet())?;
    run_built(sh, options)
}

/// The same where both are built.
pub(crate) fn run_built(sh: &Shell, options: &[String]) -> anyhow::Result<()> {
    let target = repo::target();
    let command = cmd!(sh, "node merchant/tests/fuzz/run.mjs --target {target} {options...}").quiet();
    Step::new("schemathesis").loud().run(command)
}
