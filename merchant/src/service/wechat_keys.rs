//! A merchant's keys, out of the configuration.

use std::fmt;
use std::sync::Arc;

use url::Url;

use crate::clock::Clock;
use crate::config::{self, WechatPay as Settings};
use crate::wechat_pay::{Account, Client, PlatformKeys};

/// WeChat Pay's host, and the one that is asked when no connection to it comes about
/// (<https://pay.weixin.qq.com/docs/merchant/apis/code-payment-v3/direct/reverse.html>).
const HOST: &str = "api.mch.weixin.qq.com";
const SECOND_URL: &str = "https://api2.mch.weixin.qq.com";

/// What is wrong with the keys or addresses, named by the configuration's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFault {
    /// The key of the configuration.
    pub key: &'static str,
    /// What is wrong. It holds no secret.
    pub what: String,
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.what)
    }
}

impl std::error::Error for KeyFault {}

/// A client with what the configuration says.
///
/// # Errors
/// The first key that is none.
pub(crate) fn client_of(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Client, KeyFault> {
    let fault = |key: &'static str, what: &dyn fmt::Display| KeyFault { key, what: what.to_string() };
    let config::WechatPay { mchid, serial_no, private_key, apiv3_key, .. } = settings;
    let account = Account::new(mchid, serial_no, private_key.expose(), apiv3_key.expose())
        .map_err(|error| fault("wechat_pay.private_key_file", &error))?;
    let mut platform_keys = PlatformKeys::default();
    for key in &settings.public_keys {
        platform_keys = platform_keys
            .with_public_key(&key.id, &key.pem)
            .map_err(|error| fault("wechat_pay.public_keys", &format!("{}: {error}", key.id)))?;
    }
    let settings = crate::wechat_pay::Settings {
        base_url: settings.base_url.clone(),
        second_url: (settings.base_url.host_str() == Some(HOST)).then(|| Url::parse(SECOND_URL).ok()).flatten(),
        account,
        platform_keys,
        timeout: settings.timeout,
        use_certificates: settings.certificates,
    };
    Client::new(settings, clock).map_err(|error| fault("wechat_pay.base_url", &error))
}
