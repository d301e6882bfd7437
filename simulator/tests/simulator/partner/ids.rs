//! Ids that do not fit, each with its status, code and number.

use serde_json::{Value, json};
use wechat_cashier_simulator::Config;
use wechat_cashier_simulator::config::Product;

use super::*;
use crate::bench::{MCHID, config};

const PARAM: (u16, &str, u32) = (400, "PARAM_ERROR", 268_435_461);
const RANGE: (u16, &str, u32) = (400, "PARAM_ERROR", 268_435_464);
const UNKNOWN: (u16, &str, u32) = (400, "PARAM_ERROR", 270_924_358);
const NO_APPID: (u16, &str, u32) = (400, "APPID_MCHID_NOT_MATCH", 268_445_527);
const NO_SUB: (u16, &str, u32) = (400, "PARAM_ERROR", 268_443_704);
const OWN_SUB: (u16, &str, u32) = (400, "PARAM_ERROR", 268_443_705);
const NO_RELATION: (u16, &str, u32) = (403, "NO_AUTH", 268_443_701);
const NO_OPENID: (u16, &str, u32) = (400, "PARAM_ERROR", 268_501_013);

const NO_PARTNER: &str = "普通商户不允许传sub_mch_id";

/// The order with this value, or without the field for null.
fn changed(mut order: Value, (name, value): (&str, Value)) -> Value {
    let fields = order.as_object_mut().unwrap();
    match value {
        Value::Null => _ = fields.remove(name),
        value => _ = fields.insert(name.to_owned(), value),
    }
    order
}

#[tokio::test]
async fn the_ids_of_an_order_are_read_strictly() {
    let bench = bench().await;
    let long = || json!("x".repeat(33));
    for (change, wanted, message) in [
        (("sp_appid", Value::Null), PARAM, "此字段为必填项"),
        (("sp_appid", json!("")), RANGE, ""),
        (("sp_appid", long()), RANGE, ""),
        (("sp_appid", json!("wx0000000000000001")), NO_APPID, "appid和mch_id不匹配"),
        // The sub-merchant's own is not the service provider's.
        (("sp_appid", json!(BOOKS_APPID)), NO_APPID, ""),
        (("sp_mchid", Value::Null), PARAM, "此字段为必填项"),
        (("sp_mchid", json!(1_900_000_300)), PARAM, ""),
        (("sp_mchid", json!(BOOKS)), PARAM, "http header中的mchid与post payload中的mchid不匹配"),
        (("sp_mchid", json!(MCHID)), PARAM, "http header中的mchid与post payload中的mchid不匹配"),
        (("sub_mchid", Value::Null), PARAM, "此字段为必填项"),
        (("sub_mchid", json!("")), RANGE, ""),
        (("sub_mchid", long()), RANGE, ""),
        (("sub_mchid", json!(SP)), OWN_SUB, "子商户mchid不能与自身mchid相同"),
        (("sub_mchid", json!("1900000399")), NO_RELATION, "受理关系不存在"),
        // Another merchant that is there, and is nobody's sub-merchant.
        (("sub_mchid", json!(MCHID)), NO_RELATION, "受理关系不存在"),
        (("sub_appid", json!("")), RANGE, ""),
        (("sub_appid", long()), RANGE, ""),
        (("sub_appid", json!("wx0000000000000001")), PARAM, "sub_mch_id与sub_appid不匹配"),
        (("sub_appid", json!(SP_APPID)), PARAM, "sub_mch_id与sub_appid不匹配"),
        (("mchid", json!(SP)), UNKNOWN, ""),
        (("appid", json!(SP_APPID)), UNKNOWN, ""),
        (("sub_openid", json!("o")), UNKNOWN, ""),
    ] {
        let order = changed(order(&bench, "order-1", BOOKS), change);
        let answer = prepay(&bench, "native", &order).await;
        is(&answer, wanted);
        assert!(answer.json()["message"].as_str().unwrap().contains(message), "{order} {answer:?}");
    }
    // An appid of another sub-merchant of the same service provider.
    let other = changed(order(&bench, "order-1", NOODLES), ("sub_appid", json!(BOOKS_APPID)));
    is(&prepay(&bench, "native", &other).await, PARAM);
    assert_eq!(bench.get("/simulator/trades").await["trades"], json!([]));
}

#[tokio::test]
async fn a_payer_is_named_under_one_of_the_two_appids() {
    let bench = bench().await;
    let order = order(&bench, "order-1", BOOKS);
    for (payer, wanted) in [
        (Value::Null, NO_OPENID),
        (json!({}), NO_OPENID),
        (json!({ "openid": "o" }), UNKNOWN),
        (json!({ "sp_openid": "" }), RANGE),
        (json!({ "sp_openid": "x".repeat(129) }), RANGE),
        (json!({ "sub_openid": 1 }), PARAM),
        // It needs an appid to be under.
        (json!({ "sub_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" }), PARAM),
        (json!({ "sp_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" }), PARAM),
    ] {
        is(&prepay(&bench, "jsapi", &changed(order.clone(), ("payer", payer))).await, wanted);
    }
}

