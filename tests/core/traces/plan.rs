//! When it asks.

use super::*;

/// Whether each wait is as planned at its time after `start`, more or less by a fifth; the last question with `verify=1` within half a
/// minute may come sooner.
fn hold_to(world: &World, start: Instant, planned_ms: impl Fn(u64) -> u64) -> Vec<u64> {
    let asked: Vec<_> = world.order_requests().into_iter().filter(|(at, _)| *at >= start).collect();
    for pair in asked.windows(2) {
        let (since, wait, plan) =
            (pair[0].0.since(start), pair[1].0.since(pair[0].0), planned_ms(pair[0].0.since(start)));
        let least = if pair[1].1 { 0 } else { plan * 4 / 5 };
        assert!((least..=plan * 6 / 5).contains(&wait), "{wait} ms at {since}, planned {plan}");
    }
    asked.windows(2).map(|pair| pair[1].0.since(pair[0].0)).collect()
}

/// A page whose answers take no time, so that each wait is as planned.
fn prompt() -> World {
    let mut world = World::new();
    (world.net.up_ms, world.net.down_ms) = (0, 0);
    world
}

#[test]
fn nobody_pays_in_the_first_seconds_of_a_code() {
    let mut world = prompt();
    let start = world.now;
    world.start();
    world.run(10 * MINUTE_MS);
    let all = hold_to(&world, start, |since| match since {
        0 => 6_500,
        1..60_000 => 2_450,
        60_000..300_000 => 5_000,
        _ => 10_000,
    });
    assert!((5_200..=7_800).contains(&all[0]), "{all:?}");
    let near = |plan: u64, wait: u64| wait.abs_diff(plan) <= plan / 20;
    assert!(
        all.iter().any(|wait| near(2_080, *wait)) && all.iter().any(|wait| near(2_820, *wait)),
        "it jitters: {all:?}"
    );
    let asked = requests_since(&world, start).len();
    assert!((94..=112).contains(&asked), "{asked}");
}

#[test]
fn a_code_that_takes_its_time_to_come_has_its_first_seconds_too() {
    let mut world = World::new();
    world.net.payment = Fault::Refused(ProblemCode::ServerError, None);
    world.start();
    world.run(12_000);
    world.net.payment = Fault::None;
    assert!(world.run_until(17_000, |world| matches!(world.body(), Body::Scan { .. })));
    let came = world.now;
    world.run(30_000);
    let first = world.order_requests().into_iter().find(|(at, _)| *at > came).unwrap().0.since(came);
    assert!((5_100..=7_800).contains(&first), "{first}");
}

#[test]
fn a_new_code_does_not_slow_down_what_is_said_to_be_paid() {
    let mut world = World::scanning();
    world.run(20_000);
    world.tap(Tap::HavePaid);
    let said = world.now;
    world.other_page_asks_for_a_new_code();
    world.run(9_000);
    assert!(waits(&world, said).iter().all(|wait| *wait <= 2_300), "{:?}", waits(&world, said));
}

#[test]
fn in_a_shop_the_phone_is_in_hand() {
    let mut world = prompt();
    world.options.surface = Surface::Counter;
    world.backend.code_life_ms = Some(2 * 60_000);
    let start = world.now;
    world.start();
    world.run(10 * MINUTE_MS);
    assert!(world.backend.minted.len() > 3);
    // Its code is renewed whether somebody is there or not.
    hold_to(&world, start, |since| match since {
        ..60_000 => 1_800,
        60_000..300_000 => 5_000,
        _ => 10_000,
    });
}

#[test]
fn where_nothing_can_be_paid_yet_it_asks_now_and_then() {
    for mut world in [World::on_phone(), World::in_wechat(), World::at_till()] {
        (world.net.up_ms, world.net.down_ms) = (0, 0);
        world.run(10_000);
        let since = world.now;
        world.run(20_000);
        let all = waits(&world, since);
        assert!(all.len() >= 2 && all.iter().all(|wait| (4_000..=6_000).contains(wait)), "{:?} {all:?}", world.body());
    }
}

#[test]
fn two_pages_do_not_ask_in_step() {
    let plan = |seed| {
        let mut world = World::new();
        world.options.seed = seed;
        world.start();
        world.run(MINUTE_MS);
        world.told.asked_at
    };
    assert_eq!(plan(1), plan(1));
    assert_ne!(plan(1), plan(2));
}

