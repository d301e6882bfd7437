//! Answers of which little can be read, but that it is paid: that counts. And by which way, if they say so.

use super::*;

fn notes(world: &World, code: &str) -> Vec<String> {
    let told = world.host.news.iter().filter_map(|news| match news {
        News::Error(error) if error.code == code && !error.fatal => Some(error.detail.clone().unwrap()),
        _ => None,
    });
    told.collect()
}

/// By which answer the cashier learns it.
const LEARNS: [fn(&mut World); 3] = [
    |world| {
        world.net.order = Fault::Settled;
        world.host(HostEvent::Refresh);
        world.run(1_500);
    },
    |world| world.stream_tells_little(None),
    |world| world.stream_tells_little(Some(world.backend.amount)),
];

#[test]
fn an_order_is_paid_once_its_id_and_its_status_can_be_read() {
    for learns in LEARNS {
        for (status, body) in [
            (OrderStatus::Paid, Body::Paid { late: false, leave_in_s: Some(5) }),
            (OrderStatus::Refunded, Body::Refunded),
        ] {
            let mut world = listening();
            let bill = world.screen.bill.clone();
            world.backend.status = status.clone();
            learns(&mut world);
            world.run(10);
            assert_eq!(world.body().at_rest(), body.at_rest(), "{}", world.story());
            assert_eq!(world.screen.bill, bill, "what was known stays");
            assert_eq!(world.host.paid(), usize::from(status == OrderStatus::Paid));
            assert_eq!(notes(&world, "unreadable_answer"), ["now: missing field `now`"]);
            world.run(MINUTE_MS);
            assert_eq!(
                world.gone_to.len(),
                usize::from(status == OrderStatus::Paid),
                "and the way back is the one known"
            );
        }
    }
}

/// What can be read of it counts, in place of what was known.
#[test]
fn another_amount_that_was_paid_is_shown_and_told() {
    let mut world = listening();
    world.backend.amount.value = 1_899;
    let amount = world.backend.amount;
    world.backend.status = OrderStatus::Paid;
    world.stream_tells_little(Some(amount));
    assert!(world.is_paid());
    assert_eq!(world.screen.bill.as_ref().map(|bill| bill.amount), Some(amount));
    assert!(world.host.news.contains(&News::Paid { amount: Some(amount), paid_by: None }));
    assert_eq!(world.host.errors(), ["unreadable_answer", "amount_changed"]);
}

/// And so does a way back.
#[test]
fn another_way_back_that_comes_with_paid_is_gone() {
    let mut world = World::scanning();
    let mut order = world.backend.order(world.now);
    order.status = OrderStatus::Paid;
    let Ok(OrderAnswer::Settled(mut little)) = settled(&order, None) else { panic!("not paid") };
    little.return_url = Some("https://shop.example/thanks".to_owned());
    world.host(HostEvent::Refresh);
    world.run(1_100);
    world.host(HostEvent::Refresh);
    world.run_until(3_000, |world| world.under_way().next().is_some());
    let stamp = world.under_way().next().unwrap().stamp;
    world.answers(Event::Order { stamp, result: Ok(OrderAnswer::Settled(little)) });
    assert_eq!(world.screen.return_to.as_deref(), Some("https://shop.example/thanks"));
}

#[test]
fn one_that_is_not_paid_is_not_believed_for_it() {
    let mut world = World::scanning();
    world.net.order = Fault::Settled;
    world.run(20_000);
    world.scan();
    assert!(matches!(world.screen.notice, Some(Notice::Unreadable(_))), "{:?}", world.screen.notice);
    let Ok(answer) = settled(&paid_order(&world, "T2"), None) else { panic!("not paid") };
    let mut world = listening();
    world.stream(StreamEvent::Order(Ok(answer)));
    world.run(5_000);
    world.scan();
    assert_eq!(world.host.paid(), 0, "another order's");
}

fn paid_order(world: &World, id: &str) -> wechat_cashier::contract::Order {
    let mut order = world.backend.order(world.now);
    (order.order_id, order.status) = (id.to_owned(), OrderStatus::Paid);
    order
}

