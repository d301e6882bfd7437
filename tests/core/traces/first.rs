//! An answer that the host has, and what else it sets while the cashier goes on.

use super::*;

#[test]
fn a_young_answer_is_taken_at_once() {
    for age_ms in [0, 500, 9_900] {
        let mut world = World::scanning();
        world.run(10_000);
        world.backend.pay(true, world.now);
        world.host_brings_the_truth(Some(age_ms));
        assert!(world.is_paid(), "{age_ms}");
        assert_eq!(world.host.paid(), 1);
    }
}

/// Twenty minutes after the page was opened, or out of a page that was written some time ago: its age is what counts.
#[test]
fn of_an_answer_that_may_be_old_nothing_is_concluded_but_that_the_order_is_asked_about() {
    for age_ms in [None, Some(10_000), Some(20 * MINUTE_MS)] {
        for status in [OrderStatus::Paid, OrderStatus::Closed, OrderStatus::Refunded] {
            let mut world = World::scanning();
            world.run(30_000);
            let shown = world.screen.clone();
            let mut old = world.backend.order(world.now);
            old.status = status;
            old.now = after(old.now, -20 * 60_000);
            old.payment = None;
            old.amount.value += 1;
            let asked = world.order_requests().len();
            world.host_brings(old, age_ms);
            assert_eq!(world.screen, shown, "{age_ms:?}");
            world.run(1_100);
            assert_eq!(world.order_requests().len(), asked + 1, "asked about at once");
            world.scan();
            assert_eq!(world.backend.minted.len(), 1, "the code stays good");
            assert_eq!((world.host.errors().len(), world.host.paid()), (0, 0));
        }
    }
}

/// Its `now`, dated wrongly, would end the code at once.
#[test]
fn an_old_answers_clock_is_not_learned_from() {
    let mut world = World::scanning();
    world.run(30_000);
    let left_s = world.screen.body.seconds();
    let mut old = world.backend.order(world.now);
    old.now = after(old.now, 20 * 60_000);
    for age_ms in [None, Some(20 * MINUTE_MS)] {
        for _ in 0..5 {
            world.host_brings(old.clone(), age_ms);
        }
    }
    assert_eq!(world.screen.body.seconds(), left_s);
    world.run(5_000);
    world.scan();
    assert_eq!(world.host.heard(|news| matches!(news, News::Expired)), 0);
}

#[test]
fn an_answer_about_another_order_is_as_if_absent() {
    for age_ms in [None, Some(0), Some(20 * MINUTE_MS)] {
        let mut world = World::scanning();
        world.run(1_500);
        let mut without = world.clone();
        let mut other = world.backend.order(world.now);
        (other.order_id, other.status) = ("T2".to_owned(), OrderStatus::Paid);
        for _ in 0..3 {
            world.host_brings(other.clone(), age_ms);
            world.run(5_000);
        }
        without.run(15_000);
        assert_eq!(world.sent, without.sent, "{age_ms:?}");
        assert_eq!(world.screen, without.screen);
        let told = told_of(&world);
        assert_eq!(told, ["first: order_id: expected \"T20261121001\", got \"T2\""], "once");
        assert_eq!(world.host.news.len(), without.host.news.len() + 1);
    }
}

/// What was answered before somebody said that it is paid says nothing about that.
#[test]
fn an_answer_from_before_a_claim_does_not_end_it() {
    let mut world = World::scanning();
    world.tap(Tap::HavePaid);
    world.host_brings_the_truth(Some(100));
    assert!(confirms(&world));
    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    world.says(CANCEL);
    world.host_brings_the_truth(Some(100));
    assert_eq!(stage(&world), Stage::Preparing, "the order is to be asked about");
}

