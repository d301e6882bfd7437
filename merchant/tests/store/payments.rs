//! Orders by the time at which they were paid, and paid back.

use wechat_cashier_merchant::store::{Change, PaymentId, Row, Saved, Store, TransactionId};

use crate::home::{Home, at, ids, order};

crate::on_both!(orders_are_found_by_when_money_moved, times_that_were_not_kept_are_filled_in, the_first_is_known);

async fn paid(store: &dyn Store, order_id: &str, payments: &[(&str, Option<i64>)]) {
    let of = |(id, millis): &(&str, Option<i64>)| TransactionId {
        transaction_id: (*id).to_owned(),
        success_time: millis.map(at),
    };
    let change = Change { transaction_ids: payments.iter().map(of).collect(), ..Change::of(order(order_id)) };
    assert_eq!(store.insert(&change).await.unwrap(), Saved::Yes);
}

async fn orders_are_found_by_when_money_moved(home: Home) {
    let store = home.open().await;
    paid(&*store, "C", &[("1", Some(10)), ("2", Some(15))]).await;
    paid(&*store, "A", &[("3", Some(9)), ("4", Some(20))]).await;
    paid(&*store, "b", &[("5", Some(19))]).await;
    paid(&*store, "B", &[("6", None)]).await;
    paid(&*store, "D", &[]).await;
    for (order_id, refunded_at) in [("E", vec![at(9), at(19)]), ("F", vec![at(20)])] {
        assert_eq!(store.insert(&Change { refunded_at, ..Change::of(order(order_id)) }).await.unwrap(), Saved::Yes);
    }
    let found = async |after: &str, limit| store.moved_between(at(10), at(20), after, limit).await.unwrap();
    assert_eq!(ids(&found("", 9).await), ["C", "E", "b"]);
    assert_eq!(found("", 9).await[0], order("C"));
    assert_eq!((ids(&found("", 1).await), ids(&found("C", 1).await)), (vec!["C"], vec!["E"]));
    assert_eq!(ids(&found("b", 1).await), [] as [&str; 0]);
}

async fn times_that_were_not_kept_are_filled_in(home: Home) {
    let store = home.open().await;
    paid(&*store, "A", &[("1", None), ("2", Some(10))]).await;
    let untimed = store.untimed(9).await.unwrap();
    assert_eq!(untimed, [PaymentId { transaction_id: "1".into(), order_id: "A".into() }]);
    store.time(&[(untimed[0].clone(), at(5))]).await.unwrap();
    assert_eq!(store.untimed(9).await.unwrap(), []);
    assert_eq!(ids(&store.moved_between(at(5), at(6), "", 9).await.unwrap()), ["A"]);
}

async fn the_first_is_known(home: Home) {
    let store = home.open().await;
    assert_eq!(store.first_order(&[]).await.unwrap(), None);
    paid(&*store, "A", &[]).await;
    assert_eq!(store.first_order(&[]).await.unwrap(), Some(at(1_000)));
    let later = Row { shop: "tea".to_owned(), created_at: at(2_000), ..order("B") };
    assert_eq!(store.insert(&Change::of(later)).await.unwrap(), Saved::Yes);
    for (shops, first) in [(&["tea"][..], Some(2_000)), (&["tea", "shop"], Some(1_000)), (&["cake"], None)] {
        assert_eq!(store.first_order(shops).await.unwrap(), first.map(at), "{shops:?}");
    }
}
