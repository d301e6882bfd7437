//! Several instances on one database: what the others write is news here too, and together they ask the platform no more than
//! one of them may.
//!
//! What others wrote is looked for by an index, not told by the database within the order's transaction: PostgreSQL's NOTIFY
//! holds a lock over its whole commit (<https://www.recall.ai/blog/postgres-listen-notify-does-not-scale>).

use std::collections::HashMap;
use std::time::Duration;

use wechat_cashier::contract::Timestamp;

use super::Backend;
use crate::domain::plus;
use crate::metrics;
use crate::store::{Changed, StoreError, Written};

/// So often an instance says that it lives.
const MEET_EACH: Duration = Duration::from_secs(5);
/// Who was not seen for so long is gone.
const SEEN_WITHIN_MS: i64 = 15_000;
/// So often it is looked for what others wrote.
const LOOK_EACH: Duration = Duration::from_millis(500);
/// A call of the store ends within three seconds: what was under way when it was last looked is there after this time.
const UNDER_WAY_MS: i64 = 5_000;
/// What was written while the others were not known yet.
const BEFORE_MET_MS: i64 = SEEN_WITHIN_MS + UNDER_WAY_MS;

/// What was heard of others' writing.
#[derive(Debug, Default)]
struct Heard {
    /// From when on it is looked next. None: at what is there, nothing is new.
    since: Option<Timestamp>,
    /// The versions that were told already, of orders written since then.
    told: HashMap<String, Written>,
}

impl Heard {
    /// The orders that were not told of in this version.
    fn news(&mut self, written: Vec<Written>) -> Vec<String> {
        let mut news = Vec::new();
        for written in written {
            let is_known = self.told.get(&written.order_id).is_some_and(|told| told.version == written.version);
            if !is_known {
                news.push(written.order_id.clone());
                self.told.insert(written.order_id.clone(), written);
            }
        }
        news
    }

    /// All that was written by now has been told, but for what is under way.
    fn until(&mut self, now: Timestamp) {
        let since = plus(now, -UNDER_WAY_MS);
        self.since = Some(since);
        self.told.retain(|_, written| written.changed_at >= since);
    }
}

impl Backend {
    /// Meets the other instances on this database, until the backend stops. `place` is where this one is, such as its machine and
    /// port: what was there before, and died without a word, is not taken for another.
    pub async fn meet_others(&self, place: &str) {
        let place = format!("{place}/");
        let instance = format!("{place}{:016x}", fastrand::u64(..));
        let mut stopping = self.stopping();
        tokio::select! {
            () = self.meet(&place, &instance) => {}
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
        // The others may ask more from now on. If it fails, they find out in a while.
        let _ = self.store().leave(&instance).await;
    }

    async fn meet(&self, place: &str, instance: &str) {
        let mut heard = Heard::default();
        let mut known = None;
        let mut meets = tokio::time::interval(MEET_EACH);
        let mut looks = tokio::time::interval(LOOK_EACH);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = meets.tick() => match self.store().meet(instance, SEEN_WITHIN_MS, known.is_none().then_some(place)).await {
                    Ok(alive) => {
                        self.0.quota.share(part(known, alive));
                        metrics::instances(alive);
                        known = Some(alive);
                        self.0.alive.send_replace(known);
                    }
                    Err(error) => tracing::warn!(error = %error, "the other instances are not known"),
                },
                _ = looks.tick() => {
                    // Alone, or with nobody who waits for news, there is nothing to look for.
                    let is_wanted = known.is_some_and(|alive| alive > 1) && self.0.news.receiver_count() > 0;
                    match is_wanted {
                        true => if let Err(error) = self.look(&mut heard).await {
                            tracing::warn!(error = %error, "what other instances wrote is not known");
                        },
                        false => heard = Heard::default(),
                    }
                }
            }
        }
    }

    /// Tells here what others wrote since it was last looked.
    async fn look(&self, heard: &mut Heard) -> Result<(), StoreError> {
        if heard.since.is_none() {
            let Changed { now, .. } = self.store().changed(None).await?;
            heard.since = Some(plus(now, -BEFORE_MET_MS));
        }
        let mut since = heard.since;
        let mut asked_at = None;
        loop {
            let Changed { now, orders, more } = self.store().changed(since).await?;
            let now = *asked_at.get_or_insert(now);
            // Of more in one millisecond than are told of at once, the rest is left: pages read each 45 s in any case.
            let last = orders.last().map(|written| written.changed_at).filter(|last| more && Some(*last) > since);
            heard.news(orders).iter().for_each(|order_id| self.announce(order_id));
            if last.is_none() {
                heard.until(now);
                return Ok(());
            }
            since = last;
        }
    }
}

/// Which part of the questions is an instance's. One that has just come asks nothing while the others do not know of it yet.
fn part(known: Option<u32>, alive: u32) -> f64 {
    match (known, alive) {
        (_, 1) => 1.0,
        (None, _) => 0.0,
        (Some(_), alive) => 1.0 / f64::from(alive),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(order_id: &str, version: i64, at: i64) -> Written {
        Written { order_id: order_id.to_owned(), version, changed_at: Timestamp::from_millis(at) }
    }

    #[test]
    fn each_version_is_told_once_and_what_comes_late_too() {
        let mut heard = Heard::default();
        assert_eq!(heard.news(vec![written("A", 1, 10_000), written("B", 1, 10_100)]), ["A", "B"]);
        heard.until(Timestamp::from_millis(12_000));
        // It is looked at the same again, and at one whose writing began before and ended after.
        assert_eq!(
            heard.news(vec![written("C", 4, 9_900), written("A", 1, 10_000), written("B", 2, 12_100)]),
            ["C", "B"]
        );
        heard.until(Timestamp::from_millis(17_000));
        assert_eq!(heard.since, Some(Timestamp::from_millis(12_000)));
        // What is older than all that can be told again is forgotten.
        assert_eq!(heard.told.len(), 1);
    }

    #[test]
    fn together_they_ask_no_more_than_one() {
        assert_eq!(part(None, 1), 1.0);
        assert_eq!(part(None, 2), 0.0);
        assert_eq!(part(Some(2), 2), 0.5);
        assert_eq!(part(Some(2), 1), 1.0);
    }
}
