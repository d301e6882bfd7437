//! The shop is told of its orders, and the panel shows it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::bench::Bench;

/// What the panel shows of what the shop was told.
async fn shown(bench: &Bench, order_id: &str) -> Vec<Value> {
    let order = bench.get(&format!("/sandbox/orders/{order_id}")).await.json();
    order["webhooks"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_shop_is_told_of_its_order_and_the_panel_shows_it() {
    let bench = Bench::new().await;
    let order = bench.order().await;
    assert_eq!(shown(&bench, &order.order_id).await, Vec::<Value>::new());
    // The sandbox is settled before it answers: what is due to the shop has come by then.
    bench.post("/sandbox/clock", json!({ "advance_ms": 3_600_000 })).await;
    let told = shown(&bench, &order.order_id).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((&told[0]["type"], &told[0]["state"]), (&json!("order.closed"), &json!("delivered")), "{told:?}");
    assert_eq!((&told[0]["last_status"], &told[0]["heard"]), (&json!(204), &json!(1)));
}

#[tokio::test]
async fn what_its_backend_has_not_signed_is_refused() {
    let bench = Bench::new().await;
    let body = json!({ "type": "order.paid", "data": { "order_id": "T1" } });
    assert_eq!(bench.post("/shop/webhooks", body).await.status, StatusCode::UNAUTHORIZED);
}
