//! Every request of the contract, order by order, with when it began and ended: what the tests count.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde::Serialize;
use wechat_cashier::contract::{OrderStatus, Timestamp};

use crate::faults::{Call, Fault};

/// An order's log keeps so many requests and forgets the oldest.
const KEPT_MAX: usize = 5_000;

/// One request.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    /// Counts the requests of all orders.
    pub seq: u64,
    /// Which call.
    pub call: Call,
    /// The HTTP method.
    pub method: String,
    /// The path with its query; the token is left out.
    pub path: String,
    /// When it began: real milliseconds since the sandbox started, never going back.
    pub start_ms: u64,
    /// When its answer was ready, or the page gave up. None while it runs. Of events: when the stream ended.
    pub end_ms: Option<u64>,
    /// When it began, in sandbox time.
    pub at: Timestamp,
    /// The HTTP status answered.
    pub status: Option<u16>,
    /// The order's status as it was answered, where an order was.
    pub answered: Option<OrderStatus>,
    /// True when the page gave up before the answer.
    pub aborted: bool,
    /// The faults that this answer met.
    pub faults: Vec<Fault>,
    /// The request's `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// What the page said of itself: its `User-Agent`, `Referer` and `X-Cashier-…` headers.
    pub page: BTreeMap<String, String>,
}

/// What the log says of an order.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// How many status requests there were.
    pub status_requests: usize,
    /// How many status requests ran at the same time, at most.
    pub max_concurrent: usize,
    /// All requests, the earliest first.
    pub requests: Vec<Request>,
}

/// The log of all orders.
#[derive(Clone, Debug)]
pub(crate) struct RequestLog {
    started: Instant,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    seq: u64,
    orders: BTreeMap<String, Vec<Request>>,
}

impl Default for RequestLog {
    fn default() -> Self {
        Self { started: Instant::now(), kept: Arc::default() }
    }
}

/// A request as it comes in.
#[derive(Debug)]
pub(crate) struct Begun {
    pub(crate) call: Call,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) at: Timestamp,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) page: BTreeMap<String, String>,
}

/// A request under way. Dropped before it is finished, it was given up by the page.
#[derive(Debug)]
pub(crate) struct UnderWay {
    log: RequestLog,
    order_id: String,
    seq: u64,
    answered: bool,
}

impl RequestLog {
    pub(crate) fn begin(&self, order_id: &str, begun: Begun) -> UnderWay {
        let mut kept = self.lock();
        kept.seq += 1;
        let seq = kept.seq;
        let requests = kept.orders.entry(order_id.to_owned()).or_default();
        if requests.len() >= KEPT_MAX {
            requests.remove(0);
        }
        requests.push(Request {
            seq,
            call: begun.call,
            method: begun.method,
            path: begun.path,
            start_ms: self.elapsed_ms(),
            end_ms: None,
            at: begun.at,
            status: None,
            answered: None,
            aborted: false,
            faults: Vec::new(),
            idempotency_key: begun.idempotency_key,
            page: begun.page,
        });
        UnderWay { log: self.clone(), order_id: order_id.to_owned(), seq, answered: false }
    }

    pub(crate) fn report(&self, order_id: &str) -> Report {
        let requests = self.lock().orders.get(order_id).cloned().unwrap_or_default();
        let status: Vec<_> = requests.iter().filter(|request| request.call == Call::Order).collect();
        // The most at one time is found where one begins.
        let running = |at: u64| {
            status.iter().filter(|other| other.start_ms <= at && other.end_ms.is_none_or(|end| end > at)).count().max(1)
        };
        Report {
            status_requests: status.len(),
            max_concurrent: status.iter().map(|request| running(request.start_ms)).max().unwrap_or(0),
            requests,
        }
    }

    pub(crate) fn forget(&self, order_id: &str) {
        self.lock().orders.remove(order_id);
    }

    pub(crate) fn forget_all(&self) {
        self.lock().orders.clear();
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl UnderWay {
    /// The answer is ready.
    pub(crate) fn answer(&mut self, status: u16, answered: Option<OrderStatus>, faults: Vec<Fault>) {
        self.answered = true;
        self.edit(|request| {
            request.status = Some(status);
            request.answered = answered;
            request.faults = faults;
        });
    }

    fn edit(&self, edit: impl FnOnce(&mut Request)) {
        let mut kept = self.log.lock();
        let requests = kept.orders.get_mut(&self.order_id);
        if let Some(request) = requests.and_then(|list| list.iter_mut().rev().find(|request| request.seq == self.seq)) {
            edit(request);
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let end_ms = self.log.elapsed_ms();
        let aborted = !self.answered;
        self.edit(|request| {
            request.end_ms = Some(end_ms);
            request.aborted = aborted;
        });
    }
}
