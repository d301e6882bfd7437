//! The other ways to pay: inside WeChat, from a phone's browser, at a till.

use reqwest::Method;
use serde_json::{Value, json};

use crate::bench::{Answer, Bench, PAGE, native};

fn by(method: &str) -> Value {
    json!({ "method": method, "page_url": PAGE })
}

/// A payer is led somewhere: where to.
async fn led_to(bench: &Bench, url: &str) -> String {
    let answer = bench.http.get(url).header("referer", "https://shop.example/pay/").send().await.unwrap();
    let status = answer.status().as_u16();
    let location = answer.headers().get("location").map(|location| location.to_str().unwrap().to_owned());
    location.unwrap_or_else(|| panic!("{url} answers {status} and leads nowhere"))
}

async fn confirm(bench: &Bench, opened: &Answer) {
    assert_eq!(opened.status, 200, "{opened:?}");
    let pay = json!({ "scan_id": opened.body["scan_id"], "outcome": "pay" });
    let said = bench.simulated(Method::POST, "/wechat/pay", Some(pay)).await;
    assert_eq!(said.body["result"], "paid", "{said:?}");
}

#[tokio::test]
async fn inside_wechat_the_payer_logs_in_once_and_pays_by_signed_parameters() {
    let bench = Bench::new().await;
    let token = bench.order("W20261130001", &["jsapi"]).await;
    let sent = bench.pay("W20261130001", &token, "key-1", &by("jsapi")).await;
    assert_eq!(sent.body["action"]["type"], "redirect", "{sent:?}");
    let authorize = sent.body["action"]["url"].as_str().unwrap();
    assert!(authorize.ends_with("#wechat_redirect"), "{authorize}");

    let back = led_to(&bench, authorize).await;
    assert!(back.starts_with(&format!("{}/wechat-pay/login?code=", bench.merchant)), "{back}");
    assert_eq!(led_to(&bench, &back).await, PAGE);
    // The payer goes back in history: the login is used up.
    let again = bench.http.get(&back).send().await.unwrap();
    assert_eq!(again.status().as_u16(), 400);

    let payment = bench.pay("W20261130001", &token, "key-2", &by("jsapi")).await;
    assert_eq!(payment.body["action"]["type"], "invoke_jsapi", "{payment:?}");
    let call = json!({ "params": payment.body["action"]["params"], "url": PAGE });
    confirm(&bench, &bench.simulated(Method::POST, "/wechat/jsapi", Some(call)).await).await;
    bench.until("W20261130001", "paid").await;
    assert_eq!(bench.ask("W20261130001", &token, "").await.body["paid_by"], "jsapi");
}

#[tokio::test]
async fn a_login_of_another_is_none() {
    let bench = Bench::new().await;
    let token = bench.order("W20261130002", &["jsapi"]).await;
    bench.pay("W20261130002", &token, "key-1", &by("jsapi")).await;
    for query in ["code=1&state=2", "code=1", "state=1", "", "code=1&code=2&state=3"] {
        let answer = bench.http.get(format!("{}/wechat-pay/login?{query}", bench.merchant)).send().await.unwrap();
        assert!(answer.status().is_client_error(), "{query}: {}", answer.status());
    }
    assert_eq!(bench.backend.order("W20261130002").await.unwrap().openid, None);
}

#[tokio::test]
async fn from_a_phones_browser_the_payer_goes_by_h5_and_comes_back_to_the_page() {
    let bench = Bench::new().await;
    let token = bench.order("W20261130003", &["h5", "native"]).await;
    let payment = bench.pay("W20261130003", &token, "key-1", &by("h5")).await;
    let url = payment.body["action"]["url"].as_str().unwrap_or_else(|| panic!("{payment:?}"));
    let url = url::Url::parse(url).unwrap();
    let value = |name| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap();
    assert_eq!(value("redirect_url"), PAGE);
    let made = bench.ask("W20261130003", &token, "").await;
    let (now, expires_at) = (&made.body["payment"]["now"], &made.body["payment"]["expires_at"]);
    assert!(expires_at.as_str().unwrap() > now.as_str().unwrap());
    let call = json!({ "prepay_id": value("prepay_id") });
    confirm(&bench, &bench.simulated(Method::POST, "/wechat/h5", Some(call)).await).await;
    bench.until("W20261130003", "paid").await;
}

