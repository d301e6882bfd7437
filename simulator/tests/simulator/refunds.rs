//! Refunds (docs/platform.md, 7.7).

use reqwest::Method;
use serde_json::{Value, json};

use crate::bench::{Answer, Bench, MCHID, config};
use wechat_cashier_simulator::Config;

const TARGET: &str = "/v3/refund/domestic/refunds";
const MINUTE: i64 = 60_000;
const PARAM: (u16, &str, u32) = (400, "PARAM_ERROR", 268_435_461);
const RANGE: (u16, &str, u32) = (400, "PARAM_ERROR", 268_435_464);
const UNKNOWN: (u16, &str, u32) = (400, "PARAM_ERROR", 270_924_358);

/// An order that is paid.
async fn paid() -> Bench {
    let bench = Bench::new().await;
    bench.native("order-1").await;
    bench.pay("order-1").await;
    bench
}

/// As it should be.
fn body(bench: &Bench, number: &str, refund: i64) -> Value {
    json!({
        "out_trade_no": "order-1",
        "out_refund_no": number,
        "reason": "退货",
        "notify_url": bench.notify_url,
        "amount": { "refund": refund, "total": 100, "currency": "CNY" },
    })
}

async fn refund(bench: &Bench, body: &Value) -> Answer {
    bench.call(Method::POST, TARGET, Some(body)).await
}

async fn ask(bench: &Bench, number: &str) -> Answer {
    bench.call(Method::GET, &format!("{TARGET}/{number}"), None).await
}

fn is(answer: &Answer, (status, code, number): (u16, &str, u32)) {
    assert_eq!(answer.error(), (status, code.to_owned(), Some(number)), "{answer:?}");
}

/// What was told of refunds.
fn told(bench: &Bench) -> Vec<(String, Value)> {
    let came = bench.inbox.came();
    let read = came.iter().map(|came| {
        assert_eq!(bench.holds(&came.headers, &came.body), Ok(()));
        let envelope: Value = serde_json::from_str(&came.body).unwrap();
        (envelope["event_type"].as_str().unwrap().to_owned(), came.opened())
    });
    read.filter(|(event, _)| event.starts_with("REFUND.")).collect()
}

#[tokio::test]
async fn a_refund_is_under_way_and_then_done_and_told() {
    let bench = paid().await;
    let answer = refund(&bench, &body(&bench, "r@1", 40)).await;
    assert_eq!((answer.status, &answer.json()["status"]), (200, &json!("PROCESSING")), "{answer:?}");
    assert_eq!(answer.json()["amount"]["payer_refund"], 40);
    assert_eq!((bench.state("order-1").await.as_str(), told(&bench)), ("REFUND", vec![]));
    bench.advance(2_900).await;
    assert_eq!(ask(&bench, "r%401").await.json()["status"], "PROCESSING");
    bench.advance(100).await;
    let done = ask(&bench, "r%401").await.json();
    assert_eq!((&done["status"], &done["refund_id"]), (&json!("SUCCESS"), &answer.json()["refund_id"]));
    assert!(done["success_time"].as_str().unwrap().ends_with("+08:00"));
    let told = told(&bench);
    assert_eq!(told.len(), 1);
    let (event, plaintext) = &told[0];
    assert_eq!((event.as_str(), &plaintext["refund_status"]), ("REFUND.SUCCESS", &json!("SUCCESS")));
    assert_eq!((&plaintext["mchid"], &plaintext["out_refund_no"]), (&json!(MCHID), &json!("r@1")));
    assert_eq!(plaintext["amount"], json!({ "total": 100, "refund": 40, "payer_total": 100, "payer_refund": 40 }));
    let envelope: Value = serde_json::from_str(&bench.inbox.came().last().unwrap().body).unwrap();
    assert_eq!((&envelope["resource"]["original_type"], &envelope["summary"]), (&json!("refund"), &json!("退款成功")));
    let row = bench.trade("order-1").await["refunds"][0].clone();
    assert_eq!((&row["status"], &row["notify"]["state"]), (&json!("SUCCESS"), &json!("acknowledged")));
}

#[tokio::test]
async fn the_same_request_is_the_same_refund_and_another_is_refused() {
    let bench = paid().await;
    let first = refund(&bench, &body(&bench, "r1", 40)).await.json();
    bench.advance(3_000).await;
    let again = refund(&bench, &body(&bench, "r1", 40)).await.json();
    assert_eq!((&again["refund_id"], &again["status"]), (&first["refund_id"], &json!("SUCCESS")));
    for (pointer, value) in [("/amount/refund", json!(41)), ("/reason", json!("退款"))] {
        let mut other = body(&bench, "r1", 40);
        *other.pointer_mut(pointer).unwrap() = value;
        let answer = refund(&bench, &other).await;
        is(&answer, (400, "INVALID_REQUEST", 268_435_461));
    }
    assert_eq!(bench.trade("order-1").await["refunds"].as_array().unwrap().len(), 1);
    assert_eq!(told(&bench).len(), 1);
}

