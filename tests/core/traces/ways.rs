//! Choosing among the ways to pay, and the merchant's own.

use super::*;

fn own_way(id: &str) -> Method {
    Method::Merchant(id.to_owned())
}

fn other_ways(world: &World) -> Vec<&str> {
    world.screen.other_ways().map(|way| way.method.id()).collect()
}

#[test]
fn the_place_decides_what_is_offered_first() {
    for (app, device, want, others) in [
        (App::WeChat, Device::Phone, "jsapi", vec!["native", "alipay", "unionpay"]),
        (App::WeChatDesktop, Device::Desktop, "native", vec!["alipay", "unionpay"]),
        (App::WeCom, Device::Phone, "h5", vec!["native", "alipay", "unionpay"]),
        (App::MiniProgram, Device::Phone, "mini_program", vec!["native", "alipay", "unionpay"]),
        (App::Browser, Device::Phone, "h5", vec!["native", "alipay", "unionpay"]),
        (App::Browser, Device::Tablet, "native", vec!["h5", "alipay", "unionpay"]),
        (App::Browser, Device::Desktop, "native", vec!["alipay", "unionpay", "h5"]),
        (App::Alipay, Device::Phone, "alipay", vec!["native", "h5", "unionpay"]),
        (App::UnionPay, Device::Phone, "unionpay", vec!["native", "h5", "alipay"]),
    ] {
        let mut world = World::opened_in(app, device);
        world.start();
        world.run(200);
        assert_eq!(world.pays_by(), want, "{app:?}");
        assert_eq!(other_ways(&world), others, "{app:?}");
        assert!(!world.screen.suggest, "folded away");
    }
}

#[test]
fn a_method_with_no_label_is_passed_over() {
    let mut world = World::opened_in(App::Browser, Device::Desktop);
    world.backend.methods = vec![Method::Native.into(), own_way("nameless").into(), own("blank", " ")];
    world.start();
    world.run(200);
    assert!(other_ways(&world).is_empty());
}

#[test]
fn a_merchants_own_way_leads_away_by_a_tap() {
    let mut world = World::on_phone();
    world.tap(Tap::Choose(own_way("alipay")));
    world.run(100);
    assert_eq!(world.left_for, [("https://shop.example/pay/p1".to_owned(), Passage::Pay)]);
    assert_eq!(world.backend.minted[0].asked.page_url, format!("{PAGE}&wc_return=T20261121001"));
    world.page(PageEvent::Hidden);
    world.page(PageEvent::Visible);
    assert_eq!(world.body(), &Body::Returned);
    world.backend.pay(true, world.now);
    world.tap(Tap::HavePaid);
    assert!(world.run_until(2_000, paid(false)));
}

#[test]
fn where_it_is_the_first_it_waits_for_the_tap() {
    let mut world = World::opened_in(App::Alipay, Device::Phone);
    world.start();
    world.run(10_000);
    world.ready();
    assert!(world.payment_requests().is_empty());
    world.tap(Tap::Pay);
    world.run(100);
    assert_eq!(world.left_for.len(), 1);
}

#[test]
fn a_merchants_own_qr_is_drawn_and_renewed() {
    let mut world = World::on_phone();
    world.tap(Tap::Choose(own_way("unionpay")));
    world.run(100);
    assert_eq!(world.scan(), "https://qr.95516.com/code1");
    world.tap(Tap::Again);
    world.run(100);
    assert_eq!(world.scan(), "https://qr.95516.com/code2");
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"));
    world.backend.pay(true, world.now);
    assert!(world.run_until(NEXT_MS, paid(false)));
}

#[test]
fn a_merchants_own_way_leads_where_the_integrator_allows() {
    for action in [
        Action::ShowQr { content: "https://evil.example/1".to_owned() },
        Action::ShowQr { content: "http://qr.95516.com/1".to_owned() },
        Action::ShowQr { content: "weixin://wxpay/bizpayurl?pr=1".to_owned() },
        Action::Redirect { url: "https://evil.example/1".to_owned() },
        Action::Redirect { url: "alipays://platformapi/startapp".to_owned() },
        Action::Wait {},
        Action::InvokeJsapi { params: jsapi_params(1) },
    ] {
        let mut world = World::on_phone();
        world.backend.action = Some(action.clone());
        world.tap(Tap::Choose(own_way("alipay")));
        world.run(200);
        assert!(matches!(world.body(), Body::Trouble(_)), "{action:?}");
        assert!(world.left_for.is_empty());
    }
}

