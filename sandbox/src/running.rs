//! The merchant's backend while it runs, and how routers are called without a connection.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;
use serde_json::Value;
use tokio::task::JoinHandle;
use tower::ServiceExt;
use wechat_cashier_merchant::service::{Backend, Gateway, Parts, WeChatPay};
use wechat_cashier_merchant::webhook::Receivers;
use wechat_cashier_merchant::{routes, store as merchant_store};
use wechat_cashier_simulator::Simulator;

use crate::clock::SharedClock;
use crate::setup::{self, Keys};
use crate::wallet::{METHODS, Wallet, WalletMethod};

/// Answers here are small; this only bounds what is held.
const ANSWER_BYTES_MAX: usize = 8 << 20;

/// The merchant's backend with its routes and its work.
pub(crate) struct Running {
    pub(crate) backend: Backend,
    pub(crate) routes: Router,
    pub(crate) work: Mutex<Option<JoinHandle<()>>>,
}

/// What the merchant's configuration is made of.
pub(crate) struct Made {
    pub(crate) address: SocketAddr,
    pub(crate) database: PathBuf,
    pub(crate) keys: Keys,
    /// The platform's: its id, and the PEM.
    pub(crate) public_key: (String, String),
}

/// Opens the database, and begins to work.
///
/// # Errors
/// Why it cannot.
pub(crate) async fn start(made: Arc<Made>, simulator: Simulator, wallet: Wallet) -> Result<Running, String> {
    let Made { address, database, keys, public_key: (id, pem) } = &*made;
    let config = setup::merchant(*address, database, keys, (id, pem))?;
    let clock = Arc::new(SharedClock(simulator.clone()));
    let store = merchant_store::open(&database.to_string_lossy()).await.map_err(|error| error.to_string())?;
    let wechat_pay = WeChatPay::new(&config.wechat_pay, &config.shops, &config.public_url, clock.clone());
    let own_methods: HashMap<String, Arc<dyn Gateway>> = METHODS
        .iter()
        .map(|id| {
            let origin = format!("http://{address}");
            let method = WalletMethod { wallet: wallet.clone(), clock: simulator.clone(), origin };
            ((*id).to_owned(), Arc::new(method) as Arc<dyn Gateway>)
        })
        .collect();
    let receivers = Receivers::new(&config.shops)?;
    let backend = Backend::new(Parts {
        store,
        clock,
        wechat_pay: wechat_pay.map_err(|fault| fault.to_string())?,
        own_methods,
        queries_per_second: config.wechat_pay.queries_per_second,
        receivers,
        reconciliation: config.reconciliation.enabled.then_some(config.reconciliation.delay),
    });
    let work = tokio::spawn({
        let backend = backend.clone();
        async move { backend.work().await }
    });
    let routes = routes(&config, backend.clone()).map_err(|error| error.to_string())?;
    Ok(Running { backend, routes, work: Mutex::new(Some(work)) })
}

/// The request as it came in: what another router made of its path is not the next one's.
pub(crate) async fn ask(routes: &Router, mut request: axum::extract::Request) -> Response {
    let caller = request.extensions().get::<ConnectInfo<SocketAddr>>().copied();
    request.extensions_mut().clear();
    if let Some(caller) = caller {
        request.extensions_mut().insert(caller);
    }
    let answered: Result<Response, Infallible> = routes.clone().oneshot(request).await;
    match answered {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// A call without a connection.
pub(crate) async fn call(
    routes: &Router,
    method: Method,
    path: &str,
    body: Option<Value>,
    key: Option<&str>,
) -> (StatusCode, Value) {
    let mut request = Request::builder().method(method).uri(path).header(header::ACCEPT, "application/json");
    if let Some(key) = key {
        request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
    }
    let body = match body {
        Some(body) => {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        }
        None => Body::empty(),
    };
    let Ok(request) = request.body(body) else { return (StatusCode::BAD_REQUEST, Value::Null) };
    let response = ask(routes, request).await;
    let status = response.status();
    let bytes = to_bytes(response.into_body(), ANSWER_BYTES_MAX).await.unwrap_or_default();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}
