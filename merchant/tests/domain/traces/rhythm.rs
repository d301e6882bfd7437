//! What is done later, and when.

use wechat_cashier_merchant::domain::{Fact, Source, Status, Step, plus};

use crate::asks::by;
use crate::wechat::Is;
use crate::world::{LIFE_MS, Line, NATIVE, World, number};

fn shown() -> World {
    let mut world = World::new();
    world.ask(&by(&NATIVE, "k1")).unwrap();
    world
}

/// When something was done, in milliseconds of the order.
fn moments(world: &mut World, ms: i64) -> Vec<(i64, &'static str)> {
    let begun = world.now;
    let mut moments = Vec::new();
    while let Some(at) = world.order.next_at(world.now).filter(|at| *at <= plus(begun, ms)) {
        let from = world.calls.len();
        world.pass((at.millis() - world.now.millis()).max(0));
        world.work();
        let at = world.now.millis() - begun.millis();
        moments.extend(world.calls_since(from).into_iter().map(|call| (at, call)));
    }
    moments
}

#[test]
fn an_order_that_nobody_pays() {
    let mut world = shown();
    let seen = moments(&mut world, 2 * LIFE_MS);
    let at: Vec<_> = seen.iter().map(|(at, _)| at / 1000).collect();
    assert_eq!(at, [5, 10, 15, 20, 26, 35, 47, 63, 84, 112, 149, 199, 266, 355, 473, 631, 841, 902]);
    assert_eq!(seen.last(), Some(&(LIFE_MS + 2_000, "close")));
    assert!(seen.iter().rev().skip(1).all(|(_, call)| *call == "query"));
    assert_eq!(world.status(), Status::Closed);
    assert_eq!((world.order.next_at(world.now), world.order.due(world.now)), (None, None));
}

/// A new code is looked at as closely as the first.
#[test]
fn a_fresh_code_begins_the_rhythm_anew() {
    let mut world = shown();
    world.live(400_000);
    let first = world.given[0].clone();
    world.ask(&by(&NATIVE, "k2").replaces(&first)).unwrap();
    assert_eq!(world.order.next_at(world.now), Some(plus(world.now, 5_000)));
    let seen = moments(&mut world, 16_000);
    assert_eq!(seen, [(5_000, "query"), (10_000, "query"), (15_000, "query")]);
}

#[test]
fn a_long_order_is_asked_about_each_five_minutes() {
    let mut world = World::new();
    world.order.facts.expires_at = plus(world.now, 24 * 60 * 60_000);
    world.ask(&by(&NATIVE, "k1")).unwrap();
    world.live(60 * 60_000);
    let seen = moments(&mut world, 60 * 60_000);
    assert!((11..=13).contains(&seen.len()), "{seen:?}");
}

#[test]
fn an_order_without_a_trade_is_looked_at_when_its_time_is_up() {
    let mut world = World::new();
    assert_eq!(world.order.next_at(world.now), Some(plus(world.now, LIFE_MS)));
    assert_eq!(world.order.due(world.now), None);
    world.pass(LIFE_MS - 1);
    assert_eq!(world.status(), Status::Pending);
    world.pass(1);
    assert_eq!((world.status(), world.order.next_at(world.now)), (Status::Closed, None));
}

#[test]
fn what_fails_is_put_off_for_longer_each_time() {
    let mut world = shown();
    world.pass(5_000);
    world.lines = vec![Line::NoRequest; 9];
    let seen = moments(&mut world, 400_000);
    let at: Vec<_> = seen.iter().take(10).map(|(at, _)| at / 1000).collect();
    assert_eq!(at, [0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
    // The tenth went well.
    let trade = world.order.trade(&number(1)).unwrap();
    assert_eq!(trade.failures, 0);
}

/// WeChat Pay is away for hours, and everything is still done in the end.
#[test]
fn an_end_that_fails_for_long_is_carried_out_in_the_end() {
    let mut world = shown();
    world.pass(LIFE_MS);
    world.lines = vec![Line::NoRequest; 200];
    world.live(4 * 60 * 60_000);
    assert_eq!(world.status(), Status::Closed);
    assert_eq!(world.wechat.numbers[&number(1)].is, Is::Closed);
}

#[test]
fn questions_of_pages_are_two_seconds_apart() {
    let mut world = shown();
    let query = Some(Step::Query { out_trade_no: number(1) });
    assert_eq!(world.order.verify(world.now), None);
    world.pass(1_999);
    assert_eq!(world.order.verify(world.now), None);
    world.pass(1);
    assert_eq!(world.order.verify(world.now), query);
    world.verify();
    assert_eq!(world.order.verify(world.now), None);
    world.pass(2_000);
    assert_eq!(world.order.verify(world.now), query);
    // One that failed counts as well.
    world.lines = vec![Line::NoRequest];
    world.verify();
    world.pass(1_999);
    assert_eq!(world.order.verify(world.now), None);
    world.pass(1);
    assert_eq!(world.order.verify(world.now), query);
    // What is known needs no question.
    world.pay(&number(1));
    world.verify();
    world.pass(10_000);
    assert_eq!((world.is_paid(), world.order.verify(world.now)), (true, None));
}

#[test]
fn once_one_is_paid_the_rest_is_closed_at_once() {
    let mut world = shown();
    world.apply(Fact::Ended { out_trade_no: number(1) });
    world.wechat.end(&number(1), false);
    world.ask(&by(&NATIVE, "k2")).unwrap();
    // The one that was believed closed is paid.
    let report = super::money::report(&number(1), &world);
    let there = world.wechat.numbers.get_mut(&number(1)).unwrap();
    (there.is, there.paid_at) = (Is::Success, report.success_time);
    world.notify(report);
    assert_eq!(world.order.due(world.now), Some(Step::Close { out_trade_no: number(2) }));
    world.work();
    assert_eq!(world.wechat.numbers[&number(2)].is, Is::Closed);
    world.settle();
}

/// It is closed, and WeChat Pay says "paid"; but what it says of the payment does not fit, or it is not yet in its books.
#[test]
fn an_end_that_cannot_be_is_not_tried_all_the_time() {
    let mut world = shown();
    world.live(LIFE_MS + 1_999);
    world.pass(1);
    for _ in 0..3 {
        assert_eq!(world.order.due(world.now), Some(Step::Close { out_trade_no: number(1) }));
        let mut report = super::money::report(&number(1), &world);
        report.appid = "wxanother".to_owned();
        world.apply(Fact::Reported { source: Source::Query, report });
        assert_eq!(world.order.due(world.now), None, "tried again at once");
        world.pass(60_000);
    }
}

/// A close is refused as "paid" before the books of queries say so.
#[test]
fn an_end_that_is_refused_as_paid_waits_for_the_books() {
    let mut world = shown();
    world.wechat.lags = true;
    world.live(LIFE_MS - 1);
    world.pay(&number(1));
    let from = world.calls.len();
    world.live(12_000);
    assert!((8..=24).contains(&(world.calls.len() - from)), "{:?}", world.calls_since(from));
    assert_eq!(world.status(), Status::Pending);
    world.wechat.lags = false;
    world.live(2_000);
    assert!(world.is_paid());
}
