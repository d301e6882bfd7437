//! Telling the merchant of a payment or of a refund's end, again and again until it says that it heard.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wechat_cashier::contract::Timestamp;

use super::Key;
use crate::clock::plus;

/// How long the platform waits between one attempt and the next (docs/platform.md, 7.2): 15 more attempts in 24 h 4 min.
const RETRY_MS: [i64; 15] = [
    15_000, 15_000, 30_000, 180_000, 600_000, 1_200_000, 1_800_000, 1_800_000, 1_800_000, 3_600_000, 10_800_000,
    10_800_000, 10_800_000, 21_600_000, 21_600_000,
];

/// How far the telling is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// An attempt is still to come, or under way.
    Pending,
    /// The merchant has heard.
    Acknowledged,
    /// The last attempt has failed.
    GivenUp,
}

/// What a merchant is to be told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// 36 characters; the same in each attempt.
    pub id: String,
    /// The trade.
    pub key: Key,
    /// The refund that it tells of. None: of the payment.
    #[serde(default)]
    pub out_refund_no: Option<String>,
    /// Its event and its summary.
    #[serde(default = "paid")]
    pub event: (String, String),
    /// Where to.
    pub notify_url: String,
    /// What is told: the trade as it was when it was paid, or the refund as it ended.
    pub view: Value,
    /// When that was.
    pub create_time: Timestamp,
    /// When the next attempt is due.
    pub next_at: Timestamp,
    /// How many attempts were not acknowledged.
    pub failed: usize,
    /// How far it is.
    pub state: NoticeState,
}

/// What a notice is about: a payment, or a refund of it. One that was mended is told of anew.
pub type NoticeKey = (Key, Option<String>);

impl Notice {
    /// What it is about.
    pub fn about(&self) -> NoticeKey {
        (self.key.clone(), self.out_refund_no.clone())
    }

    /// What kind of thing its content is.
    pub fn original_type(&self) -> &'static str {
        if self.out_refund_no.is_some() { "refund" } else { "transaction" }
    }

    /// For faults.
    pub fn call(&self) -> &'static str {
        if self.out_refund_no.is_some() { "refund_notify" } else { "notify" }
    }
}

/// The event and the summary of a payment.
pub(crate) fn paid() -> (String, String) {
    ("TRANSACTION.SUCCESS".to_owned(), "支付成功".to_owned())
}

/// All notices: one for each paid trade and each refund whose merchant is told.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    all: BTreeMap<NoticeKey, Notice>,
    /// Those whose next attempt is still to come, by when it is due.
    waiting: BTreeSet<(Timestamp, NoticeKey)>,
    /// How many attempts are under way.
    under_way: usize,
}

impl Notices {
    /// Plans another.
    pub fn push(&mut self, notice: Notice) {
        // What a refund was told of before it was mended is told no more.
        if let Some(before) = self.all.get(&notice.about()) {
            self.waiting.remove(&(before.next_at, before.about()));
        }
        self.waiting.insert((notice.next_at, notice.about()));
        self.all.insert(notice.about(), notice);
    }

    /// When the next attempt is due.
    pub fn due_at(&self) -> Option<Timestamp> {
        self.waiting.first().map(|(at, _)| *at)
    }

    /// Takes the attempts that are due, the earliest first: from now on they are under way.
    pub fn take_due(&mut self, now: Timestamp) -> Vec<Notice> {
        let mut taken = Vec::new();
        while let Some((at, key)) = self.waiting.pop_first() {
            if at > now {
                self.waiting.insert((at, key));
                break;
            }
            taken.extend(self.all.get(&key).cloned());
        }
        self.under_way += taken.len();
        taken
    }

    /// Whether an attempt is due or under way.
    pub fn is_busy(&self, now: Timestamp) -> bool {
        self.under_way > 0 || self.due_at().is_some_and(|at| at <= now)
    }

    /// What came of an attempt: acknowledged, or to be tried again by the plan, or given up.
    pub fn answered(&mut self, id: &str, key: &NoticeKey, acknowledged: bool) {
        // After everything was forgotten, an attempt may still be under way that was begun before.
        let Some(notice) = self.all.get_mut(key) else { return };
        self.under_way = self.under_way.saturating_sub(1);
        if notice.id != id {
            return;
        }
        if acknowledged {
            notice.state = NoticeState::Acknowledged;
            return;
        }
        match RETRY_MS.get(notice.failed) {
            Some(wait) => {
                notice.next_at = plus(notice.next_at, *wait);
                self.waiting.insert((notice.next_at, key.clone()));
            }
            None => notice.state = NoticeState::GivenUp,
        }
        notice.failed += 1;
    }

    /// All of them, to be written down. An attempt that is under way is made again by whoever goes on from there.
    pub fn kept(&self) -> Vec<Notice> {
        self.all.values().cloned().collect()
    }

    /// Goes on from what was kept.
    pub fn restore(&mut self, kept: Vec<Notice>) {
        *self = Self::default();
        for notice in kept {
            match notice.state {
                NoticeState::Pending => self.push(notice),
                NoticeState::Acknowledged | NoticeState::GivenUp => _ = self.all.insert(notice.about(), notice),
            }
        }
    }

    /// The notice of a trade's payment, or of a refund of it.
    pub fn of(&self, key: &Key, out_refund_no: Option<&str>) -> Option<&Notice> {
        self.all.get(&(key.clone(), out_refund_no.map(str::to_owned)))
    }
}
