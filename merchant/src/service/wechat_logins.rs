//! Who pays inside WeChat, under each appid that has a secret: the merchant's or the service provider's, and those of sub-merchants
//! that have one of their own.

use std::collections::HashMap;

use url::Url;

use super::wechat::NO_LOGIN;
use super::wechat_keys::KeyFault;
use crate::config::{Secret, Shop, WechatPay as Settings};
use crate::wechat_pay::oauth::{OAuth, OAuthSettings};

/// The path that WeChat's login leads back to.
pub(crate) const LOGIN_PATH: &str = "/wechat-pay/login";

/// The end of the address at which WeChat's login begins.
const AUTHORIZE_PATH: &str = "/connect/oauth2/authorize";

/// Logins by their appids.
#[derive(Debug)]
pub(super) struct Logins {
    by_appid: HashMap<String, OAuth>,
    /// Where they lead back to.
    back_url: String,
}

impl Logins {
    /// With what the configuration says.
    pub(super) fn new(settings: &Settings, shops: &[Shop], public_url: &Url) -> Result<Self, KeyFault> {
        let own = settings.app_secret.as_ref().map(|secret| (&settings.appid, secret));
        let of_sub = |shop: &'_ Shop| Some((shop.sub_appid.clone()?, shop.sub_app_secret.clone()?));
        let subs: Vec<(String, Secret)> = shops.iter().filter_map(of_sub).collect();
        let all = own.into_iter().chain(subs.iter().map(|(appid, secret)| (appid, secret)));
        let login = |(appid, secret): (&String, &Secret)| Ok((appid.clone(), oauth(settings, appid, secret)?));
        Ok(Self {
            by_appid: all.map(login).collect::<Result<_, _>>()?,
            back_url: [public_url.as_str().trim_end_matches('/'), LOGIN_PATH].concat(),
        })
    }

    /// Whether payers can log in under it.
    pub(super) fn has(&self, appid: &str) -> bool {
        self.by_appid.contains_key(appid)
    }

    /// Where a payer logs in. None: there is no AppSecret.
    pub(super) fn url(&self, appid: &str, state: &str) -> Option<String> {
        self.by_appid.get(appid).map(|oauth| oauth.authorize_url(&self.back_url, state))
    }

    /// Whose code it is.
    pub(super) async fn openid(&self, appid: &str, code: &str) -> Result<String, String> {
        match self.by_appid.get(appid) {
            Some(oauth) => oauth.openid(code).await.map_err(|error| error.to_string()),
            None => Err(NO_LOGIN.to_owned()),
        }
    }
}

fn oauth(settings: &Settings, appid: &str, secret: &Secret) -> Result<OAuth, KeyFault> {
    let oauth = OAuth::new(OAuthSettings {
        authorize_base: authorize_base(&settings.oauth_authorize_url),
        oauth_base: settings.oauth_base_url.clone(),
        appid: appid.to_owned(),
        secret: secret.expose().to_owned().into(),
        timeout: settings.timeout,
    });
    oauth.map_err(|error| KeyFault { key: "wechat_pay.oauth_base_url", what: error.to_string() })
}

fn authorize_base(url: &Url) -> Url {
    let mut base = url.clone();
    let path = url.path().strip_suffix(AUTHORIZE_PATH).unwrap_or_else(|| url.path()).to_owned();
    base.set_path(&path);
    base
}
