//! Traces of the program, as a collector gets them.

#![cfg(unix)] // It is stopped by a signal.
#![expect(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

#[path = "support/demo.rs"]
#[allow(dead_code, reason = "the shop's tests use all of it")]
mod demo;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use wechat_cashier_simulator::Simulator;
use wechat_cashier_simulator::config::Merchant;

const ADMIN_KEY: &str = "admin-key-of-the-tests-0123456789abcdef";
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

/// Serves routes at a free port.
async fn serve(routes: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = routes.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    format!("http://{address}")
}

/// The program, with a simulated WeChat Pay.
struct Program {
    child: Child,
    address: String,
    http: Client,
    folder: tempfile::TempDir,
}

impl Program {
    async fn start(collector: &str) -> Self {
        let config = wechat_cashier_simulator::Config { sign_tests_percent: 0, ..Default::default() };
        let demo = config.merchants[0].clone();
        let simulator = serve(wechat_cashier_simulator::router(Simulator::new(config).unwrap())).await;
        let http = Client::builder().no_proxy().build().unwrap();
        let platform = http.get(format!("{simulator}/simulator/platform")).send().await.unwrap();
        let platform: Value = serde_json::from_slice(&platform.bytes().await.unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("admin.key", ADMIN_KEY);
        write("token.key", &"t".repeat(32));
        write("app.secret", &demo.app_secret);
        write("apiv3.key", &demo.apiv3_key);
        write("key.pem", Merchant::DEMO_PRIVATE_KEY);
        write("platform.pem", platform["public_key_pem"].as_str().unwrap());
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let wechat_pay = demo::wechat_pay(&demo, &platform, &simulator, &format!("base_url = \"{simulator}\""));
        let tables = [demo::SHOP, &wechat_pay].concat();
        let text = format!(
            "listen = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\ndatabase = \"sqlite:orders.db\"\n\
             origins = [\"https://shop.example\"]\n{tables}[traces]\nendpoint = \"{collector}\"\n"
        );
        write("merchant.toml", &text);
        let mut command = Command::new(env!("CARGO_BIN_EXE_wechat-cashier-merchant"));
        command.current_dir(folder.path()).args(["--config", "merchant.toml"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = child.stdout.take().unwrap();
        let line = BufReader::new(out).lines().next().unwrap().unwrap();
        let address = line.trim_start_matches("listening on ").to_owned();
        Self { child, address, http, folder }
    }

    /// The shop makes an order, and its page asks for a code, through a proxy that has begun a trace. Gives the page's token.
    async fn pay(&self) -> String {
        let order = json!({
            "order_id": "T20261130001", "amount": { "value": 1999, "currency": "CNY" }, "description": "茶", "methods": ["native"],
        });
        let request = self.http.post(format!("{}/admin/v1/orders", self.address)).bearer_auth(ADMIN_KEY);
        let made = request.body(order.to_string()).send().await.unwrap();
        let made: Value = serde_json::from_slice(&made.bytes().await.unwrap()).unwrap();
        let token = made["token"].as_str().unwrap().to_owned();
        let wanted = json!({ "method": "native", "page_url": "https://shop.example/pay/?order=1" });
        let request = self.http.post(format!("{}/api/orders/T20261130001/payments", self.address)).bearer_auth(&token);
        let request = request.header("idempotency-key", "k1").header("traceparent", format!("00-{TRACE}-{PARENT}-01"));
        let paid = request.header("content-type", "application/json").body(wanted.to_string()).send().await.unwrap();
        assert_eq!(paid.status(), 201);
        token
    }

    /// Asks it to stop. Gives what it logged.
    fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(self.child.wait().unwrap().success(), "{said}");
        drop(self.folder);
        said
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn attribute(span: &Span, name: &str) -> Option<String> {
    match span.attributes.iter().find(|attribute| attribute.key == name)?.value.as_ref()?.value.as_ref()? {
        Any::StringValue(text) => Some(text.clone()),
        Any::IntValue(number) => Some(number.to_string()),
        other => Some(format!("{other:?}")),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_trace_holds_the_page_s_request_and_the_call_to_the_platform() {
    let got: Arc<Mutex<Vec<Span>>> = Arc::default();
    let take = {
        let got = Arc::clone(&got);
        move |body: Bytes| async move {
            let request = ExportTraceServiceRequest::decode(body).unwrap();
            let spans = request.resource_spans.into_iter().flat_map(|of| of.scope_spans).flat_map(|of| of.spans);
            got.lock().unwrap().extend(spans);
        }
    };
    let program = Program::start(&serve(Router::new().route("/v1/traces", post(take))).await).await;
    let token = program.pay().await;
    tokio::task::spawn_blocking(move || program.stop()).await.unwrap();

    let spans = got.lock().unwrap();
    let named =
        |name: &str| spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name}: {spans:#?}"));
    let request = named("POST /api/orders/{order_id}/payments");
    assert_eq!((hex(&request.trace_id), hex(&request.parent_span_id)), (TRACE.to_owned(), PARENT.to_owned()));
    assert_eq!(attribute(request, "order_id").as_deref(), Some("T20261130001"));
    assert_eq!(attribute(request, "http.response.status_code").as_deref(), Some("201"));
    let call = named("POST /v3/pay/transactions/native");
    assert_eq!(hex(&call.trace_id), TRACE);
    assert_eq!(attribute(call, "http.response.status_code").as_deref(), Some("200"));
    assert!(attribute(call, "wechat_pay.request_id").is_some_and(|id| !id.is_empty()), "{call:#?}");
    let step = spans.iter().find(|span| span.span_id == call.parent_span_id).unwrap();
    assert_eq!((step.name.as_str(), &step.parent_span_id), ("place", &request.span_id));
    // The shop's own request is a trace of its own.
    assert_ne!(named("POST /admin/v1/orders").trace_id, request.trace_id);
    let all = format!("{spans:?}");
    for secret in [ADMIN_KEY, &token, "Authorization", "WECHATPAY2", "code_url", "weixin://"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_away_keeps_nobody_from_paying() {
    let began = Instant::now();
    let program = Program::start("http://127.0.0.1:1").await;
    program.pay().await;
    let said = tokio::task::spawn_blocking(move || program.stop()).await.unwrap();
    assert!(said.contains("the collector does not take them"), "{said}");
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}
