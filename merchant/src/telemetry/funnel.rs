//! From batches to a funnel: the same numbers as the queries of `docs/telemetry.md`, which a test compares.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{FunnelBatch, FunnelEvent};

use super::visit::{STEPS, Visit};

/// How payers fared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funnel {
    /// How many visits there were.
    pub visits: u64,
    /// How many of them came how far.
    pub steps: Vec<StepCount>,
    /// How they ended.
    pub endings: Vec<StepCount>,
    /// How long it took from one step to another.
    pub laps: Vec<Lap>,
    /// What went wrong, the most frequent first.
    pub errors: Vec<ErrorCount>,
    /// Visits that met an error and were not paid.
    pub failed: u64,
    /// Batches that these numbers are made of.
    pub batches: u64,
    /// Events that browsers could neither send nor keep.
    pub dropped: u64,
}

/// Visits by what happened in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepCount {
    /// `shown`, `method`, `begun` (a code drawn, or something opened), `confirming`, `paid`; of endings `paid`, `closed`,
    /// `expired`, `abandoned` and, where nothing of it is known, `open`.
    pub name: String,
    /// How many.
    pub visits: u64,
}

/// From one step to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lap {
    /// From when this happened first
    pub from: String,
    /// until this did.
    pub to: String,
    /// In how many visits both did, in this order.
    pub visits: u64,
    /// Half of them took longer; of two in the middle, halfway between.
    pub median_ms: u64,
}

/// An error by its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorCount {
    /// Which.
    pub code: String,
    /// How many visits met it.
    pub visits: u64,
    /// How often it was met.
    pub times: u64,
    /// How many of those visits were paid all the same.
    pub paid: u64,
}

/// The durations that matter: what the page costs, what the payer takes, what the backend takes.
const LAPS: [(&str, &str); 4] = [("shown", "begun"), ("begun", "paid"), ("confirming", "paid"), ("shown", "paid")];

impl Funnel {
    /// Of these batches, each of which is there once.
    #[must_use]
    pub fn of<'a>(batches: impl Iterator<Item = &'a FunnelBatch>) -> Self {
        let (mut count, mut dropped) = (0, 0);
        let mut visits: BTreeMap<&str, Vec<&FunnelEvent>> = BTreeMap::new();
        for batch in batches {
            count += 1;
            dropped += batch.dropped;
            visits.entry(&batch.visit).or_default().extend(&batch.events);
        }
        // One whose beginning is lost says nothing about how many pay.
        let visits: Vec<_> =
            visits.into_values().map(Visit::of).filter(|visit| visit.first("shown").is_some()).collect();

        let number = |is: &dyn Fn(&Visit<'_>) -> bool| visits.iter().filter(|visit| is(visit)).count() as u64;
        let counts = |names: &[&str], is: &dyn Fn(&Visit<'_>, &str) -> bool| {
            let count = |name: &&str| StepCount { name: (*name).to_owned(), visits: number(&|visit| is(visit, name)) };
            names.iter().map(count).collect()
        };
        Self {
            visits: visits.len() as u64,
            steps: counts(&STEPS.map(|(name, _)| name), &|visit, name| visit.first(name).is_some()),
            endings: counts(&["paid", "closed", "expired", "abandoned", "open"], &|visit, name| visit.ending() == name),
            laps: LAPS.iter().filter_map(|(from, to)| lap(&visits, from, to)).collect(),
            errors: errors(&visits),
            failed: number(&|visit| visit.errors().next().is_some() && visit.ending() != "paid"),
            batches: count,
            dropped,
        }
    }
}

fn lap(visits: &[Visit<'_>], from: &str, to: &str) -> Option<Lap> {
    let took = |visit: &Visit<'_>| visit.first(to)?.checked_sub(visit.first(from)?);
    let mut all: Vec<u64> = visits.iter().filter_map(took).collect();
    all.sort_unstable();
    let (low, high) = (all.get((all.len().checked_sub(1)?) / 2)?, all.get(all.len() / 2)?);
    Some(Lap {
        from: from.to_owned(),
        to: to.to_owned(),
        visits: all.len() as u64,
        median_ms: u64::midpoint(*low, *high),
    })
}

fn errors(visits: &[Visit<'_>]) -> Vec<ErrorCount> {
    let mut counts: BTreeMap<&str, ErrorCount> = BTreeMap::new();
    for visit in visits {
        let mut of_visit: BTreeMap<&str, u64> = BTreeMap::new();
        visit.errors().for_each(|code| *of_visit.entry(code).or_default() += 1);
        for (code, times) in of_visit {
            let none = ErrorCount { code: code.to_owned(), visits: 0, times: 0, paid: 0 };
            let count = counts.entry(code).or_insert(none);
            count.visits += 1;
            count.times += times;
            count.paid += u64::from(visit.ending() == "paid");
        }
    }
    let mut counts: Vec<_> = counts.into_values().collect();
    counts.sort_by_key(|count| std::cmp::Reverse((count.visits, count.times)));
    counts
}
