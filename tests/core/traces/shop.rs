//! Going back to the shop.

use super::*;

#[test]
fn the_way_back_waits_until_somebody_looks_and_counts_down() {
    let mut world = World::scanning();
    world.backend.pay(true, world.now);
    assert!(world.run_until(NEXT_MS, paid(false)));
    world.run(2_500);
    assert_eq!(world.body(), &Body::Paid { late: false, leave_in_s: Some(3) });
    world.page(PageEvent::Hidden);
    world.run(10 * MINUTE_MS);
    assert!(world.gone_to.is_empty());
    world.page(PageEvent::Visible);
    assert_eq!(world.body(), &Body::Paid { late: false, leave_in_s: Some(5) });
    world.run(5_000);
    assert_eq!(world.gone_to.len(), 1);
}

#[test]
fn stay_cancels_the_way_back() {
    let mut world = World::scanning();
    world.backend.pay(true, world.now);
    assert!(world.run_until(NEXT_MS, paid(false)));
    world.run(4_900);
    world.tap(Tap::Stay);
    assert_eq!(world.body(), &Body::Paid { late: false, leave_in_s: None });
    world.page(PageEvent::Hidden);
    world.page(PageEvent::Visible);
    world.run(10 * MINUTE_MS);
    assert!(world.gone_to.is_empty());
    assert!(world.screen.return_to.is_some(), "the payer can still go by himself");
}

#[test]
fn it_stays_where_the_integrator_wants_it_to() {
    let mut world = World::new();
    world.options.way_back = WayBack::ByHand;
    world.start();
    world.run(100);
    world.backend.pay(true, world.now);
    world.run(10 * MINUTE_MS);
    assert!(world.gone_to.is_empty());
}

/// "Back" to a page that is loaded anew does not throw the payer forward again.
#[test]
fn a_paid_page_that_is_come_back_to_leads_away_by_the_payers_hand_only() {
    let mut world = World::scanning();
    world.backend.pay(true, world.now);
    assert!(world.run_until(NEXT_MS, paid(false)));
    world.run(5_500);
    assert_eq!(world.gone_to.len(), 1);
    for back in [World::reload, |world: &mut World| world.page(PageEvent::Restored), World::put_in_again, World::reload]
    {
        back(&mut world);
        world.run(10 * MINUTE_MS);
        assert_eq!(world.body(), &Body::Paid { late: false, leave_in_s: None });
        assert_eq!(world.gone_to.len(), 1, "by itself once");
    }
    world.tap(Tap::Leave);
    assert_eq!(world.gone_to.len(), 2);
}

/// Another visit to another order, or to this one by another tab, knows nothing of it.
#[test]
fn a_page_that_was_not_left_leads_away() {
    let mut world = World::scanning();
    world.backend.pay(true, world.now);
    assert!(world.run_until(NEXT_MS, paid(false)));
    world.run(1_000);
    world.reload();
    world.run(6_000);
    assert_eq!(world.gone_to.len(), 1);
}

#[test]
fn a_way_back_that_the_host_keeps_is_told_once() {
    let mut world = World::scanning();
    world.host.keeps = true;
    world.backend.pay(true, world.now);
    let ways_back =
        |world: &World| world.host.heard(|news| matches!(news, News::Navigate { passage: Passage::Shop, .. }));
    world.run(10 * MINUTE_MS);
    world.page(PageEvent::Hidden);
    world.page(PageEvent::Visible);
    world.run(10 * MINUTE_MS);
    assert_eq!((ways_back(&world), world.gone_to.len()), (1, 0));
    world.tap(Tap::Leave);
    assert_eq!((ways_back(&world), world.gone_to.len()), (2, 0), "the payer's own wish is told too");
}

/// The answer to one question is no answer to another, nor counts twice.
#[test]
fn a_question_is_answered_once() {
    let mut world = World::scanning();
    world.backend.pay(true, world.now);
    world.run(NEXT_MS + 5_100);
    assert_eq!(world.gone_to.len(), 1);
    let asked = world.host.news.iter().find_map(|news| match news {
        News::Navigate { stamp, .. } => Some(*stamp),
        _ => None,
    });
    let stamp = asked.unwrap();
    for kept in [false, true, false] {
        world.host(HostEvent::Navigation { stamp, kept });
    }
    assert_eq!(world.gone_to.len(), 1);
}

/// From inside the question where the payer is to be sent to pay, the host brings the answer that it is paid.
#[test]
fn what_was_asked_before_the_end_is_not_gone_to_after_it() {
    let mut world = World::on_phone();
    world.host.is_busy = true;
    world.tap(Tap::Pay);
    world.run(100);
    world.backend.pay(true, world.now);
    world.host_brings_the_truth(Some(0));
    assert!(world.is_paid());
    world.host.is_busy = false;
    world.run(3_000);
    assert!(world.left_for.is_empty(), "{:?}", world.left_for);
}