#[test]
fn an_action_of_another_method_is_named() {
    let redirect = Action::Redirect { url: "https://wx.tenpay.com/1".to_owned() };
    for (app, device, action, wanted) in [
        (App::Browser, Device::Desktop, redirect.clone(), "expected `show_qr` for the method `native`"),
        (App::WeChat, Device::Phone, Action::Wait {}, "expected `invoke_jsapi` for the method `jsapi`"),
        (App::MiniProgram, Device::Phone, redirect, "expected `open_mini_program` for the method `mini_program`"),
    ] {
        let mut world = World::opened_in(app, device);
        world.backend.action = Some(action);
        world.start();
        world.run(200);
        let Body::Trouble(Trouble::Unreadable { error, .. }) = world.body() else { panic!("{:?}", world.body()) };
        assert_eq!((error.path.as_str(), error.reason.as_str()), ("action.type", wanted));
    }
    let mut world = World::on_phone();
    world.backend.action = Some(Action::Wait {});
    world.tap(Tap::Pay);
    world.run(200);
    assert!(
        matches!(world.body(), Body::Trouble(Trouble::Unreadable { error, .. }) if error.reason.contains("`redirect`"))
    );
    let mut world = World::at_till();
    world.backend.action = Some(Action::ShowQr { content: "weixin://wxpay/bizpayurl?pr=1".to_owned() });
    world.tap(Tap::Code(GOOD_CODE.to_owned()));
    world.run(200);
    assert!(
        matches!(world.body(), Body::Trouble(Trouble::Unreadable { error, .. }) if error.reason.contains("`wait`"))
    );
}

/// After the first failure of WeChat the screen itself says so; after the second the other ways stay open.
#[test]
fn when_wechat_fails_twice_the_others_are_suggested() {
    let mut world = World::in_wechat();
    assert!(!world.screen.suggest);
    for again in [false, true] {
        world.tap(Tap::Pay);
        world.says(FAIL);
        assert!(world.screen.suggest, "nothing else is on the screen");
        world.tap(Tap::Retry);
        world.run(1_200);
        world.ready();
        assert_eq!(world.screen.suggest, again);
    }
}

#[test]
fn cancelling_is_no_failure_of_wechats() {
    let mut world = World::in_wechat();
    for _ in 0..3 {
        world.tap(Tap::Pay);
        world.says(CANCEL);
        world.run(1_200);
    }
    assert!(!world.screen.suggest);
}

#[test]
fn when_wechat_is_down_the_others_are_suggested() {
    let down = Fault::Refused(ProblemCode::UpstreamUnavailable, None);
    let mut world = World::scanning();
    world.backend.methods = every_method();
    world.run(NEXT_MS);
    assert!(!world.screen.suggest);
    world.net.order = down.clone();
    assert!(world.run_until(NEXT_MS, |world| world.screen.suggest));
    world.scan();
    let mut world = World::on_phone();
    world.net.payment = down;
    world.tap(Tap::Pay);
    world.run(100);
    assert!(world.screen.suggest && world.offers(&Tap::Choose(Method::Native)));
    world.net.payment = Fault::None;
    world.tap(Tap::Choose(own_way("unionpay")));
    world.run(100);
    world.scan();
    assert_eq!(world.payment_requests().len(), 2, "what was asked for is not asked for any more");
}

/// Field problem 55.
#[test]
fn a_double_tap_on_a_way_asks_once() {
    let mut world = World::on_phone();
    for _ in 0..5 {
        world.tap(Tap::Choose(Method::Native));
        world.run(10);
    }
    world.run(200);
    world.scan();
    assert_eq!(world.payment_requests().len(), 1);
}

#[test]
fn a_way_that_is_not_offered_cannot_be_chosen() {
    let mut world = World::in_wechat();
    for method in [Method::H5, Method::PaymentCode, Method::MiniProgram, own_way("ecny")] {
        world.tap(Tap::Choose(method));
    }
    assert_eq!(world.pays_by(), "jsapi");
    world.ready();
    assert_eq!(world.payment_requests().len(), 1);
}

#[test]
fn while_paying_is_confirmed_or_over_there_is_nothing_to_choose() {
    let mut world = World::on_phone();
    world.tap(Tap::Choose(Method::Native));
    world.run(100);
    world.tap(Tap::HavePaid);
    assert!(world.screen.ways.is_empty());
    world.tap(Tap::Choose(Method::H5));
    assert!(confirms(&world));
    world.run(12_000);
    assert!(!world.screen.ways.is_empty());
    world.run(15 * MINUTE_MS);
    assert!(world.screen.ways.is_empty());
    world.tap(Tap::Choose(Method::H5));
    world.run(100);
    assert_eq!((world.payment_requests().len(), world.left_for.len()), (1, 0));
}

