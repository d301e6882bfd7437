//! What the plan promises (ARCHITECTURE.md, "When the backend is asked").

use super::sweep::Numbers;
use super::tally::{FEW_ORDERS, Populations, Tally};

#[test]
fn without_events_it_asks_less_than_every_two_seconds_and_is_hardly_later() {
    let [fixed, _, ours, _] = &Populations::few().watching;
    // The payers are those for whom a fixed plan asks 12.3 times at 1.08 s.
    assert!((12.2..12.5).contains(&fixed.asked()) && (1.06..1.10).contains(&fixed.mean()), "{}", said(fixed));
    assert!(ours.asked() <= 0.72 * fixed.asked() && ours.mean() <= 1.45, "{}", said(ours));
    assert!(ours.p95() <= 3.0, "{}", said(ours));
    // What the numbers were found with is what the core does with them.
    let reckoned = Numbers::OURS.play(FEW_ORDERS);
    let near = |a: f64, b: f64| (a / b - 1.0).abs() < 0.04;
    assert!(near(ours.asked(), reckoned.asked()), "{} {}", said(ours), said(&reckoned));
    assert!(near(ours.mean(), reckoned.mean()), "{} {}", said(ours), said(&reckoned));
}

#[test]
fn with_events_it_asks_a_tenth_and_is_there_at_once() {
    let [fixed, _, _, ours] = &Populations::few().watching;
    assert!(ours.asked() <= 0.1 * fixed.asked() && ours.p95() < 0.5, "{}", said(ours));
}

#[test]
fn who_comes_back_or_says_so_waits_no_longer_than_with_two_seconds() {
    let few = Populations::few();
    for [fixed, _, ours, _] in [&few.returning, &few.saying] {
        assert!(ours.p95() <= fixed.p95(), "{} {}", said(fixed), said(ours));
        assert!(ours.mean() <= fixed.mean() && ours.asked() <= fixed.asked(), "{} {}", said(fixed), said(ours));
    }
}

#[test]
fn the_documents_have_the_plan_s_numbers() {
    let [first, then] =
        [Numbers::OURS.first, Numbers::OURS.then].map(|ms| std::time::Duration::from_millis(ms).as_secs_f64());
    for file in ["ARCHITECTURE.md", "docs/contract.md"] {
        let text = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let said = format!("{first} s after it appeared, then every {then} s");
        assert!(text.contains(&said), "{file} does not say: {said}");
    }
}

fn said(tally: &Tally) -> String {
    format!("{:.2} requests, {:.2} s in the mean, p95 {:.2} s;", tally.asked(), tally.mean(), tally.p95())
}
