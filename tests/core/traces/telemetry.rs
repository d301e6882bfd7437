//! Where to measure.

use super::*;

const URL: &str = "https://shop.example/telemetry?o=7Q";

/// A page whose orders name this place, once it has drawn the code.
fn measuring(url: &str) -> World {
    let mut world = World::new();
    world.backend.telemetry_url = Some(url.to_owned());
    world.start();
    world.run(100);
    world.scan();
    world
}

#[test]
fn the_shell_is_told_once_where_to_measure() {
    let mut world = measuring(URL);
    assert_eq!(world.measured, [URL]);
    world.run(30_000);
    world.backend.telemetry_url = Some("/elsewhere".to_owned());
    world.run(30_000);
    world.backend.pay(true, world.now);
    assert!(world.run_until(10_000, paid(false)));
    assert_eq!(world.measured, [URL], "not again, and nowhere else");
}

#[test]
fn an_address_of_the_page_may_be_relative() {
    assert_eq!(measuring("/telemetry").measured, ["https://pay.example/telemetry"]);
}

#[test]
fn nothing_is_measured_off_the_allow_list() {
    for url in [
        "https://evil.example/",
        "//evil.example/",
        "http://pay.example/",
        "javascript:alert(1)",
        "https://wx.tenpay.com/",
        "https://open.weixin.qq.com/",
        "https://shop.example@evil.example/",
    ] {
        assert!(measuring(url).measured.is_empty(), "{url}");
    }
}

#[test]
fn nothing_is_measured_where_nobody_asks_for_it() {
    let mut world = World::scanning();
    world.run(MINUTE_MS);
    assert!(world.measured.is_empty());
}

#[test]
fn a_later_answer_may_be_the_first_that_asks_for_it() {
    let mut world = World::scanning();
    world.backend.telemetry_url = Some(URL.to_owned());
    world.run(NEXT_MS);
    assert_eq!(world.measured, [URL]);
}

#[test]
fn an_event_may_be_the_first_that_asks_for_it() {
    let mut world = listening();
    world.backend.telemetry_url = Some(URL.to_owned());
    world.stream_tells_truth();
    assert_eq!(world.measured, [URL]);
}

#[test]
fn measuring_begins_before_the_end_is_told() {
    let mut world = World::new();
    world.backend.telemetry_url = Some(URL.to_owned());
    world.backend.pay(true, world.now);
    world.start();
    assert!(world.run_until(1_000, paid(false)));
    assert_eq!(world.measured, [URL]);
}

#[test]
fn an_answer_that_stops_the_cashier_measures_nothing() {
    let mut world = World::scanning();
    world.backend.telemetry_url = Some(URL.to_owned());
    world.backend.amount.value += 1;
    world.run(NEXT_MS);
    assert!(matches!(world.body(), Body::Trouble(Trouble::AmountChanged { .. })));
    assert!(world.measured.is_empty());
}

#[test]
fn a_page_that_is_loaded_again_measures_again() {
    let mut world = measuring(URL);
    world.reload();
    world.run(100);
    assert_eq!(world.measured, [URL]);
}
