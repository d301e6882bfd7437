//! "I have paid."

use super::*;

#[test]
fn a_lost_callback_is_found_by_i_have_paid() {
    let mut world = World::scanning();
    world.run(10_000);
    world.backend.pay(false, world.now);
    let told = world.now;
    world.tap(Tap::HavePaid);
    assert_eq!(world.body(), &Body::Confirming { can_go_back: true });
    assert!(world.run_until(2_000, paid(false)));
    assert_eq!(requests_since(&world, told).last(), Some(&true), "the platform was asked");
}

#[test]
fn a_lost_callback_is_found_within_half_a_minute_by_waiting() {
    let mut world = World::scanning();
    world.backend.pay(false, world.now);
    // Nobody pays in a code's first seconds, so its half minute begins after them.
    assert!(world.run_until(37_000, paid(false)));
    let verified: Vec<_> = world.order_requests().into_iter().map(|(_, verify)| verify).collect();
    assert_eq!(verified.iter().filter(|verify| **verify).count(), 1);
    assert!(verified.len() >= 10, "the others were answered from the backend's own knowledge");
}

#[test]
fn i_have_paid_without_payment_says_not_received_and_goes_back_to_the_code() {
    let mut world = World::scanning();
    world.run(5_000);
    world.tap(Tap::HavePaid);
    world.run(9_900);
    assert!(confirms(&world), "callbacks take seconds to arrive");
    assert_eq!(world.screen.notice, None);
    world.run(200);
    world.scan();
    assert_eq!(world.screen.notice, Some(Notice::NotReceived));
    world.run(21_000);
    world.scan();
    assert_eq!(world.screen.notice, None);
}

#[test]
fn i_have_paid_waits_for_an_answer_that_was_asked_for_after_it() {
    let mut world = World::scanning();
    world.net.order = Fault::Unreachable;
    world.run(5_000);
    world.tap(Tap::HavePaid);
    world.run(2 * MINUTE_MS);
    assert!(confirms(&world), "nobody has denied it");
    world.tap(Tap::Back);
    world.scan();
}

#[test]
fn i_have_paid_is_not_denied_by_an_answer_that_was_asked_for_before_it() {
    let mut world = World::scanning();
    world.run(5_000);
    world.net.down_ms = 3_000;
    world.tap(Tap::HavePaid);
    world.run(1_500);
    assert!(world.under_way().count() == 1 && world.order_requests().last().unwrap().1);
    world.tap(Tap::HavePaid);
    world.net.order = Fault::Unreachable;
    world.run(MINUTE_MS);
    assert!(confirms(&world));
}

#[test]
fn i_have_paid_is_taken_back_by_show_code() {
    let mut world = World::scanning();
    world.tap(Tap::HavePaid);
    world.run(500);
    world.tap(Tap::Back);
    world.scan();
    world.run(30_000);
    assert_eq!(world.screen.notice, None);
}

#[test]
fn a_hundred_taps_are_no_hundred_requests() {
    let mut world = World::scanning();
    let start = world.now;
    for _ in 0..100 {
        world.tap(Tap::HavePaid);
        world.run(100);
    }
    assert!(requests_since(&world, start).len() <= 10);
}