#[tokio::test]
async fn another_way_closes_the_one_before() {
    let bench = Bench::new().await;
    let token = bench.order("W20261130004", &["h5", "native"]).await;
    let first = bench.pay("W20261130004", &token, "key-1", &native()).await;
    let second = bench.pay("W20261130004", &token, "key-2", &by("h5")).await;
    assert_eq!(second.status, 201, "{second:?}");
    assert_eq!(bench.trade("W20261130004").await["trade_state"], "CLOSED");
    assert_eq!(bench.trade("W20261130004-2").await["trade_state"], "NOTPAY");
    let scan = json!({ "text": first.body["action"]["content"], "account": "A" });
    let refused = bench.simulated(Method::POST, "/wechat/scan", Some(scan)).await;
    assert_eq!(refused.status, 409, "{refused:?}");
}

#[tokio::test]
async fn at_a_till_the_payers_code_pays_at_once() {
    let bench = Bench::new().await;
    let token = bench.order("W20261130005", &["payment_code"]).await;
    let code = bench.simulated(Method::GET, "/wechat/payment-code?account=A", None).await;
    let mut body = by("payment_code");
    body["auth_code"] = code.body["code"].clone();
    let payment = bench.pay("W20261130005", &token, "key-1", &body).await;
    assert_eq!((payment.status.as_u16(), &payment.body["action"]["type"]), (201, &json!("wait")), "{payment:?}");
    let paid = bench.ask("W20261130005", &token, "").await;
    assert_eq!((&paid.body["status"], &paid.body["paid_by"]), (&json!("paid"), &json!("payment_code")));
    // The code is neither kept nor told.
    let told = bench.shop(Method::GET, "/admin/v1/orders/W20261130005", None).await;
    assert!(!told.body.to_string().contains(code.body["code"].as_str().unwrap()));
}

#[tokio::test]
async fn a_code_that_nobody_shows_is_refused_and_the_next_one_pays() {
    let bench = Bench::new().await;
    let token = bench.order("W20261130006", &["payment_code"]).await;
    let mut body = by("payment_code");
    body["auth_code"] = json!("100000000000000000");
    let refused = bench.pay("W20261130006", &token, "key-1", &body).await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (422, &json!("invalid_request")), "{refused:?}");
    assert_eq!(refused.content_type, "application/problem+json");
    let code = bench.simulated(Method::GET, "/wechat/payment-code?account=A", None).await;
    body["auth_code"] = code.body["code"].clone();
    let payment = bench.pay("W20261130006", &token, "key-2", &body).await;
    assert_eq!(payment.status, 201, "{payment:?}");
    assert_eq!(bench.ask("W20261130006", &token, "").await.body["status"], "paid");
}

#[tokio::test]
async fn a_password_that_nobody_types_is_taken_back() {
    let bench = Bench::new().await;
    let token = bench.order("W20261130007", &["payment_code"]).await;
    bench.simulated(Method::PUT, "/wechat/phone", Some(json!({ "ask_password": true }))).await;
    let code = bench.simulated(Method::GET, "/wechat/payment-code?account=A", None).await;
    let mut body = by("payment_code");
    body["auth_code"] = code.body["code"].clone();
    let payment = bench.pay("W20261130007", &token, "key-1", &body).await;
    assert_eq!(payment.status, 201, "{payment:?}");
    assert_eq!(bench.trade("W20261130007").await["trade_state"], "USERPAYING");
    // Asked each five seconds, and reversed after 45.
    for _ in 0..10 {
        bench.advance(5_000).await;
        bench.backend.do_what_is_due("W20261130007").await.unwrap();
    }
    assert_eq!(bench.trade("W20261130007").await["trade_state"], "REVOKED");
    let order = bench.ask("W20261130007", &token, "").await;
    assert_eq!((&order.body["status"], &order.body["payment"]), (&json!("pending"), &json!(null)));
}
