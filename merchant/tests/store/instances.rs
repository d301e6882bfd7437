//! Several instances on one database.

use std::time::Duration;

use wechat_cashier_merchant::store::{Change, Changed, Row, Saved};

use crate::home::{Home, at, due, order};

crate::on_both!(
    instances_know_how_many_they_are,
    one_that_was_not_seen_is_gone,
    one_in_the_place_of_another_is_alone,
    what_others_wrote_is_told_by_version,
    a_lease_is_no_news
);

async fn instances_know_how_many_they_are(home: Home) {
    let (one, other) = (home.open().await, home.open().await);
    assert_eq!(one.meet("1", 60_000, None).await.unwrap(), 1);
    assert_eq!(other.meet("2", 60_000, None).await.unwrap(), 2);
    assert_eq!(one.meet("1", 60_000, None).await.unwrap(), 2);
    other.leave("2").await.unwrap();
    assert_eq!(one.meet("1", 60_000, None).await.unwrap(), 1);
}

async fn one_that_was_not_seen_is_gone(home: Home) {
    let store = home.open().await;
    assert_eq!(store.meet("1", 60_000, None).await.unwrap(), 1);
    assert_eq!(store.meet("2", 60_000, None).await.unwrap(), 2);
    // The database's clock goes on by itself, and nothing turns it.
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!(store.meet("2", 20, None).await.unwrap(), 1);
}

async fn one_in_the_place_of_another_is_alone(home: Home) {
    let store = home.open().await;
    // The percent sign is no wildcard.
    assert_eq!(store.meet("a%:1/x", 60_000, Some("a%:1/")).await.unwrap(), 1);
    assert_eq!(store.meet("ab:1/y", 60_000, Some("ab:1/")).await.unwrap(), 2);
    // Killed, and started again there.
    assert_eq!(store.meet("a%:1/z", 60_000, Some("a%:1/")).await.unwrap(), 2);
    assert_eq!(store.meet("ab:1/y", 60_000, None).await.unwrap(), 2);
}

async fn what_others_wrote_is_told_by_version(home: Home) {
    let (one, other) = (home.open().await, home.open().await);
    let Changed { now, orders, more } = one.changed(None).await.unwrap();
    assert_eq!((orders, more), (vec![], false));
    assert_eq!(other.insert(&Change::of(order("A"))).await.unwrap(), Saved::Yes);
    assert_eq!(other.insert(&Change::of(order("B"))).await.unwrap(), Saved::Yes);
    let told = one.changed(Some(now)).await.unwrap();
    let names = |told: &Changed| -> Vec<(String, i64)> {
        told.orders.iter().map(|written| (written.order_id.clone(), written.version)).collect()
    };
    assert_eq!(names(&told), [("A".to_owned(), 0), ("B".to_owned(), 0)]);
    assert!(told.orders.iter().all(|written| now <= written.changed_at && written.changed_at <= told.now));
    tokio::time::sleep(Duration::from_millis(2)).await;
    assert_eq!(other.save(&Change::of(Row { doc: "{}".to_owned(), ..order("A") })).await.unwrap(), Saved::Yes);
    let told = one.changed(Some(now)).await.unwrap();
    assert_eq!(names(&told), [("B".to_owned(), 0), ("A".to_owned(), 1)]);
    let since = told.orders[1].changed_at;
    assert_eq!(names(&one.changed(Some(since)).await.unwrap()), [("A".to_owned(), 1)]);
}

async fn a_lease_is_no_news(home: Home) {
    let store = home.open().await;
    assert_eq!(store.insert(&due("A", 10)).await.unwrap(), Saved::Yes);
    let before = store.changed(Some(at(0))).await.unwrap().orders;
    tokio::time::sleep(Duration::from_millis(2)).await;
    assert_eq!(store.claim_due(at(10), at(100), 1).await.unwrap().len(), 1);
    assert_eq!(store.changed(Some(at(0))).await.unwrap().orders, before);
}
