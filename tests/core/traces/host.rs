//! What the page around the cashier wants, and what it is told.

use super::*;

fn closings(world: &World) -> usize {
    world.sent.iter().filter(|(_, call)| *call == Call::Close).count()
}

#[test]
fn refresh_has_the_platform_asked() {
    let mut world = World::scanning();
    world.run(1_500);
    let before = world.order_requests().len();
    world.event(Event::Host(HostEvent::Refresh));
    world.run(100);
    let asked = world.order_requests();
    assert_eq!((asked.len(), asked[before].1), (before + 1, true));
}

#[test]
fn close_closes_the_order_once() {
    let mut world = World::scanning();
    world.run(1_500);
    world.event(Event::Host(HostEvent::Close));
    world.event(Event::Host(HostEvent::Close));
    world.run(1_500);
    assert_eq!(world.body(), &Body::Closed);
    assert_eq!(world.screen.report().status, Status::Closed);
    world.run(10 * MINUTE_MS);
    assert_eq!(closings(&world), 1);
}

#[test]
fn an_order_that_is_paid_meanwhile_is_paid() {
    let mut world = World::scanning();
    world.backend.pay(false, world.now);
    world.event(Event::Host(HostEvent::Close));
    assert!(world.run_until(3_000, paid(false)));
    assert!(closings(&world) <= 1);
    world.event(Event::Host(HostEvent::Close));
    world.event(Event::Host(HostEvent::Refresh));
    world.run(MINUTE_MS);
    assert!(closings(&world) <= 1, "nothing is wanted after the end");
}

#[test]
fn a_backend_that_does_not_close_changes_nothing() {
    for fault in [Fault::Refused(ProblemCode::OrderNotFound, None), Fault::Unreadable] {
        let mut world = World::scanning();
        world.run(1_500);
        world.net.order = fault;
        world.event(Event::Host(HostEvent::Close));
        world.run(100);
        world.net.order = Fault::None;
        world.run(20_000);
        assert_eq!(closings(&world), 1);
        world.scan();
        assert_eq!(world.screen.notice, None);
    }
}

#[test]
fn a_close_whose_answer_is_lost_is_known_by_the_next_question() {
    let mut world = World::scanning();
    world.run(1_500);
    world.net.order = Fault::AnswerLost;
    world.host(HostEvent::Close);
    world.run(100);
    world.net.order = Fault::None;
    assert!(world.run_until(4_000, |world| world.body() == &Body::Closed));
    assert_eq!(world.host.heard(|news| matches!(news, News::Closed)), 1);
    world.run(MINUTE_MS);
    assert!(closings(&world) <= 2);
}

#[test]
fn a_screen_on_a_counter_is_idle_between_two_customers() {
    let mut world = World::new();
    world.options.order_id.clear();
    world.options.surface = Surface::Counter;
    world.start();
    assert_eq!(world.body(), &Body::Idle);
    world.run(60 * MINUTE_MS);
    assert!(world.sent.is_empty() && world.wake.is_none());
    let idle = Report { status: Status::Idle, screen: "idle", method: None, stage: None };
    assert_eq!(world.screen.report(), idle);
}

#[test]
fn a_page_that_names_no_order_says_so() {
    let mut world = World::new();
    world.options.order_id.clear();
    world.start();
    let error = ReportedError { code: "missing_order", detail: None, fatal: true };
    assert_eq!(world.state.error(world.now), Some(error));
}

#[test]
fn the_integrator_chooses_among_the_ways_and_puts_them_in_order() {
    for (wanted, first, others) in [
        (vec!["unionpay", "native"], "unionpay", vec!["native"]),
        (vec!["native", "jsapi", "ecny"], "native", vec![]),
        (vec![], "native", vec!["alipay", "unionpay", "h5"]),
    ] {
        let mut world = World::opened_in(App::Browser, Device::Desktop);
        world.options.methods = wanted.iter().map(|id| (*id).to_owned()).collect();
        world.start();
        world.run(200);
        assert_eq!(world.pays_by(), first);
        let offered: Vec<_> = world.screen.other_ways().map(|way| way.method.id()).collect();
        assert_eq!(offered, others, "{wanted:?}");
    }
}

#[test]
fn an_integrator_who_wants_none_of_them_is_told() {
    let mut world = World::opened_in(App::Browser, Device::Desktop);
    world.options.methods = vec!["jsapi".to_owned()];
    world.start();
    world.run(200);
    assert!(matches!(world.body(), Body::Trouble(Trouble::NoMethod { .. })));
}

#[test]
fn without_a_way_back_there_is_none() {
    let mut world = World::new();
    world.options.way_back = WayBack::None;
    world.start();
    world.run(100);
    world.backend.pay(true, world.now);
    world.run(MINUTE_MS);
    assert!(world.is_paid() && world.screen.return_to.is_none() && world.gone_to.is_empty());
}

