//! A SQLite file that another process writes to.

use sqlx::{Connection, SqliteConnection};
use wechat_cashier_merchant::store::{Change, Saved};

use crate::home::{Home, order};

#[tokio::test]
async fn a_writer_that_takes_long_is_a_passing_fault() {
    let home = Home::sqlite();
    let store = home.open().await;
    assert_eq!(store.insert(&Change::of(order("A"))).await.unwrap(), Saved::Yes);

    let mut other = SqliteConnection::connect(&home.url).await.unwrap();
    let held = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let error = store.save(&Change::of(order("A"))).await.unwrap_err();
    assert!(error.is_passing() && error.to_string().contains("locked"), "{error}");
    // Who reads does not wait.
    assert_eq!(store.load("A").await.unwrap(), Some(order("A")));

    held.rollback().await.unwrap();
    assert_eq!(store.save(&Change::of(order("A"))).await.unwrap(), Saved::Yes);
}
