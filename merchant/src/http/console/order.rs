//! One order.

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::posted::Posted;
use super::refusal::Refusal;
use super::visitor::Inside;
use crate::console::{Done, Shown, order};
use crate::http::Served;
use crate::http::caller::{Orders, Read, only};
use crate::store::WebhookFilter;

/// An order has a few messages, not hundreds.
const WEBHOOKS: u32 = 100;

pub(super) async fn show(
    inside: Inside<Read>,
    State(served): State<Served>,
    Path(order_id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let found = served.order_of(&inside.shop, &order_id).await?;
    let store = served.backend.store();
    let entries = store.entries(&order_id).await?;
    let filter = WebhookFilter { order_id: Some(order_id), ..WebhookFilter::default() };
    let webhooks = store.list_webhooks(&filter, WEBHOOKS).await?;
    let shown = Shown {
        order: &found,
        now: served.backend.clock().now(),
        entries: &entries,
        webhooks: &webhooks,
        done: done(&query.unwrap_or_default()),
    };
    Ok(inside.answer(order(&inside.desk(), &shown)))
}

/// What the page was led to by. It only says how things stand by now.
fn done(query: &str) -> Option<Done> {
    let said = |name| only(query, name).ok().flatten();
    match said("done")?.as_str() {
        "close" => Some(Done::Close),
        "resent" => Some(Done::Resent),
        "refund" => Some(Done::Refund(said("number")?)),
        _ => None,
    }
}

pub(super) async fn close(
    inside: Inside<Orders>,
    State(served): State<Served>,
    Path(order_id): Path<String>,
    _: Posted,
) -> Result<Response, Refusal> {
    served.order_of(&inside.shop, &order_id).await?;
    served.backend.close(&order_id).await?;
    tracing::info!(key = inside.key, order_id, "closed at the console");
    Ok(Redirect::to(&format!("/console/orders/{order_id}?done=close")).into_response())
}
