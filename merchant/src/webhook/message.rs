//! One event as it is sent: its id and its body.

use aws_lc_rs::digest;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use wechat_cashier::contract::{Money, Timestamp};

use super::{Event, Kind};
use crate::domain::{Order, Status, Strange, Trade};
use crate::reconcile::Report;

/// So many bytes of a digest make an id.
const ID_BYTES: usize = 18;

/// What is sent. The body never changes, however often it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `webhook-id`.
    pub id: String,
    /// The type of what is told.
    pub kind: String,
    /// The body, JSON.
    pub body: String,
}

impl Message {
    /// An event of an order that is as it is at `now`. None: it is not told of.
    ///
    /// The id follows from what happened: after a restore from an older copy the same payment is found again and told of again,
    /// under the id that the shop has seen.
    #[must_use]
    pub fn of(event: &Event, order: &Order, now: Timestamp) -> Option<Self> {
        let kind = event.kind()?;
        let facts = &order.facts;
        let paying = paying(order, now);
        let mut data = json!({
            "order_id": facts.order_id,
            "status": order.status(now).word(),
            "amount": facts.amount,
            "created_at": facts.created_at,
            "expires_at": facts.expires_at,
        });
        for (name, value) in payment(paying) {
            data[name] = value;
        }
        let subject = match event {
            Event::Became(Status::Paid { .. } | Status::Refunded) => {
                paying.map(|trade| trade.out_trade_no.clone()).unwrap_or_default()
            }
            Event::Became(Status::Closed | Status::Pending) => String::new(),
            Event::WentBack(refund) => {
                data["refund"] = json!({
                    "out_refund_no": refund.out_refund_no,
                    "out_trade_no": refund.out_trade_no,
                    "refund_id": refund.refund_id,
                    "amount": Money { value: refund.amount, currency: facts.amount.currency },
                    "reason": refund.reason,
                    "success_time": refund.success_time,
                });
                refund.out_refund_no.clone()
            }
            Event::Noticed(odd) if kind == Kind::PaidTwice => {
                data["second_payment"] = payment(order.trade(&odd.out_trade_no)).into_iter().collect();
                odd.out_trade_no.clone()
            }
            Event::Noticed(odd) => {
                let (what, all) = told(&odd.what);
                data["attention"] = json!({ "what": what, "out_trade_no": odd.out_trade_no, "at": odd.at });
                format!("{}\n{all}", odd.out_trade_no)
            }
        };
        let created_at = facts.created_at.millis();
        let id = id(&format!("{}\n{created_at}\n{}\n{subject}", facts.order_id, kind.word()));
        Some(Self { id, kind: kind.word().to_owned(), body: body(kind.word(), now, &data) })
    }

    /// A day that is other in WeChat Pay's bill than in a shop's orders. Compared again with the same outcome, it is the same
    /// message.
    #[must_use]
    pub fn of_day(report: &Report, shop: &str) -> Option<Self> {
        let compared = report.compared.as_ref().filter(|compared| compared.count() > 0)?;
        let word = Kind::DayDiffers.word();
        let data = json!({
            "date": report.date,
            "differences": compared.count(),
            "kinds": compared.kinds,
            "first": compared.differences.first(),
        });
        let id = id(&format!("{word}\n{}\n{shop}\n{}", report.date, json!(compared)));
        Some(Self { id, kind: word.to_owned(), body: body(word, report.made_at, &data) })
    }

    /// One that tells nothing, to try whether it arrives.
    #[must_use]
    pub fn test(now: Timestamp) -> Self {
        const WORD: &str = "webhook.test";
        let id = id(&format!("{WORD}\n{}\n{}", now.millis(), fastrand::u64(..)));
        Self { id, kind: WORD.to_owned(), body: body(WORD, now, &json!({})) }
    }
}

fn body(kind: &str, at: Timestamp, data: &Value) -> String {
    json!({ "type": kind, "timestamp": at, "data": data }).to_string()
}