#[test]
fn a_choice_drops_the_answer_that_is_on_its_way() {
    let mut world = World::on_phone();
    world.net.down_ms = 3_000;
    world.tap(Tap::Pay);
    world.run(500);
    world.net.down_ms = 30;
    world.tap(Tap::Choose(Method::Native));
    world.run(10_000);
    world.scan();
    assert!(world.left_for.is_empty(), "nobody is led away from a QR");
}

#[test]
fn a_choice_can_be_changed_while_its_code_is_asked_for() {
    let mut world = World::on_phone();
    world.net.down_ms = 3_000;
    world.tap(Tap::Choose(Method::Native));
    world.run(500);
    assert_eq!(world.body(), &Body::Loading);
    assert_eq!(other_ways(&world), ["h5", "alipay", "unionpay"]);
    world.tap(Tap::Choose(own_way("unionpay")));
    world.run(10_000);
    assert_eq!(world.pays_by(), "unionpay");
    assert_eq!(world.scan(), "https://qr.95516.com/code2");
}

#[test]
fn a_choice_is_kept_over_a_reload_as_long_as_it_is_offered() {
    let mut world = World::on_phone();
    world.tap(Tap::Choose(own_way("unionpay")));
    world.run(100);
    let code = world.scan();
    world.reload();
    world.run(200);
    assert_eq!((world.pays_by(), world.scan()), ("unionpay", code));
    world.backend.methods = vec![Method::Native.into(), Method::H5.into()];
    world.reload();
    world.run(200);
    assert_eq!(world.pays_by(), "h5");
    assert!(!world.offered().is_empty());
}

#[test]
fn a_counter_offers_nothing_to_touch() {
    let mut world = World::opened_in(App::Browser, Device::Desktop);
    world.options.surface = Surface::Counter;
    world.start();
    world.run(200);
    world.scan();
    assert!(other_ways(&world).is_empty());
}

/// Field problem 19: for a merchant who has no JSAPI, and where nothing works in WeChat at all.
#[test]
fn in_wechat_without_jsapi_there_is_the_qr_and_the_address() {
    for (offered, in_hand) in [(["native", "h5"].as_slice(), true), (&["h5"], false)] {
        let mut world = World::opened_in(App::WeChat, Device::Phone);
        world.backend.methods = offered.iter().map(|id| Method::from((*id).to_owned()).into()).collect();
        world.start();
        world.run(200);
        if in_hand {
            assert!(matches!(world.body(), Body::Scan { in_hand: true, .. }), "for another device");
        } else {
            assert!(matches!(world.body(), Body::Trouble(Trouble::NoMethod { .. })));
        }
        world.tap(Tap::CopyLink);
        assert_eq!(world.copied, [PAGE]);
    }
}

/// Field problem 19.
#[test]
fn the_pages_address_can_be_copied() {
    let mut world = World::opened_in(App::WeChat, Device::Phone);
    world.options.login_url = Some(format!("{PAGE}&code=c1&state=s1"));
    world.start();
    world.run(200);
    world.tap(Tap::CopyLink);
    assert_eq!(world.copied, [PAGE], "without the login's code");
    world.run(10);
    assert_eq!(world.screen.notice, Some(Notice::Copied));
    world.run(3_000);
    assert_eq!(world.screen.notice, None);
}

/// The order's offers change while a payment is at hand: the screen stays what it is, under its own name.
#[test]
fn a_way_that_is_offered_no_more_stays_as_long_as_its_payment() {
    let mut world = World::on_phone();
    world.tap(Tap::Choose(own_way("unionpay")));
    world.run(100);
    let code = world.scan();
    world.backend.methods = vec![Method::Native.into(), Method::H5.into()];
    world.run(NEXT_MS);
    assert_eq!((world.pays_by(), world.scan()), ("unionpay", code));
    assert_eq!(world.screen.way.as_ref().unwrap().label.as_deref(), Some("云闪付"));
    assert_eq!(other_ways(&world), ["h5", "native"]);
    world.tap(Tap::Choose(Method::Native));
    world.run(100);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");

    let mut world = World::scanning();
    world.backend.methods = vec![Method::PaymentCode.into()];
    world.run(NEXT_MS);
    assert_eq!((world.pays_by(), world.scan().as_str()), ("native", "weixin://wxpay/bizpayurl?pr=code1"));
}
