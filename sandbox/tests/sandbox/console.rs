//! The merchant's console, and what the panel has for a newcomer at it: keys, what the shop hears, a bill that differs.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};

use crate::bench::{Bench, code};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Comes in by a key. Gives the cookie.
async fn log_in(bench: &Bench, key: &str) -> String {
    let request = Request::builder()
        .method(Method::POST)
        .uri("/console/login")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(format!("key={key}")))
        .unwrap();
    let came = bench.send(request).await;
    assert_eq!((came.status, came.header("location")), (StatusCode::SEE_OTHER, Some("/console/")), "{}", came.text);
    came.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_panels_keys_open_the_console() {
    let bench = Bench::new().await;
    let order = bench.order().await;
    let told = bench.get("/sandbox/console").await.json();
    assert_eq!(told["url"], "/console/");
    for key in told["keys"].as_array().unwrap() {
        let cookie = log_in(&bench, key["key"].as_str().unwrap()).await;
        let page = bench.visit("/console/", &[("cookie", &cookie)]).await;
        assert!(page.text.contains(&order.order_id), "{}: {}", key["name"], page.text);
    }
}

#[tokio::test]
async fn what_the_shop_hears_is_listed_as_it_comes() {
    let bench = Bench::new().await;
    assert_eq!(bench.get("/sandbox/webhooks").await.json(), json!([]));
    let order = bench.order().await;
    bench.pay(&code(&order.payment("key-1").await)).await;
    bench.advance(0).await;
    let heard = bench.get("/sandbox/webhooks").await.json();
    assert_eq!(heard.as_array().unwrap().len(), 1, "{heard}");
    let first = &heard[0];
    assert_eq!(
        (&first["type"], &first["about"], &first["times"]),
        (&json!("order.paid"), &json!(order.order_id), &json!(1))
    );
}

/// The kinds of what differs on the day before, and whether the shop was told.
async fn differences(bench: &Bench) -> (Vec<Value>, bool) {
    let now = bench.get("/sandbox/clock").await.json()["now"].as_str().unwrap().to_owned();
    let then = wechat_cashier::contract::Timestamp::parse(&now).unwrap().millis();
    let next = (then + 8 * 3_600_000).div_euclid(DAY_MS) * DAY_MS + DAY_MS - 8 * 3_600_000 + 36_600_000;
    bench.advance(next - then).await;
    let keys = bench.get("/sandbox/console").await.json();
    let cookie = log_in(bench, keys["keys"][0]["key"].as_str().unwrap()).await;
    let days = bench.visit("/console/days", &[("cookie", &cookie)]).await.text;
    let day = days.split("/console/days/").nth(1).unwrap().split('"').next().unwrap();
    let report = bench.visit(&format!("/console/days/{day}.json"), &[("cookie", &cookie)]).await.json();
    let of = report["compared"]["differences"].as_array().unwrap();
    let heard = bench.get("/sandbox/webhooks").await.json();
    let is_told = heard.as_array().unwrap().iter().any(|one| one["type"] == "reconciliation.different");
    (of.iter().map(|difference| difference["kind"].clone()).collect(), is_told)
}

#[tokio::test]
async fn a_bill_differs_in_what_was_planted() {
    for (fault, kind) in [
        (json!({ "kind": "bill_line_missing" }), "missing_there"),
        (json!({ "kind": "bill_wrong_amount", "total": 1 }), "amount"),
        (json!({ "kind": "bill_wrong_state" }), "state"),
    ] {
        let bench = Bench::new().await;
        let order = bench.order().await;
        bench.pay(&code(&order.payment("key-1").await)).await;
        order.set_faults(json!([fault])).await;
        assert_eq!(differences(&bench).await, (vec![json!(kind)], true), "{fault}");
    }
}

#[tokio::test]
async fn a_day_that_agrees_is_not_told() {
    let bench = Bench::new().await;
    let order = bench.order().await;
    bench.pay(&code(&order.payment("key-1").await)).await;
    assert_eq!(differences(&bench).await, (vec![], false));
}
