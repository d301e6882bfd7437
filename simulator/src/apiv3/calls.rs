//! What each call does once it is known who asks.

use serde_json::{Value, json};
use wechat_cashier::contract::Timestamp;

use super::bill;
use super::error::ApiError;
use super::fields::{self, is_number};
use super::prepay;
use super::refund;
use super::route::Call;
use super::schema::check;
use crate::clock::{beijing, plus};
use crate::config::{Merchant, VerifiesBy};
use crate::crypto::seal;
use crate::faults::Fault;
use crate::ledger::{Key, Refused, TradeState, TradeType, h5_package};
use crate::simulator::Simulator;

/// What is answered when nothing is wrong.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Done {
    pub(super) status: u16,
    /// None: 204.
    pub(super) body: Option<Value>,
}

impl Done {
    pub(super) fn ok(body: Value) -> Result<Self, ApiError> {
        Ok(Self { status: 200, body: Some(body) })
    }
}

/// A request of a merchant who is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) merchant: &'a Merchant,
    /// Of the address, without its question mark.
    pub(super) query: &'a str,
    /// Where the middle page of H5 is: scheme, host and port as the merchant called them.
    pub(super) origin: &'a str,
}

/// Carries a call out.
pub(super) fn carry_out(
    simulator: &Simulator,
    call: &Call,
    body: Option<Value>,
    asked: Asked<'_>,
) -> Result<Done, ApiError> {
    match call {
        Call::Prepay(trade_type) => order(simulator, *trade_type, body.unwrap_or_default(), asked),
        Call::Query(number) => {
            let mchid = mchid_of_query(asked)?;
            let key = Key::new(mchid, checked(number)?);
            let trade = simulator.read(|state, now| state.ledger.query(&key, now));
            Done::ok(trade.ok_or(Refused::OrderNotExist)?.view())
        }
        Call::QueryById(id) => {
            let mchid = mchid_of_query(asked)?;
            let trade = simulator.read(|state, _| state.ledger.transaction(id).cloned());
            let trade = trade.ok_or(Refused::OrderNotExist)?;
            if trade.key.mchid == mchid { Done::ok(trade.view()) } else { Err(ApiError::not_yours()) }
        }
        Call::Close(number) => {
            let key = key_of_body(number, &body.unwrap_or_default(), fields::CLOSE, asked.merchant)?;
            simulator.change(|state, now| state.ledger.close(&key, now))?;
            Ok(Done { status: 204, body: None })
        }
        Call::Reverse(number) => {
            let body = body.unwrap_or_default();
            let key = key_of_body(number, &body, fields::REVERSE, asked.merchant)?;
            let appid = body["appid"].as_str().unwrap_or_default().to_owned();
            if !asked.merchant.appids.contains(&appid) {
                return Err(ApiError::appid());
            }
            simulator.change(|state, now| state.ledger.reverse(&key, now))?;
            Done::ok(json!({ "appid": appid, "mchid": key.mchid, "out_trade_no": key.out_trade_no }))
        }
        Call::Refund => refund::refund(simulator, body.unwrap_or_default(), asked),
        Call::QueryRefund(number) => refund::query(simulator, number, asked),
        Call::ApplyAbnormalRefund(id) => refund::apply_abnormal(simulator, id, &body.unwrap_or_default(), asked),
        Call::Certificates => certificates(simulator, asked.merchant),
        Call::TradeBill => Done::ok(bill::tradebill(simulator, asked)?),
        Call::FundFlowBill => Done::ok(bill::fundflowbill(simulator, asked)?),
        // It is no JSON, and `handle.rs` answers it.
        Call::BillFile => Err(ApiError::system(500)),
    }
}

