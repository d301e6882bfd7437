//! WeChat Pay with a merchant's keys, or a service provider's: whom it is paid for, and what it tells of its own accord.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::HeaderMap;
use url::Url;

use super::gateway::Trouble;
use super::wechat_keys::{KeyFault, client_of};
use super::wechat_logins::Logins;
use super::wechat_refund;
use super::wechat_words::{report, trouble};
use crate::clock::Clock;
use crate::config::{Shop, WechatPay as Settings};
use crate::day::Day;
use crate::domain::{Order, RefundReport, Report, Sub, Terms, Trade};
use crate::wechat_pay::bill::Bill;
use crate::wechat_pay::{self, Client, Error, Payee, Refused, Told};

/// What is said where nobody can log in.
pub(super) const NO_LOGIN: &str = "this shop cannot learn who pays: wechat_pay.app_secret is not set";

/// WeChat Pay with a merchant's keys.
#[derive(Debug)]
pub struct WeChatPay {
    client: Client,
    logins: Logins,
    settings: Settings,
    /// The sub-merchants of the shops, by the shops' ids, where a service provider takes the money.
    subs: HashMap<String, Sub>,
    /// Answers that were not believed.
    refused: AtomicU64,
}

/// What a verified notification tells.
pub(super) enum Tells {
    Payment(Report),
    Refund(RefundReport),
}

impl WeChatPay {
    /// With what the configuration says.
    ///
    /// # Errors
    /// The first key that is none.
    pub fn new(settings: &Settings, shops: &[Shop], public_url: &Url, clock: Arc<dyn Clock>) -> Result<Self, KeyFault> {
        let client = client_of(settings, clock)?;
        let logins = Logins::new(settings, shops, public_url)?;
        let subs = shops.iter().filter_map(|shop| Some((shop.id.clone(), shop.sub()?))).collect();
        Ok(Self { client, logins, settings: settings.clone(), subs, refused: AtomicU64::new(0) })
    }

    /// The calls.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The merchant's number, or the service provider's.
    #[must_use]
    pub fn mchid(&self) -> &str {
        &self.settings.mchid
    }

    /// The sub-merchant of a shop, where a service provider takes the money.
    #[must_use]
    pub fn sub_of(&self, shop: &str) -> Option<&Sub> {
        self.subs.get(shop)
    }

    /// The numbers of all sub-merchants, each once.
    pub(super) fn sub_mchids(&self) -> BTreeSet<&str> {
        self.subs.values().map(|sub| sub.mchid.as_str()).collect()
    }

    /// The shops that are this sub-merchant's; none, where it is the merchant's own number.
    pub(super) fn shops_of(&self, sub_mchid: Option<&str>) -> Vec<&str> {
        let is_its = |sub: &Sub| Some(sub.mchid.as_str()) == sub_mchid;
        self.subs.iter().filter(|(_, sub)| is_its(sub)).map(|(shop, _)| shop.as_str()).collect()
    }

    /// The calls about an order's trades, as it was made: of another merchant number than that of the keys nothing can be asked,
    /// and "there is none" would be no answer.
    pub(super) fn payee<'a>(&'a self, order: &'a Order, trade: &'a Trade) -> Result<Payee<'a>, Error> {
        match order.facts.mchid == self.settings.mchid {
            true => Ok(self.client.of(sub(order, &trade.terms))),
            false => Err(Error::NotSent { why: "the order is of another merchant number than wechat_pay.mchid" }),
        }
    }

    /// How many answers were not believed since the start.
    #[must_use]
    pub fn refused_answers(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What was paid on a day, by WeChat Pay's books.
    pub(super) async fn trade_bill(&self, day: Day, sub_mchid: Option<&str>) -> Result<Bill, Trouble> {
        let sub = sub_mchid.map(|mchid| wechat_pay::Sub { mchid, appid: None });
        self.client.of(sub).trade_bill(day).await.map_err(|error| self.trouble(&error))
    }

    /// Downloads the certificates by which WeChat Pay's answers are verified, where it has such.
    ///
    /// # Errors
    /// What came is not believed, or nothing came. Those that are known stay.
    pub async fn renew_certificates(&self) -> Result<(), Trouble> {
        self.client.renew_certificates().await.map_err(|error| self.trouble(&error))
    }

    /// It is not known what came of a call.
    pub(super) fn trouble(&self, error: &Error) -> Trouble {
        if matches!(error, Error::NotVerified { .. } | Error::Unreadable { .. }) {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
        trouble(error)
    }

    /// The merchant's own appid, or the service provider's.
    #[must_use]
    pub fn appid(&self) -> &str {
        &self.settings.appid
    }

    /// The appid under which an order's payer logs in: the sub-merchant's own, where it has one.
    #[must_use]
    pub fn login_appid<'a>(&'a self, order: &'a Order) -> &'a str {
        order.facts.sub.as_ref().and_then(|sub| sub.appid.as_ref()).unwrap_or(&self.settings.appid)
    }

    pub(super) fn logins(&self) -> &Logins {
        &self.logins
    }

    /// Where the mini-program pays an order.
    pub(super) fn mini_program_path(&self, order_id: &str) -> String {
        let path = self.settings.mini_program.as_ref().map_or("/", |mini_program| &mini_program.path);
        let joint = if path.contains('?') { '&' } else { '?' };
        // An order's id needs no encoding.
        format!("{path}{joint}order={order_id}")
    }

    /// Verifies and reads a notification. None: it is WeChat Pay's, and about something else than a payment or a refund.
    pub(super) fn notification(&self, headers: &HeaderMap, body: &[u8]) -> Result<Option<Tells>, String> {
        match self.client.notification(headers, body) {
            Ok(notification) => Ok(Some(match notification.told {
                Told::Payment(transaction) => Tells::Payment(report(transaction)),
                Told::Refund(refund) => Tells::Refund(wechat_refund::report(refund)),
            })),
            Err(Refused::OtherEvent(event)) => {
                tracing::info!(event, "a notification of something else than a payment or a refund");
                Ok(None)
            }
            Err(refused) => Err(refused.to_string()),
        }
    }
}

/// The sub-merchant of a trade, in APIv3's words.
pub(super) fn sub<'a>(order: &'a Order, terms: &'a Terms) -> Option<wechat_pay::Sub<'a>> {
    let sub = order.facts.sub.as_ref()?;
    Some(wechat_pay::Sub { mchid: &sub.mchid, appid: terms.sub_appid.as_deref() })
}