#[test]
fn what_is_told_follows_the_screen() {
    let mut world = World::scanning();
    let report = world.screen.report();
    assert_eq!((report.status, report.screen, report.method), (Status::Pending, "scan", Some(Method::Native)));
    world.tap(Tap::HavePaid);
    assert_eq!(world.screen.report().status, Status::Confirming);
    world.page(PageEvent::Offline);
    let error = ReportedError { code: "offline", detail: None, fatal: false };
    assert_eq!(world.state.error(world.now), Some(error));
    world.page(PageEvent::Online);
    world.run(15 * MINUTE_MS);
    assert_eq!(world.screen.report().status, Status::Expired);
    world.backend.pay(true, world.now);
    world.tap(Tap::HavePaid);
    assert!(world.run_until(3_000, paid(true)));
    assert_eq!(world.screen.report().status, Status::Paid);
}

#[test]
fn a_close_that_is_refused_for_a_while_is_asked_again_after_it() {
    let mut world = World::scanning();
    world.run(1_500);
    world.net.order = Fault::Refused(ProblemCode::RateLimited, Some(RetryAfter::Millis(30_000)));
    world.host(HostEvent::Close);
    world.run(100);
    world.net.order = Fault::None;
    world.run(29_900);
    assert_eq!(closings(&world), 1, "not before it");
    world.run(1_500);
    assert_eq!((closings(&world), world.body()), (2, &Body::Closed));
    assert_eq!(world.host.errors(), ["close_failed"]);
}

#[test]
fn a_close_that_is_refused_for_good_is_told_and_given_up() {
    for code in [ProblemCode::OrderNotFound, ProblemCode::InvalidRequest, ProblemCode::Unauthorized] {
        let mut world = World::scanning();
        world.run(1_500);
        world.net.order = Fault::Refused(code, None);
        world.host(HostEvent::Close);
        world.run(100);
        world.net.order = Fault::None;
        let asked = world.order_requests().len();
        world.run(MINUTE_MS);
        assert_eq!(closings(&world), 1);
        assert!(world.order_requests().len() >= asked + 12, "the order is asked about as ever");
        assert_eq!(world.host.errors(), ["close_failed"]);
        world.scan();
    }
}

#[test]
fn a_close_that_does_not_arrive_is_tried_again_while_the_order_is_asked_about() {
    let mut world = World::scanning();
    world.run(1_500);
    world.net.order = Fault::Unreachable;
    world.host(HostEvent::Close);
    world.run(20_000);
    let gets = world.order_requests().len();
    assert!(closings(&world) >= 2 && gets >= 3, "{} {gets}", closings(&world));
    assert_eq!(world.host.errors().iter().filter(|code| **code == "close_failed").count(), 1, "told once");
    world.net.order = Fault::None;
    assert!(world.run_until(35_000, |world| world.body() == &Body::Closed));
    let closed = closings(&world);
    world.run(MINUTE_MS);
    assert_eq!(closings(&world), closed);
}

#[test]
fn while_a_close_does_not_arrive_the_order_is_asked_about_as_ever() {
    let mut world = World::scanning();
    world.run(1_500);
    world.net.close = Some(Fault::Unreachable);
    world.host(HostEvent::Close);
    world.run(3 * MINUTE_MS);
    assert!((4..=30).contains(&closings(&world)), "{}", closings(&world));
    let all = waits(&world, world.told.asked_at[0]);
    assert!(all.iter().all(|wait| *wait <= 6_100), "{all:?}");
    world.backend.pay(true, world.now);
    assert!(world.run_until(6_100, paid(false)));
}

/// As from inside what the host is told: nothing between two of its wishes is lost.
#[test]
fn an_error_that_comes_again_is_told_again_however_often_the_host_tries() {
    let mut world = World::new();
    world.net.payment = Fault::Refused(ProblemCode::MethodUnavailable, None);
    world.start();
    world.run(200);
    for times in 1..4 {
        assert_eq!(world.host.errors(), vec!["method_unavailable"; times]);
        world.host(HostEvent::Retry);
        world.host(HostEvent::Retry);
        world.host(HostEvent::Refresh);
        world.run(1_500);
    }
    world.net.payment = Fault::None;
    world.host(HostEvent::Retry);
    world.host(HostEvent::Retry);
    world.run(1_500);
    world.scan();
    assert_eq!(world.host.errors().len(), 4);
}

/// Another cashier takes the place of one that was taken out: what happened once is told once.
#[test]
fn put_in_again_it_tells_nothing_twice() {
    type End = (fn(&mut World), fn(&News) -> bool);
    let ends: [End; 3] = [
        (|world| world.backend.pay(true, world.now), |news| matches!(news, News::Paid { .. })),
        (|world| world.backend.close(), |news| matches!(news, News::Closed)),
        (|world| world.run(16 * MINUTE_MS), |news| matches!(news, News::Expired)),
    ];
    for (ends, told) in ends {
        let mut world = World::scanning();
        world.options.way_back = WayBack::ByHand;
        ends(&mut world);
        world.run(NEXT_MS);
        assert_eq!(world.host.heard(told), 1);
        let again: [fn(&mut World); 3] = [
            World::put_in_again,
            |world| world.host(HostEvent::Methods(vec!["native".to_owned()])),
            World::put_in_again,
        ];
        for again in again {
            again(&mut world);
            world.run(NEXT_MS);
        }
        assert_eq!(world.host.heard(told), 1);
        assert_eq!(world.host.heard(|news| matches!(news, News::Ready)), 1);
    }
}
