//! What WeChat answers, and what follows (docs/platform.md, 1.3).

use super::*;

/// Field problem 11: WeChat's `ok` is not proof of payment.
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
    assert_eq!(world.host.paid(), 0);
}

/// WeChat's answer does not decide whether it is paid.
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

/// Nor one that went out in the same moment, and asked the backend for what it knew anyway.
#[test]
fn after_a_cancel_only_the_platforms_word_counts() {
    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    let asked = world.order_requests().len();
    world.run_until(5_000, |world| world.order_requests().len() > asked);
    assert_eq!(world.order_requests().last(), Some(&(world.now, false)));
    world.says(CANCEL);
    world.run(100);
    assert_eq!(stage(&world), Stage::Preparing);
    world.run(1_000);
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

/// docs/platform.md, 1.3: `pre_verify_jsapi:ok` comes before the answer in WeChat 8.0.16.
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

/// The bridge comes, and then WeChat answers, when the order is known to be paid.
#[test]
fn late_news_of_wechat_after_the_end_leave_nothing_behind() {
    let mut world = World::opened_in(App::WeChat, Device::Phone);
    world.wechat.there_after_ms = None;
    world.start();
    world.run(5_000);
    assert_eq!(trouble(&world).0, Cause::NoBridge);
    world.backend.pay(true, world.now);
    assert!(world.run_until(NEXT_MS, paid(false)));
    world.link(LinkEvent::Ready);
    assert!(world.is_paid() && world.memory.is_none());

    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    world.backend.pay(true, world.now);
    assert!(world.run_until(NEXT_MS, paid(false)));
    for said in [OK, CANCEL, FAIL] {
        world.says(said);
        assert!(world.is_paid() && world.memory.is_none());
    }
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
