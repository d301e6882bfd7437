//! The backend as a program: everything put together, and stopped in good order.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::signal;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Database, WechatPay};
use crate::http::{Pace, Page, PageError, Shops, Site, app};
use crate::metrics;
use crate::service::{Backend, KeyFault, Parts, WeChatPay};
use crate::store::{self, OpenError, Store};
use crate::webhook::Receivers;

/// How long requests under way may take after the signal to stop.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// How soon a failed download of certificates is tried again.
const CERTIFICATES_AGAIN_MS: i64 = 30_000;

/// Why the backend does not run.
#[derive(Debug)]
pub enum RunError {
    /// A key is none.
    Key(KeyFault),
    /// The database cannot be used.
    Store(OpenError),
    /// There is no page.
    Page(PageError),
    /// It cannot listen there.
    Listen(SocketAddr, io::Error),
    /// Nothing can be counted.
    Metrics(String),
    /// The server ended.
    Serve(io::Error),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(fault) => fault.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Page(error) => write!(f, "page: {error}"),
            Self::Listen(address, error) => write!(f, "listen: cannot listen on {address}: {error}"),
            Self::Metrics(error) => write!(f, "metrics_listen: {error}"),
            Self::Serve(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RunError {}

/// The store that a configuration names.
///
/// # Errors
/// The database cannot be used.
pub async fn open_store(config: &Config) -> Result<Arc<dyn Store>, OpenError> {
    match &config.database {
        Database::Sqlite(file) => store::open(&file.to_string_lossy()).await,
        Database::Postgres(url) => store::open(url.expose()).await,
    }
}

/// The backend that a configuration describes, over a store that is open, with the time of a clock.
///
/// # Errors
/// A key that is none.
pub fn backend(config: &Config, store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Result<Backend, KeyFault> {
    let wechat_pay = WeChatPay::new(&config.wechat_pay, &config.shops, &config.public_url, Arc::clone(&clock))?;
    let receivers = Receivers::new(&config.shops);
    let receivers = receivers.map_err(|what| KeyFault { key: "webhooks.secret_file", what })?;
    Ok(Backend::new(Parts {
        store,
        clock,
        wechat_pay,
        own_methods: HashMap::new(),
        queries_per_second: config.wechat_pay.queries_per_second,
        receivers,
        reconciliation: config.reconciliation.enabled.then_some(config.reconciliation.delay),
    }))
}

/// The routes that a configuration describes.
///
/// # Errors
/// There is no page where the configuration says that there is one.
pub fn routes(config: &Config, backend: Backend) -> Result<Router, PageError> {
    let Config { public_url, api_prefix, origins, trusted_proxies, shops, wechat_pay, limits, .. } = config;
    let site = Site {
        public_url: public_url.clone(),
        api_prefix: api_prefix.clone(),
        origins: origins.clone(),
        telemetry: config.telemetry.enabled,
        shops: Shops::new(shops),
        pace: Pace::new(limits.admin_requests_per_second),
        trusted_proxies: trusted_proxies.clone(),
        event_streams: Arc::new(Semaphore::new(limits.event_streams)),
        page: config.page.as_deref().map(Page::read).transpose()?.map(Arc::new),
        pay_origins: pay_origins(wechat_pay),
        currencies: wechat_pay.currencies.clone(),
    };
    Ok(app(backend, site))
}

/// Where WeChat Pay is not WeChat's, its addresses have to be listed for the page.
fn pay_origins(settings: &WechatPay) -> Vec<String> {
    let origins = [&settings.base_url, &settings.oauth_authorize_url].map(|url| url.origin().ascii_serialization());
    let is_wechats = |origin: &String| origin.ends_with(".weixin.qq.com");
    let mut origins: Vec<_> = origins.into_iter().filter(|origin| !is_wechats(origin)).collect();
    origins.dedup();
    origins
}

/// Serves until it is asked to stop (SIGTERM, Ctrl-C). `listening` is told the address once it listens.
///
/// # Errors
/// Why it does not run.
pub async fn run(config: Config, listening: impl FnOnce(SocketAddr)) -> Result<(), RunError> {
    let store = open_store(&config).await.map_err(RunError::Store)?;
    let backend = backend(&config, Arc::clone(&store), Arc::new(SystemClock)).map_err(RunError::Key)?;
    let listener = TcpListener::bind(config.listen).await.map_err(|error| RunError::Listen(config.listen, error))?;
    listening(listener.local_addr().map_err(|error| RunError::Listen(config.listen, error))?);
    let metrics = match config.metrics_listen {
        Some(address) => Some(scraped(address, backend.clone()).await?),
        None => None,
    };
    let worker = tokio::spawn({
        let backend = backend.clone();
        async move { backend.work().await }
    });
    let others = tokio::spawn({
        let backend = backend.clone();
        let place = place(config.listen);
        async move { backend.meet_others(&place).await }
    });
    let renewal = config.wechat_pay.certificates.then(|| tokio::spawn(renew_certificates(backend.clone())));
    let routes =
        routes(&config, backend.clone()).map_err(RunError::Page)?.into_make_service_with_connect_info::<SocketAddr>();
    let (stopping, drain) = (backend.clone(), config.limits.drain);
    let server = axum::serve(listener, routes).with_graceful_shutdown(async move {
        asked_to_stop().await;
        tracing::info!("stopping");
        stopping.leave();
        tokio::time::sleep(drain).await;
        stopping.stop();
    });
    let mut stopped = backend.stopping();
    let ended = tokio::select! {
        ended = server.into_future() => ended,
        () = async {
            // It fails once the backend is gone, and then there is nothing to wait for.
            let _ = stopped.wait_for(|stopped| *stopped).await;
            tokio::time::sleep(STOP_WITHIN).await;
        } => Ok(()),
    };
    backend.stop();
    for task in [renewal, metrics].into_iter().flatten() {
        task.abort();
    }
    // What is under way is written down; a worker that panicked has nothing under way.
    let _ = tokio::time::timeout(STOP_WITHIN, async { tokio::join!(worker, others) }).await;
    store.close().await;
    ended.map_err(RunError::Serve)
}

/// This machine and port, as other instances may know them. Where a machine has no name, the port has to do.
fn place(listen: SocketAddr) -> String {
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{} {listen}", machine.trim())
}

/// Serves metrics at an address of their own.
async fn scraped(address: SocketAddr, backend: Backend) -> Result<JoinHandle<()>, RunError> {
    let handle = metrics::start().map_err(|error| RunError::Metrics(error.to_string()))?;
    let listener = TcpListener::bind(address).await.map_err(|error| RunError::Listen(address, error))?;
    let routes = metrics::router(handle, backend);
    Ok(tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, routes).await {
            tracing::error!(%error, "metrics are not served any more");
        }
    }))
}

/// Downloads the platform's certificates now and in time again.
async fn renew_certificates(backend: Backend) {
    let wechat_pay = backend.wechat_pay();
    loop {
        let next = match wechat_pay.renew_certificates().await {
            Ok(()) => wechat_pay.client().certificates_due(),
            Err(trouble) => {
                tracing::error!(error = trouble.why, "the platform's certificates could not be renewed");
                None
            }
        };
        let again = || crate::domain::plus(backend.clock().now(), CERTIFICATES_AGAIN_MS);
        backend.clock().until(next.unwrap_or_else(again)).await;
    }
}

/// Ends on Ctrl-C, or on SIGTERM where there is one: for who stops a server in good order.
pub async fn asked_to_stop() {
    #[cfg(unix)]
    if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    // Without signals nobody can ask.
    let _ = signal::ctrl_c().await;
}
