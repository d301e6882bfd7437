//! `--check` against the simulated WeChat Pay: each mistake is named in one line.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

#[path = "support/said.rs"]
mod said;
#[path = "support/secret.rs"]
mod secret;

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;
use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::check;
use wechat_cashier_merchant::clock::{Clock, ManualClock, SystemClock};
use wechat_cashier_merchant::config::Config;
use wechat_cashier_simulator::Simulator;
use wechat_cashier_simulator::config::{Config as Simulated, Merchant, VerifiesBy};

use said::Said;
use secret::form_of;

const PRIVATE_KEY: &str = include_str!("../../simulator/src/keys/demo_merchant.pem");
/// Another key (of wechatpay-go's tests, which call it otherwise so that nobody takes it for a secret).
const OTHER_KEY: &str = include_str!("data/wechat_pay/go_testing_key.pem");
const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";

/// What the merchant has, right where nothing is changed.
struct Setup {
    mchid: String,
    appid: String,
    serial_no: String,
    private_key: String,
    apiv3_key: String,
    app_secret: String,
    public_key_id: String,
    public_key: String,
    certificates: bool,
    base_url: String,
    oauth_base_url: String,
    mode: &'static str,
    /// More lines of the shop's.
    shop: String,
}

/// A simulator at a port of its own, and the setup that fits it.
async fn platform(verifies_by: VerifiesBy) -> Setup {
    platform_of(verifies_by, Simulated::default().merchants).await
}

/// The same for a service provider with a shop that is this sub-merchant.
async fn provider(sub_mchid: &str) -> Setup {
    let setup = platform_of(VerifiesBy::Both, vec![Merchant::demo_partner()]).await;
    let (private_key, shop) = (Merchant::DEMO_PARTNER_PRIVATE_KEY.to_owned(), format!("sub_mchid = \"{sub_mchid}\""));
    Setup { private_key, mode: "partner", shop, ..setup }
}

async fn platform_of(verifies_by: VerifiesBy, merchants: Vec<Merchant>) -> Setup {
    let mut config = Simulated { sign_tests_percent: 0, merchants, ..Simulated::default() };
    config.merchants[0].app_secret = APP_SECRET.to_owned();
    config.merchants[0].verifies_by = verifies_by;
    let Merchant { mchid, appids, serial_no, apiv3_key, .. } = config.merchants[0].clone();
    let simulator = Simulator::new(config).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let routes = wechat_cashier_simulator::router(simulator).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let platform = http.get(format!("{base_url}/simulator/platform")).send().await.unwrap().bytes().await.unwrap();
    let platform: serde_json::Value = serde_json::from_slice(&platform).unwrap();
    let text = |name: &str| platform[name].as_str().unwrap().to_owned();
    Setup {
        mchid,
        appid: appids[0].clone(),
        serial_no,
        private_key: PRIVATE_KEY.to_owned(),
        apiv3_key,
        app_secret: APP_SECRET.to_owned(),
        public_key_id: text("public_key_id"),
        public_key: text("public_key_pem"),
        certificates: false,
        oauth_base_url: format!("{base_url}/api.weixin.qq.com"),
        base_url,
        mode: "direct",
        shop: String::new(),
    }
}

impl Setup {
    fn config(&self) -> Config {
        let Self { mchid, appid, serial_no, public_key_id, certificates, base_url, oauth_base_url, mode, shop, .. } =
            self;
        let keys = match public_key_id.as_str() {
            "" => String::new(),
            id => format!("public_keys = [{{ id = \"{id}\", file = \"public\" }}]"),
        };
        let text = format!(
            "public_url = \"http://127.0.0.1:1\"\ndatabase = \"sqlite:orders.db\"\n\
             [shop]\nname = \"Tea House\"\nadmin_key_file = \"admin\"\ntoken_key_file = \"token\"\n{shop}\n\
             [wechat_pay]\nmode = \"{mode}\"\nmchid = \"{mchid}\"\nappid = \"{appid}\"\nserial_no = \"{serial_no}\"\n\
             private_key_file = \"private\"\napiv3_key_file = \"apiv3\"\napp_secret_file = \"secret\"\n\
             base_url = \"{base_url}\"\noauth_base_url = \"{oauth_base_url}\"\ncertificates = {certificates}\n{keys}\n"
        );
        let files = |path: &Path| match path.to_str().unwrap_or_default() {
            "admin" => Ok("a".repeat(32)),
            "token" => Ok("b".repeat(32)),
            "private" => Ok(self.private_key.clone()),
            "apiv3" => Ok(self.apiv3_key.clone()),
            "secret" => Ok(self.app_secret.clone()),
            "public" => Ok(self.public_key.clone()),
            _ => Err(io::ErrorKind::NotFound.into()),
        };
        Config::read(&text, &|_| None, &files).unwrap()
    }

