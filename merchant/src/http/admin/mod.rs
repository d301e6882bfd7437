//! `/admin/v1`: what the shop calls, by its key.
//!
//! | file | what |
//! |---|---|
//! | `orders.rs` | orders, and the tokens for their pages |
//! | `webhooks.rs` | what the shop was told |

mod orders;
mod webhooks;

use axum::Router;
use axum::routing::{get, post};

use crate::http::Served;

/// All of it.
pub(super) fn routes() -> Router<Served> {
    Router::new()
        .route("/admin/v1/orders", post(orders::create))
        .route("/admin/v1/orders/{order_id}", get(orders::read))
        .route("/admin/v1/orders/{order_id}/close", post(orders::close))
        .route("/admin/v1/orders/{order_id}/mini-program", post(orders::mini_program))
        .route("/admin/v1/webhooks", get(webhooks::list))
        .route("/admin/v1/webhooks/test", post(webhooks::test))
        .route("/admin/v1/webhooks/{id}/resend", post(webhooks::resend))
}
