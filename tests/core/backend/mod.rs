//! A merchant backend with WeChat behind it, whose truth the tests set and know.

use wechat_cashier::contract::{
    Action, Currency, DecodeError, Failure, Merchant, Method, Money, Order, OrderStatus, Payment, PaymentRequest,
    Problem, ProblemCode, RetryAfter, Timestamp,
};
use wechat_cashier::core::Instant;

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
    pub(crate) expires_at: Timestamp,
    pub(crate) methods: Vec<Method>,
    /// Orders carry their latest payment.
    pub(crate) resumes: bool,
    pub(crate) minted: Vec<Minted>,
    /// How long a new code lives; None: as long as the order.
    pub(crate) code_life_ms: Option<i64>,
    /// What new codes say, in place of a `code_url`.
    pub(crate) content: Option<String>,
    /// A repeated key is answered with the stored answer, `now` and all, as some backends do.
    pub(crate) replays_stored_answers: bool,
    pub(crate) return_url: Option<String>,
    pub(crate) events_url: Option<String>,
}

/// A payment that the backend made.
#[derive(Clone, Debug)]
pub(crate) struct Minted {
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) replaces: Option<String>,
    pub(crate) content: String,
    pub(crate) expires_at: Option<Timestamp>,
    now: Timestamp,
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
}

pub(crate) fn refused(code: ProblemCode, retry_after: Option<RetryAfter>) -> Failure {
    Failure::Refused { problem: Problem { code, status: code.http_status(), detail: None }, retry_after }
}

pub(crate) fn unreadable() -> Failure {
    Failure::Unreadable(DecodeError { path: "status".to_owned(), reason: "missing field `status`".to_owned() })
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
            expires_at: Timestamp::from_millis(start + 15 * MINUTE_MS),
            methods: vec![Method::Native],
            resumes: true,
            minted: Vec::new(),
            code_life_ms: None,
            content: None,
            replays_stored_answers: false,
            return_url: Some("https://shop.example/orders/T20261121001".to_owned()),
            events_url: None,
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

    /// Makes a payment, which is then the order's latest.
    pub(crate) fn mint(&mut self, key: &str, replaces: Option<String>, now: Instant) -> &Minted {
        let count = self.minted.len() + 1;
        let at = self.clock(now);
        self.minted.push(Minted {
            id: format!("p{count}"),
            key: key.to_owned(),
            replaces,
            content: self.content.clone().unwrap_or_else(|| format!("weixin://wxpay/bizpayurl?pr=code{count}")),
            expires_at: self.code_life_ms.map(|life_ms| Timestamp::from_millis(at.millis() + life_ms)),
            now: at,
        });
        self.minted.last().unwrap()
    }

    pub(crate) fn by_content(&self, content: &str) -> Option<&Minted> {
        self.minted.iter().find(|minted| minted.content == content)
    }

    pub(crate) fn order(&self, now: Instant) -> Order {
        let status = match self.status {
            OrderStatus::Pending if self.odd_word => OrderStatus::Unknown,
            status => status,
        };
        let paid_at = self.received_at.filter(|_| self.tells_paid_at && status == OrderStatus::Paid);
        Order {
            order_id: ORDER.to_owned(),
            status,
            paid_at,
            amount: self.amount,
            description: "Oolong tea, 250 g".to_owned(),
            merchant: Merchant { name: "Tea House".to_owned(), logo_url: None },
            now: self.clock(now),
            expires_at: self.expires_at,
            methods: self.methods.iter().cloned().map(Into::into).collect(),
            payment: self.minted.last().filter(|_| self.resumes).map(|minted| payment(minted, self.clock(now))),
            return_url: self.return_url.clone(),
            events_url: self.events_url.clone(),
            telemetry_url: None,
        }
    }

    pub(crate) fn answer_order(&mut self, verify: bool, fault: &Fault, now: Instant) -> Result<Box<Order>, Failure> {
        self.fail(fault)?;
        if verify && self.received_at.is_some() && self.status != OrderStatus::Refunded {
            self.status = OrderStatus::Paid;
        }
        let mut order = self.order(now);
        if *fault == Fault::OtherOrder {
            order.order_id = "T20261121002".to_owned();
            order.status = OrderStatus::Paid;
        }
        Ok(Box::new(order))
    }

    pub(crate) fn answer_payment(
        &mut self,
        key: &str,
        request: &PaymentRequest,
        fault: &Fault,
        now: Instant,
    ) -> Result<Payment, Failure> {
        self.fail(fault)?;
        match self.status {
            OrderStatus::Paid | OrderStatus::Refunded => return Err(refused(ProblemCode::OrderPaid, None)),
            OrderStatus::Closed => return Err(refused(ProblemCode::OrderClosed, None)),
            OrderStatus::Pending | OrderStatus::Unknown => {}
        }
        if self.has_expired(now) {
            return Err(refused(ProblemCode::OrderExpired, None));
        }
        if let Some(known) = self.minted.iter().find(|minted| minted.key == key) {
            let stamped = if self.replays_stored_answers { known.now } else { self.clock(now) };
            return Ok(payment(known, stamped));
        }
        let stamped = self.clock(now);
        Ok(payment(self.mint(key, request.replaces.clone(), now), stamped))
    }

    fn fail(&self, fault: &Fault) -> Result<(), Failure> {
        match fault {
            Fault::None | Fault::OtherOrder | Fault::AnswerLost => Ok(()),
            Fault::Unreachable => Err(Failure::Unreachable),
            Fault::Refused(code, retry_after) => Err(refused(*code, *retry_after)),
            Fault::Unreadable => Err(unreadable()),
        }
    }
}

fn payment(minted: &Minted, now: Timestamp) -> Payment {
    Payment {
        payment_id: minted.id.clone(),
        method: Method::Native,
        now,
        expires_at: minted.expires_at,
        action: Action::ShowQr { content: minted.content.clone() },
    }
}
