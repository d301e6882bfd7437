//! What each call does once it is known who asks.

use serde_json::{Value, json};

use super::bill;
use super::certificates::certificates;
use super::error::ApiError;
use super::ids::{self, number_in_path};
use super::prepay;
use super::refund;
use super::route::Call;
use crate::clock::plus;
use crate::config::{Merchant, SubMerchant};
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
    /// Whether the path is one of a service provider's: `/v3/pay/partner/…`.
    pub(super) is_partner: bool,
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
            let sub = ids::of_query(asked)?;
            let key = Key::new(&asked.merchant.mchid, number_in_path(number)?);
            let trade = simulator.read(|state, now| state.ledger.query_for(&key, mchid_of(sub), now))?;
            Done::ok(trade.view())
        }
        Call::QueryById(id) => {
            let sub = ids::of_query(asked)?;
            let trade = simulator.read(|state, _| state.ledger.transaction(id).cloned());
            let trade = trade.ok_or(Refused::OrderNotExist)?;
            if trade.key.mchid != asked.merchant.mchid {
                return Err(ApiError::not_yours());
            }
            if trade.is_for(mchid_of(sub)) { Done::ok(trade.view()) } else { Err(Refused::OtherSub.into()) }
        }
        Call::Close(number) => {
            let (key, sub) = ids::of_close(number, &body.unwrap_or_default(), asked)?;
            simulator.change(|state, now| state.ledger.close(&key, mchid_of(sub), now))?;
            Ok(Done { status: 204, body: None })
        }
        Call::Reverse(number) => {
            let mut body = body.unwrap_or_default();
            let (key, sub) = ids::of_reverse(number, &body, asked)?;
            simulator.change(|state, now| state.ledger.reverse(&key, mchid_of(sub), now))?;
            // The ids come back as they were given.
            body["out_trade_no"] = key.out_trade_no.into();
            Done::ok(body)
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
    let order = prepay::order(body, trade_type, asked, simulator.config())?;
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

fn mchid_of(sub: Option<&SubMerchant>) -> Option<&str> {
    sub.map(|sub| sub.sub_mchid.as_str())
}
