//! Coming back from H5, in whatever way, paid or not (docs/platform.md, 4).

use super::*;

/// The payer has tapped, and the page is being left.
fn left() -> World {
    let mut world = World::on_phone();
    world.tap(Tap::Pay);
    world.run(100);
    assert_eq!(world.left_for.len(), 1);
    world
}

/// Field problems 50 and 52: by a reload, from the cache, in another browser, or never gone at all.
#[test]
fn whoever_comes_back_is_asked_and_the_order_too() {
    let ways: [fn(&mut World); 5] = [
        World::reload,
        World::comes_back,
        World::opens_elsewhere,
        |world| {
            world.page(PageEvent::Hidden);
            world.run(30_000);
            world.page(PageEvent::Restored);
        },
        |world| {
            world.page(PageEvent::Hidden);
            world.run(30_000);
            world.page(PageEvent::Visible);
        },
    ];
    for back in ways {
        for paid_meanwhile in [true, false] {
            let mut world = left();
            if paid_meanwhile {
                world.backend.pay(false, world.now);
            }
            let then = world.now;
            back(&mut world);
            world.run(1_100);
            assert!(verified_since(&world, then), "the platform is asked at once");
            if paid_meanwhile {
                assert!(paid(false)(&world), "{:?}{}", world.body(), world.story());
                continue;
            }
            assert_eq!(world.body(), &Body::Returned);
            assert_eq!(&world.offered()[..2], [Tap::HavePaid, Tap::Again]);
            world.run(10 * MINUTE_MS);
            assert_eq!(world.body(), &Body::Returned, "it never concludes by itself");
            assert_eq!(world.left_for.len(), 1, "nor goes there again");
        }
    }
}

/// Field problem 40: the page is back before the backend knows of the order where it is asked.
#[test]
fn an_order_that_is_not_found_on_the_way_back_is_waited_for() {
    for back in [World::reload, World::opens_elsewhere] {
        let mut world = left();
        world.net.order = Fault::Refused(ProblemCode::OrderNotFound, None);
        back(&mut world);
        for _ in 0..29 {
            world.run(1_000);
            assert!(confirms(&world) && world.offers(&Tap::Retry), "{:?}", world.body());
        }
        let mut found = world.clone();
        found.net.order = Fault::None;
        found.backend.pay(true, found.now);
        found.tap(Tap::Retry);
        assert!(found.run_until(2_000, paid(false)));
        // It does not confirm what does not exist for ever.
        world.run(31_000);
        let not_found =
            |body: &Body| matches!(body, Body::Trouble(Trouble::Refused { code: ProblemCode::OrderNotFound, .. }));
        assert!(not_found(world.body()));
        world.net.order = Fault::None;
        assert!(world.run_until(31_000, |world| world.body() == &Body::Returned), "and is asked for on");
    }
}

#[test]
fn a_page_that_stays_asks_after_three_seconds() {
    let mut world = left();
    world.run(2_000);
    assert_eq!(world.body(), &Body::Pay { stage: Stage::Opening, cancelled: false });
    world.run(1_500);
    assert_eq!(world.body(), &Body::Returned);
}

#[test]
fn finished_confirms_and_goes_back_when_nothing_came() {
    let mut world = left();
    world.comes_back();
    world.run(5_000);
    world.tap(Tap::HavePaid);
    assert_eq!(world.body(), &Body::Confirming { can_go_back: true });
    world.run(10_500);
    assert_eq!((world.body(), &world.screen.notice), (&Body::Returned, &Some(Notice::NotReceived)));
    world.tap(Tap::HavePaid);
    world.tap(Tap::Back);
    assert_eq!(world.body(), &Body::Returned);
    world.backend.pay(false, world.now);
    world.tap(Tap::HavePaid);
    assert!(world.run_until(2_000, paid(false)));
}

/// Field problems 48 and 54: a new address, and the old payment dies.
#[test]
fn pay_again_fetches_a_new_address() {
    let mut world = left();
    world.page(PageEvent::Hidden);
    world.run(6 * MINUTE_MS);
    world.page(PageEvent::Visible);
    world.tap(Tap::Again);
    world.run(100);
    let (url, _) = world.left_for.last().unwrap();
    assert!(url.ends_with("prepay_id=wx2"), "{url}");
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"));
}

#[test]
fn pay_again_in_another_browser_replaces_what_the_order_names() {
    let mut world = left();
    world.opens_elsewhere();
    world.run(200);
    assert_eq!(world.body(), &Body::Returned);
    world.tap(Tap::Again);
    world.run(100);
    assert_eq!((world.left_for.len(), world.backend.minted.len()), (2, 2));
}

/// Field problem 52: the browser that the payer left finds out by asking.
#[test]
fn the_tab_that_was_left_finds_out_too() {
    let mut world = left();
    world.run(60_000);
    world.backend.pay(true, world.now);
    assert!(world.run_until(6_000, paid(false)));
}

/// A page that was opened by the plain address, where the order says that somebody was sent to pay.
#[test]
fn what_another_page_began_is_asked_about_and_not_gone_to() {
    let mut world = World::opened_in(App::Browser, Device::Phone);
    world.screen.way = Some(Method::H5.into());
    world.other_page_asks_for_a_new_code();
    world.start();
    world.run(200);
    assert_eq!(world.body(), &Body::Returned);
    assert!(world.left_for.is_empty());
    world.tap(Tap::Again);
    world.run(100);
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"));
}

/// The payer tries the QR after coming back, and reloads.
#[test]
fn a_reload_after_another_choice_shows_that_choice() {
    let mut world = left();
    world.comes_back();
    world.run(200);
    world.tap(Tap::Choose(Method::Native));
    world.run(200);
    let code = world.scan();
    world.reload();
    world.run(200);
    assert_eq!(world.scan(), code);
}
