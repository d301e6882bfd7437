//! From one way to pay to another: one trade can be paid at a time.

use wechat_cashier::contract::{Method, ProblemCode};
use wechat_cashier_merchant::domain::{Fact, TradeState};

use crate::asks::{by, code};
use crate::wechat::Is;
use crate::world::{H5, JSAPI, Line, NATIVE, World, number};

fn logged_in(openid: &str) -> World {
    let mut world = World::new();
    world.apply(Fact::LoggedIn { openid: openid.to_owned() });
    world
}

#[test]
fn native_is_closed_before_jsapi_is_asked_for() {
    let mut world = logged_in("oUpF8uMuAJO");
    world.ask(&by(&NATIVE, "k1")).unwrap();
    let second = world.ask(&by(&JSAPI, "k2")).unwrap();
    assert_eq!(world.calls_since(0), ["place", "close", "place"]);
    assert_eq!(second.out_trade_no, Some(number(2)));
    assert_eq!(world.wechat.numbers[&number(1)].is, Is::Closed);
    // And back: a closed number is never used again.
    let third = world.ask(&by(&NATIVE, "k3")).unwrap();
    assert_eq!(third.out_trade_no, Some(number(3)));
}

#[test]
fn what_is_paid_while_it_is_to_be_closed_pays_the_order() {
    let mut world = logged_in("oUpF8uMuAJO");
    world.ask(&by(&NATIVE, "k1")).unwrap();
    world.pay(&number(1));
    assert_eq!(code(world.ask(&by(&JSAPI, "k2"))), ProblemCode::OrderPaid);
    assert_eq!(world.calls_since(1), ["close", "query"]);
    assert!(world.is_paid());
    assert_eq!(world.order.trades.len(), 1);
}

#[test]
fn nothing_new_is_given_while_the_old_one_cannot_be_closed() {
    let mut world = logged_in("oUpF8uMuAJO");
    world.ask(&by(&NATIVE, "k1")).unwrap();
    for _ in 0..3 {
        world.lines = vec![Line::NoRequest];
        assert_eq!(code(world.ask(&by(&JSAPI, "k2"))), ProblemCode::UpstreamUnavailable);
        // The old one is on its way out and shown no more.
        assert_eq!(world.look(), None);
        world.pass(3_000);
    }
    // Closed there, and the answer is lost.
    world.lines = vec![Line::NoAnswer];
    assert_eq!(code(world.ask(&by(&JSAPI, "k2"))), ProblemCode::UpstreamUnavailable);
    world.pass(3_000);
    assert_eq!(world.ask(&by(&JSAPI, "k2")).unwrap().out_trade_no, Some(number(2)));
}

#[test]
fn jsapi_logs_the_payer_in_first() {
    let mut world = World::new();
    world.ask(&by(&NATIVE, "k1")).unwrap();
    let login = world.ask(&by(&JSAPI, "k2")).unwrap();
    assert!(login.is_login && login.out_trade_no.is_none());
    assert_eq!(world.ask(&by(&JSAPI, "k2")).unwrap(), login);
    assert_eq!(world.look(), Some(login.clone()));
    // It leads back to the page that asked.
    assert_ne!(world.ask(&by(&JSAPI, "k3").page("https://shop.example/other")).unwrap(), login);
    world.apply(Fact::LoggedIn { openid: "oUpF8uMuAJO".to_owned() });
    assert_eq!(world.look(), None);
    let given = world.ask(&by(&JSAPI, "k2")).unwrap();
    assert_eq!(given.out_trade_no, Some(number(2)));
    assert_eq!(world.order.trade(&number(2)).unwrap().terms.openid.as_deref(), Some("oUpF8uMuAJO"));
    assert_eq!(world.wechat.numbers[&number(1)].is, Is::Closed);
}

/// WeChat Pay lets nobody pay by another's `prepay_id` (docs/platform.md, 7.4: OPENID_MISMATCH).
#[test]
fn another_payer_gets_a_trade_of_their_own() {
    let mut world = logged_in("oUpF8uMuAJO");
    let first = world.ask(&by(&JSAPI, "k1")).unwrap();
    assert_eq!(world.ask(&by(&JSAPI, "k2")).unwrap(), first);
    world.apply(Fact::LoggedIn { openid: "oAnother".to_owned() });
    let second = world.ask(&by(&JSAPI, "k3")).unwrap();
    assert_eq!(second.out_trade_no, Some(number(2)));
    assert_eq!(world.wechat.numbers[&number(1)].is, Is::Closed);
}

/// WeChat Pay refuses an H5 address to another address than it was made for (docs/platform.md, 4: 268498465).
#[test]
fn h5_for_another_address_of_the_payer_is_another_trade() {
    let mut world = World::new();
    let first = world.ask(&by(&H5, "k1")).unwrap();
    // A new page of the same phone.
    assert_eq!(world.ask(&by(&H5, "k2")).unwrap(), first);
    let second = world.ask(&by(&H5, "k3").ip("198.51.100.9")).unwrap();
    assert_eq!(second.out_trade_no, Some(number(2)));
    assert_eq!(world.wechat.numbers[&number(1)].is, Is::Closed);
    // The same key and body as then: the payment that has replaced its own.
    assert_eq!(world.ask(&by(&H5, "k1").ip("198.51.100.9")).unwrap(), second);
}

#[test]
fn the_payers_address_counts_for_h5_alone() {
    let mut world = World::new();
    let first = world.ask(&by(&NATIVE, "k1")).unwrap();
    assert_eq!(world.ask(&by(&NATIVE, "k2").ip("198.51.100.9")).unwrap(), first);
    let second = world.ask(&by(&NATIVE, "k3").ip("198.51.100.9").replaces(&first)).unwrap();
    assert_eq!(second.out_trade_no, first.out_trade_no);
}

#[test]
fn the_mini_program_needs_no_trade() {
    let mut world = World::new();
    let given = world.ask(&by(&Method::MiniProgram, "k1")).unwrap();
    assert_eq!((given.out_trade_no.as_ref(), given.is_login), (None, false));
    assert_eq!(world.look(), Some(given));
    assert!(world.order.trades.is_empty() && world.calls.is_empty());
}

#[test]
fn a_trade_that_never_came_there_is_closed_without_waiting() {
    let mut world = logged_in("oUpF8uMuAJO");
    world.lines = vec![Line::NoRequest];
    assert_eq!(code(world.ask(&by(&NATIVE, "k1"))), ProblemCode::UpstreamUnavailable);
    world.pass(3_000);
    assert_eq!(world.ask(&by(&JSAPI, "k2")).unwrap().out_trade_no, Some(number(2)));
    assert_eq!(world.order.trade(&number(1)).unwrap().state, TradeState::Closed);
}

/// A code that was made there and never came here is made anew under the same number.
#[test]
fn a_code_whose_answer_was_lost_is_asked_for_again() {
    for line in [Line::NoAnswer, Line::Dies, Line::NoRequest] {
        let mut world = World::new();
        world.lines = vec![line];
        assert_eq!(code(world.ask(&by(&NATIVE, "k1"))), ProblemCode::UpstreamUnavailable);
        world.pass(3_000);
        assert_eq!(world.ask(&by(&NATIVE, "k1")).unwrap().out_trade_no, Some(number(1)), "{line:?}");
        assert_eq!(world.order.trades.len(), 1);
    }
}
