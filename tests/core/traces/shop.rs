//! Going back to the shop.

use super::*;

#[test]
fn the_way_back_waits_until_somebody_looks_and_counts_down() {
    let mut world = World::scanning();
    world.backend.pay(true, world.now);
    assert!(world.run_until(3_000, paid(false)));
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
    assert!(world.run_until(3_000, paid(false)));
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
