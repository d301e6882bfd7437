//! What the payer's phone says to a scan, to a page inside WeChat and to the middle page of H5.

use reqwest::Method;
use serde_json::{Value, json};
use wechat_cashier_simulator::Config;
use wechat_cashier_simulator::config::Merchant;

use crate::bench::{APPID, Bench, config};

async fn openid(bench: &Bench, account: &str) -> Value {
    let authorize = format!(
        "{}/open.weixin.qq.com/connect/oauth2/authorize?appid={APPID}&redirect_uri={}%2Fx&response_type=code&scope=snsapi_base&state=s&account={account}",
        bench.base,
        bench.base.replace("://", "%3A%2F%2F"),
    );
    let back = bench.http.get(authorize).send().await.unwrap();
    let code = back.url().query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let path = "/api.weixin.qq.com/sns/oauth2/access_token";
    let query =
        format!("appid={APPID}&secret=c0ffee00c0ffee00c0ffee00c0ffee00&code={code}&grant_type=authorization_code");
    bench.get(&format!("{path}?{query}")).await["openid"].clone()
}

async fn jsapi(bench: &Bench, out_trade_no: &str, account: &str) -> String {
    let mut order = bench.order(out_trade_no);
    order["payer"] = json!({ "openid": openid(bench, account).await });
    let answer = bench.call(Method::POST, "/v3/pay/transactions/jsapi", Some(&order)).await;
    answer.json()["prepay_id"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

async fn params(bench: &Bench, prepay_id: &str) -> Value {
    let time_stamp = (bench.now().await.millis() / 1000).to_string();
    let package = format!("prepay_id={prepay_id}");
    let pay_sign = bench.pay_sign(&format!("{APPID}\n{time_stamp}\nnonce\n{package}\n"));
    json!({ "appId": APPID, "timeStamp": time_stamp, "nonceStr": "nonce", "package": package, "signType": "RSA", "paySign": pay_sign })
}

async fn invoke(bench: &Bench, params: Value, account: &str) -> Value {
    bench
        .post("/wechat/jsapi", json!({ "params": params, "url": "https://shop.example/pay/?a=1", "account": account }))
        .await
}

#[tokio::test]
async fn a_scan_opens_a_bill_and_is_paid() {
    let bench = Bench::new().await;
    let code_url = bench.native("order-1").await;
    let bill = bench.post("/wechat/scan", json!({ "text": code_url, "account": "B" })).await;
    assert_eq!((&bill["result"], &bill["merchant"]), (&json!("bill"), &json!("清叶茶舍 Tea House")));
    assert_eq!((&bill["amount"], &bill["trade_type"]), (&json!({ "value": 100, "currency": "CNY" }), &json!("NATIVE")));
    let other = bench.post("/wechat/scan", json!({ "text": code_url, "account": "A" })).await;
    assert_eq!(other["result"], "refused");
    let paid = bench.post("/wechat/pay", json!({ "text": code_url, "account": "B" })).await;
    assert_eq!((&paid["result"], bench.state("order-1").await), (&json!("paid"), "SUCCESS".to_owned()));
    assert_eq!(bench.trade("order-1").await["payer"], "B");
}

#[tokio::test]
async fn a_page_is_paid_by_what_the_merchant_has_signed() {
    let merchant = Merchant { pay_directories: Some(vec!["https://shop.example/pay/".to_owned()]), ..Merchant::demo() };
    let bench = Bench::with(Config { merchants: vec![merchant], ..config() }).await;
    let prepay_id = jsapi(&bench, "order-1", "A").await;
    let good = params(&bench, &prepay_id).await;
    let with = |name: &str, value: Value| {
        let mut changed = good.clone();
        changed[name] = value;
        changed
    };
    let total_fee = "调用支付JSAPI缺少参数:total_fee";
    let fail = "get_brand_wcpay_request:fail";
    for (changed, err_msg) in [
        (with("appId", json!("wx9")), total_fee),
        (with("package", json!(prepay_id)), total_fee),
        (with("package", json!("prepay_id=wx9")), total_fee),
        (with("nonceStr", json!("other")), fail),
        (with("paySign", json!("AAAA")), fail),
        (with("timeStamp", json!(1)), fail),
        (with("timeStamp", json!("1554208460")), fail),
        (with("signType", json!("MD5")), fail),
        (with("paySign", Value::Null), fail),
    ] {
        let refused = invoke(&bench, changed.clone(), "A").await;
        assert_eq!((&refused["result"], &refused["err_msg"]), (&json!("refused"), &json!(err_msg)), "{changed}");
    }
    let elsewhere = json!({ "params": good, "url": "https://shop.example/", "account": "A" });
    let refused = bench.post("/wechat/jsapi", elsewhere).await;
    assert_eq!(refused["err_msg"], "当前页面的URL未注册:https://shop.example/");
    assert_eq!(invoke(&bench, good.clone(), "B").await["err_msg"], "下单账号与支付账号不一致");
    let bill = invoke(&bench, good, "A").await;
    assert_eq!(bill["result"], "bill", "{bill}");
    bench.post("/wechat/pay", json!({ "scan_id": bill["scan_id"] })).await;
    assert_eq!(bench.state("order-1").await, "SUCCESS");
}

#[tokio::test]
async fn a_prepay_id_that_was_replaced_or_is_too_old_is_none() {
    let bench = Bench::new().await;
    let old = jsapi(&bench, "order-1", "A").await;
    let new = jsapi(&bench, "order-1", "A").await;
    let stale = "调用支付JSAPI缺少参数:total_fee";
    assert_eq!(invoke(&bench, params(&bench, &old).await, "A").await["err_msg"], stale);
    bench.advance(2 * 60 * 60_000).await;
    assert_eq!(invoke(&bench, params(&bench, &new).await, "A").await["err_msg"], stale);
}

#[tokio::test]
async fn the_middle_page_looks_at_where_the_payer_comes_from() {
    let merchant = Merchant { h5_domains: Some(vec!["shop.example".to_owned()]), ..Merchant::demo() };
    let bench = Bench::with(Config { merchants: vec![merchant], ..config() }).await;
    let mut order = bench.order("order-1");
    order["scene_info"] = json!({ "payer_client_ip": "203.0.113.1", "h5_info": { "type": "Wap" } });
    let answer = bench.call(Method::POST, "/v3/pay/transactions/h5", Some(&order)).await;
    let h5_url = answer.json()["h5_url"].as_str().unwrap().to_owned();
    let (_, rest) = h5_url.split_once("prepay_id=").unwrap();
    let prepay_id = rest.split('&').next().unwrap().to_owned();
    let visit = async |url: &str, referer: &str, agent: &str| {
        let mut request = bench.http.get(url).header("user-agent", agent);
        if !referer.is_empty() {
            request = request.header("referer", referer);
        }
        request.send().await.unwrap().text().await.unwrap()
    };
    let back = format!("{h5_url}&redirect_url=https%3A%2F%2Fshop.example%2Fback");
    let elsewhere = format!("{h5_url}&redirect_url=https%3A%2F%2Fother.example%2Fback");
    let changed = h5_url.replace("package=", "package=1");
    const REFERER: &str = "https://m.shop.example/";
    for (url, referer, agent, said) in [
        (&back, "", "Safari", "商家参数格式有误"),
        (&changed, REFERER, "Safari", "商家参数格式有误"),
        (&back, "https://other.example/", "Safari", "商家存在未配置的参数"),
        (&elsewhere, REFERER, "Safari", "商家存在未配置的参数"),
        (&back, REFERER, "MicroMessenger/8.0", "请在微信外打开订单"),
        (&back, REFERER, "Safari", "opens_wechat"),
    ] {
        let page = visit(url, referer, agent).await;
        assert!(page.contains(said), "{url} {referer} {agent}: {page}");
    }
    bench.advance(5 * 60_000).await;
    assert!(visit(&back, REFERER, "Safari").await.contains("支付请求已失效"));
    let refused = bench.post("/wechat/h5", json!({ "prepay_id": prepay_id })).await;
    assert_eq!(refused["result"], "refused");
    let answer = bench.call(Method::POST, "/v3/pay/transactions/h5", Some(&order)).await;
    let fresh = answer.json()["h5_url"].as_str().unwrap().to_owned();
    let fresh = fresh.split(['=', '&']).nth(1).unwrap().to_owned();
    let bill = bench.post("/wechat/h5", json!({ "prepay_id": fresh })).await;
    bench.post("/wechat/pay", json!({ "scan_id": bill["scan_id"] })).await;
    assert_eq!((bench.state("order-1").await, &bill["trade_type"]), ("SUCCESS".to_owned(), &json!("MWEB")));
}

#[tokio::test]
async fn codes_may_be_made_to_die_early_or_to_be_opened_by_a_stranger() {
    let bench = Bench::new().await;
    bench
        .faults(json!([{ "kind": "quick_expiry", "ms": 1000, "times": 1 }, { "kind": "second_account", "times": 1 }]))
        .await;
    let old = bench.native("order-1").await;
    let other = bench.post("/wechat/scan", json!({ "text": old })).await;
    assert_eq!(other["text"], "商家订单信息有误,请重新下单支付");
    bench.advance(1000).await;
    assert_eq!(bench.post("/wechat/scan", json!({ "text": old })).await["text"], "二维码已过期");
    let new = bench.native("order-1").await;
    bench.advance(1000).await;
    assert_eq!(bench.post("/wechat/scan", json!({ "text": new })).await["result"], "bill");
    // What is out already dies too, if the fault is this order's; the next is good.
    let again = json!([{ "kind": "quick_expiry", "ms": 0, "times": 1, "out_trade_no": "order-1" }]);
    assert_eq!(bench.plain(Method::PUT, "/simulator/faults", again).await["faults"], json!([]));
    assert_eq!(bench.post("/wechat/scan", json!({ "text": new })).await["text"], "二维码已过期");
    let new = bench.native("order-1").await;
    assert_eq!(bench.post("/wechat/scan", json!({ "text": new })).await["result"], "bill");
    bench.faults(json!([{ "kind": "paid_after_expiry" }])).await;
    assert_eq!(bench.close("order-1").await.status, 204);
    assert_eq!(bench.post("/wechat/pay", json!({ "text": new })).await["result"], "paid");
    assert_eq!(bench.state("order-1").await, "SUCCESS");
}