fn order(simulator: &Simulator, trade_type: TradeType, body: Value, asked: Asked<'_>) -> Result<Done, ApiError> {
    let order = prepay::order(body, trade_type, asked.merchant, simulator.config())?;
    if trade_type == TradeType::Micropay {
        let auth_code = order.body["payer"]["auth_code"].as_str().unwrap_or_default().to_owned();
        let trade = simulator.change(|state, now| {
            let ask_password = state.phone.ask_password;
            state.ledger.codepay(order, &auth_code, ask_password, now).cloned()
        })?;
        return match (trade.trade_state, simulator.config().user_paying_status) {
            (TradeState::UserPaying, 202) => Ok(Done {
                status: 202,
                body: Some(json!({ "code": "USERPAYING", "message": "用户支付中，需要输入密码" })),
            }),
            _ => Done::ok(trade.view()),
        };
    }
    let key = order.key.clone();
    let handle = simulator.change(|state, now| {
        let handle = state.ledger.prepay(order, now)?;
        for fault in state.strike(&key, "prepay", |fault| matches!(fault, Fault::QuickExpiry { .. })) {
            if let Fault::QuickExpiry { ms } = fault {
                state.ledger.shorten(&handle, plus(now, ms));
            }
        }
        Ok::<_, Refused>(handle)
    })?;
    Done::ok(match trade_type {
        TradeType::Native => json!({ "code_url": handle }),
        TradeType::Mweb => {
            let path = "wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb";
            json!({ "h5_url": format!("{}/{path}?prepay_id={handle}&package={}", asked.origin, h5_package(&handle)) })
        }
        TradeType::Jsapi | TradeType::Micropay => json!({ "prepay_id": handle }),
    })
}

/// `?mchid=` and nothing else, the merchant's own.
fn mchid_of_query(asked: Asked<'_>) -> Result<String, ApiError> {
    let pairs: Vec<_> = url::form_urlencoded::parse(asked.query.as_bytes()).into_owned().collect();
    if let Some((name, _)) = pairs.iter().find(|(name, _)| name != "mchid") {
        return Err(ApiError::unknown("query", name));
    }
    match pairs.as_slice() {
        [(_, mchid)] if *mchid == asked.merchant.mchid => Ok(mchid.clone()),
        [(_, mchid)] if !mchid.is_empty() => Err(ApiError::mchid("query", mchid.clone().into())),
        _ => {
            let said = "输入源“/query/mchid”映射到值字段“直连商户号”必填性规则校验失败，此字段为必填项".to_owned();
            Err(ApiError::field("query", "mchid", "".into(), said))
        }
    }
}

fn key_of_body(
    number: &str,
    body: &Value,
    fields: &[super::schema::Field],
    merchant: &Merchant,
) -> Result<Key, ApiError> {
    check(body, fields)?;
    let mchid = body["mchid"].as_str().unwrap_or_default();
    if mchid != merchant.mchid {
        return Err(ApiError::mchid("body", mchid.into()));
    }
    Ok(Key::new(mchid, checked(number)?))
}

fn checked(number: &str) -> Result<&str, ApiError> {
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

/// <https://pay.weixin.qq.com/doc/v3/merchant/4012551764>.
fn certificates(simulator: &Simulator, merchant: &Merchant) -> Result<Done, ApiError> {
    if merchant.verifies_by == VerifiesBy::PublicKey {
        let said = "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。";
        return Err(ApiError::new(404, "RESOURCE_NOT_EXISTS", said, 268_435_461));
    }
    let keys = simulator.keys();
    let valid = |now: Timestamp| {
        let of = keys.certificates.iter().filter(move |one| one.effective_time <= now && now < one.expire_time);
        of.collect::<Vec<_>>()
    };
    let now = simulator.read(|_, now| now);
    let nonces: Vec<String> = simulator.change(|state, _| {
        let mut text = || std::iter::repeat_with(|| state.random.alphanumeric()).take(12).collect();
        keys.certificates.iter().map(|_| text()).collect()
    });
    let list = valid(now).into_iter().zip(nonces).filter_map(|(one, nonce)| {
        let sealed = seal(merchant.apiv3_key.as_bytes(), &nonce, "certificate", one.pem.as_bytes())?;
        Some(json!({
            "serial_no": one.serial_no,
            "effective_time": beijing(one.effective_time),
            "expire_time": beijing(one.expire_time),
            "encrypt_certificate": sealed,
        }))
    });
    Done::ok(json!({ "data": list.collect::<Vec<_>>() }))
}
