//! Helpers of the safe path, which is asking: the event stream, and answers that the host has. However they fare, nothing comes
//! later than without them.

use proptest::prelude::*;

use wechat_cashier::contract::{OrderAnswer, OrderStatus};
use wechat_cashier::core::{HostEvent, StreamEvent};

use super::{CASES, check};
use crate::backend::unreadable;
use crate::world::World;

/// Two requests for the order are so far apart at least, in milliseconds.
const GAP_MS: u64 = 1_000;
/// To the backend and back, in milliseconds.
const TRIP_MS: u64 = 50;

/// What helpers do that have not shown that they work.
#[derive(Clone, Copy, Debug)]
enum Help {
    /// The stream opens, and says nothing.
    Opens,
    Breaks,
    Garbles,
    OfAnotherOrder,
    /// The host has an answer, so old.
    First(Option<u64>),
    Token,
}

fn help() -> impl Strategy<Value = Help> {
    prop_oneof![
        4 => Just(Help::Opens),
        2 => Just(Help::Breaks),
        1 => Just(Help::Garbles),
        1 => Just(Help::OfAnotherOrder),
        3 => prop::option::of(0..20_000u64).prop_map(Help::First),
        1 => Just(Help::Token),
    ]
}

fn gives(world: &mut World, help: Help) {
    match help {
        Help::Opens => world.stream(StreamEvent::Opened),
        Help::Breaks => world.stream(StreamEvent::Lost),
        Help::Garbles => world.stream(StreamEvent::Order(Err(unreadable()))),
        Help::OfAnotherOrder => {
            let mut order = world.backend.order(world.now);
            (order.order_id, order.status) = ("T2".to_owned(), OrderStatus::Paid);
            world.stream(StreamEvent::Order(Ok(OrderAnswer::Whole(Box::new(order)))));
        }
        Help::First(age_ms) => world.host_brings_the_truth(age_ms),
        Help::Token => world.host(HostEvent::Token),
    }
}

/// How many milliseconds after payment it is shown, with these helps, each so long after the one before.
fn shown_after_ms(seed: u64, paid_ms: u64, helps: Option<&[(u64, Help)]>) -> u64 {
    let mut world = World::new();
    world.options.seed = seed;
    world.backend.events_url = helps.map(|_| "/events".to_owned());
    world.start();
    let paid = world.now + paid_ms;
    for (ms, help) in helps.unwrap_or_default() {
        let at = world.now + *ms;
        if at >= paid {
            break;
        }
        world.run(*ms);
        gives(&mut world, *help);
    }
    world.run(paid.since(world.now));
    world.backend.pay(true, world.now);
    assert!(world.run_until(60_000, World::is_paid), "never shown{}", world.story());
    world.now.since(paid)
}

/// A stream that a proxy keeps: the same history with and without it.
#[test]
fn a_stream_that_says_nothing_makes_paid_no_later() {
    check(CASES / 5, &(0..1_000u64, 100..400_000u64, 60..20_000u64), |(seed, paid_ms, opens_ms)| {
        let without = shown_after_ms(seed, paid_ms, None);
        let with = shown_after_ms(seed, paid_ms, Some(&[(opens_ms, Help::Opens)]));
        prop_assert!(with <= without + GAP_MS, "{with} ms after payment, and {without} without events");
        Ok(())
    });
}

/// Whatever helpers do, the plan's own bound holds: its longest wait at that time.
#[test]
fn no_helper_makes_paid_later_than_the_plan() {
    let helps = prop::collection::vec((0..20_000u64, help()), 0..20);
    check(CASES / 5, &(0..1_000u64, 100..400_000u64, helps), |(seed, paid_ms, helps)| {
        let longest_ms = match paid_ms {
            // Nothing of a code is asked in its first seconds.
            0..8_000 => 7_800,
            8_000..60_000 => 2_940,
            60_000..300_000 => 6_000,
            _ => 12_000,
        };
        for helps in [None, Some(helps.as_slice())] {
            let after_ms = shown_after_ms(seed, paid_ms, helps);
            prop_assert!(after_ms <= longest_ms + GAP_MS + 2 * TRIP_MS, "{after_ms} ms after payment");
        }
        Ok(())
    });
}
