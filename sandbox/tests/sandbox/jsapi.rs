//! `getBrandWCPayRequest` as WeChat answers it (docs/platform.md, 1.1, 1.3 and 1.5).

use serde_json::{Value, json};
use wechat_cashier::contract::OrderStatus;

use crate::bench::{Bench, Page, ask_for};
use crate::oauth::logged_in;

const FAIL: &str = "get_brand_wcpay_request:fail";
const STALE: &str = "调用支付JSAPI缺少参数:total_fee";
const INSIDE: &str = "http://127.0.0.1:8088/wechat/cashier/?order=1&token=2";

/// The parameters that a page gets once the payer is known.
async fn params(page: &Page<'_>) -> Value {
    logged_in(page).await;
    fresh_params(page, "jsapi-1").await
}

async fn fresh_params(page: &Page<'_>, key: &str) -> Value {
    let payment = page.ask_payment(key, ask_for("jsapi")).await.json();
    assert_eq!(payment["action"]["type"], "invoke_jsapi", "{payment}");
    payment["action"]["params"].clone()
}

async fn invoke(bench: &Bench, params: &Value, account: &str) -> Value {
    let body = json!({ "params": params, "url": INSIDE, "account": account });
    let answer = bench.post("/wechat/jsapi", body).await;
    let json = answer.json();
    let refused = json["result"] == "refused";
    assert_eq!(answer.status, if refused { 409 } else { 200 }, "{json}");
    json
}

#[track_caller]
fn says(answer: &Value, err_msg: &str, err_desc: Option<&str>) {
    assert_eq!((&answer["result"], &answer["err_msg"]), (&json!("refused"), &json!(err_msg)), "{answer}");
    assert_eq!(answer.get("err_desc").and_then(Value::as_str), err_desc, "{answer}");
    assert_eq!(answer["text"], err_desc.unwrap_or(err_msg));
    assert!(answer["gloss"].as_str().is_some_and(|gloss| !gloss.is_empty()));
}

#[tokio::test]
async fn right_parameters_open_the_sheet_and_it_is_paid() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let params = params(&page).await;
    let names: Vec<_> = params.as_object().unwrap().keys().collect();
    assert_eq!(names, ["appId", "nonceStr", "package", "paySign", "signType", "timeStamp"]);
    assert_eq!((params["timeStamp"].as_str().unwrap().len(), &params["signType"]), (10, &json!("RSA")));
    let bill = invoke(&bench, &params, "A").await;
    assert_eq!((&bill["result"], &bill["trade_type"]), (&json!("bill"), &json!("JSAPI")), "{bill}");
    assert_eq!((&bill["amount"]["value"], &bill["order_id"]), (&json!(1999), &json!(page.order_id)));
    for (outcome, result) in [("wrong_password", "wrong_password"), ("cancel", "cancelled"), ("pay", "paid")] {
        let said = bench.post("/wechat/pay", json!({ "scan_id": bill["scan_id"], "outcome": outcome })).await.json();
        assert_eq!(said["result"], result);
    }
    assert_eq!(page.status().await.status, OrderStatus::Paid);
    says(&invoke(&bench, &params, "A").await, "该订单已支付", None);
}

#[tokio::test]
async fn the_order_carries_the_parameters_it_gave() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let params = params(&page).await;
    assert_eq!(page.ask("").await.json()["payment"]["action"]["params"], params);
    // Asked for again, they are the same; replaced, they are others, and the old ones are out of date.
    assert_eq!(fresh_params(&page, "jsapi-2").await, params);
    let mut body = ask_for("jsapi");
    body["replaces"] = page.ask("").await.json()["payment"]["payment_id"].clone();
    let other = page.ask_payment("jsapi-3", body).await.json()["action"]["params"].clone();
    assert_ne!(other["package"], params["package"]);
    says(&invoke(&bench, &params, "A").await, STALE, None);
    assert_eq!(invoke(&bench, &other, "A").await["result"], "bill");
}

