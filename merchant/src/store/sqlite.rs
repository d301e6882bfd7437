//! SQLite: one file.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::Sqlite;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::dialect::{Dialect, check_newer, migrator};
use super::sql::SqlStore;
use super::{LIMIT, OpenError};

/// How long one waits for a writer of another process; shorter than the limit of a call, which then names the cause.
const BUSY: Duration = Duration::from_secs(2);
/// Reading is quick and needs no processor of its own for long.
const READERS: u32 = 4;

const MIGRATIONS: [(&str, &str); 7] = [
    ("orders", include_str!("../../migrations/sqlite/0001_orders.sql")),
    ("instances", include_str!("../../migrations/sqlite/0002_instances.sql")),
    ("webhooks", include_str!("../../migrations/sqlite/0003_webhooks.sql")),
    ("reconciliations", include_str!("../../migrations/sqlite/0004_reconciliations.sql")),
    ("shops", include_str!("../../migrations/sqlite/0005_shops.sql")),
    ("funnel", include_str!("../../migrations/sqlite/0006_funnel.sql")),
    ("reports", include_str!("../../migrations/sqlite/0007_reports.sql")),
];

/// How often a file that others open at the same moment is tried.
const AGAIN: Duration = Duration::from_millis(20);

/// Opens the file, or makes it; its folder has to be there.
///
/// Of several that open a new file at once, one turns its journal into WAL, and SQLite does not let the others wait for that,
/// whatever their busy timeout (<https://www.sqlite.org/c3ref/busy_handler.html>): they are to try again.
pub(super) async fn open(file: &Path) -> Result<SqlStore<Sqlite>, OpenError> {
    let began = Instant::now();
    loop {
        match once(file).await {
            Err(error) if error.is_passing() && began.elapsed() < BUSY => tokio::time::sleep(AGAIN).await,
            opened => return opened,
        }
    }
}

async fn once(file: &Path) -> Result<SqlStore<Sqlite>, OpenError> {
    let place = file.display().to_string();
    let options = SqliteConnectOptions::new().filename(file).busy_timeout(BUSY).foreign_keys(true);
    // What is committed is on the disk: of a payment nothing may be lost with the machine's power either.
    let writing = options
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let reading = options.pragma("query_only", "ON");
    let pool = || SqlitePoolOptions::new().acquire_timeout(LIMIT).idle_timeout(None).max_lifetime(None);

    // SQLite has one writer at a time. Its queue is here, where it is fair, and not at the file's lock.
    let writers = pool().max_connections(1).connect_with(writing).await;
    let writers = writers.map_err(|error| OpenError::store(&place, error))?;
    // As one transaction: of several that start at once, the others wait and find the tables made.
    let begun = writers.begin_with(Sqlite::BEGIN).await;
    let mut transaction = begun.map_err(|error| OpenError::store(&place, error))?;
    let tables = |error| OpenError::tables(&place, error);
    migrator(&MIGRATIONS).run(&mut *transaction).await.map_err(tables)?;
    check_newer::<Sqlite>(&mut transaction, MIGRATIONS.len()).await.map_err(tables)?;
    transaction.commit().await.map_err(|error| OpenError::store(&place, error))?;
    let readers = pool().max_connections(READERS).connect_with(reading).await;
    let readers = readers.map_err(|error| OpenError::store(&place, error))?;
    Ok(SqlStore { writers, readers })
}