#[tokio::test]
async fn no_more_goes_back_than_was_paid() {
    let bench = paid().await;
    let rule = (400, "INVALID_REQUEST", 268_435_461);
    is(&refund(&bench, &body(&bench, "r1", 101)).await, rule);
    assert_eq!(refund(&bench, &body(&bench, "r2", 60)).await.status, 200);
    // What is under way counts.
    is(&refund(&bench, &body(&bench, "r3", 41)).await, rule);
    // The next has to wait for a minute.
    is(&refund(&bench, &body(&bench, "r3", 40)).await, (429, "FREQUENCY_LIMITED", 268_447_840));
    bench.advance(MINUTE).await;
    // The number that was refused is free.
    assert_eq!(refund(&bench, &body(&bench, "r3", 40)).await.status, 200);
    let all = refund(&bench, &body(&bench, "r4", 1)).await;
    is(&all, rule);
    assert_eq!(all.json()["message"], "订单已全额退款");
    let mut of_another_total = body(&bench, "r5", 1);
    of_another_total["amount"]["total"] = json!(99);
    is(&refund(&bench, &of_another_total).await, rule);
}

#[tokio::test]
async fn fifty_parts_and_a_year_are_the_most() {
    let bench = paid().await;
    for n in 0..50 {
        assert_eq!(refund(&bench, &body(&bench, &format!("r{n}"), 1)).await.status, 200, "{n}");
        bench.advance(MINUTE).await;
    }
    is(&refund(&bench, &body(&bench, "r50", 1)).await, (400, "INVALID_REQUEST", 268_435_461));
    let bench = paid().await;
    bench.advance(365 * 24 * 60 * 60 * 1000 + 1).await;
    is(&refund(&bench, &body(&bench, "r1", 1)).await, (400, "INVALID_REQUEST", 268_435_461));
}

#[tokio::test]
async fn what_is_not_there_or_not_paid_is_not_paid_back() {
    let bench = Bench::new().await;
    let none = (404, "RESOURCE_NOT_EXISTS", 268_435_461);
    is(&refund(&bench, &body(&bench, "r1", 40)).await, none);
    bench.native("order-1").await;
    is(&refund(&bench, &body(&bench, "r1", 40)).await, none);
    is(&ask(&bench, "r1").await, none);
    bench.pay("order-1").await;
    assert_eq!(refund(&bench, &body(&bench, "r1", 40)).await.status, 200);
    // By the platform's number as well, and both if they are of one trade.
    let id = bench.trade("order-1").await["transaction_id"].clone();
    let mut by_id = body(&bench, "r2", 1);
    bench.advance(MINUTE).await;
    by_id["transaction_id"] = id.clone();
    assert_eq!(refund(&bench, &by_id).await.status, 200);
    by_id.as_object_mut().unwrap().remove("out_trade_no");
    by_id["out_refund_no"] = json!("r3");
    bench.advance(MINUTE).await;
    assert_eq!(refund(&bench, &by_id).await.json()["out_trade_no"], "order-1");
    bench.native("order-2").await;
    bench.pay("order-2").await;
    let mut of_two = body(&bench, "r4", 1);
    (of_two["transaction_id"], of_two["out_trade_no"]) = (id, json!("order-2"));
    is(&refund(&bench, &of_two).await, (400, "INVALID_REQUEST", 268_447_843));
}

