//! The contract's calls and each of its problems.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::json;
use wechat_cashier::contract::{Method, Order, OrderStatus, Payment, ProblemCode};

use crate::bench::{Bench, code, native};

#[tokio::test]
async fn an_order_is_answered_whole() {
    let bench = Bench::new().await;
    bench.post("/sandbox/clock", json!({ "set": "2026-11-21T10:00:00Z" })).await;
    let page = bench.order_of(json!({ "tea": "oolong", "lang": "en" })).await;
    let answer = page.ask("").await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let order: Order = answer.as_cashier().read().unwrap();
    assert_eq!(order.order_id, "T20261121000001");
    assert_eq!(order.status, OrderStatus::Pending);
    assert_eq!((order.amount.value, order.amount.currency.code()), (1999, "CNY"));
    assert_eq!(order.description, "Oolong tea, 250 g");
    assert_eq!(order.now.to_rfc3339().unwrap(), "2026-11-21T10:00:00Z");
    assert_eq!(order.expires_at.millis() - order.now.millis(), 15 * 60 * 1000);
    let ids: Vec<_> = order.methods.iter().map(|offer| offer.method.id()).collect();
    assert_eq!(ids, ["native", "jsapi", "h5", "mini_program", "payment_code", "alipay", "unionpay"]);
    assert_eq!((order.payment, order.paid_at, order.events_url), (None, None, None));
    assert_eq!(order.return_url.as_deref(), Some("/shop/orders/T20261121000001"));
}

#[tokio::test]
async fn a_payment_is_a_qr_and_the_order_carries_it() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let payment = page.payment("key-1").await;
    let text = code(&payment);
    let random = text.strip_prefix("weixin://wxpay/bizpayurl?pr=").unwrap();
    assert!(random.len() == 9 && random.chars().all(|character| character.is_ascii_alphanumeric()), "{text}");
    let order = page.status().await;
    assert_eq!(payment.expires_at, Some(order.expires_at));
    assert_eq!(order.payment, Some(payment));
}

#[tokio::test]
async fn a_paid_order_says_so_and_carries_no_payment() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let payment = page.payment("key-1").await;
    bench.pay(&code(&payment)).await;
    let order = page.status().await;
    assert_eq!((&order.status, &order.payment), (&OrderStatus::Paid, &None));
    // WeChat Pay tells it to the second.
    assert_eq!(order.paid_at.unwrap().millis(), order.now.millis() / 1000 * 1000);
    assert_eq!(order.paid_by, Some(Method::Native));
    page.ask_payment("key-2", native()).await.refused(ProblemCode::OrderPaid);
    // The key that it was paid by, one without a body, one without a key: it is paid, whatever is wrong with the request.
    page.ask_payment("key-1", native()).await.refused(ProblemCode::OrderPaid);
    page.ask_payment("key-1", json!({})).await.refused(ProblemCode::OrderPaid);
    page.ask_payment_without_key().await.refused(ProblemCode::OrderPaid);
    assert_eq!(page.close().await.as_cashier().read::<Order>().unwrap().status, OrderStatus::Paid);
}

#[tokio::test]
async fn a_refund_shows() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let path = format!("/sandbox/orders/{}/refund", page.order_id);
    assert_eq!(bench.post(&path, json!({})).await.status, 409);
    bench.pay(&code(&page.payment("key-1").await)).await;
    assert_eq!(bench.post(&path, json!({})).await.status, 204);
    assert_eq!(page.status().await.status, OrderStatus::Refunded);
    assert_eq!(page.seen().await["trades"][0]["trade_state"], "REFUND");
    page.ask_payment("key-2", native()).await.refused(ProblemCode::OrderClosed);
}

#[tokio::test]
async fn closing_kills_the_code_and_may_be_repeated() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let text = code(&page.payment("key-1").await);
    for _ in 0..2 {
        let order: Order = page.close().await.as_cashier().read().unwrap();
        assert_eq!((order.status, order.payment), (OrderStatus::Closed, None));
    }
    page.ask_payment("key-2", native()).await.refused(ProblemCode::OrderClosed);
    assert_eq!(bench.scan(&text, "A").await.json()["text"], "该订单已失效");
}

