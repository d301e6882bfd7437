//! A status that the contract does not have, such as a platform's own word: nothing is begun on it, and nothing concluded.

use super::*;

fn everything() -> Vec<Tap> {
    let ways = every_method().into_iter().map(|offer| Tap::Choose(offer.method));
    let taps = [Tap::Pay, Tap::Again, Tap::Retry, Tap::Back, Tap::HavePaid, Tap::Code(GOOD_CODE.to_owned())];
    taps.into_iter().chain(ways).collect()
}

fn told_once(world: &World) {
    let errors = world.host.errors();
    assert_eq!(errors.iter().filter(|code| **code == "unknown_status").count(), 1, "{errors:?}");
    let told = world.host.news.iter().find_map(|news| match news {
        News::Error(error) if error.code == "unknown_status" => Some(error),
        _ => None,
    });
    let error = told.unwrap();
    let detail = "status: expected pending, paid, closed or refunded, got \"processing\"";
    assert_eq!((error.fatal, error.detail.as_deref()), (false, Some(detail)));
}

#[test]
fn no_payment_is_begun_whatever_is_tapped() {
    for (app, device, surface) in [
        (App::Browser, Device::Desktop, Surface::Payer),
        (App::Browser, Device::Phone, Surface::Payer),
        (App::WeChat, Device::Phone, Surface::Payer),
        (App::MiniProgram, Device::Phone, Surface::Payer),
        (App::Browser, Device::Desktop, Surface::Till),
        (App::Browser, Device::Desktop, Surface::Counter),
    ] {
        for resumes in [false, true] {
            let mut world = World::opened_in(app, device);
            world.options.surface = surface;
            world.backend.odd_word = true;
            if resumes {
                world.other_page_asks_for_a_new_code();
            }
            let minted = world.backend.minted.len();
            world.start();
            world.run(NEXT_MS);
            assert_eq!(world.body(), &Body::Loading, "nothing is offered, nor the order's own code drawn");
            for tap in everything() {
                let asked = world.order_requests().len();
                world.tap(tap.clone());
                world.run(NEXT_MS);
                assert!(world.order_requests().len() > asked, "{tap:?}: it goes on asking");
            }
            assert_eq!((world.payment_requests().len(), world.backend.minted.len()), (0, minted), "{app:?}");
            told_once(&world);
            world.backend.odd_word = false;
            world.tap(Tap::Back);
            assert!(world.run_until(20_000, |world| !world.offered().is_empty()), "and then it can be paid");
        }
    }
}

#[test]
fn what_is_on_the_screen_stays() {
    let mut world = World::opened_in(App::Browser, Device::Desktop);
    world.start();
    world.run(200);
    let code = world.scan();
    world.backend.odd_word = true;
    world.run(NEXT_MS);
    told_once(&world);
    for tap in everything() {
        world.tap(tap.clone());
        world.run(1_500);
        world.tap(Tap::Back);
        world.run(1_500);
        assert_eq!(world.scan(), code, "{tap:?}");
    }
    assert_eq!(world.payment_requests().len(), 1);
    told_once(&world);
    world.backend.pay(true, world.now);
    assert!(world.run_until(NEXT_MS, paid(false)));
}

/// Nor is it said that there is no way to pay an order of which nobody knows whether it is to be paid.
#[test]
fn nothing_is_said_of_the_ways() {
    let mut world = World::opened_in(App::WeChat, Device::Phone).offering(["h5"]);
    world.backend.odd_word = true;
    world.start();
    world.run(MINUTE_MS);
    assert_eq!(world.body(), &Body::Loading);
    assert_eq!(world.host.errors(), ["unknown_status"]);
    let all = waits(&world, Instant::ZERO);
    assert!(all.iter().all(|wait| *wait >= 1_600), "and it is asked about as ever: {all:?}");
}

