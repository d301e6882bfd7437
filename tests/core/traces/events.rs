//! Events from the server.

use super::*;

#[test]
fn events_lead_and_asking_is_a_heartbeat() {
    let mut world = listening();
    let since = world.now;
    world.run(5 * MINUTE_MS);
    let all = waits(&world, since);
    assert!(all.iter().all(|wait| (24_000..=36_100).contains(wait)), "{all:?}");
    world.backend.pay(true, world.now);
    world.stream_tells_truth();
    assert!(world.is_paid());
    assert_eq!(world.listening, None);
}

#[test]
fn events_that_come_after_the_end_are_dropped() {
    let mut world = listening();
    world.backend.pay(true, world.now);
    world.stream_tells_truth();
    world.stream_tells_truth();
    world.backend.refund();
    world.stream_tells_truth();
    assert!(world.is_paid());
    assert_eq!(world.host.paid(), 1);
}

#[test]
fn while_events_lead_a_payment_is_tried_again_in_its_own_time() {
    let mut world = World::new();
    world.backend.events_url = Some("/events".to_owned());
    world.net.payment = Fault::Refused(ProblemCode::ServerError, None);
    world.start();
    world.run(100);
    world.stream(StreamEvent::Opened);
    world.run(4_000);
    world.net.payment = Fault::None;
    assert!(world.run_until(17_000, |world| matches!(world.body(), Body::Scan { .. })));
}

#[test]
fn a_lost_event_stream_falls_back_to_asking_and_is_tried_again() {
    let mut world = listening();
    world.run(40_000);
    let lost = world.now;
    world.stream(StreamEvent::Lost);
    assert_eq!(world.listening, None);
    world.run(10_000);
    assert!(requests_since(&world, lost).len() >= 2 || world.order_requests().last().unwrap().0 == lost);
    world.run(5_100);
    assert!(world.listening.is_some());
}

#[test]
fn events_that_cannot_be_read_or_are_about_another_order_are_asked_about() {
    for other in [false, true] {
        let mut world = listening();
        world.run(5_000);
        let then = world.now;
        let mut order = world.backend.order(world.now);
        (order.order_id, order.status) = ("T2".to_owned(), OrderStatus::Paid);
        world.stream(StreamEvent::Order(if other { Ok(Box::new(order)) } else { Err(unreadable()) }));
        assert_eq!(world.order_requests().last(), Some(&(then, true)));
        world.scan();
    }
}

#[test]
fn events_are_not_listened_to_while_hidden_or_resting() {
    let mut world = listening();
    world.page(PageEvent::Hidden);
    assert_eq!(world.listening, None);
    world.page(PageEvent::Visible);
    assert!(world.listening.is_some());
    world.run(15 * MINUTE_MS + GRACE_MS + 60_000);
    assert_eq!(world.listening, None);
}

#[test]
fn an_event_about_a_newer_code_is_asked_about() {
    let mut world = listening();
    world.run(5_000);
    world.other_page_asks_for_a_new_code();
    world.stream_tells_truth();
    world.run(100);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
}
