//! What the shop was told, and is to be told again.

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::posted::Posted;
use super::refusal::Refusal;
use super::visitor::Inside;
use crate::console::{Told, webhooks};
use crate::http::Served;
use crate::http::caller::{Orders, Read, only};
use crate::store::{WebhookFilter, WebhookState};

/// So many on a page.
const LISTED: u32 = 50;

pub(super) async fn list(
    inside: Inside<Read>,
    State(served): State<Served>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let said = |name| only(&query, name).map(|value| value.filter(|value| !value.is_empty()));
    let state = match said("state")? {
        None => None,
        Some(word) => Some(WebhookState::of_word(&word).ok_or(Refusal::NotThere)?),
    };
    let before = said("before")?;
    let is_first = before.is_none();
    let filter = WebhookFilter { shop: Some(inside.shop.id.clone()), state, order_id: None, before };
    // One more tells whether there are more.
    let mut found = served.backend.store().list_webhooks(&filter, LISTED + 1).await?;
    let is_more = found.len() > LISTED as usize;
    found.truncate(LISTED as usize);
    let next = found.last().filter(|_| is_more).map(|webhook| webhook.id.clone());
    let is_resent = said("done")?.is_some();
    let told =
        Told { webhooks: &found, state, next, is_first, is_resent, is_told: served.backend.tells(&inside.shop.id) };
    Ok(inside.answer(webhooks(&inside.desk(), &told)))
}

pub(super) async fn resend(
    inside: Inside<Orders>,
    State(served): State<Served>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let webhook = served.backend.tell_again(&inside.shop.id, &id).await?;
    tracing::info!(key = inside.key, id, "sent again from the console");
    Ok(Redirect::to(&match webhook.order_id.filter(|_| posted.field("back") == "order") {
        Some(order_id) => format!("/console/orders/{order_id}?done=resent"),
        None => "/console/webhooks?done=resent".to_owned(),
    })
    .into_response())
}
