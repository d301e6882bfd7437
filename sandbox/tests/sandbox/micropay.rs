//! Payment codes at a till (docs/platform.md, 6).

use serde_json::{Value, json};
use wechat_cashier::contract::{Method, OrderStatus, ProblemCode};

use crate::bench::{Answer, Bench, Page, ask_for};

async fn shown(bench: &Bench, account: &str) -> String {
    let answer = bench.get(&format!("/wechat/payment-code?account={account}")).await.json();
    answer["code"].as_str().unwrap().to_owned()
}

async fn read(page: &Page<'_>, key: &str, code: &str) -> Answer {
    let mut body = ask_for("payment_code");
    body["auth_code"] = json!(code);
    page.ask_payment(key, body).await
}

/// Reads the next code in place of a payment that is being confirmed.
async fn read_instead(page: &Page<'_>, key: &str, code: &str, replaces: &Value) -> Answer {
    let mut body = ask_for("payment_code");
    body["auth_code"] = json!(code);
    body["replaces"] = replaces.clone();
    page.ask_payment(key, body).await
}

async fn sheets(bench: &Bench, account: &str) -> Value {
    bench.get(&format!("/wechat/sheets?account={account}")).await.json()["sheets"].clone()
}

async fn act(bench: &Bench, scan_id: &Value, outcome: &str) -> Value {
    bench.post("/wechat/pay", json!({ "scan_id": scan_id, "outcome": outcome })).await.json()
}

async fn states(page: &Page<'_>) -> Vec<String> {
    let trades = page.seen().await["trades"].clone();
    trades.as_array().unwrap().iter().map(|trade| trade["trade_state"].as_str().unwrap().to_owned()).collect()
}

/// So often the merchant asks about a payment by code.
const ASKED_EACH_MS: i64 = 5_000;

/// An order whose code needs the password, and the payment that waits for it.
async fn confirming(bench: &Bench) -> (Page<'_>, Value) {
    let page = bench.order_of(json!({ "value": 100_001 })).await;
    let payment = read(&page, "key-1", &shown(bench, "A").await).await.json();
    assert_eq!(payment["action"], json!({ "type": "wait" }), "{payment}");
    (page, payment)
}

#[tokio::test]
async fn the_phone_shows_18_digits_for_a_minute() {
    let bench = Bench::new().await;
    let first = shown(&bench, "A").await;
    assert!(first.len() == 18 && first.bytes().all(|digit| digit.is_ascii_digit()), "{first}");
    assert!(("10".."16").contains(&&first[..2]), "{first}");
    assert_eq!(shown(&bench, "A").await, first);
    assert_ne!(shown(&bench, "B").await, first);
    bench.advance(60_000).await;
    assert_ne!(shown(&bench, "A").await, first);
}

#[tokio::test]
async fn a_small_amount_is_paid_at_once() {
    let bench = Bench::new().await;
    // 1000 CNY exactly needs no password, and neither does another currency.
    for wish in [json!({}), json!({ "value": 100_000 }), json!({ "tea": "sencha", "value": 200_000 })] {
        let page = bench.order_of(wish).await;
        let code = shown(&bench, "A").await;
        let payment = read(&page, "key-1", &code).await.json();
        assert_eq!((&payment["method"], &payment["action"]["type"]), (&json!("payment_code"), &json!("wait")));
        let order = page.status().await;
        assert_eq!((order.status, order.payment, order.paid_by), (OrderStatus::Paid, None, Some(Method::PaymentCode)));
        assert_eq!(sheets(&bench, "A").await, json!([]));
        // Once read, the phone shows the next.
        assert_ne!(shown(&bench, "A").await, code);
    }
}

