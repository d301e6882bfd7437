//! What the shop is told: written with an order, claimed by one at a time, kept with what came of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::join_all;
use wechat_cashier_merchant::store::{Change, NewWebhook, Saved, Store, Tried, Webhook, WebhookFilter, WebhookState};

use crate::home::{Home, at, order};

crate::on_both!(
    is_written_with_the_order_or_not_at_all,
    a_known_id_is_not_written_again,
    is_claimed_by_one,
    the_earliest_is_claimed_first,
    of_two_who_have_it_the_later_writes,
    what_came_of_it_is_kept,
    is_sent_again_under_the_same_id,
    is_listed
);

fn told(id: &str, created_at: i64) -> NewWebhook {
    NewWebhook {
        id: id.to_owned(),
        shop: "shop".to_owned(),
        kind: "order.paid".to_owned(),
        body: r#"{"茶":"\u0000"}"#.to_owned(),
        created_at: at(created_at),
    }
}

/// As it comes out of the store before anything was tried.
fn waiting(id: &str, order_id: &str, created_at: i64, next_at: i64) -> Webhook {
    let NewWebhook { id, shop, kind, body, created_at } = told(id, created_at);
    Webhook {
        id,
        shop,
        order_id: Some(order_id.to_owned()),
        kind,
        body,
        created_at,
        state: WebhookState::Waiting,
        next_at: Some(at(next_at)),
        tries: 0,
        last_at: None,
        last_status: None,
        last_error: None,
        delivered_at: None,
    }
}

fn failed(now: i64, next_at: Option<i64>) -> Tried {
    let state = if next_at.is_some() { WebhookState::Waiting } else { WebhookState::GivenUp };
    Tried { at: at(now), state, next_at: next_at.map(at), status: Some(500), error: Some("no".to_owned()) }
}

fn delivered(now: i64) -> Tried {
    Tried { at: at(now), state: WebhookState::Delivered, next_at: None, status: Some(204), error: None }
}

fn change(order_id: &str, webhooks: Vec<NewWebhook>) -> Change {
    Change { webhooks, ..Change::of(order(order_id)) }
}

/// Of two orders, three things to tell.
async fn filled(home: &Home) -> Arc<dyn Store> {
    let store = home.open().await;
    assert_eq!(store.insert(&change("A", vec![told("a1", 10), told("a2", 10)])).await.unwrap(), Saved::Yes);
    assert_eq!(store.insert(&change("B", vec![told("b1", 5)])).await.unwrap(), Saved::Yes);
    store
}

fn ids(webhooks: &[Webhook]) -> Vec<&str> {
    webhooks.iter().map(|webhook| webhook.id.as_str()).collect()
}

async fn listed(store: &dyn Store, filter: WebhookFilter) -> Vec<Webhook> {
    store.list_webhooks(&filter, 10).await.unwrap()
}

async fn one(store: &dyn Store, id: &str) -> Webhook {
    listed(store, WebhookFilter::default()).await.into_iter().find(|webhook| webhook.id == id).unwrap()
}

async fn is_written_with_the_order_or_not_at_all(home: Home) {
    let store = filled(&home).await;
    assert_eq!(store.save(&change("A", vec![told("a3", 20)])).await.unwrap(), Saved::Yes);
    assert_eq!(store.save(&change("A", vec![told("a4", 20)])).await.unwrap(), Saved::Stale);
    let taken = Change { out_trade_nos: vec!["A".to_owned()], ..change("B", vec![told("b2", 20)]) };
    assert_eq!(store.save(&taken).await.unwrap(), Saved::Yes);
    let mut row = order("A");
    row.version = 1;
    let taken = Change { out_trade_nos: vec!["A".to_owned()], webhooks: vec![told("a5", 20)], ..Change::of(row) };
    assert!(matches!(store.save(&taken).await.unwrap(), Saved::Taken(_)));
    assert_eq!(ids(&listed(&*store, WebhookFilter::default()).await), ["b2", "a3", "b1", "a2", "a1"]);
}