fn id(subject: &str) -> String {
    let digest = digest::digest(&digest::SHA256, subject.as_bytes());
    ["msg_", &BASE64_URL_SAFE_NO_PAD.encode(&digest.as_ref()[..ID_BYTES])].concat()
}

/// The trade that pays the order, or did before the money went back.
fn paying(order: &Order, now: Timestamp) -> Option<&Trade> {
    match order.status(now) {
        Status::Paid { out_trade_no, .. } => order.trade(&out_trade_no),
        Status::Refunded => order.paid.last().and_then(|number| order.trade(number)),
        Status::Pending | Status::Closed => None,
    }
}

/// A payment as the shop and WeChat Pay know it. Who paid is nobody's business here.
fn payment(trade: Option<&Trade>) -> [(String, Value); 4] {
    let receipt = trade.and_then(Trade::receipt);
    [
        ("paid_at", json!(receipt.map(|receipt| receipt.success_time))),
        ("paid_by", json!(trade.map(|trade| &trade.method))),
        ("out_trade_no", json!(trade.map(|trade| &trade.out_trade_no))),
        ("transaction_id", json!(receipt.map(|receipt| &receipt.transaction_id))),
    ]
    .map(|(name, value)| (name.to_owned(), value))
}

/// The word for what is strange, and all of it as a text. What it is in detail, the shop reads with the order.
fn told(what: &Strange) -> (String, String) {
    let json = json!(what);
    let word = match &json {
        Value::String(word) => word.clone(),
        Value::Object(fields) => fields.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    };
    (word, json.to_string())
}

#[cfg(test)]
pub(super) mod tests {
    use wechat_cashier::contract::{Currency, Method};

    use super::*;
    use crate::domain::{Facts, Oddity, Receipt, Refund, RefundState, Source, Terms, TradeState};

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    pub(in crate::webhook) fn order() -> Order {
        Order::new(Facts {
            shop: crate::domain::ONE_SHOP.to_owned(),
            order_id: "T20261130001".to_owned(),
            amount: Money { value: 1999, currency: Currency::new("CNY").unwrap() },
            description: "茶".to_owned(),
            methods: vec![Method::Native.into()],
            created_at: at(0),
            expires_at: at(900_000),
            return_url: None,
            mchid: "1900000001".to_owned(),
            sub: None,
            telemetry_url: None,
            refund_second_payment: crate::domain::SecondPayment::ByHand,
        })
    }

    /// The order with a trade that somebody has paid by.
    pub(in crate::webhook) fn paid(mut order: Order, number: &str) -> Order {
        let terms = Terms { openid: Some("oPayer".to_owned()), ..Terms::default() };
        let mut trade = Order::taken(number.to_owned(), Method::Jsapi, terms, String::new(), at(1));
        trade.state = TradeState::Paid(Receipt {
            transaction_id: format!("42{number}"),
            success_time: at(2_000),
            heard_at: at(3_000),
            heard_by: Source::Query,
            refunded: false,
        });
        order.trades.push(trade);
        order.paid.push(number.to_owned());
        order.openid = Some("oPayer".to_owned());
        order
    }

    /// Money that went back.
    pub(in crate::webhook) fn refund(number: &str, amount: i64) -> Refund {
        Refund {
            out_refund_no: number.to_owned(),
            out_trade_no: "T1-1".to_owned(),
            amount,
            reason: Some("one cup".to_owned()),
            key: None,
            body_digest: String::new(),
            state: RefundState::Success,
            asked_at: at(3_000),
            taken_at: Some(at(3_000)),
            queried_at: None,
            failures: 0,
            failed_at: None,
            refund_id: Some(format!("50{number}")),
            success_time: Some(at(3_500)),
            why: None,
        }
    }

    #[test]
    fn a_refund_is_told_with_its_own_amount() {
        let mut order = paid(order(), "T1-1");
        order.refunds.push(refund("T1-R1", 500));
        let (first, body) = message(&Event::WentBack(refund("T1-R1", 500)), &order);
        assert_eq!(
            (&body["type"], &body["data"]["refund"]),
            (
                &json!("order.refund_succeeded"),
                &json!({
                    "out_refund_no": "T1-R1",
                    "out_trade_no": "T1-1",
                    "refund_id": "50T1-R1",
                    "amount": { "value": 500, "currency": "CNY" },
                    "reason": "one cup",
                    "success_time": "1970-01-01T00:00:03.5Z",
                })
            )
        );
        let (second, _) = message(&Event::WentBack(refund("T1-R2", 500)), &order);
        assert_ne!(first.id, second.id);
    }