#[tokio::test]
async fn a_large_amount_waits_for_the_password() {
    let bench = Bench::new().await;
    let (page, payment) = confirming(&bench).await;
    let order = page.ask("").await.json();
    assert_eq!((&order["status"], &order["payment"]["payment_id"]), (&json!("pending"), &payment["payment_id"]));
    assert_eq!(states(&page).await, ["USERPAYING"]);
    assert_eq!(sheets(&bench, "B").await, json!([]));
    let waiting = sheets(&bench, "A").await;
    assert_eq!(waiting[0]["amount"]["value"], 100_001);
    assert_eq!(act(&bench, &waiting[0]["scan_id"], "wrong_password").await["result"], "wrong_password");
    assert_eq!(states(&page).await, ["USERPAYING"]);
    assert_eq!(act(&bench, &waiting[0]["scan_id"], "pay").await["result"], "paid");
    // Of a payment by code nobody tells: the merchant asks.
    bench.advance(ASKED_EACH_MS).await;
    assert_eq!(page.status().await.status, OrderStatus::Paid);
    assert_eq!(sheets(&bench, "A").await, json!([]));
}

#[tokio::test]
async fn the_phone_may_be_set_to_ask_always() {
    let bench = Bench::new().await;
    bench.set_phone(json!({ "ask_password": true })).await;
    let page = bench.order().await;
    read(&page, "key-1", &shown(&bench, "A").await).await;
    assert_eq!(page.status().await.status, OrderStatus::Pending);
    let path = format!("/sandbox/orders/{}/pay", page.order_id);
    assert_eq!(bench.post(&path, json!({})).await.json()["text"], "支付成功");
    bench.advance(ASKED_EACH_MS).await;
    assert_eq!(page.status().await.status, OrderStatus::Paid);
}

#[tokio::test]
async fn a_payer_who_cancels_leaves_the_till_to_read_the_next_code() {
    let bench = Bench::new().await;
    let (page, payment) = confirming(&bench).await;
    let scan_id = sheets(&bench, "A").await[0]["scan_id"].clone();
    assert_eq!(act(&bench, &scan_id, "cancel").await["result"], "cancelled");
    bench.advance(ASKED_EACH_MS).await;
    assert_eq!(states(&page).await, ["PAYERROR"]);
    assert_eq!(page.ask("").await.json().get("payment"), None);
    assert_eq!(act(&bench, &scan_id, "pay").await["text"], "该订单已失效");
    let next = read(&page, "key-2", &shown(&bench, "A").await).await.json();
    assert_ne!(next["payment_id"], payment["payment_id"]);
    assert_eq!(states(&page).await, ["PAYERROR", "USERPAYING"]);
}

#[tokio::test]
async fn a_request_sent_again_is_not_a_second_payment() {
    let bench = Bench::new().await;
    let page = bench.order_of(json!({ "value": 100_001 })).await;
    let code = shown(&bench, "A").await;
    let first = read(&page, "key-1", &code).await.json();
    let again = read(&page, "key-1", &code).await.json();
    assert_eq!(first["payment_id"], again["payment_id"]);
    assert_eq!(states(&page).await.len(), 1);
    let scan_id = sheets(&bench, "A").await[0]["scan_id"].clone();
    act(&bench, &scan_id, "cancel").await;
    assert_eq!(read(&page, "key-1", &code).await.json()["payment_id"], first["payment_id"]);
    assert_eq!(states(&page).await, ["PAYERROR"]);
}

#[tokio::test]
async fn a_code_that_does_not_work_is_told_so() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    for malformed in ["", "12345", "160000000000000000", "13457924681357924x"] {
        let answer = read(&page, malformed, malformed).await;
        match malformed {
            // A key must not be empty.
            "" => answer.refused(ProblemCode::InvalidRequest),
            _ => assert!(answer.problem().detail.unwrap().starts_with("auth_code: expected 18 digits")),
        }
    }
    page.ask_payment("none", ask_for("payment_code")).await.refused(ProblemCode::InvalidRequest);
    let unknown = read(&page, "key-1", "130000000000000000").await;
    unknown.refused(ProblemCode::InvalidRequest);
    assert!(unknown.problem().detail.unwrap().starts_with("付款码无效"));
    let old = shown(&bench, "A").await;
    bench.advance(60_000).await;
    assert!(read(&page, "key-2", &old).await.problem().detail.unwrap().contains("付款码已过期"));
    // Nothing was ordered by any of these.
    assert!(states(&page).await.is_empty());
    let used = shown(&bench, "A").await;
    read(&page, "key-3", &used).await;
    assert_eq!(page.status().await.status, OrderStatus::Paid);
    let other = bench.order().await;
    read(&other, "key-4", &used).await.refused(ProblemCode::InvalidRequest);
}