/// What was closed stays closed, whatever word comes after.
#[test]
fn it_opens_nothing_that_was_closed() {
    let mut world = listening();
    world.backend.close();
    world.stream_tells_truth();
    assert_eq!(world.body(), &Body::Closed);
    let mut order = world.backend.order(world.now);
    order.status = OrderStatus::Unknown("processing".to_owned());
    world.stream(StreamEvent::Order(Ok(OrderAnswer::Whole(Box::new(order)))));
    assert_eq!(world.body(), &Body::Closed);
    told_once(&world);
    world.tap(Tap::Again);
    world.run(MINUTE_MS);
    assert_eq!((world.body(), world.payment_requests().len()), (&Body::Closed, 1));
    assert_eq!(world.host.heard(|news| matches!(news, News::Closed)), 1);
}

/// A page that waits for the payer, by what is on it: nothing was begun.
fn waiting() -> Vec<(&'static str, World)> {
    let opened = |app, device, framed| {
        let mut world = World::opened_in(app, device);
        world.options.environment = Some(Environment { app, device, framed });
        world.start();
        world.run(200);
        world
    };
    let mut refused = World::scanning();
    refused.backend.resumes = false;
    refused.net.payment = Fault::Refused(ProblemCode::MethodUnavailable, None);
    refused.tap(Tap::Again);
    refused.run(200);
    refused.net.payment = Fault::None;
    let mut none_works = World::opened_in(App::WeChat, Device::Phone).offering(["h5"]);
    none_works.start();
    none_works.run(200);
    vec![
        ("the button of H5", opened(App::Browser, Device::Phone, false)),
        ("the button of a method of the merchant's", opened(App::Alipay, Device::Phone, false)),
        ("the button out of a frame", opened(App::WeChat, Device::Phone, true)),
        ("the till's field", World::at_till()),
        ("a payment that was refused", refused),
        ("no way that works here", none_works),
    ]
}

#[test]
fn what_waits_for_the_payer_stays_and_begins_nothing() {
    for (what, world) in waiting() {
        for offers_nothing in [false, true] {
            let mut world = world.clone();
            let (shown, methods) = (world.screen.clone(), world.backend.methods.clone());
            assert!(!world.offered().is_empty(), "{what}: {:?}", world.body());
            let payments = world.payment_requests().len();
            world.backend.odd_word = true;
            if offers_nothing {
                world.backend.methods.clear();
            }
            world.run(NEXT_MS);
            told_once(&world);
            assert_eq!(world.screen, shown, "{what}");
            for tap in everything() {
                let asked = world.order_requests().len();
                world.tap(tap.clone());
                world.run(1_500);
                world.tap(Tap::Back);
                // Where nothing can be paid yet there is time.
                world.run(5_000);
                assert_eq!(world.screen, shown, "{what}, {tap:?}");
                assert!(world.order_requests().len() > asked, "{what}, {tap:?}: how it stands is asked for");
            }
            assert_eq!((world.payment_requests().len(), world.left_for.len()), (payments, 0), "{what}");
            told_once(&world);

            (world.backend.odd_word, world.backend.methods) = (false, methods);
            world.run(NEXT_MS);
            assert_eq!(world.screen, shown, "{what}");
            let replaces = world.backend.latest().map(|minted| minted.id.clone());
            let tap = world.offered().swap_remove(0);
            world.tap(tap);
            world.run(200);
            match what {
                "no way that works here" => assert_eq!(world.screen, shown),
                "the button out of a frame" => assert_eq!(world.left_for.len(), 1),
                _ => {
                    let (_, replaced) = world.payment_requests()[payments].clone();
                    assert_eq!(replaced, replaces, "{what}: and it is known still what it replaces");
                }
            }
        }
    }
}

/// With nothing on the screen there is nothing to stay.
#[test]
fn before_the_order_was_ever_payable_it_loads() {
    for (_, mut world) in waiting() {
        world.backend.odd_word = true;
        world.reload();
        world.run(3_000);
        assert_eq!(world.body(), &Body::Loading);
        told_once(&world);
        world.backend.odd_word = false;
        assert!(world.run_until(5_000, |world| !world.offered().is_empty()));
    }
}
