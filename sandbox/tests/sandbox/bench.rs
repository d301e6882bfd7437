//! What the tests stand on: a sandbox of their own, which serves at a port of its own, and calls to it.

use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower::ServiceExt;
use wechat_cashier::contract::{Action, HttpAnswer, Order, Payment, Problem, ProblemCode, RequestName, decode};
use wechat_cashier_sandbox::{Config, Ordered, Sandbox, router};

/// How the sandbox is called. It listens elsewhere: what tests say and read has this in place of that.
pub(crate) const HOST: &str = "127.0.0.1:8088";

/// A page that asks to be paid.
pub(crate) const PAGE_URL: &str = "http://127.0.0.1:8088/wechat/cashier/?order=1&token=2";

/// A sandbox whose clock stands still until the test moves it.
pub(crate) struct Bench {
    app: Router,
    address: SocketAddr,
    sandbox: Sandbox,
    server: JoinHandle<()>,
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.sandbox.stop();
        self.server.abort();
    }
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// As the cashier itself would read it.
    pub(crate) fn as_cashier(&self) -> HttpAnswer {
        HttpAnswer {
            request: RequestName::new("GET", HOST),
            status: self.status.as_u16(),
            content_type: self.header("content-type").map(str::to_owned),
            retry_after: self.header("retry-after").map(str::to_owned),
            body: self.text.clone(),
        }
    }

    pub(crate) fn problem(&self) -> Problem {
        match self.as_cashier().read::<Order>() {
            Err(wechat_cashier::contract::Failure::Refused { problem, .. }) => {
                assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text);
                assert_eq!(self.header("cache-control"), Some("no-store"));
                assert_eq!(problem.code.http_status(), problem.status);
                problem
            }
            other => panic!("no refusal: {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn refused(&self, code: ProblemCode) {
        assert_eq!(self.problem().code, code, "{}", self.text);
    }
}

impl Bench {
    /// A sandbox that forgets.
    pub(crate) async fn new() -> Self {
        Self::with(None, None).await
    }

    pub(crate) async fn with(dist: Option<PathBuf>, state: Option<PathBuf>) -> Self {
        let (bench, notices) = Self::open(dist, state).await;
        assert_eq!(notices, Vec::<String>::new());
        bench.post("/sandbox/clock", json!({ "freeze": true })).await;
        bench
    }

    /// As it was, with its clock as it goes; and what it says at its start.
    pub(crate) async fn open(dist: Option<PathBuf>, state: Option<PathBuf>) -> (Self, Vec<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::on(listener, dist, state).await
    }

    async fn on(listener: TcpListener, dist: Option<PathBuf>, state: Option<PathBuf>) -> (Self, Vec<String>) {
        let address = listener.local_addr().unwrap();
        let (sandbox, notices) = Sandbox::open(Config { address, dist, state }).await.unwrap();
        let app = router(sandbox.clone());
        let routes = app.clone().into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        (Self { app, address, sandbox, server }, notices)
    }

    /// Ends it.
    pub(crate) async fn kill(self) {
        self.sandbox.close().await;
    }

    /// Ends it, and starts it again at the same address.
    pub(crate) async fn again(self, state: Option<PathBuf>) -> Self {
        let address = self.address;
        self.server.abort();
        self.kill().await;
        // The port is free once the listener is dropped with its task.
        let listener = loop {
            match TcpListener::bind(address).await {
                Ok(listener) => break listener,
                Err(_) => tokio::task::yield_now().await,
            }
        };
        let (bench, notices) = Self::on(listener, None, state).await;
        assert_eq!(notices, Vec::<String>::new());
        bench
    }

    fn here(&self, text: &str) -> String {
        text.replace(HOST, &self.address.to_string())
    }

    fn there(&self, text: &str) -> String {
        let encoded = |host: &str| host.replace(':', "%3A");
        let address = self.address.to_string();
        text.replace(&address, HOST).replace(&encoded(&address), &encoded(HOST))
    }

