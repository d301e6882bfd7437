//! Processes that die or are slow, facts that come twice.

use wechat_cashier_merchant::domain::{Fact, Status, TradeState};

use crate::asks::by;
use crate::world::{JSAPI, LIFE_MS, Line, NATIVE, World, number};

/// A number is taken, and whoever took it dies before the request goes out.
#[test]
fn a_number_that_was_only_taken_is_given_up() {
    let mut world = World::new();
    world.lines = vec![Line::Dies];
    world.ask(&by(&NATIVE, "k1")).unwrap_err();
    world.wechat.numbers.clear();
    world.live(20_000);
    assert_eq!(world.order.trade(&number(1)).unwrap().state, TradeState::Closed);
    assert_eq!((world.status(), world.calls.len()), (Status::Pending, 4));
    assert_eq!(world.ask(&by(&NATIVE, "k1")).unwrap().out_trade_no, Some(number(2)));
}

/// The close was done, and whoever did it died.
#[test]
fn a_close_that_nobody_wrote_down_is_done_again() {
    let mut world = World::new();
    world.ask(&by(&NATIVE, "k1")).unwrap();
    world.pass(LIFE_MS + 2_000);
    world.lines = vec![Line::Dies];
    world.work();
    assert_eq!(world.status(), Status::Pending);
    world.settle();
    assert_eq!(world.status(), Status::Closed);
}

/// "There is no such order" of a question that was asked before the code was made, written after it.
#[test]
fn an_old_not_found_does_not_hide_a_code_that_was_given() {
    let mut world = World::new();
    world.apply(Fact::LoggedIn { openid: "oUpF8uMuAJO".to_owned() });
    world.ask(&by(&NATIVE, "k1")).unwrap();
    world.lines = vec![Line::NoRequest];
    world.ask(&by(&JSAPI, "k2")).unwrap_err();
    world.apply(Fact::NotFound { out_trade_no: number(1) });
    world.pass(3_000);
    // Another way is given only when the first is closed there.
    world.ask(&by(&JSAPI, "k2")).unwrap();
    assert!(!world.wechat.numbers[&number(1)].is_open());
}

#[test]
fn every_fact_twice_is_as_once() {
    let mut world = World::new();
    world.twice = true;
    world.ask(&by(&NATIVE, "k1")).unwrap();
    world.apply(Fact::LoggedIn { openid: "oUpF8uMuAJO".to_owned() });
    world.ask(&by(&JSAPI, "k2")).unwrap();
    assert_eq!((world.order.trades.len(), world.order.payments.len()), (2, 2));
    world.pay(&number(2));
    let paid = world.notifications.remove(0);
    world.notify(paid);
    world.settle();
    assert!(world.is_paid() && world.order.oddities.is_empty());
}

/// The number is another system's, and that was not told at once: the next number is taken, and the other's is left alone.
#[test]
fn a_number_that_turns_out_to_be_anothers_is_left_alone() {
    let mut world = World::new();
    world.wechat.use_elsewhere(&number(1), &world.order.clone());
    world.lines = vec![Line::NoRequest];
    world.ask(&by(&NATIVE, "k1")).unwrap_err();
    world.live(5_000);
    assert_eq!(world.order.trade(&number(1)).unwrap().state, TradeState::Refused);
    assert_eq!(world.ask(&by(&NATIVE, "k1")).unwrap().out_trade_no, Some(number(2)));
    let from = world.calls.len();
    world.settle();
    assert!(world.calls[from..].iter().all(|call| format!("{call:?}").contains(&number(2))));
}
