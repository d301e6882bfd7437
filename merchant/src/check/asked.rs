//! What is asked of WeChat Pay.

use std::iter;
use std::sync::Arc;

use wechat_cashier::contract::Timestamp;

use super::said::{self, Failure};
use super::sub_merchants::in_words;
use super::{Found, Line};
use crate::clock::Clock;
use crate::config::{Config, WechatPay};
use crate::domain::Sub;
use crate::service::{KeyFault, WeChatPay};
use crate::wechat_pay::oauth::{OAuth, OAuthError, OAuthSettings};
use crate::wechat_pay::prepay::{Order, Prepay};
use crate::wechat_pay::{Error, Meaning, Refusal, TradeType};

/// WeChat Pay refuses what was signed more than 5 minutes off (docs/platform.md, 7.1); long before that a clock is wrong.
const OFF_REFUSED_S: i64 = 300;
const OFF_ODD_S: i64 = 30;

/// Asks with a configuration.
pub(super) struct Asked<'a> {
    pub(super) config: &'a Config,
    settings: &'a WechatPay,
    clock: Arc<dyn Clock>,
}

/// A client as it will be, and one that has nothing but the APIv3 key to verify by.
pub(super) struct Clients {
    pub(super) own: WeChatPay,
    by_apiv3_key: WeChatPay,
}

impl<'a> Asked<'a> {
    pub(super) fn new(config: &'a Config, clock: Arc<dyn Clock>) -> Self {
        Self { config, settings: &config.wechat_pay, clock }
    }

    /// The lines `network` and `clock`.
    pub(super) async fn reach(&self) -> Result<(Line, Line), Line> {
        let url = &self.settings.base_url;
        let line = |found| Line { about: "network", found };
        let answered = self.any_answer().await.map_err(|why| {
            line(Found::Fails(format!(
                "{url} is not reached: {why}. Is the network there, does the name resolve, may this machine go out?"
            )))
        })?;
        Ok((line(Found::Works(format!("{url} answers"))), Line { about: "clock", found: self.clock_line(answered) }))
    }

    /// The `Date` of whatever answer comes; the reason if none comes.
    async fn any_answer(&self) -> Result<Option<Timestamp>, String> {
        let built = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(self.settings.timeout)
            .user_agent(concat!("wechat-cashier-merchant/", env!("CARGO_PKG_VERSION")))
            .build();
        let http = built.map_err(said::innermost)?;
        let answer = http.get(self.settings.base_url.clone()).send().await.map_err(said::innermost)?;
        let date = answer.headers().get("date").and_then(|date| date.to_str().ok());
        Ok(date.and_then(|date| httpdate::parse_http_date(date).ok()).and_then(|date| {
            let since = date.duration_since(std::time::UNIX_EPOCH).ok()?;
            i64::try_from(since.as_millis()).ok().map(Timestamp::from_millis)
        }))
    }

    fn clock_line(&self, theirs: Option<Timestamp>) -> Found {
        let Some(theirs) = theirs else {
            return Found::Unknown("the answer has no Date to compare with".to_owned());
        };
        let off = self.clock.now().millis().saturating_sub(theirs.millis()) / 1000;
        let way = if off > 0 { "ahead" } else { "behind" };
        match off.abs() {
            off if off >= OFF_REFUSED_S => Found::Fails(format!(
                "this machine's clock is {off} s {way} of WeChat Pay's; from {OFF_REFUSED_S} s on, all that it signs is refused. Turn on time synchronization"
            )),
            off if off >= OFF_ODD_S => Found::Unknown(format!(
                "this machine's clock is {off} s {way} of WeChat Pay's: turn on time synchronization"
            )),
            off => Found::Works(format!("within {} s of WeChat Pay's", off + 1)),
        }
    }

    pub(super) fn clients(&self) -> Result<Clients, KeyFault> {
        let by_apiv3_key = WechatPay { public_keys: Vec::new(), certificates: true, ..self.settings.clone() };
        let Config { shops, public_url, .. } = self.config;
        let client = |settings| WeChatPay::new(settings, shops, public_url, Arc::clone(&self.clock));
        Ok(Clients { own: client(self.settings)?, by_apiv3_key: client(&by_apiv3_key)? })
    }

    /// The line `signature`: a query of an order that nobody has made.
    pub(super) async fn signature(&self, clients: &Clients) -> Line {
        let line = |found| Line { about: "signature", found };
        if self.settings.certificates
            && let Err(error) = clients.own.client().renew_certificates().await
        {
            return line(Found::Fails(said::of_certificates(&error)));
        }
        let sub = self.subs().first().map(|(_, sub)| sub.clone());
        let answered = clients.own.client().of(sub.as_ref().map(in_words)).query(&random_number()).await;
        // What is refused about a sub-merchant is refused to whom the platform knows: its own line says what.
        let is_known = |refusal: &Refusal| {
            refusal.meaning() == Meaning::NotExist || sub.is_some() && refusal.meaning() != Meaning::SignError
        };
        line(match answered {
            Err(Error::Refused(refusal)) if is_known(&refusal) => Found::Works(
                "mchid, serial_no and the private key belong together, and WeChat Pay's signature is verified"
                    .to_owned(),
            ),
            Err(error) => Found::Fails(said::of_signature(&error)),
            Ok(_) => Found::Fails("WeChat Pay knows an order that nobody has made".to_owned()),
        })
    }

