//! The request log that the browser tests count with.

use serde_json::json;

use crate::bench::{Bench, code};

#[tokio::test]
async fn it_tells_each_request_with_its_answer() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.status().await;
    let payment = page.payment("key-1").await;
    bench.pay(&code(&payment)).await;
    page.verified().await;
    let path = format!("/sandbox/orders/{}/requests", page.order_id);
    let report = bench.get(&path).await.json();
    assert_eq!((&report["status_requests"], &report["max_concurrent"]), (&json!(2), &json!(1)));
    let told: Vec<_> = report["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|request| {
            assert!(request["end_ms"].as_u64() >= request["start_ms"].as_u64());
            (
                request["call"].as_str().unwrap(),
                request["method"].as_str().unwrap(),
                request["answered"].as_str(),
                request["status"].as_u64(),
            )
        })
        .collect();
    let expected = [
        ("order", "GET", Some("pending"), Some(200)),
        ("payment", "POST", None, Some(201)),
        ("order", "GET", Some("paid"), Some(200)),
    ];
    assert_eq!(told, expected);
    assert_eq!(report["requests"][1]["idempotency_key"], "key-1");
    assert_eq!(report["requests"][2]["path"], page.path("?verify=1"));
    bench.with_json(axum::http::Method::DELETE, &path, json!(null)).await;
    assert_eq!(bench.get(&path).await.json()["requests"], json!([]));
}

#[tokio::test]
async fn it_sees_status_requests_that_overlap() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "slow", "ms": 100, "on": "order", "times": 2 }])).await;
    tokio::join!(page.ask(""), page.ask(""));
    let report = bench.get(&format!("/sandbox/orders/{}/requests", page.order_id)).await.json();
    assert_eq!(report["max_concurrent"], 2);
    assert_eq!(report["requests"][0]["faults"], json!([{ "kind": "slow", "ms": 100 }]));
}
