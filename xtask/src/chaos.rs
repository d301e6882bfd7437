//! `cargo xtask chaos`: the merchant's backend is killed again and again while payers pay (`merchant/tests/chaos`).

use clap::ValueEnum;
use xshell::{Shell, cmd};

use crate::postgres;

/// Where the backend keeps its orders.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// Plays so many payments on one database, or on both one after the other.
pub(crate) fn run(sh: &Shell, payments: u64, seed: Option<u64>, database: Option<Database>) -> anyhow::Result<()> {
    let tests = match database {
        Some(Database::Sqlite) => &["on_sqlite"][..],
        Some(Database::Postgres) => &["on_postgres"],
        None => &["on_sqlite", "on_postgres"],
    };
    if !matches!(database, Some(Database::Sqlite)) {
        postgres::ensure(sh)?;
    }
    for test in tests {
        let chaos =
            cmd!(sh, "cargo test --quiet -p wechat-cashier-merchant --test chaos -- --exact {test} --nocapture");
        let chaos = chaos.env("CHAOS_PAYMENTS", payments.to_string());
        seed.into_iter().fold(chaos, |chaos, seed| chaos.env("CHAOS_SEED", seed.to_string())).quiet().run()?;
    }
    Ok(())
}