#[tokio::test]
async fn closing_finds_out_that_the_payer_was_quicker() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let text = code(&page.payment("key-1").await);
    page.set_faults(json!([{ "kind": "notify_lost" }])).await;
    bench.pay(&text).await;
    assert_eq!(page.status().await.status, OrderStatus::Pending);
    assert_eq!(page.close().await.as_cashier().read::<Order>().unwrap().status, OrderStatus::Paid);
    assert_eq!(page.status().await.status, OrderStatus::Paid);
}

#[tokio::test]
async fn an_expired_order_issues_nothing() {
    let bench = Bench::new().await;
    let page = bench.order_of(json!({ "expires_in_ms": 300_000 })).await;
    page.payment("key-1").await;
    bench.advance(300_000).await;
    page.ask_payment("key-2", native()).await.refused(ProblemCode::OrderExpired);
    let order = page.status().await;
    assert_eq!((order.status, order.payment), (OrderStatus::Pending, None));
}

#[tokio::test]
async fn only_the_orders_token_opens_it() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    bench.get(&page.path("")).await.refused(ProblemCode::Unauthorized);
    bench.get(&page.path(&format!("?token={}", page.token))).await.refused(ProblemCode::Unauthorized);
    bench.get(&page.path("/events?token=wrong")).await.refused(ProblemCode::Unauthorized);
    let other = bench.order().await;
    let stolen = Request::get(page.path("")).header(header::AUTHORIZATION, format!("Bearer {}", other.token));
    bench.send(stolen.body(Body::empty()).unwrap()).await.refused(ProblemCode::Unauthorized);
}

#[tokio::test]
async fn an_unknown_order_is_not_found() {
    let bench = Bench::new().await;
    bench.get("/api/orders/T1").await.refused(ProblemCode::OrderNotFound);
    let with_token = Request::get("/api/orders/T1").header(header::AUTHORIZATION, "Bearer of-another-order");
    bench.send(with_token.body(Body::empty()).unwrap()).await.refused(ProblemCode::OrderNotFound);
}

#[tokio::test]
async fn a_wrong_request_is_told_what_is_wrong() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.ask_payment_without_key().await.refused(ProblemCode::InvalidRequest);
    let wrong = page.ask_payment("key-1", json!({ "method": "native", "page_url": 7 })).await;
    wrong.refused(ProblemCode::InvalidRequest);
    assert_eq!(wrong.problem().detail.as_deref(), Some("the body cannot be read: page_url: expected a string, got 7"));
}

#[tokio::test]
async fn a_payment_that_is_not_known_can_be_replaced() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let good = page.payment("key-1").await;
    let mut unknown = native();
    unknown["replaces"] = json!("p99");
    // It is no error, and the code that is good is not killed for it.
    let payment: Payment = page.ask_payment("key-2", unknown).await.as_cashier().read().unwrap();
    assert_eq!(payment, good);
}

#[tokio::test]
async fn other_methods_are_unavailable() {
    let bench = Bench::new().await;
    let page = bench.order_of(json!({ "methods": ["native"] })).await;
    for method in ["jsapi", "h5", "alipay"] {
        let body = json!({ "method": method, "page_url": "http://127.0.0.1/" });
        let answer = page.ask_payment(method, body).await;
        answer.refused(ProblemCode::MethodUnavailable);
        assert_eq!(answer.status, 422);
    }
}

#[tokio::test]
async fn a_page_of_another_origin_may_ask() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let preflight = Request::options(page.path("/payments"))
        .header("origin", "http://127.0.0.1:9000")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type,idempotency-key");
    let answer = bench.send(preflight.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert!(answer.header("access-control-allow-headers").unwrap().contains("idempotency-key"));
}
