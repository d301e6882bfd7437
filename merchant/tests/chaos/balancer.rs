//! What stands in front of several instances: sends each request to one that is ready, as nginx does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use reqwest::Client;
use tokio::net::TcpListener;

use crate::book::now;

/// So often each is asked whether it is ready.
const LOOKS_EACH: Duration = Duration::from_millis(100);
/// And has so long to say so.
const ANSWERS_WITHIN: Duration = Duration::from_secs(1);

/// The instances, and what callers were told that is no answer of the backend's, or one of its failures.
#[derive(Debug)]
pub(crate) struct Balancer {
    http: Client,
    /// Which are ready.
    instances: Mutex<BTreeMap<String, bool>>,
    errors: Mutex<Vec<(i64, String)>>,
}

impl Balancer {
    /// Gives it with its address.
    pub(crate) async fn new() -> (Arc<Self>, String) {
        let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let balancer = Arc::new(Self { http, instances: Mutex::default(), errors: Mutex::default() });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().fallback(pass).with_state(Arc::clone(&balancer));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        tokio::spawn(looks(Arc::clone(&balancer)));
        (balancer, address)
    }

    /// There is another one.
    pub(crate) fn add(&self, base: &str) {
        self.instances.lock().unwrap().insert(base.to_owned(), false);
    }

    /// It is gone for good.
    pub(crate) fn remove(&self, base: &str) {
        self.instances.lock().unwrap().remove(base);
    }

    pub(crate) fn is_ready(&self, base: &str) -> bool {
        self.instances.lock().unwrap().get(base).is_some_and(|is_ready| *is_ready)
    }

    /// When callers were told of which failure, the first one first.
    pub(crate) fn errors(&self) -> Vec<(i64, String)> {
        self.errors.lock().unwrap().clone()
    }

    /// In which order they are tried: those that are ready first.
    fn tried(&self) -> Vec<String> {
        let mut all: Vec<_> = self.instances.lock().unwrap().clone().into_iter().collect();
        fastrand::shuffle(&mut all);
        all.sort_by_key(|(_, is_ready)| !is_ready);
        all.into_iter().map(|(base, _)| base).collect()
    }
}

async fn looks(balancer: Arc<Balancer>) {
    loop {
        let all: Vec<_> = balancer.instances.lock().unwrap().keys().cloned().collect();
        for base in all {
            let asked = balancer.http.get(format!("{base}/ready")).timeout(ANSWERS_WITHIN).send().await;
            let is_ready = asked.is_ok_and(|answer| answer.status().is_success());
            if let Some(known) = balancer.instances.lock().unwrap().get_mut(&base) {
                *known = is_ready;
            }
        }
        tokio::time::sleep(LOOKS_EACH).await;
    }
}

async fn pass(
    State(balancer): State<Arc<Balancer>>,
    method: Method,
    uri: Uri,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response {
    for name in [header::HOST, header::CONTENT_LENGTH, header::CONNECTION] {
        headers.remove(name);
    }
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    for base in balancer.tried() {
        let request = balancer.http.request(method.clone(), format!("{base}{target}"));
        match request.headers(headers.clone()).body(body.clone()).send().await {
            Ok(answer) => {
                if answer.status().is_server_error() {
                    balancer.errors.lock().unwrap().push((now(), format!("{method} {target}: {}", answer.status())));
                }
                return passed(answer);
            }
            // Nothing was sent, or it may be asked twice: the next one has it.
            Err(error) if error.is_connect() || method == Method::GET => {
                balancer.instances.lock().unwrap().entry(base).and_modify(|is_ready| *is_ready = false);
            }
            Err(_) => break,
        }
    }
    balancer.errors.lock().unwrap().push((now(), format!("{method} {target}: no answer")));
    // As if the connection had been cut: whoever asked does not know what came of it.
    StatusCode::BAD_GATEWAY.into_response()
}

/// What comes is passed on as it comes: streams do not end.
fn passed(answer: reqwest::Response) -> Response {
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    for name in [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION] {
        headers.remove(name);
    }
    let chunks = stream::unfold(answer, async |mut answer| {
        let chunk = answer.chunk().await.transpose()?;
        Some((chunk, answer))
    });
    (status, headers, Body::from_stream(chunks)).into_response()
}
