//! What the shop calls to give money back.

use aws_lc_rs::digest;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};
use wechat_cashier::contract::Money;

use crate::domain::{Order, Refund, RefundAsk, RefundOf};
use crate::http::Served;
use crate::http::caller::{self, By};
use crate::http::contract::idempotency_key;
use crate::service::Problem;

/// WeChat Pay's bound for a reason, in bytes (<https://pay.weixin.qq.com/doc/v3/merchant/4013071036>).
const REASON_BYTES_MAX: usize = 80;

/// `POST /admin/v1/orders/{order_id}/refunds`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    amount: Option<Money>,
    reason: Option<String>,
    out_trade_no: Option<String>,
}

/// `POST /admin/v1/orders/{order_id}/refund-second-payment`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedOfSecond {
    reason: Option<String>,
}

/// All that is left, or a part of it.
pub(super) async fn create(
    By(shop, ..): By<caller::Refund>,
    State(served): State<Served>,
    Path(order_id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    let Wanted { amount, reason, out_trade_no } = read(&body)?;
    served.order_of(&shop, &order_id).await?;
    let of = out_trade_no.map_or(RefundOf::ThePayment, RefundOf::Number);
    served.refund(&order_id, key, of, amount, reason).await
}

/// What came twice goes back, all of it.
pub(super) async fn second_payment(
    By(shop, ..): By<caller::Refund>,
    State(served): State<Served>,
    Path(order_id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    let WantedOfSecond { reason } = read(&body)?;
    served.order_of(&shop, &order_id).await?;
    served.refund(&order_id, key, RefundOf::TheSecondPayment, None, reason).await
}

impl Served {
    async fn refund(
        &self,
        order_id: &str,
        key: String,
        of: RefundOf,
        amount: Option<Money>,
        reason: Option<String>,
    ) -> Result<Response, Problem> {
        if let Some(reason) = &reason {
            check_reason(reason)?;
        }
        let body_digest = digest_of(&of, amount.as_ref(), reason.as_deref());
        let ask = RefundAsk { key, body_digest, of, amount, reason };
        let (order, refund) = self.backend.refund(order_id, &ask).await?;
        Ok((StatusCode::CREATED, Json(for_the_shop(&order, &refund))).into_response())
    }
}

/// A refund, as the shop reads it.
pub(super) fn for_the_shop(order: &Order, refund: &Refund) -> Value {
    json!({
        "out_refund_no": refund.out_refund_no,
        "out_trade_no": refund.out_trade_no,
        "amount": Money { value: refund.amount, currency: order.facts.amount.currency },
        "reason": refund.reason,
        "state": refund.state.word(),
        "asked_at": refund.asked_at,
        "refund_id": refund.refund_id,
        "success_time": refund.success_time,
        "why": refund.why,
    })
}

/// No body is a body without fields: nothing is needed.
fn read<T: Default + for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, Problem> {
    if body.is_empty() {
        return Ok(T::default());
    }
    serde_json::from_slice(body).map_err(|error| Problem::invalid(format!("the body cannot be read: {error}")))
}

fn check_reason(reason: &str) -> Result<(), Problem> {
    let bytes = reason.len();
    if !(1..=REASON_BYTES_MAX).contains(&bytes) {
        return Err(Problem::invalid(format!("reason: expected 1 to {REASON_BYTES_MAX} bytes, got {bytes}")));
    }
    // As with a description (docs/platform.md, 7.4).
    match reason.chars().find(|char| char.len_utf8() > 3 || char.is_control()) {
        Some(wide) => {
            let detail = format!("reason: WeChat Pay does not take the character {}", wide.escape_unicode());
            Err(Problem::invalid(detail))
        }
        None => Ok(()),
    }
}

/// The same values, whatever their order and white space.
fn digest_of(of: &RefundOf, amount: Option<&Money>, reason: Option<&str>) -> String {
    let amount = amount.map(|amount| format!("{} {}", amount.value, amount.currency.code()));
    let (kind, number) = match of {
        RefundOf::ThePayment => ("the payment", None),
        RefundOf::TheSecondPayment => ("the second payment", None),
        RefundOf::Number(number) => ("the number", Some(number.as_str())),
    };
    let mut context = digest::Context::new(&digest::SHA256);
    for part in [Some(kind), number, amount.as_deref(), reason] {
        let part = part.unwrap_or_default();
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part.as_bytes());
    }
    BASE64_URL_SAFE_NO_PAD.encode(context.finish())
}
