//! The order, as the shop reads it.

use serde::Serialize;
use serde_json::Value;
use wechat_cashier::contract::{self, Method, OrderStatus, Timestamp};

use super::refunds::ShopRefund;
use crate::domain::{Oddity, Order, TradeState, plus};
use crate::http::contract::TOKEN_OUTLIVES_MS;
use crate::http::{Purpose, Served, ShopSite, page};
use crate::store::Entry;

/// An order, its page's token, and all that is known of it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ShopOrder"))]
pub(super) struct ShopOrder {
    /// The shop's id of it.
    pub(super) order_id: String,
    /// Where the payer is sent to, if this backend serves the hosted page.
    pub(super) cashier_url: Option<String>,
    /// What the payer's page calls the contract with. It is good for this order alone, and made anew with each answer.
    pub(super) token: String,
    /// Until when it is good.
    pub(super) token_expires_at: Timestamp,
    /// Whether it is paid.
    #[cfg_attr(feature = "schema", schemars(with = "OrderStatus"))]
    pub(super) status: &'static str,
    /// The order as payers' pages see it.
    pub(super) order: contract::Order,
    /// What WeChat Pay knows of it, each under a number of its own, the earliest first.
    pub(super) trades: Vec<ShopTrade>,
    /// The numbers of the paid trades, in the order in which the backend heard of them.
    pub(super) paid: Vec<String>,
    /// What goes back, the earliest first.
    pub(super) refunds: Vec<ShopRefund>,
    /// What a person has to look at.
    pub(super) needs_attention: Vec<Oddity>,
    /// All that happened, the earliest first; only where one order is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) journal: Option<Vec<JournalEntry>>,
}

/// One number of an order.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct ShopTrade {
    /// The number, by which WeChat Pay knows it.
    pub(super) out_trade_no: String,
    /// How it is paid.
    pub(super) method: Method,
    /// What became of it.
    pub(super) state: TradeState,
}

/// One thing that happened to an order.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct JournalEntry {
    /// When.
    pub(super) at: Timestamp,
    /// What, in a word. There may be more words in a later version.
    pub(super) kind: String,
    /// The rest of it, for a person who looks into it: its shape is not promised.
    pub(super) body: Value,
}

impl From<Entry> for JournalEntry {
    fn from(Entry { at, kind, body }: Entry) -> Self {
        let body = serde_json::from_str(&body).unwrap_or(Value::String(body));
        Self { at, kind, body }
    }
}

impl Served {
    /// The order, its token, and all that is known of it.
    pub(super) fn for_the_shop(&self, shop: &ShopSite, order: &Order) -> ShopOrder {
        let order_id = &order.facts.order_id;
        let token_expires_at = plus(order.facts.expires_at, TOKEN_OUTLIVES_MS);
        let token = shop.tokens.mint(Purpose::Order, order_id, token_expires_at);
        let has_page = self.site.page.is_some();
        let trades = order.trades.iter().map(|trade| ShopTrade {
            out_trade_no: trade.out_trade_no.clone(),
            method: trade.method.clone(),
            state: trade.state.clone(),
        });
        ShopOrder {
            order_id: order_id.clone(),
            cashier_url: page::address(&self.site.public_url, order_id, &token).filter(|_| has_page),
            token,
            token_expires_at,
            status: order.status(self.backend.clock().now()).word(),
            order: self.contract_order(shop, order),
            trades: trades.collect(),
            paid: order.paid.clone(),
            refunds: order.refunds.iter().map(|refund| ShopRefund::of(order, refund)).collect(),
            needs_attention: order.oddities.clone(),
            journal: None,
        }
    }
}
