//! Money goes back, in two steps: how much and why, and then once more before it is done. The form carries the key under which it is
//! known: however often it is sent, it refunds once.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use wechat_cashier::contract::{Money, ProblemCode};

use super::posted::Posted;
use super::refusal::Refusal;
use super::visitor::Inside;
use crate::console::{Fault, Form, confirm, parse, refund};
use crate::domain::RefundOf;
use crate::http::caller::{self, only};
use crate::http::contract::is_idempotency_key;
use crate::http::refund_ask::{REASON_BYTES_MAX, check_reason, refund_ask};
use crate::http::{Served, ShopSite};
use crate::service::Problem;

pub(super) async fn form(
    inside: Inside<caller::Refund>,
    State(served): State<Served>,
    Path(order_id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let (number, whole) = (only(&query, "number")?.unwrap_or_default(), only(&query, "whole")?);
    let mut form = written(&served, &inside.shop, &order_id, &number).await?;
    form.key = new_key().ok_or_else(|| Problem::new(ProblemCode::UpstreamUnavailable, "no key can be made"))?;
    if form.left.value == 0 {
        return Err(Problem::invalid(format!("of {number} nothing is left to go back")).into());
    }
    // What was paid twice goes back in one step.
    Ok(inside.answer(match whole {
        Some(_) => confirm(&inside.desk(), &form, form.left),
        None => refund(&inside.desk(), &form, None),
    }))
}

pub(super) async fn ask(
    inside: Inside<caller::Refund>,
    State(served): State<Served>,
    Path(order_id): Path<String>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let form = sent(&served, &inside.shop, &order_id, &posted).await?;
    Ok(match wanted(&form) {
        Ok(amount) if amount.value <= form.left.value => inside.answer(confirm(&inside.desk(), &form, amount)),
        Ok(_) => again(&inside, &form, &Fault::TooMuch),
        Err(fault) => again(&inside, &form, &fault),
    })
}

pub(super) async fn confirmed(
    inside: Inside<caller::Refund>,
    State(served): State<Served>,
    Path(order_id): Path<String>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let form = sent(&served, &inside.shop, &order_id, &posted).await?;
    // What is left is not looked at: sent again, less is.
    let amount = match wanted(&form) {
        Ok(amount) => amount,
        Err(fault) => return Ok(again(&inside, &form, &fault)),
    };
    let reason = Some(form.reason.clone()).filter(|reason| !reason.is_empty());
    let of = RefundOf::Number(form.number.clone());
    let asked = match refund_ask(form.key.clone(), of, Some(amount), reason) {
        Ok(ask) => served.backend.refund(&order_id, &ask).await,
        Err(problem) => Err(problem),
    };
    match asked {
        Ok((_, refund)) => {
            let out_refund_no = &refund.out_refund_no;
            tracing::info!(
                key = inside.key,
                order_id,
                out_refund_no,
                amount = refund.amount,
                "refunded at the console"
            );
            let number: String = url::form_urlencoded::byte_serialize(out_refund_no.as_bytes()).collect();
            Ok(Redirect::to(&format!("/console/orders/{order_id}?done=refund&number={number}")).into_response())
        }
        Err(Problem { code: ProblemCode::InvalidRequest, detail, .. }) => {
            // Under a new key: the old one may be of another wish.
            let form = Form { key: new_key().unwrap_or(form.key), ..form };
            Ok(again(&inside, &form, &Fault::Said(detail)))
        }
        Err(problem) => Err(problem.into()),
    }
}

fn again(inside: &Inside<caller::Refund>, form: &Form, fault: &Fault) -> Response {
    inside.visitor.answer(StatusCode::UNPROCESSABLE_ENTITY, refund(&inside.desk(), form, Some(fault)))
}

/// A form about one number of an order.
async fn written(served: &Served, shop: &ShopSite, order_id: &str, number: &str) -> Result<Form, Refusal> {
    let order = served.order_of(shop, order_id).await?;
    let trade = order.trade(number).ok_or(Refusal::NotThere)?;
    let facts = &order.facts;
    Ok(Form {
        order_id: facts.order_id.clone(),
        number: trade.out_trade_no.clone(),
        left: Money { value: order.left(number), currency: facts.amount.currency },
        description: facts.description.clone(),
        is_whole: true,
        amount: String::new(),
        reason: String::new(),
        key: String::new(),
    })
}

async fn sent(served: &Served, shop: &ShopSite, order_id: &str, posted: &Posted) -> Result<Form, Refusal> {
    let key = posted.field("key");
    if !is_idempotency_key(key) {
        return Err(Refusal::NotOurs);
    }
    Ok(Form {
        is_whole: posted.field("what") != "part",
        amount: posted.field("amount").to_owned(),
        reason: posted.field("reason").to_owned(),
        key: key.to_owned(),
        ..written(served, shop, order_id, posted.field("number")).await?
    })
}

/// How much, once all that was typed is sound.
fn wanted(form: &Form) -> Result<Money, Fault> {
    // Whichever was meant, the other must not move.
    if form.is_whole && !form.amount.trim().is_empty() {
        return Err(Fault::AmountAndAll);
    }
    let amount = if form.is_whole { Some(form.left) } else { parse(&form.amount, form.left.currency) };
    let amount = amount.filter(|amount| amount.value > 0).ok_or(Fault::Amount)?;
    match form.reason.as_str() {
        "" => Ok(amount),
        reason if reason.len() > REASON_BYTES_MAX => Err(Fault::ReasonLong),
        reason => check_reason(reason).map(|()| amount).map_err(|_| Fault::ReasonSign),
    }
}

/// Of letters, digits and `-`.
fn new_key() -> Option<String> {
    let mut bytes = [0; 18];
    aws_lc_rs::rand::fill(&mut bytes).ok()?;
    let text = BASE64_URL_SAFE_NO_PAD.encode(bytes).replace('_', "-");
    Some(format!("console-{text}"))
}