    pub(crate) fn router(&self) -> Router {
        self.app.clone()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (mut parts, body) = request.into_parts();
        // As every browser does.
        parts.headers.entry(header::HOST).or_insert(HeaderValue::from_static(HOST));
        for value in parts.headers.values_mut() {
            *value = HeaderValue::from_bytes(self.here(value.to_str().unwrap()).as_bytes()).unwrap();
        }
        parts.uri = self.here(&parts.uri.to_string()).replace("127.0.0.1%3A8088", &self.encoded()).parse().unwrap();
        parts.extensions.insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))));
        let bytes = body.collect().await.unwrap().to_bytes();
        let bytes = match std::str::from_utf8(&bytes) {
            Ok(text) => Body::from(self.here(text)),
            Err(_) => Body::from(bytes),
        };
        let response = self.app.clone().oneshot(Request::from_parts(parts, bytes)).await.unwrap();
        let (mut parts, body) = response.into_parts();
        for value in parts.headers.values_mut() {
            *value = HeaderValue::from_bytes(self.there(value.to_str().unwrap()).as_bytes()).unwrap();
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: self.there(&String::from_utf8_lossy(&bytes)) }
    }

    fn encoded(&self) -> String {
        self.address.to_string().replace(':', "%3A")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn with_json(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.with_json(Method::POST, path, body).await
    }

    /// The address of a page behind a host name, as a browser would ask for it.
    pub(crate) async fn visit(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn set_phone(&self, settings: Value) -> Value {
        let answer = self.with_json(Method::PUT, "/wechat/phone", settings).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()
    }

    pub(crate) async fn advance(&self, millis: i64) {
        let answer = self.post("/sandbox/clock", json!({ "advance_ms": millis })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }

    /// An order of the shop, made by JSON.
    pub(crate) async fn order_of(&self, wish: Value) -> Page<'_> {
        let answer = self.post("/shop/orders", wish).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let Ordered { order_id, token, .. } = serde_json::from_str(&answer.text).unwrap();
        Page { bench: self, order_id, token }
    }

    pub(crate) async fn order(&self) -> Page<'_> {
        self.order_of(json!({ "tea": "oolong" })).await
    }

    pub(crate) async fn scan(&self, text: &str, account: &str) -> Answer {
        self.post("/wechat/scan", json!({ "text": text, "account": account })).await
    }

    /// Scans and pays.
    pub(crate) async fn pay(&self, text: &str) {
        let scanned = self.scan(text, "A").await;
        assert_eq!(scanned.json()["result"], "bill", "{}", scanned.text);
        let paid = self.post("/wechat/pay", json!({ "scan_id": scanned.json()["scan_id"], "outcome": "pay" })).await;
        assert_eq!(paid.json()["result"], "paid", "{}", paid.text);
    }
}

/// The cashier page of one order, as far as its calls go.
pub(crate) struct Page<'a> {
    pub(crate) bench: &'a Bench,
    pub(crate) order_id: String,
    pub(crate) token: String,
}

impl Page<'_> {
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/api/orders/{}{rest}", self.order_id)
    }

    fn request(&self, method: Method, rest: &str) -> axum::http::request::Builder {
        let bearer = format!("Bearer {}", self.token);
        Request::builder().method(method).uri(self.path(rest)).header(header::AUTHORIZATION, bearer)
    }

    /// Asks for the status; `rest` may be `?verify=1`.
    pub(crate) async fn ask(&self, rest: &str) -> Answer {
        self.bench.send(self.request(Method::GET, rest).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn status(&self) -> Order {
        self.ask("").await.as_cashier().read().unwrap()
    }

    pub(crate) async fn verified(&self) -> Order {
        self.ask("?verify=1").await.as_cashier().read().unwrap()
    }

    pub(crate) async fn ask_payment(&self, key: &str, body: Value) -> Answer {
        let request = self.request(Method::POST, "/payments").header("idempotency-key", key);
        self.bench.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub(crate) async fn ask_payment_without_key(&self) -> Answer {
        let request = self.request(Method::POST, "/payments");
        self.bench.send(request.body(Body::from(native().to_string())).unwrap()).await
    }

    pub(crate) async fn payment(&self, key: &str) -> Payment {
        let answer = self.ask_payment(key, native()).await;
        answer.as_cashier().read().unwrap_or_else(|failure| panic!("{failure:?}"))
    }

    pub(crate) async fn new_code(&self, key: &str, replaces: &Payment) -> Payment {
        let mut body = native();
        body["replaces"] = json!(replaces.payment_id);
        decode(&self.ask_payment(key, body).await.text).unwrap()
    }

    pub(crate) async fn close(&self) -> Answer {
        self.bench.send(self.request(Method::POST, "/close").body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn set_faults(&self, faults: Value) -> Value {
        let path = format!("/sandbox/orders/{}/faults", self.order_id);
        let answer = self.bench.with_json(Method::PUT, &path, faults).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()
    }

    pub(crate) async fn faults(&self) -> Value {
        self.bench.get(&format!("/sandbox/orders/{}/faults", self.order_id)).await.json()
    }

    /// What the panel sees.
    pub(crate) async fn seen(&self) -> Value {
        self.bench.get(&format!("/sandbox/orders/{}", self.order_id)).await.json()
    }
}

pub(crate) fn native() -> Value {
    json!({ "method": "native", "page_url": "http://127.0.0.1:8088/cashier/" })
}

/// The body of a request for a payment.
pub(crate) fn ask_for(method: &str) -> Value {
    json!({ "method": method, "page_url": PAGE_URL })
}

/// An address of the sandbox as what is asked of it: no host, no fragment.
pub(crate) fn path_of(address: &str) -> String {
    let address = address.split('#').next().unwrap();
    address.strip_prefix(&format!("http://{HOST}")).unwrap_or_else(|| panic!("not here: {address}")).to_owned()
}

/// The text of a payment's QR.
pub(crate) fn code(payment: &Payment) -> String {
    match &payment.action {
        Action::ShowQr { content } => content.clone(),
        other => panic!("no QR: {other:?}"),
    }
}
