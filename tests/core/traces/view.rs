//! In and out of view, on and off line.

use super::*;

#[test]
fn a_hidden_page_asks_nothing_and_once_it_is_seen_again() {
    let mut world = World::scanning();
    world.run(5_000);
    world.page(PageEvent::Hidden);
    world.run(100);
    let hidden = world.now;
    world.run(10 * MINUTE_MS);
    assert_eq!(requests_since(&world, hidden).len(), 0);
    world.backend.pay(false, world.now);
    world.page(PageEvent::Visible);
    world.run(200);
    assert_eq!(requests_since(&world, hidden), [true]);
    assert!(paid(false)(&world));
}

#[test]
fn a_page_loaded_out_of_sight_is_ready_when_it_is_seen() {
    for told_first in [true, false] {
        let mut world = World::new();
        if told_first {
            world.page(PageEvent::Hidden);
            world.start();
        } else {
            world.start();
            world.page(PageEvent::Hidden);
        }
        world.run(10 * MINUTE_MS);
        assert_eq!(world.order_requests().len(), 1);
        assert_eq!(world.payment_requests().len(), 1);
        world.page(PageEvent::Visible);
        world.scan();
    }
}

#[test]
fn a_page_loaded_out_of_sight_in_vain_waits_until_it_is_seen() {
    let mut world = World::new();
    world.net.order = Fault::Unreachable;
    world.start();
    world.page(PageEvent::Hidden);
    world.run(10 * MINUTE_MS);
    assert_eq!(world.order_requests().len(), 1);
    world.net.order = Fault::None;
    world.page(PageEvent::Visible);
    world.run(200);
    world.scan();
}

#[test]
fn a_hidden_code_is_covered_when_it_expires() {
    let mut world = World::new();
    world.backend.code_life_ms = Some(60_000);
    world.start();
    world.run(100);
    world.page(PageEvent::Hidden);
    world.run(60_000);
    assert_eq!(world.body(), &Body::Expired { renewable: true });
}

#[test]
fn a_page_that_slept_through_its_code_does_not_show_it() {
    let mut world = World::new();
    world.backend.code_life_ms = Some(60_000);
    world.start();
    world.run(100);
    world.page(PageEvent::Hidden);
    world.frozen = true;
    world.run(20 * MINUTE_MS);
    world.page(PageEvent::Visible);
    assert_eq!(world.body(), &Body::Expired { renewable: false });
}

#[test]
fn restored_from_the_back_forward_cache_it_cancels_and_asks_again() {
    let mut world = World::scanning();
    world.net.down_ms = 9_000;
    let before = world.sent.len();
    world.run_until(NEXT_MS, |world| world.sent.len() > before);
    world.run(1_500);
    world.page(PageEvent::Hidden);
    world.net.down_ms = 30;
    world.page(PageEvent::Restored);
    assert!(world.wire.iter().any(|request| request.cancelled));
    assert_eq!(world.under_way().count(), 1);
    world.backend.pay(true, world.now);
    assert!(world.run_until(200, paid(false)));
    // The old answer comes after all.
    world.run(10_000);
    assert_eq!(world.host.paid(), 1);
}

#[test]
fn restored_again_and_again_before_the_first_answer_it_keeps_its_distance() {
    let mut world = World::new();
    world.net.down_ms = 5_000;
    world.start();
    for _ in 0..10 {
        world.run(100);
        world.page(PageEvent::Restored);
    }
    assert!(world.order_requests().len() <= 2);
    world.run(7_000);
    assert!(world.screen.bill.is_some());
}

#[test]
fn restored_it_listens_anew() {
    let mut world = listening();
    world.options.surface = Surface::Payer;
    // The page was cached without being told that it is hidden.
    world.listening = None;
    world.page(PageEvent::Restored);
    assert!(world.listening.is_some(), "the connection did not outlive the cache");
}

#[test]
fn a_request_that_went_out_long_before_the_page_came_back_is_taken_for_dead() {
    let mut world = World::scanning();
    world.net.down_ms = 9_000;
    let before = world.sent.len();
    world.run_until(NEXT_MS, |world| world.sent.len() > before);
    world.page(PageEvent::Hidden);
    world.run(2_000);
    world.page(PageEvent::Visible);
    assert_eq!(world.wire.iter().filter(|request| request.cancelled).count(), 0, "it may well be answered");
    world.page(PageEvent::Hidden);
    world.run(2_000);
    world.net.down_ms = 30;
    world.page(PageEvent::Visible);
    assert_eq!(world.wire.iter().filter(|request| request.cancelled).count(), 1);
    assert_eq!(world.under_way().count(), 1);
}

#[test]
fn offline_is_said_over_the_code_and_online_asks_at_once() {
    let mut world = World::scanning();
    world.net.order = Fault::Unreachable;
    world.page(PageEvent::Offline);
    world.run(MINUTE_MS);
    world.scan();
    assert_eq!(world.screen.notice, Some(Notice::Offline));
    world.net.order = Fault::None;
    world.backend.pay(false, world.now);
    world.page(PageEvent::Online);
    assert!(world.run_until(1_100, paid(false)));
    assert!(world.order_requests().last().unwrap().1);
}

#[test]
fn a_counter_asks_while_hidden_and_a_payer_does_not() {
    let mut world = World::new();
    world.options.surface = Surface::Counter;
    world.start();
    world.run(100);
    world.page(PageEvent::Hidden);
    world.run(20_000);
    world.backend.pay(true, world.now);
    assert!(world.run_until(3_000, paid(false)));
}
