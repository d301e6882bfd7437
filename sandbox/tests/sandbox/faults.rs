//! Each fault, in the words that the panel and the browser tests use.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wechat_cashier::contract::{Failure, Order, OrderStatus, Payment, ProblemCode, RetryAfter};
use wechat_cashier_sandbox::faults::Fault;

use crate::bench::{Bench, code, native};

#[tokio::test]
async fn answers_of_the_backends_own_failure() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    for status in [500, 502, 503] {
        page.set_faults(json!([{ "kind": "answer_status", "status": status, "times": 1 }])).await;
        assert_eq!(page.ask("").await.status.as_u16(), status);
        assert_eq!(page.status().await.status, OrderStatus::Pending);
        assert_eq!(page.faults().await, json!([]));
    }
}

#[tokio::test]
async fn too_many_requests() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "rate_limited", "retry_after_s": 7, "times": 1 }])).await;
    match page.ask("").await.as_cashier().read::<Order>() {
        Err(Failure::Refused { problem, retry_after, .. }) => {
            assert_eq!(problem.code, ProblemCode::RateLimited);
            assert_eq!(retry_after, Some(RetryAfter::Millis(7_000)));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_contracts_problems() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    for (kind, code) in [
        ("upstream_unavailable", ProblemCode::UpstreamUnavailable),
        ("order_not_found", ProblemCode::OrderNotFound),
        ("unauthorized", ProblemCode::Unauthorized),
    ] {
        page.set_faults(json!([{ "kind": kind }])).await;
        page.ask("").await.refused(code);
        page.ask("?verify=1").await.refused(code);
        page.ask_payment("key-1", native()).await.refused(code);
    }
}

#[tokio::test]
async fn a_fault_meets_the_call_it_is_set_on_so_many_times() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "upstream_unavailable", "on": "payment", "times": 2 }])).await;
    page.status().await;
    page.ask_payment("key-1", native()).await.refused(ProblemCode::UpstreamUnavailable);
    assert_eq!(page.faults().await, json!([{ "kind": "upstream_unavailable", "on": "payment", "times": 1 }]));
    page.ask_payment("key-1", native()).await.refused(ProblemCode::UpstreamUnavailable);
    page.payment("key-1").await;
    page.set_faults(json!([{ "kind": "unauthorized", "on": "order" }])).await;
    page.payment("key-1").await;
    page.ask("").await.refused(ProblemCode::Unauthorized);
    let path = format!("/sandbox/orders/{}/faults", page.order_id);
    bench.with_json(axum::http::Method::DELETE, &path, json!(null)).await;
    page.status().await;
}

#[tokio::test]
async fn answers_that_are_not_of_the_contract() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    for kind in ["malformed_json", "wrong_content_type"] {
        page.set_faults(json!([{ "kind": kind, "on": "order" }])).await;
        let answer = page.ask("").await;
        assert_eq!(answer.status, 200);
        assert!(matches!(answer.as_cashier().read::<Order>(), Err(Failure::Unreadable { .. })), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_call_whose_answer_is_spoilt_was_carried_out() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "malformed_json", "on": "payment", "times": 1 }])).await;
    assert!(page.ask_payment("key-1", native()).await.as_cashier().read::<Payment>().is_err());
    let carried = page.status().await.payment.unwrap();
    assert_eq!(page.payment("key-1").await, carried);
}

#[tokio::test]
async fn another_amount() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "changed_amount", "value": 1 }])).await;
    let payment = page.payment("key-1").await;
    assert_eq!(page.status().await.amount.value, 1);
    // Only the answers lie: the platform asks for the true amount.
    assert_eq!(bench.scan(&code(&payment), "A").await.json()["amount"]["value"], 1999);
}

#[tokio::test]
async fn a_code_that_expires_soon_and_the_next_that_does_not() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "quick_code_expiry", "ms": 10_000, "times": 1 }])).await;
    let first = page.payment("key-1").await;
    assert_eq!(first.expires_at.unwrap().millis() - first.now.millis(), 10_000);
    bench.advance(10_000).await;
    assert_eq!(page.status().await.payment, None);
    assert_eq!(bench.scan(&code(&first), "A").await.json()["text"], "二维码已过期");
    let second = page.new_code("key-2", &first).await;
    assert_eq!(second.expires_at, Some(page.status().await.expires_at));
    bench.pay(&code(&second)).await;
    assert_eq!(page.status().await.status, OrderStatus::Paid);
}

