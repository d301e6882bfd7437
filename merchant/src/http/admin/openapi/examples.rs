//! Values of the types that travel: what has one of them in the document is of that shape.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wechat_cashier::contract::{self, Currency, JsapiParams, Merchant, Method, Money, OrderStatus, Timestamp};

use crate::day::Day;
use crate::domain::{Receipt, RefundState, Source, TradeState};
use crate::http::admin::funnel::{FunnelAnswer, FunnelLine};
use crate::http::admin::list::{OrderLine, OrderList};
use crate::http::admin::order::{JournalEntry, ShopOrder, ShopTrade};
use crate::http::admin::orders::{InMiniProgram, NewOrder, PayerInMiniProgram};
use crate::http::admin::reconciliations::{DayLine, DayList};
use crate::http::admin::refunds::{ShopRefund, Wanted, WantedOfSecond};
use crate::http::admin::webhooks::{TestedWebhook, ToldWebhook, WebhookList};
use crate::reconcile::{Compared, Difference, Kind, Report, Seen, Side, State, Sum};

pub(super) const WEBHOOK_ID: &str = "msg_6f1c0a9e8d7b5a4c3e2f1d0b9a8c7e6d";
const ORDER_ID: &str = "T20261121001";
const TRANSACTION_ID: &str = "4200002511202611210000000001";

/// So many seconds after the order was made.
const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_255_200_000 + seconds * 1000)
}

#[expect(clippy::expect_used, reason = "ISO 4217 has it")]
fn money(value: i64) -> Money {
    Money { value, currency: Currency::new("CNY").expect("a currency") }
}

/// A body that the shop sends, which is of that type.
#[expect(clippy::expect_used, reason = "the texts are part of the source, and a test reads them all")]
fn body<T: DeserializeOwned>(name: &str, value: &Value) -> Value {
    T::deserialize(value).map(drop).expect("a body of that type");
    json!({ name: { "value": value } })
}

pub(super) fn new_orders() -> Value {
    let full = json!({
        "order_id": ORDER_ID, "amount": money(1999), "description": "乌龙茶 250 g", "methods": ["native", "jsapi"],
        "expires_in_s": 900, "return_url": "https://shop.example/orders/T20261121001",
    });
    body::<NewOrder>("order", &full)
}

pub(super) fn new_refunds() -> Value {
    body::<Wanted>("part", &json!({ "amount": money(999), "reason": "退货" }))
}

pub(super) fn new_refunds_of_second() -> Value {
    body::<WantedOfSecond>("with_a_reason", &json!({ "reason": "重复支付" }))
}

pub(super) fn payers_in_mini_program() -> Value {
    body::<PayerInMiniProgram>("payer", &json!({ "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" }))
}

/// The order as payers' pages see it.
fn order(status: OrderStatus, now: Timestamp) -> contract::Order {
    let is_paid = status == OrderStatus::Paid;
    contract::Order {
        order_id: ORDER_ID.to_owned(),
        status,
        paid_at: is_paid.then(|| at(192)),
        paid_by: is_paid.then_some(Method::Native),
        amount: money(1999),
        description: "乌龙茶 250 g".to_owned(),
        merchant: Merchant { name: "Tea House".to_owned(), logo_url: None },
        now,
        expires_at: at(900),
        methods: vec![Method::Native.into(), Method::Jsapi.into()],
        payment: None,
        return_url: Some("https://shop.example/orders/T20261121001".to_owned()),
        events_url: None,
        telemetry_url: None,
        unreadable: Vec::new(),
    }
}

pub(super) fn new_order() -> ShopOrder {
    let token = "1795342500.hJ0cW4m3o1m0m2n0x0vXoR8m4b7X0b3i3o1b3J9r0aM".to_owned();
    ShopOrder {
        order_id: ORDER_ID.to_owned(),
        cashier_url: Some(format!("https://pay.shop.example/cashier/?order={ORDER_ID}&token={token}")),
        token,
        token_expires_at: at(900 + 24 * 60 * 60),
        status: "pending",
        order: order(OrderStatus::Pending, at(0)),
        trades: Vec::new(),
        paid: Vec::new(),
        refunds: Vec::new(),
        needs_attention: Vec::new(),
        journal: None,
    }
}

pub(super) fn paid_order() -> ShopOrder {
    let receipt = Receipt {
        transaction_id: TRANSACTION_ID.to_owned(),
        success_time: at(192),
        heard_at: at(193),
        heard_by: Source::Notification,
        refunded: false,
    };
    let state = TradeState::Paid(receipt);
    ShopOrder {
        status: "paid",
        order: order(OrderStatus::Paid, at(3600)),
        trades: vec![ShopTrade { out_trade_no: ORDER_ID.to_owned(), method: Method::Native, state }],
        paid: vec![ORDER_ID.to_owned()],
        refunds: vec![refund()],
        journal: Some(vec![JournalEntry { at: at(600), kind: "closed".to_owned(), body: json!("closed") }]),
        ..new_order()
    }
}

