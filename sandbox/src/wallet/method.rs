//! The wallet's methods, by the trait that a merchant's own methods have.

use futures_util::future::BoxFuture;
use wechat_cashier::contract::{Action, Method};
use wechat_cashier_merchant::domain::{NotPlaced, Order, Refund, Terms, Trade};
use wechat_cashier_merchant::service::{CodePaid, Ended, Found, Gateway, Place, RefundFound, Refunding, Trouble};
use wechat_cashier_simulator::Simulator;

use super::{UNIONPAY, Wallet, WalletTrade};

/// One of the methods.
#[derive(Debug)]
pub(crate) struct WalletMethod {
    pub(crate) wallet: Wallet,
    pub(crate) clock: Simulator,
    /// Where its pay page is.
    pub(crate) origin: String,
}

impl WalletMethod {
    fn placed(&self, order: &Order, trade: &Trade, page_url: &str) -> Place {
        let mut trades = self.wallet.lock();
        match trades.get(&trade.out_trade_no).map(|known| known.trade_state.as_str()) {
            Some("SUCCESS" | "REFUND") => return Place::IsPaid,
            Some("CLOSED") => return Place::Not(NotPlaced::NumberUsed),
            _ => {}
        }
        let id: String = std::iter::repeat_with(fastrand::alphanumeric).take(24).collect();
        let action = match &trade.method {
            Method::Merchant(method) if method.starts_with("unionpay") => {
                Action::ShowQr { content: format!("{UNIONPAY}{id}") }
            }
            _ => {
                let query = url::form_urlencoded::Serializer::new(String::new())
                    .append_pair("id", &id)
                    .append_pair("return_url", page_url)
                    .finish();
                Action::Redirect { url: format!("{}/alipay/pay?{query}", self.origin) }
            }
        };
        let trade_type = if matches!(action, Action::ShowQr { .. }) { "UNIONPAY" } else { "WALLET" };
        let known = WalletTrade {
            trade_type: trade_type.to_owned(),
            out_trade_no: trade.out_trade_no.clone(),
            order_id: order.facts.order_id.clone(),
            description: order.facts.description.clone(),
            amount: order.facts.amount,
            trade_state: "NOTPAY".to_owned(),
            id,
            expires_at: order.facts.expires_at,
            success_time: None,
            appid: trade.terms.appid.clone(),
            mchid: order.facts.mchid.clone(),
            refunds: Vec::new(),
        };
        trades.insert(trade.out_trade_no.clone(), known);
        Place::Do(action)
    }

    fn ended(&self, trade: &Trade) -> Ended {
        let mut trades = self.wallet.lock();
        match trades.get_mut(&trade.out_trade_no) {
            None => Ended::Nothing,
            Some(known) if known.success_time.is_some() => Ended::IsPaid,
            Some(known) => {
                known.trade_state = "CLOSED".to_owned();
                Ended::Yes
            }
        }
    }
}

impl Gateway for WalletMethod {
    fn refuses(&self, _: &Order, _: &Method) -> Option<String> {
        None
    }

    fn terms(&self, _: &Order, method: &Method) -> Terms {
        Terms { appid: method.id().to_owned(), ..Terms::default() }
    }

    fn request(&self, order: &Order, trade: &Trade) -> Result<String, String> {
        Ok(format!("{} {}", trade.out_trade_no, order.facts.amount.value))
    }

    fn place<'a>(
        &'a self,
        order: &'a Order,
        trade: &'a Trade,
        page_url: &'a str,
    ) -> BoxFuture<'a, Result<Place, Trouble>> {
        Box::pin(async move { Ok(self.placed(order, trade, page_url)) })
    }

    fn pay_by_code<'a>(&'a self, _: &'a Order, _: &'a Trade, _: &'a str) -> BoxFuture<'a, Result<CodePaid, Trouble>> {
        Box::pin(async { Ok(CodePaid::Not(NotPlaced::Unavailable("the wallet reads no codes".to_owned()))) })
    }

    fn query<'a>(&'a self, _: &'a Order, trade: &'a Trade) -> BoxFuture<'a, Result<Found, Trouble>> {
        Box::pin(async move {
            let known = self.wallet.trade(&trade.out_trade_no);
            Ok(known.map_or(Found::Nothing, |mut known| {
                let is_late = known.success_time.is_none() && self.clock.now() >= known.expires_at;
                if is_late {
                    known.trade_state = "CLOSED".to_owned();
                }
                Found::Said(known.report())
            }))
        })
    }

    fn end<'a>(&'a self, _: &'a Order, trade: &'a Trade) -> BoxFuture<'a, Result<Ended, Trouble>> {
        Box::pin(async move { Ok(self.ended(trade)) })
    }

    fn refund<'a>(&'a self, _: &'a Order, refund: &'a Refund) -> BoxFuture<'a, Result<Refunding, Trouble>> {
        Box::pin(async move {
            let now = self.clock.now();
            Ok(match self.wallet.lock().get_mut(&refund.out_trade_no) {
                Some(known) => known.refund(&refund.out_refund_no, refund.amount, now),
                None => Refunding::Not("the wallet has no such order".to_owned()),
            })
        })
    }

    fn query_refund<'a>(&'a self, _: &'a Order, refund: &'a Refund) -> BoxFuture<'a, Result<RefundFound, Trouble>> {
        Box::pin(async move {
            let known = self.wallet.trade(&refund.out_trade_no);
            let report = known.and_then(|known| known.refunded(&refund.out_refund_no));
            Ok(report.map_or(RefundFound::Nothing, RefundFound::Said))
        })
    }
}
