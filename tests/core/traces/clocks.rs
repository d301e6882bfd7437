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
