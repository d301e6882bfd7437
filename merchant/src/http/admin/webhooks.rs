//! What the shop was told, and what it is to be told again.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use serde::Serialize;
use serde_json::Value;
use wechat_cashier::contract::Timestamp;

use crate::http::Served;
use crate::http::caller::{By, Orders, Read, only};
use crate::service::Problem;
use crate::store::{Webhook, WebhookFilter, WebhookState};

/// How many are listed of which the shop does not say how many, and at most.
pub(super) const LISTED: u32 = 50;
pub(super) const LISTED_MAX: u32 = 200;

const PARAMETERS: [&str; 4] = ["state", "order_id", "limit", "before"];

/// Something that the shop is told, and what has come of it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Webhook"))]
pub(super) struct ToldWebhook {
    /// Its id: `webhook-id` of each time that it is sent.
    pub(super) id: String,
    /// The order that it is about, if it is about one.
    pub(super) order_id: Option<String>,
    /// What it tells, such as `order.paid`.
    pub(super) r#type: String,
    /// How it stands.
    #[cfg_attr(feature = "schema", schemars(with = "WebhookState"))]
    pub(super) state: &'static str,
    /// When it was written.
    pub(super) created_at: Timestamp,
    /// When it is sent next.
    pub(super) next_at: Option<Timestamp>,
    /// How often it was tried since it was written, or asked for again.
    pub(super) tries: u32,
    /// When it was tried last.
    pub(super) last_at: Option<Timestamp>,
    /// With what HTTP status it was answered then. None: no answer came.
    pub(super) last_status: Option<u16>,
    /// Why it did not arrive then.
    pub(super) last_error: Option<String>,
    /// When it arrived.
    pub(super) delivered_at: Option<Timestamp>,
    /// What is sent (docs/webhooks.md).
    pub(super) body: Value,
}

impl From<Webhook> for ToldWebhook {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id,
            order_id: webhook.order_id,
            r#type: webhook.kind,
            state: webhook.state.word(),
            created_at: webhook.created_at,
            next_at: webhook.next_at,
            tries: webhook.tries,
            last_at: webhook.last_at,
            last_status: webhook.last_status,
            last_error: webhook.last_error,
            delivered_at: webhook.delivered_at,
            body: serde_json::from_str(&webhook.body).unwrap_or(Value::String(webhook.body)),
        }
    }
}

/// What the shop was told, the latest first.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct WebhookList {
    /// They. The id of the last one is `before` of the next page.
    pub(super) webhooks: Vec<ToldWebhook>,
}

/// What came of a message that tells nothing.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct TestedWebhook {
    /// Its id.
    pub(super) id: String,
    /// Whether it arrived.
    pub(super) delivered: bool,
    /// With what HTTP status it was answered. None: no answer came.
    pub(super) status: Option<u16>,
    /// Why it did not arrive.
    pub(super) error: Option<String>,
}

pub(super) async fn list(
    By(shop, ..): By<Read>,
    State(served): State<Served>,
    RawQuery(query): RawQuery,
) -> Result<Json<WebhookList>, Problem> {
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
    Ok(Json(WebhookList { webhooks: listed.into_iter().map(ToldWebhook::from).collect() }))
}

pub(super) async fn resend(
    By(shop, ..): By<Orders>,
    State(served): State<Served>,
    Path(id): Path<String>,
) -> Result<Json<ToldWebhook>, Problem> {
    served.backend.tell_again(&shop.id, &id).await.map(|webhook| Json(webhook.into()))
}

/// Whether it arrived is an answer like any other: the shop asks this to find out.
pub(super) async fn test(
    By(shop, ..): By<Orders>,
    State(served): State<Served>,
) -> Result<Json<TestedWebhook>, Problem> {
    let (id, answered) = served.backend.test_webhook(&shop.id).await?;
    Ok(Json(TestedWebhook { id, delivered: answered.is_success(), status: answered.status, error: answered.error }))
}

/// The parameters of a query.
fn asked(query: &str) -> Result<HashMap<&'static str, String>, Problem> {
    let unknown = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| !PARAMETERS.contains(&&**name));
    if let Some((name, _)) = unknown {
        return Err(Problem::invalid(format!("{name}: no such parameter; there are {}", PARAMETERS.join(", "))));
    }
    let mut asked = HashMap::new();
    for name in PARAMETERS {
        asked.extend(only(query, name)?.map(|value| (name, value)));
    }
    Ok(asked)
}
