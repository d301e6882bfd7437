//! Bad requests, each with its status, code and internal number (docs/platform.md, 7.4).

use reqwest::Method;
use serde_json::{Value, json};

use crate::bench::{APPID, Answer, Bench, MCHID, OTHER_MCHID};
use crate::partner;

const PARAM: (u16, &str, u32) = (400, "PARAM_ERROR", 268_435_461);
const RANGE: (u16, &str, u32) = (400, "PARAM_ERROR", 268_435_464);
const UNKNOWN: (u16, &str, u32) = (400, "PARAM_ERROR", 270_924_358);

/// Orders by the address of who asks.
async fn ordered(bench: &Bench, product: &str, body: &Value) -> Answer {
    let partner = if body["sp_mchid"].is_string() { "partner/" } else { "" };
    bench.call(Method::POST, &format!("/v3/pay/{partner}transactions/{product}"), Some(body)).await
}

async fn refused(bench: &Bench, product: &str, body: &Value, wanted: (u16, &str, u32), field: &str) {
    let answer = ordered(bench, product, body).await;
    let (status, code, number) = wanted;
    assert_eq!(answer.error(), (status, code.to_owned(), Some(number)), "{product} {body} {answer:?}");
    assert_eq!(answer.json()["detail"]["field"], field, "{product} {body} {answer:?}");
    assert_eq!(answer.json()["detail"]["location"], "body");
}

/// The order with this value, or without the field for null.
fn with(order: &Value, pointer: &str, value: Value) -> Value {
    let mut body = order.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Value::Null => parent.remove(name),
        value => parent.insert(name.to_owned(), value),
    };
    body
}

#[tokio::test]
async fn the_ids_of_an_order_are_read_strictly() {
    let bench = Bench::new().await;
    let order = bench.order("order-1");
    for (pointer, value, wanted) in [
        ("/appid", Value::Null, PARAM),
        ("/appid", json!(""), RANGE),
        ("/appid", json!("x".repeat(33)), RANGE),
        ("/appid", json!(7), PARAM),
        ("/mchid", Value::Null, PARAM),
        ("/mchid", json!(1_900_000_109), PARAM),
        ("/mchid", json!(OTHER_MCHID), PARAM),
        ("/sub_mchid", json!(partner::BOOKS), UNKNOWN),
    ] {
        refused(&bench, "native", &with(&order, pointer, value), wanted, pointer).await;
    }
}

#[tokio::test]
async fn a_native_order_is_read_strictly() {
    let bench = Bench::new().await;
    reads_strictly(&bench, &|number| bench.order(number)).await;
}

#[tokio::test]
async fn a_native_order_of_a_service_provider_is_read_as_strictly() {
    let bench = partner::bench().await;
    reads_strictly(&bench, &|number| partner::order(&bench, number, partner::BOOKS)).await;
}

