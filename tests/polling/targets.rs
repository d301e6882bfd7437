//! What the plan promises (ARCHITECTURE.md, "When the backend is asked"), held in seconds; and the million, which is played when
//! `cargo xtask polling` asks for it.

use std::fs;
use std::path::Path;
use std::time::Instant;

use super::payer::Payer;
use super::sweep::Numbers;
use super::tally::{self, Tally};
use super::{Plan, document};

/// Of each kind. More take longer than a test may.
const ORDERS: u64 = 10_000;

fn pair(plans: [Plan; 2], draw: fn(&mut fastrand::Rng) -> Payer) -> [Tally; 2] {
    tally::play(&plans, ORDERS, draw).try_into().unwrap()
}

#[test]
fn without_events_it_asks_less_than_every_two_seconds_and_is_hardly_later() {
    let [fixed, ours] = pair([Plan::Fixed, Plan::Ours], Payer::watching);
    // The payers are those for whom a fixed plan asks 12.3 times at 1.08 s.
    assert!((12.2..12.5).contains(&fixed.asked()) && (1.06..1.10).contains(&fixed.mean()), "{}", said(&fixed));
    assert!(ours.asked() <= 0.72 * fixed.asked() && ours.mean() <= 1.45, "{}", said(&ours));
    assert!(ours.p95() <= 3.0, "{}", said(&ours));
    // What the numbers were found with is what the core does with them.
    let reckoned = Numbers::OURS.play(ORDERS);
    let near = |a: f64, b: f64| (a / b - 1.0).abs() < 0.04;
    assert!(near(ours.asked(), reckoned.asked()), "{} {}", said(&ours), said(&reckoned));
    assert!(near(ours.mean(), reckoned.mean()), "{} {}", said(&ours), said(&reckoned));
}

#[test]
fn with_events_it_asks_a_tenth_and_is_there_at_once() {
    let [fixed, ours] = pair([Plan::Fixed, Plan::Events], Payer::watching);
    assert!(ours.asked() <= 0.1 * fixed.asked() && ours.p95() < 0.5, "{}", said(&ours));
}

#[test]
fn who_comes_back_or_says_so_waits_no_longer_than_with_two_seconds() {
    for draw in [Payer::returning, Payer::saying] {
        let [fixed, ours] = pair([Plan::Fixed, Plan::Ours], draw);
        assert!(ours.p95() <= fixed.p95(), "{} {}", said(&fixed), said(&ours));
        assert!(ours.mean() <= fixed.mean() && ours.asked() <= fixed.asked(), "{} {}", said(&fixed), said(&ours));
    }
}

fn said(tally: &Tally) -> String {
    format!("{:.2} requests, {:.2} s in the mean, p95 {:.2} s;", tally.asked(), tally.mean(), tally.p95())
}

/// Writes `docs/polling.md` and `docs/polling.svg`.
#[test]
#[ignore = "minutes, and it writes to docs/: cargo xtask polling"]
fn a_million() {
    let orders = std::env::var("POLLING_ORDERS").map_or(1_000_000, |orders| orders.parse().unwrap());
    let started = Instant::now();
    let any = tally::play(&Plan::ALL, orders, Payer::any);
    eprintln!("{orders} orders by four plans in {} s", started.elapsed().as_secs());
    let watching = tally::play(&Plan::ALL, orders / 5, Payer::watching);
    let events = [Payer::returning, Payer::saying].map(|draw| tally::play(&Plan::ALL, orders / 10, draw));
    let found = document::Found { orders, any, watching, returning: &events[0], saying: &events[1] };
    let (text, chart) = document::write(&found, started);
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    fs::write(docs.join("polling.md"), &text).unwrap();
    fs::write(docs.join("polling.svg"), chart).unwrap();
    eprintln!("{text}");
}
