//! Late, closed, refunded.

use super::*;

#[test]
fn a_payment_after_expiry_is_found_within_the_grace_time_and_is_late() {
    let mut world = World::scanning();
    world.run(15 * MINUTE_MS);
    assert_eq!(world.body(), &Body::Expired { renewable: false });
    world.run(4 * MINUTE_MS);
    world.backend.pay(true, world.now);
    assert!(world.run_until(12_000, paid(true)));
    assert_eq!(world.host.paid(), 1);
}

#[test]
fn a_payment_before_expiry_that_is_learned_after_is_not_late() {
    let mut world = World::scanning();
    world.run(14 * MINUTE_MS + 58_000);
    world.backend.pay(false, world.now);
    assert!(world.run_until(5_000, |world| !matches!(world.body(), Body::Scan { .. })));
    assert!(world.run_until(5_000, paid(false)), "the end itself has the platform asked");
}

#[test]
fn after_the_grace_time_it_rests_until_i_have_paid() {
    let mut world = World::scanning();
    world.run(15 * MINUTE_MS + GRACE_MS + 1_000);
    assert!(world.state.is_resting(world.now));
    let rested = world.now;
    world.run(60 * MINUTE_MS);
    assert_eq!(requests_since(&world, rested).len(), 0);
    assert_eq!(world.wake, None);
    world.backend.pay(false, world.now);
    world.tap(Tap::HavePaid);
    assert!(world.run_until(2_000, paid(true)));
}

#[test]
fn after_the_grace_time_coming_back_asks_once() {
    let mut world = World::scanning();
    world.run(15 * MINUTE_MS + GRACE_MS + 1_000);
    let rested = world.now;
    world.page(PageEvent::Hidden);
    world.run(MINUTE_MS);
    world.page(PageEvent::Visible);
    world.run(10 * MINUTE_MS);
    assert_eq!(requests_since(&world, rested), [true]);
    assert!(world.state.is_resting(world.now));
}

#[test]
fn it_does_not_say_confirming_while_it_rests() {
    let mut world = World::scanning();
    world.run(15 * MINUTE_MS + 1_000);
    world.net.order = Fault::Unreachable;
    world.tap(Tap::HavePaid);
    world.run(GRACE_MS + 60_000);
    assert!(world.state.is_resting(world.now));
    assert_eq!(world.body(), &Body::Expired { renewable: false });
    assert_eq!(world.offered().first(), Some(&Tap::HavePaid));
}

#[test]
fn an_order_refused_as_paid_is_confirming_until_it_rests() {
    let mut world = World::new();
    world.net.payment = Fault::Refused(ProblemCode::OrderPaid, None);
    world.start();
    world.run(200);
    assert_eq!(world.body(), &Body::Confirming { can_go_back: false });
    let told = world.now;
    world.run(10_000);
    assert!(requests_since(&world, told).iter().all(|verify| *verify), "each one has the platform asked");
    world.run(15 * MINUTE_MS + GRACE_MS);
    assert!(world.state.is_resting(world.now));
    assert_eq!(world.body(), &Body::Expired { renewable: false });
}

#[test]
fn a_closed_order_that_is_paid_late_is_shown_paid_late() {
    let mut world = World::scanning();
    world.backend.close();
    assert!(world.run_until(NEXT_MS, |world| world.body() == &Body::Closed));
    world.run(MINUTE_MS);
    world.backend.tells_paid_at = false;
    world.backend.pay(true, world.now);
    assert!(world.run_until(6_000, paid(true)));
}

#[test]
fn a_refused_payment_tells_how_the_order_ended() {
    for (code, want) in [
        (ProblemCode::OrderClosed, Body::Closed),
        (ProblemCode::OrderExpired, Body::Expired { renewable: false }),
        (ProblemCode::OrderPaid, Body::Confirming { can_go_back: false }),
    ] {
        let mut world = World::new();
        world.net.payment = Fault::Refused(code, None);
        world.start();
        world.run(100);
        assert_eq!(world.body(), &want);
        let told = world.now;
        world.backend.pay(false, world.now);
        assert!(world.run_until(2_000, |world| world.is_paid()), "{code:?}");
        assert_eq!(requests_since(&world, told), [true]);
    }
}

/// A backend that refuses a payment because the order is over and then says that it is not: mended, late to know, or one
/// whose shop gave the payer more time.
#[test]
fn an_order_that_is_open_after_all_can_be_tried_again() {
    for code in [ProblemCode::OrderClosed, ProblemCode::OrderExpired] {
        let mut world = World::new();
        world.net.payment = Fault::Refused(code, None);
        world.start();
        // An answer that was asked for before the refusal says nothing of what came after.
        world.net.up_ms = 500;
        world.page(PageEvent::Online);
        world.run(1_000);
        let over = if code == ProblemCode::OrderClosed { Body::Closed } else { Body::Expired { renewable: false } };
        assert_eq!(world.body(), &over);
        world.run(3_000);
        assert!(matches!(world.body(), Body::Trouble(Trouble::Refused { code: shown, .. }) if *shown == code));
        world.run(10 * MINUTE_MS);
        assert_eq!(world.payment_requests().len(), 1, "it is the payer's to try");
        assert!(!world.state.is_resting(world.now));
        world.net.payment = Fault::None;
        world.tap(Tap::Retry);
        world.run(1_000);
        world.scan();
    }
}

#[test]
fn a_refund_is_the_end() {
    let mut world = World::scanning();
    world.backend.status = OrderStatus::Refunded;
    assert!(world.run_until(NEXT_MS, |world| world.body() == &Body::Refunded));
    let ended = world.sent.len();
    world.tap(Tap::HavePaid);
    world.page(PageEvent::Restored);
    world.run(MINUTE_MS);
    assert_eq!((world.sent.len(), world.host.paid()), (ended, 0));
}

#[test]
fn an_order_whose_time_is_extended_goes_on() {
    let mut world = World::scanning();
    world.run(15 * MINUTE_MS + 10_000);
    assert_eq!(world.body(), &Body::Expired { renewable: false });
    world.backend.expires_at = after(world.backend.expires_at, 10 * 60_000);
    world.run(3_000);
    world.scan();
    let then = world.now;
    world.run(9 * MINUTE_MS);
    assert!(!world.state.is_resting(world.now));
    assert!(requests_since(&world, then).len() > 50);
}
