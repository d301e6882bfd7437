//! A payer's openid, by the web page authorization of WeChat
//! (<https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html>).

use std::fmt;
use std::time::Duration;

use axum::http::Method;
use serde::Deserialize;
use tracing::Instrument;
use url::Url;
use zeroize::Zeroizing;

use super::client::SettingsFault;
use super::error::Error;
use super::http;
use crate::traces;

/// What an OAuth client is made of.
pub struct OAuthSettings {
    /// Where payers go: `https://open.weixin.qq.com`.
    pub authorize_base: Url,
    /// Where codes are exchanged: `https://api.weixin.qq.com`.
    pub oauth_base: Url,
    /// The official account's appid, the one that orders are made with.
    pub appid: String,
    /// Its AppSecret.
    pub secret: Zeroizing<String>,
    /// How long the exchange may take.
    pub timeout: Duration,
}

/// Gets openids for one official account.
pub struct OAuth {
    authorize_base: Url,
    oauth_base: Url,
    appid: String,
    secret: Zeroizing<String>,
    http: reqwest::Client,
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth").field("appid", &self.appid).finish_non_exhaustive()
    }
}

/// Why there is no openid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OAuthError {
    /// The code is not (or no more) good: the payer has to be sent anew. 40029 invalid, 40163 used already, 42003 expired, 41008 none.
    CodeUnusable {
        /// WeChat's number.
        errcode: i64,
    },
    /// The appid or the AppSecret is wrong, or this machine's address is not on the account's list.
    Credentials {
        /// WeChat's number.
        errcode: i64,
    },
    /// WeChat is busy, or was asked too often.
    Busy {
        /// WeChat's number.
        errcode: i64,
    },
    /// The payer looks at a preview of the page (快照页): the openid is nobody's.
    Snapshot,
    /// Any other number.
    Other {
        /// WeChat's number.
        errcode: i64,
    },
    /// No answer that can be read.
    Failed(Error),
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CodeUnusable { errcode } => write!(f, "the code is invalid, used or expired ({errcode})"),
            Self::Credentials { errcode } => {
                write!(f, "the appid, the AppSecret or the list of addresses is wrong ({errcode})")
            }
            Self::Busy { errcode } => write!(f, "WeChat is busy ({errcode})"),
            Self::Snapshot => f.write_str("the payer looks at a preview of the page, which has no openid"),
            Self::Other { errcode } => write!(f, "WeChat answers {errcode}"),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for OAuthError {}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    errcode: i64,
    openid: Option<String>,
    #[serde(default)]
    is_snapshotuser: i64,
}

impl OAuth {
    /// A client.
    ///
    /// # Errors
    /// [`SettingsFault::Url`] or [`SettingsFault::Http`].
    pub fn new(settings: OAuthSettings) -> Result<Self, SettingsFault> {
        let OAuthSettings { authorize_base, oauth_base, appid, secret, timeout } = settings;
        if !http::is_safe(&authorize_base) || !http::is_safe(&oauth_base) {
            return Err(SettingsFault::Url);
        }
        let http = http::client(timeout).map_err(|_| SettingsFault::Http)?;
        Ok(Self { authorize_base, oauth_base, appid, secret, http })
    }

    /// The appid that openids are of.
    #[must_use]
    pub fn appid(&self) -> &str {
        &self.appid
    }

    /// Where a payer goes, to come back at `redirect_uri?code=…&state=…`. Silent: `snsapi_base` asks the payer nothing. The
    /// parameters stand in the order that WeChat demands, and the fragment is part of it. `state`: letters and digits, 128 at most.
    #[must_use]
    pub fn authorize_url(&self, redirect_uri: &str, state: &str) -> String {
        let encoded =
            |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
        format!(
            "{}/connect/oauth2/authorize?appid={}&redirect_uri={}&response_type=code&scope=snsapi_base&state={}#wechat_redirect",
            self.authorize_base.as_str().trim_end_matches('/'),
            encoded(&self.appid),
            encoded(redirect_uri),
            encoded(state),
        )
    }

    /// Exchanges a code for the openid. A code can be exchanged once, within five minutes.
    ///
    /// # Errors
    /// See [`OAuthError`].
    pub async fn openid(&self, code: &str) -> Result<String, OAuthError> {
        let mut url = self.oauth_base.clone();
        url.set_path(&format!("{}/sns/oauth2/access_token", url.path().trim_end_matches('/')));
        url.query_pairs_mut()
            .append_pair("appid", &self.appid)
            .append_pair("secret", &self.secret)
            .append_pair("code", code)
            .append_pair("grant_type", "authorization_code");
        let span = traces::platform(&Method::GET, "/sns/oauth2/access_token");
        let sent = http::send(self.http.get(url), http::MAX_BODY).instrument(span.clone()).await;
        match &sent {
            Ok(raw) => traces::asked(&span, raw.status, &raw.headers),
            Err(failed) => traces::failed(&span, failed.error.word()),
        }
        let raw = sent.map_err(|failed| OAuthError::Failed(failed.error))?;
        if !raw.status.is_success() {
            return Err(OAuthError::Failed(Error::Unavailable { status: raw.status.as_u16() }));
        }
        // WeChat sends this JSON as text/plain, so its type is not looked at.
        let unreadable = || OAuthError::Failed(Error::unreadable("it is no JSON with an openid"));
        let answer: Answer = serde_json::from_slice(&raw.body).map_err(|_| unreadable())?;
        match answer.errcode {
            0 if answer.is_snapshotuser != 0 => Err(OAuthError::Snapshot),
            0 => answer.openid.filter(|openid| !openid.is_empty()).ok_or_else(unreadable),
            errcode @ (40029 | 40163 | 41008 | 42003) => Err(OAuthError::CodeUnusable { errcode }),
            errcode @ (40001 | 40013 | 40125 | 40164 | 41002 | 41004) => Err(OAuthError::Credentials { errcode }),
            errcode @ (-1 | 45009 | 45011) => Err(OAuthError::Busy { errcode }),
            errcode => Err(OAuthError::Other { errcode }),
        }
    }
}
