//! Who the payer is: OAuth of the service account (docs/platform.md, 5).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wechat_cashier::contract::Timestamp;

use super::{APP_ID, Platform};
use crate::clock::plus;

/// A code works once, within five minutes.
const CODE_LIFE_MS: i64 = 5 * 60 * 1000;

/// A `state` is at most so long.
const STATE_BYTES_MAX: usize = 128;

/// An OAuth code given out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Code {
    openid: String,
    expires_at: Timestamp,
    used: bool,
}

/// What the authorize address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorize {
    /// Where the payer goes with the code.
    pub redirect_uri: String,
    /// What the merchant gets back as it was.
    pub state: String,
}

/// Why WeChat shows an error in place of going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AuthorizeRefusal {
    /// WeChat's number.
    pub code: u32,
    /// As the payer reads it.
    pub text: &'static str,
    /// In English.
    pub gloss: &'static str,
}

impl AuthorizeRefusal {
    /// The domain of `redirect_uri` is not the one that the merchant has registered.
    pub const REDIRECT_URI: Self = Self {
        code: 10003,
        text: "redirect_uri域名与后台配置不一致",
        gloss: "The domain of redirect_uri is not the merchant's.",
    };
    const SCOPE_UNKNOWN: Self = Self {
        code: 10005,
        text: "该公众号没有这些scope的权限",
        gloss: "scope is neither snsapi_base nor snsapi_userinfo.",
    };
    const APP_ID_UNKNOWN: Self =
        Self {
            code: 10016, text: "不支持该AppID,请使用公众号AppID", gloss: "The appid is not the service account's."
        };
    const NO_SCOPE: Self =
        Self {
            code: 10010, text: "scope不能为空", gloss: "scope (or response_type) is missing or not in its place."
        };
    const NO_REDIRECT_URI: Self =
        Self { code: 10011, text: "redirect_uri不能为空", gloss: "redirect_uri is missing or not in its place." };
    const NO_APP_ID: Self =
        Self { code: 10012, text: "appid不能为空", gloss: "appid is missing or not in its place." };
    const NO_STATE: Self = Self {
        code: 10013,
        text: "state不能为空",
        gloss: "state is missing, not in its place, or not [a-zA-Z0-9]{1,128}.",
    };
}

/// Why the merchant gets no openid for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExchangeError {
    /// 40029 `invalid code`: never given out, or older than five minutes.
    Invalid,
    /// 40163 `code been used`.
    Used,
}

impl ExchangeError {
    /// WeChat's number and words.
    pub fn said(self) -> (u32, &'static str) {
        match self {
            Self::Invalid => (40029, "invalid code"),
            Self::Used => (40163, "code been used"),
        }
    }
}

/// Checks the parameters of the authorize address. Their order matters, as there; what comes after them does not.
///
/// # Errors
/// With WeChat's number of what is wrong.
pub(crate) fn check(pairs: &[(String, String)]) -> Result<Authorize, AuthorizeRefusal> {
    let at = |index: usize, name: &str, missing: AuthorizeRefusal| match pairs.get(index) {
        Some((key, value)) if key == name && !value.is_empty() => Ok(value.as_str()),
        _ => Err(missing),
    };
    let app_id = at(0, "appid", AuthorizeRefusal::NO_APP_ID)?;
    let redirect_uri = at(1, "redirect_uri", AuthorizeRefusal::NO_REDIRECT_URI)?;
    let response_type = at(2, "response_type", AuthorizeRefusal::NO_SCOPE)?;
    let scope = at(3, "scope", AuthorizeRefusal::NO_SCOPE)?;
    let state = at(4, "state", AuthorizeRefusal::NO_STATE)?;
    if app_id != APP_ID {
        return Err(AuthorizeRefusal::APP_ID_UNKNOWN);
    }
    if response_type != "code" || !["snsapi_base", "snsapi_userinfo"].contains(&scope) {
        return Err(AuthorizeRefusal::SCOPE_UNKNOWN);
    }
    if state.len() > STATE_BYTES_MAX || !state.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(AuthorizeRefusal::NO_STATE);
    }
    Ok(Authorize { redirect_uri: redirect_uri.to_owned(), state: state.to_owned() })
}

impl Platform {
    /// A code for this account, good for one exchange.
    pub(crate) fn authorize(&mut self, account: &str, now: Timestamp) -> String {
        let openid = openid(account);
        self.openids.insert(openid.clone(), account.to_owned());
        let code: String = std::iter::repeat_with(fastrand::alphanumeric).take(32).collect();
        self.oauth_codes.insert(code.clone(), Code { openid, expires_at: plus(now, CODE_LIFE_MS), used: false });
        code
    }

    /// The merchant's server changes a code into an openid.
    ///
    /// # Errors
    /// When the code was used before, is too old or was never given out.
    pub(crate) fn exchange(&mut self, code: &str, now: Timestamp) -> Result<String, ExchangeError> {
        let code = self.oauth_codes.get_mut(code).ok_or(ExchangeError::Invalid)?;
        if code.used {
            return Err(ExchangeError::Used);
        }
        if now >= code.expires_at {
            return Err(ExchangeError::Invalid);
        }
        code.used = true;
        Ok(code.openid.clone())
    }

    /// Whose openid it is.
    pub(crate) fn account_of(&self, openid: &str) -> Option<&str> {
        self.openids.get(openid).map(String::as_str)
    }
}

/// 28 characters that begin with `o`, as the real ones do; always the same for the same account.
fn openid(account: &str) -> String {
    let digest = Sha256::digest(format!("{APP_ID} {account}"));
    let text: String = BASE64_URL_SAFE_NO_PAD.encode(digest).chars().take(27).collect();
    format!("o{text}")
}