#[tokio::test]
async fn paths_queries_and_bodies_are_read_strictly() {
    let bench = bench().await;
    native(&bench, "order-1", BOOKS).await;
    let at = "/v3/pay/partner/transactions/out-trade-no";
    for (rest, wanted) in [
        ("order-1".to_owned(), PARAM),
        (format!("order-1?sp_mchid={SP}"), PARAM),
        (format!("order-1?sub_mchid={BOOKS}"), PARAM),
        (format!("order-1?sp_mchid=&sub_mchid={BOOKS}"), PARAM),
        (format!("order-1?sp_mchid={SP}&sub_mchid={BOOKS}&sub_mchid={BOOKS}"), PARAM),
        (format!("order-1?mchid={SP}"), UNKNOWN),
        (format!("order-1?sp_mchid={SP}&sub_mchid={BOOKS}&more=1"), UNKNOWN),
        (format!("order-1?sp_mchid={MCHID}&sub_mchid={BOOKS}"), PARAM),
        (format!("order-1?sp_mchid={SP}&sub_mchid={SP}"), OWN_SUB),
        (format!("order-1?sp_mchid={SP}&sub_mchid=1900000399"), NO_RELATION),
        (format!("short?sp_mchid={SP}&sub_mchid={BOOKS}"), RANGE),
    ] {
        let answer = bench.call(Method::GET, &format!("{at}/{rest}"), None).await;
        assert_eq!(answer.error(), (wanted.0, wanted.1.to_owned(), Some(wanted.2)), "{rest} {answer:?}");
    }
    let (sp, sub) = (("sp_mchid", SP), ("sub_mchid", BOOKS));
    let body = |fields: &[(&str, &str)]| fields.iter().map(|(name, id)| ((*name).to_owned(), json!(id))).collect();
    for (call, body, wanted) in [
        ("close", body(&[]), PARAM),
        ("close", body(&[sp]), PARAM),
        ("close", body(&[sp, ("sub_mchid", "1900000399")]), NO_RELATION),
        ("close", body(&[sp, sub, ("sp_appid", SP_APPID)]), UNKNOWN),
        ("close", body(&[("sp_mchid", MCHID), sub]), PARAM),
        ("close", body(&[("mchid", SP)]), PARAM),
        ("reverse", body(&[sp, sub]), PARAM),
        ("reverse", body(&[sp, sub, ("sp_appid", "wx1")]), NO_APPID),
        ("reverse", body(&[sp, sub, ("sp_appid", SP_APPID), ("sub_appid", "wx1")]), PARAM),
        ("reverse", body(&[sp, ("sp_appid", SP_APPID)]), PARAM),
    ] {
        let body = Value::Object(body);
        let answer = bench.call(Method::POST, &format!("{at}/order-1/{call}"), Some(&body)).await;
        assert_eq!(answer.error(), (wanted.0, wanted.1.to_owned(), Some(wanted.2)), "{call} {body} {answer:?}");
    }
    assert_eq!(state(&bench, "order-1", BOOKS).await, "NOTPAY");
}

#[tokio::test]
async fn a_service_provider_has_to_say_for_whom() {
    let bench = bench().await;
    let direct = with(bench.order("order-1"), json!({ "appid": SP_APPID, "mchid": SP }));
    is(&bench.call(Method::POST, "/v3/pay/transactions/native", Some(&direct)).await, NO_SUB);
    let at = "/v3/pay/transactions/out-trade-no/order-1";
    is(&bench.call(Method::GET, &format!("{at}?mchid={SP}"), None).await, NO_SUB);
    is(&bench.call(Method::GET, &format!("/v3/pay/transactions/id/4200?mchid={SP}"), None).await, NO_SUB);
    is(&bench.call(Method::POST, &format!("{at}/close"), Some(&json!({ "mchid": SP }))).await, NO_SUB);
    let reverse = json!({ "appid": SP_APPID, "mchid": SP });
    is(&bench.call(Method::POST, &format!("{at}/reverse"), Some(&reverse)).await, NO_SUB);
    assert_eq!(bench.get("/simulator/trades").await["trades"], json!([]));
    // Its certificates are its own.
    let certificates = bench.call(Method::GET, "/v3/certificates", None).await.json();
    assert_eq!(certificates["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_merchant_of_its_own_asks_for_nobody_else() {
    let bench = Bench::new().await;
    let order = with(order(&bench, "order-1", BOOKS), json!({ "sp_appid": crate::bench::APPID, "sp_mchid": MCHID }));
    let target = format!("/v3/pay/partner/transactions/out-trade-no/order-1?sp_mchid={MCHID}&sub_mchid={BOOKS}");
    let refund = json!({
        "sub_mchid": BOOKS, "out_trade_no": "order-1", "out_refund_no": "r1",
        "amount": { "refund": 1, "total": 100, "currency": "CNY" },
    });
    let refunds = "/v3/refund/domestic/refunds";
    for answer in [
        prepay(&bench, "native", &order).await,
        bench.call(Method::GET, &target, None).await,
        bench.call(Method::POST, refunds, Some(&refund)).await,
        bench.call(Method::GET, &format!("{refunds}/r1?sub_mchid={BOOKS}"), None).await,
    ] {
        is(&answer, PARAM);
        assert_eq!(answer.json()["message"], NO_PARTNER);
    }
}

#[tokio::test]
async fn a_product_has_to_be_authorised() {
    let mut partner = Merchant::demo_partner();
    partner.sub_merchants[0].products = Some(vec![Product::Native]);
    let bench = Bench::with(Config { merchants: vec![Merchant::demo(), partner], ..config() }).await.for_partner();
    native(&bench, "order-1", BOOKS).await;
    let h5 = json!({ "scene_info": { "payer_client_ip": "203.0.113.1", "h5_info": { "type": "Wap" } } });
    let refused = prepay(&bench, "h5", &with(order(&bench, "order-2", BOOKS), h5.clone())).await;
    is(&refused, (403, "NO_AUTH", 268_435_461));
    assert_eq!(refused.json()["message"], "特约子商户商户号未授权服务商的产品权限");
    assert_eq!(prepay(&bench, "h5", &with(order(&bench, "order-2", NOODLES), h5)).await.status, 200);
}