#[tokio::test]
async fn a_field_that_is_missing_or_misspelt_is_named() {
    let bench = Bench::new().await;
    let good = params(&bench.order().await).await;
    for field in ["appId", "timeStamp", "nonceStr", "package", "signType", "paySign"] {
        let mut wrong = good.clone();
        let value = wrong.as_object_mut().unwrap().remove(field).unwrap();
        let desc = format!("缺少参数 {field}");
        says(&invoke(&bench, &wrong, "A").await, FAIL, Some(&desc));
        wrong[field.to_uppercase()] = value;
        says(&invoke(&bench, &wrong, "A").await, FAIL, Some(&desc));
        wrong = good.clone();
        wrong[field] = json!("");
        says(&invoke(&bench, &wrong, "A").await, FAIL, Some(&desc));
    }
    let mut number = good.clone();
    number["timeStamp"] = json!(1_700_000_000);
    says(&invoke(&bench, &number, "A").await, FAIL, Some("参数 timeStamp 类型错误"));
}

#[tokio::test]
async fn each_field_is_under_the_signature() {
    let bench = Bench::new().await;
    let good = params(&bench.order().await).await;
    let seconds: i64 = good["timeStamp"].as_str().unwrap().parse().unwrap();
    for (field, value, err_msg, err_desc) in [
        ("nonceStr", "593BEC0C930BF1AFEB40B4A08C8FB242".to_owned(), FAIL, Some("支付验证签名失败")),
        ("timeStamp", (seconds + 1).to_string(), FAIL, Some("支付验证签名失败")),
        ("paySign", "bm90IGEgc2lnbmF0dXJl".to_owned(), FAIL, Some("支付验证签名失败")),
        ("paySign", "no base64".to_owned(), FAIL, Some("支付验证签名失败")),
        ("appId", "wx2421b1c4370ec43b".to_owned(), STALE, None),
        ("package", "prepay_id=wx201410272009395522657a690389285100".to_owned(), STALE, None),
        ("package", good["package"].as_str().unwrap().replace("prepay_id=", ""), STALE, None),
        ("package", "prepay_id=".to_owned(), STALE, None),
        ("timeStamp", format!("{seconds}000"), FAIL, Some("参数 timeStamp 错误")),
        ("timeStamp", (seconds - 3 * 3600).to_string(), FAIL, Some("参数 timeStamp 错误")),
        ("timeStamp", "soon".to_owned(), FAIL, Some("参数 timeStamp 错误")),
        ("signType", "MD5".to_owned(), FAIL, Some("参数 signType 错误")),
        ("nonceStr", "0".repeat(33), FAIL, Some("参数 nonceStr 错误")),
    ] {
        let mut wrong = good.clone();
        wrong[field] = json!(value);
        says(&invoke(&bench, &wrong, "A").await, err_msg, err_desc);
    }
    assert_eq!(invoke(&bench, &good, "A").await["result"], "bill");
}

#[tokio::test]
async fn a_prepay_id_lives_two_hours() {
    let bench = Bench::new().await;
    let page = bench.order_of(json!({ "expires_in_ms": 4 * 3_600_000 })).await;
    let first = params(&page).await;
    let payment = page.status().await.payment.unwrap();
    assert_eq!(payment.expires_at.unwrap().millis() - payment.now.millis(), 2 * 3_600_000);
    bench.advance(2 * 3_600_000 - 1).await;
    assert_eq!(invoke(&bench, &first, "A").await["result"], "bill");
    bench.advance(1).await;
    says(&invoke(&bench, &first, "A").await, STALE, None);
    assert_eq!(page.status().await.payment, None);
    let second = fresh_params(&page, "jsapi-2").await;
    assert_eq!(invoke(&bench, &second, "A").await["result"], "bill");
    // The same number at the platform: only what was given out for it is new.
    assert_eq!(page.seen().await["trades"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_sheet_that_was_opened_in_time_can_be_paid_later() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "quick_code_expiry", "ms": 10_000, "times": 1 }])).await;
    let params = params(&page).await;
    let bill = invoke(&bench, &params, "A").await;
    bench.advance(10_000).await;
    says(&invoke(&bench, &params, "A").await, STALE, None);
    assert_eq!(bench.post("/wechat/pay", json!({ "scan_id": bill["scan_id"] })).await.json()["result"], "paid");
    assert_eq!(page.status().await.status, OrderStatus::Paid);
}