#[test]
fn a_tap_or_coming_back_quickens_the_plan() {
    let mut world = World::scanning();
    world.run(10 * MINUTE_MS);
    world.tap(Tap::HavePaid);
    let tapped = world.now;
    world.run(30_000);
    assert!(waits(&world, tapped).iter().all(|wait| *wait <= 2_450));
    world.run(10 * MINUTE_MS);
    world.page(PageEvent::Hidden);
    world.run(100);
    world.page(PageEvent::Visible);
    let seen = world.now;
    world.run(30_000);
    assert!(waits(&world, seen).iter().all(|wait| *wait <= 2_450));

    let mut world = World::in_wechat();
    world.tap(Tap::Pay);
    world.run(2 * MINUTE_MS);
    world.says(OK);
    let said = world.now;
    world.run(30_000);
    assert!(waits(&world, said).len() > 10 && waits(&world, said).iter().all(|wait| *wait <= 2_450));
}

#[test]
fn while_asking_it_never_gives_up() {
    let mut world = World::new();
    world.backend.expires_at = after(world.backend.expires_at, 3 * 3_600_000);
    world.start();
    world.run(3 * 60 * MINUTE_MS);
    let asked = world.order_requests();
    assert!(asked.windows(2).all(|pair| pair[1].0.since(pair[0].0) <= 12_100));
    let verified: Vec<_> = asked.iter().filter(|(_, verify)| *verify).map(|(at, _)| *at).collect();
    let spans: Vec<_> = verified.windows(2).map(|pair| pair[1].since(pair[0])).collect();
    assert!(spans.iter().all(|span| *span <= 30_100), "each half minute the platform is asked: {spans:?}");
    assert!(spans.iter().sum::<u64>() / spans.len() as u64 > 20_000, "and not much more often: {spans:?}");
}

#[test]
fn errors_back_off_to_half_a_minute_and_keep_the_code() {
    let mut world = World::scanning();
    let failing = world.now;
    world.net.order = Fault::Refused(ProblemCode::ServerError, None);
    world.run(13 * MINUTE_MS);
    world.scan();
    assert_eq!(world.screen.notice, Some(Notice::Refused(ProblemCode::ServerError)));
    let all = waits(&world, failing);
    assert!(all.iter().all(|wait| *wait <= 30_100), "{all:?}");
    assert!(all.iter().max() > Some(&20_000) && all.len() < 110, "it does back off: {all:?}");
    world.net.order = Fault::None;
    world.run(31_000);
    assert_eq!(world.screen.notice, None);
}

#[test]
fn one_lost_request_is_no_news() {
    let mut world = World::scanning();
    world.net.order = Fault::Unreachable;
    let before = world.sent.len();
    world.run_until(3_000, |world| world.sent.len() > before);
    world.net.order = Fault::None;
    world.run(100);
    assert_eq!(world.screen.notice, None);
    world.run(3_000);
    assert_eq!(world.screen.notice, None);
}

#[test]
fn retry_after_is_obeyed_even_by_taps() {
    let mut world = World::scanning();
    world.net.order = Fault::Refused(ProblemCode::RateLimited, Some(RetryAfter::Millis(120_000)));
    let before = world.sent.len();
    world.run_until(NEXT_MS, |world| world.sent.len() > before);
    world.run(100);
    world.net.order = Fault::None;
    let told = world.now;
    world.backend.pay(false, world.now);
    for _ in 0..110 {
        world.run(1_000);
        world.tap(Tap::HavePaid);
        world.tap(Tap::Retry);
        world.page(PageEvent::Visible);
        world.page(PageEvent::Online);
    }
    assert_eq!(requests_since(&world, told).len(), 0);
    assert!(world.run_until(11_000, paid(false)));
}

#[test]
fn retry_after_is_obeyed_by_new_codes_too() {
    let mut world = World::new();
    world.net.payment = Fault::Refused(ProblemCode::RateLimited, Some(RetryAfter::Millis(60_000)));
    world.start();
    world.run(100);
    world.net.payment = Fault::None;
    for _ in 0..50 {
        world.run(1_000);
        world.tap(Tap::Retry);
        world.page(PageEvent::Visible);
    }
    assert_eq!(world.payment_requests().len(), 1);
    world.run(11_000);
    world.scan();
    assert_eq!(world.payment_requests().len(), 2);
}

#[test]
fn retry_after_as_a_date_is_in_the_servers_time() {
    let mut world = World::scanning();
    // Slow answers leave the page in doubt about the server's clock; it may be late, never early.
    world.net.down_ms = 2_000;
    world.reload();
    world.run(3_000);
    let until = after(world.backend.clock(world.now), 30_000);
    world.net.order = Fault::Refused(ProblemCode::RateLimited, Some(RetryAfter::At(until)));
    let before = world.order_requests().len();
    world.run_until(5_000, |world| world.order_requests().len() > before);
    world.run(2_100);
    world.net.order = Fault::None;
    world.run_until(60_000, |world| world.order_requests().len() > before + 1);
    let asked = world.backend.clock(world.order_requests().last().unwrap().0);
    assert!(asked >= until && asked <= after(until, 3_000), "{asked:?} {until:?}");
}
