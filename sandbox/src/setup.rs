//! Who is who: the merchant's configuration and the platform's, made for each other and for the address that both listen on.

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use wechat_cashier_merchant::config::Config;
use wechat_cashier_simulator::config::Merchant;

/// The appid of the merchant's mini-program.
pub(crate) const MINI_APPID: &str = "wx51d0a8f36b7e92c4";
/// The path of its page that pays.
pub(crate) const MINI_PATH: &str = "/pages/pay";
/// The shop, as payers know it.
pub(crate) const MERCHANT_NAME: &str = "清叶茶舍 Tea House";

/// The name of the key that may only look.
pub(crate) const LOOKS: &str = "look";

/// Where the shop is told of its orders.
pub(crate) const WEBHOOKS_PATH: &str = "/shop/webhooks";

const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";

/// The platform, which knows one merchant.
pub(crate) fn platform(address: SocketAddr) -> wechat_cashier_simulator::Config {
    let port = address.port();
    let domains = || Some(["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}")).to_vec());
    let demo = Merchant::demo();
    let merchant = Merchant {
        appids: vec![demo.appids[0].clone(), MINI_APPID.to_owned()],
        // The merchant verifies by the public key alone.
        public_key_percent: 100,
        h5_domains: domains(),
        oauth_domains: domains(),
        app_secret: APP_SECRET.to_owned(),
        ..demo
    };
    wechat_cashier_simulator::Config {
        // The teas' currencies: the mainland's API takes renminbi only.
        currencies: ["CNY", "JPY", "KWD"].map(str::to_owned).to_vec(),
        sign_tests_percent: 0,
        // Who looks on waits for nothing.
        refund_after_s: 0,
        merchants: vec![merchant],
        ..wechat_cashier_simulator::Config::default()
    }
}

/// What the shop and its own backend know each other by.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) admin: String,
    /// One that may only look.
    pub(crate) look: String,
    pub(crate) token: String,
    /// What the shop is told is signed with.
    pub(crate) webhook: String,
}

impl Keys {
    /// New ones.
    pub(crate) fn new() -> Self {
        // 48 letters and digits are base64 of 36 bytes as well.
        let random = || std::iter::repeat_with(fastrand::alphanumeric).take(48).collect::<String>();
        Self { admin: random(), look: random(), token: random(), webhook: ["whsec_", &random()].concat() }
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(***)")
    }
}

/// The merchant's backend, which calls the platform at the same address.
///
/// # Errors
/// What the configuration finds wrong with itself.
pub(crate) fn merchant(
    address: SocketAddr,
    database: &Path,
    keys: &Keys,
    public_key: (&str, &str),
) -> Result<Config, String> {
    let demo = &platform(address).merchants[0];
    let files = |path: &Path| match path.to_str().unwrap_or_default() {
        "admin.key" => Ok(keys.admin.clone()),
        "look.key" => Ok(keys.look.clone()),
        "token.key" => Ok(keys.token.clone()),
        "webhook.secret" => Ok(keys.webhook.clone()),
        "app.secret" => Ok(APP_SECRET.to_owned()),
        "apiv3.key" => Ok(demo.apiv3_key.clone()),
        "key.pem" => Ok(Merchant::DEMO_PRIVATE_KEY.to_owned()),
        "platform.pem" => Ok(public_key.1.to_owned()),
        name => Err(io::Error::new(io::ErrorKind::NotFound, name.to_owned())),
    };
    let (mchid, appid, serial_no) = (&demo.mchid, &demo.appids[0], &demo.serial_no);
    let (database, key_id) = (database.display(), public_key.0);
    let text = format!(
        r#"
public_url = "http://{address}"
database = '''sqlite:{database}'''
[shop]
name = "{MERCHANT_NAME}"
logo_url = "/assets/logo.svg"
admin_key_file = "admin.key"
token_key_file = "token.key"
return_url = "/shop/orders/{{order_id}}"
[wechat_pay]
mchid = "{mchid}"
appid = "{appid}"
app_secret_file = "app.secret"
serial_no = "{serial_no}"
private_key_file = "key.pem"
apiv3_key_file = "apiv3.key"
base_url = "http://{address}"
oauth_authorize_url = "http://{address}/open.weixin.qq.com/connect/oauth2/authorize"
oauth_base_url = "http://{address}"
methods = ["native", "jsapi", "h5", "payment_code", "mini_program"]
public_keys = [{{ id = "{key_id}", file = "platform.pem" }}]
currencies = ["CNY", "JPY", "KWD"]
queries_per_second = 600
[wechat_pay.payment_code]
store_id = "1001"
[wechat_pay.mini_program]
appid = "{MINI_APPID}"
path = "{MINI_PATH}"
[webhooks]
url = "http://{address}{WEBHOOKS_PATH}"
secret_file = "webhook.secret"
[limits]
admin_requests_per_second = 10000
[[shop.keys]]
name = "{LOOKS}"
key_file = "look.key"
scopes = ["read"]
"#
    );
    let mut config = Config::read(&text, &|_| None, &files)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    // Any static server and any example may have the page. No money is at stake.
    config.origins = vec!["*".to_owned()];
    Ok(config)
}
