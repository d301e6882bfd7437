//! Every APIv3 request, for tests and the panel to read.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;
use wechat_cashier::contract::Timestamp;

use crate::ledger::Key;

/// So many are kept.
const KEPT: usize = 5000;

/// A request that was answered.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Logged {
    /// Counts up.
    pub seq: u64,
    /// When it came, in simulated time.
    pub at: Timestamp,
    /// Who says that it asked; verified unless `code` is `SIGN_ERROR`.
    pub mchid: Option<String>,
    /// `GET` or `POST`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Which call.
    pub call: &'static str,
    /// The order it was about.
    pub out_trade_no: Option<String>,
    /// HTTP.
    pub status: u16,
    /// Of an error.
    pub code: Option<String>,
    /// The tail of `Request-ID`.
    pub number: u32,
    /// The faults that struck, by name.
    pub faults: Vec<String>,
}

/// How many queries of orders came in a second of the clock: in the latest, and in the busiest.
#[derive(Clone, Copy, Debug, Default)]
struct Second {
    latest: i64,
    queries: u64,
    most: u64,
}

impl Second {
    fn query(&mut self, at: Timestamp) {
        let second = at.millis().div_euclid(1000);
        self.queries = if second == self.latest { self.queries + 1 } else { 1 };
        self.latest = second;
        self.most = self.most.max(self.queries);
    }
}

/// The latest requests, and how often each order was queried.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestLog {
    requests: VecDeque<Logged>,
    queries: BTreeMap<Key, u64>,
    second: Second,
    seq: u64,
}

impl RequestLog {
    /// Writes one down.
    pub(crate) fn push(&mut self, mut logged: Logged) {
        self.seq += 1;
        logged.seq = self.seq;
        if let ("query", Some(mchid), Some(number)) = (logged.call, &logged.mchid, &logged.out_trade_no) {
            *self.queries.entry(Key::new(mchid, number)).or_default() += 1;
            self.second.query(logged.at);
        }
        self.requests.push_back(logged);
        if self.requests.len() > KEPT {
            self.requests.pop_front();
        }
    }

    /// The latest, the oldest first.
    pub(crate) fn requests(&self) -> impl DoubleEndedIterator<Item = &Logged> {
        self.requests.iter()
    }

    /// How many queries came in the busiest second.
    pub(crate) fn most_queries(&self) -> u64 {
        self.second.most
    }

    /// How often an order was queried.
    pub(crate) fn queries_of(&self, key: &Key) -> u64 {
        self.queries.get(key).copied().unwrap_or(0)
    }
}
