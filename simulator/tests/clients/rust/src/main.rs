//! wxpay-rs: it verifies every answer. Its host is fixed; the `HttpClient` that is handed to it points elsewhere.

use std::error::Error;

use async_trait::async_trait;
use serde_json::{Value, json};
use wxpay_rs::http::client::HttpResponse;
use wxpay_rs::http::{HttpClient, ReqwestHttpClient};
use wxpay_rs::notify::{NotifyHeaders, PaymentExpectation, RefundExpectation};
use wxpay_rs::services::payments::jsapi::Amount;
use wxpay_rs::services::payments::native::NativeRequest;
use wxpay_rs::services::refund::{RefundAmount, RefundRequest};
use wxpay_rs::{WxPayClient, WxPayConfig, WxPayResult};

const HOST: &str = "https://api.mch.weixin.qq.com";

type Headers = Vec<(String, String)>;

struct Redirected {
    base: String,
    inner: ReqwestHttpClient,
}

impl Redirected {
    fn url(&self, url: &str) -> String {
        url.replace(HOST, &self.base)
    }
}

#[async_trait]
impl HttpClient for Redirected {
    async fn get(&self, url: &str, headers: Headers) -> WxPayResult<HttpResponse> {
        self.inner.get(&self.url(url), headers).await
    }

    async fn post(&self, url: &str, headers: Headers, body: &str) -> WxPayResult<HttpResponse> {
        self.inner.post(&self.url(url), headers, body).await
    }

    async fn put(&self, url: &str, headers: Headers, body: &str) -> WxPayResult<HttpResponse> {
        self.inner.put(&self.url(url), headers, body).await
    }

    async fn delete(&self, url: &str, headers: Headers) -> WxPayResult<HttpResponse> {
        self.inner.delete(&self.url(url), headers).await
    }

    async fn patch(&self, url: &str, headers: Headers, body: &str) -> WxPayResult<HttpResponse> {
        self.inner.patch(&self.url(url), headers, body).await
    }
}

fn headers(came: &Value) -> NotifyHeaders<'_> {
    let header = |name: &str| came["headers"][format!("wechatpay-{name}")].as_str().unwrap_or_default();
    NotifyHeaders {
        timestamp: header("timestamp"),
        nonce: header("nonce"),
        serial: header("serial"),
        signature: header("signature"),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("the set-up's file is the only argument")?;
    let setup: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let text = |pointer: &str| setup.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (base, catcher, mode) = (text("/base"), text("/catcher"), text("/mode"));
    let (appid, mchid) = (text("/merchant/appid"), text("/merchant/mchid"));
    let config = WxPayConfig::builder()
        .app_id(appid.as_str())
        .merchant_id(mchid.as_str())
        .api_v3_key(text("/merchant/apiv3_key"))
        .private_key(text("/merchant/private_key_pem").into_bytes())
        .cert_serial_number(text("/merchant/serial_no"));
    let config = match mode.as_str() {
        "public_key" => {
            config.platform_public_key(text("/platform/public_key_id"), text("/platform/public_key_pem").into_bytes())
        }
        _ => config.platform_certificate(text("/platform/certificate_pem").into_bytes()),
    };
    let http = Redirected { base: base.clone(), inner: ReqwestHttpClient::builder().build()? };
    let client = WxPayClient::builder().config(config.build()?).http_client(http).build().await?;
    let order = |number: &str| NativeRequest {
        appid: appid.clone(),
        mchid: mchid.clone(),
        description: "一杯茶 tea".to_owned(),
        out_trade_no: number.to_owned(),
        amount: Some(Amount { total: 2880, currency: Some("CNY".to_owned()) }),
        notify_url: Some(format!("{catcher}/{number}")),
    };

    let paid = format!("wxpay-rs-{mode}-paid");
    let code_url = client.native().create_order(&order(&paid)).await?.code_url;
    assert!(code_url.starts_with("weixin:"), "{code_url}");
    assert_eq!(client.query_order_by_out_trade_no(&paid).await?.trade_state, "NOTPAY");
    let plain = reqwest::Client::new();
    let body = json!({ "out_trade_no": paid }).to_string();
    let asked = plain.post(format!("{base}/simulator/pay")).header("content-type", "application/json").body(body);
    asked.send().await?.error_for_status()?;
    let came: Value = serde_json::from_str(&plain.get(format!("{catcher}/{paid}")).send().await?.text().await?)?;
    let headers = headers(&came);
    let body = came["body"].as_str().unwrap_or_default();
    let handler = client.notify_handler()?;
    assert!(handler.verify_and_parse(headers, format!("{body} ").as_bytes()).await.is_err());
    let verified = handler.verify_and_parse(headers, body.as_bytes()).await?;
    let told = handler.handle_verified_payment_notify(&verified).await?;
    told.validate_order(PaymentExpectation {
        appid: &appid,
        mchid: &mchid,
        out_trade_no: &paid,
        total: 2880,
        currency: "CNY",
    })?;
    assert_eq!(client.query_order_by_id(&told.transaction_id).await?.trade_state, "SUCCESS");

    let refund = RefundRequest {
        transaction_id: Some(told.transaction_id.clone()),
        out_trade_no: None,
        out_refund_no: format!("{paid}_1"),
        reason: Some("退货".to_owned()),
        amount: RefundAmount { refund: 880, total: 2880, currency: "CNY".to_owned() },
        notify_url: Some(format!("{catcher}/{paid}-refund")),
    };
    assert_eq!(client.refund().create(&refund).await?.status, "PROCESSING");
    let came: Value = serde_json::from_str(&plain.get(format!("{catcher}/{paid}-refund")).send().await?.text().await?)?;
    let body = came["body"].as_str().unwrap_or_default();
    let verified = handler.verify_and_parse(self::headers(&came), body.as_bytes()).await?;
    handler.handle_verified_refund_notify(&verified).await?.validate_order(RefundExpectation {
        mchid: &mchid,
        out_trade_no: &paid,
        out_refund_no: &refund.out_refund_no,
        total: 2880,
        refund: 880,
    })?;
    assert_eq!(client.refund().query_refund(&refund.out_refund_no).await?.status, "SUCCESS");
    assert_eq!(client.query_order_by_out_trade_no(&paid).await?.trade_state, "REFUND");

    let closed = format!("wxpay-rs-{mode}-closed");
    client.native().create_order(&order(&closed)).await?;
    client.query().close(&closed).await?;
    assert_eq!(client.query_order_by_out_trade_no(&closed).await?.trade_state, "CLOSED");
    Ok(())
}
