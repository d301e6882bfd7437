//! The ids in a query and in a body: who asks, which has to be the one who signs, and for whom.

use serde_json::Value;

use super::calls::Asked;
use super::error::ApiError;
use super::fields::is_number;
use super::id_fields::{CLOSE, DIRECT, PARTNER, PARTNER_CLOSE};
use super::party;
use super::schema::{Field, check};
use crate::config::SubMerchant;
use crate::ledger::{Key, Sub, TradeType};

const MCHID: (&str, &str) = ("mchid", "直连商户号");
const SP_MCHID: (&str, &str) = ("sp_mchid", "服务商户号");
const SUB_MCHID: (&str, &str) = ("sub_mchid", "子商户号");

/// The ids that an order is made with.
pub(super) struct Ordered {
    /// The merchant's, or the service provider's.
    pub(super) appid: String,
    pub(super) sub: Option<Sub>,
}

/// `?mchid=`, or a service provider's `?sp_mchid=&sub_mchid=`, and nothing else.
pub(super) fn of_query(asked: Asked<'_>) -> Result<Option<&SubMerchant>, ApiError> {
    if !asked.is_partner {
        let [mchid] = query(asked, [MCHID])?;
        signed_by(asked, "query", MCHID.0, &mchid)?;
        return party::own(asked.merchant).map(|()| None);
    }
    let [sp_mchid, sub_mchid] = query(asked, [SP_MCHID, SUB_MCHID])?;
    signed_by(asked, "query", SP_MCHID.0, &sp_mchid)?;
    party::sub(asked.merchant, &sub_mchid).map(Some)
}

/// The body that closes a number, and the number.
pub(super) fn of_close<'a>(
    number: &str,
    body: &Value,
    asked: Asked<'a>,
) -> Result<(Key, Option<&'a SubMerchant>), ApiError> {
    check(body, &[if asked.is_partner { PARTNER_CLOSE } else { CLOSE }])?;
    let sub = of_body(body, asked)?;
    Ok((Key::new(&asked.merchant.mchid, number_in_path(number)?), sub))
}

/// The body that reverses a number, and the number.
pub(super) fn of_reverse<'a>(
    number: &str,
    body: &Value,
    asked: Asked<'a>,
) -> Result<(Key, Option<&'a SubMerchant>), ApiError> {
    check(body, &[of_side(asked)])?;
    let sub = of_body(body, asked)?;
    let key = Key::new(&asked.merchant.mchid, number_in_path(number)?);
    appids(body, asked, sub)?;
    Ok((key, sub))
}

/// The ids of an order, whose fields were looked at.
pub(super) fn of_order(body: &Value, asked: Asked<'_>, trade_type: TradeType) -> Result<Ordered, ApiError> {
    let sub = of_body(body, asked)?;
    if let Some(sub) = sub {
        party::authorises(sub, trade_type)?;
    }
    appids(body, asked, sub)?;
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let Some(sub) = sub else { return Ok(Ordered { appid: text("/appid").unwrap_or_default(), sub: None }) };
    let (appid, openid) = (text("/sub_appid"), text("/payer/sub_openid"));
    if trade_type == TradeType::Jsapi && openid.is_none() && text("/payer/sp_openid").is_none() {
        return Err(missing("body", "/payer/sp_openid", "用户服务标识").no_openid());
    }
    // https://pay.weixin.qq.com/doc/v3/partner/4012523579: 若sub_openid有传的情况下,sub_appid必填
    if openid.is_some() && appid.is_none() {
        return Err(missing("body", "/sub_appid", "子商户应用ID"));
    }
    let sub = Sub { mchid: sub.sub_mchid.clone(), appid, openid };
    Ok(Ordered { appid: text("/sp_appid").unwrap_or_default(), sub: Some(sub) })
}

/// The ids with which a merchant of this kind orders and reverses.
pub(super) fn of_side(asked: Asked<'_>) -> &'static [Field] {
    if asked.is_partner { PARTNER } else { DIRECT }
}

/// Who asks, as the body has it.
fn of_body<'a>(body: &Value, asked: Asked<'a>) -> Result<Option<&'a SubMerchant>, ApiError> {
    let (name, _) = if asked.is_partner { SP_MCHID } else { MCHID };
    signed_by(asked, "body", name, body[name].as_str().unwrap_or_default())?;
    match asked.is_partner {
        false => party::own(asked.merchant).map(|()| None),
        true => party::sub(asked.merchant, body[SUB_MCHID.0].as_str().unwrap_or_default()).map(Some),
    }
}

/// Whether each appid is bound to whose it is said to be.
fn appids(body: &Value, asked: Asked<'_>, sub: Option<&SubMerchant>) -> Result<(), ApiError> {
    let name = if asked.is_partner { "sp_appid" } else { "appid" };
    let appid = body[name].as_str().unwrap_or_default();
    if !asked.merchant.appids.iter().any(|own| own == appid) {
        return Err(ApiError::appid());
    }
    let (Some(sub), Some(sub_appid)) = (sub, body["sub_appid"].as_str()) else { return Ok(()) };
    if sub.sub_appids.iter().any(|own| own == sub_appid) { Ok(()) } else { Err(ApiError::sub_appid()) }
}

fn signed_by(asked: Asked<'_>, location: &str, name: &str, mchid: &str) -> Result<(), ApiError> {
    if mchid == asked.merchant.mchid { Ok(()) } else { Err(ApiError::mchid(location, name, mchid.into())) }
}

/// The values of these parameters. Each has to be there once, and no other.
fn query<const N: usize>(asked: Asked<'_>, names: [(&str, &str); N]) -> Result<[String; N], ApiError> {
    let pairs: Vec<_> = url::form_urlencoded::parse(asked.query.as_bytes()).into_owned().collect();
    if let Some((name, _)) = pairs.iter().find(|(name, _)| names.iter().all(|(known, _)| known != name)) {
        return Err(ApiError::unknown("query", name));
    }
    let mut values = names.map(|_| String::new());
    for ((name, title), value) in names.into_iter().zip(&mut values) {
        let mut of_name = pairs.iter().filter(|(key, _)| key == name);
        match (of_name.next(), of_name.next()) {
            (Some((_, only)), None) if !only.is_empty() => value.clone_from(only),
            _ => return Err(missing("query", name, title)),
        }
    }
    Ok(values)
}

fn missing(location: &str, field: &str, title: &str) -> ApiError {
    let at = field.trim_start_matches('/');
    let said = format!("输入源“/{location}/{at}”映射到值字段“{title}”必填性规则校验失败，此字段为必填项");
    ApiError::field(location, field, "".into(), said)
}

/// The `out_trade_no` in a path.
pub(super) fn number_in_path(number: &str) -> Result<&str, ApiError> {
    let source = "输入源“/uri_template/out_trade_no”映射到值字段“商户订单号”字符串规则校验失败";
    let bytes = number.len();
    if !(6..=32).contains(&bytes) {
        let bound = if bytes < 6 { "小于最小值 6" } else { "大于最大值 32" };
        let said = format!("{source}，字节数 {bytes}，{bound}");
        return Err(ApiError::range("uri_template", "out_trade_no", bytes.into(), said));
    }
    if is_number(number) {
        return Ok(number);
    }
    let said = format!(r"{source}，字符串必须匹配正则表达式“^[0-9a-zA-Z_\-\|\*]+$”");
    Err(ApiError::field("uri_template", "out_trade_no", number.into(), said))
}
