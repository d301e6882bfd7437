//! Who asks: the header `Authorization` and its signature (<https://pay.weixin.qq.com/doc/v3/merchant/4012365342>).
//!
//! The order of the checks and the messages are as integrators have seen them answered (README, "Unsigned answers").

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use serde_json::json;
use wechat_cashier::contract::Timestamp;

use super::error::ApiError;
use crate::merchants::{Known, Merchants};

const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";

/// A request's time may be so far from the platform's.
const OFF_MS_MAX: i64 = 5 * 60 * 1000;

/// What is signed besides time and nonce.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signed<'a> {
    pub(super) method: &'a str,
    /// Path and query, as they were sent.
    pub(super) target: &'a str,
    pub(super) body: &'a [u8],
    /// Transactions say other words for what is no `Authorization`.
    pub(super) of_transactions: bool,
}

/// The merchant that has signed this request.
pub(super) fn verify<'a>(
    headers: &HeaderMap,
    signed: Signed<'_>,
    merchants: &'a Merchants,
    now: Timestamp,
) -> Result<&'a Known, ApiError> {
    let header = headers.get("authorization").and_then(|value| value.to_str().ok());
    let fields = header.and_then(parse).ok_or_else(|| no_authorization(signed.of_transactions))?;
    let field = |name: &str| fields.get(name).copied().unwrap_or_default();
    let seconds: i64 = field("timestamp").parse().map_err(|_| no_authorization(signed.of_transactions))?;
    if seconds.saturating_mul(1000).saturating_sub(now.millis()).saturating_abs() > OFF_MS_MAX {
        return Err(ApiError::sign("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟"));
    }
    let Some(known) = merchants.get(field("mchid")) else {
        return Err(ApiError { has_request_id: !signed.of_transactions, ..ApiError::sign("签名错误") });
    };
    if known.merchant.serial_no != field("serial_no") {
        return Err(ApiError::sign("商户证书序列号有误。请使用签名私钥匹配的证书序列号"));
    }
    let mut message =
        format!("{}\n{}\n{}\n{}\n", signed.method, signed.target, field("timestamp"), field("nonce_str")).into_bytes();
    message.extend_from_slice(signed.body);
    message.push(b'\n');
    if known.key.verifies(&message, field("signature")) { Ok(known) } else { Err(sign_mismatch(signed, &message)) }
}

/// `mchid` as the header has it, whether or not it is right.
pub(super) fn claimed_mchid(headers: &HeaderMap) -> Option<String> {
    let header = headers.get("authorization").and_then(|value| value.to_str().ok())?;
    parse(header)?.get("mchid").map(|&mchid| mchid.to_owned())
}

fn no_authorization(of_transactions: bool) -> ApiError {
    let said = match of_transactions {
        true => "签名信息错误，验签失败",
        false => "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》",
    };
    ApiError { has_request_id: !of_transactions, ..ApiError::sign(said) }
}

/// One space, then five `name="value"` in any order with commas between them and nothing else.
fn parse(header: &str) -> Option<BTreeMap<&str, &str>> {
    let mut rest = header.strip_prefix(SCHEME)?.strip_prefix(' ')?;
    let mut fields = BTreeMap::new();
    loop {
        let (name, after) = rest.split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        let known = ["mchid", "nonce_str", "signature", "timestamp", "serial_no"].contains(&name);
        if !known || value.is_empty() || fields.insert(name, value).is_some() {
            return None;
        }
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return (after.is_empty() && fields.len() == 5).then_some(fields),
        }
    }
}

/// The platform shows what it has verified, the body cut short.
fn sign_mismatch(signed: Signed<'_>, message: &[u8]) -> ApiError {
    let shown = message.get(..message.len() - signed.body.len() - 1).unwrap_or(message);
    let begin = signed.body.get(..signed.body.len().min(8)).unwrap_or_default();
    let truncated = format!("{}{}\n", String::from_utf8_lossy(shown), String::from_utf8_lossy(begin));
    let detail = json!({
        "field": "signature",
        "issue": "sign not match",
        "location": "authorization",
        "sign_information": {
            "method": signed.method,
            "url": signed.target,
            "truncated_sign_message": truncated,
            "sign_message_length": message.len(),
        },
    });
    ApiError { detail: Some(detail), ..ApiError::sign("签名错误") }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_header_is_read_strictly() {
        let good = r#"WECHATPAY2-SHA256-RSA2048 mchid="1",nonce_str="n",signature="s=",timestamp="2",serial_no="3""#;
        assert_eq!(parse(good).unwrap()["signature"], "s=");
        for bad in [
            "",
            "Bearer token",
            &good.replace("RSA2048", "RSA4096"),
            &good.replace(r#",serial_no="3""#, ""),
            &good.replace(r#"serial_no="3""#, r#"mchid="3""#),
            &good.replace(r#"mchid="1""#, r#"mchid="""#),
            &good.replace(",nonce_str", ", nonce_str"),
            &good.replace("2048 ", "2048  "),
            &good.replace("nonce_str", "nonce"),
            &format!("{good},"),
            &good.replace('"', "'"),
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
