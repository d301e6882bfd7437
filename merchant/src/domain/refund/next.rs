//! What is to be done with a refund later, and when.

use wechat_cashier::contract::Timestamp;

use super::{Refund, RefundState};
use crate::domain::{ARRIVES_WITHIN_MS, Order, Step, plus};

/// WeChat Pay is asked so long after it took the refund, for most go back at once.
const FIRST_QUERY_MS: i64 = 2_000;

/// Then in the rhythm of a third of the time since, within these bounds. WeChat Pay's own advice is each minute, and after
/// five minutes each 5, 10, 20, 30 minutes (<https://pay.weixin.qq.com/doc/v3/merchant/4013071041>); money goes back to a
/// bank in one to three days.
const QUERY_AFTER_MS: (i64, i64) = (5_000, 3_600_000);

/// A person has to look at an abnormal one at the platform. What comes of it is notified; should that be lost, a day later
/// it is found.
const ABNORMAL_QUERY_MS: i64 = 24 * 60 * 60 * 1000;

/// Between two refunds of one trade (docs/platform.md, 7.7). What comes sooner is refused.
const APART_MS: i64 = 60_000;

/// After failures: one second, twice as long each time, an hour at most: an empty account of the merchant's may last days.
const RETRY_MS: (i64, i64) = (1_000, 3_600_000);

impl Order {
    /// The next step with a refund, and when. The first request for it comes a minute after those of the trade's earlier
    /// ones.
    pub(in crate::domain) fn plan_refund(&self, refund: &Refund) -> Option<(Timestamp, Step)> {
        let (at, step) = refund.plan()?;
        if refund.state != RefundState::Asked || refund.failures > 0 {
            return Some((at, step));
        }
        let earlier = self.refunds_of(&refund.out_trade_no).take_while(|earlier| *earlier != refund);
        let sent = earlier.filter(|earlier| earlier.state != RefundState::Refused).map(Refund::last_sent);
        Some((sent.map(|sent| plus(sent, APART_MS)).max().map_or(at, |apart| apart.max(at)), step))
    }
}

impl Refund {
    /// When it was last asked for, as far as it is known.
    fn last_sent(&self) -> Timestamp {
        let tried = match self.state {
            RefundState::Asked | RefundState::Doubtful => self.failed_at,
            _ => None,
        };
        self.taken_at.max(tried).unwrap_or(self.asked_at)
    }

    /// Whether WeChat Pay has still to say what becomes of it.
    pub(super) fn is_under_way(&self) -> bool {
        matches!(
            self.state,
            RefundState::Asked | RefundState::Doubtful | RefundState::Processing | RefundState::Abnormal
        )
    }

    fn plan(&self) -> Option<(Timestamp, Step)> {
        let out_refund_no = self.out_refund_no.clone();
        let query = Step::QueryRefund { out_refund_no: out_refund_no.clone() };
        let (at, step) = match self.state {
            RefundState::Asked => (self.asked_at, Step::Refund { out_refund_no }),
            RefundState::Doubtful => (plus(self.failed_at.unwrap_or(self.asked_at), ARRIVES_WITHIN_MS), query),
            RefundState::Processing => (self.query_at(), query),
            RefundState::Abnormal => {
                (plus(self.queried_at.or(self.taken_at).unwrap_or(self.asked_at), ABNORMAL_QUERY_MS), query)
            }
            RefundState::Success | RefundState::Closed | RefundState::Refused => return None,
        };
        Some((self.not_too_soon(at), step))
    }

    fn query_at(&self) -> Timestamp {
        let taken_at = self.taken_at.unwrap_or(self.asked_at);
        let Some(last) = self.queried_at else { return plus(taken_at, FIRST_QUERY_MS) };
        let (least, most) = QUERY_AFTER_MS;
        plus(last, (last.millis().saturating_sub(taken_at.millis()) / 3).clamp(least, most))
    }

    fn not_too_soon(&self, at: Timestamp) -> Timestamp {
        let Some(failed_at) = self.failed_at.filter(|_| self.failures > 0) else { return at };
        let (first, most) = RETRY_MS;
        let wait = first.saturating_mul(1 << (self.failures - 1).min(12)).min(most);
        at.max(plus(failed_at, wait))
    }
}