#[tokio::test]
async fn a_refund_is_read_strictly() {
    let bench = paid().await;
    let long = |length| json!("x".repeat(length));
    for (pointer, value, wanted) in [
        ("/out_trade_no", json!("12345"), RANGE),
        ("/out_trade_no", Value::Null, PARAM),
        ("/out_refund_no", Value::Null, PARAM),
        ("/out_refund_no", json!(""), RANGE),
        ("/out_refund_no", long(65), RANGE),
        ("/out_refund_no", json!("r 1"), PARAM),
        ("/out_refund_no", json!("退1"), PARAM),
        ("/reason", json!("茶".repeat(27)), RANGE),
        ("/reason", json!("🍵"), PARAM),
        ("/notify_url", json!("https://shop.example/n?a=1"), PARAM),
        ("/funds_account", json!("MINE"), RANGE),
        ("/amount", Value::Null, PARAM),
        ("/amount/refund", Value::Null, PARAM),
        ("/amount/refund", json!(0), RANGE),
        ("/amount/refund", json!("40"), PARAM),
        ("/amount/total", Value::Null, PARAM),
        ("/amount/currency", Value::Null, PARAM),
        ("/amount/payer_refund", json!(40), UNKNOWN),
        ("/mchid", json!(MCHID), UNKNOWN),
        ("/goods_detail", json!([{ "merchant_goods_id": "1" }]), PARAM),
    ] {
        let mut body = body(&bench, "r1", 40);
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match value {
            Value::Null => _ = parent.remove(name),
            value => _ = parent.insert(name.to_owned(), value),
        }
        is(&refund(&bench, &body).await, wanted);
    }
    let answer = bench.call(Method::GET, &format!("{TARGET}/r1?mchid={MCHID}"), None).await;
    is(&answer, UNKNOWN);
    assert_eq!(bench.state("order-1").await, "SUCCESS");
}

#[tokio::test]
async fn it_may_end_otherwise_and_an_abnormal_one_is_mended() {
    let bench = paid().await;
    bench.faults(json!([{ "kind": "refund_closed", "times": 1 }])).await;
    refund(&bench, &body(&bench, "r1", 100)).await;
    bench.advance(MINUTE).await;
    assert_eq!(ask(&bench, "r1").await.json()["status"], "CLOSED");
    bench.faults(json!([{ "kind": "refund_abnormal", "times": 1, "out_trade_no": "order-1" }])).await;
    let second = refund(&bench, &body(&bench, "r2", 100)).await.json();
    bench.advance(3_000).await;
    assert_eq!(ask(&bench, "r2").await.json()["status"], "ABNORMAL");
    let id = second["refund_id"].as_str().unwrap();
    let target = format!("{TARGET}/{id}/apply-abnormal-refund");
    let to_merchant = json!({ "out_refund_no": "r2", "type": "MERCHANT_BANK_CARD" });
    let to_user = json!({ "out_refund_no": "r2", "type": "USER_BANK_CARD" });
    is(&bench.call(Method::POST, &target, Some(&to_user)).await, PARAM);
    let answer = bench.call(Method::POST, &target, Some(&to_merchant)).await;
    assert_eq!((answer.status, &answer.json()["status"]), (200, &json!("PROCESSING")), "{answer:?}");
    bench.advance(3_000).await;
    assert_eq!(ask(&bench, "r2").await.json()["status"], "SUCCESS");
    is(&bench.call(Method::POST, &target, Some(&to_merchant)).await, (400, "INVALID_REQUEST", 268_435_461));
    let events: Vec<_> = told(&bench).into_iter().map(|(event, _)| event).collect();
    assert_eq!(events, ["REFUND.CLOSED", "REFUND.ABNORMAL", "REFUND.SUCCESS"]);
}

#[tokio::test]
async fn an_empty_account_pays_nothing_back_until_it_is_filled() {
    let bench = paid().await;
    bench.faults(json!([{ "kind": "refund_not_enough", "times": 1 }])).await;
    is(&refund(&bench, &body(&bench, "r1", 40)).await, (403, "NOT_ENOUGH", 268_435_461));
    assert_eq!(bench.state("order-1").await, "SUCCESS");
    assert_eq!(refund(&bench, &body(&bench, "r1", 40)).await.status, 200);
}

#[tokio::test]
async fn it_comes_again_until_it_is_heard_and_may_be_false() {
    let bench = paid().await;
    bench.faults(json!([{ "kind": "notify_wrong_amount", "on": "refund_notify", "times": 1 }])).await;
    bench.inbox.answer_with(&[500]);
    refund(&bench, &body(&bench, "r1", 40)).await;
    bench.advance(3_000).await;
    bench.advance(15_000).await;
    let amounts: Vec<_> = told(&bench).into_iter().map(|(_, told)| told["amount"]["refund"].clone()).collect();
    assert_eq!(amounts, [41, 40]);
    let log = bench.get("/simulator/requests").await;
    let last = log["requests"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["call"], &last["out_trade_no"]), (&json!("refund"), &json!("order-1")));
}

#[tokio::test]
async fn how_long_it_takes_is_set() {
    let bench = Bench::with(Config { refund_after_s: 0, ..config() }).await;
    bench.native("order-1").await;
    bench.pay("order-1").await;
    assert_eq!(refund(&bench, &body(&bench, "r1", 100)).await.json()["status"], "PROCESSING");
    assert_eq!(ask(&bench, "r1").await.json()["status"], "SUCCESS");
    bench.advance(0).await;
    assert_eq!(told(&bench).len(), 1);
}
