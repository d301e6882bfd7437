//! One order, the model of WeChat Pay, the pages and the time.

use std::collections::{BTreeMap, BTreeSet};

use wechat_cashier::contract::{Currency, Method, MethodOffer, Money, Timestamp};
use wechat_cashier_merchant::domain::{
    Addresses, Fact, Facts, ONE_SHOP, Order, Payment, Report, SecondPayment, Shop, Source, Status, Step, plus,
};

use crate::check::Seen;
use crate::told::Told;
use crate::wechat::Wechat;

/// How a call of the platform fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Well,
    /// It never arrives there.
    NoRequest,
    /// It is done there, and the answer is lost.
    NoAnswer,
    /// It is done there, and who asked dies before anything is written.
    Dies,
    /// Another process asked, and writes the answer later.
    Late,
}

#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) now: Timestamp,
    pub(crate) order: Order,
    pub(crate) wechat: Wechat,
    /// How the next calls fare; then all is well.
    pub(crate) lines: Vec<Line>,
    /// What pages were given, in the answer to a request or with the order.
    pub(crate) given: Vec<Payment>,
    /// What WeChat Pay would like to tell.
    pub(crate) notifications: Vec<Report>,
    /// Answers that another process has not written yet.
    pub(crate) late: Vec<(Timestamp, Fact)>,
    /// What was applied.
    pub(crate) journal: Vec<Fact>,
    /// Whether each fact is applied twice.
    pub(crate) twice: bool,
    /// The payer confirms in the moment before a reversal, and another process hears of it.
    pub(crate) crosses: bool,
    /// What was asked of the platform.
    pub(crate) calls: Vec<Step>,
    /// When each number was last asked about, or another process wrote what it had been told.
    pub(crate) asked_at: BTreeMap<String, Timestamp>,
    /// The numbers about which something old was written.
    pub(crate) stale: BTreeSet<String>,
    pub(crate) seen: Seen,
    pub(crate) told: Told,
}

/// The order's id, which is its first number.
pub(crate) const ID: &str = "T20261121001";
pub(crate) const APPID: &str = "wx2421b1c4370ec43b";
pub(crate) const MCHID: &str = "1900000109";
/// How long an order lives.
pub(crate) const LIFE_MS: i64 = 15 * 60 * 1000;

pub(crate) const NATIVE: Method = Method::Native;
pub(crate) const JSAPI: Method = Method::Jsapi;
pub(crate) const H5: Method = Method::H5;
pub(crate) const CODE: Method = Method::PaymentCode;

/// Its `n`th number.
pub(crate) fn number(n: usize) -> String {
    if n == 1 { ID.to_owned() } else { format!("{ID}-{n}") }
}

impl World {
    pub(crate) fn new() -> Self {
        let now = Timestamp::parse("2026-11-21T10:00:00Z").unwrap();
        let methods = [NATIVE, JSAPI, H5, CODE, Method::MiniProgram];
        let order = Order::new(Facts {
            shop: ONE_SHOP.to_owned(),
            order_id: ID.to_owned(),
            amount: Money { value: 1999, currency: Currency::new("CNY").unwrap() },
            description: "Oolong tea, 250 g".to_owned(),
            methods: methods.map(MethodOffer::from).to_vec(),
            created_at: now,
            expires_at: plus(now, LIFE_MS),
            return_url: None,
            mchid: MCHID.to_owned(),
            sub: None,
            telemetry_url: None,
            refund_second_payment: SecondPayment::ByHand,
        });
        Self {
            now,
            order,
            wechat: Wechat::new(),
            lines: Vec::new(),
            given: Vec::new(),
            notifications: Vec::new(),
            late: Vec::new(),
            journal: Vec::new(),
            twice: false,
            crosses: false,
            calls: Vec::new(),
            asked_at: BTreeMap::new(),
            stale: BTreeSet::new(),
            seen: Seen::default(),
            told: Told::default(),
        }
    }