    fn message(event: &Event, order: &Order) -> (Message, Value) {
        let message = Message::of(event, order, at(4_000)).unwrap();
        let body = serde_json::from_str(&message.body).unwrap();
        (message, body)
    }

    #[test]
    fn a_payment_is_told_whole_and_without_the_payer() {
        let order = paid(order(), "T20261130001");
        let (message, body) = message(&Event::Became(order.status(at(4_000))), &order);
        assert_eq!(
            body,
            json!({
                "type": "order.paid",
                "timestamp": "1970-01-01T00:00:04Z",
                "data": {
                    "order_id": "T20261130001",
                    "status": "paid",
                    "amount": { "value": 1999, "currency": "CNY" },
                    "created_at": "1970-01-01T00:00:00Z",
                    "expires_at": "1970-01-01T00:15:00Z",
                    "paid_at": "1970-01-01T00:00:02Z",
                    "paid_by": "jsapi",
                    "out_trade_no": "T20261130001",
                    "transaction_id": "42T20261130001",
                },
            })
        );
        assert!(!message.body.contains("oPayer"), "{}", message.body);
        assert!(message.id.starts_with("msg_") && !message.id.contains('.'), "{}", message.id);
    }

    #[test]
    fn what_happened_once_has_one_id_whenever_it_is_heard_of() {
        let order = paid(order(), "T20261130001");
        let became = |now| Message::of(&Event::Became(order.status(at(now))), &order, at(now)).unwrap();
        assert_eq!(became(4_000).id, became(9_000).id);
        let closed = Message::of(&Event::Became(Status::Closed), &order, at(4_000)).unwrap();
        assert_ne!(became(4_000).id, closed.id);
        let mut other = order.clone();
        other.facts.created_at = at(1_000);
        let other = Message::of(&Event::Became(other.status(at(4_000))), &other, at(4_000)).unwrap();
        assert_ne!(became(4_000).id, other.id, "an order made anew under the same number is another");
        assert_ne!(Message::test(at(0)).id, Message::test(at(0)).id);
    }

    #[test]
    fn a_second_payment_is_named_beside_the_first() {
        let order = paid(paid(order(), "T20261130001"), "T20261130001-2");
        let receipt = order.trades[1].receipt().cloned().unwrap();
        let odd =
            Oddity { at: at(3_000), out_trade_no: "T20261130001-2".to_owned(), what: Strange::PaidTwice { receipt } };
        let (_, body) = message(&Event::Noticed(odd), &order);
        let data = &body["data"];
        assert_eq!((&body["type"], &data["status"]), (&json!("order.paid_twice"), &json!("paid")));
        assert_eq!(data["transaction_id"], "42T20261130001");
        assert_eq!(data["second_payment"]["transaction_id"], "42T20261130001-2");
        assert_eq!(data["second_payment"]["out_trade_no"], "T20261130001-2");
    }

    #[test]
    fn what_needs_a_person_is_named_by_a_word() {
        let odd = |what| Oddity { at: at(3_000), out_trade_no: "T20261130001".to_owned(), what };
        let word = Strange::UnknownState { word: "ODD".to_owned() };
        let (first, body) = message(&Event::Noticed(odd(word)), &order());
        assert_eq!(body["data"]["attention"]["what"], "unknown_state");
        assert_eq!((&body["data"]["status"], &body["data"]["paid_at"]), (&json!("pending"), &Value::Null));
        let (second, body) = message(&Event::Noticed(odd(Strange::RefundSeen)), &order());
        assert_eq!(body["data"]["attention"]["what"], "refund_seen");
        assert_ne!(first.id, second.id);
    }
}
