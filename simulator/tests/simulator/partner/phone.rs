//! Who the payer is, and what a page inside WeChat may ask for: by the service provider's appid, or by the sub-merchant's.

use serde_json::{Value, json};
use wechat_cashier_simulator::Config;
use wechat_cashier_simulator::config::Merchant;

use super::*;
use crate::bench::config;

const PAGE: &str = "https://books.example/pay/?a=1";
const TOTAL_FEE: &str = "调用支付JSAPI缺少参数:total_fee";

/// An account's openid, by OAuth of this appid.
async fn openid(bench: &Bench, appid: &str, account: &str) -> Value {
    let sp = Merchant::demo_partner();
    let secret = if appid == SP_APPID { &sp.app_secret } else { &sp.sub_merchants[0].app_secret };
    let back = bench.base.replace("://", "%3A%2F%2F");
    let authorize = format!(
        "{}/open.weixin.qq.com/connect/oauth2/authorize?appid={appid}&redirect_uri={back}%2Fx&response_type=code&scope=snsapi_base&state=s&account={account}",
        bench.base,
    );
    let back = bench.http.get(authorize).send().await.unwrap();
    let code = back.url().query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let path = "/api.weixin.qq.com/sns/oauth2/access_token";
    let exchange = format!("{path}?appid={appid}&code={code}&grant_type=authorization_code");
    // Each appid has its own secret.
    assert_eq!(bench.get(&format!("{exchange}&secret=c0ffee00c0ffee00c0ffee00c0ffee00")).await["errcode"], 40125);
    let exchanged = bench.get(&format!("{exchange}&secret={secret}")).await;
    assert!(exchanged["openid"].is_string(), "{exchanged}");
    exchanged["openid"].clone()
}

async fn jsapi(bench: &Bench, number: &str, more: Value) -> Result<String, Value> {
    let answer = prepay(bench, "jsapi", &with(order(bench, number, BOOKS), more)).await;
    answer.json()["prepay_id"].as_str().map(str::to_owned).ok_or_else(|| answer.json())
}

async fn invoke(bench: &Bench, prepay_id: &str, appid: &str, account: &str) -> Value {
    let time_stamp = (bench.now().await.millis() / 1000).to_string();
    let package = format!("prepay_id={prepay_id}");
    let pay_sign = bench.pay_sign(&format!("{appid}\n{time_stamp}\nnonce\n{package}\n"));
    let params = json!({ "appId": appid, "timeStamp": time_stamp, "nonceStr": "nonce", "package": package, "signType": "RSA", "paySign": pay_sign });
    bench.post("/wechat/jsapi", json!({ "params": params, "url": PAGE, "account": account })).await
}

#[tokio::test]
async fn the_page_is_of_the_appid_whose_openid_was_named() {
    let bench = bench().await;
    let sp_openid = openid(&bench, SP_APPID, "A").await;
    let sub_openid = openid(&bench, BOOKS_APPID, "A").await;
    assert_ne!(sp_openid, sub_openid);
    for (number, more, opened_by) in [
        ("order-1", json!({ "payer": { "sp_openid": sp_openid } }), vec![SP_APPID]),
        ("order-2", json!({ "payer": { "sp_openid": sp_openid }, "sub_appid": BOOKS_APPID }), vec![SP_APPID]),
        ("order-3", json!({ "payer": { "sub_openid": sub_openid }, "sub_appid": BOOKS_APPID }), vec![BOOKS_APPID]),
        (
            "order-4",
            json!({ "payer": { "sp_openid": sp_openid, "sub_openid": sub_openid }, "sub_appid": BOOKS_APPID }),
            vec![SP_APPID, BOOKS_APPID],
        ),
    ] {
        let prepay_id = jsapi(&bench, number, more).await.unwrap();
        for appid in [SP_APPID, BOOKS_APPID, "wx7e0a5b3c19d2f846"] {
            let said = invoke(&bench, &prepay_id, appid, "A").await;
            let expected = if opened_by.contains(&appid) { Value::Null } else { json!(TOTAL_FEE) };
            assert_eq!(said["err_msg"], expected, "{number} {appid} {said}");
        }
        assert_eq!(invoke(&bench, &prepay_id, opened_by[0], "B").await["err_msg"], "下单账号与支付账号不一致");
        let bill = invoke(&bench, &prepay_id, opened_by[0], "A").await;
        // The payer pays the sub-merchant.
        assert_eq!((&bill["merchant"], &bill["mchid"]), (&json!("湖畔书店 Lakeside Books"), &json!(SP)));
        assert_eq!(bill["sub_mchid"], BOOKS);
        bench.post("/wechat/pay", json!({ "scan_id": bill["scan_id"] })).await;
        assert_eq!(state(&bench, number, BOOKS).await, "SUCCESS");
        let payer = query(&bench, &format!("out-trade-no/{number}"), BOOKS).await.json()["payer"].clone();
        assert_eq!(payer["sp_openid"], sp_openid);
        assert_eq!(payer["sub_openid"], if number == "order-1" { Value::Null } else { sub_openid.clone() });
    }
}

