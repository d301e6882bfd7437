//! `cargo xtask polling`: what the plan of polling costs, by playing orders through (`tests/polling.rs`).

use xshell::{Shell, cmd};

use crate::repo;

/// Plays so many orders and writes `docs/polling.md` and `docs/polling.svg`.
pub(crate) fn run(sh: &Shell, orders: u64) -> anyhow::Result<()> {
    let date = cmd!(sh, "date -u +%Y-%m-%d").quiet().read()?;
    // The core has to be fast, and the reader of addresses that it has outside the browser.
    let fast = [repo::PACKAGE, "url", "idna", "percent-encoding", "fastrand"]
        .map(|package| format!("--config=profile.dev.package.{package}.opt-level=3"));
    let test = cmd!(sh, "cargo test {fast...} --test polling -- --ignored --nocapture --exact targets::a_million");
    test.env("POLLING_ORDERS", orders.to_string()).env("POLLING_DATE", date).run()?;
    println!("docs/polling.md and docs/polling.svg are written");
    Ok(())
}
