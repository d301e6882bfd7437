//! How many requests a merchant may make in one second of simulated time.

use wechat_cashier::contract::Timestamp;

use crate::log::RequestLog;

/// Whether another request is one too many. The log holds those before.
pub(super) fn is_too_many(log: &RequestLog, mchid: &str, per_second: Option<u32>, now: Timestamp) -> bool {
    let Some(most) = per_second else { return false };
    let second = |at: Timestamp| at.millis().div_euclid(1000);
    let latest = log.requests().rev().take_while(|logged| second(logged.at) == second(now));
    latest.filter(|logged| logged.mchid.as_deref() == Some(mchid)).count() >= most as usize
}