pub(super) fn refund() -> ShopRefund {
    ShopRefund {
        out_refund_no: format!("{ORDER_ID}-R1"),
        out_trade_no: ORDER_ID.to_owned(),
        amount: money(999),
        reason: Some("退货".to_owned()),
        state: RefundState::Processing,
        asked_at: at(3000),
        refund_id: Some("50302511202611210000000001".to_owned()),
        success_time: None,
        why: None,
    }
}

pub(super) fn order_list() -> OrderList {
    let line = OrderLine {
        order_id: ORDER_ID.to_owned(),
        status: "paid",
        amount: money(1999),
        description: "乌龙茶 250 g".to_owned(),
        created_at: at(0),
        expires_at: at(900),
        paid_at: Some(at(192)),
        paid_by: Some(Method::Native),
        needs_attention: 0,
    };
    OrderList { orders: vec![line], next: Some(format!("{}.{ORDER_ID}", at(0).millis())) }
}

pub(super) fn in_mini_program() -> InMiniProgram {
    InMiniProgram {
        params: JsapiParams {
            app_id: "wx0123456789abcdef".to_owned(),
            time_stamp: "1795255200".to_owned(),
            nonce_str: "5K8264ILTKCH16CQ2502SI8ZNMTM67VS".to_owned(),
            package: "prepay_id=wx21180000000000000000000000000001".to_owned(),
            sign_type: "RSA".to_owned(),
            pay_sign: "oR9d8PuhnIc…".to_owned(),
        },
    }
}

pub(super) fn webhook() -> ToldWebhook {
    ToldWebhook {
        id: WEBHOOK_ID.to_owned(),
        order_id: Some(ORDER_ID.to_owned()),
        r#type: "order.paid".to_owned(),
        state: "delivered",
        created_at: at(193),
        next_at: None,
        tries: 1,
        last_at: Some(at(193)),
        last_status: Some(204),
        last_error: None,
        delivered_at: Some(at(193)),
        body: json!({ "type": "order.paid", "timestamp": at(193), "data": { "order_id": ORDER_ID, "status": "paid" } }),
    }
}

pub(super) fn webhook_list() -> WebhookList {
    WebhookList { webhooks: vec![webhook()] }
}

pub(super) fn tested_webhook() -> TestedWebhook {
    TestedWebhook { id: WEBHOOK_ID.to_owned(), delivered: true, status: Some(204), error: None }
}

pub(super) fn day_list() -> DayList {
    let day = DayLine {
        date: "2026-11-21".to_owned(),
        state: State::Different,
        made_at: at(58_000),
        next_at: None,
        differences: 1,
    };
    DayList { reconciliations: vec![day] }
}

pub(super) fn report() -> Report {
    let sums = |value| BTreeMap::from([("CNY".to_owned(), value)]);
    let here = Side { payments: 1, paid: sums(1999), ..Side::default() };
    let difference = Difference {
        kind: Kind::MissingThere,
        out_trade_no: ORDER_ID.to_owned(),
        order_id: Some(ORDER_ID.to_owned()),
        out_refund_no: None,
        shop: None,
        there: None,
        here: Some(Seen {
            state: "paid".to_owned(),
            amount: Some(Sum { value: 1999, currency: "CNY".to_owned() }),
            transaction_id: Some(TRANSACTION_ID.to_owned()),
            at: Some(at(192)),
        }),
    };
    Report {
        date: Day::of(at(0)),
        sub_mchid: None,
        made_at: at(58_000),
        state: State::Different,
        compared: Some(Compared {
            there: Side::default(),
            here,
            kinds: BTreeMap::from([(Kind::MissingThere, 1)]),
            differences: vec![difference],
            shops: BTreeMap::new(),
        }),
        why: None,
        failures: 0,
    }
}

pub(super) fn funnel() -> FunnelAnswer {
    let line = |stage: &str, visits| FunnelLine {
        date: "2026-11-21".to_owned(),
        stage: stage.to_owned(),
        method: "native".to_owned(),
        surface: "page".to_owned(),
        visits,
    };
    let counts = vec![line("abandoned", 9), line("begun", 96), line("paid", 81), line("shown", 98)];
    FunnelAnswer { from: Day::of(at(0)), to: Day::of(at(0)), counts }
}
