//! JSAPI: inside WeChat, through `WeixinJSBridge` (docs/platform.md, 1.1).

use super::*;

#[test]
fn it_is_paid_by_a_tap_and_shown_paid_when_the_backend_says_so() {
    let mut world = World::in_wechat();
    assert_eq!((world.pays_by(), stage(&world)), ("jsapi", Stage::Ready));
    assert!(world.wechat.calls.is_empty(), "nothing is opened before the tap");
    world.tap(Tap::Pay);
    assert_eq!(stage(&world), Stage::Opening);
    assert_eq!(world.wechat.calls[0].what, What::Sheet(jsapi_params(1)));
    world.run(8_000);
    let paid_at = world.now;
    world.backend.pay(false, world.now);
    world.says(OK);
    assert_eq!(world.body(), &Body::Confirming { can_go_back: true });
    assert!(world.run_until(2_000, paid(false)));
    assert!(verified_since(&world, paid_at), "the platform was asked");
    assert_eq!(world.memory, None);
}

/// Field problem 55: taps that follow each other faster than WeChat answers.
#[test]
fn a_double_tap_opens_one_sheet() {
    let mut world = World::in_wechat();
    for _ in 0..5 {
        world.tap(Tap::Pay);
        world.run(50);
    }
    assert_eq!(world.wechat.calls.len(), 1);
    world.says(OK);
    world.tap(Tap::Pay);
    world.run(3_000);
    world.tap(Tap::Pay);
    assert_eq!(world.wechat.calls.len(), 1, "nor one more while the first is confirmed");
    assert_eq!(world.payment_requests().len(), 1);
}

/// Nothing came of the tap: no sheet, no answer.
#[test]
fn a_call_that_is_not_answered_can_be_given_up() {
    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    world.run(2 * MINUTE_MS);
    assert_eq!(stage(&world), Stage::Opening);
    assert_eq!(&world.offered()[..2], [Tap::HavePaid, Tap::Retry]);
    world.tap(Tap::Retry);
    assert_eq!(stage(&world), Stage::Preparing);
    world.run(1_100);
    world.ready();
    world.tap(Tap::Pay);
    assert_eq!(world.wechat.calls.len(), 2);
    // The first one's answer comes after all, and has the order asked about.
    let asked = world.now;
    world.backend.pay(false, world.now);
    let first = world.wechat.calls[0].stamp;
    world.event(Event::Called { stamp: first, said: OK.to_owned() });
    assert_eq!(stage(&world), Stage::Opening);
    assert!(world.run_until(2_000, paid(false)));
    assert!(verified_since(&world, asked));
}

/// Field problem 7: a wrong key, case, unit or prefix is named before WeChat gets it.
#[test]
fn wrong_parameters_are_named_and_not_called_with() {
    type Change = fn(&mut JsapiParams);
    let wrong: [(Change, &str); 3] = [
        (|params| params.time_stamp = "1795255200000".to_owned(), "action.params.timeStamp"),
        (|params| params.package = "wx1".to_owned(), "action.params.package"),
        (|params| params.pay_sign.clear(), "action.params.paySign"),
    ];
    for (change, path) in wrong {
        let mut world = World::opened_in(App::WeChat, Device::Phone);
        let mut params = jsapi_params(1);
        change(&mut params);
        world.backend.action = Some(Action::InvokeJsapi { params });
        world.start();
        world.run(1_000);
        assert!(matches!(world.body(), Body::Trouble(Trouble::Unreadable { error, .. }) if error.path == path));
        world.tap(Tap::Pay);
        assert!(world.wechat.calls.is_empty());
        world.backend.action = None;
        world.backend.minted.clear();
        world.tap(Tap::Retry);
        world.run(1_100);
        world.ready();
    }
}

/// HarmonyOS takes no call for the payer's own will that comes after an answer from the network (field problem 16): the
/// parameters are there before the tap, and the call is in the tap's own effects.
#[test]
fn the_call_is_made_in_the_tap_itself() {
    let mut world = World::in_wechat();
    let asked = world.sent.len();
    world.tap(Tap::Pay);
    assert_eq!((world.wechat.calls.len(), world.sent.len()), (1, asked));
    assert_eq!(world.wechat.calls[0].at, world.now);
}