    /// The lines of a check with an order. In none of them stands a secret.
    async fn lines(&self, clock: Arc<dyn Clock>, with_order: bool) -> (bool, Vec<String>) {
        let said = Said::by_this_process();
        let mut lines = Vec::new();
        let all_well = check(&self.config(), clock, with_order, |line| lines.push(line.to_string())).await;
        for secret in [&self.private_key, &self.apiv3_key, &self.app_secret] {
            said.secret(secret);
        }
        for line in &lines {
            said.also(line);
            assert!(!line.contains('\n'), "{line}");
            for secret in [&self.private_key, &self.apiv3_key, &self.app_secret] {
                assert_eq!(form_of(secret.trim(), line), None);
            }
        }
        (all_well, lines)
    }

    /// What fails, with the machine's clock and an order.
    async fn failed(&self) -> Vec<String> {
        let (all_well, lines) = self.lines(Arc::new(SystemClock), true).await;
        let failed: Vec<_> = lines.into_iter().filter(|line| line.starts_with("FAILED")).collect();
        assert_eq!(all_well, failed.is_empty());
        failed
    }

    /// The one thing that fails begins with these words.
    async fn fails_by(&self, begin: &str) {
        let failed = self.failed().await;
        assert!(failed.len() == 1 && failed[0].starts_with(&["FAILED  ", begin].concat()), "{failed:#?}");
    }
}

#[tokio::test]
async fn what_works_is_said_line_by_line() {
    let setup = platform(VerifiesBy::Both).await;
    let (all_well, lines) = setup.lines(Arc::new(SystemClock), true).await;
    assert!(all_well, "{lines:#?}");
    let about: Vec<_> = lines.iter().map(|line| line.split(':').next().unwrap()).collect();
    let all = ["notify_url", "network", "clock", "keys", "signature", "apiv3_key", "appid", "app_secret"];
    assert_eq!(about, all.map(|it| format!("ok      {it}")));
    let trades = reqwest::get(format!("{}/simulator/trades", setup.base_url)).await.unwrap().text().await.unwrap();
    assert!(trades.contains("CHECK") && trades.contains("CLOSED") && !trades.contains("NOTPAY"), "{trades}");
}

#[tokio::test]
async fn without_a_demand_nothing_is_made() {
    let setup = platform(VerifiesBy::Both).await;
    let (all_well, lines) = setup.lines(Arc::new(SystemClock), false).await;
    assert!(all_well, "{lines:#?}");
    assert!(lines.iter().any(|line| line.starts_with("unknown appid: ")), "{lines:#?}");
    let trades = reqwest::get(format!("{}/simulator/trades", setup.base_url)).await.unwrap().text().await.unwrap();
    assert!(!trades.contains("CHECK"), "{trades}");
}

#[tokio::test]
async fn a_wrong_serial_number_is_named() {
    let mut setup = platform(VerifiesBy::Both).await;
    setup.serial_no = "0123456789ABCDEF0123456789ABCDEF01234567".to_owned();
    setup.fails_by("signature: wechat_pay.serial_no: ").await;
}

#[tokio::test]
async fn a_wrong_private_key_is_named() {
    let mut setup = platform(VerifiesBy::Both).await;
    setup.private_key = OTHER_KEY.replace("TESTING KEY", "PRIVATE KEY");
    setup.fails_by("signature: wechat_pay.private_key_file: ").await;
    setup.private_key =
        "-----BEGIN PRIVATE KEY-----\nMIIEvgIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----".to_owned();
    setup.fails_by("keys: wechat_pay.private_key_file: ").await;
}

#[tokio::test]
async fn a_wrong_apiv3_key_is_named() {
    let mut setup = platform(VerifiesBy::Both).await;
    setup.apiv3_key = "another-apiv3-key-of-32-letters!".to_owned();
    setup.fails_by("apiv3_key: wechat_pay.apiv3_key_file: ").await;
    let mut setup = platform(VerifiesBy::Certificate).await;
    (setup.certificates, setup.public_key_id) = (true, String::new());
    assert_eq!(setup.failed().await, [""; 0]);
    setup.apiv3_key = "another-apiv3-key-of-32-letters!".to_owned();
    setup.fails_by("signature: wechat_pay.apiv3_key_file: ").await;
}

