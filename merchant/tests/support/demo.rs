//! A configuration for the simulator's demo merchant.

use serde_json::Value;
use wechat_cashier_simulator::config::Merchant;

/// The appid of the merchant's mini-program, which the simulator's demo merchant has not bound.
pub(crate) const MINI_APPID: &str = "wx51d0a8f36b7e92c4";

/// The one shop.
pub(crate) const SHOP: &str = r#"
[shop]
name = "清叶茶舍"
admin_key_file = "admin.key"
token_key_file = "token.key"
"#;

/// The table `[wechat_pay]`, with more lines of it, against a simulator that has told of itself. Secrets are in files by the names
/// that stand here.
pub(crate) fn wechat_pay(demo: &Merchant, platform: &Value, simulator: &str, more: &str) -> String {
    let Merchant { mchid, appids, serial_no, .. } = demo;
    let (appid, key_id) = (&appids[0], platform["public_key_id"].as_str().unwrap());
    format!(
        r#"
[wechat_pay]
mchid = "{mchid}"
appid = "{appid}"
app_secret_file = "app.secret"
serial_no = "{serial_no}"
private_key_file = "key.pem"
apiv3_key_file = "apiv3.key"
oauth_authorize_url = "{simulator}/open.weixin.qq.com/connect/oauth2/authorize"
oauth_base_url = "{simulator}"
methods = ["native", "jsapi", "h5", "payment_code", "mini_program"]
public_keys = [{{ id = "{key_id}", file = "platform.pem" }}]
{more}
[wechat_pay.payment_code]
store_id = "1001"
[wechat_pay.mini_program]
appid = "{MINI_APPID}"
path = "/pages/pay"
"#
    )
}
