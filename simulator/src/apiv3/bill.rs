//! Bills, asked for by their day: what was traded (<https://pay.weixin.qq.com/doc/v3/merchant/4012556654>), and what moved on the
//! merchant's account (<https://pay.weixin.qq.com/docs/merchant/apis/bill-download/get-fund-flow-bill.html>).

use serde_json::Value;
use wechat_cashier::contract::Timestamp;

use super::bill_file::{keep, no_auth};
use super::calls::Asked;
use super::error::ApiError;
use super::party;
use crate::clock::plus;
use crate::day::Day;
use crate::faults::Fault;
use crate::ledger::statement::{self, Kind, Line};
use crate::ledger::{Key, TradeType};
use crate::simulator::Simulator;
use crate::state::State;

/// From this time of the next day on a bill is there.
const READY_MS: i64 = 10 * 60 * 60 * 1000;
/// Three months, as days: older bills are not given out.
const KEPT_DAYS: i64 = 90;

/// A merchant, and the sub-merchant that it asks for.
type Whose<'a> = (&'a str, Option<&'a str>);

/// What a merchant may say in the query, and what it has said.
struct Wanted {
    day: Day,
    kind: Option<Kind>,
    is_gzip: bool,
    /// A service provider's: only this sub-merchant's.
    sub_mchid: Option<String>,
}

/// `GET /v3/bill/fundflowbill`: what came into the merchant's account, or into a sub-merchant's, and went out of it.
pub(super) fn fundflowbill(simulator: &Simulator, asked: Asked<'_>) -> Result<Value, ApiError> {
    let wanted = wanted(asked, "account_type")?;
    let (mchid, sub_mchid) = (&asked.merchant.mchid, wanted.sub_mchid.as_deref());
    simulator.change(|state, now| {
        ready(wanted.day, now)?;
        let flows = state.ledger.flows(mchid, sub_mchid, wanted.day.begin(), wanted.day.plus(1).begin());
        // The merchants here have one account, and all moves on it.
        if flows.is_empty() || wanted.kind.is_none() {
            return Err(no_statement());
        }
        keep(state, asked, statement::flow_file(&flows), wanted.is_gzip, now)
    })
}

/// `GET /v3/bill/tradebill`. A service provider's has all its sub-merchants, or the one that it names
/// (<https://pay.weixin.qq.com/docs/partner/apis/partner-jsapi-payment/get-trade-bill.html>).
pub(super) fn tradebill(simulator: &Simulator, asked: Asked<'_>) -> Result<Value, ApiError> {
    let wanted = wanted(asked, "bill_type")?;
    let (mchid, sub_mchid) = (&asked.merchant.mchid, wanted.sub_mchid.as_deref());
    simulator.change(|state, now| {
        ready(wanted.day, now)?;
        let lines = state.ledger.statement(mchid, sub_mchid, wanted.day.begin(), wanted.day.plus(1).begin());
        let lines = faulty(state, (mchid, sub_mchid), wanted.day, lines);
        // Refunds of a merchant's balance are not simulated: of that kind there is never a bill.
        let kind = wanted.kind.ok_or_else(no_statement)?;
        let lines: Vec<Line> = lines.into_iter().filter(|line| kind.has(line)).collect();
        if lines.is_empty() {
            return Err(no_statement());
        }
        keep(state, asked, statement::file(kind, &lines), wanted.is_gzip, now)
    })
}

