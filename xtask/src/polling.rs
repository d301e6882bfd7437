//! `cargo xtask polling`: what the plan of polling costs, by playing orders through (`tests/polling.rs`).

use xshell::{Shell, cmd};

use crate::repo;

/// Plays so many orders and writes `docs/polling.md` and `docs/polling.svg`.
pub(crate) fn run(sh: &Shell, orders: u64) -> anyhow::Result<()> {
    let date = cmd!(sh, "date -u +%Y-%m-%d").quiet().read()?;
    let fast = format!("--config=profile.dev.package.{}.opt-level=3", repo::PACKAGE);
    let test = cmd!(sh, "cargo test {fast} --test polling -- --exact document::it_says_what_is_played");
    test.env("POLLING_ORDERS", orders.to_string()).env("POLLING_DATE", date).run()?;
    println!("docs/polling.md and docs/polling.svg are written");
    Ok(())
}