/// A token that is renewed, a first answer whose `now` moved on, ways that are set again: the cashier goes on as it is.
#[test]
fn what_the_host_sets_again_is_taken_in_place() {
    let sets: [fn(&mut World); 4] = [
        |world| world.host(HostEvent::Token),
        |world| world.host_brings_the_truth(Some(200)),
        |world| world.host_brings_the_truth(None),
        |world| world.host(HostEvent::Methods(vec!["jsapi".to_owned(), "native".to_owned()])),
    ];
    for set in sets {
        let mut world = World::in_wechat();
        world.tap(Tap::Pay);
        set(&mut world);
        assert_eq!(stage(&world), Stage::Opening, "the call under way stays{}", world.story());
        world.run(3_000);
        assert_eq!(stage(&world), Stage::Opening);
        world.says(OK);
        assert!(confirms(&world), "and its answer counts");
        assert_eq!(world.host.heard(|news| matches!(news, News::Ready)), 1);
        assert_eq!((world.wechat.calls.len(), world.payment_requests().len()), (1, 1));

        let mut world = World::scanning();
        let code = world.scan();
        set(&mut world);
        assert_eq!(world.body().name(), "scan", "no skeleton in between");
        world.run(3_000);
        assert_eq!((world.scan(), world.payment_requests().len()), (code, 1));
        assert_eq!(world.host.heard(|news| matches!(news, News::Ready)), 1);
    }
}

/// The token ran out: what was refused for it is asked again at once, and nothing that was not.
#[test]
fn a_renewed_token_has_what_was_refused_asked_again() {
    let refused = || Fault::Refused(ProblemCode::Unauthorized, None);
    // The order, as the first and as a later question: by itself it is asked again every half a minute by now.
    for scanning in [false, true] {
        let mut world = if scanning { World::scanning() } else { World::new() };
        world.net.order = refused();
        if !scanning {
            world.start();
        }
        world.run(2 * MINUTE_MS);
        world.net.order = Fault::None;
        let then = world.now;
        world.host(HostEvent::Token);
        world.run(1_100);
        assert_eq!(requests_since(&world, after_ms(then)).len(), 1, "{}", world.story());
        assert_eq!(world.screen.notice, None);
        world.scan();
    }
    // A payment, which waits for the payer else.
    let mut world = World::new();
    world.net.payment = refused();
    world.start();
    world.run(2 * MINUTE_MS);
    assert_eq!(world.payment_requests().len(), 1);
    world.net.payment = Fault::None;
    world.host(HostEvent::Token);
    world.run(100);
    world.scan();

    let mut world = World::new();
    world.net.payment = Fault::Refused(ProblemCode::MethodUnavailable, None);
    world.start();
    world.run(2 * MINUTE_MS);
    let sent = world.sent.len();
    world.host(HostEvent::Token);
    assert_eq!(world.sent.len(), sent, "another refusal has nothing to do with it");
}

fn after_ms(at: Instant) -> Instant {
    Instant::from_millis(at.millis() - 1)
}

/// The countdown goes by when it was asked for: what came nine seconds later is nine seconds old.
#[test]
fn a_first_answer_is_dated_to_when_it_was_asked_for() {
    let mut world = World::new();
    world.now = Instant::from_millis(20_000);
    world.backend.expires_at = after(world.backend.clock(world.now), 60_000);
    world.net.up_ms = 9_000;
    world.start();
    world.net.up_ms = 20;
    let mut order = world.backend.order(world.now);
    order.now = after(order.now, -9_000);
    world.host_brings(order, Some(9_000));
    world.run(200);
    world.scan();
    assert!(world.screen.body.seconds().is_some_and(|left_s| (58..=60).contains(&left_s)), "{:?}", world.body());
}

/// What the host was told of first answers.
fn told_of(world: &World) -> Vec<String> {
    let told = world.host.news.iter().filter_map(|news| match news {
        News::Error(ReportedError { code: "unreadable_answer", detail, fatal: false }) => detail.clone(),
        _ => None,
    });
    told.collect()
}

#[test]
fn an_answer_that_cannot_be_read_is_as_if_absent_and_told_once() {
    for age_ms in [None, Some(0)] {
        let mut world = World::scanning();
        let mut without = world.clone();
        let asked = age_ms.map(|age_ms| Instant::from_millis(world.now.millis() - age_ms));
        for _ in 0..3 {
            let error = DecodeError { path: "amount".to_owned(), reason: "missing field `amount`".to_owned() };
            world.host(HostEvent::First { order: Err(error), asked });
            world.run(5_000);
        }
        without.run(15_000);
        assert_eq!((&world.sent, &world.screen), (&without.sent, &without.screen));
        assert_eq!(told_of(&world), ["first: amount: missing field `amount`"]);
    }
}