async fn a_known_id_is_not_written_again(home: Home) {
    let store = filled(&home).await;
    let again = NewWebhook { body: "another".to_owned(), ..told("a1", 99) };
    assert_eq!(store.save(&change("B", vec![again, told("b2", 20)])).await.unwrap(), Saved::Yes);
    assert_eq!(one(&*store, "a1").await, waiting("a1", "A", 10, 10));
    assert_eq!(one(&*store, "b2").await, waiting("b2", "B", 20, 20));
}

async fn is_claimed_by_one(home: Home) {
    let stores = [home.open().await, home.open().await];
    let all: BTreeSet<String> = (0..80).map(|number| format!("{number:02}")).collect();
    for (created_at, id) in (0..).zip(&all) {
        assert_eq!(stores[0].insert(&change(id, vec![told(id, created_at)])).await.unwrap(), Saved::Yes);
    }
    let workers = (0..16).map(|number| {
        let store = stores[number % 2].clone();
        tokio::spawn(async move {
            let mut claimed = Vec::new();
            loop {
                let due = store.claim_webhooks(&["shop"], at(1_000), at(2_000), 3).await.unwrap();
                if due.is_empty() {
                    return claimed;
                }
                claimed.extend(due.into_iter().map(|webhook| webhook.id));
            }
        })
    });
    let claimed: Vec<String> = join_all(workers).await.into_iter().flat_map(Result::unwrap).collect();
    assert_eq!(claimed.len(), all.len(), "{claimed:?}");
    assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>(), all);
}

async fn the_earliest_is_claimed_first(home: Home) {
    assert_eq!(home.open().await.next_webhook(&["shop"]).await.unwrap(), None);
    let store = filled(&home).await;
    assert_eq!(store.next_webhook(&["shop"]).await.unwrap(), Some(at(5)));
    assert_eq!(store.claim_webhooks(&["shop"], at(4), at(100), 9).await.unwrap(), []);
    // Of one moment, as they were written.
    let claimed = store.claim_webhooks(&["shop"], at(10), at(100), 2).await.unwrap();
    assert_eq!(claimed, [waiting("b1", "B", 5, 100), waiting("a1", "A", 10, 100)]);
    assert_eq!(ids(&store.claim_webhooks(&["shop"], at(10), at(200), 9).await.unwrap()), ["a2"]);
    assert_eq!(store.claim_webhooks(&["shop"], at(99), at(300), 9).await.unwrap(), []);
    // A lease runs out.
    assert_eq!(store.next_webhook(&["shop"]).await.unwrap(), Some(at(100)));
    assert_eq!(ids(&store.claim_webhooks(&["shop"], at(100), at(300), 9).await.unwrap()), ["a1", "b1"]);
}

async fn of_two_who_have_it_the_later_writes(home: Home) {
    let store = filled(&home).await;
    assert_eq!(ids(&store.claim_webhooks(&["shop"], at(5), at(50), 9).await.unwrap()), ["b1"]);
    assert_eq!(ids(&store.claim_webhooks(&["shop"], at(50), at(90), 1).await.unwrap()), ["a1"]);
    assert_eq!(ids(&store.claim_webhooks(&["shop"], at(50), at(90), 9).await.unwrap()), ["a2", "b1"]);
    assert!(!store.finish_webhook("b1", at(50), &failed(51, None)).await.unwrap(), "its lease has run out");
    assert_eq!(one(&*store, "b1").await, waiting("b1", "B", 5, 90));
    assert!(store.finish_webhook("b1", at(90), &delivered(52)).await.unwrap());
    assert!(!store.finish_webhook("b1", at(90), &failed(53, None)).await.unwrap(), "it has arrived");
    assert!(!store.finish_webhook("none", at(90), &failed(53, None)).await.unwrap());
}

