//! Telling the merchant of a success, again and again until it says that it heard.

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
    /// Where to.
    pub notify_url: String,
    /// What is told: the trade as it was when it was paid.
    pub view: Value,
    /// When it was paid.
    pub create_time: Timestamp,
    /// When the next attempt is due.
    pub next_at: Timestamp,
    /// How many attempts were not acknowledged.
    pub failed: usize,
    /// An attempt is under way.
    #[serde(skip)]
    pub under_way: bool,
    /// How far it is.
    pub state: NoticeState,
}

/// All notices.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Notices(Vec<Notice>);

impl Notices {
    /// Plans another.
    pub fn push(&mut self, notice: Notice) {
        self.0.push(notice);
    }

    /// When the next attempt is due.
    pub fn due_at(&self) -> Option<Timestamp> {
        self.waiting().map(|notice| notice.next_at).min()
    }

    /// Takes the attempts that are due: from now on they are under way.
    pub fn take_due(&mut self, now: Timestamp) -> Vec<Notice> {
        let due = |notice: &&mut Notice| notice.waits() && notice.next_at <= now;
        let mut taken: Vec<Notice> = Vec::new();
        for notice in self.0.iter_mut().filter(due) {
            notice.under_way = true;
            taken.push(notice.clone());
        }
        taken.sort_by_key(|notice| notice.next_at);
        taken
    }

    /// Whether an attempt is due or under way.
    pub fn is_busy(&self, now: Timestamp) -> bool {
        self.0.iter().any(|notice| notice.under_way || notice.waits() && notice.next_at <= now)
    }

    /// What came of an attempt: acknowledged, or to be tried again by the plan, or given up.
    pub fn answered(&mut self, id: &str, acknowledged: bool) {
        let Some(notice) = self.0.iter_mut().find(|notice| notice.id == id) else { return };
        notice.under_way = false;
        if acknowledged {
            notice.state = NoticeState::Acknowledged;
            return;
        }
        match RETRY_MS.get(notice.failed) {
            Some(wait) => notice.next_at = plus(notice.next_at, *wait),
            None => notice.state = NoticeState::GivenUp,
        }
        notice.failed += 1;
    }

    /// The notice of a trade.
    pub fn of(&self, key: &Key) -> Option<&Notice> {
        self.0.iter().find(|notice| notice.key == *key)
    }

    fn waiting(&self) -> impl Iterator<Item = &Notice> {
        self.0.iter().filter(|notice| notice.waits())
    }
}

impl Notice {
    fn waits(&self) -> bool {
        self.state == NoticeState::Pending && !self.under_way
    }
}
