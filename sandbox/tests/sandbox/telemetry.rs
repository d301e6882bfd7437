//! What cashiers send about their visits, and the funnel that is made of it.

use std::fs;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use wechat_cashier::contract::{FunnelBatch, Order};
use wechat_cashier_merchant::telemetry::Funnel;

use crate::bench::{Answer, Bench};

/// As `sendBeacon` posts a text.
async fn beacon(bench: &Bench, body: impl Into<Body>) -> Answer {
    let request = Request::post("/telemetry").header(header::CONTENT_TYPE, "text/plain;charset=UTF-8");
    bench.send(request.body(body.into()).unwrap()).await
}

async fn sends(bench: &Bench, batch: &Value) {
    let answer = beacon(bench, batch.to_string()).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NO_CONTENT, ""));
}

async fn funnel(bench: &Bench) -> Funnel {
    serde_json::from_value(bench.get("/sandbox/funnel").await.json()).unwrap()
}

async fn batches(bench: &Bench) -> Vec<FunnelBatch> {
    serde_json::from_value(bench.get("/sandbox/telemetry").await.json()).unwrap()
}

fn batch(id: &str, visit: &str, events: &Value) -> Value {
    json!({ "v": 1, "batch_id": id, "visit": visit, "lang": "en", "layout": "page", "sent_at_ms": 9, "dropped": 0, "events": events })
}

fn counts(funnel: &Funnel) -> Vec<(&str, u64)> {
    funnel.steps.iter().chain(&funnel.endings).map(|step| (step.name.as_str(), step.visits)).collect()
}

#[tokio::test]
async fn an_order_says_where_telemetry_goes_unless_it_was_told_not_to() {
    let bench = Bench::new().await;
    assert_eq!(bench.order().await.status().await.telemetry_url.as_deref(), Some("/telemetry"));
    let order: Order = bench.order_of(json!({ "telemetry": false })).await.status().await;
    assert_eq!(order.telemetry_url, None);
}

