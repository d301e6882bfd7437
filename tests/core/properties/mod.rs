//! What the core never does, over arbitrary histories, wherever the page is opened: answers early, late, twice and never,
//! faults, leaps of time, pages hidden, frozen, restored, reloaded and opened elsewhere, taps, WeChat's answers, events from
//! the server, other pages of the same order.
//!
//! The world checks invariants 1 to 8 after every event of every test; here are the histories to check them on, and what
//! must still be possible at the end of each.

mod addresses;
mod helpers;
mod setting;
mod step;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use wechat_cashier::contract::OrderStatus;
use wechat_cashier::core::{Body, HostEvent, PageEvent, Stage, Surface, Tap, Trouble};

use super::backend::{Fault, every_method};
use super::wechat::OK;
use super::world::World;
use setting::{Setting, begin, setting};
use step::{Step, step, take};

/// Chosen so that the whole binary runs in about a minute unoptimised.
const CASES: u32 = 500;

/// Runs the property on so many histories, the same ones every time.
fn check<S: Strategy>(cases: u32, strategy: &S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(cases);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    let seed = std::env::var("CORE_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(7u8);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    if let Err(error) = TestRunner::new_with_rng(config, rng).run(strategy, property) {
        panic!("{error}");
    }
}

fn histories() -> impl Strategy<Value = (Setting, Vec<Step>)> {
    (setting(), prop::collection::vec(step(), 1..60))
}

fn live(setting: &Setting, steps: &[Step]) -> World {
    let mut world = begin(setting);
    for step in steps {
        take(&mut world, step);
    }
    world
}

/// The network is well again, WeChat is there, and the payer looks at the page.
fn all_is_well(world: &mut World) {
    (world.net.up_ms, world.net.down_ms) = (50, 50);
    (world.net.order, world.net.payment) = (Fault::None, Fault::None);
    world.backend.odd_word = false;
    (world.wechat.there_after_ms, world.wechat.sdk_fails) = (Some(0), false);
    world.wechat.says.clear();
    if !world.visible {
        world.page(PageEvent::Visible);
    }
    // What is on its way still fares as before.
    world.run(15_000);
}

/// The world after this history, when all is well again. None: its order has come to its end.
fn survivor(setting: &Setting, steps: &[Step]) -> Option<World> {
    let mut world = live(setting, steps);
    if !world.state.is_final() {
        all_is_well(&mut world);
    }
    (!world.state.is_final()).then_some(world)
}

#[test]
fn whatever_happens_the_invariants_hold() {
    check(CASES, &histories(), |(setting, steps)| {
        live(&setting, &steps);
        Ok(())
    });
}

#[test]
fn whatever_happened_a_paid_order_is_soon_shown_paid() {
    check(CASES, &histories(), |(setting, steps)| {
        let Some(mut world) = survivor(&setting, &steps) else { return Ok(()) };
        world.backend.pay(true, world.now);
        world.backend.status = OrderStatus::Paid;
        let ended =
            |world: &World| world.is_paid() || matches!(world.body(), Body::Trouble(Trouble::AmountChanged { .. }));
        let rests = |world: &World| world.state.is_resting(world.now) && world.under_way().next().is_none();
        let most_ms = 60_000 + world.held_ms();
        world.run_until(most_ms, |world| ended(world) || rests(world));
        if rests(&world) && !ended(&world) {
            prop_assert!(world.offered().contains(&Tap::HavePaid), "rests with no way to ask{}", world.story());
            world.tap(Tap::HavePaid);
            world.run_until(most_ms, ended);
        }
        prop_assert!(ended(&world), "liveness: paid, and not shown within {} ms{}", most_ms, world.story());
        Ok(())
    });
}

/// Screens that go on by themselves, within the time that the code or WeChat is waited for.
fn goes_on_by_itself(body: &Body) -> bool {
    matches!(
        body,
        Body::Loading
            | Body::Confirming { .. }
            | Body::AwaitPayer { .. }
            | Body::Pay { stage: Stage::Preparing | Stage::Opening, .. }
    )
}

/// Every screen that is not the end offers a tap that leads to something, or goes on by itself.
#[test]
fn whatever_happened_there_is_no_dead_end() {
    check(CASES, &histories(), |(setting, steps)| {
        let Some(world) = survivor(&setting, &steps) else { return Ok(()) };
        let offered = world.offered();
        let by_itself = goes_on_by_itself(world.body());
        prop_assert!(!offered.is_empty() || by_itself, "a screen with nothing to tap{}", world.story());
        for tap in offered.into_iter().map(Some).chain(by_itself.then_some(None)) {
            let mut world = world.clone();
            let before = (world.sent.len(), world.wechat.calls.len(), world.left_for.len());
            if let Some(tap) = &tap {
                world.tap(tap.clone());
            }
            let most_ms = 60_000 + world.held_ms();
            let happened = world.run_until(most_ms, |world| {
                (world.sent.len(), world.wechat.calls.len(), world.left_for.len()) != before || world.state.is_final()
            });
            prop_assert!(happened, "dead end: {:?} leads to nothing{}", tap, world.story());
        }
        Ok(())
    });
}

