//! Telling the merchant of a success, again and again until it says that it heard.

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{Money, Timestamp};

use super::Platform;
use crate::clock::plus;

/// How long the platform waits between one attempt and the next (docs/platform.md, 7.2): 15 more attempts in 24 h 4
/// min.
const RETRY_MS: [i64; 15] = [
    15_000, 15_000, 30_000, 180_000, 600_000, 1_200_000, 1_800_000, 1_800_000, 1_800_000, 3_600_000, 10_800_000,
    10_800_000, 10_800_000, 21_600_000, 21_600_000,
];

/// When the merchant is told next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NotifyPlan {
    next_at: Timestamp,
    failed: usize,
}

impl NotifyPlan {
    pub(super) fn at(first: Timestamp) -> Self {
        Self { next_at: first, failed: 0 }
    }
}

/// What a notify says of the trade: the same as a query would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The merchant's number.
    pub out_trade_no: String,
    /// The merchant's order.
    pub attach: String,
    /// What was paid.
    pub amount: Money,
    /// When it was paid.
    pub success_time: Timestamp,
}

impl Platform {
    /// When the next notify is due.
    pub fn notify_due_at(&self) -> Option<Timestamp> {
        self.trades.values().filter_map(|trade| trade.notify.as_ref()).map(|plan| plan.next_at).min()
    }

    /// The notify that is due at `now`, the earliest first.
    pub fn notify_due(&self, now: Timestamp) -> Option<Notification> {
        let due = |at: Timestamp| at <= now;
        let waiting = self.trades.values().filter_map(|trade| Some((trade.notify.as_ref()?.next_at, trade)));
        let (_, trade) = waiting.filter(|(at, _)| due(*at)).min_by_key(|(at, _)| *at)?;
        Some(Notification {
            out_trade_no: trade.out_trade_no.clone(),
            attach: trade.attach.clone(),
            amount: trade.amount,
            success_time: trade.success_time?,
        })
    }

    /// Puts off the next notify of the trade behind a handle.
    pub(crate) fn delay_notify(&mut self, handle: &str, delay_ms: i64) {
        let Some(handle) = self.handles.get(handle) else { return };
        let plan = self.trades.get_mut(&handle.out_trade_no).and_then(|trade| trade.notify.as_mut());
        if let Some(plan) = plan {
            plan.next_at = plus(plan.next_at, delay_ms);
        }
    }

    /// What came of an attempt: acknowledged, or to be tried again by the plan, or given up.
    pub fn notify_answered(&mut self, out_trade_no: &str, acknowledged: bool) {
        let Some(trade) = self.trades.get_mut(out_trade_no) else { return };
        trade.notify = match trade.notify.take() {
            Some(NotifyPlan { next_at, failed }) if !acknowledged => {
                RETRY_MS.get(failed).map(|wait| NotifyPlan { next_at: plus(next_at, *wait), failed: failed + 1 })
            }
            _ => None,
        };
    }
}
