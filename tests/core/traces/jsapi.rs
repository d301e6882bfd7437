//! JSAPI: inside WeChat, through `WeixinJSBridge` (facts sections 1.1 to 1.3).

use super::*;

fn stage(world: &World) -> Stage {
    match world.body() {
        Body::Pay { stage, .. } => *stage,
        other => panic!("no button to pay by, but {other:?}{}", world.story()),
    }
}

fn trouble(world: &World) -> (Cause, &str) {
    match world.body() {
        Body::Trouble(Trouble::Wechat { cause, said }) => (*cause, said),
        other => panic!("no trouble with WeChat, but {other:?}{}", world.story()),
    }
}

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

/// Field problem 11, acceptance 5.
#[test]
fn ok_from_wechat_is_no_payment() {
    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    world.run(5_000);
    world.says(OK);
    let said = world.now;
    world.run(9_900);
    assert!(confirms(&world), "callbacks take seconds to arrive");
    world.run(200);
    world.ready();
    assert_eq!(world.screen.notice, Some(Notice::NotReceived));
    assert!(requests_since(&world, said).iter().all(|verify| *verify));
    world.run(14 * MINUTE_MS);
    assert!(!world.is_paid());
    assert_eq!(world.told.announced, 0);
}

/// Acceptance 5.
#[test]
fn cancel_or_fail_with_a_paid_order_ends_in_paid() {
    for said in [CANCEL, FAIL, "get_brand_wcpay_request:fail\n268447914", "system:access_denied"] {
        for callback in [true, false] {
            let mut world = World::in_wechat();
            world.tap(Tap::Pay);
            world.run(5_000);
            world.backend.pay(callback, world.now);
            world.says(said);
            assert!(world.run_until(2_000, paid(false)), "{said}");
        }
    }
}

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

/// Field problem 55, acceptance 6.
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

/// Field problem 22: the same order, the same parameters, after the order was asked about.
#[test]
fn after_a_cancel_the_payer_can_pay_again() {
    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    world.run(5_000);
    world.says(CANCEL);
    assert_eq!(stage(&world), Stage::Preparing, "until the order has been asked about");
    world.tap(Tap::Pay);
    assert_eq!(world.wechat.calls.len(), 1);
    world.run(1_100);
    assert_eq!(world.body(), &Body::Pay { stage: Stage::Ready, cancelled: true });
    world.tap(Tap::Pay);
    assert_eq!(world.body(), &Body::Pay { stage: Stage::Opening, cancelled: false });
    assert_eq!(world.wechat.calls[1].what, world.wechat.calls[0].what);
    assert_eq!(world.payment_requests().len(), 1);
    world.backend.pay(true, world.now);
    world.says(OK);
    assert!(world.run_until(2_000, paid(false)));
}

#[test]
fn after_a_cancel_only_an_answer_that_was_asked_for_after_it_counts() {
    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    world.run(5_000);
    world.net.down_ms = 3_000;
    world.page(PageEvent::Online);
    world.run(100);
    world.says(CANCEL);
    world.net.down_ms = 6_000;
    world.run(4_000);
    assert_eq!(stage(&world), Stage::Preparing, "the answer that came was asked for before");
    world.run(6_000);
    world.ready();
}

#[test]
fn while_the_backend_is_away_after_a_cancel_there_is_a_way_on() {
    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    world.net.order = Fault::Unreachable;
    world.says(CANCEL);
    assert!(world.run_until(10_000, |world| world.offers(&Tap::Retry)));
    assert!(world.offers(&Tap::Choose(Method::Native)));
}

/// Facts section 1.3: `pre_verify_jsapi:ok` comes before the answer in WeChat 8.0.16.
#[test]
fn what_answers_no_call_is_passed_over() {
    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    for noise in NOISE {
        world.says(noise);
        assert_eq!(stage(&world), Stage::Opening, "{noise}");
    }
    world.says(CANCEL);
    world.run(1_100);
    world.ready();
}

/// Field problem 10: every spelling, in whatever case.
#[test]
fn an_answer_is_read_in_every_spelling() {
    for said in ["getBrandWCPayRequest:ok", "chooseWXPay:ok", "GET_BRAND_WCPAY_REQUEST:OK", "chooseWXPay:OK\n0"] {
        let mut world = World::in_wechat();
        world.tap(Tap::Pay);
        world.says(said);
        assert!(confirms(&world), "{said}");
    }
    for said in ["getBrandWCPayRequest:cancel", "chooseWXPay:cancel", "get_brand_wcpay_request:CANCEL"] {
        let mut world = World::in_wechat();
        world.tap(Tap::Pay);
        world.says(said);
        world.run(1_100);
        assert_eq!(world.body(), &Body::Pay { stage: Stage::Ready, cancelled: true }, "{said}");
    }
}

