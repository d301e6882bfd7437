//! The files of bills: kept under a token when one is asked for, and then downloaded
//! (<https://pay.weixin.qq.com/docs/merchant/apis/bill-download/download-bill.html>).

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
use crate::faults::Fault;
use crate::ledger::Key;
use crate::simulator::Simulator;
use crate::state::State;

/// So long the address of a file works (README, "Where the sources disagree").
const ADDRESS_LIFE_MS: i64 = 5 * 60 * 1000;

/// Keeps a file to be downloaded. Gives what is answered.
pub(super) fn keep(
    state: &mut State,
    asked: Asked<'_>,
    text: String,
    is_gzip: bool,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let plain = text.into_bytes();
    let hash = hex(&Sha1::digest(&plain)).to_lowercase();
    let bytes = if is_gzip { gzip(&plain).ok_or_else(|| ApiError::system(500))? } else { plain };
    let token: String = std::iter::repeat_with(|| state.random.alphanumeric()).take(64).collect();
    let expires_at = plus(now, ADDRESS_LIFE_MS);
    let mchid = asked.merchant.mchid.clone();
    state.bills.keep(BillFile { token: token.clone(), mchid, expires_at, bytes });
    let type_of = if is_gzip { "&tartype=gzip" } else { "" };
    let download_url = format!("{}/v3/billdownload/file?token={token}{type_of}", asked.origin);
    Ok(json!({ "hash_type": "SHA1", "hash_value": hash, "download_url": download_url }))
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

/// 403.
pub(super) fn no_auth() -> ApiError {
    ApiError::new(403, "NO_AUTH", "权限异常", 268_435_461)
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}
