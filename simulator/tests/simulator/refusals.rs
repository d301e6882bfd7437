//! Who does not sign as documented is refused, and learns no more than the real platform tells.

use reqwest::Method;
use serde_json::json;
use wechat_cashier_simulator::Config;

use crate::bench::{Bench, MCHID, config};

const SIGN_ERROR: &str = "SIGN_ERROR";

#[tokio::test]
async fn a_signature_must_be_the_merchants_over_this_request() {
    let bench = Bench::new().await;
    let target = format!("/v3/pay/transactions/out-trade-no/order-1?mchid={MCHID}");
    let good = bench.authorization("GET", &target, "").await;
    let other_path = bench.authorization("GET", &target.replace("order-1", "order-2"), "").await;
    let other_method = bench.authorization("POST", &target, "").await;
    let other_body = bench.authorization("GET", &target, "{}").await;
    let now = bench.now().await.millis() / 1000;
    let early = bench.authorization_at(now - 301, "GET", &target, "");
    let late = bench.authorization_at(now + 302, "GET", &target, "");
    // Without a merchant who is known, or without a header at all, there is no Request-ID.
    let number = Some(268_443_699);
    for (authorization, message, number) in [
        (String::new(), "签名信息错误，验签失败", None),
        ("Bearer token".to_owned(), "签名信息错误，验签失败", None),
        (good.replace("WECHATPAY2-", "WECHATPAY1-"), "签名信息错误，验签失败", None),
        (good.replace(r#"mchid="1900000109","#, ""), "签名信息错误，验签失败", None),
        (good.replace(MCHID, "1900000999"), "签名错误", None),
        (good.replace("5F3A1C", "5F3A1D"), "商户证书序列号有误。请使用签名私钥匹配的证书序列号", number),
        (good.replace("593BEC", "593BED"), "签名错误", number),
        (other_path, "签名错误", number),
        (other_method, "签名错误", number),
        (other_body, "签名错误", number),
        (early, "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟", number),
        (late, "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟", number),
    ] {
        let mut headers = vec![("accept", "application/json"), ("user-agent", "test")];
        if !authorization.is_empty() {
            headers.push(("authorization", &authorization));
        }
        let answer = bench.send(Method::GET, &target, &headers, String::new()).await.unwrap();
        assert_eq!(answer.error(), (401, SIGN_ERROR.to_owned(), number), "{authorization}");
        assert_eq!(answer.json()["message"], message, "{authorization}");
        assert_eq!(bench.is_signed(&answer), Err("unsigned"));
    }
    let answer = bench.try_call(Method::GET, &target, None, &[]).await.unwrap();
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn a_wrong_signature_is_shown_what_was_verified() {
    let bench = Bench::new().await;
    let target = "/v3/pay/transactions/native";
    let order = bench.order("order-1");
    let authorization = bench.authorization("POST", target, "{}").await;
    let headers = [("authorization", authorization.as_str())];
    let answer = bench.try_call(Method::POST, target, Some(&order), &headers).await.unwrap();
    let detail = answer.json()["detail"].clone();
    assert_eq!((&detail["issue"], &detail["field"]), (&json!("sign not match"), &json!("signature")));
    let shown = detail["sign_information"]["truncated_sign_message"].as_str().unwrap();
    assert!(shown.starts_with("POST\n/v3/pay/transactions/native\n") && shown.ends_with("{\"amount\n"), "{shown}");
    assert_eq!(bench.get("/simulator/trades").await["trades"], json!([]));
}

#[tokio::test]
async fn a_request_names_itself_and_what_it_accepts() {
    let bench = Bench::new().await;
    let transaction = format!("/v3/pay/transactions/out-trade-no/order-1?mchid={MCHID}");
    for target in ["/v3/certificates", &transaction] {
        let authorization = bench.authorization("GET", target, "").await;
        let signed = ("authorization", authorization.as_str());
        for headers in [
            vec![signed, ("accept", "application/json")],
            vec![signed, ("user-agent", "test"), ("accept", "text/html")],
        ] {
            let answer = bench.send(Method::GET, target, &headers, String::new()).await.unwrap();
            assert_eq!(answer.error(), (400, "INVALID_REQUEST".to_owned(), Some(268_435_461)), "{target} {headers:?}");
        }
        let headers = [signed, ("user-agent", "test"), ("accept", "*/*")];
        assert_ne!(bench.send(Method::GET, target, &headers, String::new()).await.unwrap().status, 400);
    }
    // The signature is looked at first by transactions, the headers by certificates.
    for (target, status) in [("/v3/certificates", 400), (transaction.as_str(), 401)] {
        assert_eq!(bench.send(Method::GET, target, &[], String::new()).await.unwrap().status, status, "{target}");
    }
}

#[tokio::test]
async fn other_paths_and_methods_have_empty_answers() {
    let bench = Bench::new().await;
    for (method, target, status) in [
        (Method::GET, "/v3/pay/transactions/native", 405),
        (Method::POST, "/v3/certificates", 405),
        (Method::POST, "/v3/pay/transactions/app", 404),
        (Method::GET, "/v3/refund/domestic/refunds", 405),
        (Method::GET, "/v3/refund/domestic/refunds/1/2", 404),
    ] {
        let answer = bench.try_call(method, target, None, &[]).await.unwrap();
        assert_eq!((answer.status, answer.text.as_str()), (status, ""), "{target}");
        assert_eq!(bench.is_signed(&answer), Err("unsigned"));
    }
}

#[tokio::test]
async fn more_requests_than_allowed_in_a_second_are_refused() {
    let bench = Bench::with(Config { requests_per_second: Some(2), ..config() }).await;
    bench.post("/simulator/clock", json!({ "freeze": true })).await;
    let statuses = [bench.query("order-1").await, bench.query("order-1").await, bench.query("order-1").await];
    assert_eq!(statuses.each_ref().map(|answer| answer.status), [404, 404, 429]);
    assert_eq!(statuses[2].error(), (429, "FREQUENCY_LIMITED".to_owned(), Some(268_447_840)));
    bench.advance(1000).await;
    assert_eq!(bench.query("order-1").await.status, 404);
}

#[tokio::test]
async fn refusals_may_be_signed_for_who_wants_that() {
    let bench = Bench::with(Config { sign_unverified: true, ..config() }).await;
    let headers = [("accept", "*/*"), ("user-agent", "test")];
    let answer = bench.send(Method::GET, "/v3/certificates", &headers, String::new()).await.unwrap();
    assert_eq!((answer.status, bench.is_signed(&answer)), (401, Ok(())));
}
