//! Killed and started again.

use std::fs;

use axum::http::StatusCode;
use serde_json::json;
use wechat_cashier::contract::OrderStatus;

use crate::bench::{Bench, Page, ask_for, code};
use crate::oauth::logged_in;

#[tokio::test]
async fn nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let state = Some(folder.path().join("orders.db"));

    let first = Bench::with(None, state.clone()).await;
    let page = first.order().await;
    let payment = page.payment("key-1").await;
    let scan_id = first.scan(&code(&payment), "A").await.json()["scan_id"].clone();
    page.set_faults(json!([{ "kind": "notify_lost", "times": 1 }, { "kind": "slow", "ms": 5, "on": "payment" }])).await;
    first.advance(60_000).await;
    let (order_id, token, order) = (page.order_id.clone(), page.token.clone(), page.status().await);
    let second = first.again(state.clone()).await;
    let page = Page { bench: &second, order_id: order_id.clone(), token: token.clone() };
    assert_eq!(page.status().await, order);
    assert_eq!(page.payment("key-1").await.payment_id, payment.payment_id);
    assert_eq!(second.post("/wechat/pay", json!({ "scan_id": scan_id })).await.json()["result"], "paid");
    assert_eq!(page.status().await.status, OrderStatus::Pending);

    // The notify that is still owed is delivered by the next process.
    let third = second.again(state).await;
    let page = Page { bench: &third, order_id, token };
    third.advance(15_000).await;
    assert_eq!(page.status().await.status, OrderStatus::Paid);
}

#[tokio::test]
async fn nothing_of_the_other_ways_to_pay_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let state = Some(folder.path().join("orders.db"));

    let first = Bench::with(None, state.clone()).await;
    first.set_phone(json!({ "system": "ios", "ask_password": true })).await;
    let page =
        first.order_of(json!({ "methods": ["jsapi", "payment_code", { "id": "alipay", "label": "Alipay" }] })).await;
    logged_in(&page).await;
    page.set_faults(json!([{ "kind": "jsapi_bad_params", "field": "nonceStr" }])).await;
    let payment = page.ask_payment("key-1", ask_for("jsapi")).await.json();
    let code = first.get("/wechat/payment-code?account=A").await.json();
    let (order_id, token, order) = (page.order_id.clone(), page.token.clone(), page.ask("").await.json());
    assert_eq!(order["payment"]["action"]["params"].get("nonceStr"), None);
    let second = first.again(state.clone()).await;
    let page = Page { bench: &second, order_id: order_id.clone(), token: token.clone() };
    assert_eq!(second.get("/wechat/phone").await.json()["system"], "ios");
    assert_eq!(page.ask("").await.json(), order);
    assert_eq!(page.ask_payment("key-1", ask_for("jsapi")).await.json(), payment);
    assert_eq!(second.get("/wechat/payment-code?account=A").await.json(), code);
    let mut body = ask_for("payment_code");
    body["auth_code"] = code["code"].clone();
    assert_eq!(page.ask_payment("key-2", body).await.status, 201);

    // The password is asked for by the next process, which gives up in time.
    let third = second.again(state).await;
    assert_eq!(third.get("/wechat/sheets?account=A").await.json()["sheets"].as_array().unwrap().len(), 1);
    third.advance(45_000).await;
    assert_eq!(third.get("/wechat/sheets?account=A").await.json()["sheets"], json!([]));
}

#[tokio::test]
async fn an_unreadable_file_is_put_aside() {
    for (is_there, aside) in [(None, "orders.db.unreadable"), (Some("orders.db.unreadable"), "orders.db.unreadable-2")]
    {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders.db");
        is_there.iter().for_each(|other| fs::write(folder.path().join(other), "").unwrap());
        fs::write(&path, "{ half".repeat(1000)).unwrap();
        let (bench, notices) = Bench::open(None, Some(path.clone())).await;
        assert!(notices[0].contains(aside), "{notices:?}");
        assert_eq!(fs::read_to_string(folder.path().join(aside)).unwrap(), "{ half".repeat(1000));
        assert_eq!(bench.get("/sandbox/orders").await.json(), json!([]));
    }
}

#[tokio::test]
async fn reset_forgets_everything() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.status().await;
    let old = page.order_id.clone();
    assert_eq!(bench.post("/sandbox/reset", json!(null)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(bench.get("/sandbox/orders").await.json(), json!([]));
    assert_eq!(bench.get("/sandbox/clock").await.json()["frozen"], false);
    assert_ne!(bench.order().await.order_id, old);
}
