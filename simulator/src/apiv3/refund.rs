//! Refunds (<https://pay.weixin.qq.com/doc/v3/merchant/4013071036>, 4013071041, 4013071193), a service provider's as well
//! (<https://pay.weixin.qq.com/doc/v3/partner/4012886219>).

use serde_json::Value;

use super::calls::{Asked, Done};
use super::error::ApiError;
use super::party;
use super::prepay::may_be_notified;
use super::refund_fields::{APPLY_ABNORMAL, REFUND, is_refund_number};
use super::schema::check;
use crate::clock::plus;
use crate::config::Config;
use crate::faults::Fault;
use crate::ledger::{RefundKey, RefundOrder, RefundStatus, Refused};
use crate::simulator::Simulator;

/// A refund is asked for, or asked for again.
pub(super) fn refund(simulator: &Simulator, body: Value, asked: Asked<'_>) -> Result<Done, ApiError> {
    let order = order(body, asked, simulator.config())?;
    let refund = simulator.change(|state, now| {
        if let Some(known) = state.ledger.asked_again(&order)? {
            return Ok(known);
        }
        let trade = state.ledger.refundable(&order, now)?;
        if !state.strike(&trade, "refund", |fault| *fault == Fault::RefundNotEnough).is_empty() {
            return Err(Refused::NotEnough);
        }
        let of_its_end = |fault: &Fault| matches!(fault, Fault::RefundAbnormal | Fault::RefundClosed);
        let ends_as = match state.strike(&trade, "refund", of_its_end).first() {
            Some(Fault::RefundAbnormal) => RefundStatus::Abnormal,
            Some(_) => RefundStatus::Closed,
            None => RefundStatus::Success,
        };
        let ends_at = plus(now, after_ms(simulator.config()));
        Ok(state.ledger.begin_refund(order, &trade, (ends_at, ends_as), now))
    })?;
    Done::ok(refund.view())
}

/// What became of one. It is looked at as it stands now.
pub(super) fn query(simulator: &Simulator, number: &str, asked: Asked<'_>) -> Result<Done, ApiError> {
    let sub_mchid = sub_mchid_of_query(asked)?;
    let key = key(number, asked)?;
    let refund = simulator.change(|state, now| {
        state.ledger.end_refunds(now);
        state.ledger.refund_for(&key, sub_mchid.as_deref()).cloned()
    })?;
    Done::ok(refund.view())
}

/// Where the money of an abnormal one goes.
pub(super) fn apply_abnormal(
    simulator: &Simulator,
    refund_id: &str,
    body: &Value,
    asked: Asked<'_>,
) -> Result<Done, ApiError> {
    check(body, &[APPLY_ABNORMAL])?;
    let sub_mchid = sub_mchid(asked, body["sub_mchid"].as_str())?;
    if body["type"] == "USER_BANK_CARD" {
        for field in ["bank_type", "bank_account", "real_name"] {
            if body.get(field).is_none() {
                let said = "退款至用户银行卡时，此字段为必填项".to_owned();
                return Err(ApiError::field("body", &format!("/{field}"), "".into(), said));
            }
        }
    }
    let key = key(body["out_refund_no"].as_str().unwrap_or_default(), asked)?;
    let refund = simulator.change(|state, now| {
        let ends_at = plus(now, after_ms(simulator.config()));
        state.ledger.mend_refund(&key, sub_mchid.as_deref(), refund_id, ends_at)
    })?;
    Done::ok(refund.view())
}

fn after_ms(config: &Config) -> i64 {
    i64::from(config.refund_after_s) * 1000
}

fn order(body: Value, asked: Asked<'_>, config: &Config) -> Result<RefundOrder, ApiError> {
    check(&body, &[REFUND])?;
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let number = |pointer: &str| body.pointer(pointer).and_then(Value::as_i64).unwrap_or_default();
    let sub_mchid = sub_mchid(asked, body["sub_mchid"].as_str())?;
    let (transaction_id, out_trade_no) = (text("/transaction_id"), text("/out_trade_no"));
    if transaction_id.is_none() && out_trade_no.is_none() {
        let said = "transaction_id和out_trade_no必须二选一".to_owned();
        return Err(ApiError::field("body", "/transaction_id", "".into(), said));
    }
    let notify_url = text("/notify_url");
    if let Some(url) = notify_url.as_ref().filter(|url| !may_be_notified(url, config.http_on_loopback)) {
        let said =
            "输入源“/body/notify_url”映射到值字段“通知地址”字符串规则校验失败，通知地址必须为不带参数的https地址";
        return Err(ApiError::field("body", "/notify_url", url.clone().into(), said.to_owned()));
    }
    let key =
        RefundKey { mchid: asked.merchant.mchid.clone(), out_refund_no: text("/out_refund_no").unwrap_or_default() };
    Ok(RefundOrder {
        key,
        sub_mchid,
        transaction_id,
        out_trade_no,
        refund: number("/amount/refund"),
        total: number("/amount/total"),
        currency: text("/amount/currency").unwrap_or_default(),
        notify_url,
        body,
    })
}

/// A merchant of its own has nothing to say in the query; a service provider says for whom it asks.
fn sub_mchid_of_query(asked: Asked<'_>) -> Result<Option<String>, ApiError> {
    let pairs: Vec<_> = url::form_urlencoded::parse(asked.query.as_bytes()).into_owned().collect();
    match pairs.iter().find(|(name, _)| name != "sub_mchid") {
        Some((name, _)) => Err(ApiError::unknown("query", name)),
        None => sub_mchid(asked, pairs.first().map(|(_, named)| named.as_str())),
    }
}

fn sub_mchid(asked: Asked<'_>, named: Option<&str>) -> Result<Option<String>, ApiError> {
    party::of_either(asked.merchant, named).map(|sub| sub.map(|sub| sub.sub_mchid.clone()))
}

fn key(number: &str, asked: Asked<'_>) -> Result<RefundKey, ApiError> {
    let source = "输入源“/uri_template/out_refund_no”映射到值字段“商户退款单号”字符串规则校验失败";
    let bytes = number.len();
    if !(1..=64).contains(&bytes) {
        let said = format!("{source}，字节数 {bytes}");
        return Err(ApiError::range("uri_template", "out_refund_no", bytes.into(), said));
    }
    if !is_refund_number(number) {
        let said = format!(r"{source}，字符串必须匹配正则表达式“^[0-9a-zA-Z_\-\|\*@]+$”");
        return Err(ApiError::field("uri_template", "out_refund_no", number.into(), said));
    }
    Ok(RefundKey { mchid: asked.merchant.mchid.clone(), out_refund_no: number.to_owned() })
}
