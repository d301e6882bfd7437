//! WeChat Pay as one of those who take the money: the domain's steps in APIv3's calls.

use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::HeaderMap;
use futures_util::future::BoxFuture;
use url::Url;
use wechat_cashier::contract::{Action, Method};

use super::gateway::{CodePaid, Ended, Found, Gateway, Place, RefundFound, Refunding, Trouble};
use super::wechat_keys::{KeyFault, client_of};
use super::wechat_logins::Logins;
use super::wechat_refund;
use super::wechat_words::{Said, not_placed, report, trouble};
use crate::clock::Clock;
use crate::config::{Shop, WechatPay as Settings};
use crate::day::Day;
use crate::domain::{self, Order, RefundReport, Report, Sub, Terms, Trade};
use crate::wechat_pay::bill::Bill;
use crate::wechat_pay::prepay::{self, Prepaid, Prepay, Till, TradeType};
use crate::wechat_pay::{self, Client, Error, Meaning, Payee, Refused, Told, Transaction};

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

    fn prepay<'a>(&'a self, order: &'a Order, trade: &'a Trade) -> Prepay<'a> {
        Prepay {
            order: self.order(order, trade),
            notify_url: self.settings.notify_url.as_str(),
            time_expire: Some(order.facts.expires_at),
            payer_client_ip: trade.terms.payer_client_ip.as_deref(),
        }
    }

    fn order<'a>(&'a self, order: &'a Order, trade: &'a Trade) -> prepay::Order<'a> {
        prepay::Order {
            appid: &trade.terms.appid,
            mchid: &order.facts.mchid,
            sub: sub(order, &trade.terms),
            description: &order.facts.description,
            out_trade_no: &trade.out_trade_no,
            total: order.facts.amount.value,
            currency: order.facts.amount.currency.code(),
            attach: Some(&order.facts.order_id),
        }
    }

    async fn placed(&self, order: &Order, trade: &Trade, page_url: &str) -> Result<Place, Error> {
        let (trade_type, body) = (trade_type(&trade.method), &trade.request);
        Ok(Place::Do(match self.payee(order, trade)?.prepay(trade_type, body).await? {
            Prepaid::CodeUrl(content) => Action::ShowQr { content },
            Prepaid::PrepayId(prepay_id) => {
                Action::InvokeJsapi { params: self.client.jsapi_params(trade.terms.payers_appid(), &prepay_id)? }
            }
            Prepaid::H5Url(url) => Action::Redirect { url: with_way_back(&url, page_url) },
        }))
    }

    async fn paid_by_code(&self, order: &Order, trade: &Trade, auth_code: &str) -> Result<Transaction, Error> {
        let till = self.settings.payment_code.as_ref();
        let device_ip = till.and_then(|till| till.device_ip).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)).to_string();
        let till = Till {
            store_id: till
                .and_then(|till| till.store_id.as_deref().or(till.store_out_id.as_deref()))
                .unwrap_or_default(),
            device_id: till.and_then(|till| till.device_id.as_deref()),
            device_ip: Some(&device_ip),
        };
        let not_sent = Error::NotSent { why: "the order cannot be paid by a payment code" };
        let body = self.order(order, trade).codepay(auth_code, till).map_err(|fault| {
            tracing::error!(order_id = order.facts.order_id, %fault, "no codepay request can be made");
            not_sent
        })?;
        self.payee(order, trade)?.codepay(&body).await
    }

    async fn ended(&self, order: &Order, trade: &Trade) -> Result<(), Error> {
        let payee = self.payee(order, trade)?;
        match trade.is_by_code() {
            true => payee.reverse(&trade.out_trade_no, &trade.terms.appid).await,
            false => payee.close(&trade.out_trade_no).await,
        }
    }

    async fn asked(&self, order: &Order, trade: &Trade) -> Result<Transaction, Error> {
        self.payee(order, trade)?.query(&trade.out_trade_no).await
    }
}

impl Gateway for WeChatPay {
    fn refuses(&self, order: &Order, method: &Method) -> Option<String> {
        let currency = order.facts.amount.currency;
        let id = method.id();
        if !self.settings.methods.contains(method) {
            return Some(format!("this shop does not serve the method {id}"));
        }
        if !self.settings.currencies.contains(&currency) {
            return Some(format!("WeChat Pay does not take {} here", currency.code()));
        }
        if order.facts.mchid != self.settings.mchid {
            return Some("the order is of another merchant number".to_owned());
        }
        let needs_login = *method == Method::Jsapi && order.openid.is_none();
        let is_known = self.logins.has(self.login_appid(order));
        (needs_login && !is_known).then(|| NO_LOGIN.to_owned())
    }