#[tokio::test]
async fn an_order_that_has_ended_is_no_longer_valid() {
    let bench = Bench::new().await;
    let (closed, expired) = (bench.order().await, bench.order().await);
    let of_closed = params(&closed).await;
    closed.close().await;
    says(&invoke(&bench, &of_closed, "A").await, "该订单已失效", None);
    let of_expired = params(&expired).await;
    bench.advance(15 * 60_000).await;
    says(&invoke(&bench, &of_expired, "A").await, "该订单已失效", None);
}

#[tokio::test]
async fn another_account_than_the_one_that_ordered_cannot_pay() {
    let bench = Bench::new().await;
    let params = params(&bench.order().await).await;
    says(&invoke(&bench, &params, "B").await, "下单账号与支付账号不一致", None);
    assert_eq!(invoke(&bench, &params, "A").await["result"], "bill");
}

#[tokio::test]
async fn a_page_outside_the_pay_directories_is_told_its_address() {
    let bench = Bench::new().await;
    let params = params(&bench.order().await).await;
    for (directories, allowed) in [
        (json!(["/shop/"]), false),
        (json!(["/wechat/"]), false),
        (json!(["/wechat/cashier/"]), true),
        (json!(null), true),
    ] {
        bench.set_phone(json!({ "pay_directories": directories })).await;
        let answer = invoke(&bench, &params, "A").await;
        match allowed {
            true => assert_eq!(answer["result"], "bill"),
            false => says(&answer, &format!("当前页面的URL未注册:{INSIDE}"), None),
        }
    }
}

#[tokio::test]
async fn the_faults_of_the_parameters() {
    let bench = Bench::new().await;
    for (fault, err_msg, err_desc) in [
        (json!({ "kind": "changed_nonce" }), FAIL, Some("支付验证签名失败")),
        (json!({ "kind": "wrong_app_id" }), STALE, None),
        (json!({ "kind": "stale_prepay" }), STALE, None),
        (
            json!({ "kind": "jsapi_bad_params", "field": "timeStamp", "value": "1700000000000" }),
            FAIL,
            Some("参数 timeStamp 错误"),
        ),
        (json!({ "kind": "jsapi_bad_params", "field": "paySign", "value": null }), FAIL, Some("缺少参数 paySign")),
    ] {
        let page = bench.order().await;
        logged_in(&page).await;
        let mut once = fault.clone();
        once["times"] = json!(1);
        page.set_faults(json!([once])).await;
        let bad = fresh_params(&page, "bad").await;
        says(&invoke(&bench, &bad, "A").await, err_msg, err_desc);
        assert_eq!(page.faults().await, json!([]), "{fault}");
        // Every answer tells the same of it, and the next payment is good again.
        let order = page.ask("").await.json();
        assert_eq!(order["payment"]["action"]["params"], bad, "{fault}");
        let mut body = ask_for("jsapi");
        body["replaces"] = order["payment"]["payment_id"].clone();
        let good = page.ask_payment("good", body).await.json()["action"]["params"].clone();
        assert_eq!(invoke(&bench, &good, "A").await["result"], "bill", "{fault}");
    }
}

#[tokio::test]
async fn a_prepay_that_is_out_already_can_be_made_stale() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let params = params(&page).await;
    let left = page.set_faults(json!([{ "kind": "stale_prepay", "times": 1 }])).await;
    assert_eq!(left, json!([]));
    says(&invoke(&bench, &params, "A").await, STALE, None);
    // The merchant does not know.
    assert!(page.status().await.payment.is_some());
}
