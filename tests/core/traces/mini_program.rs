//! A mini-program's web-view: a native page of it is opened (docs/platform.md, 1.6, field problem 14).

use super::*;

#[test]
fn a_native_page_is_opened_by_a_tap_and_asked_about_afterwards() {
    for paid_there in [true, false] {
        let mut world = World::in_mini_program();
        assert_eq!(world.pays_by(), "mini_program");
        world.tap(Tap::Pay);
        world.tap(Tap::Pay);
        assert_eq!(world.wechat.calls.len(), 1);
        assert_eq!(world.wechat.calls[0].what, What::MiniProgram("/pages/pay?payment=p1".to_owned()));
        world.run(20);
        world.says("navigateTo:ok");
        assert_eq!(world.body(), &Body::Pay { stage: Stage::Opening, cancelled: false });
        world.page(PageEvent::Hidden);
        world.run(30_000);
        if paid_there {
            world.backend.pay(false, world.now);
        }
        let back = world.now;
        world.page(PageEvent::Visible);
        assert_eq!(world.body(), &Body::Returned);
        world.run(1_100);
        assert!(verified_since(&world, back));
        assert_eq!(world.is_paid(), paid_there);
    }
}

#[test]
fn pay_again_opens_a_new_page_by_a_tap() {
    let mut world = World::in_mini_program();
    world.tap(Tap::Pay);
    world.says("navigateTo:ok");
    world.page(PageEvent::Hidden);
    world.page(PageEvent::Visible);
    world.tap(Tap::Again);
    world.run(200);
    world.ready();
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"));
    world.tap(Tap::Pay);
    assert_eq!(world.wechat.calls[1].what, What::MiniProgram("/pages/pay?payment=p2".to_owned()));
}

/// The web-view is loaded again when the payer comes back from the native page.
#[test]
fn a_web_view_that_is_loaded_again_asks_whether_it_is_done() {
    let mut world = World::in_mini_program();
    world.tap(Tap::Pay);
    world.says("navigateTo:ok");
    world.reload();
    world.run(200);
    assert_eq!(world.body(), &Body::Returned);
    world.backend.pay(true, world.now);
    world.tap(Tap::HavePaid);
    assert!(world.run_until(2_000, paid(false)));
}

#[test]
fn a_page_that_does_not_open_is_said() {
    for (said, cause) in [
        ("navigateTo:fail page \"pages/pay\" is not found", Cause::Setup),
        ("invokeMiniProgramAPI:permission denied", Cause::NoGesture),
        ("navigateTo:fail webview count limit exceed", Cause::NotSupported),
        ("", Cause::NotSupported),
    ] {
        let mut world = World::in_mini_program();
        world.tap(Tap::Pay);
        world.says(said);
        assert_eq!(trouble(&world).0, cause, "{said}");
        assert!(world.screen.suggest && world.offers(&Tap::Choose(Method::Native)));
        world.tap(Tap::Retry);
        world.run(200);
        world.ready();
    }
}

#[test]
fn without_the_sdk_it_says_so_and_offers_the_qr() {
    for (fails, after_ms) in [(true, 100), (false, 8_100)] {
        let mut world = World::opened_in(App::MiniProgram, Device::Phone);
        world.wechat.sdk_fails = fails;
        world.wechat.there_after_ms = fails.then_some(30);
        world.start();
        world.run(after_ms);
        assert_eq!(trouble(&world).0, Cause::NoSdk);
        world.wechat.sdk_fails = false;
        world.wechat.there_after_ms = Some(30);
        let mut another = world.clone();
        another.tap(Tap::Choose(Method::Native));
        another.run(100);
        another.scan();
        world.tap(Tap::Retry);
        world.run(200);
        world.ready();
    }
}

#[test]
fn the_sdk_is_waited_for_as_long_as_a_network_needs() {
    let mut world = World::opened_in(App::MiniProgram, Device::Phone);
    world.wechat.there_after_ms = Some(7_900);
    world.start();
    world.run(7_900);
    assert_eq!(world.body(), &Body::Pay { stage: Stage::Preparing, cancelled: false });
    world.run(200);
    world.ready();
}

#[test]
fn a_call_that_is_not_answered_can_be_given_up_there_too() {
    let mut world = World::in_mini_program();
    world.tap(Tap::Pay);
    world.run(MINUTE_MS);
    world.tap(Tap::Retry);
    world.run(1_100);
    world.ready();
    world.tap(Tap::Pay);
    assert_eq!(world.wechat.calls.len(), 2);
}
