//! `cargo xtask chaos`: the merchant's backend is killed again and again while payers pay (`merchant/tests/chaos`).

use clap::{Args, ValueEnum};
use xshell::{Shell, cmd};

use crate::postgres;

/// Where the backend keeps its orders.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
    /// Two processes of the backend on one, which are then replaced one after the other
    TwoOnPostgres,
}

/// How much of it.
#[derive(Args)]
pub(crate) struct Options {
    /// How many payers mean to pay
    #[arg(long, default_value_t = 200)]
    payments: u64,
    /// Within how many seconds they come; without it, one each 0.55 s
    #[arg(long)]
    span_s: Option<u64>,
    /// The same number gives the same payers and moments
    #[arg(long)]
    seed: Option<u64>,
    /// Without it: all, one after the other. PostgreSQL is stopped for 60 s in between
    #[arg(long)]
    database: Option<Database>,
}

/// Plays so many payments on one database, or on each one after the other.
pub(crate) fn run(sh: &Shell, options: &Options) -> anyhow::Result<()> {
    let Options { payments, span_s, seed, database } = options;
    let tests = match database {
        Some(Database::Sqlite) => &["on_sqlite"][..],
        Some(Database::Postgres) => &["on_postgres"],
        Some(Database::TwoOnPostgres) => &["two_on_postgres", "replaced_one_by_one"],
        None => &["on_sqlite", "on_postgres", "two_on_postgres", "replaced_one_by_one"],
    };
    if !matches!(database, Some(Database::Sqlite)) {
        postgres::ensure(sh)?;
    }
    for test in tests {
        let chaos =
            cmd!(sh, "cargo test --quiet -p wechat-cashier-merchant --test chaos -- --exact {test} --nocapture");
        let chaos = chaos.env("CHAOS_PAYMENTS", payments.to_string());
        let given = [("CHAOS_SEED", seed), ("CHAOS_SPAN_S", span_s)];
        let given = given.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?.to_string())));
        given.fold(chaos, |chaos, (name, value)| chaos.env(name, value)).quiet().run()?;
    }
    Ok(())
}
