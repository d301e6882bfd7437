//! How the merchant learns of a payment: told late, told again, or by asking.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;
use wechat_cashier::contract::OrderStatus;

use crate::bench::{Bench, code};

#[tokio::test]
async fn a_lost_notify_is_found_by_asking() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "notify_lost" }])).await;
    bench.pay(&code(&page.payment("key-1").await)).await;
    assert_eq!(page.status().await.status, OrderStatus::Pending);
    // Whoever wants it verified has the platform asked, and the merchant asks by itself.
    bench.advance(2_000).await;
    assert_eq!(page.status().await.status, OrderStatus::Pending);
    assert_eq!(page.verified().await.status, OrderStatus::Paid);
    let other = bench.order().await;
    other.set_faults(json!([{ "kind": "notify_lost" }])).await;
    bench.pay(&code(&other.payment("key-1").await)).await;
    bench.advance(5_000).await;
    assert_eq!(other.status().await.status, OrderStatus::Paid);
}

#[tokio::test]
async fn a_late_notify_comes_when_the_clock_gets_there() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "notify_late", "ms": 4_000 }])).await;
    bench.pay(&code(&page.payment("key-1").await)).await;
    bench.advance(3_999).await;
    assert_eq!(page.status().await.status, OrderStatus::Pending);
    bench.advance(1).await;
    assert_eq!(page.status().await.status, OrderStatus::Paid);
}

#[tokio::test]
async fn real_time_delivers_a_late_notify_too() {
    let bench = Bench::new().await;
    bench.post("/sandbox/clock", json!({ "freeze": false })).await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "notify_late", "ms": 50 }])).await;
    bench.pay(&code(&page.payment("key-1").await)).await;
    let patience = Instant::now() + Duration::from_secs(10);
    while page.seen().await["status"] != "paid" {
        assert!(Instant::now() < patience, "the notify never came");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_late_payment_turns_a_closed_order_paid() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let text = code(&page.payment("key-1").await);
    let scan_id = bench.scan(&text, "A").await.json()["scan_id"].clone();
    page.set_faults(json!([{ "kind": "paid_after_expiry" }, { "kind": "closed_by_merchant" }])).await;
    bench.advance(20 * 60_000).await;
    assert_eq!(page.status().await.status, OrderStatus::Closed);
    let paid = bench.post("/wechat/pay", json!({ "scan_id": scan_id })).await;
    assert_eq!(paid.json()["result"], "paid", "{}", paid.text);
    let order = page.status().await;
    assert_eq!(order.status, OrderStatus::Paid);
    assert_eq!(order.paid_at.unwrap().millis(), order.now.millis() / 1000 * 1000);
}
