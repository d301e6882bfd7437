//! What is due is given to one at a time.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use wechat_cashier_merchant::store::{Change, Row, Saved};

use crate::home::{Home, at, due, ids, order};

crate::on_both!(
    the_earliest_comes_first,
    nobody_gets_an_order_that_another_has,
    a_lease_runs_out,
    saving_ends_a_lease,
    of_two_who_hold_an_order_one_saves
);

async fn the_earliest_comes_first(home: Home) {
    let store = home.open().await;
    assert_eq!(store.next_due().await.unwrap(), None);
    for (order_id, next_at) in [("C", 30), ("A", 10), ("D", 40), ("B", 20)] {
        assert_eq!(store.insert(&due(order_id, next_at)).await.unwrap(), Saved::Yes);
    }
    assert_eq!(store.insert(&Change::of(order("never"))).await.unwrap(), Saved::Yes);
    assert_eq!(store.next_due().await.unwrap(), Some(at(10)));

    assert_eq!(store.claim_due(at(9), at(100), 10).await.unwrap(), []);
    assert_eq!(ids(&store.claim_due(at(30), at(100), 2).await.unwrap()), ["A", "B"]);
    assert_eq!(store.next_due().await.unwrap(), Some(at(30)));
    let claimed = store.claim_due(at(30), at(100), 2).await.unwrap();
    assert_eq!(claimed, [Row { next_at: Some(at(100)), ..order("C") }]);
    assert_eq!(store.load("C").await.unwrap().as_ref(), claimed.first());
    assert_eq!(store.claim_due(at(30), at(100), 2).await.unwrap(), []);
    assert_eq!(store.next_due().await.unwrap(), Some(at(40)));
    assert_eq!(store.claim_due(at(40), at(100), 0).await.unwrap(), []);
}

async fn nobody_gets_an_order_that_another_has(home: Home) {
    let stores = [home.open().await, home.open().await];
    let all: BTreeSet<String> = (0..80).map(|number| format!("{number:02}")).collect();
    for (next_at, order_id) in (0..).zip(&all) {
        assert_eq!(stores[0].insert(&due(order_id, next_at)).await.unwrap(), Saved::Yes);
    }
    let workers = (0..16).map(|number| {
        let store = stores[number % 2].clone();
        tokio::spawn(async move {
            let mut claimed = Vec::new();
            loop {
                let rows = store.claim_due(at(1_000), at(2_000), 3).await.unwrap();
                if rows.is_empty() {
                    return claimed;
                }
                claimed.extend(rows.into_iter().map(|row| row.order_id));
            }
        })
    });
    let claimed: Vec<String> = join_all(workers).await.into_iter().flat_map(Result::unwrap).collect();
    assert_eq!(claimed.len(), all.len(), "{claimed:?}");
    assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>(), all);
}

async fn a_lease_runs_out(home: Home) {
    let store = home.open().await;
    assert_eq!(store.insert(&due("A", 10)).await.unwrap(), Saved::Yes);
    assert_eq!(ids(&store.claim_due(at(10), at(50), 9).await.unwrap()), ["A"]);
    assert_eq!(store.claim_due(at(49), at(90), 9).await.unwrap(), []);
    let again = store.claim_due(at(50), at(90), 9).await.unwrap();
    assert_eq!(again, [Row { next_at: Some(at(90)), ..order("A") }]);
}

async fn saving_ends_a_lease(home: Home) {
    let store = home.open().await;
    assert_eq!(store.insert(&due("A", 10)).await.unwrap(), Saved::Yes);
    let claimed = store.claim_due(at(10), at(50), 9).await.unwrap().remove(0);
    let later = Row { next_at: Some(at(20)), ..claimed };
    assert_eq!(store.save(&Change::of(later)).await.unwrap(), Saved::Yes);
    let again = store.claim_due(at(20), at(70), 9).await.unwrap();
    assert_eq!(again, [Row { version: 1, next_at: Some(at(70)), ..order("A") }]);
}

async fn of_two_who_hold_an_order_one_saves(home: Home) {
    let store = home.open().await;
    assert_eq!(store.insert(&due("A", 10)).await.unwrap(), Saved::Yes);
    let slow = store.claim_due(at(10), at(50), 9).await.unwrap().remove(0);
    let other = store.claim_due(at(50), at(90), 9).await.unwrap().remove(0);
    assert_eq!(store.save(&Change::of(Row { next_at: None, ..other })).await.unwrap(), Saved::Yes);
    assert_eq!(store.save(&Change::of(Row { doc: "slow".into(), ..slow })).await.unwrap(), Saved::Stale);
    assert_eq!(store.load("A").await.unwrap(), Some(Row { version: 1, ..order("A") }));
}
