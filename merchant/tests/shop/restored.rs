//! A copy that was made while the backend was at work takes the place of what is lost (docs/merchant.md, Backup and restore).

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use sqlx::Executor;
use wechat_cashier_merchant::config::{Database, Secret};
use wechat_cashier_merchant::day::Day;

use crate::bench::{Bench, native};
use crate::postgres::Server;

/// The code of a new order.
async fn shown(bench: &Bench, order_id: &str) -> (String, String) {
    let token = bench.order(order_id, &["native"]).await;
    let payment = bench.pay(order_id, &token, "key-1", &native()).await;
    (payment.body["action"]["content"].as_str().unwrap_or_else(|| panic!("{payment:?}")).to_owned(), token)
}

async fn paid(bench: &Bench, order_id: &str, code: &str) {
    bench.scan_and_pay(code).await;
    bench.until(order_id, "paid").await;
}

/// What happened before the copy is in it; what was paid since is found out; what was made since is named by the day's bill.
async fn heals(bench: Bench, backup: impl AsyncFnOnce(&Bench), restore: impl FnOnce(&Path)) {
    let (before, _) = shown(&bench, "B20261130001").await;
    paid(&bench, "B20261130001", &before).await;
    let (open, open_token) = shown(&bench, "B20261130002").await;
    let (unpaid, unpaid_token) = shown(&bench, "B20261130003").await;
    let journal = bench.backend.store().entries("B20261130001").await.unwrap();

    backup(&bench).await;
    paid(&bench, "B20261130002", &open).await;
    let (since, _) = shown(&bench, "B20261130004").await;
    paid(&bench, "B20261130004", &since).await;

    let bench = bench.restarted(restore).await;
    let status = async |order_id: &str, token: &str, query: &str| {
        bench.ask(order_id, token, query).await.body["status"].as_str().unwrap_or("unknown").to_owned()
    };
    assert_eq!(bench.backend.store().entries("B20261130001").await.unwrap(), journal);
    assert_eq!(status("B20261130002", &open_token, "").await, "pending");
    bench.advance(5_000).await;
    bench.until("B20261130001", "paid").await;
    bench.until("B20261130002", "paid").await;
    // The pages of before are served on, and their codes are still good.
    assert_eq!(status("B20261130003", &unpaid_token, "?verify=1").await, "pending");
    bench.scan_and_pay(&unpaid).await;
    // Notifications go to where the backend of before was.
    bench.advance(10_000).await;
    bench.until("B20261130003", "paid").await;
    let unknown = bench.shop(reqwest::Method::GET, "/admin/v1/orders/B20261130004", None).await;
    assert_eq!(unknown.status, 404, "{unknown:?}");
    // The next day's bill knows of it.
    let day = Day::of(bench.backend.clock().now());
    let tomorrow = day.plus(1).begin().millis() + 11 * 60 * 60 * 1000;
    bench.advance(tomorrow - bench.backend.clock().now().millis()).await;
    let path = format!("/admin/v1/reconciliations/{day}");
    let report = bench.shop(reqwest::Method::POST, &path, None).await;
    let differences = report.body["compared"]["differences"].as_array().unwrap_or_else(|| panic!("{report:?}"));
    let names: Vec<&Value> = differences.iter().flat_map(|one| [&one["kind"], &one["out_trade_no"]]).collect();
    assert_eq!(names, [&json!("missing_here"), &json!("B20261130004")], "{report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_copy_of_sqlite_heals() {
    let kept = tempfile::tempdir().unwrap();
    let copy = kept.path().join("orders.db");
    let backup = async |bench: &Bench| {
        let sql = format!("VACUUM INTO '{}'", copy.display());
        bench.database().await.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    };
    let restore = |folder: &Path| {
        fs::copy(&copy, folder.join("orders.db")).unwrap();
        for beside in ["orders.db-wal", "orders.db-shm"] {
            // Where the last connection was closed well, they are gone already.
            let _ = fs::remove_file(folder.join(beside));
        }
    };
    heals(Bench::new().await, backup, restore).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_dump_of_postgres_heals() {
    let server = Server::new();
    let url = server.database();
    let backup = async |_: &Bench| server.run("pg_dump", &["--format=custom", "--file=orders.dump", &url]);
    let restore = |_: &Path| {
        server.run("pg_restore", &["--clean", "--if-exists", &format!("--dbname={url}"), "orders.dump"]);
    };
    heals(
        Bench::configured(|config| config.database = Database::Postgres(Secret::new(url.clone()))).await,
        backup,
        restore,
    )
    .await;
}
