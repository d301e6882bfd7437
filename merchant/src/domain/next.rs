//! What is to be done with an order later, and when. Each order has one moment at which it is looked at next.

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{Method, Timestamp};

use super::apply::ARRIVES_WITHIN_MS;
use super::{Order, Status, Terms, Trade, TradeState, plus};

/// For how long a worker that took an order keeps the others from it. It is longer than a call of the platform may take;
/// when a worker dies, another goes on after it.
pub const LEASE_MS: i64 = 20_000;

/// No trade is asked about again within this time, however many pages want it verified.
const VERIFY_EACH_MS: i64 = 2_000;

/// The rhythm of questions: a third of the time since a page was given something to pay by, within these bounds, so
/// that a notification that is lost early costs seconds, and an order that lies there costs little. WeChat Pay's own
/// advice is 5 s, 30 s, 1 min, 3 min, 5 min, 10 min, 30 min
/// (<https://pay.weixin.qq.com/doc/v3/merchant/4012075249>); a page that asks with `verify` is quicker than either.
const QUERY_AFTER_MS: (i64, i64) = (5_000, 300_000);

/// Of a payment by code there is no notification: it is asked about each 5 s, and taken back when the payer has not
/// confirmed in 45 s, never within 15 s (docs/platform.md, 6).
const CODE_QUERY_MS: i64 = 5_000;
pub(super) const CODE_CONFIRM_MS: i64 = 45_000;
const CODE_REVERSE_AFTER_MS: i64 = 15_000;

/// After the last moment to pay, so that a payment of the last moment is in the platform's books.
const EXPIRY_GRACE_MS: i64 = 2_000;

/// After failures: one second, twice as long each time, a minute at most.
const RETRY_MS: (i64, i64) = (1_000, 60_000);

/// One thing that `service` carries out. What comes of it is a [`super::Fact`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Ask WeChat Pay what became of a trade.
    Query {
        /// Its number.
        out_trade_no: String,
    },
    /// Have WeChat Pay close it.
    Close {
        /// Its number.
        out_trade_no: String,
    },
    /// Have WeChat Pay take a payment by code back.
    Reverse {
        /// Its number.
        out_trade_no: String,
    },
    /// Take a new number.
    Take {
        /// The number.
        out_trade_no: String,
        /// How it will be paid.
        method: Method,
        /// With which terms.
        terms: Terms,
    },
    /// Ask the platform for something to pay a taken number by; again for a fresh one.
    Place {
        /// Its number.
        out_trade_no: String,
    },
    /// Say that another trade takes this one's place. It is ended next.
    Supersede {
        /// Its number.
        out_trade_no: String,
    },
    /// Ask WeChat Pay to give money back; again under the same number if nothing was heard.
    Refund {
        /// The refund's number.
        out_refund_no: String,
    },
    /// Ask WeChat Pay what became of a refund.
    QueryRefund {
        /// The refund's number.
        out_refund_no: String,
    },
    /// Send the payer to log in with WeChat, to learn the openid.
    LogIn,
    /// Send the payer to the mini-program's page.
    OpenMiniProgram,
}

impl Step {
    /// One word for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Query { .. } => "query",
            Self::Close { .. } => "close",
            Self::Reverse { .. } => "reverse",
            Self::Take { .. } => "take",
            Self::Place { .. } => "place",
            Self::Supersede { .. } => "supersede",
            Self::Refund { .. } => "refund",
            Self::QueryRefund { .. } => "query refund",
            Self::LogIn => "log in",
            Self::OpenMiniProgram => "open the mini-program",
        }
    }
}

