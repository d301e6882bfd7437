//! The tables at the start.

use futures_util::future::join_all;
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use wechat_cashier_merchant::store::{self, Change, PaymentId, Saved};

use crate::home::{Home, at, order};

crate::on_both!(
    are_made_once_by_many_who_start_at_once,
    of_before_are_brought_up_to_date,
    reports_of_before_are_the_merchants_own
);

async fn are_made_once_by_many_who_start_at_once(home: Home) {
    let opened = join_all((0..4).map(|_| home.open())).await;
    for store in opened {
        store.ping().await.unwrap();
    }
}

async fn execute(home: &Home, sql: &'static str) {
    match home.url.starts_with("sqlite") {
        true => drop(SqliteConnection::connect(&home.url).await.unwrap().execute(sql).await.unwrap()),
        false => drop(PgConnection::connect(&home.url).await.unwrap().execute(sql).await.unwrap()),
    }
}

/// Of a version that knew one number alone. That version goes on beside the new one, with its own table.
async fn reports_of_before_are_the_merchants_own(home: Home) {
    home.open().await.close().await;
    for back in [
        "DROP TABLE reports",
        "DELETE FROM _sqlx_migrations WHERE description = 'reports'",
        "INSERT INTO reconciliations (date, state, made_at, differences, report) VALUES ('2026-11-29', 'ok', 7, 0, '{}')",
    ] {
        execute(&home, back).await;
    }
    let store = home.open().await;
    let kept = store.reconciliation("", "2026-11-29").await.unwrap().unwrap();
    assert_eq!((kept.state.as_str(), kept.made_at, kept.report.as_str()), ("ok", at(7), "{}"));
    assert_eq!(store.reconciliations("1900000311", "9999-12-31", 9).await.unwrap(), []);
    execute(&home, "UPDATE reconciliations SET state = 'different'").await;
}

/// Those of a version that had no reconciliation, with a payment in them.
async fn of_before_are_brought_up_to_date(home: Home) {
    let store = home.open().await;
    let change = Change { transaction_ids: vec!["42".into()], ..Change::of(order("A")) };
    assert_eq!(store.insert(&change).await.unwrap(), Saved::Yes);
    store.close().await;
    for back in [
        "DROP TABLE reports",
        "DELETE FROM _sqlx_migrations WHERE description = 'reports'",
        "DROP TABLE reconciliations",
        "DROP TABLE leases",
        "DROP TABLE refund_times",
        "DROP INDEX transaction_ids_success_time",
        "ALTER TABLE transaction_ids DROP COLUMN success_time",
        "DELETE FROM _sqlx_migrations WHERE description = 'reconciliations'",
    ] {
        execute(&home, back).await;
    }
    let store = home.open().await;
    let untimed = store.untimed(9).await.unwrap();
    assert_eq!(untimed, [PaymentId { transaction_id: "42".into(), order_id: "A".into() }]);
    assert!(store.lease("bills", at(1), at(2)).await.unwrap());
}

#[tokio::test]
async fn of_a_newer_version_are_left_alone_where_it_made_them_into_others() {
    let home = Home::sqlite();
    home.open().await.close().await;
    let mut other = SqliteConnection::connect(&home.url).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES ";
    sqlx::query(sqlx::AssertSqlSafe(format!("{newer}(98, 'more', TRUE, x'00', 0)"))).execute(&mut other).await.unwrap();
    // It only added to them: the version before starts again beside it.
    home.open().await.ping().await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("{newer}(99, 'breaking orders', TRUE, x'00', 0)")))
        .execute(&mut other)
        .await
        .unwrap();
    let error = store::open(&home.url).await.unwrap_err();
    assert!(!error.is_passing() && error.to_string().contains("newer version"), "{error}");
}

#[tokio::test]
async fn are_not_made_where_there_is_no_folder() {
    let error = store::open("/no/such/folder/orders.db").await.unwrap_err();
    assert!(error.to_string().contains("/no/such/folder/orders.db"), "{error}");
}