#[tokio::test]
async fn a_batch_counts_once_however_often_it_comes() {
    let bench = Bench::new().await;
    let events = json!([{ "name": "shown", "at_ms": 0 }, { "name": "error", "at_ms": 5, "code": "offline" }]);
    for _ in 0..3 {
        sends(&bench, &batch("b1", "v1", &events)).await;
    }
    let funnel = funnel(&bench).await;
    assert_eq!((funnel.visits, funnel.batches, funnel.errors[0].times), (1, 1, 1));
    assert_eq!(batches(&bench).await.len(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_batch_is_named() {
    let bench = Bench::new().await;
    let wrong = |change: fn(&mut Value)| {
        let mut wrong = batch("b1", "v1", &json!([{ "name": "shown", "at_ms": 0 }]));
        change(&mut wrong);
        wrong.to_string()
    };
    for (body, detail) in [
        (String::new(), "expected JSON, got an empty answer"),
        ("v=1".to_owned(), "expected JSON, got `v=1`"),
        (wrong(|batch| batch["v"] = json!(2)), "v: expected 1, got 2"),
        (
            wrong(|batch| batch["batch_id"] = json!("")),
            "batch_id: expected 1 to 64 characters of [0-9A-Za-z_-], got \"\"",
        ),
        (wrong(|batch| batch["events"] = json!([])), "events: expected 1 to 100 events, got 0"),
        (
            wrong(|batch| batch["events"][0]["at_ms"] = json!(-1)),
            "events[0].at_ms: expected an integer from 0 to 2^53 - 1, got -1",
        ),
        (
            wrong(|batch| batch["events"][0]["name"] = json!("error")),
            "events[0]: missing field `code`, which `error` needs",
        ),
        (
            wrong(|batch| batch["events"][0]["name"] = json!("scrolled")),
            "events[0].name: this version's cashier sends no such event",
        ),
    ] {
        let answer = beacon(&bench, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        let problem = answer.json();
        assert_eq!((problem["code"].as_str(), problem["detail"].as_str()), (Some("invalid_request"), Some(detail)));
    }
    assert!(batches(&bench).await.is_empty());
}

#[tokio::test]
async fn a_body_beyond_what_a_beacon_holds_is_refused() {
    let bench = Bench::new().await;
    let answer = beacon(&bench, vec![b' '; (64 << 10) + 1]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_latest_two_thousand_batches_are_kept() {
    let bench = Bench::new().await;
    for number in 0..2_005 {
        let events = json!([{ "name": "shown", "at_ms": 0 }]);
        sends(&bench, &batch(&format!("b{number}"), &format!("v{number}"), &events)).await;
    }
    let kept = batches(&bench).await;
    assert_eq!((kept.len(), kept[0].batch_id.as_str()), (2_000, "b5"));
    assert_eq!(funnel(&bench).await.visits, 2_000);
}

#[tokio::test]
async fn batches_of_one_visit_are_put_together_in_the_order_of_what_happened() {
    let bench = Bench::new().await;
    let late = json!([{ "name": "shown", "at_ms": 0 }, { "name": "qr", "at_ms": 900 }, { "name": "abandoned", "at_ms": 5_000 }]);
    let early = json!([{ "name": "shown", "at_ms": 60_000 }, { "name": "paid", "at_ms": 61_000 }]);
    sends(&bench, &batch("b2", "v1", &early)).await;
    let funnel_before = funnel(&bench).await;
    assert_eq!(funnel_before.laps.iter().find(|lap| lap.from == "begun"), None);
    sends(&bench, &batch("b1", "v1", &late)).await;
    let funnel = funnel(&bench).await;
    assert_eq!(
        counts(&funnel),
        [
            ("shown", 1),
            ("method", 0),
            ("begun", 1),
            ("confirming", 0),
            ("paid", 1),
            ("paid", 1),
            ("closed", 0),
            ("expired", 0),
            ("abandoned", 0),
            ("open", 0)
        ]
    );
    let lap = funnel.laps.iter().find(|lap| lap.from == "begun" && lap.to == "paid").unwrap();
    assert_eq!((lap.visits, lap.median_ms), (1, 60_100));
}

#[tokio::test]
async fn a_visit_whose_beginning_is_lost_is_none_and_what_was_dropped_is_told() {
    let bench = Bench::new().await;
    let mut rest = batch("b1", "v1", &json!([{ "name": "paid", "at_ms": 9 }]));
    rest["dropped"] = json!(7);
    sends(&bench, &rest).await;
    let funnel = funnel(&bench).await;
    assert_eq!((funnel.visits, funnel.batches, funnel.dropped), (0, 1, 7));
}

#[tokio::test]
async fn a_reset_forgets_it_and_so_does_the_page() {
    let bench = Bench::new().await;
    let shown = batch("b1", "v1", &json!([{ "name": "shown", "at_ms": 0 }]));
    sends(&bench, &shown).await;
    bench.post("/sandbox/reset", json!({})).await;
    assert_eq!(funnel(&bench).await.batches, 0);
    sends(&bench, &shown).await;
    assert_eq!(bench.with_json(Method::DELETE, "/sandbox/telemetry", Value::Null).await.status, StatusCode::NO_CONTENT);
    assert_eq!(funnel(&bench).await.batches, 0);
}

#[tokio::test]
async fn the_page_and_its_script_are_there_and_linked() {
    let bench = Bench::new().await;
    assert!(bench.get("/funnel").await.text.contains("/assets/funnel.js"));
    assert!(bench.get("/assets/funnel.js").await.text.contains("/sandbox/funnel"));
    for page in ["/", "/panel", "/phone", "/till", "/wechat"] {
        assert!(bench.get(page).await.text.contains("href=\"/funnel\""), "{page}");
    }
}

/// `tests/js/telemetry-sql.test.mjs` runs the queries of the document over the same batches.
#[tokio::test]
async fn the_worked_example_of_the_document_makes_these_numbers() {
    let bench = Bench::new().await;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/telemetry.md");
    let document = fs::read_to_string(path).unwrap();
    let (_, rest) = document.split_once("\n```jsonl\n").unwrap();
    let (lines, _) = rest.split_once("\n```").unwrap();
    for line in lines.lines() {
        sends(&bench, &serde_json::from_str(line).unwrap()).await;
    }
    let funnel = funnel(&bench).await;
    assert_eq!((funnel.visits, funnel.failed, funnel.batches, funnel.dropped), (8, 1, 9, 2));
    assert_eq!(
        counts(&funnel),
        [
            ("shown", 8),
            ("method", 8),
            ("begun", 8),
            ("confirming", 3),
            ("paid", 5),
            ("paid", 5),
            ("closed", 0),
            ("expired", 1),
            ("abandoned", 2),
            ("open", 0)
        ]
    );
    let laps: Vec<_> =
        funnel.laps.iter().map(|lap| (lap.from.as_str(), lap.to.as_str(), lap.visits, lap.median_ms)).collect();
    assert_eq!(
        laps,
        [
            ("shown", "begun", 8, 1_350),
            ("begun", "paid", 5, 40_300),
            ("confirming", "paid", 3, 1_500),
            ("shown", "paid", 5, 41_000)
        ]
    );
    let errors: Vec<_> =
        funnel.errors.iter().map(|error| (error.code.as_str(), error.visits, error.times, error.paid)).collect();
    assert_eq!(errors, [("offline", 2, 3, 1), ("no_bridge", 1, 1, 1)]);
}