    fn terms(&self, order: &Order, method: &Method) -> Terms {
        let sub_appid = order.facts.sub.as_ref().and_then(|sub| sub.appid.clone());
        let mini_program = self.settings.mini_program.as_ref().filter(|_| *method == Method::MiniProgram);
        match mini_program {
            // Whose it is tells under which of the two appids the payer is known: the sub-merchant's own is named beside the
            // provider's appid.
            Some(own) if sub_appid.as_ref() != Some(&own.appid) => {
                Terms { appid: own.appid.clone(), ..Terms::default() }
            }
            _ => Terms { appid: self.settings.appid.clone(), sub_appid, ..Terms::default() },
        }
    }

    fn request(&self, order: &Order, trade: &Trade) -> Result<String, String> {
        let prepay = self.prepay(order, trade);
        let body = match &trade.method {
            // It holds the payer's code, and is sent once.
            Method::PaymentCode => return Ok(String::new()),
            Method::Jsapi | Method::MiniProgram => prepay.jsapi(trade.terms.openid.as_deref().unwrap_or_default()),
            Method::H5 => prepay.h5(),
            _ => prepay.native(),
        };
        body.map_err(|fault| fault.to_string())
    }

    fn place<'a>(
        &'a self,
        order: &'a Order,
        trade: &'a Trade,
        page_url: &'a str,
    ) -> BoxFuture<'a, Result<Place, Trouble>> {
        Box::pin(async move {
            match self.placed(order, trade, page_url).await {
                Err(Error::Refused(refusal)) => match not_placed(&refusal.meaning()) {
                    Said::Paid => Ok(Place::IsPaid),
                    Said::Not(why) => Ok(Place::Not(why)),
                    Said::UnderWay | Said::Later => Err(self.trouble(&Error::Refused(refusal))),
                },
                other => other.map_err(|error| self.trouble(&error)),
            }
        })
    }

    fn pay_by_code<'a>(
        &'a self,
        order: &'a Order,
        trade: &'a Trade,
        auth_code: &'a str,
    ) -> BoxFuture<'a, Result<CodePaid, Trouble>> {
        Box::pin(async move {
            match self.paid_by_code(order, trade, auth_code).await {
                Ok(transaction) => Ok(CodePaid::Said(report(transaction))),
                Err(Error::Refused(refusal)) => match not_placed(&refusal.meaning()) {
                    // What is paid under this number, the next question tells.
                    Said::Paid | Said::UnderWay => Ok(CodePaid::UnderWay),
                    Said::Not(why) => Ok(CodePaid::Not(why)),
                    Said::Later => Err(self.trouble(&Error::Refused(refusal))),
                },
                Err(error) => Err(self.trouble(&error)),
            }
        })
    }

    fn query<'a>(&'a self, order: &'a Order, trade: &'a Trade) -> BoxFuture<'a, Result<Found, Trouble>> {
        Box::pin(async move {
            match self.asked(order, trade).await {
                Ok(transaction) => Ok(Found::Said(report(transaction))),
                Err(Error::Refused(refusal)) if refusal.meaning() == Meaning::NotExist => Ok(Found::Nothing),
                Err(error) => Err(self.trouble(&error)),
            }
        })
    }

    fn end<'a>(&'a self, order: &'a Order, trade: &'a Trade) -> BoxFuture<'a, Result<Ended, Trouble>> {
        Box::pin(async move {
            match self.ended(order, trade).await {
                Ok(()) => Ok(Ended::Yes),
                Err(Error::Refused(refusal)) => match refusal.meaning() {
                    Meaning::OrderPaid => Ok(Ended::IsPaid),
                    Meaning::OrderClosed => Ok(Ended::Yes),
                    Meaning::NotExist => Ok(Ended::Nothing),
                    _ => Err(self.trouble(&Error::Refused(refusal))),
                },
                Err(error) => Err(self.trouble(&error)),
            }
        })
    }

    fn refund<'a>(&'a self, order: &'a Order, refund: &'a domain::Refund) -> BoxFuture<'a, Result<Refunding, Trouble>> {
        Box::pin(self.refunding(order, refund))
    }

    fn query_refund<'a>(
        &'a self,
        order: &'a Order,
        refund: &'a domain::Refund,
    ) -> BoxFuture<'a, Result<RefundFound, Trouble>> {
        Box::pin(self.refund_found(order, refund))
    }
}

/// The sub-merchant of a trade, in APIv3's words.
fn sub<'a>(order: &'a Order, terms: &'a Terms) -> Option<wechat_pay::Sub<'a>> {
    let sub = order.facts.sub.as_ref()?;
    Some(wechat_pay::Sub { mchid: &sub.mchid, appid: terms.sub_appid.as_deref() })
}

fn trade_type(method: &Method) -> TradeType {
    match method {
        Method::Jsapi | Method::MiniProgram => TradeType::Jsapi,
        Method::H5 => TradeType::H5,
        _ => TradeType::Native,
    }
}

/// Where the payer comes back to (docs/platform.md, 4).
fn with_way_back(h5_url: &str, page_url: &str) -> String {
    let joint = if h5_url.contains('?') { '&' } else { '?' };
    let back = url::form_urlencoded::Serializer::new(String::new()).append_pair("redirect_url", page_url).finish();
    format!("{h5_url}{joint}{back}")
}
