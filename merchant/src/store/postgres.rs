//! PostgreSQL: a server.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Postgres};
use tokio::time::timeout;

use super::dialect::{check_newer, migrator};
use super::sql::SqlStore;
use super::{LIMIT, OpenError, StoreError};

/// A server has a hundred for all its clients unless it is told otherwise, and this program works on few at a time.
const WRITERS: u32 = 10;
/// Apart from those, so that a page that asks does not wait behind what waits for the disk.
const READERS: u32 = 6;
/// How long the tables may take to be brought up to date, by this process or another that started with it.
const MIGRATING: Duration = Duration::from_secs(60);
/// After how many milliseconds the server gives up a query, whose caller is gone by then.
const QUERY_MS: u128 = LIMIT.as_millis();
/// After how many milliseconds it takes back what a machine that vanished has begun, and lets others go on.
const IDLE_MS: u128 = 10_000;

const MIGRATIONS: [(&str, &str); 7] = [
    ("orders", include_str!("../../migrations/postgres/0001_orders.sql")),
    ("instances", include_str!("../../migrations/postgres/0002_instances.sql")),
    ("webhooks", include_str!("../../migrations/postgres/0003_webhooks.sql")),
    ("reconciliations", include_str!("../../migrations/postgres/0004_reconciliations.sql")),
    ("shops", include_str!("../../migrations/postgres/0005_shops.sql")),
    ("funnel", include_str!("../../migrations/postgres/0006_funnel.sql")),
    ("reports", include_str!("../../migrations/postgres/0007_reports.sql")),
];

/// Connects to the server; the database has to be there. `place` is what errors call it.
pub(super) async fn open(options: PgConnectOptions, place: &str) -> Result<SqlStore<Postgres>, OpenError> {
    migrate(&options, place).await?;
    let limits = [("statement_timeout", QUERY_MS), ("idle_in_transaction_session_timeout", IDLE_MS)];
    let options = options.options(limits);
    let pool = async |connections| {
        let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(LIMIT);
        pool.connect_with(options.clone()).await.map_err(|error| OpenError::store(place, error))
    };
    Ok(SqlStore { writers: pool(WRITERS).await?, readers: pool(READERS).await? })
}

/// On a connection of its own, without the limits.
async fn migrate(options: &PgConnectOptions, place: &str) -> Result<(), OpenError> {
    let late = |_| OpenError::store(place, StoreError::late());
    let connection = timeout(LIMIT, options.connect()).await.map_err(late)?;
    let mut connection: PgConnection = connection.map_err(|error| OpenError::store(place, error))?;
    let migrated = timeout(MIGRATING, migrator(&MIGRATIONS).run(&mut connection)).await.map_err(late)?;
    let tables = |error| OpenError::tables(place, error);
    migrated.map_err(tables)?;
    check_newer::<Postgres>(&mut connection, MIGRATIONS.len()).await.map_err(tables)?;
    connection.close().await.map_err(|error| OpenError::store(place, error))
}