async fn what_came_of_it_is_kept(home: Home) {
    let store = filled(&home).await;
    assert_eq!(ids(&store.claim_webhooks(&["shop"], at(5), at(50), 9).await.unwrap()), ["b1"]);
    assert!(store.finish_webhook("b1", at(50), &failed(6, Some(11))).await.unwrap());
    let once = Webhook {
        tries: 1,
        last_at: Some(at(6)),
        last_status: Some(500),
        last_error: Some("no".to_owned()),
        ..waiting("b1", "B", 5, 11)
    };
    assert_eq!(one(&*store, "b1").await, once);
    assert_eq!(ids(&store.claim_webhooks(&["shop"], at(10), at(60), 9).await.unwrap()), ["a1", "a2"]);
    assert_eq!(ids(&store.claim_webhooks(&["shop"], at(11), at(61), 9).await.unwrap()), ["b1"]);
    assert!(store.finish_webhook("b1", at(61), &delivered(12)).await.unwrap());
    let twice = Webhook {
        state: WebhookState::Delivered,
        next_at: None,
        tries: 2,
        last_at: Some(at(12)),
        last_status: Some(204),
        last_error: None,
        delivered_at: Some(at(12)),
        ..once
    };
    assert_eq!(one(&*store, "b1").await, twice);
    assert!(store.finish_webhook("a1", at(60), &Tried { status: None, ..failed(13, None) }).await.unwrap());
    let given_up = one(&*store, "a1").await;
    assert_eq!((given_up.state, given_up.next_at, given_up.last_status), (WebhookState::GivenUp, None, None));
    assert_eq!(store.next_webhook(&["shop"]).await.unwrap(), Some(at(60)));
}

async fn is_sent_again_under_the_same_id(home: Home) {
    let store = filled(&home).await;
    assert_eq!(store.send_webhook_again("shop", "none", at(7)).await.unwrap(), None);
    assert_eq!(ids(&store.claim_webhooks(&["shop"], at(5), at(50), 9).await.unwrap()), ["b1"]);
    assert!(store.finish_webhook("b1", at(50), &delivered(6)).await.unwrap());
    let again = store.send_webhook_again("shop", "b1", at(7)).await.unwrap().unwrap();
    let expected = Webhook { last_at: Some(at(6)), last_status: Some(204), ..waiting("b1", "B", 5, 7) };
    assert_eq!(again, expected);
    assert_eq!(one(&*store, "b1").await, expected);
    assert_eq!(ids(&store.claim_webhooks(&["shop"], at(7), at(70), 9).await.unwrap()), ["b1"]);
}

async fn is_listed(home: Home) {
    let store = filled(&home).await;
    assert_eq!(ids(&store.claim_webhooks(&["shop"], at(5), at(50), 9).await.unwrap()), ["b1"]);
    assert!(store.finish_webhook("b1", at(50), &delivered(6)).await.unwrap());
    let of = |state, order_id: Option<&str>, before: Option<&str>| WebhookFilter {
        shop: None,
        state,
        order_id: order_id.map(str::to_owned),
        before: before.map(str::to_owned),
    };
    let cases = [
        (of(None, None, None), vec!["b1", "a2", "a1"]),
        (of(Some(WebhookState::Waiting), None, None), vec!["a2", "a1"]),
        (of(Some(WebhookState::Delivered), None, None), vec!["b1"]),
        (of(Some(WebhookState::GivenUp), None, None), vec![]),
        (of(None, Some("A"), None), vec!["a2", "a1"]),
        (of(None, None, Some("b1")), vec!["a2", "a1"]),
        (of(Some(WebhookState::Waiting), Some("A"), Some("a2")), vec!["a1"]),
        (of(None, Some("C"), None), vec![]),
        (of(None, None, Some("none")), vec![]),
    ];
    for (filter, expected) in cases {
        assert_eq!(ids(&listed(&*store, filter.clone()).await), expected, "{filter:?}");
    }
    assert_eq!(ids(&store.list_webhooks(&WebhookFilter::default(), 1).await.unwrap()), ["b1"]);
}
