//! What is printed: what was done, and how many seconds it took until all was well again.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::book::Kept;
use crate::judge::{Ledger, Trade};
use crate::merchant::Life;
use crate::plan::{Database, Plan};

/// When PostgreSQL stood still, and what pages were answered then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outage {
    pub(crate) stopped_at: i64,
    pub(crate) started_at: i64,
    pub(crate) answered_at: i64,
    pub(crate) unavailable: usize,
}

/// All that is printed.
#[derive(Debug)]
pub(crate) struct Figures<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) orders: &'a BTreeMap<String, Kept>,
    pub(crate) ledger: &'a Ledger,
    pub(crate) lives: &'a [Life],
    /// What callers were told instead of an answer.
    pub(crate) errors: &'a [(i64, String)],
    /// How many webhooks came, and how many of them more than once.
    pub(crate) webhooks: (usize, usize),
    pub(crate) outage: Option<&'a Outage>,
    pub(crate) requests: &'a Value,
    pub(crate) took: Duration,
    pub(crate) settled_after: Duration,
    pub(crate) differences: usize,
}

/// Median and largest, in seconds.
fn spread(mut millis: Vec<i64>) -> String {
    millis.sort_unstable();
    match (millis.get(millis.len() / 2), millis.last()) {
        (Some(middle), Some(most)) => format!("p50 {}, max {}", seconds(*middle), seconds(*most)),
        _ => "none".to_owned(),
    }
}

fn seconds(millis: i64) -> String {
    format!("{}.{:02} s", millis / 1000, millis % 1000 / 10)
}

impl Figures<'_> {
    /// When a payment was shown to its payer. Of a second one nothing is shown.
    fn shown_at(&self, trade: &Trade) -> Option<i64> {
        self.orders.get(&trade.order_id)?.shown_paid_at()
    }

    /// Until all that was paid before `by` and not shown before `since` is shown, in milliseconds from `since` on. What is shown
    /// only after PostgreSQL stood still is left to its own figures.
    fn until_shown(&self, since: i64, by: i64) -> Vec<i64> {
        let stopped_at = self.outage.map(|outage| outage.stopped_at).filter(|at| since < *at).unwrap_or(i64::MAX);
        let paid = self.ledger.paid().filter(|trade| trade.success_time.is_some_and(|at| at <= by));
        let shown = paid.filter_map(|trade| self.shown_at(trade));
        shown.filter(|at| *at > since && *at < stopped_at).map(|at| at - since).collect()
    }
}

pub(crate) fn print(figures: &Figures<'_>) {
    let Figures { plan, orders, ledger, lives, errors, webhooks, outage, requests, took, settled_after, differences } =
        figures;
    let database = match plan.database {
        Database::Sqlite => "SQLite",
        Database::Postgres => "PostgreSQL",
    };
    let instances = plan.instances;
    println!("── {database}, {instances} at work, seed {}: {} s in all", plan.seed, took.as_secs());
    let answers: u64 = orders.values().map(|order| order.answers).sum();
    println!("orders      {}, which pages read {answers} times", orders.len());

    let mut types: BTreeMap<&str, usize> = BTreeMap::new();
    for trade in ledger.paid() {
        *types.entry(trade.trade_type.as_str()).or_default() += 1;
    }
    let types: Vec<_> = types.iter().map(|(name, count)| format!("{name} {count}")).collect();
    let paid_orders: std::collections::BTreeSet<_> = ledger.paid().map(|trade| &trade.order_id).collect();
    let (paid, numbers) = (ledger.paid().count(), ledger.trades.len());
    let back = ledger.trades.iter().filter(|trade| trade.trade_state == "REFUND").count();
    println!(
        "payments    {paid} ({}), {} of them second ones of an order; {back} paid and reversed; {numbers} numbers in all",
        types.join(", "),
        paid - paid_orders.len()
    );
    let untold: u64 = ledger.trades.iter().map(|trade| trade.untold).sum();
    println!("notified    {untold} attempts in vain: lost, or nobody there to hear");

    let mut struck: BTreeMap<&str, usize> = BTreeMap::new();
    let asked = requests["requests"].as_array().map_or(&[][..], Vec::as_slice);
    for fault in asked.iter().flat_map(|request| request["faults"].as_array().into_iter().flatten()) {
        *struck.entry(fault.as_str().unwrap_or_default()).or_default() += 1;
    }
    let struck: Vec<_> = struck.iter().map(|(name, count)| format!("{name} {count}")).collect();
    println!(
        "APIv3       {} requests; {}",
        asked.last().map_or(0, |last| last["seq"].as_u64().unwrap_or(0)),
        struck.join(", ")
    );

    let most = requests["most_queries_in_a_second"].as_u64().unwrap_or(0);
    println!("            {most} queries in the busiest second, of all instances together");

    let answered = lives.iter().map(|life| life.answered_at - life.started_at).collect();
    println!("kill -9     {} times; from the new start to the first answer: {}", lives.len(), spread(answered));
    let shown =
        lives.iter().filter_map(|life| figures.until_shown(life.started_at, life.answered_at).into_iter().max());
    println!("            … until all that was paid is shown paid: {}", spread(shown.collect()));
    let heard = ledger.paid().filter_map(|trade| Some(figures.shown_at(trade)? - trade.success_time?));
    println!("            from any payment until it is shown: {}", spread(heard.filter(|after| *after >= 0).collect()));
    let slowest =
        ledger.paid().filter_map(|trade| Some((figures.shown_at(trade)? - trade.success_time?, &trade.order_id)));
    if let Some((millis, order_id)) = slowest.max() {
        println!("            the slowest: {order_id}, {}", seconds(millis));
    }
    if let Some(outage) = outage {
        let lasted = seconds(outage.started_at - outage.stopped_at);
        println!("PostgreSQL  stopped for {lasted}; meanwhile {} answers 503", outage.unavailable);
        println!("            from its start to the first answer: {}", seconds(outage.answered_at - outage.started_at));
        let meanwhile = ledger
            .paid()
            .filter(|trade| trade.success_time.is_some_and(|at| (outage.stopped_at..outage.started_at).contains(&at)));
        let shown: Vec<i64> = ledger
            .paid()
            .filter(|trade| trade.success_time.is_some_and(|at| at < outage.started_at))
            .filter_map(|trade| figures.shown_at(trade))
            .filter(|at| *at > outage.stopped_at)
            .map(|at| at - outage.started_at)
            .collect();
        println!(
            "            … until {} payments are shown paid, {} of them made meanwhile: {}",
            shown.len(),
            meanwhile.count(),
            spread(shown)
        );
    }
    println!("the shop    was told {} things by webhooks, {} of them again", webhooks.0, webhooks.1);
    if let (Some((first, what)), Some((last, _))) = (errors.first(), errors.last()) {
        println!(
            "seen        {} failures in {} between the first and the last; the first: {what}",
            errors.len(),
            seconds(last - first)
        );
    }
    println!("settled     {} s after the last kill and fault", settled_after.as_secs());
    println!("differences between the backend, WeChat Pay's books and what was shown: {differences}");
}