/// Whatever an order has beside its ids.
async fn reads_strictly(bench: &Bench, order_of: &dyn Fn(&str) -> Value) {
    let order = order_of("order-1");
    let long = |length| json!("x".repeat(length));
    for (pointer, value, wanted) in [
        ("/description", Value::Null, PARAM),
        ("/description", json!(""), RANGE),
        ("/description", long(128), RANGE),
        // 43 characters, 129 bytes: bytes count.
        ("/description", json!("茶".repeat(43)), RANGE),
        ("/description", json!("tea 🍵"), PARAM),
        ("/out_trade_no", Value::Null, PARAM),
        ("/out_trade_no", json!("12345"), RANGE),
        ("/out_trade_no", long(33), RANGE),
        ("/out_trade_no", json!("order 1"), PARAM),
        ("/out_trade_no", json!("order#1"), PARAM),
        ("/out_trade_no", json!("order一"), PARAM),
        ("/notify_url", Value::Null, PARAM),
        ("/notify_url", json!("https://shop.example/n?order=1"), PARAM),
        ("/notify_url", json!("http://shop.example/n"), PARAM),
        ("/notify_url", json!(format!("https://shop.example/{}", "x".repeat(240))), RANGE),
        ("/amount", Value::Null, PARAM),
        ("/amount", json!(100), PARAM),
        ("/amount/total", Value::Null, PARAM),
        ("/amount/total", json!(0), RANGE),
        ("/amount/total", json!(-1), RANGE),
        ("/amount/total", json!(1.5), PARAM),
        ("/amount/total", json!("100"), PARAM),
        ("/amount/total", json!(100.0), PARAM),
        ("/amount/currency", json!("USD"), PARAM),
        ("/amount/currency", json!("cny"), PARAM),
        ("/amount/payer_total", json!(100), UNKNOWN),
        ("/attach", json!(""), RANGE),
        ("/attach", long(129), RANGE),
        ("/attach", json!({}), PARAM),
        ("/time_expire", json!("2026-11-30 10:00:00"), PARAM),
        ("/time_expire", json!("2026-11-30T10:00:00"), PARAM),
        ("/time_expire", json!("2026-13-30T10:00:00+08:00"), PARAM),
        ("/time_expire", json!(1_796_000_000), PARAM),
        ("/goods_tag", long(33), RANGE),
        ("/support_fapiao", json!("true"), PARAM),
        ("/detail", json!([]), PARAM),
        ("/scene_info", json!({}), PARAM),
        ("/settle_info", json!({ "profit_sharing": 1 }), PARAM),
        ("/nothing", json!(1), UNKNOWN),
        ("/trade_type", json!("NATIVE"), UNKNOWN),
        ("/total_fee", json!(1), UNKNOWN),
    ] {
        let field = match pointer {
            "/scene_info" => "/scene_info/payer_client_ip",
            "/settle_info" => "/settle_info/profit_sharing",
            pointer => pointer,
        };
        refused(bench, "native", &with(&order, pointer, value), wanted, field).await;
    }
    assert_eq!(bench.get("/simulator/trades").await["trades"], json!([]));
    // What comes next to the bounds is taken.
    for (number, pointer, value) in [
        ("bounds-1", "/description", json!("茶".repeat(42))),
        ("bounds-2", "/attach", long(128)),
        ("bounds-3", "/time_expire", json!("2030-11-30T10:00:00+08:00")),
        ("bounds-4", "/amount", json!({ "total": 1 })),
        ("1-2_3|4*", "/support_fapiao", json!(true)),
        ("bounds", "/notify_url", json!("https://shop.example/n")),
    ] {
        let order = with(&order_of(number), pointer, value);
        let answer = ordered(bench, "native", &order).await;
        assert_eq!(answer.status, 200, "{order} {answer:?}");
    }
}

#[tokio::test]
async fn each_product_has_its_own_fields() {
    let bench = Bench::new().await;
    let order = bench.order("order-1");
    const NO_OPENID: (u16, &str, u32) = (400, "PARAM_ERROR", 268_501_013);
    refused(&bench, "jsapi", &order, NO_OPENID, "/payer").await;
    refused(&bench, "jsapi", &with(&order, "/payer", json!({})), NO_OPENID, "/payer/openid").await;
    refused(&bench, "native", &with(&order, "/payer", json!({ "openid": "o" })), UNKNOWN, "/payer/openid").await;
    refused(&bench, "h5", &order, PARAM, "/scene_info").await;
    let scene = json!({ "payer_client_ip": "203.0.113.1" });
    refused(&bench, "h5", &with(&order, "/scene_info", scene), PARAM, "/scene_info/h5_info").await;
    let scene = json!({ "payer_client_ip": "203.0.113", "h5_info": { "type": "Wap" } });
    refused(&bench, "h5", &with(&order, "/scene_info", scene), PARAM, "/scene_info/payer_client_ip").await;
    let code = with(&order, "/payer", json!({ "auth_code": "134567890123456789" }));
    refused(&bench, "codepay", &code, PARAM, "/scene_info").await;
    let code = with(&code, "/scene_info", json!({ "device_ip": "203.0.113.1" }));
    refused(&bench, "codepay", &code, PARAM, "/scene_info/store_info").await;
    let code = with(&code, "/scene_info", json!({ "store_info": { "out_id": "1" } }));
    refused(&bench, "codepay", &code, UNKNOWN, "/notify_url").await;
    for (auth_code, wanted) in
        [("13456789012345678", RANGE), ("164567890123456789", PARAM), ("1345678901234567x9", PARAM)]
    {
        let code = with(&code, "/payer", json!({ "auth_code": auth_code }));
        refused(&bench, "codepay", &code, wanted, "/payer/auth_code").await;
    }
}

