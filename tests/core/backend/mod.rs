//! A merchant backend with WeChat behind it, whose truth the tests set and know.

mod payments;

use wechat_cashier::contract::{
    Action, Currency, DecodeError, Failure, Merchant, Method, MethodOffer, Money, Order, OrderAnswer, OrderStatus,
    Problem, ProblemCode, RetryAfter, Settled, Timestamp,
};
use wechat_cashier::core::Instant;

pub(crate) use payments::{LOGIN, Minted, jsapi_params};

pub(crate) const ORDER: &str = "T20261121001";
const MINUTE_MS: i64 = 60_000;

/// The truth about one order, and what the backend knows of it.
#[derive(Clone, Debug)]
pub(crate) struct Backend {
    /// The server's clock at the page's `Instant::ZERO`.
    pub(crate) epoch_ms: i64,
    pub(crate) amount: Money,
    /// What the backend knows.
    pub(crate) status: OrderStatus,
    /// It says a word of a later version in place of `pending`.
    pub(crate) odd_word: bool,
    /// WeChat has the money since then; a lost callback leaves the backend without knowing.
    pub(crate) received_at: Option<Timestamp>,
    /// Whether it tells `paid_at`, which is optional.
    pub(crate) tells_paid_at: bool,
    /// By which way it says that it was paid.
    pub(crate) paid_by: Option<Method>,
    pub(crate) expires_at: Timestamp,
    pub(crate) methods: Vec<MethodOffer>,
    /// Orders carry their latest payment.
    pub(crate) resumes: bool,
    pub(crate) minted: Vec<Minted>,
    /// How long a new payment lives; None: as long as the order.
    pub(crate) code_life_ms: Option<i64>,
    /// What new codes say, in place of a `code_url`.
    pub(crate) content: Option<String>,
    /// What new payments want of the page, in place of what their method has.
    pub(crate) action: Option<Action>,
    /// The payer's openid is known.
    pub(crate) knows_payer: bool,
    /// It gets the openid for a login's code. One that cannot sends the payer to log in for ever.
    pub(crate) learns_payer: bool,
    /// Codes of logins that it has exchanged: WeChat takes each once (docs/platform.md, 5).
    pub(crate) spent: Vec<String>,
    /// Payment codes that it has taken; WeChat takes each once (docs/platform.md, 6).
    pub(crate) codes: Vec<String>,
    /// A repeated key is answered with the stored answer, `now` and all, as some backends do.
    pub(crate) replays_stored_answers: bool,
    pub(crate) logo_url: Option<String>,
    pub(crate) return_url: Option<String>,
    pub(crate) events_url: Option<String>,
    pub(crate) telemetry_url: Option<String>,
    /// Every second answer comes from a machine whose clock is so far ahead.
    pub(crate) second_clock_ms: i64,
    /// A cache on the way answers with this `now`, whatever the address, but not the address that is nobody's yet.
    pub(crate) cached: Option<Timestamp>,
    pub(crate) answers: u32,
}

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// It never arrives.
    Unreachable,
    /// It arrives and is carried out, and the answer is lost.
    AnswerLost,
    Refused(ProblemCode, Option<RetryAfter>),
    Unreadable,
    /// The answer is about another order, which is paid.
    OtherOrder,
    /// Of the answer about the order little more can be read than which it is, and whether it is paid.
    Settled,
}

/// What a developer is told of requests for the order,
pub(crate) const OF_ORDER: &str = "GET order";
/// and of those for a payment.
pub(crate) const OF_PAYMENT: &str = "POST payments";

pub(crate) fn refused(code: ProblemCode, retry_after: Option<RetryAfter>, detail: &str) -> Failure {
    let problem = Problem { code, status: code.http_status(), detail: None };
    Failure::Refused { problem, retry_after, detail: detail.to_owned() }
}

/// What the cashier makes of an answer that says this, and in which no field can be read that is not needed: of an order that
/// is neither paid nor refunded, nothing.
pub(crate) fn settled(order: &Order, amount: Option<Money>) -> Result<OrderAnswer, Failure> {
    if !matches!(order.status, OrderStatus::Paid | OrderStatus::Refunded) {
        return Err(unreadable());
    }
    let error = DecodeError { path: "now".to_owned(), reason: "missing field `now`".to_owned() };
    Ok(OrderAnswer::Settled(Box::new(Settled {
        order_id: order.order_id.clone(),
        status: order.status.clone(),
        paid_at: None,
        paid_by: order.paid_by.clone(),
        amount,
        description: None,
        merchant: None,
        return_url: None,
        unreadable: vec![error],
    })))
}

pub(crate) fn unreadable() -> Failure {
    DecodeError { path: "status".to_owned(), reason: "missing field `status`".to_owned() }.into()
}

/// A method of the merchant's own, as an order offers it.
pub(crate) fn own(id: &str, label: &str) -> MethodOffer {
    MethodOffer { method: Method::Merchant(id.to_owned()), label: Some(label.to_owned()), icon_url: None }
}

