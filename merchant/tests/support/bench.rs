//! The backend and the simulated WeChat Pay, each at a port of its own, over HTTP as they will be.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use tokio::net::TcpListener;
use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::clock::ManualClock;
use wechat_cashier_merchant::config::Config;
use wechat_cashier_merchant::run::open_store;
use wechat_cashier_merchant::service::Backend;
use wechat_cashier_merchant::{backend, routes};
use wechat_cashier_simulator::Simulator;
use wechat_cashier_simulator::config::Merchant;

use crate::demo;
use crate::proxy::{Forger, Forges, between};
use crate::said::Said;

/// The key with which the shop calls.
pub(crate) const ADMIN_KEY: &str = "admin-key-of-the-tests-0123456789abcdef";
/// A key of the shop's that may only look.
pub(crate) const READ_KEY: &str = "read-key-of-the-tests-0123456789abcdef";
/// The key of the tokens.
pub(crate) const TOKEN_KEY: &str = "token-key-of-the-tests-0123456789abcdef";
/// What webhooks are signed with.
pub(crate) const WEBHOOK_SECRET: &str = "whsec_c2VjcmV0LW9mLXRoZS10ZXN0cy0wMTIzNDU2Nzg5";
/// The page that every test's payer looks at.
pub(crate) const PAGE: &str = "https://shop.example/pay/?order=1";

/// Everything that runs.
pub(crate) struct Bench {
    pub(crate) merchant: String,
    pub(crate) simulator: String,
    pub(crate) backend: Backend,
    pub(crate) http: Client,
    /// What forges WeChat Pay's answers.
    pub(crate) answers: Forger,
    /// What forges WeChat Pay's notifications.
    pub(crate) notifications: Forger,
    clock: Arc<ManualClock>,
    wechat: Simulator,
    said: &'static Said,
    config: Config,
    folder: tempfile::TempDir,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) body: Value,
}

impl Bench {
    /// On a file of SQLite.
    pub(crate) async fn new() -> Self {
        Self::with("", |_| {}).await
    }

    /// With more lines of configuration at the end of `[wechat_pay]`, and a simulator that is set up otherwise.
    pub(crate) async fn with(wechat_pay: &str, simulated: impl FnOnce(&mut wechat_cashier_simulator::Config)) -> Self {
        Self::made(&one_shop(), wechat_pay, simulated, |_| {}).await
    }

    /// With shops of the test's own, whose secrets are in files by the names of [`secret`].
    pub(crate) async fn of_shops(
        shops: &str,
        wechat_pay: &str,
        simulated: impl FnOnce(&mut wechat_cashier_simulator::Config),
    ) -> Self {
        Self::made(shops, wechat_pay, simulated, |_| {}).await
    }

    /// Configured otherwise: on another database, say.
    pub(crate) async fn configured(changed: impl FnOnce(&mut Config)) -> Self {
        Self::made(&one_shop(), "", |_| {}, changed).await
    }

    async fn made(
        shops: &str,
        wechat_pay: &str,
        simulated: impl FnOnce(&mut wechat_cashier_simulator::Config),
        changed: impl FnOnce(&mut Config),
    ) -> Self {
        let said = Said::by_this_process();
        let folder = tempfile::tempdir().unwrap();
        let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut config = wechat_cashier_simulator::Config { sign_tests_percent: 0, ..Default::default() };
        // Half of the notifications of a merchant that changes over are signed under a certificate, which it downloads.
        config.merchants[0].public_key_percent = 100;
        simulated(&mut config);
        let demo = config.merchants[0].clone();
        for secret in
            [ADMIN_KEY, READ_KEY, TOKEN_KEY, WEBHOOK_SECRET, private_key(&demo), &demo.apiv3_key, &demo.app_secret]
        {
            said.secret(secret);
        }
        for file in shops.split('"').filter(|text| text.ends_with(".key") || text.ends_with(".secret")) {
            said.secret(&secret(file));
        }
        let wechat = Simulator::new(config).unwrap();
        let (simulator, _) = serve(wechat_cashier_simulator::router(wechat.clone())).await;
        let platform = get(&http, &format!("{simulator}/simulator/platform")).await;

        // Time stands still on both sides until a test turns it.
        let clock = Arc::new(ManualClock::at(turn(&http, &simulator, json!({ "freeze": true })).await));

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let merchant = format!("http://{}", listener.local_addr().unwrap());
        let (answers, notifications) = (Forger::default(), Forger::default());
        let platform_url = between(&simulator, Forges::Answers, answers.clone()).await;
        let notify_url = between(&merchant, Forges::Requests, notifications.clone()).await;
        let wechat_pay = format!(
            "base_url = \"{platform_url}\"\nnotify_url = \"{notify_url}/wechat-pay/notifications\"\n{wechat_pay}"
        );
        let tables = [shops, &demo::wechat_pay(&demo, &platform, &simulator, &wechat_pay)].concat();
        let text = toml(&merchant, &folder.path().join("orders.db"), &tables);
        let mut config = read(&text, &demo, &platform);
        changed(&mut config);
        let backend = instance(&config, &clock, listener, &merchant).await;
        Self { merchant, simulator, backend, http, answers, notifications, clock, wechat, said, config, folder }
    }

