//! An order at WeChat Pay: placed, asked about and ended by APIv3's calls, for whoever is paid.

use std::net::{IpAddr, Ipv4Addr};

use futures_util::future::BoxFuture;
use wechat_cashier::contract::{Action, Method};

use super::gateway::{CodePaid, Ended, Found, Gateway, Place, RefundFound, Refunding, Trouble};
use super::wechat::{NO_LOGIN, WeChatPay, sub};
use super::wechat_words::{Said, not_placed, report};
use crate::domain::{self, Order, Terms, Trade};
use crate::wechat_pay::prepay::{self, Prepaid, Prepay, Till, TradeType};
use crate::wechat_pay::{Error, Meaning, Transaction};

impl WeChatPay {
    fn prepay<'a>(&'a self, order: &'a Order, trade: &'a Trade) -> Prepay<'a> {
        Prepay {
            order: self.order(order, trade),
            notify_url: self.settings().notify_url.as_str(),
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
                Action::InvokeJsapi { params: self.client().jsapi_params(trade.terms.payers_appid(), &prepay_id)? }
            }
            Prepaid::H5Url(url) => Action::Redirect { url: with_way_back(&url, page_url) },
        }))
    }

    async fn paid_by_code(&self, order: &Order, trade: &Trade, auth_code: &str) -> Result<Transaction, Error> {
        let till = self.settings().payment_code.as_ref();
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
        if !self.settings().methods.contains(method) {
            return Some(format!("this shop does not serve the method {id}"));
        }
        if !self.settings().currencies.contains(&currency) {
            return Some(format!("WeChat Pay does not take {} here", currency.code()));
        }
        if order.facts.mchid != self.settings().mchid {
            return Some("the order is of another merchant number".to_owned());
        }
        let needs_login = *method == Method::Jsapi && order.openid.is_none();
        let is_known = self.logins().has(self.login_appid(order));
        (needs_login && !is_known).then(|| NO_LOGIN.to_owned())
    }

    fn terms(&self, order: &Order, method: &Method) -> Terms {
        let sub_appid = order.facts.sub.as_ref().and_then(|sub| sub.appid.clone());
        let mini_program = self.settings().mini_program.as_ref().filter(|_| *method == Method::MiniProgram);
        match mini_program {
            // Whose it is tells under which of the two appids the payer is known: the sub-merchant's own is named beside the
            // provider's appid.
            Some(own) if sub_appid.as_ref() != Some(&own.appid) => {
                Terms { appid: own.appid.clone(), ..Terms::default() }
            }
            _ => Terms { appid: self.settings().appid.clone(), sub_appid, ..Terms::default() },
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
