//! A login is taken once.

use futures_util::future::join_all;
use wechat_cashier_merchant::store::{Change, Login, Saved};

use crate::home::{Home, at, order};

crate::on_both!(one_of_many_takes_a_login, an_expired_login_is_void, a_login_is_of_an_order);

fn login(expires_at: i64) -> Login {
    let page_url = "https://shop.example/pay?order=A".to_owned();
    Login { order_id: "A".to_owned(), page_url, expires_at: at(expires_at) }
}

async fn one_of_many_takes_a_login(home: Home) {
    let stores = [home.open().await, home.open().await];
    assert_eq!(stores[0].insert(&Change::of(order("A"))).await.unwrap(), Saved::Yes);
    for round in 0..5 {
        let state_hash = round.to_string();
        stores[0].keep_login(&state_hash, &login(100)).await.unwrap();
        // What is swept at the same time does not come between.
        for number in 0..20 {
            stores[0].keep_login(&format!("{round} {number}"), &login(10)).await.unwrap();
        }
        let takes = (0..20).map(|number| {
            let (store, state_hash) = (stores[number % 2].clone(), state_hash.clone());
            tokio::spawn(async move { store.take_login(&state_hash, at(10)).await.unwrap() })
        });
        let taken: Vec<Login> = join_all(takes).await.into_iter().filter_map(Result::unwrap).collect();
        assert_eq!(taken, [login(100)]);
    }
}

async fn an_expired_login_is_void(home: Home) {
    let store = home.open().await;
    assert_eq!(store.insert(&Change::of(order("A"))).await.unwrap(), Saved::Yes);
    for (state_hash, expires_at) in [("old", 10), ("swept", 20), ("good", 21)] {
        store.keep_login(state_hash, &login(expires_at)).await.unwrap();
    }
    assert_eq!(store.take_login("unknown", at(9)).await.unwrap(), None);
    assert_eq!(store.take_login("old", at(10)).await.unwrap(), None);
    assert_eq!(store.take_login("unknown", at(20)).await.unwrap(), None);
    // As it has been swept away, an earlier time does not bring it back.
    assert_eq!(store.take_login("swept", at(1)).await.unwrap(), None);
    assert_eq!(store.take_login("good", at(20)).await.unwrap(), Some(login(21)));
    assert_eq!(store.take_login("good", at(20)).await.unwrap(), None);
}

async fn a_login_is_of_an_order(home: Home) {
    let store = home.open().await;
    let error = store.keep_login("state", &login(100)).await.unwrap_err();
    assert!(!error.is_passing(), "{error}");
    let told = format!("{error} {error:?}");
    assert!(!told.contains("shop.example") && !told.contains("(A)"), "{told}");
    // The fault is no trouble to the next.
    assert_eq!(store.insert(&Change::of(order("A"))).await.unwrap(), Saved::Yes);
    store.keep_login("state", &login(100)).await.unwrap();
    let twice = store.keep_login("state", &login(100)).await.unwrap_err();
    assert!(!twice.is_passing(), "{twice}");
}
