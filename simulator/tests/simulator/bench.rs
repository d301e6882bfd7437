//! A simulator on a port, a merchant who signs, and a place that notifications come to.

use axum::Router;
use axum::http::HeaderMap;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use wechat_cashier::contract::Timestamp;
use wechat_cashier_simulator::config::{Config, Merchant};
use wechat_cashier_simulator::crypto::{PublicKey, SigningKey};
use wechat_cashier_simulator::{Simulator, router};

use crate::inbox::Inbox;

pub(crate) const MCHID: &str = "1900000109";
pub(crate) const APPID: &str = "wx7e0a5b3c19d2f846";
pub(crate) const OTHER_MCHID: &str = "1900000110";

pub(crate) struct Bench {
    pub(crate) base: String,
    pub(crate) notify_url: String,
    pub(crate) http: reqwest::Client,
    key: SigningKey,
    merchant: Merchant,
    platform: Value,
    pub(crate) inbox: Inbox,
}

/// A configuration in which nothing is left to chance.
pub(crate) fn config() -> Config {
    let demo = Merchant::demo();
    let other =
        Merchant { mchid: OTHER_MCHID.to_owned(), appids: vec!["wx0000000000000001".to_owned()], ..demo.clone() };
    Config {
        seed: Some(1),
        sign_tests_percent: 0,
        merchants: vec![demo, other, Merchant::demo_partner()],
        ..Config::default()
    }
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::with(config()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let base = serve(router(Simulator::new(config).unwrap())).await;
        let inbox = Inbox::new();
        let notify_url = format!("{}/notify", serve(inbox.router()).await);
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let platform = http.get(format!("{base}/simulator/platform")).send().await.unwrap();
        let platform = serde_json::from_str(&platform.text().await.unwrap()).unwrap();
        let key = SigningKey::from_pem(include_str!("../../src/keys/demo_merchant.pem")).unwrap();
        Self { base, notify_url, http, key, merchant: Merchant::demo(), platform, inbox }
    }

    /// The same, where the service provider asks.
    pub(crate) fn for_partner(self) -> Self {
        let key = SigningKey::from_pem(Merchant::DEMO_PARTNER_PRIVATE_KEY).unwrap();
        Self { key, merchant: Merchant::demo_partner(), ..self }
    }

    /// A native order, as it should be.
    pub(crate) fn order(&self, out_trade_no: &str) -> Value {
        json!({
            "appid": APPID,
            "mchid": MCHID,
            "description": "一杯茶",
            "out_trade_no": out_trade_no,
            "notify_url": self.notify_url,
            "amount": { "total": 100, "currency": "CNY" },
        })
    }

    /// The simulator's time.
    pub(crate) async fn now(&self) -> Timestamp {
        let face = self.get("/simulator/clock").await;
        Timestamp::parse(face["now"].as_str().unwrap()).unwrap()
    }

    pub(crate) async fn authorization(&self, method: &str, target: &str, body: &str) -> String {
        self.authorization_at(self.now().await.millis() / 1000, method, target, body)
    }

    pub(crate) fn authorization_at(&self, seconds: i64, method: &str, target: &str, body: &str) -> String {
        let nonce = "593BEC0C930BF1AFEB40B4A08C8FB242";
        let signature = self.key.sign(format!("{method}\n{target}\n{seconds}\n{nonce}\n{body}\n").as_bytes());
        let Merchant { mchid, serial_no, .. } = &self.merchant;
        format!(
            r#"WECHATPAY2-SHA256-RSA2048 mchid="{mchid}",nonce_str="{nonce}",timestamp="{seconds}",serial_no="{serial_no}",signature="{signature}""#
        )
    }

    pub(crate) fn pay_sign(&self, message: &str) -> String {
        self.key.sign(message.as_bytes())
    }

    /// A signed request, as it should be. The answer must be signed too.
    pub(crate) async fn call(&self, method: Method, target: &str, body: Option<&Value>) -> Answer {
        let answer = self.try_call(method, target, body, &[]).await.unwrap();
        assert_eq!(self.is_signed(&answer), Ok(()), "{target} {answer:?}");
        answer
    }

    /// The same, with more headers, whatever comes of it.
    pub(crate) async fn try_call(
        &self,
        method: Method,
        target: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Result<Answer, reqwest::Error> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let authorization = self.authorization(method.as_str(), target, &body).await;
        let mut all =
            vec![("authorization", authorization.as_str()), ("user-agent", "test"), ("accept", "application/json")];
        if !body.is_empty() {
            all.push(("content-type", "application/json"));
        }
        all.extend(headers);
        self.send(method, target, &all, body).await
    }

    /// A request of these headers and no others.
    pub(crate) async fn send(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<Answer, reqwest::Error> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            // A later one takes the place of an earlier.
            map.insert(reqwest::header::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        let answer = self.http.request(method, format!("{}{target}", self.base)).headers(map).body(body).send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Answer { status, headers, text: answer.text().await? })
    }

    pub(crate) async fn native(&self, out_trade_no: &str) -> String {
        let order = self.order(out_trade_no);
        let answer = self.call(Method::POST, "/v3/pay/transactions/native", Some(&order)).await;
        answer.json()["code_url"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
    }

    pub(crate) async fn query(&self, out_trade_no: &str) -> Answer {
        self.call(Method::GET, &format!("/v3/pay/transactions/out-trade-no/{out_trade_no}?mchid={MCHID}"), None).await
    }

    pub(crate) async fn state(&self, out_trade_no: &str) -> String {
        self.query(out_trade_no).await.json()["trade_state"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn close(&self, out_trade_no: &str) -> Answer {
        let target = format!("/v3/pay/transactions/out-trade-no/{out_trade_no}/close");
        self.call(Method::POST, &target, Some(&json!({ "mchid": MCHID }))).await
    }

    /// A plain call of the phone's or of a test's.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.http.get(format!("{}{path}", self.base)).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.plain(Method::POST, path, body).await
    }

    pub(crate) async fn plain(&self, method: Method, path: &str, body: Value) -> Value {
        let request = self.http.request(method, format!("{}{path}", self.base));
        let answer = request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap();
        let text = answer.text().await.unwrap();
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path}: {text}"))
    }

    pub(crate) async fn faults(&self, faults: Value) {
        let set = self.plain(Method::PUT, "/simulator/faults", faults.clone()).await;
        assert_eq!(set["faults"].as_array().unwrap().len(), faults.as_array().unwrap().len(), "{set}");
    }

    pub(crate) async fn advance(&self, ms: i64) {
        self.post("/simulator/clock", json!({ "advance_ms": ms })).await;
    }

    /// Pays at once, and waits until what follows from it is done.
    pub(crate) async fn pay(&self, out_trade_no: &str) {
        assert_eq!(self.post("/simulator/pay", json!({ "out_trade_no": out_trade_no })).await["gloss"], "Paid.");
        self.advance(0).await;
    }

    pub(crate) async fn trade(&self, out_trade_no: &str) -> Value {
        self.get(&format!("/simulator/trades?out_trade_no={out_trade_no}")).await["trades"][0].clone()
    }

    /// Why the platform's signature over this does not hold, if it does not.
    pub(crate) fn is_signed(&self, answer: &Answer) -> Result<(), &'static str> {
        self.holds(&answer.headers, &answer.text)
    }

    pub(crate) fn holds(&self, headers: &HeaderMap, body: &str) -> Result<(), &'static str> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).ok_or("unsigned");
        let key = self.key_of(header("wechatpay-serial")?).ok_or("unknown serial")?;
        let message = format!("{}\n{}\n{body}\n", header("wechatpay-timestamp")?, header("wechatpay-nonce")?);
        if key.verifies(message.as_bytes(), header("wechatpay-signature")?) { Ok(()) } else { Err("bad signature") }
    }

    fn key_of(&self, serial: &str) -> Option<PublicKey> {
        if self.platform["public_key_id"] == serial {
            return PublicKey::from_pem(self.platform["public_key_pem"].as_str()?);
        }
        // The key under the certificate is at hand, which saves reading X.509 here: the foreign clients do.
        let key = SigningKey::from_pem(include_str!("../../src/keys/demo_platform_certificate.pem"))?;
        (self.platform["certificate_serial_no"] == serial).then(|| PublicKey::from_pem(key.public_pem()))?
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// The internal number, if there is a `Request-ID`.
    pub(crate) fn number(&self) -> Option<u32> {
        self.headers.get("request-id")?.to_str().ok()?.rsplit('-').next()?.parse().ok()
    }

    /// Status, code and internal number of an error.
    pub(crate) fn error(&self) -> (u16, String, Option<u32>) {
        (self.status, self.json()["code"].as_str().unwrap_or_default().to_owned(), self.number())
    }
}

async fn serve(app: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, app).into_future());
    format!("http://{address}")
}
