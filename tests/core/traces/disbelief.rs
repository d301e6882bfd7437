//! Answers that must not be believed.

use super::*;

#[test]
fn another_amount_stops_it_for_good() {
    for (value, currency) in [(2_000, "CNY"), (1_999, "JPY")] {
        let mut world = World::scanning();
        let shown = world.backend.amount;
        world.backend.amount = Money { value, currency: Currency::new(currency).unwrap() };
        let came = world.backend.amount;
        assert!(world.run_until(NEXT_MS, |world| matches!(world.body(), Body::Trouble(_))));
        assert_eq!(world.body(), &Body::Trouble(Trouble::AmountChanged { shown, came }));
        assert_eq!(world.screen.bill.as_ref().unwrap().amount, shown);
        let stopped = world.sent.len();
        world.backend.amount = shown;
        world.backend.pay(true, world.now);
        world.tap(Tap::Retry);
        world.tap(Tap::Again);
        world.page(PageEvent::Restored);
        world.run(MINUTE_MS);
        assert_eq!((world.sent.len(), world.host.paid()), (stopped, 0));
    }
}

#[test]
fn a_paid_answer_about_another_order_is_no_news() {
    let mut world = World::scanning();
    world.net.order = Fault::OtherOrder;
    world.run(20_000);
    world.scan();
    assert!(matches!(&world.screen.notice, Some(Notice::Unreadable(error)) if error.path == "order_id"));
    let mut world = World::new();
    world.net.order = Fault::OtherOrder;
    world.start();
    world.run(20_000);
    assert!(matches!(world.body(), Body::Trouble(Trouble::Unreadable { .. })));
    assert!(world.payment_requests().is_empty());
}

#[test]
fn an_unknown_status_keeps_the_code_and_keeps_asking() {
    let mut world = World::scanning();
    world.backend.odd_word = true;
    let odd = world.now;
    world.run(30_000);
    world.scan();
    assert!(requests_since(&world, odd).len() >= 9);
    world.backend.pay(true, world.now);
    assert!(world.run_until(NEXT_MS, paid(false)));
}

#[test]
fn a_code_that_is_not_wechats_is_never_drawn() {
    for content in
        ["https://evil.example/", "weixin:", "WEIXIN://wxpay/x", "", &format!("weixin://{}", "x".repeat(600))]
    {
        let mut world = World::new();
        world.backend.content = Some(content.to_owned());
        world.start();
        world.run(10_000);
        assert_eq!(world.body(), &Body::Trouble(Trouble::NotAllowed { address: content.to_owned() }));
        // A backend that is mended is believed again.
        world.backend.content = None;
        world.backend.minted.clear();
        world.tap(Tap::Retry);
        world.run(100);
        world.scan();
    }
}

#[test]
fn a_way_back_off_the_allow_list_is_not_offered_and_paid_is_shown() {
    for address in
        ["https://evil.example/", "javascript:alert(1)", "blob:https://pay.example/1", "http://shop.example/"]
    {
        let mut world = World::new();
        world.backend.return_url = Some(address.to_owned());
        world.start();
        world.run(100);
        world.backend.pay(true, world.now);
        assert!(world.run_until(NEXT_MS, |world| world.body() == &Body::Paid { late: false, leave_in_s: None }));
        world.run(MINUTE_MS);
        assert_eq!((world.screen.return_to.clone(), world.gone_to.len()), (None, 0), "{address}");
    }
}

#[test]
fn events_off_the_allow_list_are_not_listened_to() {
    let mut world = World::new();
    world.backend.events_url = Some("https://evil.example/events".to_owned());
    world.start();
    world.run(MINUTE_MS);
    assert_eq!(world.listening, None);
    world.scan();
}

#[test]
fn a_stale_answer_is_dropped() {
    let mut world = World::scanning();
    world.run(5_000);
    let before = world.answered.clone();
    world.backend.pay(true, world.now);
    assert!(world.run_until(3_000, paid(false)));
    for event in before {
        world.event(event);
        assert!(world.is_paid());
    }
}

/// Once it is paid, it is paid: what does not fit is for the merchant to look into.
#[test]
fn another_amount_with_paid_or_refunded_is_told_and_ends_it_all_the_same() {
    for status in [OrderStatus::Paid, OrderStatus::Refunded] {
        for by_stream in [false, true] {
            let mut world = if by_stream { listening() } else { World::scanning() };
            world.backend.amount.value = 1_899;
            let amount = world.backend.amount;
            world.backend.status = status.clone();
            if by_stream {
                world.stream_tells_truth();
            } else {
                world.run(NEXT_MS);
            }
            let news = &world.host.news;
            let note = news.iter().find_map(|news| match news {
                News::Error(error) => Some((error.code, error.fatal, error.detail.clone().unwrap_or_default())),
                _ => None,
            });
            let (code, fatal, detail) = note.unwrap();
            assert_eq!((code, fatal), ("amount_changed", false));
            assert!(detail.contains("1999") && detail.contains("1899"), "{detail}");
            assert_eq!(world.screen.bill.as_ref().unwrap().amount, amount);
            if status == OrderStatus::Paid {
                assert!(world.is_paid());
                assert!(news.contains(&News::Paid { amount: Some(amount), paid_by: None }), "{news:?}");
            } else {
                assert_eq!((world.body(), world.host.paid()), (&Body::Refunded, 0));
            }
        }
    }
}
