//! The configuration: one TOML file, environment variables that override any of its keys, and files with secrets.
//!
//! Every fault is named by its key, with what was expected and what came, all of them at once; a key that nobody knows is a fault
//! too. Keys and passwords never stand in the file itself.

mod database;
mod describe;
mod fault;
mod given;
mod load;
mod log;
mod methods;
mod names;
mod nearest;
mod network;
mod public_keys;
mod reader;
mod reconciliation;
mod rules;
mod secret;
mod secrets;
mod shop;
mod shop_keys;
mod shops;
mod sub_merchant;
mod telemetry;
mod traces;
mod tree;
mod webhooks;
mod wechat_pay;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

pub use database::Database;
pub use fault::Fault;
pub use log::{Format, Log};
pub use methods::{H5, MiniProgram, PaymentCode};
pub use names::variable;
pub use network::{Network, NoNetwork};
pub use public_keys::PublicKey;
pub use reader::{Environment, Files};
pub use reconciliation::Reconciliation;
pub use rules::is_loopback;
pub use secret::Secret;
pub use shop::{ReturnUrl, Shop};
pub use shop_keys::{Scope, ShopKey};
pub use telemetry::Telemetry;
pub use traces::Traces;
pub use webhooks::Webhooks;
pub use wechat_pay::{Mode, WechatPay};

use reader::Reader;
use rules::{is_made, origin};

/// All that the backend is told before it starts.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where metrics are served. None: nowhere.
    pub metrics_listen: Option<SocketAddr>,
    /// Its own address, as browsers and WeChat Pay reach it: an origin.
    pub public_url: Url,
    /// What the paths of the contract begin with: `/api`.
    pub api_prefix: String,
    /// The machines in front of it whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Where orders are kept.
    pub database: Database,
    /// The origins of the pages that may call it, besides its own: `https://shop.example`.
    pub origins: Vec<String>,
    /// The folder of the hosted page, as `cargo xtask dist` writes it. None: the shop has pages of its own.
    pub page: Option<PathBuf>,
    /// How logs are written.
    pub log: Log,
    /// The shops, one at least.
    pub shops: Vec<Shop>,
    /// The merchant at WeChat Pay.
    pub wechat_pay: WechatPay,
    /// What it bears.
    pub limits: Limits,
    /// When each day is compared with WeChat Pay's bill.
    pub reconciliation: Reconciliation,
    /// How payers fare.
    pub telemetry: Telemetry,
    /// Where traces go. None: there are none.
    pub traces: Option<Traces>,
}

/// What the backend bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many streams of events may be open at a time. Pages that find none free poll instead.
    pub event_streams: usize,
    /// How many requests a second each key of the shop's may make.
    pub admin_requests_per_second: u32,
    /// For how long it goes on after it was asked to stop, while `/ready` says that it is not.
    pub drain: Duration,
}

/// First parts of paths that are not the contract's.
const TAKEN: [&str; 6] = ["admin", "cashier", "console", "wechat-pay", "health", "ready"];

impl Config {
    /// Reads a configuration out of the text of its file, the environment, and the files that it names.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(text: &str, environment: &Environment<'_>, files: &Files<'_>) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::new(text, environment, files)?;
        let config = Self::take(&mut reader);
        reader.unknown_keys();
        match config {
            Some(config) if reader.faults.is_empty() => Ok(config),
            _ => Err(reader.faults),
        }
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        let at = "an address and a port, such as 127.0.0.1:8080";
        let listen = reader.or("listen", at, "127.0.0.1:8080", |given| given.text()?.parse().ok());
        let metrics_listen = reader.optional("metrics_listen", at, |given| given.text()?.parse().ok());
        let own = "the backend's own origin: https:// (http:// for this machine alone) and a host, with no path";
        let public_url = reader.required("public_url", own, |given| origin(given.text()?));
        let prefix = "a path such as /api: a stroke before each part and none at the end";
        let api_prefix = reader.or("api_prefix", prefix, "/api", |given| given.text().and_then(path_prefix));
        if let Some(first) = api_prefix.as_deref().and_then(|it| it.split('/').nth(1)).filter(|it| TAKEN.contains(it)) {
            reader.fault("api_prefix", "another path than the backend's own", format!("/{first}"));
        }
        let networks = "an IP address or a network, such as 10.0.0.0/8";
        let trusted_proxies = reader.list("trusted_proxies", networks, |text| text.parse().ok());
        let database = Database::read(reader);
        let page = "the origin of a page, such as https://shop.example";
        let origins = reader.list("origins", page, |text| origin(text).map(|url| url.origin().ascii_serialization()));
        let folder = "a folder with the hosted page, as `cargo xtask dist` writes it";
        let page = reader.optional("page", folder, |given| given.text().filter(|it| !it.is_empty()).map(PathBuf::from));
        let log = Log::read(reader);
        let wechat_pay = WechatPay::read(reader, public_url.as_ref());
        let shops = Shop::read_all(reader, wechat_pay.as_ref());
        let reconciliation = Reconciliation::read(reader);
        let telemetry = Telemetry::read(reader);
        let traces = Traces::read(reader);
        let streams = "a number from 1 to 1000000";
        let event_streams = reader.or("limits.event_streams", streams, 10_000, |given| {
            given.number().filter(|it| (1..=1_000_000).contains(it)).and_then(|it| usize::try_from(it).ok())
        });
        let pace = "a number of requests a second, from 1 to 100000";
        let admin_requests_per_second = reader.or("limits.admin_requests_per_second", pace, 100, |given| {
            given.number().filter(|it| (1..=100_000).contains(it)).and_then(|it| u32::try_from(it).ok())
        });
        let drain = reader.or("limits.drain_s", "a number of seconds, from 0 to 300", 0, |given| {
            given.number().filter(|seconds| (0..=300).contains(seconds)).map(Duration::from_secs)
        });
        Some(Self {
            listen: listen?,
            metrics_listen,
            public_url: public_url?,
            api_prefix: api_prefix?,
            trusted_proxies: trusted_proxies.unwrap_or_else(loopback),
            database: database?,
            origins: origins.unwrap_or_default(),
            page,
            log: log?,
            shops: shops?,
            wechat_pay: wechat_pay?,
            reconciliation: reconciliation?,
            telemetry: telemetry?,
            traces,
            limits: Limits {
                event_streams: event_streams?,
                admin_requests_per_second: admin_requests_per_second?,
                drain: drain?,
            },
        })
    }
}

/// Both forms of this machine: a server in front of the backend runs there as a rule.
fn loopback() -> Vec<Network> {
    ["127.0.0.1", "::1"].into_iter().filter_map(|it| it.parse().ok()).collect()
}

fn path_prefix(text: &str) -> Option<String> {
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let parts = text.strip_prefix('/')?.split('/');
    let mut parts = parts.map(|part| is_made(part, 1..=64, sign) && part != "." && part != "..");
    parts.all(|fits| fits).then(|| text.to_owned())
}
