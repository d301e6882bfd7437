//! Events from the server.

use super::*;

#[test]
fn events_lead_and_asking_is_a_heartbeat() {
    let mut world = listening();
    let since = world.now;
    for _ in 0..6 {
        world.run(45_000);
        world.stream_tells_truth();
    }
    let all = waits(&world, since);
    assert!(all.iter().all(|wait| (24_000..=36_100).contains(wait)), "{all:?}");
    world.backend.pay(true, world.now);
    world.stream_tells_truth();
    assert!(world.is_paid());
    assert_eq!(world.listening, None);
}

/// What was planned before events came is not needed any more: a tenth of the requests that are made without them.
#[test]
fn once_events_come_only_the_half_minute_is_asked() {
    let mut world = World::new();
    world.backend.events_url = Some("/events".to_owned());
    world.start();
    world.run(100);
    world.stream(StreamEvent::Opened);
    world.stream_tells_truth();
    let since = world.now;
    world.run(31_000);
    assert!(requests_since(&world, since).is_empty());
    world.run(6_500);
    assert_eq!(requests_since(&world, since), vec![true]);
}

/// A payer who says "I have paid" waits for the platform's word, and the callback that an event would tell of may be lost.
#[test]
fn a_claim_is_followed_up_while_events_come() {
    let mut world = listening();
    world.run(10_000);
    world.tap(Tap::HavePaid);
    world.run(3_000);
    world.backend.pay(false, world.now);
    assert!(world.run_until(2_300, paid(false)));
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
    // Only a stream that has told something spares the questions, and their wakes.
    world.stream_tells_truth();
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
    world.run(10_000);
    assert!(requests_since(&world, lost).len() >= 3, "{:?}", requests_since(&world, lost));
    let listened = world.listens;
    world.run(5_100);
    assert_eq!(world.listens, listened + 1, "the browser has not mended it: another takes its place");
    world.run(MINUTE_MS);
    assert_eq!(world.listens, listened + 2, "and not again and again");
}

/// A proxy may keep all that comes on a stream: one that stands and says nothing spares no question.
#[test]
fn a_stream_that_says_nothing_makes_nothing_slower() {
    let mut world = World::new();
    world.backend.events_url = Some("/events".to_owned());
    world.start();
    world.run(100);
    world.stream(StreamEvent::Opened);
    let since = world.now;
    world.run(50_000);
    let all = waits(&world, since);
    assert!(all.iter().all(|wait| *wait <= 3_000), "{all:?}");
    world.backend.pay(true, world.now);
    assert!(world.run_until(3_000, World::is_paid));
}

/// And so does one that worked, and has said nothing for a while or less than a question brought.
#[test]
fn a_stream_that_lags_or_falls_silent_is_not_waited_for() {
    let mut world = listening();
    world.run(2 * MINUTE_MS);
    world.backend.pay(true, world.now);
    assert!(world.run_until(6_000, World::is_paid), "silent for two minutes{}", world.story());

    let mut world = listening();
    world.other_page_asks_for_a_new_code();
    // The next question tells what the stream has not.
    world.page(PageEvent::Visible);
    world.run(1_500);
    let since = world.now;
    world.run(20_000);
    let all = waits(&world, since);
    assert!(all.len() >= 5 && all.iter().all(|wait| *wait <= 3_000), "{all:?}");
    world.stream_tells_truth();
    world.run(4_000);
    let since = world.now;
    world.run(20_000);
    assert!(requests_since(&world, since).len() <= 1, "it works again");
}

/// After a cut the browser mends the connection by itself, within seconds.
#[test]
fn what_comes_on_a_mended_stream_counts() {
    for opened in [true, false] {
        let mut world = listening();
        world.run(5_000);
        world.stream(StreamEvent::Lost);
        world.backend.pay(true, world.now);
        if opened {
            world.stream(StreamEvent::Opened);
        }
        world.stream_tells_truth();
        assert!(world.is_paid(), "at once");
    }
}

#[test]
fn events_that_cannot_be_read_or_are_about_another_order_are_asked_about() {
    for other in [false, true] {
        let mut world = listening();
        world.run(5_000);
        let then = world.now;
        let mut order = world.backend.order(world.now);
        (order.order_id, order.status) = ("T2".to_owned(), OrderStatus::Paid);
        world.stream(StreamEvent::Order(if other {
            Ok(OrderAnswer::Whole(Box::new(order)))
        } else {
            Err(unreadable())
        }));
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

/// What the host was told of the stream.
fn told_of_the_stream(world: &World) -> Vec<&str> {
    let told = world.host.news.iter().filter_map(|news| match news {
        News::Error(error) if error.code == "events_unavailable" => {
            assert!(!error.fatal, "asking goes on");
            error.detail.as_deref()
        }
        _ => None,
    });
    told.collect()
}

/// Such as a wrong address, to which a server answers 404, or a page.
#[test]
fn a_stream_that_cannot_be_opened_is_told_once_and_without_its_ticket() {
    let mut world = World::new();
    world.backend.events_url = Some("events?ticket=k3Vn0d".to_owned());
    world.start();
    world.run(100);
    for ticket in ["k3Vn0d", "x9Qp2a"] {
        world.stream(StreamEvent::Lost);
        world.backend.events_url = Some(format!("events?ticket={ticket}"));
        world.run(20_000);
    }
    world.stream(StreamEvent::Lost);
    assert_eq!(told_of_the_stream(&world), ["GET https://pay.example/cashier/events → no event stream"]);
    world.backend.pay(true, world.now);
    assert!(world.run_until(2_500, World::is_paid));
}

#[test]
fn a_stream_that_breaks_or_fails_with_the_network_is_not_told() {
    // Mended by the browser, or refused since its ticket is too old.
    let mut world = listening();
    world.stream(StreamEvent::Lost);
    world.stream(StreamEvent::Lost);
    world.run(20_000);
    world.stream(StreamEvent::Lost);
    assert!(told_of_the_stream(&world).is_empty());

    for offline in [false, true] {
        let mut world = World::new();
        world.backend.events_url = Some("/events".to_owned());
        world.start();
        world.run(100);
        if offline {
            world.page(PageEvent::Offline);
        } else {
            world.net.order = Fault::Unreachable;
            world.run(15_000);
        }
        world.stream(StreamEvent::Lost);
        assert!(told_of_the_stream(&world).is_empty(), "offline: {offline}");
    }
}

/// A proxy that compresses lets the beginning through, and keeps what follows until there is enough of it.
#[test]
fn a_stream_that_is_held_back_is_told_once() {
    let mut world = World::new();
    world.backend.events_url = Some("/events".to_owned());
    world.start();
    world.run(100);
    world.stream(StreamEvent::Opened);
    world.run(3_000);
    assert!(told_of_the_stream(&world).is_empty());
    world.other_page_asks_for_a_new_code();
    world.run(3_000);
    world.backend.pay(true, world.now);
    assert!(world.run_until(2_500, World::is_paid));
    assert_eq!(told_of_the_stream(&world), ["GET https://pay.example/events → open, and no event comes"]);

    let mut world = listening();
    world.other_page_asks_for_a_new_code();
    world.page(PageEvent::Visible);
    world.run(1_500);
    assert!(told_of_the_stream(&world).is_empty(), "it came late, once");
}
