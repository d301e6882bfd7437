//! All that changes while the simulator runs.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wechat_cashier::contract::Timestamp;

use crate::bills::Bills;
use crate::clock::{Clock, plus};
use crate::faults::{Book, Fault};
use crate::ledger::{Key, Ledger, Notice, NoticeState, Notices, paid};
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

    /// When something happens next of itself: a refund ends, or a merchant is told.
    pub(crate) fn due_at(&self) -> Option<Timestamp> {
        [self.notices.due_at(), self.ledger.refund_due_at()].into_iter().flatten().min()
    }

    /// Whether something of that is due or under way.
    pub(crate) fn is_busy(&self, now: Timestamp) -> bool {
        self.notices.is_busy(now) || self.ledger.refund_due_at().is_some_and(|at| at <= now)
    }

    /// Plans a notice for each trade that was paid since, and for each refund that has ended.
    pub(crate) fn plan_notices(&mut self, now: Timestamp) {
        self.ledger.end_refunds(now);
        for refund in self.ledger.take_untold_refunds() {
            let (event, summary) = refund.status.event();
            let Some(notify_url) = refund.notify_url.clone() else { continue };
            let next_at = plus(now, self.late_ms(&refund.trade, "refund_notify"));
            let id = self.uuid();
            self.notices.push(Notice {
                id,
                key: refund.trade.clone(),
                out_refund_no: Some(refund.key.out_refund_no.clone()),
                event: (event.to_owned(), summary.to_owned()),
                notify_url,
                view: refund.told(),
                create_time: now,
                next_at,
                failed: 0,
                state: NoticeState::Pending,
            });
        }
        for key in self.ledger.take_untold() {
            let Some(trade) = self.ledger.query(&key, now) else { continue };
            let Some(notify_url) = trade.notify_url.clone() else { continue };
            let next_at = plus(now, self.late_ms(&key, "notify"));
            let id = self.uuid();
            self.notices.push(Notice {
                id,
                key,
                out_refund_no: None,
                event: paid(),
                notify_url,
                view: notified(trade.view()),
                create_time: now,
                next_at,
                failed: 0,
                state: NoticeState::Pending,
            });
        }
    }

    /// How much later than at once it is told.
    fn late_ms(&mut self, key: &Key, call: &str) -> i64 {
        let late = self.strike(key, call, |fault| matches!(fault, Fault::NotifyLate { .. }));
        late.iter().map(|fault| if let Fault::NotifyLate { ms } = fault { *ms } else { 0 }).sum()
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