#[tokio::test]
async fn a_code_being_confirmed_is_replaced() {
    let bench = Bench::new().await;
    let (page, payment) = confirming(&bench).await;
    let old_sheet = sheets(&bench, "A").await[0]["scan_id"].clone();
    let next = read_instead(&page, "key-3", &shown(&bench, "B").await, &payment["payment_id"]).await.json();
    assert_eq!(states(&page).await, ["REVOKED", "USERPAYING"]);
    assert_eq!(page.ask("").await.json()["payment"]["payment_id"], next["payment_id"]);
    assert_eq!(act(&bench, &old_sheet, "pay").await["text"], "该订单已失效");
    let new_sheet = sheets(&bench, "B").await[0]["scan_id"].clone();
    act(&bench, &new_sheet, "pay").await;
    bench.advance(ASKED_EACH_MS).await;
    assert_eq!(page.status().await.status, OrderStatus::Paid);
}

#[tokio::test]
async fn a_payer_who_was_quicker_than_the_replacement_has_paid() {
    let bench = Bench::new().await;
    let (page, payment) = confirming(&bench).await;
    page.set_faults(json!([{ "kind": "notify_lost" }])).await;
    let scan_id = sheets(&bench, "A").await[0]["scan_id"].clone();
    act(&bench, &scan_id, "pay").await;
    assert_eq!(page.status().await.status, OrderStatus::Pending);
    let code = shown(&bench, "B").await;
    read_instead(&page, "key-2", &code, &payment["payment_id"]).await.refused(ProblemCode::OrderPaid);
    assert_eq!(page.status().await.status, OrderStatus::Paid);
    assert_eq!((states(&page).await, shown(&bench, "B").await), (vec!["SUCCESS".to_owned()], code));
}

#[tokio::test]
async fn the_till_gives_up_after_45_seconds() {
    let bench = Bench::new().await;
    let (page, payment) = confirming(&bench).await;
    assert_eq!(page.ask("").await.json()["payment"]["expires_at"], payment["expires_at"]);
    bench.advance(44_999).await;
    assert_eq!(states(&page).await, ["USERPAYING"]);
    bench.advance(1).await;
    assert_eq!(states(&page).await, ["REVOKED"]);
    assert_eq!(page.ask("").await.json().get("payment"), None);
    assert_eq!(sheets(&bench, "A").await, json!([]));
    let next = read(&page, "key-2", &shown(&bench, "A").await).await;
    assert_eq!(next.status, 201, "{}", next.text);
}

#[tokio::test]
async fn a_code_that_was_shown_long_ago_is_forgotten() {
    let bench = Bench::new().await;
    let page = bench.order_of(json!({ "expires_in_ms": 4 * 3_600_000 })).await;
    let code = shown(&bench, "A").await;
    bench.advance(2 * 3_600_000).await;
    shown(&bench, "A").await;
    let detail = read(&page, "key-1", &code).await.problem().detail.unwrap();
    assert!(detail.starts_with("付款码无效"), "{detail}");
}

#[tokio::test]
async fn closing_the_order_takes_the_code_back() {
    let bench = Bench::new().await;
    let (page, _) = confirming(&bench).await;
    assert_eq!(page.close().await.status, 200);
    // Never sooner than 15 s after it was read (docs/platform.md, 6).
    bench.advance(15_000).await;
    assert_eq!(states(&page).await, ["REVOKED"]);
    assert_eq!(sheets(&bench, "A").await, json!([]));
}
