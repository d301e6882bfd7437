//! Server-sent events, each one an order.

use std::convert::Infallible;

use axum::extract::State as Shared;
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::watch;
use wechat_cashier::contract::{Order, Timestamp};

use super::routes::Allowed;
use crate::sandbox::Sandbox;

/// The order at once, and again whenever it has changed.
pub(super) async fn stream(Shared(sandbox): Shared<Sandbox>, Allowed(order_id): Allowed) -> Response {
    let (changes, stopping) = (sandbox.changes(), sandbox.stopping());
    let watched = Watched { sandbox, order_id, changes, stopping, told: None };
    // A proxy that compresses would keep the events until there is enough of them.
    let caching = [(header::CACHE_CONTROL, "no-store, no-transform")];
    (caching, Sse::new(stream::unfold(watched, next)).keep_alive(KeepAlive::default())).into_response()
}

struct Watched {
    sandbox: Sandbox,
    order_id: String,
    changes: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    /// What was told last, with its clock taken out.
    told: Option<Order>,
}

async fn next(mut watched: Watched) -> Option<(Result<Event, Infallible>, Watched)> {
    loop {
        if *watched.stopping.borrow_and_update() {
            return None;
        }
        watched.changes.mark_unchanged();
        let (order, json) = watched.sandbox.read(|state, now| {
            let known = state.merchant.order(&watched.order_id)?;
            let order = known.answer(now);
            let json = known.to_json(&order);
            Some((order, json))
        })?;
        let timeless = without_clock(order);
        if watched.told.as_ref() != Some(&timeless) {
            watched.told = Some(timeless);
            let event = Event::default().json_data(&json).ok()?;
            return Some((Ok(event), watched));
        }
        tokio::select! {
            changed = watched.changes.changed() => changed.ok()?,
            changed = watched.stopping.changed() => changed.ok()?,
        }
    }
}

/// Every answer carries the time; that alone is no news.
fn without_clock(mut order: Order) -> Order {
    const NEVER: Timestamp = Timestamp::from_millis(0);
    order.now = NEVER;
    if let Some(payment) = &mut order.payment {
        payment.now = NEVER;
    }
    order
}
