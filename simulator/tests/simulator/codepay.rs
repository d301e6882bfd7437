//! Payment codes at a till (docs/platform.md, 6).

use reqwest::Method;
use serde_json::{Value, json};
use wechat_cashier_simulator::Config;

use crate::bench::{APPID, Answer, Bench, MCHID, config};

async fn shown(bench: &Bench) -> String {
    bench.get("/wechat/payment-code?account=A").await["code"].as_str().unwrap().to_owned()
}

async fn read(bench: &Bench, out_trade_no: &str, total: i64, code: &str) -> Answer {
    let order = json!({
        "appid": APPID,
        "mchid": MCHID,
        "description": "tea",
        "out_trade_no": out_trade_no,
        "amount": { "total": total, "currency": "CNY" },
        "payer": { "auth_code": code },
        "scene_info": { "store_info": { "out_id": "till 1" } },
    });
    bench.call(Method::POST, "/v3/pay/transactions/codepay", Some(&order)).await
}

async fn reverse(bench: &Bench, out_trade_no: &str) -> Answer {
    let target = format!("/v3/pay/transactions/out-trade-no/{out_trade_no}/reverse");
    bench.call(Method::POST, &target, Some(&json!({ "appid": APPID, "mchid": MCHID }))).await
}

async fn sheets(bench: &Bench) -> Value {
    let sheets = bench.get("/wechat/sheets?account=A").await["sheets"].clone();
    // Each says who is paid, as a sheet does that was opened by a scan.
    assert!(sheets.as_array().unwrap().iter().all(|sheet| sheet["merchant"] == "清叶茶舍 Tea House"), "{sheets}");
    sheets
}

async fn act(bench: &Bench, outcome: &str) {
    let scan_id = sheets(bench).await[0]["scan_id"].clone();
    bench.post("/wechat/pay", json!({ "scan_id": scan_id, "outcome": outcome })).await;
}

#[tokio::test]
async fn the_phone_shows_18_digits_for_a_minute() {
    let bench = Bench::new().await;
    let first = shown(&bench).await;
    assert!(first.len() == 18 && first.bytes().all(|digit| digit.is_ascii_digit()), "{first}");
    assert!(("10".."16").contains(&&first[..2]), "{first}");
    assert_eq!(shown(&bench).await, first);
    bench.advance(60_000).await;
    assert_ne!(shown(&bench).await, first);
    assert_eq!(read(&bench, "order-1", 1, &first).await.error().1, "AUTH_CODE_INVALID");
    assert_eq!(read(&bench, "order-1", 1, "134567890123456789").await.error().1, "AUTH_CODE_ERROR");
    assert_eq!(bench.query("order-1").await.status, 404);
}

#[tokio::test]
async fn a_small_amount_is_paid_at_once_and_nobody_is_notified() {
    let bench = Bench::new().await;
    let code = shown(&bench).await;
    let answer = read(&bench, "order-1", 100_000, &code).await;
    assert_eq!((answer.status, &answer.json()["trade_state"]), (200, &json!("SUCCESS")));
    assert_eq!(
        (&answer.json()["trade_type"], answer.json()["payer"]["openid"].is_string()),
        (&json!("MICROPAY"), true)
    );
    assert_ne!(shown(&bench).await, code);
    bench.advance(60_000).await;
    assert_eq!((bench.inbox.came().len(), bench.trade("order-1").await["notify"].clone()), (0, Value::Null));
    // Neither the code nor the number works twice.
    assert_eq!(read(&bench, "order-2", 1, &code).await.error().1, "AUTH_CODE_INVALID");
    let code = shown(&bench).await;
    assert_eq!(read(&bench, "order-1", 100_000, &code).await.error(), (400, "ORDERPAID".to_owned(), Some(268_449_538)));
}

#[tokio::test]
async fn a_large_amount_waits_for_the_password() {
    let bench = Bench::new().await;
    let answer = read(&bench, "order-1", 100_001, &shown(&bench).await).await;
    assert_eq!((answer.status, &answer.json()["code"]), (202, &json!("USERPAYING")));
    assert_eq!(bench.state("order-1").await, "USERPAYING");
    assert_eq!(bench.close("order-1").await.error(), (403, "TRADE_ERROR".to_owned(), Some(268_449_641)));
    act(&bench, "wrong_password").await;
    assert_eq!(bench.state("order-1").await, "USERPAYING");
    act(&bench, "pay").await;
    assert_eq!((bench.state("order-1").await, sheets(&bench).await), ("SUCCESS".to_owned(), json!([])));
}

#[tokio::test]
async fn the_answer_while_it_waits_may_be_a_trade() {
    let bench = Bench::with(Config { user_paying_status: 200, ..config() }).await;
    bench.plain(Method::PUT, "/wechat/phone", json!({ "ask_password": true })).await;
    let answer = read(&bench, "order-1", 1, &shown(&bench).await).await;
    assert_eq!((answer.status, &answer.json()["trade_state"]), (200, &json!("USERPAYING")));
    act(&bench, "cancel").await;
    assert_eq!(bench.state("order-1").await, "PAYERROR");
    assert_eq!(bench.close("order-1").await.status, 204);
    let again = read(&bench, "order-1", 1, &shown(&bench).await).await;
    assert_eq!(again.error().1, "OUT_TRADE_NO_USED");
}

#[tokio::test]
async fn it_is_reversed_whatever_became_of_it() {
    let bench = Bench::new().await;
    read(&bench, "order-1", 100_001, &shown(&bench).await).await;
    let answer = reverse(&bench, "order-1").await;
    assert_eq!((answer.status, &answer.json()["out_trade_no"]), (200, &json!("order-1")));
    assert_eq!((bench.state("order-1").await, sheets(&bench).await), ("REVOKED".to_owned(), json!([])));
    assert_eq!(reverse(&bench, "order-1").await.status, 200);
    read(&bench, "order-2", 1, &shown(&bench).await).await;
    assert_eq!(reverse(&bench, "order-2").await.status, 200);
    assert_eq!(bench.state("order-2").await, "REFUND");
    bench.native("order-3").await;
    assert_eq!(reverse(&bench, "order-3").await.error().1, "INVALID_REQUEST");
    assert_eq!(reverse(&bench, "order-4").await.error(), (404, "ORDER_NOT_EXIST".to_owned(), Some(268_512_771)));
}