/// A payer who keeps trying can pay, if the backend and WeChat are willing.
#[test]
fn whatever_happened_a_payable_order_is_soon_payable() {
    check(CASES, &histories(), |(setting, steps)| {
        let mut world = live(&setting, &steps);
        let open = !world.backend.has_expired(world.now + 240_000)
            && world.backend.status == OrderStatus::Pending
            && world.backend.received_at.is_none();
        if world.state.is_final() || !open {
            return Ok(());
        }
        (world.backend.content, world.backend.code_life_ms, world.backend.action) = (None, None, None);
        (world.backend.knows_payer, world.backend.methods) = (true, every_method());
        // What the host leaves of the ways to pay may be none that works here.
        world.host(HostEvent::Methods(Vec::new()));
        all_is_well(&mut world);
        let held_ms = world.held_ms().max(world.payment_held_ms());
        // What a payer would do: what the screen says first; nothing where something is about to come.
        for _ in 0..4 {
            let patience_ms = if goes_on_by_itself(world.body()) { 45_000 } else { 5_000 };
            world.run_until(patience_ms + held_ms, can_pay);
            // What the host wanted closed may be closed only now.
            let is_over = world.backend.has_expired(world.now + 20_000) || world.backend.status != OrderStatus::Pending;
            if is_over || world.state.is_final() || can_pay(&world) {
                return Ok(());
            }
            let tap = match world.body() {
                Body::Returned | Body::Expired { renewable: true } => Tap::Again,
                Body::Confirming { can_go_back: true } => Tap::Back,
                _ => Tap::Retry,
            };
            world.tap(tap);
        }
        world.run(2_000);
        prop_assert!(can_pay(&world) || world.state.is_final(), "no way to pay: {:?}{}", world.body(), world.story());
        Ok(())
    });
}

fn can_pay(world: &World) -> bool {
    let left = matches!(world.body(), Body::Returned) && !world.left_for.is_empty();
    left || matches!(world.body(), Body::Scan { .. } | Body::Pay { stage: Stage::Ready, .. } | Body::TakeCode { .. })
}

/// Invariant 1: whatever text WeChat answers, only the backend says that an order is paid.
#[test]
fn nothing_that_wechat_says_is_payment() {
    let known =
        prop::sample::select(vec![OK, "chooseWXPay:ok", "getBrandWCPayRequest:ok", "ok", "paid", "navigateTo:ok"]);
    let said = prop_oneof![
        3 => known.clone().prop_map(ToOwned::to_owned),
        2 => (known, "[ -~\\n签]{0,12}").prop_map(|(known, rest)| [known, &rest].concat()),
        2 => "(get_brand_wcpay_request|chooseWXPay|pre_verify_jsapi):[ -~]{0,20}",
        1 => any::<String>(),
    ];
    check(2 * CASES, &(any::<bool>(), prop::collection::vec(said, 1..5)), |(mini_program, texts)| {
        let mut world = if mini_program { World::in_mini_program() } else { World::in_wechat() };
        world.tap(Tap::Pay);
        for said in texts {
            world.says(&said);
            world.run(3_000);
        }
        world.run(60_000);
        prop_assert!(!world.is_paid() && world.host.paid() == 0);
        world.backend.pay(false, world.now);
        world.page(PageEvent::Visible);
        prop_assert!(world.run_until(12_000, World::is_paid), "nor does it hide one{}", world.story());
        Ok(())
    });
}

/// A counter's screen is looked at and not touched, and a till's is read by a scanner: they ask whether seen or not.
#[test]
fn a_hidden_screen_in_a_shop_goes_on_asking() {
    let surfaces = prop::sample::select(vec![Surface::Counter, Surface::Till]);
    check(CASES / 5, &(surfaces, 0..600_000u64), |(surface, ms)| {
        let mut world = World::new();
        world.options.surface = surface;
        world.start();
        world.run(200);
        world.page(PageEvent::Hidden);
        world.run(ms);
        world.backend.pay(true, world.now);
        prop_assert!(world.run_until(13_000, World::is_paid));
        Ok(())
    });
}
