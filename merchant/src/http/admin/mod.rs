//! `/admin/v1`: what the shop calls, by its key.
//!
//! | file | what |
//! |---|---|
//! | `orders.rs`, `order.rs` | orders, and the tokens for their pages |
//! | `list.rs` | many of them, and the one of a number |
//! | `refunds.rs` | money that goes back |
//! | `webhooks.rs` | what the shop was told |
//! | `funnel.rs` | how payers fared |
//! | `reconciliations.rs` | each day beside WeChat Pay's bill |
//! | `openapi/` | all of it as `docs/admin-openapi.json`, with the feature `schema` |

pub(super) mod funnel;
pub(super) mod list;
#[cfg(feature = "schema")]
mod openapi;
mod order;
mod orders;
pub(super) mod reconciliations;
mod refunds;
mod webhooks;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::routing::{MethodRouter, get, post};

#[cfg(feature = "schema")]
pub use openapi::openapi as admin_openapi;

use crate::http::Served;
use crate::http::body::BODY_BYTES_MAX;

/// One call: where it is, and what serves it. The document has each of them, which a test of it sees to.
struct Call {
    #[allow(dead_code, reason = "what the test of the document holds it against")]
    method: &'static str,
    path: &'static str,
    served_by: MethodRouter<Served>,
}

/// All of them.
pub(super) fn routes() -> Router<Served> {
    let router = calls().into_iter().fold(Router::new(), |router, call| router.route(call.path, call.served_by));
    router.layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
}

fn calls() -> Vec<Call> {
    vec![
        asks("/admin/v1/orders", list::list),
        does("/admin/v1/orders", orders::create),
        asks("/admin/v1/orders/{order_id}", orders::read),
        does("/admin/v1/orders/{order_id}/close", orders::close),
        does("/admin/v1/orders/{order_id}/refunds", refunds::create),
        does("/admin/v1/orders/{order_id}/refund-second-payment", refunds::second_payment),
        does("/admin/v1/orders/{order_id}/mini-program", orders::mini_program),
        asks("/admin/v1/webhooks", webhooks::list),
        does("/admin/v1/webhooks/test", webhooks::test),
        does("/admin/v1/webhooks/{id}/resend", webhooks::resend),
        asks("/admin/v1/reconciliations", reconciliations::list),
        asks("/admin/v1/reconciliations/{date}", reconciliations::read),
        does("/admin/v1/reconciliations/{date}", reconciliations::again),
        asks("/admin/v1/funnel", funnel::read),
    ]
}

fn asks<T: 'static>(path: &'static str, handler: impl Handler<T, Served>) -> Call {
    Call { method: "get", path, served_by: get(handler) }
}

fn does<T: 'static>(path: &'static str, handler: impl Handler<T, Served>) -> Call {
    Call { method: "post", path, served_by: post(handler) }
}
