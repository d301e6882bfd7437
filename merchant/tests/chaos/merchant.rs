//! The backend's process: configured, started, killed, started again on the same database and port.

use std::fs::{self, File, OpenOptions};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tokio::process::{Child, Command};
use wechat_cashier_simulator::config::Merchant as Account;

use crate::book::now;
use crate::demo;
use crate::said::Said;
use crate::shop::{ADMIN_KEY, Shop, send};
use crate::told;

const TOKEN_KEY: &str = "token-key-of-the-tests-0123456789abcdef";
const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";

const CONFIG: &str = "chaos.toml";

/// Below those that the system gives to connections of its own: while the backend is dead nobody else gets its port.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// How long a new process may take to its first answer.
const STARTS_WITHIN: Duration = Duration::from_secs(30);

/// The backend.
#[derive(Debug)]
pub(crate) struct Merchant {
    /// Where this process is, past any balancer.
    pub(crate) base: String,
    program: PathBuf,
    folder: PathBuf,
    child: Child,
    pub(crate) lives: Vec<Life>,
}

/// One process of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    /// When it was started, and when it first answered a page.
    pub(crate) started_at: i64,
    pub(crate) answered_at: i64,
}

/// A port that is free.
fn free_port() -> u16 {
    std::iter::repeat_with(|| fastrand::u16(PORTS))
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .unwrap()
}

impl Merchant {
    /// Writes the configuration into `folder`, which is made, and starts it. `public_url` is where pages and WeChat Pay find it,
    /// `webhooks_url` where it finds the shop.
    pub(crate) fn new(
        folder: &Path,
        (public_url, webhooks_url): (&str, &str),
        database: &str,
        simulator: &str,
        platform: &Value,
    ) -> Self {
        fs::create_dir_all(folder).unwrap();
        let port = free_port();
        let account = Account::demo();
        let text = |name: &str| platform[name].as_str().unwrap().to_owned();
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
        for secret in [ADMIN_KEY, TOKEN_KEY, APP_SECRET, told::SECRET] {
            Said::by_this_process().secret(secret);
        }
        write("admin.key", ADMIN_KEY);
        write("token.key", TOKEN_KEY);
        write("app.secret", APP_SECRET);
        write("webhook.secret", told::SECRET);
        write("apiv3.key", &account.apiv3_key);
        write("key.pem", Account::DEMO_PRIVATE_KEY);
        write("platform.pem", &text("public_key_pem"));
        let wechat_pay = demo::wechat_pay(&account, platform, simulator, &format!("base_url = \"{simulator}\""));
        let tables = [demo::SHOP, &wechat_pay].concat();
        let config = format!(
            r#"
listen = "127.0.0.1:{port}"
public_url = "{public_url}"
database = "{database}"
origins = ["https://shop.example"]
{tables}
[limits]
admin_requests_per_second = 10000
drain_s = 1
[webhooks]
url = "{webhooks_url}"
secret_file = "webhook.secret"
"#
        );
        write(CONFIG, &config);
        // A copy: another build may put another program in its place while this runs. Under another name, so that who ends
        // backends by their name does not end this one.
        let program = folder.join("chaos-victim");
        fs::copy(env!("CARGO_BIN_EXE_wechat-cashier-merchant"), &program).unwrap();
        let child = start(&program, folder);
        Self { base: format!("http://127.0.0.1:{port}"), program, folder: folder.to_owned(), child, lives: Vec::new() }
    }

    /// Waits until it answers a page.
    pub(crate) async fn answers(&mut self, shop: &Shop, (order_id, token): (&str, &str), started_at: i64) {
        let asked = async {
            let url = format!("{}/api/orders/{order_id}", self.base);
            while send(shop.http.get(&url).bearer_auth(token)).await.is_none_or(|said| said.status != 200) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        match tokio::time::timeout(STARTS_WITHIN, asked).await {
            Ok(()) => self.lives.push(Life { started_at, answered_at: now() }),
            Err(_) => shop.book.wrong(format!("the backend does not answer {STARTS_WITHIN:?} after its start")),
        }
    }

    /// Waits until it listens.
    pub(crate) async fn listens(&self, shop: &Shop) {
        let health = format!("{}/health", self.base);
        let asked = async {
            while send(shop.http.get(&health)).await.is_none_or(|said| said.status != 200) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(tokio::time::timeout(STARTS_WITHIN, asked).await.is_ok(), "it does not start: {}", self.log());
    }

    /// SIGKILL, and a new process at once. Gives when that was started.
    pub(crate) async fn kill(&mut self) -> i64 {
        self.child.kill().await.unwrap();
        self.child = start(&self.program, &self.folder);
        now()
    }

    /// SIGTERM, and until it has ended. Gives how.
    pub(crate) async fn stop(&mut self) -> String {
        let id = self.child.id().unwrap().to_string();
        Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
        self.child.wait().await.unwrap().to_string()
    }

    /// How it ended, if it did so by itself.
    pub(crate) fn has_ended(&mut self) -> Option<String> {
        self.child.try_wait().unwrap().map(|status| status.to_string())
    }

    /// Ends it.
    pub(crate) async fn end(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// What all of its processes wrote.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

fn start(program: &Path, folder: &Path) -> Child {
    let log: File = OpenOptions::new().create(true).append(true).open(folder.join("log")).unwrap();
    let mut command = Command::new(program);
    command.arg("--config").arg(folder.join(CONFIG)).kill_on_drop(true);
    command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap()
}