#[tokio::test]
async fn who_is_not_bound_to_the_merchant_is_refused() {
    let bench = Bench::new().await;
    let order = with(&bench.order("order-1"), "/appid", json!("wx0000000000000001"));
    let answer = bench.call(Method::POST, "/v3/pay/transactions/native", Some(&order)).await;
    assert_eq!(answer.error(), (400, "APPID_MCHID_NOT_MATCH".to_owned(), Some(268_445_527)));
    let mut order = with(&bench.order("order-1"), "/payer", json!({ "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" }));
    order["appid"] = json!(APPID);
    let answer = bench.call(Method::POST, "/v3/pay/transactions/jsapi", Some(&order)).await;
    assert_eq!(answer.error(), (400, "PARAM_ERROR".to_owned(), Some(268_435_461)));
    assert_eq!(answer.json()["message"], "无效的openid");
}

#[tokio::test]
async fn paths_and_queries_are_read_strictly() {
    let bench = Bench::new().await;
    bench.native("order-1").await;
    let target = |rest: &str| format!("/v3/pay/transactions/out-trade-no/{rest}");
    for (rest, wanted) in [
        (format!("order-1?mchid={OTHER_MCHID}"), PARAM),
        ("order-1".to_owned(), PARAM),
        ("order-1?mchid=".to_owned(), PARAM),
        (format!("order-1?mchid={MCHID}&more=1"), UNKNOWN),
        (format!("short?mchid={MCHID}"), RANGE),
        (format!("{}?mchid={MCHID}", "x".repeat(33)), RANGE),
        (format!("order%201?mchid={MCHID}"), PARAM),
        (format!("order-2?mchid={MCHID}"), (404, "ORDER_NOT_EXIST", 268_512_771)),
    ] {
        let answer = bench.call(Method::GET, &target(&rest), None).await;
        let (status, code, number) = wanted;
        assert_eq!(answer.error(), (status, code.to_owned(), Some(number)), "{rest} {answer:?}");
    }
    let close = target("order-1/close");
    for (body, wanted) in [
        (json!({}), PARAM),
        (json!({ "mchid": OTHER_MCHID }), PARAM),
        (json!({ "mchid": MCHID, "appid": APPID }), UNKNOWN),
    ] {
        let answer = bench.call(Method::POST, &close, Some(&body)).await;
        let (status, code, number) = wanted;
        assert_eq!(answer.error(), (status, code.to_owned(), Some(number)), "{body} {answer:?}");
    }
    assert_eq!(bench.state("order-1").await, "NOTPAY");
    // A number may be written with what an address escapes.
    bench.native("a|b*c_d-1").await;
    assert_eq!(bench.state("a%7Cb*c_d-1").await, "NOTPAY");
}

#[tokio::test]
async fn a_body_is_json_and_nothing_else() {
    let bench = Bench::new().await;
    let target = "/v3/pay/transactions/native";
    let good = bench.order("order-1").to_string();
    for (media, body, wanted) in [
        ("application/json", "{".to_owned(), "PARAM_ERROR"),
        ("application/json", format!("{good}{good}"), "PARAM_ERROR"),
        ("application/json", "[]".to_owned(), "PARAM_ERROR"),
        ("application/json", good.replacen('{', r#"{"mchid":"1","#, 1), "PARAM_ERROR"),
        ("application/x-www-form-urlencoded", good.clone(), "INVALID_REQUEST"),
    ] {
        let authorization = bench.authorization("POST", target, &body).await;
        let headers = [
            ("authorization", authorization.as_str()),
            ("accept", "application/json"),
            ("user-agent", "test"),
            ("content-type", media),
        ];
        let answer = bench.send(Method::POST, target, &headers, body.clone()).await.unwrap();
        assert_eq!(answer.error(), (400, wanted.to_owned(), Some(268_435_461)), "{media} {body} {answer:?}");
        assert_eq!(bench.is_signed(&answer), Ok(()));
    }
}
