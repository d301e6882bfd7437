//! How payers fare: pages tell it, the shop reads the counts, and nothing else depends on it.

use reqwest::Method;
use serde_json::{Value, json};
use wechat_cashier_merchant::day::Day;

use crate::bench::{Answer, Bench, send};

fn batch(id: &str, visit: &str, events: &Value) -> Value {
    json!({
        "v": 1, "batch_id": id, "visit": visit, "lang": "en", "layout": "page", "sent_at_ms": 9, "dropped": 0, "events": events,
        "of_a_later_version": true,
    })
}

/// As `sendBeacon` posts a text.
async fn beacon(bench: &Bench, body: String) -> Answer {
    let request = bench.http.post(format!("{}/api/telemetry", bench.merchant));
    send(request.header("content-type", "text/plain;charset=UTF-8").body(body)).await
}

/// Stage, method, surface and visits of each count.
async fn counts(bench: &Bench) -> Vec<(String, String, String, i64)> {
    let answer = bench.shop(Method::GET, "/admin/v1/funnel", None).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let text = |count: &Value, field: &str| count[field].as_str().unwrap().to_owned();
    let counts = answer.body["counts"].as_array().unwrap().iter();
    let today = Day::of(bench.backend.clock().now()).to_string();
    counts
        .map(|count| {
            assert_eq!(count["date"], today);
            (text(count, "stage"), text(count, "method"), text(count, "surface"), count["visits"].as_i64().unwrap())
        })
        .collect()
}

fn count(stage: &str, method: &str, visits: i64) -> (String, String, String, i64) {
    (stage.to_owned(), method.to_owned(), "page".to_owned(), visits)
}

#[tokio::test]
async fn an_order_says_where_its_pages_tell_it_unless_the_shop_wants_another_place_or_none() {
    let bench = Bench::new().await;
    let token = bench.order("F20261130001", &["native"]).await;
    let own = format!("{}/api/telemetry", bench.merchant);
    assert_eq!(bench.ask("F20261130001", &token, "").await.body["telemetry_url"], own);
    for (order_id, url, said) in
        [("F20261130002", "https://shop.example/t", json!("https://shop.example/t")), ("F20261130003", "", Value::Null)]
    {
        let order = json!({
            "order_id": order_id, "amount": { "value": 1, "currency": "CNY" }, "description": "茶", "telemetry_url": url,
        });
        let made = bench.shop(Method::POST, "/admin/v1/orders", Some(order)).await.body;
        assert_eq!(made["order"]["telemetry_url"], said);
    }
}

#[tokio::test]
async fn visits_are_counted_once_and_what_is_taken_back_is_not() {
    let bench = Bench::new().await;
    let shown = json!([
        { "name": "shown", "at_ms": 0 }, { "name": "method", "at_ms": 5, "method": "native" },
        { "name": "qr", "at_ms": 6, "method": "native" }, { "name": "abandoned", "at_ms": 9, "method": "native" },
    ]);
    for _ in 0..3 {
        assert_eq!(beacon(&bench, batch("b1", "v1", &shown).to_string()).await.status, 204);
    }
    let begun = [count("abandoned", "native", 1), count("begun", "native", 1), count("method", "native", 1)];
    assert_eq!(counts(&bench).await, [&begun[..], &[count("shown", "native", 1)]].concat());
    // Back, another way, and paid.
    let back = json!([
        { "name": "shown", "at_ms": 60 }, { "name": "method", "at_ms": 61, "method": "jsapi" },
        { "name": "a_step_of_a_later_version", "at_ms": 62 }, { "name": "paid", "at_ms": 65, "method": "jsapi" },
    ]);
    assert_eq!(beacon(&bench, batch("b2", "v1", &back).to_string()).await.status, 204);
    let words = json!([{ "name": "error", "at_ms": 0, "code": "offline", "method": "a_way_of_nobody" }]);
    assert_eq!(beacon(&bench, batch("b3", "v2", &words).to_string()).await.status, 204);
    let counted = [
        count("begun", "jsapi", 1),
        count("error", "other", 1),
        count("failed", "other", 1),
        count("method", "jsapi", 1),
        count("paid", "jsapi", 1),
        count("shown", "jsapi", 1),
    ];
    assert_eq!(counts(&bench).await, counted);
}

#[tokio::test]
async fn what_cannot_be_read_is_named_and_counts_for_nothing() {
    let bench = Bench::new().await;
    for (body, detail) in [
        ("v=1".to_owned(), "expected JSON, got `v=1`"),
        ("x".repeat(70_000), "Payload Too Large"),
        (batch("b1", "v1", &json!([])).to_string(), "events: expected 1 to 100 events, got 0"),
    ] {
        let refused = beacon(&bench, body).await;
        assert_eq!((refused.status.as_u16(), &refused.body["detail"]), (422, &json!(detail)), "{refused:?}");
    }
    assert_eq!(counts(&bench).await, []);
    for (query, detail) in [
        ("from=yesterday", "from: expected a day such as 2026-11-29"),
        ("from=2020-01-01", "from: expected a day up to `to`, and 92 days of them at most"),
    ] {
        let refused = bench.shop(Method::GET, &format!("/admin/v1/funnel?{query}"), None).await;
        assert_eq!((refused.status.as_u16(), &refused.body["detail"]), (422, &json!(detail)), "{refused:?}");
    }
}

#[tokio::test]
async fn without_a_database_pages_are_answered_and_it_is_counted_later() {
    let bench = Bench::new().await;
    let (other, address) = bench.another().await;
    other.store().close().await;
    let shown = batch("b1", "v1", &json!([{ "name": "shown", "at_ms": 0 }])).to_string();
    let answer = send(bench.http.post(format!("{address}/api/telemetry")).body(shown)).await;
    assert_eq!((answer.status.as_u16(), &answer.body), (204, &json!("")));
    // It cannot be written, and waits.
    other.visits(Day::of(other.clock().now()), Day::of(other.clock().now())).await.unwrap_err();
    assert_eq!(other.telemetry().to_be_written().len(), 1);
}
