//! Orders in a list, and found by a number.

use reqwest::Method;
use serde_json::{Value, json};

use crate::bench::{Bench, native};

fn ids(answer: &Value) -> Vec<&str> {
    answer["orders"].as_array().unwrap().iter().map(|order| order["order_id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn orders_are_listed_page_by_page_the_last_one_first() {
    let bench = Bench::new().await;
    for number in 1..=5 {
        bench.order(&format!("L2026113000{number}"), &["native"]).await;
        bench.advance(1_000).await;
    }
    bench.shop(Method::POST, "/admin/v1/orders/L20261130002/close", None).await;
    let get = async |query: &str| bench.shop(Method::GET, &format!("/admin/v1/orders{query}"), None).await;
    let first = get("?limit=2").await.body;
    assert_eq!(ids(&first), ["L20261130005", "L20261130004"]);
    let second = get(&format!("?limit=2&after={}", first["next"].as_str().unwrap())).await.body;
    assert_eq!(ids(&second), ["L20261130003", "L20261130002"]);
    let third = get(&format!("?limit=2&after={}", second["next"].as_str().unwrap())).await.body;
    assert_eq!((ids(&third), &third["next"]), (vec!["L20261130001"], &Value::Null));
    assert_eq!(ids(&get("?status=closed").await.body), ["L20261130002"]);
    let line = &first["orders"][0];
    assert_eq!((&line["status"], &line["needs_attention"]), (&json!("pending"), &json!(0)));
    let since = line["created_at"].as_str().unwrap();
    assert_eq!(ids(&get(&format!("?created_from={since}")).await.body), ["L20261130005"]);
    assert_eq!(get(&format!("?created_before={since}")).await.body["orders"].as_array().unwrap().len(), 4);
    for (query, said) in [
        ("?status=gone", "status: expected one of pending, paid, closed, refunded"),
        ("?limit=0", "limit: expected 1 to 200"),
        ("?created_from=today", "created_from: expected a time"),
        ("?after=x", "after: expected"),
        ("?state=paid", "state"),
    ] {
        let refused = get(query).await;
        assert_eq!(refused.status, 422, "{query}: {refused:?}");
        assert!(refused.body["detail"].as_str().unwrap().contains(said), "{query}: {refused:?}");
    }
}

#[tokio::test]
async fn an_order_is_found_by_each_of_its_numbers() {
    let bench = Bench::new().await;
    let token = bench.order("L20261130006", &["native"]).await;
    let payment = bench.pay("L20261130006", &token, "key-1", &native()).await;
    bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    bench.until("L20261130006", "paid").await;
    let transaction = bench.trade("L20261130006").await["transaction_id"].as_str().unwrap().to_owned();
    for number in ["L20261130006", transaction.as_str()] {
        let found = bench.shop(Method::GET, &format!("/admin/v1/orders?number={number}"), None).await;
        assert_eq!(ids(&found.body), ["L20261130006"], "{number}");
        assert_eq!(found.body["orders"][0]["paid_by"], "native");
    }
    assert_eq!(ids(&bench.shop(Method::GET, "/admin/v1/orders?number=none-such", None).await.body), Vec::<&str>::new());
}
