//! What the two databases do each in its own way. The queries themselves are the same: both take `$1`, `ON CONFLICT DO NOTHING`
//! and `RETURNING`.

use std::borrow::Cow;

use futures_util::future::BoxFuture;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Database, FromRow, Postgres, SqlSafeStr, Sqlite};
use wechat_cashier::contract::Timestamp;

/// A text of SQL. What is not known when this program is compiled goes into values, never into it.
pub(super) type Sql = Cow<'static, str>;

/// A value for one of the `$1` of a query.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Text(&'a str),
    Number(i64),
    Time(Option<Timestamp>),
    SomeText(Option<&'a str>),
    SomeNumber(Option<i64>),
}

/// A row that either database can give.
pub(super) trait Columns:
    for<'r> FromRow<'r, <Sqlite as Database>::Row> + for<'r> FromRow<'r, <Postgres as Database>::Row> + Send + Unpin
{
}

impl<C> Columns for C where
    C: for<'r> FromRow<'r, <Sqlite as Database>::Row> + for<'r> FromRow<'r, <Postgres as Database>::Row> + Send + Unpin
{
}

/// One of the databases.
pub(super) trait Dialect: Database {
    /// Whether it serves more than the programs of one machine.
    const IS_SHARED: bool;
    /// Begins a transaction that writes.
    const BEGIN: &'static str;
    /// Ends a `SELECT` of rows that are to be changed: holds them, and leaves out what others hold.
    const SKIP_LOCKED: &'static str;
    /// Milliseconds since 1970 by the database's clock, as it is and not as it was when the transaction began.
    const NOW_MS: &'static str;

    /// Runs a query; how many rows it wrote.
    fn execute<'c>(
        connection: &'c mut Self::Connection,
        sql: Sql,
        values: &'c [Value<'c>],
    ) -> BoxFuture<'c, sqlx::Result<u64>>;

    /// Runs a query for its rows.
    fn fetch<'c, C: Columns + 'c>(
        connection: &'c mut Self::Connection,
        sql: Sql,
        values: &'c [Value<'c>],
    ) -> BoxFuture<'c, sqlx::Result<Vec<C>>>;
}

/// Binds values to a query, of either kind.
macro_rules! bind {
    ($query:expr, $values:ident) => {
        $values.iter().fold($query, |query, value| match *value {
            Value::Text(text) => query.bind(text),
            Value::Number(number) => query.bind(number),
            Value::Time(time) => query.bind(time.map(Timestamp::millis)),
            Value::SomeText(text) => query.bind(text),
            Value::SomeNumber(number) => query.bind(number),
        })
    };
}

macro_rules! dialect {
    (
        $database:ty,
        is_shared: $is_shared:literal,
        begin: $begin:literal,
        skip_locked: $skip_locked:literal,
        now_ms: $now_ms:literal
    ) => {
        impl Dialect for $database {
            const IS_SHARED: bool = $is_shared;
            const BEGIN: &'static str = $begin;
            const SKIP_LOCKED: &'static str = $skip_locked;
            const NOW_MS: &'static str = $now_ms;

            fn execute<'c>(
                connection: &'c mut Self::Connection,
                sql: Sql,
                values: &'c [Value<'c>],
            ) -> BoxFuture<'c, sqlx::Result<u64>> {
                let query = bind!(sqlx::query::<Self>(AssertSqlSafe(sql)), values);
                Box::pin(async move { Ok(query.execute(connection).await?.rows_affected()) })
            }

            fn fetch<'c, C: Columns + 'c>(
                connection: &'c mut Self::Connection,
                sql: Sql,
                values: &'c [Value<'c>],
            ) -> BoxFuture<'c, sqlx::Result<Vec<C>>> {
                let query = bind!(sqlx::query_as::<Self, C>(AssertSqlSafe(sql)), values);
                Box::pin(query.fetch_all(connection))
            }
        }
    };
}

// There is one writer at a time, which has the file from its first word on: one that only read at first may find it changed.
dialect!(Sqlite, is_shared: false, begin: "BEGIN IMMEDIATE", skip_locked: "", now_ms: "CAST(unixepoch('subsec') * 1000 AS INTEGER)");
// Whatever the server has for a default: a stricter one would fail where one waits for a row of another.
dialect!(
    Postgres,
    is_shared: true,
    begin: "BEGIN ISOLATION LEVEL READ COMMITTED",
    skip_locked: " FOR NO KEY UPDATE SKIP LOCKED",
    now_ms: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
);

/// What brings the tables up to date: each text once, in their sequence. None of a kind was ever taken back, so none has a way
/// back. What a newer version has added is passed over, see [`check_newer`].
pub(super) fn migrator(migrations: &[(&'static str, &'static str)]) -> Migrator {
    let migration = |(version, (name, sql)): (i64, &(&'static str, &'static str))| {
        Migration::new(version, (*name).into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    let mut migrator = Migrator::with_migrations((1..).zip(migrations).map(migration).collect());
    migrator.set_ignore_missing(true);
    migrator
}

/// The names of migrations with which this version cannot live begin so.
const BREAKING: &str = "breaking";

/// Whether a newer version has made the tables into others. One that only added to them is no hindrance: while instances are
/// replaced one by one, those of the version before go on, and start again.
pub(super) async fn check_newer<D: Dialect>(connection: &mut D::Connection, known: usize) -> Result<(), MigrateError> {
    let sql = format!("SELECT version, description FROM _sqlx_migrations WHERE version > {known} ORDER BY version");
    let newer = D::fetch::<(i64, String)>(connection, sql.into(), &[]).await?;
    match newer.into_iter().find(|(_, name)| name.starts_with(BREAKING)) {
        Some((version, _)) => Err(MigrateError::VersionMissing(version)),
        None => Ok(()),
    }
}