#[tokio::test]
async fn a_code_on_the_screen_can_be_cut_short() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let payment = page.payment("key-1").await;
    let left = page.set_faults(json!([{ "kind": "quick_code_expiry", "ms": 5_000, "times": 1 }])).await;
    assert_eq!(left, json!([]));
    let shown = page.status().await.payment.unwrap();
    assert_eq!(shown.expires_at.unwrap().millis() - shown.now.millis(), 5_000);
    bench.advance(5_000).await;
    assert_eq!(bench.scan(&code(&payment), "A").await.json()["text"], "二维码已过期");
}

#[tokio::test]
async fn an_order_that_expires_soon() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    assert_eq!(page.set_faults(json!([{ "kind": "quick_order_expiry", "ms": 10_000 }])).await, json!([]));
    let order = page.status().await;
    assert_eq!(order.expires_at.millis() - order.now.millis(), 10_000);
    bench.advance(10_000).await;
    page.ask_payment("key-1", native()).await.refused(ProblemCode::OrderExpired);
}

#[tokio::test]
async fn the_merchant_closes_it() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let text = code(&page.payment("key-1").await);
    page.set_faults(json!([{ "kind": "closed_by_merchant" }])).await;
    assert_eq!(page.status().await.status, OrderStatus::Closed);
    assert_eq!(bench.scan(&text, "A").await.json()["text"], "该订单已失效");
}

#[tokio::test]
async fn a_payment_after_expiry() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let text = code(&page.payment("key-1").await);
    let scan_id = bench.scan(&text, "A").await.json()["scan_id"].clone();
    bench.advance(16 * 60_000).await;
    assert_eq!(bench.post("/wechat/pay", json!({ "scan_id": scan_id })).await.json()["result"], "refused");
    page.set_faults(json!([{ "kind": "paid_after_expiry" }])).await;
    assert_eq!(bench.post("/wechat/pay", json!({ "scan_id": scan_id })).await.json()["result"], "paid");
    let order = page.status().await;
    assert_eq!(order.status, OrderStatus::Paid);
    assert!(order.paid_at.unwrap() > order.expires_at);
}

#[tokio::test]
async fn another_account_was_first() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "second_account", "times": 1 }])).await;
    let first = page.payment("key-1").await;
    for _ in 0..2 {
        assert_eq!(bench.scan(&code(&first), "A").await.json()["text"], "商家订单信息有误,请重新下单支付");
    }
    bench.pay(&code(&page.new_code("key-2", &first).await)).await;
}

#[tokio::test]
async fn a_slow_answer_comes_later_but_the_call_was_carried_out_at_once() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "slow", "ms": 3_600_000, "times": 1 }])).await;
    {
        // The answer that does not come would be here within the second.
        let given_up = page.ask_payment("key-1", native());
        assert!(tokio::time::timeout(std::time::Duration::from_secs(1), given_up).await.is_err());
    }
    let carried = page.status().await.payment.unwrap();
    assert_eq!(page.payment("key-1").await, carried);
    let report = bench.get(&format!("/sandbox/orders/{}/requests", page.order_id)).await.json();
    assert_eq!((&report["requests"][0]["aborted"], &report["requests"][1]["aborted"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn a_connection_that_drops() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "connection_dropped", "times": 1 }])).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(axum::serve(listener, bench.router()).into_future());
    let answered = || async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET {} HTTP/1.1\r\nhost: sandbox\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
            page.path(""),
            page.token
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        // A reset is a drop as well.
        let _ = stream.read_to_end(&mut bytes).await;
        String::from_utf8(bytes).unwrap()
    };
    assert_eq!(answered().await, "");
    assert!(answered().await.starts_with("HTTP/1.1 200 OK"));
    server.abort();
}

#[tokio::test]
async fn an_unknown_kind_is_refused_and_an_unknown_order_too() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let put = |path: String, faults| bench.with_json(axum::http::Method::PUT, Box::leak(path.into_boxed_str()), faults);
    let path = format!("/sandbox/orders/{}/faults", page.order_id);
    assert_eq!(put(path, json!([{ "kind": "gremlins" }])).await.status, 422);
    assert_eq!(put("/sandbox/orders/T1/faults".to_owned(), json!([])).await.status, 404);
}

#[tokio::test]
async fn the_catalogue_has_every_kind_once() {
    let bench = Bench::new().await;
    let catalogue = bench.get("/sandbox/faults").await.json();
    let kinds: Vec<_> = catalogue.as_array().unwrap().iter().map(|entry| entry["fault"]["kind"].clone()).collect();
    let mut once = kinds.clone();
    once.sort_by_key(ToString::to_string);
    once.dedup();
    assert_eq!((kinds.len(), once.len()), (Fault::EXAMPLES.len(), Fault::EXAMPLES.len()));
}
