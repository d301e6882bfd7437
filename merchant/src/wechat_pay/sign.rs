//! What we sign: requests, and the parameters that a page hands to WeChat.

use aws_lc_rs::error::Unspecified;
use wechat_cashier::contract::JsapiParams;

use super::account::Account;

/// A text that nobody can guess and that does not come twice: 32 hexadecimal digits.
pub(super) fn nonce() -> Result<String, Unspecified> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02X}")).collect())
}

/// A request as it is signed.
pub(super) struct Request<'a> {
    pub(super) method: &'a str,
    /// The path and the query, as they stand on the request's first line.
    pub(super) target: &'a str,
    pub(super) body: &'a str,
    /// Seconds since 1970.
    pub(super) timestamp: i64,
    pub(super) nonce: &'a str,
}

impl Request<'_> {
    /// The text under the signature (<https://wechatpay-api.gitbook.io/wechatpay-api-v3/qian-ming-zhi-nan-1/qian-ming-sheng-cheng>).
    pub(super) fn message(&self) -> String {
        let Self { method, target, body, timestamp, nonce } = self;
        format!("{method}\n{target}\n{timestamp}\n{nonce}\n{body}\n")
    }

    /// The header `Authorization`.
    pub(super) fn authorization(&self, account: &Account) -> Option<String> {
        Some(self.token(account.mchid(), account.serial_no(), &account.sign(&self.message())?))
    }

    pub(super) fn token(&self, mchid: &str, serial_no: &str, signature: &str) -> String {
        let Self { timestamp, nonce, .. } = self;
        format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{mchid}\",nonce_str=\"{nonce}\",timestamp=\"{timestamp}\",serial_no=\"{serial_no}\",\
             signature=\"{signature}\""
        )
    }
}

/// The parameters of `getBrandWCPayRequest` (<https://pay.weixin.qq.com/doc/v3/merchant/4012791857>); `timestamp` in seconds.
pub(super) fn jsapi_params(
    account: &Account,
    appid: &str,
    prepay_id: &str,
    timestamp: i64,
    nonce: String,
) -> Option<JsapiParams> {
    let package = format!("prepay_id={prepay_id}");
    let pay_sign = account.sign(&jsapi_message(appid, timestamp, &nonce, &package))?;
    Some(JsapiParams {
        app_id: appid.to_owned(),
        time_stamp: timestamp.to_string(),
        nonce_str: nonce,
        package,
        sign_type: "RSA".to_owned(),
        pay_sign,
    })
}

/// The text under `paySign`. `signType` is not part of it.
pub(super) fn jsapi_message(appid: &str, timestamp: i64, nonce: &str, package: &str) -> String {
    format!("{appid}\n{timestamp}\n{nonce}\n{package}\n")
}
