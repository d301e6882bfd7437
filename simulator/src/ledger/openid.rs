//! Who the payer is: openids, one for each account and appid, and the codes of OAuth (docs/platform.md, 5).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use wechat_cashier::contract::Timestamp;

use super::Ledger;
use crate::clock::plus;
use crate::crypto::sha256;

/// A code works once, within five minutes.
const CODE_LIFE_MS: i64 = 5 * 60 * 1000;

/// An OAuth code given out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Code {
    appid: String,
    account: String,
    expires_at: Timestamp,
    used: bool,
}

/// Why the merchant gets no openid for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExchangeError {
    /// 40029 `invalid code`: never given out under this appid, or older than five minutes.
    Invalid,
    /// 40163 `code been used`.
    Used,
}

impl Ledger {
    /// From now on this account is one.
    pub fn meet(&mut self, account: &str) {
        if !self.accounts.contains(account) {
            self.accounts.insert(account.to_owned());
        }
    }

    /// An account's openid, under this appid.
    pub fn openid(&mut self, appid: &str, account: &str) -> String {
        self.meet(account);
        openid(appid, account)
    }

    /// Whose openid it is, under this appid.
    pub fn account_of(&self, appid: &str, of: &str) -> Option<&str> {
        self.accounts.iter().find(|account| openid(appid, account) == of).map(String::as_str)
    }

    /// A code for this account, good for one exchange.
    pub fn authorize(&mut self, appid: &str, account: &str, now: Timestamp) -> String {
        self.meet(account);
        let code = self.alphanumeric(32);
        let expires_at = plus(now, CODE_LIFE_MS);
        let given = Code { appid: appid.to_owned(), account: account.to_owned(), expires_at, used: false };
        self.oauth_codes.insert(code.clone(), given);
        code
    }

    /// The merchant's server changes a code into an openid.
    ///
    /// # Errors
    /// When the code was used before, is too old or was never given out under this appid.
    pub fn exchange(&mut self, appid: &str, code: &str, now: Timestamp) -> Result<String, ExchangeError> {
        let code = self.oauth_codes.get_mut(code).filter(|code| code.appid == appid).ok_or(ExchangeError::Invalid)?;
        if code.used {
            return Err(ExchangeError::Used);
        }
        if now >= code.expires_at {
            return Err(ExchangeError::Invalid);
        }
        code.used = true;
        Ok(openid(appid, &code.account))
    }
}

/// 28 characters that begin with `o`, as the real ones do; always the same for the same account and appid.
pub(super) fn openid(appid: &str, account: &str) -> String {
    let digest = sha256(format!("{appid} {account}").as_bytes());
    let text: String = BASE64_URL_SAFE_NO_PAD.encode(digest).chars().take(27).collect();
    format!("o{text}")
}
