//! How the backend is. It is a page also when the database is away.

use std::time::Instant;

use axum::extract::State;
use axum::response::Response;
use wechat_cashier::contract::Timestamp;

use super::visitor::Inside;
use crate::console::{Compared, Health, Ping, Waiting, health};
use crate::day::Day;
use crate::http::caller::Read;
use crate::http::{Served, ShopSite};
use crate::reconcile::State as Outcome;
use crate::store::{Webhook, WebhookFilter, WebhookState};

/// So many messages that wait are counted.
const COUNTED: u32 = 100;
/// Of so many days it is said how many differ.
const DAYS: i64 = 92;

pub(super) async fn show(inside: Inside<Read>, State(served): State<Served>) -> Response {
    let (backend, began) = (&served.backend, Instant::now());
    let database = match backend.store().ping().await {
        Ok(()) => Ping::Answered(began.elapsed().as_millis()),
        Err(error) => Ping::Failed(error.to_string()),
    };
    // One that does not answer is not asked four times: each waits for its seconds.
    let (next_due, waiting, compared) = match &database {
        Ping::Answered(_) => (
            backend.store().next_due().await.ok().flatten(),
            waiting(&served, &inside.shop.id).await,
            compared(&served, &inside.shop).await,
        ),
        Ping::Failed(_) => (None, nothing(&served, &inside.shop.id), None),
    };
    let wechat_pay = backend.wechat_pay();
    let reached = wechat_pay.client().reached();
    let until = |(serial, until): (String, Option<i64>)| {
        (serial, until.map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1000))))
    };
    let shown = Health {
        now: backend.clock().now(),
        database,
        answered_at: reached.answered_at,
        trouble: reached.trouble,
        refused_answers: wechat_pay.refused_answers(),
        refused_notifications: backend.refused_notifications(),
        next_due,
        waiting,
        compared,
        instances: *backend.instances().borrow(),
        keys: wechat_pay.client().platform_serials().into_iter().map(until).collect(),
        version: env!("CARGO_PKG_VERSION"),
    };
    inside.answer(health(&inside.desk(), &shown))
}

async fn compared(served: &Served, shop: &ShopSite) -> Option<Compared> {
    let first = Day::of(served.backend.clock().now()).plus(-DAYS).to_string();
    let days = served.days(shop, "9999-12-31").await.ok()?;
    let mut days: Vec<_> = days.into_iter().map(|day| (Outcome::of(&day.state), day.date)).collect();
    // What could not be compared was not.
    days.retain(|(state, _)| *state != Outcome::Failed);
    let differing = days.iter().filter(|(state, date)| *state == Outcome::Different && *date >= first).count();
    let last = days.into_iter().next().map(|(state, date)| (date, state));
    Some(Compared { last, differing })
}

fn nothing(served: &Served, shop: &str) -> Waiting {
    let is_told = served.backend.tells(shop);
    Waiting { is_told, next_at: None, count: 0, is_more: false, is_given_up: false }
}

async fn waiting(served: &Served, shop: &str) -> Waiting {
    let store = served.backend.store();
    let of = async |state, limit| -> Vec<Webhook> {
        let filter = WebhookFilter { shop: Some(shop.to_owned()), state: Some(state), ..WebhookFilter::default() };
        store.list_webhooks(&filter, limit).await.unwrap_or_default()
    };
    let waiting = of(WebhookState::Waiting, COUNTED + 1).await.len();
    Waiting {
        next_at: store.next_webhook(&[shop]).await.ok().flatten(),
        count: waiting.min(COUNTED as usize),
        is_more: waiting > COUNTED as usize,
        is_given_up: !of(WebhookState::GivenUp, 1).await.is_empty(),
        ..nothing(served, shop)
    }
}