/// Every method of the contract, and two of the merchant's own: `alipay` sends the payer away, `unionpay` shows a QR.
pub(crate) fn every_method() -> Vec<MethodOffer> {
    let known = [Method::Native, Method::Jsapi, Method::H5, Method::MiniProgram, Method::PaymentCode];
    known.into_iter().map(MethodOffer::from).chain([own("alipay", "支付宝"), own("unionpay", "云闪付")]).collect()
}

impl Default for Backend {
    fn default() -> Self {
        let start = Timestamp::parse("2026-11-21T10:00:00Z").unwrap().millis();
        Self {
            epoch_ms: start,
            amount: Money { value: 1999, currency: Currency::new("CNY").unwrap() },
            status: OrderStatus::Pending,
            odd_word: false,
            received_at: None,
            tells_paid_at: true,
            paid_by: None,
            expires_at: Timestamp::from_millis(start + 15 * MINUTE_MS),
            methods: vec![Method::Native.into()],
            resumes: true,
            minted: Vec::new(),
            code_life_ms: None,
            content: None,
            action: None,
            knows_payer: true,
            learns_payer: true,
            spent: Vec::new(),
            codes: Vec::new(),
            replays_stored_answers: false,
            return_url: Some("https://shop.example/orders/T20261121001".to_owned()),
            events_url: None,
            telemetry_url: None,
            logo_url: None,
            second_clock_ms: 0,
            cached: None,
            answers: 0,
        }
    }
}

impl Backend {
    /// The server's clock, truly.
    pub(crate) fn clock(&self, now: Instant) -> Timestamp {
        Timestamp::from_millis(self.epoch_ms + i64::try_from(now.millis()).unwrap())
    }

    pub(crate) fn has_expired(&self, now: Instant) -> bool {
        self.clock(now) >= self.expires_at
    }

    /// WeChat takes the money. Without the callback the backend hears of it only by asking.
    pub(crate) fn pay(&mut self, callback: bool, now: Instant) {
        self.received_at = self.received_at.or(Some(self.clock(now)));
        if callback && self.status != OrderStatus::Refunded {
            self.status = OrderStatus::Paid;
        }
    }

    pub(crate) fn close(&mut self) {
        if self.status == OrderStatus::Pending {
            self.status = OrderStatus::Closed;
        }
    }

    pub(crate) fn refund(&mut self) {
        if self.status == OrderStatus::Paid {
            self.status = OrderStatus::Refunded;
        }
    }

    pub(crate) fn order(&self, now: Instant) -> Order {
        let status = match self.status.clone() {
            OrderStatus::Pending if self.odd_word => OrderStatus::Unknown("processing".to_owned()),
            status => status,
        };
        let paid_at = self.received_at.filter(|_| self.tells_paid_at && status == OrderStatus::Paid);
        Order {
            order_id: ORDER.to_owned(),
            status,
            paid_at,
            paid_by: self.paid_by.clone().filter(|_| matches!(self.status, OrderStatus::Paid | OrderStatus::Refunded)),
            amount: self.amount,
            description: "Oolong tea, 250 g".to_owned(),
            merchant: Merchant { name: "Tea House".to_owned(), logo_url: self.logo_url.clone() },
            now: self.clock(now),
            expires_at: self.expires_at,
            methods: self.methods.clone(),
            payment: self.latest().filter(|_| self.resumes).map(|minted| minted.payment(self.clock(now))),
            return_url: self.return_url.clone(),
            events_url: self.events_url.clone(),
            telemetry_url: self.telemetry_url.clone(),
            unreadable: Vec::new(),
        }
    }

    pub(crate) fn answer_order(&mut self, verify: bool, fault: &Fault, now: Instant) -> Result<Box<Order>, Failure> {
        fail(fault, OF_ORDER)?;
        if verify && self.received_at.is_some() && self.status != OrderStatus::Refunded {
            self.status = OrderStatus::Paid;
        }
        let mut order = self.order(now);
        self.answers += 1;
        if self.answers.is_multiple_of(2) {
            order.now = Timestamp::from_millis(order.now.millis() + self.second_clock_ms);
        }
        order.now = self.cached.unwrap_or(order.now);
        if *fault == Fault::OtherOrder {
            order.order_id = "T20261121002".to_owned();
            order.status = OrderStatus::Paid;
        }
        Ok(Box::new(order))
    }
}

fn fail(fault: &Fault, request: &str) -> Result<(), Failure> {
    match fault {
        Fault::None | Fault::OtherOrder | Fault::AnswerLost | Fault::Settled => Ok(()),
        Fault::Unreachable => Err(Failure::Unreachable { detail: request.to_owned() }),
        Fault::Refused(code, retry_after) => Err(refused(*code, *retry_after, request)),
        Fault::Unreadable => Err(unreadable()),
    }
}