    /// The line `apiv3_key`.
    pub(super) async fn apiv3_key(&self, clients: &Clients) -> Line {
        let found = match clients.by_apiv3_key.client().renew_certificates().await {
            Ok(()) => Found::Works("it deciphers WeChat Pay's certificates".to_owned()),
            Err(error) => match said::of_apiv3_key(&error) {
                Failure::Deciphered => Found::Works("it deciphers WeChat Pay's certificates".to_owned()),
                Failure::Wrong(text) => Found::Fails(text),
                Failure::NoCertificates => Found::Unknown(
                    "this merchant has no certificates to try it on; the first notification shows whether it is right \
                     (none comes at all where none was set at WeChat Pay)"
                        .to_owned(),
                ),
                Failure::Other(text) => Found::Unknown(text),
            },
        };
        Line { about: "apiv3_key", found }
    }

    /// The line `appid`; with an order, one for each sub-merchant.
    pub(super) async fn appids(&self, clients: &Clients, with_order: bool) -> Vec<Line> {
        let subs: Vec<_> = self.subs().into_iter().map(|(_, sub)| Some(sub)).collect();
        if subs.is_empty() || !with_order {
            return vec![self.appid(clients, None, with_order).await];
        }
        let mut lines = Vec::with_capacity(subs.len());
        for sub in subs {
            lines.push(self.appid(clients, sub.as_ref(), with_order).await);
        }
        lines
    }

    async fn appid(&self, clients: &Clients, sub: Option<&Sub>, with_order: bool) -> Line {
        let line = |found| Line { about: "appid", found };
        let sub = sub.map(in_words);
        if !with_order {
            return line(Found::Unknown(
                "whether it is bound to the merchant, only an order tells; --check-order makes one of 1 fen, shows its code \
                 to nobody and closes it"
                    .to_owned(),
            ));
        }
        let number = random_number();
        let order = Prepay {
            order: Order {
                appid: &self.settings.appid,
                mchid: &self.settings.mchid,
                sub,
                description: "wechat-cashier-merchant --check-order",
                out_trade_no: &number,
                total: 1,
                currency: "CNY",
                attach: None,
            },
            notify_url: self.settings.notify_url.as_str(),
            // The shortest time that there is: docs/platform.md, 3.
            time_expire: Some(Timestamp::from_millis(self.clock.now().millis().saturating_add(120_000))),
            payer_client_ip: None,
        };
        let body = match order.native() {
            Ok(body) => body,
            Err(fault) => return line(Found::Fails(fault.to_string())),
        };
        line(match clients.own.client().of(sub).prepay(TradeType::Native, &body).await {
            // Its code goes nowhere, so nobody can pay it, closed or not.
            Ok(_) => match clients.own.client().of(sub).close(&number).await {
                Ok(()) => {
                    Found::Works(format!("it is bound to the merchant, and Native is on (order {number}, closed)"))
                }
                Err(error) => Found::Unknown(format!("order {number} was made and not closed: {error}")),
            },
            Err(error) => Found::Fails(said::of_order(&error)),
        })
    }

    /// The line `app_secret`, where there is one.
    pub(super) async fn app_secret(&self) -> Option<Line> {
        let secret = self.settings.app_secret.as_ref()?;
        let oauth = OAuth::new(OAuthSettings {
            authorize_base: self.settings.oauth_authorize_url.clone(),
            oauth_base: self.settings.oauth_base_url.clone(),
            appid: self.settings.appid.clone(),
            secret: secret.expose().to_owned().into(),
            timeout: self.settings.timeout,
        });
        let line = |found| Some(Line { about: "app_secret", found });
        let answered = match oauth {
            Ok(oauth) => oauth.openid("no-code-of-WeChat").await,
            Err(fault) => return line(Found::Fails(format!("wechat_pay.oauth_base_url: {fault}"))),
        };
        line(match answered {
            Err(OAuthError::CodeUnusable { .. }) => Found::Works("it is the appid's".to_owned()),
            Err(OAuthError::Credentials { errcode }) => Found::Fails(said::of_app_secret(errcode)),
            Err(error) => Found::Unknown(error.to_string()),
            Ok(_) => Found::Unknown("WeChat gives an openid for any code: this is no WeChat".to_owned()),
        })
    }
}

/// A number of an order that nobody has: 20 of 36 signs.
pub(super) fn random_number() -> String {
    let mut random = fastrand::Rng::new();
    iter::once("CHECK".to_owned()).chain((0..20).map(|_| random.digit(36).to_string().to_uppercase())).collect()
}
