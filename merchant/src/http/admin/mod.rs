//! `/admin/v1`: what the shop calls, by its key.
//!
//! | file | what |
//! |---|---|
//! | `orders.rs` | orders, and the tokens for their pages |
//! | `reconciliations.rs` | each day beside WeChat Pay's bill |

mod orders;
mod reconciliations;

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
        .route("/admin/v1/reconciliations", get(reconciliations::list))
        .route("/admin/v1/reconciliations/{date}", get(reconciliations::read).post(reconciliations::again))
}
