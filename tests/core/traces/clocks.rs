//! Clocks.

use super::*;

#[test]
fn the_pages_clock_may_be_hours_wrong() {
    for hours in [-30, -8, 8, 30] {
        let mut world = World::new();
        world.now = Instant::from_millis(1_000_000_000);
        world.backend.epoch_ms = 1_795_255_200_000 + hours * 3_600_000;
        world.backend.expires_at = after(world.backend.clock(world.now), 60_000);
        world.start();
        world.run(100);
        assert!(matches!(world.body(), Body::Scan { left_s: Some(60), .. }), "{:?}", world.body());
        world.run(58_000);
        assert!(matches!(world.body(), Body::Scan { left_s: Some(2), .. }), "{:?}", world.body());
        world.run(2_000);
        assert_eq!(world.body(), &Body::Expired { renewable: false });
    }
}

#[test]
fn slow_answers_do_not_keep_a_dead_code_on_the_screen() {
    for (up_ms, down_ms) in [(0, 9_000), (9_000, 0), (4_500, 4_500)] {
        let mut world = World::new();
        world.backend.code_life_ms = Some(60_000);
        (world.net.up_ms, world.net.down_ms) = (up_ms, down_ms);
        world.start();
        // Every step checks the drawn code by the server's own clock.
        world.run(3 * MINUTE_MS);
        assert_eq!(world.body(), &Body::Expired { renewable: true });
    }
}

#[test]
fn one_quick_answer_makes_the_countdown_right() {
    let mut world = World::new();
    world.net.up_ms = 8_000;
    world.start();
    world.run(18_000);
    world.scan();
    world.net.up_ms = 20;
    world.run(60_000);
    let Body::Scan { left_s: Some(left_s), .. } = world.body() else { panic!("{:?}", world.body()) };
    let truly = (world.backend.expires_at.millis() - world.backend.clock(world.now).millis()) / 1000;
    assert!(left_s.abs_diff(u64::try_from(truly).unwrap()) <= 1);
}

#[test]
fn a_server_clock_that_is_set_is_followed() {
    let mut world = World::scanning();
    world.run(5_000);
    world.backend.epoch_ms -= 3_600_000;
    world.backend.expires_at = Timestamp::from_millis(world.backend.expires_at.millis() - 3_600_000);
    world.frozen = false;
    let before = world.sent.len();
    // Until the next answer the page cannot know; the hour's difference is on the safe side.
    world.run_until(10_000, |world| world.sent.len() > before + 2);
    world.run(100);
    world.scan();
}

/// Two servers whose clocks differ, around an end: it is covered once, and told once.
#[test]
fn one_machine_whose_clock_is_off_covers_and_uncovers_nothing() {
    for (off_ms, answers) in [(30_000, 0), (30_000, 1), (-30_000, 0)] {
        for of_code in [false, true] {
            let mut world = World::new();
            (world.backend.second_clock_ms, world.backend.answers) = (off_ms, answers);
            if of_code {
                world.backend.code_life_ms = Some(2 * 60_000);
            } else {
                world.backend.expires_at = after(world.backend.clock(world.now), 2 * 60_000);
            }
            world.start();
            world.run(200);
            let mut covered = 0;
            for _ in 0..4 * 600 {
                let was_scan = matches!(world.body(), Body::Scan { .. });
                world.run(100);
                covered += u32::from(was_scan && !matches!(world.body(), Body::Scan { .. }));
                let uncovered = !was_scan && matches!(world.body(), Body::Scan { .. });
                assert!(!uncovered, "{off_ms} {answers}{}", world.story());
            }
            assert_eq!(covered, 1, "{off_ms} {answers}");
            let told = world.host.heard(|news| matches!(news, News::Expired));
            assert_eq!(told, usize::from(!of_code), "{off_ms} {answers}");
        }
    }
}

/// A cache on the way that answers in the backend's place, whatever its `no-store`: its `now` stands still.
#[test]
fn a_now_that_stands_still_is_told_once_and_asked_around() {
    let mut world = World::scanning();
    world.backend.cached = Some(world.backend.clock(world.now));
    world.run(NEXT_MS);
    let told = |world: &World| world.host.errors().into_iter().filter(|code| *code == "stale_answer").count();
    assert!(world.run_until(NEXT_MS, |world| told(world) == 1));
    let seen = world.now;
    world.run(20_000);
    let fresh: Vec<_> = world
        .sent
        .iter()
        .filter(|(at, _)| *at > seen)
        .filter_map(|(_, call)| match call {
            Call::Order { fresh, .. } => Some(*fresh),
            _ => None,
        })
        .collect();
    assert!(fresh.len() > 5 && fresh.iter().all(|fresh| *fresh), "each at an address of its own: {fresh:?}");
    let before = world.sent.iter().filter(|(at, _)| *at <= seen);
    assert!(before.into_iter().all(|(_, call)| !matches!(call, Call::Order { fresh: true, .. })), "and no sooner");
    assert_eq!(told(&world), 1);
    let Body::Scan { left_s: Some(left_s), .. } = world.body() else { panic!("{:?}", world.body()) };
    let truly = (world.backend.expires_at.millis() - world.backend.clock(world.now).millis()) / 1000;
    assert!(left_s.abs_diff(u64::try_from(truly).unwrap()) <= 1, "the clock is not turned back");
    world.backend.cached = None;
    world.backend.pay(true, world.now);
    assert!(world.run_until(NEXT_MS, paid(false)));
}

#[test]
fn a_now_that_moves_is_no_caches() {
    let mut world = World::scanning();
    world.run(5 * MINUTE_MS);
    for _ in 0..10 {
        world.page(PageEvent::Visible);
        world.run(1_000);
    }
    assert!(world.host.errors().is_empty());
}
