//! From a body to an order.

use std::net::IpAddr;

use serde_json::Value;
use url::{Host, Url};
use wechat_cashier::contract::Timestamp;

use super::calls::Asked;
use super::error::ApiError;
use super::fields;
use super::id_fields::{PARTNER_PAYER, PAYER};
use super::ids::{Ordered, of_order, of_side};
use super::schema::{Field, check};
use crate::config::Config;
use crate::ledger::{Key, Order, TradeType};

/// Checks everything about a body that does not depend on earlier orders.
pub(super) fn order(body: Value, trade_type: TradeType, asked: Asked<'_>, config: &Config) -> Result<Order, ApiError> {
    check(&body, &[of_side(asked), fields_of(trade_type), payer(asked, trade_type)])?;
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let required = |pointer: &str| text(pointer).unwrap_or_default();
    let Ordered { appid, sub } = of_order(&body, asked, trade_type)?;
    let currency = text("/amount/currency").unwrap_or_else(|| "CNY".to_owned());
    if !config.currencies.contains(&currency) {
        let said = "Currency code is invalid".to_owned();
        return Err(ApiError::field("body", "/amount/currency", currency.into(), said));
    }
    let notify_url = text("/notify_url");
    if let Some(url) = &notify_url
        && !may_be_notified(url, config.http_on_loopback)
    {
        let said =
            "输入源“/body/notify_url”映射到值字段“通知地址”字符串规则校验失败，通知地址必须为不带参数的https地址";
        return Err(ApiError::field("body", "/notify_url", url.clone().into(), said.to_owned()));
    }
    Ok(Order {
        key: Key::new(&asked.merchant.mchid, required("/out_trade_no")),
        appid,
        openid: text(if sub.is_some() { "/payer/sp_openid" } else { "/payer/openid" }),
        sub,
        trade_type,
        description: required("/description"),
        attach: text("/attach"),
        total: body.pointer("/amount/total").and_then(Value::as_i64).unwrap_or_default(),
        currency,
        notify_url,
        device_id: text("/scene_info/device_id"),
        time_expire: text("/time_expire").and_then(|text| Timestamp::parse(&text)),
        body,
    })
}

fn fields_of(trade_type: TradeType) -> &'static [Field] {
    match trade_type {
        TradeType::Native => fields::NATIVE,
        TradeType::Jsapi => fields::JSAPI,
        TradeType::Mweb => fields::H5,
        TradeType::Micropay => fields::CODEPAY,
    }
}

/// JSAPI names its payer, and a service provider names one in other words.
fn payer(asked: Asked<'_>, trade_type: TradeType) -> &'static [Field] {
    match (trade_type, asked.is_partner) {
        (TradeType::Jsapi, true) => PARTNER_PAYER,
        (TradeType::Jsapi, false) => PAYER,
        (TradeType::Native | TradeType::Mweb | TradeType::Micropay, _) => &[],
    }
}

/// `https`, or `http` to loopback where that is allowed; no query, no fragment, no white space, no user
/// (<https://pay.weixin.qq.com/doc/v3/merchant/4012791877>).
pub(super) fn may_be_notified(text: &str, http_on_loopback: bool) -> bool {
    if text.contains(['?', '#', '@', '[', ']']) || text.contains(char::is_whitespace) || !text.is_ascii() {
        return false;
    }
    let Ok(url) = Url::parse(text) else { return false };
    let is_loopback = match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(_)) | None => false,
    };
    match url.scheme() {
        "https" => true,
        "http" => http_on_loopback && is_loopback,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::may_be_notified;

    #[test]
    fn a_notify_url_is_plain() {
        for good in ["https://shop.example/notify", "http://127.0.0.1:8080/n", "http://localhost/n"] {
            assert!(may_be_notified(good, true), "{good}");
        }
        assert!(!may_be_notified("http://127.0.0.1:8080/n", false));
        for bad in [
            "http://shop.example/notify",
            "https://shop.example/notify?order=1",
            "https://shop.example/notify#top",
            " https://shop.example/notify",
            "https://shop.example/no tify",
            "https://user@shop.example/notify",
            "ftp://shop.example/notify",
            "shop.example/notify",
            "https://店.example/notify",
        ] {
            assert!(!may_be_notified(bad, true), "{bad}");
        }
    }
}
