//! What the shop calls to give money back.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{Money, Timestamp};

use crate::domain::{Order, Refund, RefundOf, RefundState};
use crate::http::Served;
use crate::http::body::Optional;
use crate::http::caller::{self, By};
use crate::http::contract::idempotency_key;
use crate::http::refund_ask::refund_ask;
use crate::service::Problem;

/// A refund that is wanted.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "NewRefund"))]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// How much, in the order's currency. Without it all that is left.
    amount: Option<Money>,
    /// Why, as the payer reads it: no control characters, and none beyond the basic multilingual plane; 80 bytes at most.
    #[cfg_attr(
        feature = "schema",
        schemars(length(min = 1, max = 80), regex(pattern = "^[ -~\\u00a0-\\ud7ff\\ue000-\\uffff]*$"))
    )]
    reason: Option<String>,
    /// Of which of the order's numbers. Without it of the payment that pays the order.
    out_trade_no: Option<String>,
}

/// That what came twice shall go back.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "NewRefundOfSecond"))]
#[serde(deny_unknown_fields)]
pub(super) struct WantedOfSecond {
    /// Why, as the payer reads it: no control characters, and none beyond the basic multilingual plane; 80 bytes at most.
    #[cfg_attr(
        feature = "schema",
        schemars(length(min = 1, max = 80), regex(pattern = "^[ -~\\u00a0-\\ud7ff\\ue000-\\uffff]*$"))
    )]
    reason: Option<String>,
}

/// Money that goes back.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct ShopRefund {
    /// Its number.
    pub(super) out_refund_no: String,
    /// Of which of the order's numbers.
    pub(super) out_trade_no: String,
    /// How much.
    pub(super) amount: Money,
    /// Why, as the payer reads it.
    pub(super) reason: Option<String>,
    /// What became of it.
    pub(super) state: RefundState,
    /// When it was asked for.
    pub(super) asked_at: Timestamp,
    /// WeChat Pay's number for it.
    pub(super) refund_id: Option<String>,
    /// When the money went back, by WeChat Pay's clock.
    pub(super) success_time: Option<Timestamp>,
    /// Why WeChat Pay did not take it, in its words.
    pub(super) why: Option<String>,
}

impl ShopRefund {
    pub(super) fn of(order: &Order, refund: &Refund) -> Self {
        Self {
            out_refund_no: refund.out_refund_no.clone(),
            out_trade_no: refund.out_trade_no.clone(),
            amount: Money { value: refund.amount, currency: order.facts.amount.currency },
            reason: refund.reason.clone(),
            state: refund.state,
            asked_at: refund.asked_at,
            refund_id: refund.refund_id.clone(),
            success_time: refund.success_time,
            why: refund.why.clone(),
        }
    }
}

/// All that is left, or a part of it.
pub(super) async fn create(
    By(shop, ..): By<caller::Refund>,
    State(served): State<Served>,
    Path(order_id): Path<String>,
    headers: HeaderMap,
    Optional(wanted): Optional<Wanted>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    served.order_of(&shop, &order_id).await?;
    let Wanted { amount, reason, out_trade_no } = wanted;
    let of = out_trade_no.map_or(RefundOf::ThePayment, RefundOf::Number);
    served.refund(&order_id, key, of, amount, reason).await
}

/// What came twice goes back, all of it.
pub(super) async fn second_payment(
    By(shop, ..): By<caller::Refund>,
    State(served): State<Served>,
    Path(order_id): Path<String>,
    headers: HeaderMap,
    Optional(WantedOfSecond { reason }): Optional<WantedOfSecond>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
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
        Ok((StatusCode::CREATED, Json(ShopRefund::of(&order, &refund))).into_response())
    }
}
