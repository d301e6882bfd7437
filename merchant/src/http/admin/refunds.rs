//! What the shop calls to give money back.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use wechat_cashier::contract::Money;

use crate::domain::{Order, Refund, RefundOf};
use crate::http::Served;
use crate::http::caller::{self, By};
use crate::http::contract::idempotency_key;
use crate::http::refund_ask::refund_ask;
use crate::service::Problem;

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
        let ask = refund_ask(key, of, amount, reason)?;
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
