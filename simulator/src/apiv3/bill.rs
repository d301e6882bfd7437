//! The trade bill: asked for by its day, and then downloaded (<https://pay.weixin.qq.com/doc/v3/merchant/4012556654>,
//! <https://pay.weixin.qq.com/docs/merchant/apis/bill-download/download-bill.html>).

use std::io::Write;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use wechat_cashier::contract::Timestamp;

use super::answer::{Answer, cut};
use super::calls::Asked;
use super::error::ApiError;
use crate::bills::BillFile;
use crate::clock::plus;
use crate::config::Merchant;
use crate::crypto::hex;
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
/// So long the address of a file works (README, "Where the sources disagree").
const ADDRESS_LIFE_MS: i64 = 5 * 60 * 1000;

/// What a merchant may say in the query, and what it has said.
struct Wanted {
    day: Day,
    kind: Option<Kind>,
    is_gzip: bool,
}

/// `GET /v3/bill/tradebill`.
pub(super) fn tradebill(simulator: &Simulator, asked: Asked<'_>) -> Result<Value, ApiError> {
    let wanted = wanted(asked.query)?;
    let mchid = &asked.merchant.mchid;
    simulator.change(|state, now| {
        ready(wanted.day, now)?;
        let lines = state.ledger.statement(mchid, wanted.day.begin(), wanted.day.plus(1).begin());
        let lines = faulty(state, mchid, wanted.day, lines);
        // Refunds of a merchant's balance are not simulated: of that kind there is never a bill.
        let kind = wanted.kind.ok_or_else(no_statement)?;
        let lines: Vec<Line> = lines.into_iter().filter(|line| kind.has(line)).collect();
        if lines.is_empty() {
            return Err(no_statement());
        }
        let plain = statement::file(kind, &lines).into_bytes();
        let hash = hex(&Sha1::digest(&plain)).to_lowercase();
        let bytes = if wanted.is_gzip { gzip(&plain).ok_or_else(|| ApiError::system(500))? } else { plain };
        let token: String = std::iter::repeat_with(|| state.random.alphanumeric()).take(64).collect();
        let expires_at = plus(now, ADDRESS_LIFE_MS);
        state.bills.keep(BillFile { token: token.clone(), mchid: mchid.clone(), expires_at, bytes });
        let type_of = if wanted.is_gzip { "&tartype=gzip" } else { "" };
        let download_url = format!("{}/v3/billdownload/file?token={token}{type_of}", asked.origin);
        Ok(json!({ "hash_type": "SHA1", "hash_value": hash, "download_url": download_url }))
    })
}

/// `GET /v3/billdownload/file`: the file, for the merchant who asked for its bill.
pub(super) fn file(simulator: &Simulator, merchant: &Merchant, query: &str) -> Result<Vec<u8>, ApiError> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let token = pairs.find(|(name, _)| name == "token").map(|(_, token)| token.into_owned()).unwrap_or_default();
    simulator.change(|state, now| {
        let ended = || ApiError::request("参数错误，请重新获取账单地址后再请求");
        let file = state.bills.find(&token, now).cloned().ok_or_else(ended)?;
        if file.mchid != merchant.mchid {
            return Err(no_auth());
        }
        let key = Key::new(&merchant.mchid, "");
        let mut bytes = file.bytes;
        let is_spoilt = !state.strike(&key, "billdownload", |fault| *fault == Fault::BillSpoilt).is_empty();
        let middle = bytes.len() / 2;
        if let Some(byte) = bytes.get_mut(middle).filter(|_| is_spoilt) {
            *byte ^= 1;
        }
        Ok(bytes)
    })
}

/// What the log says of an answer to a download.
pub(super) fn logged(file: &Result<Vec<u8>, ApiError>) -> Answer {
    match file {
        Ok(_) => Answer { status: 200, body: None, code: None, number: 0, has_request_id: true },
        Err(error) => Answer::from(Err(error.clone())),
    }
}

/// The answer to a download: nothing of it is signed.
pub(super) async fn send(file: Result<Vec<u8>, ApiError>, request_id: &str, faults: &[Fault]) -> Response {
    let answer = logged(&file);
    let mut response = answer.send(request_id, None, faults).await;
    if let Ok(bytes) = file {
        let kind = HeaderValue::from_static("application/octet-stream");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        let is_cut = faults.contains(&Fault::AnswerCut) || faults.contains(&Fault::ConnectionDropped);
        *response.body_mut() = match is_cut {
            true => cut(&bytes, bytes.len() / 2, response.headers_mut()),
            false => Body::from(bytes),
        };
        *response.status_mut() = StatusCode::OK;
    }
    response
}

fn wanted(query: &str) -> Result<Wanted, ApiError> {
    let (mut day, mut kind, mut is_gzip) = (None, Some(Kind::All), false);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let wrong = || {
            let said = format!("输入源“/query/{name}”映射到值字段校验失败，取值不合法");
            ApiError::field("query", &name, value.clone().into_owned().into(), said)
        };
        match (&*name, &*value) {
            ("bill_date", text) => day = Some(Day::parse(text).ok_or_else(wrong)?),
            ("bill_type", "ALL") => kind = Some(Kind::All),
            ("bill_type", "SUCCESS") => kind = Some(Kind::Success),
            ("bill_type", "REFUND") => kind = Some(Kind::Refund),
            ("bill_type", "RECHARGE_REFUND") => kind = None,
            ("tar_type", "GZIP") => is_gzip = true,
            ("bill_type" | "tar_type", _) => return Err(wrong()),
            // The merchants here have no others under them.
            ("sub_mchid", _) => return Err(no_auth()),
            _ => return Err(ApiError::unknown("query", &name)),
        }
    }
    let missing = || {
        let said = "输入源“/query/bill_date”映射到值字段“账单日期”必填性规则校验失败，此字段为必填项";
        ApiError::field("query", "bill_date", "".into(), said.to_owned())
    };
    Ok(Wanted { day: day.ok_or_else(missing)?, kind, is_gzip })
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

fn no_auth() -> ApiError {
    ApiError::new(403, "NO_AUTH", "权限异常", 268_435_461)
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// The lines as the faults that are set make them.
fn faulty(state: &mut State, mchid: &str, day: Day, lines: Vec<Line>) -> Vec<Line> {
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
            kept.push(foreign(mchid, day, as_out_trade_no, total));
        }
    }
    kept
}

fn foreign(mchid: &str, day: Day, as_out_trade_no: Option<String>, total: Option<i64>) -> Line {
    Line {
        at: plus(day.begin(), 12 * 60 * 60 * 1000),
        appid: "wx0000000000000000".to_owned(),
        mchid: mchid.to_owned(),
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
