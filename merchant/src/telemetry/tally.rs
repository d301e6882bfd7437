//! What is counted of visits for good: how many of a day came how far, by way to pay and surface. Of each of these there are few
//! values, whatever is sent.

use std::collections::{BTreeMap, BTreeSet};

use wechat_cashier::contract::Method;

use super::visit::{STEPS, Visit};
use crate::day::Day;

/// What happened in a visit, beyond the steps of the chart.
const ENDINGS: [&str; 3] = ["closed", "expired", "abandoned"];
/// It met an error; and was not paid either.
const TROUBLES: [&str; 2] = ["error", "failed"];
/// The cashier's layouts.
const SURFACES: [&str; 4] = ["auto", "panel", "page", "counter"];
/// Any other word.
const OTHER: &str = "other";
/// No way to pay was at hand.
const NONE: &str = "none";

/// What visits are counted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// On which day they began, in China.
    pub day: Day,
    /// What happened in them: `shown`, `method`, `begun`, `confirming`, `paid`, `closed`, `expired`, `abandoned`, `error`, `failed`.
    pub stage: &'static str,
    /// The way to pay that was at hand last: one that the shop knows, `other`, or `none`.
    pub method: String,
    /// The cashier's layout: `auto`, `panel`, `page`, `counter` or `other`.
    pub surface: &'static str,
}

/// How many visits more, or fewer: a later word takes an earlier one back.
pub type Counts = BTreeMap<Place, i64>;

/// All stages, in the sequence of a visit.
#[must_use]
pub fn stages() -> Vec<&'static str> {
    STEPS.iter().map(|(name, _)| *name).chain(ENDINGS).chain(TROUBLES).collect()
}

/// Where a visit is counted. `methods` are the ways to pay that the shop knows.
pub(super) fn places(visit: &Visit<'_>, day: Day, layout: Option<&str>, methods: &[String]) -> BTreeSet<Place> {
    let surface = SURFACES.into_iter().find(|surface| Some(*surface) == layout).unwrap_or(OTHER);
    let method = match visit.method() {
        None => NONE.to_owned(),
        Some(method) if !matches!(method, Method::Merchant(_)) => method.id().to_owned(),
        Some(own) => methods.iter().find(|id| *id == own.id()).map_or_else(|| OTHER.to_owned(), Clone::clone),
    };
    let ending = visit.ending();
    let met_error = visit.errors().next().is_some();
    let happened = |stage: &&str| match *stage {
        "error" => met_error,
        "failed" => met_error && ending != "paid",
        stage if ENDINGS.contains(&stage) => stage == ending,
        stage => visit.first(stage).is_some(),
    };
    let place = |stage| Place { day, stage, method: method.clone(), surface };
    stages().into_iter().filter(happened).map(place).collect()
}

/// What has to be added to counts in which a visit stood at `before`, so that it stands at `after`.
pub(super) fn moved(counts: &mut Counts, before: &BTreeSet<Place>, after: &BTreeSet<Place>) {
    add(counts, after.difference(before).cloned().map(|place| (place, 1)));
    add(counts, before.difference(after).cloned().map(|place| (place, -1)));
}

/// Adds counts to counts. What comes to nothing is left out.
pub(super) fn add(counts: &mut Counts, more: impl IntoIterator<Item = (Place, i64)>) {
    for (place, visits) in more {
        let sum = counts.entry(place).or_default();
        *sum = sum.saturating_add(visits);
    }
    counts.retain(|_, visits| *visits != 0);
}