fn wanted(asked: Asked<'_>, of: &str) -> Result<Wanted, ApiError> {
    let (mut day, mut kind, mut is_gzip, mut sub_mchid) = (None, Some(Kind::All), false, None);
    for (name, value) in url::form_urlencoded::parse(asked.query.as_bytes()) {
        let wrong = || {
            let said = format!("输入源“/query/{name}”映射到值字段校验失败，取值不合法");
            ApiError::field("query", &name, value.clone().into_owned().into(), said)
        };
        if ["bill_type", "account_type"].contains(&&*name) && name != of {
            return Err(ApiError::unknown("query", &name));
        }
        match (&*name, &*value) {
            ("bill_date", text) => day = Some(Day::parse(text).ok_or_else(wrong)?),
            ("account_type", "BASIC") => kind = Some(Kind::All),
            ("account_type", "OPERATION" | "FEES") => kind = None,
            ("bill_type", "ALL") => kind = Some(Kind::All),
            ("bill_type", "SUCCESS") => kind = Some(Kind::Success),
            ("bill_type", "REFUND") => kind = Some(Kind::Refund),
            ("bill_type", "RECHARGE_REFUND") => kind = None,
            ("tar_type", "GZIP") => is_gzip = true,
            ("bill_type" | "account_type" | "tar_type", _) => return Err(wrong()),
            // Another merchant has no other under it.
            ("sub_mchid", _) if !asked.merchant.is_partner() => return Err(no_auth()),
            ("sub_mchid", named) => sub_mchid = Some(party::sub(asked.merchant, named)?.sub_mchid.clone()),
            _ => return Err(ApiError::unknown("query", &name)),
        }
    }
    let missing = || {
        let said = "输入源“/query/bill_date”映射到值字段“账单日期”必填性规则校验失败，此字段为必填项";
        ApiError::field("query", "bill_date", "".into(), said.to_owned())
    };
    Ok(Wanted { day: day.ok_or_else(missing)?, kind, is_gzip, sub_mchid })
}

/// Whether a day's bill is given out now.
fn ready(day: Day, now: Timestamp) -> Result<(), ApiError> {
    let today = Day::of(now);
    if day >= today || day < today.plus(-KEPT_DAYS) {
        return Err(ApiError::request("参数错误，请检查bill_date"));
    }
    if now < plus(day.plus(1).begin(), READY_MS) {
        return Err(ApiError::new(400, "STATEMENT_CREATING", "账单生成中", 268_435_461));
    }
    Ok(())
}

fn no_statement() -> ApiError {
    ApiError::new(400, "NO_STATEMENT_EXIST", "请求的账单文件不存在", 268_435_461)
}

/// The lines as the faults that are set make them.
fn faulty(state: &mut State, (mchid, sub_mchid): Whose<'_>, day: Day, lines: Vec<Line>) -> Vec<Line> {
    let mut kept = Vec::with_capacity(lines.len());
    for mut line in lines {
        let key = Key::new(mchid, &line.out_trade_no);
        let mut is_there = true;
        for fault in state.strike(&key, "tradebill", Fault::of_bill_line) {
            match (fault, &mut line.refund) {
                (Fault::BillWrongAmount { total }, None) => line.total = total.unwrap_or(line.total + 1),
                (Fault::BillWrongAmount { total }, Some(refund)) => {
                    refund.amount = total.unwrap_or(refund.amount + 1);
                }
                (Fault::BillWrongState { state }, _) => line.state = state.unwrap_or_else(|| "REVOKED".to_owned()),
                _ => is_there = false,
            }
        }
        if is_there {
            kept.push(line);
        }
    }
    let is_foreign = |fault: &Fault| matches!(fault, Fault::BillLineForeign { .. });
    for fault in state.strike(&Key::new(mchid, ""), "tradebill", is_foreign) {
        if let Fault::BillLineForeign { as_out_trade_no, total } = fault {
            kept.push(foreign((mchid, sub_mchid), day, as_out_trade_no, total));
        }
    }
    kept
}

fn foreign((mchid, sub_mchid): Whose<'_>, day: Day, as_out_trade_no: Option<String>, total: Option<i64>) -> Line {
    Line {
        at: plus(day.begin(), 12 * 60 * 60 * 1000),
        appid: "wx0000000000000000".to_owned(),
        mchid: mchid.to_owned(),
        sub_mchid: sub_mchid.map(str::to_owned),
        device_id: String::new(),
        transaction_id: "4200000000000000000000000000".to_owned(),
        out_trade_no: as_out_trade_no.unwrap_or_else(|| "nobody-s-order".to_owned()),
        openid: String::new(),
        trade_type: TradeType::Native,
        state: "SUCCESS".to_owned(),
        currency: "CNY".to_owned(),
        total: total.unwrap_or(1),
        refund: None,
        description: String::new(),
        attach: String::new(),
    }
}
