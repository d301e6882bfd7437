//! One request, from its bytes to its answer.

use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::answer::{Answer, Signature};
use super::authorization::{Signed, claimed_mchid, verify};
use super::bill_file;
use super::body;
use super::calls::{Asked, Done, carry_out};
use super::error::ApiError;
use super::limit::is_too_many;
use super::number_of::number_of;
use super::route::{Call, NoCall, Route};
use crate::faults::Fault;
use crate::ledger::Key;
use crate::log::Logged;
use crate::merchants::{Known, PlatformKeys};
use crate::simulator::Simulator;

/// No documented request is longer.
const BODY_BYTES_MAX: usize = 1 << 20;

pub(super) async fn handle(State(simulator): State<Simulator>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Route { call, is_partner } = match Route::of(&parts.method, parts.uri.path()) {
        Ok(route) => route,
        // Both without a body, and unsigned.
        Err(NoCall::Path) => return StatusCode::NOT_FOUND.into_response(),
        Err(NoCall::Method) => return StatusCode::METHOD_NOT_ALLOWED.into_response(),
    };
    let Ok(body) = to_bytes(body, BODY_BYTES_MAX).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let known = verified(&simulator, &call, &parts, &body);
    let out_trade_no = number_of(&simulator, &call, known.as_ref().ok().copied(), &body);
    let key = |mchid: &str| Key::new(mchid, out_trade_no.clone().unwrap_or_default());
    let faults = match &known {
        Ok(known) => {
            simulator.change(|state, _| state.strike(&key(&known.merchant.mchid), call.name(), Fault::of_answer))
        }
        Err(_) => Vec::new(),
    };
    if call == Call::BillFile {
        let file = known.as_ref().map_err(Clone::clone).and_then(|known| {
            admitted(&simulator, known, &faults)?;
            bill_file::file(&simulator, &known.merchant, parts.uri.query().unwrap_or_default())
        });
        let (request_id, _) = log(&simulator, &call, &parts, None, &bill_file::logged(&file), &faults);
        return bill_file::send(file, &request_id, &faults).await;
    }
    let keys = simulator.keys();
    let signer = match &known {
        Ok(known) => signer(&keys, known, &parts.headers),
        Err(_) => Err(()),
    };
    let result = match &known {
        Err(error) => Err(error.clone()),
        Ok(_) if signer.is_err() => Err(ApiError::field(
            "header",
            "Wechatpay-Serial",
            "".into(),
            "平台证书序列号Wechatpay-Serial错误".to_owned(),
        )),
        Ok(known) => {
            let asks = Asks { known, is_partner };
            carry_out_with(&simulator, &call, asks, &parts, &body, &faults)
        }
    };
    let answer = Answer::from(result);
    let (request_id, nonce) = log(&simulator, &call, &parts, out_trade_no, &answer, &faults);
    let now = simulator.signing_now();
    let signature = match (signer, &known) {
        (Ok((serial, key)), _) => Some((serial, key)),
        (Err(()), Ok(known)) => Some(keys.default_for(known.merchant.verifies_by)),
        (Err(()), Err(_)) if simulator.config().sign_unverified => Some(keys.default_for(Default::default())),
        (Err(()), Err(_)) => None,
    };
    let signature = signature.map(|(serial, key)| Signature { serial, key, nonce: &nonce, now });
    answer.send(&request_id, signature, &faults).await
}

/// Who asks, if all is well with the headers.
fn verified<'a>(simulator: &'a Simulator, call: &Call, parts: &Parts, body: &Bytes) -> Result<&'a Known, ApiError> {
    let of_transactions = !matches!(call, Call::Certificates | Call::TradeBill | Call::FundFlowBill | Call::BillFile);
    let has = |name: &str| parts.headers.get(name).is_some_and(|value| !value.is_empty());
    let accepts = || {
        let accept = parts.headers.get("accept").and_then(|value| value.to_str().ok()).unwrap_or_default();
        accept.contains("application/json") || accept.contains("*/*")
    };
    let complete = has("user-agent") && accepts();
    // Seen so: /v3/certificates looks at these before the signature, transactions after it.
    let incomplete = || ApiError::request("Http头缺少Accept或User-Agent");
    if !of_transactions && !complete {
        return Err(incomplete());
    }
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
    let signed = Signed { method: parts.method.as_str(), target, body, of_transactions };
    let known = verify(&parts.headers, signed, simulator.merchants(), simulator.signing_now())?;
    if complete { Ok(known) } else { Err(incomplete()) }
}

/// The key that the request asks for, or the merchant's usual one. An error for one that the merchant does not verify by.
fn signer<'a>(
    keys: &'a PlatformKeys,
    known: &Known,
    headers: &HeaderMap,
) -> Result<(&'a str, &'a crate::crypto::SigningKey), ()> {
    match headers.get("wechatpay-serial") {
        None => Ok(keys.default_for(known.merchant.verifies_by)),
        Some(serial) => {
            let serial = serial.to_str().map_err(|_| ())?;
            keys.by_serial(serial, known.merchant.verifies_by).ok_or(())
        }
    }
}

/// Who asks, and by whose address.
#[derive(Clone, Copy)]
struct Asks<'a> {
    known: &'a Known,
    is_partner: bool,
}

fn carry_out_with(
    simulator: &Simulator,
    call: &Call,
    Asks { known, is_partner }: Asks<'_>,
    parts: &Parts,
    body: &Bytes,
    faults: &[Fault],
) -> Result<Done, ApiError> {
    admitted(simulator, known, faults)?;
    let body = if call.has_body() { Some(body::read(&parts.headers, body)?) } else { None };
    let origin = simulator.config().origin.clone().unwrap_or_else(|| origin(&parts.headers));
    let query = parts.uri.query().unwrap_or_default();
    let asked = Asked { merchant: &known.merchant, is_partner, query, origin: &origin };
    let result = carry_out(simulator, call, body, asked);
    for fault in faults {
        if let Fault::FailsAfter { status } = fault {
            return Err(ApiError::system(*status));
        }
    }
    result
}

/// Whether the merchant may ask now, and the platform is there.
fn admitted(simulator: &Simulator, known: &Known, faults: &[Fault]) -> Result<(), ApiError> {
    let limited = simulator
        .read(|state, now| is_too_many(&state.log, &known.merchant.mchid, simulator.config().requests_per_second, now));
    if limited || faults.contains(&Fault::RateLimited) {
        return Err(ApiError::too_many());
    }
    for fault in faults {
        if let Fault::FailsBefore { status } = fault {
            return Err(ApiError::system(*status));
        }
    }
    Ok(())
}

/// Writes the request down. Gives its id, and the nonce of its answer.
fn log(
    simulator: &Simulator,
    call: &Call,
    parts: &Parts,
    out_trade_no: Option<String>,
    answer: &Answer,
    faults: &[Fault],
) -> (String, String) {
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
    simulator.change(|state, now| {
        state.log.push(Logged {
            seq: 0,
            at: now,
            mchid: claimed_mchid(&parts.headers),
            method: parts.method.to_string(),
            path: target.to_owned(),
            call: call.name(),
            out_trade_no,
            status: answer.status,
            code: answer.code.map(str::to_owned),
            number: answer.number,
            faults: faults.iter().map(Fault::kind).collect(),
        });
        let id = format!("08{:032X}{:04X}", state.random.u128(..), state.random.u16(..));
        (id, std::iter::repeat_with(|| state.random.alphanumeric()).take(32).collect())
    })
}

fn origin(headers: &HeaderMap) -> String {
    let host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    format!("http://{host}")
}
