//! `/console/`: the pages for people of the shop, by the same keys and the same backend as `/admin/v1`. What they look like is in
//! `crate::console`.
//!
//! | file | what |
//! |---|---|
//! | `keys.rs` | the shop's keys and name: who may come in, and as whom |
//! | `session.rs` | the cookie of who is in |
//! | `visitor.rs` | who asks, in which language, from where |
//! | `posted.rs` | a form that is one of ours |
//! | `refusal.rs`, `around.rs` | what is refused becomes a page; the headers of every answer |
//! | `login.rs`, `tries.rs`, `language.rs` | in, out, and in which language |
//! | `orders.rs`, `order.rs`, `refund.rs`, `webhooks.rs`, `unmatched.rs`, `days.rs`, `payers.rs`, `health.rs` | the pages |

mod around;
mod days;
mod health;
mod keys;
mod language;
mod login;
mod order;
mod orders;
mod payers;
mod posted;
mod refund;
mod refusal;
mod session;
mod tries;
mod unmatched;
mod visitor;
mod webhooks;

use std::sync::Arc;

use axum::http::header;
use axum::response::Redirect;
use axum::routing::{any, get, post};
use axum::{Extension, Router, middleware};

use super::Served;
use crate::console::{ICON, STYLE};
use refusal::Refusal;
use tries::Tries;

/// All of it.
pub(super) fn routes(served: &Served) -> Router<Served> {
    const FRESH: &str = "private, max-age=300";
    let file = |kind: &'static str, text: &'static str| {
        get(async move || ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FRESH)], text))
    };
    Router::new()
        .route("/console", get(async || Redirect::permanent("/console/")))
        .route("/console/", get(orders::list))
        .route("/console/login", get(login::door).post(login::log_in))
        .route("/console/logout", post(login::log_out))
        .route("/console/language", post(language::choose))
        .route("/console/orders/{order_id}", get(order::show))
        .route("/console/orders/{order_id}/close", post(order::close))
        .route("/console/orders/{order_id}/refund", get(refund::form).post(refund::ask))
        .route("/console/orders/{order_id}/refund/confirmed", post(refund::confirmed))
        .route("/console/webhooks", get(webhooks::list))
        .route("/console/webhooks/{id}/resend", post(webhooks::resend))
        .route("/console/unmatched", get(unmatched::list))
        .route("/console/days", get(days::list).post(days::compare))
        .route("/console/days/{date}", get(days::show))
        .route("/console/payers", get(payers::show))
        .route("/console/health", get(health::show))
        .route("/console/console.css", file("text/css; charset=utf-8", STYLE))
        .route("/console/icon.svg", file("image/svg+xml", ICON))
        .route("/console/{*nothing}", any(async || Refusal::NotThere))
        .method_not_allowed_fallback(async || Refusal::NotThere)
        .layer(middleware::from_fn_with_state(served.clone(), around::around))
        .layer(Extension(Arc::new(Tries::default())))
}
