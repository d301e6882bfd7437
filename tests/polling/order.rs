//! What the backend says.

use wechat_cashier::contract::{
    Action, Currency, Merchant, Method, Money, Order, OrderAnswer, OrderStatus, Payment, Timestamp,
};

use super::LIFE_MS;

/// The order's id.
pub(crate) const ID: &str = "T1";
/// The server's clock when the page begins.
const EPOCH_MS: i64 = 1_795_255_200_000;

/// The order as the backend has it `ms` milliseconds after the page began: with its code, so that one answer shows it.
pub(crate) fn answer(ms: u64, paid: bool, events: bool) -> OrderAnswer {
    let now = at(ms);
    let payment = Payment {
        payment_id: "P1".to_owned(),
        method: Method::Native,
        now,
        expires_at: None,
        action: Action::ShowQr { content: "weixin://wxpay/bizpayurl?pr=p4lpSuKzz".to_owned() },
        unreadable: Vec::new(),
    };
    OrderAnswer::Whole(Box::new(Order {
        order_id: ID.to_owned(),
        status: if paid { OrderStatus::Paid } else { OrderStatus::Pending },
        paid_at: None,
        paid_by: None,
        amount: Money { value: 1999, currency: Currency::new("CNY").unwrap() },
        description: String::new(),
        merchant: Merchant { name: "Tea House".to_owned(), logo_url: None },
        now,
        expires_at: at(LIFE_MS),
        methods: vec![Method::Native.into()],
        payment: Some(payment),
        return_url: None,
        events_url: events.then(|| "/events".to_owned()),
        telemetry_url: None,
        unreadable: Vec::new(),
    }))
}

fn at(ms: u64) -> Timestamp {
    Timestamp::from_millis(EPOCH_MS + i64::try_from(ms).unwrap())
}
