//! The bridge to WeChat: when it is there, late, or never (docs/platform.md, 1.2).

use super::*;

/// Field problem 1: the bridge comes after the page's own scripts.
#[test]
fn the_bridge_is_waited_for() {
    let mut world = World::opened_in(App::WeChat, Device::Phone);
    world.wechat.there_after_ms = Some(3_900);
    world.start();
    world.run(3_000);
    assert_eq!(stage(&world), Stage::Preparing);
    world.tap(Tap::Pay);
    assert!(world.wechat.calls.is_empty(), "no call before it is there");
    world.run(1_000);
    world.ready();
    world.tap(Tap::Pay);
    assert_eq!(world.wechat.calls.len(), 1);
}

/// Field problems 1 and 19.
#[test]
fn a_bridge_that_never_comes_is_said_after_four_seconds_and_the_qr_offered() {
    let mut world = World::opened_in(App::WeChat, Device::Phone);
    world.wechat.there_after_ms = None;
    world.start();
    world.run(3_990);
    assert_eq!(stage(&world), Stage::Preparing);
    world.run(100);
    assert_eq!(trouble(&world), (Cause::NoBridge, ""));
    assert!(world.screen.suggest, "the other ways are opened");
    world.tap(Tap::Choose(Method::Native));
    world.run(100);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    assert!(matches!(world.body(), Body::Scan { in_hand: true, .. }), "this phone cannot scan its own screen");
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"));
}

#[test]
fn a_bridge_that_comes_after_all_is_used() {
    let mut world = World::opened_in(App::WeChat, Device::Phone);
    world.wechat.there_after_ms = Some(6_000);
    world.start();
    world.run(5_000);
    assert_eq!(trouble(&world), (Cause::NoBridge, ""));
    world.run(1_200);
    world.ready();
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"));
}

#[test]
fn a_bridge_that_comes_after_the_payer_chose_otherwise_changes_nothing() {
    let mut world = World::opened_in(App::WeChat, Device::Phone);
    world.wechat.there_after_ms = Some(6_000);
    world.start();
    world.run(5_000);
    world.tap(Tap::Choose(Method::Native));
    world.run(10_000);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    assert_eq!(world.payment_requests().len(), 2);
}

#[test]
fn a_bridge_that_comes_after_the_orders_end_asks_for_nothing() {
    let mut world = World::opened_in(App::WeChat, Device::Phone);
    world.wechat.there_after_ms = None;
    world.start();
    world.run(5_000);
    assert_eq!(trouble(&world).0, Cause::NoBridge);
    world.backend.close();
    assert!(world.run_until(6_000, |world| world.body() == &Body::Closed));
    world.link(LinkEvent::Ready);
    world.run(1_000);
    assert_eq!((world.body(), world.payment_requests().len()), (&Body::Closed, 1));
}

#[test]
fn trying_again_looks_for_the_bridge_again() {
    let mut world = World::opened_in(App::WeChat, Device::Phone).offering(["jsapi"]);
    world.wechat.there_after_ms = None;
    world.start();
    world.run(5_000);
    for _ in 0..3 {
        world.tap(Tap::Retry);
        world.run(3_900);
        assert_eq!(stage(&world), Stage::Preparing);
        world.run(200);
        assert_eq!(trouble(&world).0, Cause::NoBridge);
    }
    world.wechat.there_after_ms = Some(0);
    world.tap(Tap::Retry);
    world.run(100);
    world.ready();
}

/// The wait for the bridge may end while something else is wrong; the way out of that is no dead end then.
#[test]
fn a_bridge_that_stayed_away_during_another_trouble_is_looked_for_again() {
    let mut world = World::opened_in(App::WeChat, Device::Phone).offering(["jsapi"]);
    world.wechat.there_after_ms = None;
    world.net.payment = Fault::Refused(ProblemCode::MethodUnavailable, None);
    world.start();
    world.run(6_000);
    assert!(matches!(world.body(), Body::Trouble(Trouble::Refused { .. })));
    world.net.payment = Fault::None;
    world.tap(Tap::Retry);
    world.run(5_000);
    assert_eq!(trouble(&world).0, Cause::NoBridge);
    world.wechat.there_after_ms = Some(0);
    world.tap(Tap::Retry);
    world.run(100);
    world.ready();
}

/// Field problems 2 and 3.
#[test]
fn in_a_frame_the_tap_leads_out_of_it() {
    let mut world = World::opened_in(App::WeChat, Device::Phone);
    world.options.environment = Some(Environment { app: App::WeChat, device: Device::Phone, framed: true });
    world.wechat.there_after_ms = None;
    world.start();
    world.run(10_000);
    world.ready();
    assert!(world.left_for.is_empty(), "not by itself");
    world.tap(Tap::Pay);
    assert_eq!(world.left_for, [(PAGE.to_owned(), Passage::Unframe)]);
    assert!(world.wechat.calls.is_empty());
}

/// Also with parameters that another page has fetched.
#[test]
fn in_a_frame_the_tap_leads_out_of_it_whatever_is_there() {
    let mut world = World::opened_in(App::WeChat, Device::Phone).offering(["jsapi"]);
    world.options.environment = Some(Environment { app: App::WeChat, device: Device::Phone, framed: true });
    world.other_page_asks_for_a_new_code();
    world.start();
    world.run(200);
    world.ready();
    world.tap(Tap::Pay);
    assert!(world.wechat.calls.is_empty());
    assert_eq!(world.left_for, [(PAGE.to_owned(), Passage::Unframe)]);
}