#[test]
fn an_answer_that_comes_twice_counts_once() {
    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    world.says(CANCEL);
    world.run(1_100);
    world.tap(Tap::Pay);
    let second = world.wechat.calls[1].stamp;
    let first = world.wechat.calls[0].stamp;
    world.event(Event::Called { stamp: first, said: CANCEL.to_owned() });
    world.event(Event::Called { stamp: first, said: OK.to_owned() });
    assert_eq!(stage(&world), Stage::Opening, "the second call is open still");
    world.event(Event::Called { stamp: second, said: CANCEL.to_owned() });
    world.event(Event::Called { stamp: second, said: FAIL.to_owned() });
    world.run(1_100);
    world.ready();
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

/// Field problems 8 and 22: `total_fee` means that the prepay_id is out of date.
#[test]
fn stale_parameters_are_replaced_by_trying_again() {
    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    world.says("get_brand_wcpay_request:fail\n调用支付JSAPI缺少参数:total_fee");
    assert_eq!(trouble(&world).0, Cause::Stale);
    world.run(10_000);
    assert_eq!(trouble(&world).0, Cause::Stale, "what was refused is not offered again, though the order names it");
    world.tap(Tap::Retry);
    world.run(100);
    world.ready();
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"));
    world.tap(Tap::Pay);
    assert_eq!(world.wechat.calls[1].what, What::Sheet(jsapi_params(2)));
}

#[test]
fn every_failure_says_why_and_what_next() {
    for (said, cause) in [
        ("get_brand_wcpay_request:fail", Cause::Failed),
        ("当前页面的URL未注册:https://pay.example/", Cause::UrlNotRegistered),
        ("get_brand_wcpay_request:fail_invalid appid", Cause::Setup),
        ("system:access_denied", Cause::NotSupported),
        ("invokeMiniProgramAPI:permission denied", Cause::NoGesture),
        ("get_brand_wcpay_request:cancel\n下单账号与支付账号不一致", Cause::OtherAccount),
        ("get_brand_wcpay_request:fail\n商家暂时没有此类交易权限", Cause::Limit),
        ("getBrandWCPayRequest:fail_nosupport", Cause::NotSupported),
    ] {
        let mut world = World::in_wechat();
        world.tap(Tap::Pay);
        world.says(said);
        assert_eq!(trouble(&world), (cause, said));
        assert!(world.screen.suggest, "{said}: the other ways are opened");
        let offered = [Tap::Retry, Tap::HavePaid, Tap::Choose(Method::Native)];
        assert!(offered.iter().all(|tap| world.offers(tap)), "{said}");
        world.tap(Tap::CopyTrouble);
        assert_eq!(world.copied, [format!("{ORDER} {} {said}", cause.word())]);
        world.run(10);
        assert_eq!(world.screen.notice, Some(Notice::Copied));
        world.tap(Tap::Retry);
        world.run(1_100);
        world.ready();
    }
}

#[test]
fn paid_already_says_wechat_and_the_backend_is_asked() {
    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    world.backend.pay(false, world.now);
    world.says("get_brand_wcpay_request:cancel\n268449538\n该订单已支付");
    assert!(confirms(&world));
    assert!(world.run_until(2_000, paid(false)));
}

/// Field problem 7: a wrong key, case, unit or prefix is named before WeChat gets it.
#[test]
fn wrong_parameters_are_named_and_not_called_with() {
    let wrong: [(fn(&mut JsapiParams), &str); 3] = [
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
        assert!(matches!(world.body(), Body::Trouble(Trouble::Unreadable(error)) if error.path == path));
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
        assert!(world.run_until(3_000, paid(false)));
    }
}

/// Acceptance 6.
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

/// The bridge comes, and then WeChat answers, when the order is known to be paid.
#[test]
fn late_news_of_wechat_after_the_end_leave_nothing_behind() {
    let mut world = World::opened_in(App::WeChat, Device::Phone);
    world.wechat.there_after_ms = None;
    world.start();
    world.run(5_000);
    assert_eq!(trouble(&world).0, Cause::NoBridge);
    world.backend.pay(true, world.now);
    assert!(world.run_until(3_000, paid(false)));
    world.link(LinkEvent::Ready);
    assert!(world.is_paid() && world.memory.is_none());

    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    world.backend.pay(true, world.now);
    assert!(world.run_until(3_000, paid(false)));
    for said in [OK, CANCEL, FAIL] {
        world.says(said);
        assert!(world.is_paid() && world.memory.is_none());
    }
}

/// A button that another screen has covered since: a tap that was under way does nothing any more.
#[test]
fn a_tap_that_comes_after_its_screen_is_gone_opens_nothing() {
    let mut world = World::in_wechat();
    world.backend.close();
    assert!(world.run_until(3_000, |world| world.body() == &Body::Closed));
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

/// `ok`, and the payer says that it was not: the order is asked about before the next sheet all the same.
#[test]
fn back_after_ok_asks_before_it_offers_to_pay() {
    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    world.net.order = Fault::Unreachable;
    world.says(OK);
    world.run(1_000);
    world.tap(Tap::Back);
    assert_eq!(stage(&world), Stage::Preparing);
    world.net.order = Fault::None;
    world.run(3_000);
    world.ready();
}
