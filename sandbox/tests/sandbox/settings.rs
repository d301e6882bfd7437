//! The payer's phone and how it is set.

use axum::http::Method;
use serde_json::json;

use crate::bench::Bench;

#[tokio::test]
async fn it_begins_as_it_is_documented() {
    let bench = Bench::new().await;
    let expected = json!({
        "account": "A", "system": null, "bridge": "ready", "late_ms": 1500, "pre_verify": false, "key": "err_msg",
        "spelling": "get_brand_wcpay_request", "answer": null, "answer_count": 1, "silent": false,
        "close_after_pay": false, "font_percent": 100, "oauth": "silent", "oauth_to": "merchant", "jssdk": "works",
        "pay_directories": ["/wechat/cashier/", "/cashier/", "/"], "ask_password": false,
    });
    assert_eq!(bench.get("/wechat/phone").await.json(), expected);
}

#[tokio::test]
async fn a_part_of_it_can_be_changed() {
    let bench = Bench::new().await;
    let changed = bench.set_phone(json!({ "system": "harmony", "answer": "get_brand_wcpay_request:ok" })).await;
    assert_eq!((&changed["system"], &changed["late_ms"]), (&json!("harmony"), &json!(1500)));
    let changed = bench.set_phone(json!({ "system": null, "key": "errMsg", "spelling": "chooseWXPay" })).await;
    assert_eq!((&changed["system"], &changed["answer"]), (&json!(null), &json!("get_brand_wcpay_request:ok")));
    assert_eq!(bench.get("/wechat/phone").await.json(), changed);
    for system in [
        "android",
        "ios",
        "harmony",
        "windows",
        "mac",
        "wecom",
        "mini_program",
        "phone_browser",
        "iphone_browser",
        "tablet_browser",
        "alipay",
        "unionpay",
        "qq",
    ] {
        assert_eq!(bench.set_phone(json!({ "system": system })).await["system"], system);
    }
    for (name, values) in [
        ("bridge", ["ready", "late", "missing", "doubled"].as_slice()),
        ("spelling", &["get_brand_wcpay_request", "getBrandWCPayRequest", "chooseWXPay"]),
        ("oauth", &["silent", "ask", "fail"]),
        ("oauth_to", &["merchant", "page", "loop"]),
        ("jssdk", &["works", "missing"]),
        ("key", &["err_msg", "errMsg"]),
    ] {
        for value in values {
            assert_eq!(bench.set_phone(json!({ name: value })).await[name], *value);
        }
    }
    bench.post("/sandbox/reset", json!(null)).await;
    assert_eq!(bench.get("/wechat/phone").await.json()["jssdk"], "works");
}

#[tokio::test]
async fn what_it_does_not_know_is_named_and_nothing_is_changed() {
    let bench = Bench::new().await;
    let before = bench.get("/wechat/phone").await.json();
    for (name, value) in [
        ("system", json!("symbian")),
        ("bridge", json!(true)),
        ("late_ms", json!(-1)),
        ("account", json!(null)),
        ("answer_count", json!("1")),
        ("colour", json!("red")),
    ] {
        let answer = bench.with_json(Method::PUT, "/wechat/phone", json!({ name: value, "silent": true })).await;
        assert_eq!(answer.status, 422);
        assert!(answer.json()["error"].as_str().unwrap().starts_with(&format!("{name}: ")), "{}", answer.text);
        assert_eq!(bench.get("/wechat/phone").await.json(), before);
    }
}

#[tokio::test]
async fn the_js_sdk_can_be_missing() {
    let bench = Bench::new().await;
    let sdk = bench.get("/assets/jssdk.js").await;
    assert_eq!((sdk.status.as_u16(), sdk.header("content-type")), (200, Some("text/javascript; charset=utf-8")));
    bench.set_phone(json!({ "jssdk": "missing" })).await;
    assert_eq!(bench.get("/assets/jssdk.js").await.status, 404);
}