#[test]
fn parameters_that_died_are_fetched_anew_before_the_next_tap() {
    let mut world = World::opened_in(App::WeChat, Device::Phone);
    world.backend.code_life_ms = Some(60_000);
    world.start();
    world.run(62_000);
    world.tap(Tap::Pay);
    assert!(world.wechat.calls.is_empty(), "never with what has died");
    assert_eq!(stage(&world), Stage::Preparing);
    world.run(100);
    world.ready();
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"));
    world.tap(Tap::Pay);
    assert_eq!(world.wechat.calls[0].what, What::Sheet(jsapi_params(2)));
}

/// Field problem 13: WeChat closes the page after the payment.
#[test]
fn a_page_that_wechat_closes_loses_nothing() {
    for resumes in [true, false] {
        let mut world = World::in_wechat();
        world.backend.resumes = resumes;
        world.tap(Tap::Pay);
        world.backend.pay(true, world.now);
        world.reload();
        world.run(200);
        assert!(paid(false)(&world));
        // And in a web-view of its own, which remembers nothing.
        let mut world = World::in_wechat();
        world.backend.resumes = resumes;
        world.tap(Tap::Pay);
        world.memory = None;
        world.reload();
        world.run(200);
        world.ready();
        world.backend.pay(true, world.now);
        assert!(world.run_until(NEXT_MS, paid(false)));
    }
}

/// One payment, also when the page is loaded again in the middle of it.
#[test]
fn a_reload_while_the_sheet_is_open_offers_the_same_payment() {
    for resumes in [true, false] {
        let mut world = World::in_wechat();
        world.backend.resumes = resumes;
        world.tap(Tap::Pay);
        world.run(1_000);
        world.reload();
        world.run(200);
        world.ready();
        world.tap(Tap::Pay);
        assert_eq!(world.wechat.calls[0].what, What::Sheet(jsapi_params(1)));
        assert_eq!(world.backend.minted.len(), 1);
    }
}

/// Field problem 21: back, and the page is shown as it was.
#[test]
fn shown_again_from_the_cache_it_asks_before_it_offers_to_pay() {
    for paid_meanwhile in [true, false] {
        let mut world = World::in_wechat();
        world.tap(Tap::Pay);
        world.run(2_000);
        world.page(PageEvent::Hidden);
        world.run(30_000);
        if paid_meanwhile {
            world.backend.pay(false, world.now);
        }
        world.page(PageEvent::Restored);
        assert_eq!(stage(&world), Stage::Preparing);
        world.tap(Tap::Pay);
        assert_eq!(world.wechat.calls.len(), 1);
        world.run(100);
        if paid_meanwhile {
            assert!(paid(false)(&world));
        } else {
            world.ready();
        }
        // The sheet's answer comes to a page that does not wait for it any more.
        world.says(CANCEL);
        world.run(1_100);
        assert_eq!(world.is_paid(), paid_meanwhile);
    }
}

/// A button that another screen has covered since: a tap that was under way does nothing any more.
#[test]
fn a_tap_that_comes_after_its_screen_is_gone_opens_nothing() {
    let mut world = World::in_wechat();
    world.backend.close();
    assert!(world.run_until(NEXT_MS, |world| world.body() == &Body::Closed));
    world.tap(Tap::Pay);
    assert!(world.wechat.calls.is_empty());

    let mut world = World::in_wechat();
    world.tap(Tap::HavePaid);
    world.tap(Tap::Pay);
    assert!(confirms(&world) && world.wechat.calls.is_empty());

    let mut world = World::in_wechat();
    world.run(15 * MINUTE_MS);
    let asked = world.payment_requests().len();
    world.tap(Tap::Pay);
    world.run(1_000);
    assert_eq!((world.wechat.calls.len(), world.payment_requests().len()), (0, asked));
}
