//! What is written is what is read.

use wechat_cashier_merchant::store::{Change, Row, Saved, Taken, TransactionId};

use crate::home::{Home, at, entry, order};

crate::on_both!(comes_back_as_it_was, is_unique_in_all_that_has_to_be, a_change_is_whole_or_not_at_all);

async fn comes_back_as_it_was(home: Home) {
    let store = home.open().await;
    assert_eq!(store.load("A").await.unwrap(), None);
    assert_eq!(store.order_of("A1").await.unwrap(), None);
    assert_eq!(store.order_of_transaction("42").await.unwrap(), None);
    assert_eq!(store.entries("A").await.unwrap(), []);

    let made = Change {
        // A version that nobody read is not believed.
        row: Row { version: 7, next_at: Some(at(i64::MAX)), ..order("A") },
        entries: vec![entry(3, "made"), entry(1, "sent")],
        out_trade_nos: vec!["A1".into(), "A2".into()],
        idempotency_keys: vec!["k".into()],
        transaction_ids: vec!["42".into()],
        webhooks: Vec::new(),
        refunded_at: vec![at(5), at(5)],
    };
    assert_eq!(store.insert(&made).await.unwrap(), Saved::Yes);
    let kept = Row { version: 0, ..made.row };
    assert_eq!(store.load("A").await.unwrap(), Some(kept.clone()));

    let paid = Row { status: "paid".into(), next_at: None, created_at: at(5), doc: String::new(), ..kept };
    let change = Change { entries: vec![entry(2, "paid")], ..Change::of(paid) };
    assert_eq!(store.save(&change).await.unwrap(), Saved::Yes);
    let kept = Row { version: 1, created_at: at(1_000), ..change.row };
    store.close().await;

    let store = home.open().await;
    assert_eq!(store.load("A").await.unwrap(), Some(kept));
    assert_eq!(store.entries("A").await.unwrap(), [entry(3, "made"), entry(1, "sent"), entry(2, "paid")]);
    assert_eq!(store.order_of("A2").await.unwrap().as_deref(), Some("A"));
    assert_eq!(store.order_of_transaction("42").await.unwrap().as_deref(), Some("A"));
    store.ping().await.unwrap();
}

async fn is_unique_in_all_that_has_to_be(home: Home) {
    let store = home.open().await;
    let change = |order_id: &str, numbers: &[&str], keys: &[&str], payments: &[&str]| {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let transaction_ids = payments.iter().map(|number| TransactionId::from(*number)).collect();
        let (out_trade_nos, idempotency_keys) = (owned(numbers), owned(keys));
        Change { out_trade_nos, idempotency_keys, transaction_ids, ..Change::of(order(order_id)) }
    };
    assert_eq!(store.insert(&change("A", &["A1"], &["k"], &["1"])).await.unwrap(), Saved::Yes);
    // A key is the order's own.
    assert_eq!(store.insert(&change("B", &["B1"], &["k"], &["2"])).await.unwrap(), Saved::Yes);

    let taken = [
        (change("A", &["A1"], &["k"], &["1"]), Taken::OrderId),
        (change("C", &["C1", "A1"], &["k"], &["1"]), Taken::OutTradeNo),
        (change("C", &["C1"], &["k", "k"], &["1"]), Taken::IdempotencyKey),
        (change("C", &["C1"], &["k"], &["3", "1"]), Taken::TransactionId),
    ];
    for (change, taken) in taken {
        assert_eq!(store.insert(&change).await.unwrap(), Saved::Taken(taken));
    }
    let taken = [
        (change("B", &["B1"], &[], &[]), Taken::OutTradeNo),
        (change("B", &["A1"], &[], &[]), Taken::OutTradeNo),
        (change("B", &["B2"], &["k"], &[]), Taken::IdempotencyKey),
        (change("B", &["B2"], &["l"], &["1"]), Taken::TransactionId),
    ];
    for (change, taken) in taken {
        assert_eq!(store.save(&change).await.unwrap(), Saved::Taken(taken));
    }
    // Nothing is left of what was refused.
    assert_eq!(store.load("C").await.unwrap(), None);
    assert_eq!(store.insert(&change("C", &["C1"], &["k"], &["3"])).await.unwrap(), Saved::Yes);
    assert_eq!(store.save(&change("B", &["B2"], &["l"], &[])).await.unwrap(), Saved::Yes);
}

async fn a_change_is_whole_or_not_at_all(home: Home) {
    let store = home.open().await;
    assert_eq!(store.insert(&Change::of(order("A"))).await.unwrap(), Saved::Yes);
    let taken = Change { out_trade_nos: vec!["X".into()], ..Change::of(order("B")) };
    assert_eq!(store.insert(&taken).await.unwrap(), Saved::Yes);

    let change = Change {
        row: Row { doc: "other".into(), ..order("A") },
        entries: vec![entry(1, "lost")],
        out_trade_nos: vec!["A1".into(), "X".into()],
        ..Change::of(order("A"))
    };
    assert_eq!(store.save(&change).await.unwrap(), Saved::Taken(Taken::OutTradeNo));
    assert_eq!(store.load("A").await.unwrap(), Some(order("A")));
    assert_eq!(store.entries("A").await.unwrap(), []);
    assert_eq!(store.order_of("A1").await.unwrap(), None);
}
