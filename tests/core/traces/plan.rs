//! When it asks.

use super::*;

#[test]
fn the_plan_is_two_five_and_ten_seconds_with_a_fifth_of_jitter() {
    let mut world = World::new();
    (world.net.up_ms, world.net.down_ms) = (0, 0);
    let start = world.now;
    world.start();
    world.run(10 * MINUTE_MS);
    let sent: Vec<_> = world.told.asked_at.iter().map(|at| at.since(start)).collect();
    let mut counts = [0, 0, 0];
    for pair in sent.windows(2) {
        // The last wait of a stretch was planned in it.
        let (phase, plan) = match pair[0] {
            0..60_000 => (0, 2_000),
            60_000..300_000 => (1, 5_000),
            _ => (2, 10_000),
        };
        counts[phase] += 1;
        let wait = pair[1] - pair[0];
        assert!((plan * 4 / 5..=plan * 6 / 5).contains(&wait), "{wait} ms at {}", pair[0]);
    }
    assert!(
        (28..=33).contains(&counts[0]) && (45..=52).contains(&counts[1]) && (28..=32).contains(&counts[2]),
        "{counts:?}"
    );
    let all = waits(&world, start);
    let near = |plan: u64, wait: u64| wait.abs_diff(plan) <= plan / 20;
    assert!(all.iter().any(|wait| near(1_700, *wait)) && all.iter().any(|wait| near(2_300, *wait)), "it jitters");
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
}

#[test]
fn while_asking_it_never_gives_up() {
    let mut world = World::new();
    world.backend.expires_at = after(world.backend.expires_at, 3 * 3_600_000);
    world.start();
    world.run(3 * 60 * MINUTE_MS);
    let asked = world.order_requests();
    assert!(asked.windows(2).all(|pair| pair[1].0.since(pair[0].0) <= 12_100));
    let verified: Vec<_> = asked.iter().enumerate().filter(|(_, (_, verify))| *verify).map(|(at, _)| at).collect();
    assert!(verified.windows(2).all(|pair| pair[1] - pair[0] == 15), "every fifteenth has the platform asked");
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
    world.run_until(3_000, |world| world.sent.len() > before);
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
