//! What is to be done with a refund later, and when.

use wechat_cashier::contract::Timestamp;

use super::{Refund, RefundState};
use crate::domain::{ARRIVES_WITHIN_MS, Step, plus};

/// WeChat Pay is asked so long after it took the refund, for most go back at once.
const FIRST_QUERY_MS: i64 = 2_000;

/// Then in the rhythm of a third of the time since, within these bounds. WeChat Pay's own advice is each minute, and after
/// five minutes each 5, 10, 20, 30 minutes (<https://pay.weixin.qq.com/doc/v3/merchant/4013071041>); money goes back to a
/// bank in one to three days.
const QUERY_AFTER_MS: (i64, i64) = (5_000, 3_600_000);

/// A person has to look at an abnormal one at the platform. What comes of it is notified; should that be lost, a day later
/// it is found.
const ABNORMAL_QUERY_MS: i64 = 24 * 60 * 60 * 1000;

/// After failures: one second, twice as long each time, an hour at most: an empty account of the merchant's may last days.
const RETRY_MS: (i64, i64) = (1_000, 3_600_000);

impl Refund {
    /// Whether WeChat Pay has still to say what becomes of it.
    pub(super) fn is_under_way(&self) -> bool {
        matches!(
            self.state,
            RefundState::Asked | RefundState::Doubtful | RefundState::Processing | RefundState::Abnormal
        )
    }

    /// The next step with it, and when.
    pub(in crate::domain) fn plan(&self) -> Option<(Timestamp, Step)> {
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