#[tokio::test]
async fn an_openid_belongs_to_its_appid() {
    let bench = bench().await;
    let sp_openid = openid(&bench, SP_APPID, "A").await;
    let sub_openid = openid(&bench, BOOKS_APPID, "A").await;
    let other = openid(&bench, BOOKS_APPID, "B").await;
    for (payer, message) in [
        (json!({ "sp_openid": sub_openid }), "appid和openid不匹配"),
        (json!({ "sub_openid": sp_openid }), "sub_appid和sub_openid不匹配"),
        (json!({ "sp_openid": sp_openid, "sub_openid": other }), "sub_appid和sub_openid不匹配"),
        (json!({ "sp_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" }), "无效的openid"),
        (json!({ "sub_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" }), "无效的openid"),
    ] {
        let refused = jsapi(&bench, "order-1", json!({ "payer": payer, "sub_appid": BOOKS_APPID })).await.unwrap_err();
        assert_eq!((&refused["code"], &refused["message"]), (&json!("PARAM_ERROR"), &json!(message)), "{payer}");
    }
}

#[tokio::test]
async fn the_service_provider_signs_what_the_page_gives() {
    let bench = bench().await;
    let payer = json!({ "payer": { "sp_openid": openid(&bench, SP_APPID, "A").await } });
    let prepay_id = jsapi(&bench, "order-1", payer).await.unwrap();
    let package = format!("prepay_id={prepay_id}");
    let time_stamp = (bench.now().await.millis() / 1000).to_string();
    let message = format!("{SP_APPID}\n{time_stamp}\nnonce\n{package}\n");
    let other = Bench::new().await.pay_sign(&message);
    let mut params = json!({ "appId": SP_APPID, "timeStamp": time_stamp, "nonceStr": "nonce", "package": package, "signType": "RSA", "paySign": other });
    let call = json!({ "params": params, "url": PAGE, "account": "A" });
    assert_eq!(bench.post("/wechat/jsapi", call).await["err_desc"], "支付验证签名失败");
    params["paySign"] = json!(bench.pay_sign(&message));
    let call = json!({ "params": params, "url": PAGE, "account": "A" });
    assert_eq!(bench.post("/wechat/jsapi", call).await["result"], "bill");
}

#[tokio::test]
async fn one_of_the_two_pay_directories_suffices() {
    let of = |sp: Option<&str>, sub: Option<&str>| {
        let list = |directory: Option<&str>| directory.map(|directory| vec![directory.to_owned()]);
        let mut partner = Merchant { pay_directories: list(sp), ..Merchant::demo_partner() };
        partner.sub_merchants[0].pay_directories = list(sub);
        Config { merchants: vec![Merchant::demo(), partner], ..config() }
    };
    const HERE: Option<&str> = Some("https://books.example/pay/");
    const ELSEWHERE: Option<&str> = Some("https://sail.example/");
    for (sp, sub, opens) in [
        (HERE, None, true),
        (ELSEWHERE, HERE, true),
        (HERE, ELSEWHERE, true),
        (ELSEWHERE, ELSEWHERE, false),
        (ELSEWHERE, None, false),
    ] {
        let bench = Bench::with(of(sp, sub)).await.for_partner();
        let payer = json!({ "payer": { "sp_openid": openid(&bench, SP_APPID, "A").await } });
        let prepay_id = jsapi(&bench, "order-1", payer).await.unwrap();
        let said = invoke(&bench, &prepay_id, SP_APPID, "A").await;
        assert_eq!(said["result"] == "bill", opens, "{sp:?} {sub:?} {said}");
    }
}

#[tokio::test]
async fn a_scan_shows_who_is_paid() {
    let bench = bench().await;
    for (number, sub_mchid, name) in
        [("order-1", BOOKS, "湖畔书店 Lakeside Books"), ("order-2", NOODLES, "街角面馆 Corner Noodles")]
    {
        let code_url = native(&bench, number, sub_mchid).await;
        assert_eq!(bench.post("/wechat/scan", json!({ "text": code_url })).await["merchant"], name);
    }
}
