//! The code on the screen: drawn, paid, run out, renewed.

use wechat_cashier::contract::PaymentRequest;

use super::*;

#[test]
fn a_code_is_shown_paid_announced_and_the_payer_led_back() {
    let mut world = World::new();
    world.start();
    assert_eq!(world.body(), &Body::Loading);
    world.run(100);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code1");
    let bill = world.screen.bill.clone().unwrap();
    assert_eq!((bill.amount.value, bill.merchant.as_str()), (1999, "Tea House"));
    world.run(20_000);
    world.backend.pay(true, world.now);
    assert!(world.run_until(3_000, paid(false)));
    assert_eq!(world.memory, None, "nothing is left to resume");
    let asked = world.sent.len();
    world.run(4_800);
    assert!(world.gone_to.is_empty());
    world.run(300);
    assert_eq!(world.gone_to, ["https://shop.example/orders/T20261121001"]);
    world.run(10 * MINUTE_MS);
    assert_eq!((world.sent.len(), world.gone_to.len(), world.host.paid()), (asked, 1, 1));
}

#[test]
fn a_payment_in_the_first_answer_is_drawn_without_asking_for_one() {
    let mut world = World::new();
    world.other_page_asks_for_a_new_code();
    world.start();
    world.run(60);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code1");
    assert!(world.payment_requests().is_empty());
}

#[test]
fn a_dead_payment_in_the_first_answer_is_replaced_at_once() {
    let mut world = World::new();
    world.backend.code_life_ms = Some(-1);
    world.other_page_asks_for_a_new_code();
    world.backend.code_life_ms = None;
    world.start();
    world.run(200);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"));
}

#[test]
fn an_order_already_paid_is_shown_so_and_no_payment_asked_for() {
    let mut world = World::new();
    world.backend.pay(true, world.now);
    world.start();
    world.run(100);
    assert!(paid(false)(&world));
    assert!(world.payment_requests().is_empty());
}

#[test]
fn a_page_without_an_order_asks_nothing() {
    let mut world = World::new();
    world.options.order_id = String::new();
    world.start();
    world.page(PageEvent::Visible);
    world.tap(Tap::Retry);
    world.run(MINUTE_MS);
    assert_eq!(world.body(), &Body::Trouble(Trouble::MissingOrder));
    assert!(world.sent.is_empty());
}

#[test]
fn an_order_without_native_says_so_until_it_offers_it() {
    let mut world = World::new();
    world.backend.methods = vec![Method::Jsapi.into()];
    world.start();
    world.run(100);
    assert!(matches!(world.body(), Body::Trouble(Trouble::NoMethod { .. })));
    world.backend.methods = vec![Method::Jsapi.into(), Method::Native.into()];
    world.tap(Tap::Retry);
    world.run(2_000);
    world.scan();
}

#[test]
fn an_expired_code_is_covered_renewed_and_paid() {
    let mut world = World::new();
    world.backend.code_life_ms = Some(60_000);
    world.start();
    world.run(100);
    let first = world.scan();
    world.run(60_000);
    assert_eq!(world.body(), &Body::Expired { renewable: true });
    world.tap(Tap::Again);
    world.run(100);
    assert_ne!(world.scan(), first);
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"));
    world.backend.pay(true, world.now);
    assert!(world.run_until(NEXT_MS, paid(false)));
}

#[test]
fn the_countdown_shows_every_second_and_none_twice() {
    let mut world = World::new();
    world.backend.code_life_ms = Some(60_000);
    world.start();
    let mut shown = Vec::new();
    for _ in 0..62_000 {
        world.run(1);
        if let Body::Scan { left_s: Some(left_s), .. } = world.body() {
            shown.push(*left_s);
        }
    }
    shown.dedup();
    assert_eq!(shown, (1..=60).rev().collect::<Vec<_>>());
}

#[test]
fn a_code_ends_with_its_order() {
    let mut world = World::new();
    world.backend.code_life_ms = Some(2 * 3_600_000);
    world.start();
    world.run(100);
    assert!(matches!(world.body(), Body::Scan { left_s: Some(899), .. }), "{:?}", world.body());
}

#[test]
fn a_double_tap_on_new_code_asks_once() {
    let mut world = World::scanning();
    world.tap(Tap::Again);
    world.tap(Tap::Again);
    world.run(20);
    world.tap(Tap::Again);
    world.run(10_000);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    assert_eq!(world.payment_requests().len(), 2);
}

#[test]
fn a_lost_answer_is_asked_for_again_with_the_same_key() {
    let mut world = World::new();
    world.net.payment = Fault::AnswerLost;
    world.start();
    world.run(20_000);
    world.net.payment = Fault::None;
    world.run(30_000);
    world.scan();
    let keys: Vec<_> = world.payment_requests().into_iter().map(|(key, _)| key).collect();
    assert!(keys.len() > 1 && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert_eq!(world.backend.minted.len(), 1);
}

#[test]
fn retry_of_a_refused_new_code_still_says_what_it_replaces() {
    let mut world = World::scanning();
    world.net.payment = Fault::Refused(ProblemCode::MethodUnavailable, None);
    world.backend.resumes = false;
    world.tap(Tap::Again);
    world.run(100);
    assert!(matches!(world.body(), Body::Trouble(Trouble::Refused { code: ProblemCode::MethodUnavailable, .. })));
    world.net.payment = Fault::None;
    world.tap(Tap::Retry);
    world.run(100);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"), "the code that was on the screen must die");
}

#[test]
fn a_code_that_another_page_replaced_is_replaced_here() {
    let mut world = World::scanning();
    world.other_page_asks_for_a_new_code();
    world.run(NEXT_MS);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    assert_eq!(world.payment_requests().len(), 1);
}

#[test]
fn a_code_is_covered_when_another_page_begins_to_pay_another_way() {
    let mut world = World::scanning();
    let asked = PaymentRequest { method: Method::H5, page_url: PAGE.to_owned(), replaces: None, auth_code: None };
    world.backend.mint("other", asked, world.now);
    world.run(NEXT_MS);
    assert_eq!(world.body(), &Body::Expired { renewable: true });
    world.tap(Tap::Again);
    world.run(100);
    assert_eq!(world.backend.minted[2].replaces(), Some("p1"));
    world.run(10_000);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code3", "it is the latest now");
}

#[test]
fn an_older_answer_does_not_bring_the_old_code_back() {
    let mut world = World::scanning();
    // The answer of a request sent before the new code is on its way until after it.
    world.net.down_ms = 2_000;
    let before = world.sent.len();
    assert!(world.run_until(NEXT_MS, |world| world.sent.len() > before));
    world.run(100);
    world.net.down_ms = 30;
    world.tap(Tap::Again);
    world.run(100);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    world.run_until(NEXT_MS, |world| world.order_requests().len() > before + 1);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
}

#[test]
fn an_answer_that_crossed_the_new_code_does_not_bring_the_old_one_back() {
    let mut world = World::scanning();
    // Asked while the new code is being asked for, answered by the backend before it makes one.
    world.net.up_ms = 1_000;
    world.tap(Tap::Again);
    (world.net.up_ms, world.net.down_ms) = (0, 3_000);
    world.page(PageEvent::Online);
    world.run(1_500);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    world.run(3_000);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
}
