//! Several shops in one store: each is listed what is its own, and is told what is for it.

use std::sync::Arc;

use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use wechat_cashier_merchant::store::{
    Change, Filter, NewWebhook, Reconciliation, Row, Saved, Store, Tried, Webhook, WebhookFilter, WebhookState,
};

use crate::home::{Home, at, ids, order};

crate::on_both!(
    each_is_listed_its_own,
    each_is_told_its_own,
    what_is_kept_of_before_is_the_only_shops,
    an_order_stays_where_it_was_made
);

fn told(id: &str, shop: &str, created_at: i64) -> NewWebhook {
    let (kind, body) = ("order.paid".to_owned(), "{}".to_owned());
    NewWebhook { id: id.to_owned(), shop: shop.to_owned(), kind, body, created_at: at(created_at) }
}

/// Of two shops two orders each, all made at the same time, and something to tell of each.
async fn filled(home: &Home) -> Arc<dyn Store> {
    let store = home.open().await;
    for (order_id, shop, status) in
        [("t1", "tea", "open"), ("c1", "cake", "open"), ("t2", "tea", "paid"), ("c2", "cake", "paid")]
    {
        let row = Row { shop: shop.to_owned(), status: status.to_owned(), ..order(order_id) };
        let change = Change { webhooks: vec![told(&format!("w-{order_id}"), shop, 5)], ..Change::of(row) };
        assert_eq!(store.insert(&change).await.unwrap(), Saved::Yes);
    }
    store
}

async fn each_is_listed_its_own(home: Home) {
    let store = filled(&home).await;
    let of = |shop: &str, status: Option<&str>| Filter {
        shop: Some(shop.to_owned()),
        status: status.map(str::to_owned),
        ..Filter::default()
    };
    for (filter, expected) in [
        (of("tea", None), vec!["t2", "t1"]),
        (of("cake", None), vec!["c2", "c1"]),
        (of("tea", Some("paid")), vec!["t2"]),
        (of("bread", None), vec![]),
        (Filter::default(), vec!["t2", "t1", "c2", "c1"]),
    ] {
        assert_eq!(ids(&store.list(&filter, 10).await.unwrap()), expected, "{filter:?}");
    }
    let (mut filter, mut seen) = (of("tea", None), Vec::new());
    while let [last] = &store.list(&filter, 1).await.unwrap()[..] {
        filter.before = Some(last.place());
        seen.push(last.clone());
    }
    assert_eq!(ids(&seen), ["t2", "t1"]);
}

fn named(webhooks: &[Webhook]) -> Vec<&str> {
    webhooks.iter().map(|webhook| webhook.id.as_str()).collect()
}

async fn each_is_told_its_own(home: Home) {
    let store = filled(&home).await;
    // Of a day, about no order.
    let day = Reconciliation {
        sub_mchid: String::new(),
        date: "2026-11-29".to_owned(),
        state: "different".to_owned(),
        made_at: at(7),
        next_at: None,
        differences: 1,
        report: "{}".to_owned(),
    };
    let of_day = [told("d-tea", "tea", 7), told("d-cake", "cake", 7)];
    assert!(store.keep_reconciliation(&day, &[], &of_day).await.unwrap());
    let of = |shop: &str| WebhookFilter { shop: Some(shop.to_owned()), ..WebhookFilter::default() };
    assert_eq!(named(&store.list_webhooks(&of("tea"), 9).await.unwrap()), ["d-tea", "w-t2", "w-t1"]);
    assert_eq!(named(&store.list_webhooks(&of("cake"), 9).await.unwrap()), ["d-cake", "w-c2", "w-c1"]);
    assert_eq!(store.list_webhooks(&of("tea"), 1).await.unwrap()[0].shop, "tea");

    // What nobody here can tell is left to who can.
    assert_eq!(store.next_webhook(&[]).await.unwrap(), None);
    assert_eq!(store.claim_webhooks(&[], at(9), at(50), 9).await.unwrap(), []);
    assert_eq!(store.next_webhook(&["bread"]).await.unwrap(), None);
    assert_eq!(store.next_webhook(&["cake", "bread"]).await.unwrap(), Some(at(5)));
    let claimed = store.claim_webhooks(&["bread", "cake"], at(9), at(50), 9).await.unwrap();
    assert_eq!(named(&claimed), ["w-c1", "w-c2", "d-cake"]);
    assert_eq!(named(&store.claim_webhooks(&["cake", "tea"], at(9), at(60), 9).await.unwrap()).len(), 3);

    let delivered = Tried { at: at(10), state: WebhookState::Delivered, next_at: None, status: Some(204), error: None };
    assert!(store.finish_webhook("w-c1", at(50), &delivered).await.unwrap());
    assert_eq!(store.send_webhook_again("tea", "w-c1", at(20)).await.unwrap(), None);
    assert_eq!(store.next_webhook(&["cake"]).await.unwrap(), Some(at(50)), "nothing was written");
    let again = store.send_webhook_again("cake", "w-c1", at(20)).await.unwrap().unwrap();
    assert_eq!((again.state, again.next_at), (WebhookState::Waiting, Some(at(20))));
}

/// A program of before writes no shop.
async fn what_is_kept_of_before_is_the_only_shops(home: Home) {
    let store = home.open().await;
    for old in [
        "INSERT INTO orders (order_id, version, status, created_at, doc) VALUES ('A', 0, 'open', 1, '{}')",
        "INSERT INTO webhooks (id, order_id, type, body, created_at, state, next_at, tries) \
         VALUES ('a1', 'A', 'order.paid', '{}', 1, 'waiting', 1, 0)",
    ] {
        match home.url.starts_with("sqlite") {
            true => drop(SqliteConnection::connect(&home.url).await.unwrap().execute(old).await.unwrap()),
            false => drop(PgConnection::connect(&home.url).await.unwrap().execute(old).await.unwrap()),
        }
    }
    assert_eq!(store.load("A").await.unwrap().unwrap().shop, "shop");
    assert_eq!(named(&store.claim_webhooks(&["shop"], at(9), at(50), 9).await.unwrap()), ["a1"]);
}

async fn an_order_stays_where_it_was_made(home: Home) {
    let store = filled(&home).await;
    let moved = Row { shop: "cake".to_owned(), ..order("t1") };
    assert_eq!(store.save(&Change::of(moved)).await.unwrap(), Saved::Yes);
    assert_eq!(store.load("t1").await.unwrap().unwrap().shop, "tea");
}
