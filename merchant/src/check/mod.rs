//! `--check`: what works of a configuration, asked of WeChat Pay with the merchant's own keys, one line for each thing.
//!
//! | line | how it is found |
//! |---|---|
//! | `network` | any answer of `wechat_pay.base_url` |
//! | `clock` | the `Date` of that answer |
//! | `keys` | the private and public keys are read |
//! | `apiv3_key` | `GET /v3/certificates`: what it brings is deciphered; merchants without certificates know by the first notification |
//! | `signature` | a query of an order that nobody has made: refused with 404 `ORDER_NOT_EXIST` when all is right |
//! | `sub_mchid` | of a service provider, the same query for the sub-merchant of each shop |
//! | `app_secret` | a code of OAuth that nobody was given: refused as a wrong code when appid and secret are right |
//! | `appid` | only an order tells: made for 1 fen on demand, its code shown to nobody, and closed at once |
//! | `notify_url` | whether it can be a public address; more shows only when a notification comes |
//!
//! Without a demand for the order, nothing is made or changed anywhere.

mod asked;
mod said;
mod sub_merchants;

use std::fmt;
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::{Config, is_loopback};
use crate::service::KeyFault;

/// What was found of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What was looked at.
    pub about: &'static str,
    /// How it is.
    pub found: Found,
}

/// How a thing is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It works, as far as the text says.
    Works(String),
    /// It does not, and what is to be mended.
    Fails(String),
    /// It could not be told.
    Unknown(String),
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, text) = match &self.found {
            Found::Works(text) => ("ok", text),
            Found::Fails(text) => ("FAILED", text),
            Found::Unknown(text) => ("unknown", text),
        };
        write!(f, "{word:<8}{}: {text}", self.about)
    }
}

/// Looks at everything, and tells each line as soon as it is known. `with_order`: an order of 1 fen may be made, to learn whether
/// the appid is bound to the merchant. Gives whether nothing failed.
///
/// Where one thing fails on which others stand, the others are not asked: one mistake, one line.
pub async fn check(config: &Config, clock: Arc<dyn Clock>, with_order: bool, mut tell: impl FnMut(&Line)) -> bool {
    let mut all_well = true;
    let mut tell = |line: Line| {
        all_well &= !matches!(line.found, Found::Fails(_));
        tell(&line);
        !matches!(line.found, Found::Fails(_))
    };
    tell(notify_url(config));
    let asked = asked::Asked::new(config, clock);
    let reached = match asked.reach().await {
        Ok((network, clock)) => tell(network) && tell(clock),
        Err(network) => tell(network),
    };
    let clients = match asked.clients() {
        Ok(clients) => {
            tell(Line {
                about: "keys",
                found: Found::Works("the private key and the public keys can be read".to_owned()),
            });
            Some(clients)
        }
        Err(KeyFault { key, what }) => {
            tell(Line { about: "keys", found: Found::Fails(format!("{key}: {what}")) });
            None
        }
    };
    if let (true, Some(clients)) = (reached, clients) {
        let signature = asked.signature(&clients).await;
        let goes_on = tell(signature);
        if goes_on {
            tell(asked.apiv3_key(&clients).await);
            for line in asked.sub_merchants(&clients).await.into_iter().chain(asked.appids(&clients, with_order).await)
            {
                tell(line);
            }
        }
    }
    if let (true, Some(line)) = (reached, asked.app_secret().await) {
        tell(line);
    }
    all_well
}

/// Whether notifications can arrive, as far as the address tells.
fn notify_url(config: &Config) -> Line {
    let url = &config.wechat_pay.notify_url;
    let host = url.host_str().unwrap_or_default();
    // A dot tells public names from those of a network at home.
    let is_private =
        is_loopback(url) || !host.contains(['.', ':']) || host.starts_with("10.") || host.starts_with("192.168.");
    let found = if is_loopback(&config.wechat_pay.base_url) {
        Found::Works(format!("{url}, for a simulator on this machine"))
    } else if is_private {
        Found::Fails(format!("wechat_pay.notify_url: {url} cannot be reached from WeChat Pay; it must be public"))
    } else {
        Found::Unknown(format!(
            "{url} must be reached from outside, without a login; only a notification shows that it is"
        ))
    };
    Line { about: "notify_url", found }
}
