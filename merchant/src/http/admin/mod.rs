//! `/admin/v1`: what the shop calls, by its key.
//!
//! | file | what |
//! |---|---|
//! | `orders.rs` | orders, and the tokens for their pages |
//! | `list.rs` | many of them, and the one of a number |
//! | `refunds.rs` | money that goes back |
//! | `webhooks.rs` | what the shop was told |
//! | `reconciliations.rs` | each day beside WeChat Pay's bill |

pub(super) mod list;
mod orders;
pub(super) mod reconciliations;
mod refunds;
mod webhooks;

use axum::Router;
use axum::routing::{get, post};

use crate::http::Served;

/// All of it.
pub(super) fn routes() -> Router<Served> {
    Router::new()
        .route("/admin/v1/orders", get(list::list).post(orders::create))
        .route("/admin/v1/orders/{order_id}", get(orders::read))
        .route("/admin/v1/orders/{order_id}/close", post(orders::close))
        .route("/admin/v1/orders/{order_id}/refunds", post(refunds::create))
        .route("/admin/v1/orders/{order_id}/refund-second-payment", post(refunds::second_payment))
        .route("/admin/v1/orders/{order_id}/mini-program", post(orders::mini_program))
        .route("/admin/v1/webhooks", get(webhooks::list))
        .route("/admin/v1/webhooks/test", post(webhooks::test))
        .route("/admin/v1/webhooks/{id}/resend", post(webhooks::resend))
        .route("/admin/v1/reconciliations", get(reconciliations::list))
        .route("/admin/v1/reconciliations/{date}", get(reconciliations::read).post(reconciliations::again))
}
