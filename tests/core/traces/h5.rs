//! H5: from a phone's own browser, by way of `wx.tenpay.com` (docs/platform.md, 4).

use super::*;

#[test]
fn a_tap_fetches_the_address_and_goes_there() {
    let mut world = World::on_phone();
    assert_eq!(world.pays_by(), "h5");
    world.run(10 * MINUTE_MS);
    assert!(world.payment_requests().is_empty(), "its address lives five minutes, so it is not fetched before");
    world.tap(Tap::Pay);
    assert_eq!(world.body(), &Body::Pay { stage: Stage::Opening, cancelled: false });
    world.run(100);
    let url = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1";
    assert_eq!(world.left_for, [(url.to_owned(), Passage::Pay)]);
    assert_eq!(world.backend.minted[0].asked.page_url, format!("{PAGE}&wc_return=T20261121001"));
}

#[test]
fn the_way_back_is_said_once_in_the_pages_address() {
    for (page_url, want) in [
        (
            "https://pay.example/cashier/?order=T20261121001",
            "https://pay.example/cashier/?order=T20261121001&wc_return=T20261121001",
        ),
        ("https://pay.example/T20261121001", "https://pay.example/T20261121001?wc_return=T20261121001"),
        (
            "https://pay.example/?wc_return=T1&o=T20261121001",
            "https://pay.example/?o=T20261121001&wc_return=T20261121001",
        ),
    ] {
        let mut world = World::opened_in(App::Browser, Device::Phone);
        world.options.page_url = page_url.to_owned();
        world.start();
        world.run(200);
        world.tap(Tap::Pay);
        world.run(100);
        assert_eq!(world.backend.minted[0].asked.page_url, want);
    }
}

/// Field problem 55: taps that follow each other faster than the backend answers.
#[test]
fn double_taps_and_slow_answers_make_one_payment() {
    let mut world = World::on_phone();
    world.net.up_ms = 4_000;
    for _ in 0..10 {
        world.tap(Tap::Pay);
        world.run(300);
    }
    world.run(10_000);
    assert_eq!((world.left_for.len(), world.backend.minted.len(), world.payment_requests().len()), (1, 1, 1));
    for _ in 0..10 {
        world.tap(Tap::Again);
        world.run(300);
    }
    world.run(10_000);
    assert_eq!((world.left_for.len(), world.backend.minted.len()), (2, 2));
}

#[test]
fn a_lost_answer_is_asked_for_again_with_the_same_key_h5() {
    let mut world = World::on_phone();
    world.net.payment = Fault::AnswerLost;
    world.tap(Tap::Pay);
    world.run(100);
    world.net.payment = Fault::None;
    world.run(35_000);
    assert_eq!((world.left_for.len(), world.backend.minted.len()), (1, 1));
    assert_eq!(world.body(), &Body::Returned);
}

/// The page is loaded anew before the address came: nothing is asked for until the next tap, and then with the same key.
#[test]
fn a_reload_before_the_address_came_waits_for_the_tap() {
    let mut world = World::on_phone();
    world.backend.resumes = false;
    world.net.payment = Fault::AnswerLost;
    world.tap(Tap::Pay);
    world.run(100);
    let before = world.payment_requests();
    world.net.payment = Fault::None;
    world.reload();
    world.run(5_000);
    world.ready();
    assert!(world.payment_requests().is_empty());
    world.tap(Tap::Pay);
    world.run(100);
    assert_eq!((world.payment_requests(), world.backend.minted.len()), (before, 1));
    assert_eq!(world.left_for.len(), 1);
}

/// The key of a question is not used for another one.
#[test]
fn a_reload_and_another_way_ask_with_a_key_of_its_own() {
    for way in [Method::Native, Method::Merchant("unionpay".to_owned())] {
        let mut world = World::on_phone();
        world.backend.resumes = false;
        world.net.payment = Fault::AnswerLost;
        world.tap(Tap::Pay);
        world.run(100);
        let before = world.payment_requests();
        world.net.payment = Fault::None;
        world.reload();
        world.run(1_000);
        world.tap(Tap::Choose(way));
        world.run(100);
        world.scan();
        assert_ne!(world.payment_requests()[0].0, before[0].0);
        assert_eq!(world.payment_requests().len(), 1);
    }
}

/// Field problem 46: nowhere else, and nothing that WeChat's page builds itself.
#[test]
fn only_wechats_own_page_is_gone_to() {
    for url in [
        "https://evil.example/",
        "https://open.weixin.qq.com/",
        "https://pay.example/pay",
        "weixin://wap/pay?prepayid%3Dwx1",
        "http://wx.tenpay.com/",
        "https://wx.tenpay.com.evil.example/",
    ] {
        let mut world = World::on_phone();
        world.backend.action = Some(Action::Redirect { url: url.to_owned() });
        world.tap(Tap::Pay);
        world.run(1_000);
        assert_eq!(world.body(), &Body::Trouble(Trouble::NotAllowed { address: url.to_owned() }));
        assert!(world.left_for.is_empty());
        world.backend.action = None;
        world.tap(Tap::Retry);
        world.run(1_100);
        assert_eq!(world.left_for.len(), 1, "the payer has tapped for it");
        assert_eq!(world.backend.minted[1].replaces(), Some("p1"), "and not for the same once more");
    }
}

/// Field problem 51: by the same passage, which is the whole window's.
#[test]
fn from_a_frame_it_is_gone_to_as_from_any_page() {
    let mut world = World::opened_in(App::Browser, Device::Phone);
    world.options.environment = Some(Environment { app: App::Browser, device: Device::Phone, framed: true });
    world.start();
    world.run(200);
    world.ready();
    world.tap(Tap::Pay);
    world.run(100);
    let url = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1";
    assert_eq!(world.left_for, [(url.to_owned(), Passage::Pay)]);
}

/// Field problem 49.
#[test]
fn inside_wechat_it_is_not_offered() {
    for (app, device) in
        [(App::WeChat, Device::Phone), (App::MiniProgram, Device::Phone), (App::WeChatDesktop, Device::Desktop)]
    {
        let mut world = World::opened_in(app, device).offering(["h5"]);
        world.start();
        world.run(200);
        assert!(matches!(world.body(), Body::Trouble(Trouble::NoMethod { .. })));
        assert!(world.payment_requests().is_empty());
    }
}

/// Field problem 56.
#[test]
fn from_a_qr_to_h5_and_back_each_replaces_the_other() {
    let mut world = World::on_phone();
    world.tap(Tap::Choose(Method::Native));
    world.run(200);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code1");
    world.tap(Tap::Choose(Method::H5));
    world.run(100);
    assert_eq!(world.left_for.len(), 1);
    world.run(4_000);
    world.tap(Tap::Choose(Method::Native));
    world.run(200);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code3");
    let replaced: Vec<_> = world.backend.minted.iter().map(|minted| minted.replaces()).collect();
    assert_eq!(replaced, [None, Some("p1"), Some("p2")]);
}

#[test]
fn an_order_that_ended_elsewhere_says_so() {
    let mut world = World::on_phone();
    world.net.payment = Fault::Refused(ProblemCode::OrderPaid, None);
    world.tap(Tap::Pay);
    world.run(100);
    assert!(confirms(&world));
    assert!(world.left_for.is_empty());
    world.backend.pay(false, world.now);
    assert!(world.run_until(2_000, paid(false)));
}
