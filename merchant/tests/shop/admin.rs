//! What the shop calls, as its document says it.

use std::fs;

use reqwest::Method;
use serde_json::{Value, json};

use crate::bench::{ADMIN_KEY, Answer, Bench, READ_KEY, send};

fn document() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/admin-openapi.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

async fn post(bench: &Bench, path: &str, body: String) -> Answer {
    send(bench.http.post(format!("{}{path}", bench.merchant)).bearer_auth(ADMIN_KEY).body(body)).await
}

#[tokio::test]
async fn each_call_wants_the_scope_that_its_document_says() {
    let bench = Bench::new().await;
    let document = document();
    let mut calls = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = path.replace("{order_id}", "A20261130001").replace("{date}", "2026-01-01").replace("{id}", "msg_1");
        for (method, operation) in methods.as_object().unwrap() {
            let scope = operation["security"][0]["key"][0].as_str().unwrap();
            let call = async |key: Option<&str>| {
                let method: Method = method.to_uppercase().parse().unwrap();
                let request = bench.http.request(method, format!("{}{path}", bench.merchant));
                send(match key {
                    Some(key) => request.bearer_auth(key),
                    None => request,
                })
                .await
            };
            assert_eq!(call(None).await.status, 401, "{method} {path}");
            let looked = call(Some(READ_KEY)).await;
            assert_eq!(looked.status == 401, scope != "read", "{method} {path}: {looked:?}");
            if scope != "read" {
                let said = format!("the key bookkeeping is not good for {scope}: shop.keys");
                assert_eq!(looked.body["detail"], said, "{method} {path}");
            }
            calls += 1;
        }
    }
    assert!(calls >= 13, "{calls}");
}

#[tokio::test]
async fn what_is_beyond_a_limit_is_refused_with_the_limit() {
    let bench = Bench::new().await;
    let order = |change: (&str, Value)| {
        let mut order = json!({
            "order_id": "A20261130002", "amount": { "value": 1, "currency": "CNY" }, "description": "茶",
        });
        order[change.0] = change.1;
        order.to_string()
    };
    let long = |bytes: usize| json!("x".repeat(bytes));
    for (body, detail) in [
        (order(("description", long(70_000))), "the body has more than 65536 bytes"),
        (order(("methods", json!(vec!["native"; 17]))), "methods: expected 1 to 16, got 17"),
        (order(("methods", json!([]))), "methods: expected 1 to 16, got 0"),
        (order(("return_url", long(2_049))), "return_url: expected at most 2048 bytes, got 2049"),
        (order(("telemetry_url", long(2_049))), "telemetry_url: expected at most 2048 bytes, got 2049"),
    ] {
        let refused = post(&bench, "/admin/v1/orders", body).await;
        assert_eq!((refused.status.as_u16(), &refused.body["detail"]), (422, &json!(detail)), "{refused:?}");
        assert_eq!(refused.content_type, "application/problem+json");
    }
    bench.order("A20261130002", &["native"]).await;
    let openid = json!({ "openid": long(129) }).to_string();
    let refused = post(&bench, "/admin/v1/orders/A20261130002/mini-program", openid).await;
    assert_eq!(refused.body["detail"], "openid: expected 1 to 128 bytes, got 129");
    for (query, detail) in [
        ("orders?limit=201", "limit: expected 1 to 200, got 201"),
        ("orders?after=1.x", "after: expected `next` of an answer before"),
        ("webhooks?limit=201", "limit: expected a number from 1 to 200"),
    ] {
        let refused = bench.shop(Method::GET, &format!("/admin/v1/{query}"), None).await;
        assert_eq!((refused.status.as_u16(), &refused.body["detail"]), (422, &json!(detail)), "{refused:?}");
    }
}

#[tokio::test]
async fn a_key_that_calls_too_often_is_told_when_to_come_again() {
    let bench = Bench::configured(|config| config.limits.admin_requests_per_second = 5).await;
    let get = async |key: &str| {
        let url = format!("{}/admin/v1/orders", bench.merchant);
        bench.http.get(url).bearer_auth(key).send().await.unwrap()
    };
    // All at once: of more than a second's worth the rest is refused.
    let answers = futures_util::future::join_all((0..40).map(|_| get(ADMIN_KEY))).await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status() == 429).collect();
    assert!(refused.len() >= 20, "{}", refused.len());
    assert!(refused.iter().all(|answer| answer.headers()["retry-after"] == "1"));
    assert_eq!(get(READ_KEY).await.status(), 200, "another key has a pace of its own");
}