    /// Another instance on the same database. Gives it with its address.
    pub(crate) async fn another(&self) -> (Backend, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        (instance(&self.config, &self.clock, listener, &address).await, address)
    }

    /// The backend is stopped, something is done to its database, and another takes its place, at an address of its own.
    pub(crate) async fn restarted(mut self, between: impl FnOnce(&Path)) -> Self {
        self.backend.stop();
        self.backend.store().close().await;
        between(self.folder.path());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        // It is in the place of the one before, and not another beside it.
        let place = std::mem::replace(&mut self.merchant, format!("http://{}", listener.local_addr().unwrap()));
        self.backend = instance(&self.config, &self.clock, listener, &place).await;
        self
    }

    /// Another instance on the same database, which is configured otherwise. Gives its address.
    #[allow(dead_code, reason = "not every binary has use for it")]
    pub(crate) async fn otherwise(&self, change: impl FnOnce(&mut Config)) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let mut config = self.config.clone();
        change(&mut config);
        instance(&config, &self.clock, listener, &address).await;
        address
    }

    /// The shop makes an order. Gives its token.
    pub(crate) async fn order(&self, order_id: &str, methods: &[&str]) -> String {
        self.order_by(ADMIN_KEY, order_id, methods).await
    }

    /// The shop that has this key makes an order. Gives its token.
    pub(crate) async fn order_by(&self, key: &str, order_id: &str, methods: &[&str]) -> String {
        let order = json!({
            "order_id": order_id,
            "amount": { "value": 1999, "currency": "CNY" },
            "description": "乌龙茶 250 g",
            "methods": methods,
        });
        let answer = self.by(key, Method::POST, "/admin/v1/orders", Some(order)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let token = answer.body["token"].as_str().unwrap().to_owned();
        self.said.secret(&token);
        token
    }

    /// A call of the shop's.
    pub(crate) async fn shop(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.by(ADMIN_KEY, method, path, body).await
    }

    /// A call of the shop that has this key.
    pub(crate) async fn by(&self, key: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.http.request(method, format!("{}{path}", self.merchant)).bearer_auth(key);
        send(match body {
            Some(body) => request.body(body.to_string()),
            None => request,
        })
        .await
    }

    /// A page asks for the order.
    pub(crate) async fn ask(&self, order_id: &str, token: &str, query: &str) -> Answer {
        send(self.http.get(format!("{}/api/orders/{order_id}{query}", self.merchant)).bearer_auth(token)).await
    }

    /// A page asks for something to pay by.
    pub(crate) async fn pay(&self, order_id: &str, token: &str, key: &str, body: &Value) -> Answer {
        if let Some(auth_code) = body["auth_code"].as_str() {
            self.said.secret(auth_code);
        }
        let url = format!("{}/api/orders/{order_id}/payments", self.merchant);
        let request = self.http.post(url).bearer_auth(token).header("idempotency-key", key);
        send(request.header("content-type", "application/json").body(body.to_string())).await
    }

    /// A call of the simulator's, for the payer or the test.
    pub(crate) async fn simulated(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.http.request(method, format!("{}{path}", self.simulator));
        send(match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string()),
            None => request,
        })
        .await
    }

    /// Its database, beside the backend.
    pub(crate) async fn database(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("orders.db"));
        SqliteConnection::connect_with(&options.busy_timeout(Duration::from_secs(10))).await.unwrap()
    }

    /// By which name an appid knows the payer of the simulated phone.
    pub(crate) fn openid(&self, appid: &str) -> String {
        self.wechat.openid(appid, "A")
    }

    /// The payer scans a code and pays.
    pub(crate) async fn scan_and_pay(&self, code_url: &str) -> Answer {
        let scanned =
            self.simulated(Method::POST, "/wechat/scan", Some(json!({ "text": code_url, "account": "A" }))).await;
        assert_eq!(scanned.status, 200, "{scanned:?}");
        let pay = json!({ "scan_id": scanned.body["scan_id"], "outcome": "pay" });
        self.simulated(Method::POST, "/wechat/pay", Some(pay)).await
    }

    /// The simulator's line about a number.
    pub(crate) async fn trade(&self, out_trade_no: &str) -> Value {
        let path = format!("/simulator/trades?out_trade_no={out_trade_no}");
        self.simulated(Method::GET, &path, None).await.body["trades"][0].clone()
    }

    /// Turns the time on, on both sides. What becomes due at WeChat Pay is delivered before this ends, and what becomes due
    /// here is done.
    pub(crate) async fn advance(&self, millis: i64) {
        let now = turn(&self.http, &self.simulator, json!({ "advance_ms": millis })).await;
        self.clock.set(now);
    }

    /// Ends once the order has a status. What brings it about is a notification or the work in the background: each
    /// writing of the order is heard of.
    pub(crate) async fn until(&self, order_id: &str, status: &str) {
        let mut news = self.backend.news();
        let wait = async {
            loop {
                let order = self.backend.order(order_id).await.unwrap();
                if order.status(self.backend.clock().now()).word() == status {
                    return;
                }
                // Missed news are news as well.
                let _ = news.recv().await;
            }
        };
        let limit = Duration::from_secs(60);
        assert!(tokio::time::timeout(limit, wait).await.is_ok(), "{order_id} does not become {status}");
    }
}

