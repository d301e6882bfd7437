//! Server-sent events.

use axum::body::{Body, BodyDataStream};
use axum::http::Request;
use futures_util::StreamExt;
use serde_json::json;
use tower::ServiceExt;
use wechat_cashier::contract::{Order, OrderStatus, decode};

use crate::bench::{Bench, code};

async fn next_order(stream: &mut BodyDataStream) -> Order {
    let bytes = stream.next().await.unwrap().unwrap();
    let text = std::str::from_utf8(&bytes).unwrap();
    decode(text.strip_prefix("data: ").unwrap_or_else(|| panic!("{text}")).trim()).unwrap()
}

#[tokio::test]
async fn each_event_is_an_order_and_paid_is_one() {
    let bench = Bench::new().await;
    let page = bench.order_of(json!({ "events": true })).await;
    let events_url = page.status().await.events_url.unwrap();
    let events_url = &events_url[events_url.find("/api/").unwrap()..];
    let response = bench.router().oneshot(Request::get(events_url).body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["cache-control"], "no-store, no-transform");
    let mut stream = response.into_body().into_data_stream();

    assert_eq!(next_order(&mut stream).await.status, OrderStatus::Pending);
    let payment = page.payment("key-1").await;
    assert_eq!(next_order(&mut stream).await.payment, Some(payment.clone()));
    bench.pay(&code(&payment)).await;
    assert_eq!(next_order(&mut stream).await.status, OrderStatus::Paid);

    let requests = || async { bench.get(&format!("/sandbox/orders/{}/requests", page.order_id)).await.json() };
    let events = |report: serde_json::Value| {
        report["requests"].as_array().unwrap().iter().find(|request| request["call"] == "events").unwrap().clone()
    };
    let open = events(requests().await);
    assert_eq!((&open["end_ms"], &open["path"]), (&json!(null), &json!(page.path("/events"))));
    drop(stream);
    assert!(events(requests().await)["end_ms"].is_u64());
}
