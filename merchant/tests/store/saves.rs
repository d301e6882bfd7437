//! Of several who write the same, one does.

use futures_util::future::join_all;
use wechat_cashier_merchant::store::{Change, Row, Saved, Taken};

use crate::home::{Home, entry, order};

crate::on_both!(
    one_save_of_many_wins,
    one_insert_of_many_wins,
    one_order_of_many_gets_a_number,
    a_save_needs_its_order
);

async fn one_save_of_many_wins(home: Home) {
    let stores = [home.open().await, home.open().await];
    assert_eq!(stores[0].insert(&Change::of(order("A"))).await.unwrap(), Saved::Yes);
    for version in 0..5 {
        let saves = (0..20).map(|number| {
            let store = stores[number % 2].clone();
            let row = Row { version, doc: number.to_string(), ..order("A") };
            let change = Change { entries: vec![entry(0, &number.to_string())], ..Change::of(row) };
            tokio::spawn(async move { store.save(&change).await.unwrap() })
        });
        let saved: Vec<Saved> = join_all(saves).await.into_iter().map(Result::unwrap).collect();
        let winners: Vec<usize> = (0..20).filter(|number| saved[*number] == Saved::Yes).collect();
        assert_eq!(winners.len(), 1, "{saved:?}");
        assert_eq!(saved.iter().filter(|saved| **saved == Saved::Stale).count(), 19, "{saved:?}");

        let winner = winners[0].to_string();
        let kept = stores[1].load("A").await.unwrap().unwrap();
        assert_eq!((kept.version, &kept.doc), (version + 1, &winner));
        assert_eq!(stores[1].entries("A").await.unwrap().last().unwrap().kind, winner);
    }
    assert_eq!(stores[0].entries("A").await.unwrap().len(), 5);
}

async fn one_insert_of_many_wins(home: Home) {
    let stores = [home.open().await, home.open().await];
    let inserts = (0..20).map(|number| {
        let store = stores[number % 2].clone();
        tokio::spawn(async move { store.insert(&Change::of(order("A"))).await.unwrap() })
    });
    let saved: Vec<Saved> = join_all(inserts).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(saved.iter().filter(|saved| **saved == Saved::Yes).count(), 1, "{saved:?}");
    assert_eq!(saved.iter().filter(|saved| **saved == Saved::Taken(Taken::OrderId)).count(), 19, "{saved:?}");
}

async fn one_order_of_many_gets_a_number(home: Home) {
    let stores = [home.open().await, home.open().await];
    let inserts = (0..20).map(|number| {
        let store = stores[number % 2].clone();
        let change = Change { out_trade_nos: vec!["X".into()], ..Change::of(order(&number.to_string())) };
        tokio::spawn(async move { store.insert(&change).await.unwrap() })
    });
    let saved: Vec<Saved> = join_all(inserts).await.into_iter().map(Result::unwrap).collect();
    let winners: Vec<usize> = (0..20).filter(|number| saved[*number] == Saved::Yes).collect();
    assert_eq!(winners.len(), 1, "{saved:?}");
    assert_eq!(saved.iter().filter(|saved| **saved == Saved::Taken(Taken::OutTradeNo)).count(), 19, "{saved:?}");
    assert_eq!(stores[0].order_of("X").await.unwrap(), Some(winners[0].to_string()));
}

async fn a_save_needs_its_order(home: Home) {
    let store = home.open().await;
    assert_eq!(store.save(&Change::of(order("A"))).await.unwrap(), Saved::Stale);
    assert_eq!(store.load("A").await.unwrap(), None);
}