/// The first answer of all: there is nothing known to go by.
#[test]
fn the_first_answer_may_be_one_of_these() {
    for says in [false, true] {
        let mut world = World::new();
        world.start();
        let stamp = world.under_way().next().unwrap().stamp;
        let Ok(OrderAnswer::Settled(mut little)) = settled(&paid_order(&world, ORDER), None) else {
            panic!("not paid")
        };
        if says {
            little.amount = Some(world.backend.amount);
            little.return_url = Some("https://shop.example/thanks".to_owned());
            little.paid_by = Some(Method::H5);
        }
        let (amount, paid_by) = (little.amount, little.paid_by.clone());
        world.answers(Event::Order { stamp, result: Ok(OrderAnswer::Settled(little)) });
        assert!(world.is_paid() && world.payment_requests().is_empty());
        assert_eq!(world.screen.bill.as_ref().map(|bill| bill.amount), amount);
        assert_eq!(world.screen.way.as_ref().map(|way| way.method.clone()), paid_by);
        assert!(world.host.news.contains(&News::Paid { amount, paid_by }));
        world.run(MINUTE_MS);
        assert_eq!(world.gone_to, if says { vec!["https://shop.example/thanks"] } else { vec![] });
    }
    let mut world = World::new();
    world.start();
    let stamp = world.under_way().next().unwrap().stamp;
    let mut refunded = paid_order(&world, ORDER);
    refunded.status = OrderStatus::Refunded;
    world.answers(Event::Order { stamp, result: settled(&refunded, Some(refunded.amount)) });
    assert_eq!((world.body(), world.host.paid()), (&Body::Refunded, 0));
    assert_eq!(world.screen.bill.as_ref().map(|bill| bill.amount), Some(refunded.amount));
}

/// Its addresses are held to the allow-list like any other's.
#[test]
fn the_first_answers_addresses_are_looked_through_all_the_same() {
    // The last is the cashier's own page.
    for back in ["https://evil.example/", "javascript:alert(1)", "#"] {
        let mut world = World::new();
        world.start();
        let stamp = world.under_way().next().unwrap().stamp;
        let Ok(OrderAnswer::Settled(mut little)) = settled(&paid_order(&world, ORDER), None) else {
            panic!("not paid")
        };
        let logo_url = Some("javascript:alert(1)".to_owned());
        little.amount = Some(world.backend.amount);
        little.return_url = Some(back.to_owned());
        little.merchant = Some(Merchant { name: "Tea House".to_owned(), logo_url });
        world.answers(Event::Order { stamp, result: Ok(OrderAnswer::Settled(little)) });
        assert!(world.is_paid());
        assert_eq!(world.screen.return_to, None);
        assert_eq!(world.screen.bill.as_ref().unwrap().logo_url, None);
        let back = ["return_url: ", back].concat();
        assert_eq!(notes(&world, "address_not_allowed"), [&back, "merchant.logo_url: javascript:alert(1)"]);
    }
}

/// The payer pays by the shop's Alipay and comes back, or by another page, or by nobody knows what.
#[test]
fn a_way_is_named_only_if_the_backend_says_by_which_it_was_paid() {
    let alipay = || Method::Merchant("alipay".to_owned());
    for status in [OrderStatus::Paid, OrderStatus::Refunded] {
        for says in [None, Some(Method::Native), Some(alipay()), Some(Method::H5)] {
            for fault in [Fault::None, Fault::Settled] {
                let mut world = World::on_phone();
                world.tap(Tap::Choose(alipay()));
                world.run(100);
                assert_eq!(world.left_for.len(), 1);
                world.page(PageEvent::Hidden);
                (world.backend.status, world.backend.paid_by) = (status.clone(), says.clone());
                world.net.order = fault;
                world.page(PageEvent::Visible);
                world.run(1_500);
                assert!(world.state.is_final());
                assert_eq!(world.screen.way.as_ref().map(|way| way.method.clone()), says);
                assert_eq!(world.screen.report().method, says);
                let label = world.screen.way.as_ref().and_then(|way| way.label.clone());
                assert_eq!(label.is_some(), says == Some(alipay()), "called as it was offered");
                let told = world.host.heard(|news| matches!(news, News::Paid { paid_by, .. } if *paid_by == says));
                assert_eq!(told, usize::from(status == OrderStatus::Paid));
            }
        }
    }
}
