//! How payers fare: what cashiers' pages tell (docs/telemetry.md), and what is counted of it.
//!
//! | file | what |
//! |---|---|
//! | `visit.rs` | one visit: how far it came, how it ended |
//! | `funnel.rs` | many of them, in detail |
//! | `tally.rs` | what is counted of them for good |
//!
//! Pages tell it to whoever knows the address, and nobody waits for it: it is kept in memory, only so much of it, and counted from
//! there; what is written is the counts, now and then. No order, payment or answer to a page ever waits for it or depends on it.

mod funnel;
mod tally;
mod visit;

pub use funnel::{ErrorCount, Funnel, Lap, StepCount};
pub use tally::{Counts, Place, stages};

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use wechat_cashier::contract::{FunnelBatch, FunnelEvent, Timestamp};

use crate::day::Day;
use crate::domain::plus;
use visit::Visit;

/// So many batches are kept, the latest.
const BATCHES_MAX: usize = 2_000;
/// And so many events of theirs. A batch of the cashier's has twenty at most.
const EVENTS_MAX: usize = 40_000;
/// A batch that was kept while offline comes within a week. What claims to be older is of the day on which it came.
const LATE_MS: u64 = 8 * 24 * 60 * 60 * 1000;
/// So many counts wait to be written, while the database does not answer. There are some hundred for each day.
const WAITING_MAX: usize = 20_000;

/// What came, each batch once.
#[derive(Debug, Default)]
pub struct Telemetry {
    /// The merchant's own ways to pay.
    methods: Vec<String>,
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    batches: VecDeque<(Day, FunnelBatch)>,
    events: usize,
    /// What is not written yet.
    counts: Counts,
}

/// What was done about a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is counted.
    New,
    /// It is here already. A cashier sends a batch again when it cannot know whether it arrived.
    Known,
}

impl Telemetry {
    /// With the ids of the merchant's own ways to pay.
    #[must_use]
    pub fn new(methods: Vec<String>) -> Self {
        Self { methods, heard: Mutex::default() }
    }

    /// Takes a batch in.
    pub fn take(&self, batch: FunnelBatch, now: Timestamp) -> Taken {
        let mut heard = self.lock();
        if heard.batches.iter().any(|(_, known)| known.batch_id == batch.batch_id) {
            return Taken::Known;
        }
        let day = heard.day(&batch.visit).unwrap_or_else(|| began(&batch, now));
        let layout = batch.layout.as_deref();
        let mut events: Vec<&FunnelEvent> = heard.of(&batch.visit).flat_map(|batch| &batch.events).collect();
        let places = |events: Vec<&FunnelEvent>| tally::places(&Visit::of(events), day, layout, &self.methods);
        let before = places(events.clone());
        events.extend(&batch.events);
        let after = places(events);
        tally::moved(&mut heard.counts, &before, &after);
        heard.push(day, batch);
        Taken::New
    }

    /// All that is kept, the first that came first.
    #[must_use]
    pub fn batches(&self) -> Vec<FunnelBatch> {
        self.lock().batches.iter().map(|(_, batch)| batch.clone()).collect()
    }

    /// How the latest payers fared, by what is kept.
    #[must_use]
    pub fn funnel(&self) -> Funnel {
        Funnel::of(self.lock().batches.iter().map(|(_, batch)| batch))
    }

    /// What has been counted since this was asked last, to be written.
    #[must_use]
    pub fn to_be_written(&self) -> Counts {
        std::mem::take(&mut self.lock().counts)
    }

    /// It could not be written: it is, with what has come since, the next time. Gives how many counts are lost, where there are more
    /// than are kept.
    pub fn not_written(&self, counts: Counts) -> usize {
        let mut heard = self.lock();
        tally::add(&mut heard.counts, counts);
        let lost = heard.counts.len().saturating_sub(WAITING_MAX);
        for _ in 0..lost {
            // The oldest days first.
            heard.counts.pop_first();
        }
        lost
    }

    /// Forgets what is kept in memory.
    pub fn forget_all(&self) {
        *self.lock() = Heard::default();
    }