impl Order {
    /// What is due at `now`. When it has been carried out, there may be more.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> Option<Step> {
        self.planned().min_by_key(|(at, _)| *at).filter(|(at, _)| *at <= now).map(|(_, step)| step)
    }

    /// When to look at it next. None: nothing more will happen of itself.
    #[must_use]
    pub fn next_at(&self, now: Timestamp) -> Option<Timestamp> {
        let planned = self.planned().map(|(at, _)| at).min();
        planned.or_else(|| {
            let ends_by_itself = self.status(now) == Status::Pending;
            ends_by_itself.then_some(self.facts.expires_at)
        })
    }

    /// A page wants WeChat Pay asked before it is answered: what to ask, if not asked just now.
    #[must_use]
    pub fn verify(&self, now: Timestamp) -> Option<Step> {
        let asked_long_ago = |trade: &&Trade| {
            let last = trade.queried_at.max(trade.failed_at).unwrap_or(trade.taken_at);
            now.millis().saturating_sub(last.millis()) >= VERIFY_EACH_MS
        };
        let trade = self.trades.iter().rev().filter(|trade| trade.is_open()).find(asked_long_ago)?;
        Some(Step::Query { out_trade_no: trade.out_trade_no.clone() })
    }

    fn planned(&self) -> impl Iterator<Item = (Timestamp, Step)> {
        let trades = self.trades.iter().filter(|trade| trade.is_open()).map(|trade| self.plan(trade));
        trades.chain(self.refunds.iter().filter_map(|refund| self.plan_refund(refund)))
    }

    fn plan(&self, trade: &Trade) -> (Timestamp, Step) {
        if let Some(since) = trade.said_paid_at {
            let again_at = not_too_soon(trade, plus(since, ARRIVES_WITHIN_MS));
            return (again_at, Step::Query { out_trade_no: trade.out_trade_no.clone() });
        }
        let (query_at, end_at) = (query_at(trade), self.end_at(trade));
        if end_at > query_at {
            return (not_too_soon(trade, query_at), Step::Query { out_trade_no: trade.out_trade_no.clone() });
        }
        (not_too_soon(trade, end_at), trade.end(end_at))
    }

    /// From when on nobody shall pay by this trade any more.
    pub(super) fn end_at(&self, trade: &Trade) -> Timestamp {
        let others = self.paid.iter().filter(|number| **number != trade.out_trade_no);
        let paid_by_another = others.filter_map(|number| self.trade(number)?.receipt()).map(|paid| paid.heard_at);
        let of_the_order = paid_by_another
            .chain(self.closed_at)
            .chain([plus(self.facts.expires_at, EXPIRY_GRACE_MS)])
            .min()
            .unwrap_or(self.facts.expires_at);
        let of_the_trade = trade.ending.map(|ending| ending.since);
        let end_at = match trade.is_by_code() {
            false => of_the_order,
            true => {
                of_the_order.max(plus(trade.taken_at, CODE_REVERSE_AFTER_MS)).min(plus(trade.taken_at, CODE_CONFIRM_MS))
            }
        };
        of_the_trade.map_or(end_at, |since| since.min(end_at))
    }
}

impl Trade {
    /// The next step to its end, which is wanted since a time. A reversal gives back what was paid, and a number of which nothing was
    /// heard may be another's: both are asked about first.
    pub(super) fn end(&self, since: Timestamp) -> Step {
        let out_trade_no = self.out_trade_no.clone();
        let is_asked_first = self.is_by_code() || self.state == TradeState::Taken;
        // What may be paid is not reversed.
        if self.said_paid_at.is_some() || (is_asked_first && self.queried_at.is_none_or(|at| at < since)) {
            return Step::Query { out_trade_no };
        }
        match self.is_by_code() {
            true => Step::Reverse { out_trade_no },
            false => Step::Close { out_trade_no },
        }
    }
}

/// When it is to be asked about, in the rhythm of its method.
fn query_at(trade: &Trade) -> Timestamp {
    let last = trade.queried_at.unwrap_or(trade.taken_at);
    if trade.is_by_code() {
        return plus(last, CODE_QUERY_MS);
    }
    let shown = trade.shown_at.unwrap_or(trade.taken_at);
    let (least, most) = QUERY_AFTER_MS;
    let last = last.max(shown);
    plus(last, ((last.millis() - shown.millis()) / 3).clamp(least, most))
}

impl Trade {
    /// Whether something failed just now: who asks again at once only makes it worse.
    pub(super) fn is_put_off(&self, now: Timestamp) -> bool {
        self.failed_at.is_some_and(|at| self.failures > 0 && now < plus(at, RETRY_MS.0))
    }
}

/// Puts off what has failed.
fn not_too_soon(trade: &Trade, at: Timestamp) -> Timestamp {
    let Some(failed_at) = trade.failed_at.filter(|_| trade.failures > 0) else { return at };
    let (first, most) = RETRY_MS;
    let wait = first.saturating_mul(1 << (trade.failures - 1).min(10)).min(most);
    at.max(plus(failed_at, wait))
}