#[tokio::test]
async fn a_wrong_appid_is_named() {
    let mut setup = platform(VerifiesBy::Both).await;
    setup.appid = "wx0123456789abcdef".to_owned();
    let failed = setup.failed().await;
    assert_eq!(failed.len(), 2, "WeChat Pay and WeChat's login each know it: {failed:#?}");
    assert!(failed[0].starts_with("FAILED  appid: wechat_pay.appid: "), "{failed:#?}");
    assert!(failed[1].starts_with("FAILED  app_secret: wechat_pay.appid: "), "{failed:#?}");
}

#[tokio::test]
async fn a_wrong_app_secret_is_named() {
    let mut setup = platform(VerifiesBy::Both).await;
    setup.app_secret = "f".repeat(32);
    setup.fails_by("app_secret: wechat_pay.app_secret_file: ").await;
}

#[tokio::test]
async fn a_clock_that_is_off_by_ten_minutes_is_named() {
    let setup = platform(VerifiesBy::Both).await;
    for (off, way) in [(600_000, "ahead"), (-600_000, "behind")] {
        let clock = ManualClock::at(Timestamp::from_millis(SystemClock.now().millis() + off));
        let (_, lines) = setup.lines(Arc::new(clock), true).await;
        let failed: Vec<_> = lines.iter().filter(|line| line.starts_with("FAILED")).collect();
        assert_eq!(failed.len(), 1, "{lines:#?}");
        assert!(
            failed[0].starts_with("FAILED  clock: this machine's clock is ") && failed[0].contains(way),
            "{failed:?}"
        );
    }
}

#[tokio::test]
async fn no_network_is_named() {
    let mut setup = platform(VerifiesBy::Both).await;
    // Nobody listens at a port that was just given back.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    setup.base_url = format!("http://{free}");
    setup.fails_by("network: http://127.0.0.1:").await;
}

#[tokio::test]
async fn a_wrong_public_key_is_named() {
    let mut setup = platform(VerifiesBy::Both).await;
    let id = std::mem::replace(&mut setup.public_key_id, "PUB_KEY_ID_0999".to_owned());
    setup.fails_by("signature: wechat_pay.public_keys: WeChat Pay signs with ").await;
    setup.public_key_id = id;
    setup.public_key = include_str!("../../simulator/src/keys/demo_merchant_public.pem").to_owned();
    setup.fails_by("signature: wechat_pay.public_keys: the file is not the public key of its id").await;
}

#[tokio::test]
async fn a_merchant_without_certificates_is_told_what_cannot_be_known() {
    let mut setup = platform(VerifiesBy::PublicKey).await;
    let (all_well, lines) = setup.lines(Arc::new(SystemClock), true).await;
    assert!(all_well, "{lines:#?}");
    assert!(
        lines.iter().any(|line| line.starts_with("unknown apiv3_key: this merchant has no certificates")),
        "{lines:#?}"
    );
    (setup.certificates, setup.public_key_id) = (true, String::new());
    setup.fails_by("signature: wechat_pay.certificates: this merchant has none").await;
}

#[tokio::test]
async fn a_service_providers_sub_merchant_is_asked_about() {
    let setup = provider("1900000312").await;
    let (all_well, lines) = setup.lines(Arc::new(SystemClock), true).await;
    assert!(all_well, "{lines:#?}");
    let known = "ok      sub_mchid: shop.sub_mchid: 1900000312 is a sub-merchant of wechat_pay.mchid";
    assert!(lines.iter().any(|line| line == known), "{lines:#?}");
    assert!(lines.iter().any(|line| line.starts_with("ok      appid: ")), "{lines:#?}");
}

#[tokio::test]
async fn a_sub_merchant_without_a_relation_is_named() {
    let setup = provider("1900000399").await;
    let (all_well, lines) = setup.lines(Arc::new(SystemClock), false).await;
    let failed: Vec<_> = lines.iter().filter(|line| line.starts_with("FAILED")).collect();
    let named = "FAILED  sub_mchid: shop.sub_mchid: 1900000399 is no sub-merchant of wechat_pay.mchid";
    assert!(!all_well && failed.len() == 1 && failed[0].starts_with(named), "{lines:#?}");
}

#[tokio::test]
async fn a_merchant_that_is_no_service_provider_is_told_so() {
    let setup = platform(VerifiesBy::Both).await;
    let setup = Setup { mode: "partner", shop: "sub_mchid = \"1900000312\"".to_owned(), ..setup };
    let (all_well, lines) = setup.lines(Arc::new(SystemClock), false).await;
    let failed: Vec<_> = lines.iter().filter(|line| line.starts_with("FAILED")).collect();
    assert!(
        !all_well && failed.len() == 1 && failed[0].starts_with("FAILED  sub_mchid: wechat_pay.mode: "),
        "{lines:#?}"
    );
}
