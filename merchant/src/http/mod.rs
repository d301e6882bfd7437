//! HTTP: the contract for cashiers, an interface for the shop, and what WeChat calls.
//!
//! | file | what |
//! |---|---|
//! | `contract.rs`, `events.rs` | `{api}/orders/…` (docs/contract.md) |
//! | `telemetry.rs` | `{api}/telemetry`, how payers fare |
//! | `admin/` | `/admin/v1`, for the shop, by its key |
//! | `console/` | `/console/`, for people, by the same keys |
//! | `refund_ask.rs` | a refund, as either asks for it |
//! | `wechat.rs` | notifications, and the way back from WeChat's login |
//! | `page.rs` | `/cashier/`, the hosted page |
//! | `picture.rs` | the code on it |
//! | `health.rs` | `/health`, `/ready` |
//! | `shops.rs` | which shop |
//! | `traced.rs` | each request as a span |
//! | `token.rs` | what a payer's page may see |
//! | `payer.rs` | who logged in with this browser |
//! | `caller.rs`, `body.rs`, `pace.rs`, `problem.rs` | who asks, with what and how often, and how they are refused |

mod admin;
mod body;
mod caller;
mod console;
mod contract;
mod events;
mod health;
mod pace;
mod page;
mod payer;
mod picture;
mod problem;
mod refund_ask;
mod shops;
mod telemetry;
mod token;
mod traced;
mod wechat;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware;
use axum::routing::{any, get, post};
use tokio::sync::Semaphore;
use tower_http::cors::{AllowOrigin, CorsLayer};
use url::Url;
use wechat_cashier::contract::Currency;

#[cfg(feature = "schema")]
pub use admin::admin_openapi;
pub use pace::Pace;
pub use page::{Page, PageError};
pub use shops::{ShopSite, Shops};
pub use token::{Purpose, Tokens};

use crate::config::{Network, WechatPay};
use crate::service::Backend;

/// What HTTP has to know beside the backend.
#[derive(Debug)]
pub struct Site {
    /// The backend's own public address.
    pub public_url: Url,
    /// Under which path the contract is, such as `/api`.
    pub api_prefix: String,
    /// The origins of pages with a cashier in them, of all shops. The backend's own is one of them; `*` is every one, for a
    /// backend that takes no real money.
    pub origins: Vec<String>,
    /// Whether pages are asked to tell how their payers fare.
    pub telemetry: bool,
    /// Who sells.
    pub shops: Shops,
    /// How often each of their keys may call.
    pub pace: Pace,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// How many streams of events may be open. Pages that find none free poll.
    pub event_streams: Arc<Semaphore>,
    /// The hosted page. None: the shop has pages of its own.
    pub page: Option<Arc<Page>>,
    /// Origins other than WeChat's that payers are sent to, where WeChat Pay is simulated.
    pub pay_origins: Vec<String>,
    /// The currencies that orders may have.
    pub currencies: Vec<Currency>,
}

/// What every route holds.
#[derive(Clone, Debug)]
struct Served {
    backend: Backend,
    site: Arc<Site>,
}

/// All routes. [`Backend::work`] is to run beside it.
///
/// Serve it with the caller's address (`into_make_service_with_connect_info::<SocketAddr>()`), which H5 needs.
pub fn app(backend: Backend, site: Site) -> Router {
    let api = site.api_prefix.trim_end_matches('/').to_owned();
    let cors = cors(&site);
    let site_has_telemetry = site.telemetry;
    let served = Served { backend, site: Arc::new(site) };
    let mut contract = Router::new();
    if site_has_telemetry {
        let bounded = post(telemetry::take).layer(DefaultBodyLimit::max(telemetry::BODY_BYTES_MAX));
        contract = contract.route(&format!("{api}/telemetry"), bounded);
    }
    let contract = contract
        .route(&format!("{api}/orders/{{order_id}}"), get(contract::order))
        .route(&format!("{api}/orders/{{order_id}}/payments"), post(contract::payment))
        .route(&format!("{api}/orders/{{order_id}}/close"), post(contract::close))
        .route(&format!("{api}/orders/{{order_id}}/events"), get(events::stream))
        // What is not there tells pages of other origins so.
        .route(&format!("{api}/{{*nothing}}"), any(problem::not_found))
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(middleware::map_response(problem::in_the_contracts_words))
        .layer(cors)
        .layer(middleware::map_response(problem::preflight_has_no_content));
    let admin = admin::routes().layer(middleware::map_response(problem::in_the_contracts_words));
    let console = console::routes(&served);
    Router::new()
        .merge(contract)
        .merge(admin)
        .merge(console)
        .route(WechatPay::NOTIFY_PATH, post(wechat::notification))
        .route(crate::service::LOGIN_PATH, get(wechat::login))
        .route(page::PATH.trim_end_matches('/'), get(page::with_stroke))
        .route(page::PATH, get(page::page))
        .route(&format!("{}{{*path}}", page::PATH), get(page::file))
        .route("/health", get(health::alive))
        .route("/ready", get(health::ready))
        .method_not_allowed_fallback(problem::method_not_allowed)
        .fallback(problem::not_found)
        .layer(middleware::map_response(problem::never_stored))
        .layer(middleware::from_fn(crate::metrics::timed))
        .layer(middleware::from_fn_with_state(served.clone(), traced::traced))
        .with_state(served)
}

fn any_origin(origins: &[String]) -> bool {
    origins.iter().any(|origin| origin == "*")
}

/// Pages of other origins call the contract (docs/contract.md, Another origin). Which order a call is about is known too late for
/// this; one from a page of another shop's is refused by [`caller::Allowed`].
fn cors(site: &Site) -> CorsLayer {
    let listed = site.origins.iter().chain(site.shops.origins());
    let listed = listed.filter_map(|origin| HeaderValue::from_str(origin).ok());
    let origins = match any_origin(&site.origins) {
        true => AllowOrigin::any(),
        false => AllowOrigin::list(listed),
    };
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, HeaderName::from_static("idempotency-key")])
        .expose_headers([header::RETRY_AFTER, header::DATE])
        .max_age(std::time::Duration::from_secs(7200))
}
