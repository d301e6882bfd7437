//! The order in the contract's words.

use wechat_cashier::contract::{self, Merchant, OrderStatus, Timestamp};

use super::{Order, Status};

/// Who sells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shop {
    /// The merchant's name.
    pub name: String,
    /// Address of a picture.
    pub logo_url: Option<String>,
}

/// Where a page finds what else there is for this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Server-sent events.
    pub events_url: Option<String>,
    /// Telemetry.
    pub telemetry_url: Option<String>,
}

impl Order {
    /// As the contract answers it at `now`.
    #[must_use]
    pub fn answer(&self, shop: &Shop, addresses: Addresses, now: Timestamp) -> contract::Order {
        let status = self.status(now);
        let (paid_at, paid_by) = match &status {
            Status::Paid { out_trade_no, paid_at } => {
                (Some(*paid_at), self.trade(out_trade_no).map(|trade| trade.method.clone()))
            }
            _ => (None, None),
        };
        let is_pending = status == Status::Pending;
        contract::Order {
            order_id: self.facts.order_id.clone(),
            status: match status {
                Status::Pending => OrderStatus::Pending,
                Status::Paid { .. } => OrderStatus::Paid,
                Status::Closed => OrderStatus::Closed,
                Status::Refunded => OrderStatus::Refunded,
            },
            paid_at,
            paid_by,
            amount: self.facts.amount,
            description: self.facts.description.clone(),
            merchant: Merchant { name: shop.name.clone(), logo_url: shop.logo_url.clone() },
            now,
            expires_at: self.facts.expires_at,
            methods: self.facts.methods.clone(),
            payment: self.good_payment(now).filter(|_| is_pending).map(|payment| payment.answer(now)),
            return_url: self.facts.return_url.clone(),
            events_url: addresses.events_url,
            telemetry_url: addresses.telemetry_url,
            unreadable: Vec::new(),
        }
    }
}
