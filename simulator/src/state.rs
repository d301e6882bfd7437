//! All that changes while the simulator runs.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wechat_cashier::contract::Timestamp;

use crate::bills::Bills;
use crate::clock::{Clock, plus};
use crate::faults::{Book, Fault};
use crate::ledger::{Key, Ledger, Notice, NoticeState, Notices};
use crate::log::RequestLog;
use crate::merchants::PlatformKeys;

/// All that changes while the simulator runs.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) ledger: Ledger,
    pub(crate) notices: Notices,
    pub(crate) faults: Book,
    pub(crate) bills: Bills,
    pub(crate) log: RequestLog,
    pub(crate) phone: PhoneSettings,
    pub(crate) probes: Probes,
    pub(crate) keys: Arc<PlatformKeys>,
    pub(crate) random: fastrand::Rng,
}

/// How the payer's phone is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhoneSettings {
    /// Whose WeChat it is, where a call does not say.
    pub account: String,
    /// Every payment by code asks for the password, not only the large ones.
    pub ask_password: bool,
    /// False: OAuth shows error 10003.
    pub oauth: bool,
}

impl Default for PhoneSettings {
    fn default() -> Self {
        Self { account: "A".to_owned(), ask_password: false, oauth: true }
    }
}

/// What became of the probes with a wrong signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Probes {
    /// Refused by 4xx or 5xx, as it should be.
    pub refused: u64,
    /// Taken for real.
    pub accepted: u64,
    /// Not answered.
    pub unanswered: u64,
}

impl State {
    pub(crate) fn new(seed: u64, clock: Clock, keys: Arc<PlatformKeys>) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        Self {
            clock,
            ledger: Ledger::new(random.u64(..)),
            notices: Notices::default(),
            faults: Book::default(),
            bills: Bills::default(),
            log: RequestLog::default(),
            phone: PhoneSettings::default(),
            probes: Probes::default(),
            keys,
            random,
        }
    }

    /// The faults among the wanted that strike this order now.
    pub(crate) fn strike(&mut self, key: &Key, call: &str, wanted: impl Fn(&Fault) -> bool) -> Vec<Fault> {
        self.faults.take(key, call, wanted, &mut self.random)
    }

    /// Plans a notice for each trade that was paid since.
    pub(crate) fn plan_notices(&mut self, now: Timestamp) {
        for key in self.ledger.take_untold() {
            let Some(trade) = self.ledger.query(&key, now) else { continue };
            let Some(notify_url) = trade.notify_url.clone() else { continue };
            let late = self.strike(&key, "", |fault| matches!(fault, Fault::NotifyLate { .. }));
            let late_ms = late.iter().map(|fault| if let Fault::NotifyLate { ms } = fault { *ms } else { 0 }).sum();
            let id = self.uuid();
            self.notices.push(Notice {
                id,
                key,
                notify_url,
                view: notified(trade.view()),
                create_time: now,
                next_at: plus(now, late_ms),
                failed: 0,
                state: NoticeState::Pending,
            });
        }
    }

    fn uuid(&mut self) -> String {
        let mut text = format!("{:032x}", self.random.u128(..));
        for at in [20, 16, 12, 8] {
            text.insert(at, '-');
        }
        text
    }
}

/// A notification of a payment without an `attach` has an empty one.
fn notified(mut view: Value) -> Value {
    if view.get("attach").is_none() {
        view["attach"] = "".into();
    }
    view
}
