//! What it never does, over arbitrary histories: pages that ask in every way, payers who pay at any moment, notifications
//! that are lost, late and doubled, answers that are lost, processes that die or are slow, and reports of something else.
//! `check.rs` has what is checked after every fact.

mod op;
mod refund_op;

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use wechat_cashier_merchant::domain::{RefundState, SecondPayment, Status, Strange, TradeState};

use crate::traces::money::{paid, shown, twice};
use crate::wechat::Is;
use crate::world::World;
use op::{Asks, Op, op, op_of_refunds};

/// Chosen so that the whole binary runs in some ten seconds unoptimised.
const CASES: u32 = 600;

/// Runs the property on so many histories, the same ones every time.
fn check<S: Strategy>(strategy: &S, property: impl Fn(S::Value)) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 500, ..Config::default() };
    let seed = std::env::var("DOMAIN_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(7u8);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let run = TestRunner::new_with_rng(config, rng).run(strategy, |value| {
        property(value);
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
}

fn histories() -> impl Strategy<Value = Vec<Op>> {
    prop::collection::vec(op(), 1..50)
}

fn live(ops: &[Op]) -> World {
    go_on(World::new(), ops)
}

fn go_on(mut world: World, ops: &[Op]) -> World {
    let mut asks = Asks::default();
    for op in ops {
        asks.take(&mut world, op);
        world.look();
        world.check();
        world.check_written();
    }
    world
}

/// (a) to (m), but for (g).
#[test]
fn whatever_happens_the_invariants_hold() {
    check(&histories(), |ops| _ = live(&ops));
}

/// (g) and (k) to (m) of orders that are paid, once or twice.
#[test]
fn whatever_goes_back_is_what_the_ledger_says() {
    let seen = std::cell::RefCell::new(BTreeMap::<&str, u32>::new());
    let second = prop::sample::select(vec![SecondPayment::ByHand, SecondPayment::AtOnce]);
    let histories = (any::<bool>(), second, prop::collection::vec(op_of_refunds(), 1..40));
    check(&histories, |(is_twice, second, ops)| {
        let mut world = if is_twice { shown() } else { paid() };
        world.order.facts.refund_second_payment = second;
        let world = if is_twice { twice(world) } else { world };
        let mut world = go_on(world, &ops);
        world.settle();
        let note = |name, happened: bool| *seen.borrow_mut().entry(name).or_default() += u32::from(happened);
        let status = world.status();
        let odd = |is: fn(&Strange) -> bool| world.order.oddities.iter().any(|odd| is(&odd.what));
        let refund = |state| world.order.refunds.iter().any(|refund| refund.state == state);
        note("refunded", status == Status::Refunded);
        note("in parts", status == Status::Refunded && world.order.refunds.len() > world.order.paid.len());
        note("a part", refund(RefundState::Success) && status != Status::Refunded);
        note("closed", refund(RefundState::Closed));
        note("abnormal", odd(|what| matches!(what, Strange::RefundAbnormal { .. })));
        note("misfit", odd(|what| matches!(what, Strange::RefundMisfit { .. })));
        note("seen", odd(|what| matches!(what, Strange::RefundSeen)));
        note("at once", world.order.refunds.iter().any(|refund| refund.key.is_none()));
    });
    let seen = seen.into_inner();
    let rare: Vec<_> = seen.iter().filter(|(_, times)| **times < 10).collect();
    assert!(rare.is_empty(), "{rare:?} of {seen:?}");
}

/// (g) When all is well again, what is due alone makes the order what WeChat Pay's ledger says, soon, and comes to an end;
/// (n) and the shop has been told of it.
/// The histories come to everything that the invariants are about.
#[test]
fn in_the_end_the_order_is_what_the_ledger_says() {
    let seen = std::cell::RefCell::new(BTreeMap::<&str, u32>::new());
    check(&histories(), |ops| {
        let mut world = live(&ops);
        let was_over = world.order.is_over(world.now);
        world.settle();
        let note = |name, happened: bool| *seen.borrow_mut().entry(name).or_default() += u32::from(happened);
        let status = world.status();
        note("paid", matches!(status, Status::Paid { .. }));
        note("refunded", status == Status::Refunded);
        note("closed", status == Status::Closed);
        note("closed by its page", world.order.closed_at.is_some());
        note("over before its history", was_over);
        note("three numbers", world.order.trades.len() >= 3);
        let odd = |is: fn(&Strange) -> bool| world.order.oddities.iter().any(|odd| is(&odd.what));
        note("paid twice", odd(|what| matches!(what, Strange::PaidTwice { .. })));
        note("paid late", odd(|what| matches!(what, Strange::PaidLate { .. })));
        note("misfit", odd(|what| matches!(what, Strange::Misfit { .. })));
        let refund = |state| world.order.refunds.iter().any(|refund| refund.state == state);
        note("went back in parts", status == Status::Refunded && world.order.refunds.len() >= 2);
        note("paid, and a part went back", refund(RefundState::Success) && status != Status::Refunded);
        let is = |is| world.wechat.numbers.values().any(|there| there.is == is);
        note("reversed", is(Is::Revoked));
        note("reversed and given back", is(Is::Refunded));
        note("failed at the password", is(Is::Payerror));
        let state = |state| world.order.trades.iter().any(|trade| trade.state == state);
        note("failed", state(TradeState::Failed));
        note("refused", state(TradeState::Refused));
    });
    let seen = seen.into_inner();
    let rare: Vec<_> = seen.iter().filter(|(_, times)| **times < 2).collect();
    assert!(rare.is_empty(), "{rare:?} of {seen:?}");
}
