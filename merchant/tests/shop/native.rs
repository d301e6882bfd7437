//! Native: a code is scanned and paid.

use reqwest::Method;
use serde_json::json;

use crate::bench::{Bench, native};

#[tokio::test]
async fn a_code_is_scanned_paid_and_notified() {
    let bench = Bench::new().await;
    let token = bench.order("T20261130001", &["native"]).await;
    let pending = bench.ask("T20261130001", &token, "").await;
    assert_eq!(pending.body["status"], "pending", "{pending:?}");

    let payment = bench.pay("T20261130001", &token, "key-1", &native()).await;
    assert_eq!(payment.status, 201, "{payment:?}");
    let code_url = payment.body["action"]["content"].as_str().unwrap().to_owned();
    assert!(code_url.starts_with("weixin://"), "{code_url}");
    let shown = bench.ask("T20261130001", &token, "").await;
    assert_eq!(shown.body["payment"]["action"]["content"], code_url.as_str());

    let said = bench.scan_and_pay(&code_url).await;
    assert_eq!(said.body["result"], "paid", "{said:?}");
    bench.until("T20261130001", "paid").await;
    let paid = bench.ask("T20261130001", &token, "").await;
    assert_eq!((&paid.body["status"], &paid.body["paid_by"]), (&json!("paid"), &json!("native")));
    assert_eq!(paid.body["payment"], json!(null));

    let again = bench.pay("T20261130001", &token, "key-2", &native()).await;
    assert_eq!((again.status.as_u16(), &again.body["code"]), (409, &json!("order_paid")));
    let told = bench.shop(Method::GET, "/admin/v1/orders/T20261130001", None).await;
    let kinds: Vec<_> = told.body["journal"].as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect();
    assert_eq!(kinds, ["created", "taken", "placed", "reported"]);
    assert_eq!(told.body["journal"][3]["body"]["reported"]["source"], "notification");
}

#[tokio::test]
async fn a_lost_notification_is_found_by_verify() {
    let bench = Bench::new().await;
    let token = bench.order("T20261130002", &["native"]).await;
    let payment = bench.pay("T20261130002", &token, "key-1", &native()).await;
    let fault = json!([{ "kind": "notify_lost" }]);
    let set = bench.simulated(Method::PUT, "/simulator/faults", Some(fault)).await;
    assert!(set.status.is_success(), "{set:?}");
    bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    bench.advance(5_000).await;
    bench.until("T20261130002", "paid").await;
    let told = bench.shop(Method::GET, "/admin/v1/orders/T20261130002", None).await;
    assert_eq!(told.body["journal"][3]["body"]["reported"]["source"], "query", "{told:?}");
}