    fn lock(&self) -> MutexGuard<'_, Heard> {
        // What is kept is whole at any moment.
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Heard {
    fn of<'a>(&'a self, visit: &'a str) -> impl Iterator<Item = &'a FunnelBatch> {
        self.batches.iter().map(|(_, batch)| batch).filter(move |batch| batch.visit == visit)
    }

    /// The day of a visit that is known.
    fn day(&self, visit: &str) -> Option<Day> {
        self.batches.iter().find(|(_, batch)| batch.visit == visit).map(|(day, _)| *day)
    }

    fn push(&mut self, day: Day, batch: FunnelBatch) {
        self.events += batch.events.len();
        self.batches.push_back((day, batch));
        while self.batches.len() > BATCHES_MAX || self.events > EVENTS_MAX {
            let Some((_, oldest)) = self.batches.pop_front() else { return };
            self.events -= oldest.events.len();
        }
    }
}

/// The day on which its visit began.
fn began(batch: &FunnelBatch, now: Timestamp) -> Day {
    let ago = i64::try_from(batch.sent_at_ms).ok().filter(|_| batch.sent_at_ms <= LATE_MS);
    Day::of(plus(now, -ago.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use wechat_cashier::contract::FunnelStep;

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn batch(id: usize, visit: &str, steps: &[FunnelStep], sent_at_ms: u64) -> FunnelBatch {
        let event = |(at_ms, name): (u64, &FunnelStep)| FunnelEvent {
            name: *name,
            at_ms,
            method: None,
            screen: None,
            code: None,
            fatal: false,
        };
        FunnelBatch {
            v: 1,
            batch_id: format!("b{id}"),
            visit: visit.to_owned(),
            lang: None,
            layout: Some("counter".to_owned()),
            sent_at_ms,
            dropped: 0,
            events: (0..).zip(steps).map(event).collect(),
        }
    }

    #[test]
    fn telemetry_kept_is_bounded_and_counted_all_the_same() {
        let telemetry = Telemetry::default();
        let now = at("2026-11-30T00:00:00Z");
        for number in 0..BATCHES_MAX + 5 {
            let taken = telemetry.take(batch(number, &format!("v{number}"), &[FunnelStep::Shown], 0), now);
            assert_eq!(taken, Taken::New);
        }
        assert_eq!(telemetry.batches().len(), BATCHES_MAX);
        let many = [FunnelStep::Shown; 100];
        for number in 0..1_000 {
            telemetry.take(batch(10_000 + number, "v", &many, 0), now);
        }
        let kept: usize = telemetry.batches().iter().map(|batch| batch.events.len()).sum();
        assert!((EVENTS_MAX - 100..=EVENTS_MAX).contains(&kept), "{kept}");
        let counts = telemetry.to_be_written();
        assert_eq!(counts.values().copied().collect::<Vec<_>>(), [i64::try_from(BATCHES_MAX + 6).unwrap()]);
        assert_eq!(telemetry.to_be_written(), Counts::new());
    }

    #[test]
    fn telemetry_is_of_the_day_on_which_its_visit_began() {
        let telemetry = Telemetry::default();
        let days = |telemetry: &Telemetry| {
            telemetry.to_be_written().keys().map(|place| place.day.to_string()).collect::<Vec<_>>()
        };
        // Midnight in China.
        let now = at("2026-11-30T16:00:01Z");
        telemetry.take(batch(1, "v1", &[FunnelStep::Shown], 2_000), now);
        // Its rest too, whatever its clock says meanwhile.
        telemetry.take(batch(2, "v1", &[FunnelStep::Paid], 100), now);
        assert_eq!(days(&telemetry), ["2026-11-30", "2026-11-30"]);
        telemetry.take(batch(3, "v2", &[FunnelStep::Shown], u64::MAX), now);
        assert_eq!(days(&telemetry), ["2026-12-01"]);
    }

    #[test]
    fn telemetry_that_is_not_written_waits_and_no_more_than_is_kept() {
        let telemetry = Telemetry::default();
        telemetry.take(batch(1, "v1", &[FunnelStep::Shown], 0), at("2026-11-30T00:00:00Z"));
        let counts = telemetry.to_be_written();
        telemetry.take(batch(2, "v2", &[FunnelStep::Shown], 0), at("2026-11-30T00:00:00Z"));
        assert_eq!(telemetry.not_written(counts), 0);
        assert_eq!(telemetry.to_be_written().values().copied().collect::<Vec<_>>(), [2]);
        let place = |number| Place {
            day: Day::of(Timestamp::from_millis(0)),
            stage: "shown",
            method: format!("m{number:09}"),
            surface: "page",
        };
        let counts = (0..WAITING_MAX + 3).map(|number| (place(number), 1)).collect();
        assert_eq!(telemetry.not_written(counts), 3);
    }
}