/// A backend that serves and works.
async fn instance(config: &Config, clock: &Arc<ManualClock>, listener: TcpListener, place: &str) -> Backend {
    let store = open_store(config).await.unwrap();
    let place = place.to_owned();
    let backend = backend(config, store, Arc::<ManualClock>::clone(clock)).unwrap();
    let routes = routes(config, backend.clone()).unwrap().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let (works, meets) = (backend.clone(), backend.clone());
    tokio::spawn(async move { tokio::join!(works.work(), meets.meet_others(&place)) });
    backend
}

/// The shop of most tests, with a key that is good for looking.
fn one_shop() -> String {
    let keys = "[[shop.keys]]\nname = \"bookkeeping\"\nkey_file = \"read.key\"\nscopes = [\"read\"]\n";
    [demo::SHOP, keys].concat()
}

/// A request for a native payment.
pub(crate) fn native() -> Value {
    json!({ "method": "native", "page_url": PAGE })
}

/// Serves routes at a free port.
pub(crate) async fn serve(routes: axum::Router) -> (String, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = routes.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (format!("http://{address}"), address)
}

/// Turns the simulator's clock. Gives its time.
async fn turn(http: &Client, simulator: &str, change: Value) -> Timestamp {
    let request = http.post(format!("{simulator}/simulator/clock")).header("content-type", "application/json");
    let face = send(request.body(change.to_string())).await;
    Timestamp::parse(face.body["now"].as_str().unwrap()).unwrap()
}

async fn get(http: &Client, url: &str) -> Value {
    serde_json::from_slice(&http.get(url).send().await.unwrap().bytes().await.unwrap()).unwrap()
}

/// Sends it. A body that is no JSON is a text.
pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status();
    let content_type = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    let text = response.text().await.unwrap();
    if status.is_client_error() || status.is_server_error() {
        Said::by_this_process().also(&text);
    }
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer { status, content_type: content_type.unwrap_or_default(), body }
}

fn private_key(demo: &Merchant) -> &'static str {
    match demo.is_partner() {
        true => Merchant::DEMO_PARTNER_PRIVATE_KEY,
        false => Merchant::DEMO_PRIVATE_KEY,
    }
}

/// The secret in a file such as `tea.admin.key` or `tea.webhook.secret`.
pub(crate) fn secret(file: &str) -> String {
    match file {
        "admin.key" => ADMIN_KEY.to_owned(),
        "read.key" => READ_KEY.to_owned(),
        "token.key" => TOKEN_KEY.to_owned(),
        "webhook.secret" => WEBHOOK_SECRET.to_owned(),
        file if file.ends_with(".webhook.secret") => {
            let text = format!("{file:*<32}");
            ["whsec_", &BASE64_STANDARD.encode(text)].concat()
        }
        file => format!("{file} of the tests, 0123456789abcdef"),
    }
}

fn toml(merchant: &str, database: &Path, tables: &str) -> String {
    let (database, page) = (database.display(), concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/page"));
    format!(
        r#"
public_url = "{merchant}"
database = "sqlite:{database}"
origins = ["https://shop.example"]
page = "{page}"
{tables}[limits]
admin_requests_per_second = 10000
"#
    )
}

fn read(text: &str, demo: &Merchant, platform: &Value) -> Config {
    let files = |path: &Path| match path.file_name().and_then(|name| name.to_str()).unwrap_or_default() {
        "app.secret" => Ok(demo.app_secret.clone()),
        "apiv3.key" => Ok(demo.apiv3_key.clone()),
        "sub.app.secret" => Ok(demo.sub_merchants[0].app_secret.clone()),
        "key.pem" => Ok(private_key(demo).to_owned()),
        "platform.pem" => Ok(platform["public_key_pem"].as_str().unwrap().to_owned()),
        name if name.ends_with(".key") || name.ends_with(".webhook.secret") || name == "webhook.secret" => {
            Ok(secret(name))
        }
        name => Err(io::Error::new(io::ErrorKind::NotFound, name.to_owned())),
    };
    match Config::read(text, &|_| None, &files) {
        Ok(config) => config,
        Err(faults) => panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}