    pub(crate) fn status(&self) -> Status {
        self.order.status(self.now)
    }

    pub(crate) fn is_paid(&self) -> bool {
        matches!(self.status(), Status::Paid { .. })
    }

    /// The fact happens now; whatever comes of it, the invariants hold.
    pub(crate) fn apply(&mut self, fact: Fact) {
        self.wechat.money_goes_back(self.now);
        let before = self.order.clone();
        self.order.apply(fact.clone(), self.now);
        self.check_fact(&before, &fact);
        if self.twice {
            let once = self.order.clone();
            self.order.apply(fact.clone(), self.now);
            assert_eq!(self.order.paid, once.paid, "applied twice, it counts twice: {fact:?}");
            assert_eq!(self.order.status(self.now), once.status(self.now), "{fact:?}");
        }
        self.journal.push(fact);
        self.tell(&before);
        self.check();
    }

    /// Another process writes what it was told.
    pub(crate) fn written(&mut self, fact: Fact) {
        let number = match &fact {
            Fact::Reported { source: Source::Query, report } if self.fits(report) => Some(&report.out_trade_no),
            Fact::NotFound { out_trade_no } => Some(out_trade_no),
            _ => None,
        };
        if let Some(number) = number.cloned() {
            self.asked_at.insert(number.clone(), self.now);
            self.stale.insert(number);
        }
        self.apply(fact);
    }

    /// What a page sees.
    pub(crate) fn look(&mut self) -> Option<Payment> {
        let shop = Shop { name: "Tea House".to_owned(), logo_url: None };
        let answer = self.order.answer(&shop, Addresses::default(), self.now);
        let good = self.order.good_payment(self.now).cloned();
        let shown = answer.payment.map(|shown| {
            let good = good.unwrap();
            assert_eq!(shown.payment_id, good.payment_id);
            good
        });
        self.given.extend(shown.clone());
        shown
    }

    /// Time passes. What other processes know is written at its time.
    pub(crate) fn pass(&mut self, ms: i64) {
        let end = plus(self.now, ms);
        while let Some(at) = self.late.iter().position(|(at, _)| *at <= end) {
            let (at, fact) = self.late.remove(at);
            self.now = self.now.max(at);
            self.written(fact);
        }
        self.now = end;
        self.wechat.money_goes_back(self.now);
        // As it is looked at when its time is up.
        self.tell(&self.order.clone());
        self.check();
    }

    /// Time passes, and what is due is done when it is.
    pub(crate) fn live(&mut self, ms: i64) {
        let end = plus(self.now, ms);
        for _ in 0..1_000 {
            match self.order.next_at(self.now) {
                Some(at) if at <= end => {
                    self.pass((at.millis() - self.now.millis()).max(0));
                    if self.work() == 0 && self.order.next_at(self.now).is_some_and(|next| next <= self.now) {
                        // It is looked at at the end of its time, and nothing is to be done.
                        panic!("due, and nothing to do: {:?}", self.order);
                    }
                }
                _ => return self.pass(end.millis() - self.now.millis()),
            }
        }
        panic!("it is never done with: {:?}\n{:?}", self.order, self.calls.iter().rev().take(10).collect::<Vec<_>>());
    }

    /// Queries, closings and reversals of a number since the call `from`.
    pub(crate) fn calls_since(&self, from: usize) -> Vec<&'static str> {
        self.calls.iter().skip(from).map(call).collect()
    }
}

/// Its name.
fn call(step: &Step) -> &'static str {
    match step {
        Step::Query { .. } => "query",
        Step::Close { .. } => "close",
        Step::Reverse { .. } => "reverse",
        Step::Take { .. } => "codepay",
        Step::Place { .. } => "place",
        Step::Refund { .. } => "refund",
        Step::QueryRefund { .. } => "query_refund",
        Step::Supersede { .. } | Step::LogIn | Step::OpenMiniProgram => "nothing",
    }
}
