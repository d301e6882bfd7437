//! What the shop was told, and what it is to be told again.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use serde_json::{Value, json};

use crate::http::Served;
use crate::http::caller::{By, Orders, Read, only};
use crate::service::Problem;
use crate::store::{Webhook, WebhookFilter, WebhookState};

/// How many are listed of which the shop does not say how many, and at most.
const LISTED: u32 = 50;
const LISTED_MAX: u32 = 200;

const PARAMETERS: [&str; 4] = ["state", "order_id", "limit", "before"];

pub(super) async fn list(
    By(shop, ..): By<Read>,
    State(served): State<Served>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let mut asked = asked(query.as_deref().unwrap_or_default())?;
    let limit = match asked.remove("limit") {
        None => LISTED,
        Some(text) => text
            .parse()
            .ok()
            .filter(|limit| (1..=LISTED_MAX).contains(limit))
            .ok_or_else(|| Problem::invalid(format!("limit: expected a number from 1 to {LISTED_MAX}")))?,
    };
    let state = asked.remove("state").map(|word| {
        let words = WebhookState::ALL.map(WebhookState::word).join(", ");
        WebhookState::of_word(&word).ok_or_else(|| Problem::invalid(format!("state: expected one of {words}")))
    });
    let filter = WebhookFilter {
        shop: Some(shop.id.clone()),
        state: state.transpose()?,
        order_id: asked.remove("order_id"),
        before: asked.remove("before"),
    };
    let listed = served.backend.store().list_webhooks(&filter, limit).await?;
    Ok(Json(json!({ "webhooks": listed.iter().map(told).collect::<Vec<_>>() })))
}

pub(super) async fn resend(
    By(shop, ..): By<Orders>,
    State(served): State<Served>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    served.backend.tell_again(&shop.id, &id).await.map(|webhook| Json(told(&webhook)))
}

/// Whether it arrived is an answer like any other: the shop asks this to find out.
pub(super) async fn test(By(shop, ..): By<Orders>, State(served): State<Served>) -> Result<Json<Value>, Problem> {
    let (id, answered) = served.backend.test_webhook(&shop.id).await?;
    Ok(Json(json!({
        "id": id,
        "delivered": answered.is_success(),
        "status": answered.status,
        "error": answered.error,
    })))
}

/// The parameters of a query. An empty one is none.
fn asked(query: &str) -> Result<HashMap<&'static str, String>, Problem> {
    let unknown = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| !PARAMETERS.contains(&&**name));
    if let Some((name, _)) = unknown {
        return Err(Problem::invalid(format!("{name}: no such parameter; there are {}", PARAMETERS.join(", "))));
    }
    let mut asked = HashMap::new();
    for name in PARAMETERS {
        asked.extend(only(query, name)?.filter(|value| !value.is_empty()).map(|value| (name, value)));
    }
    Ok(asked)
}

fn told(webhook: &Webhook) -> Value {
    let Webhook { id, order_id, kind, body, created_at, state, next_at, tries, .. } = webhook;
    let Webhook { last_at, last_status, last_error, delivered_at, .. } = webhook;
    json!({
        "id": id,
        "order_id": order_id,
        "type": kind,
        "state": state.word(),
        "created_at": created_at,
        "next_at": next_at,
        "tries": tries,
        "last_at": last_at,
        "last_status": last_status,
        "last_error": last_error,
        "delivered_at": delivered_at,
        "body": serde_json::from_str::<Value>(body).unwrap_or_else(|_| body.clone().into()),
    })
}
