//! No dead end: a walk over the core's states, breadth first, from where each kind of page is opened, by a
//! bounded alphabet of what may happen. From every state that it reaches while the order can be paid, a payer with at most
//! four taps can pay, if the backend and WeChat are willing by then; and every screen that is not the end offers a tap, or
//! goes on by itself to one that does, even if nobody answers ever again.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use wechat_cashier::contract::{Action, ProblemCode};
use wechat_cashier::core::{App, Body, Device, LinkEvent, PageEvent, Stage, Surface, Tap};

use super::backend::Fault;
use super::wechat::{CANCEL, FAIL, OK};
use super::world::{World, after, drawn};

/// So many taps lead from anywhere to where the order can be paid.
const TAPS_MAX: usize = 4;
/// So many states are walked to from each place; `CORE_STATES` says otherwise.
const STATES_MAX: usize = 400;

/// What may happen next. Answers take 50 ms, so whatever is asked for is answered before the next.
#[derive(Clone, Debug)]
enum Move {
    Tap(Tap),
    /// From now on requests for the order fare so,
    Order(Fault),
    /// and requests for payments.
    Payment(Fault),
    /// The backend wants a payment to do this.
    Wants(Option<Action>),
    /// The backend knows the payer, and can know after a login.
    Knows(bool, bool),
    Says(&'static str),
    Link(LinkEvent),
    Page(PageEvent),
    Load(fn(&mut World)),
    Time(u64),
}

/// Where a walk begins.
fn places() -> Vec<World> {
    let mut till = World::opened_in(App::Browser, Device::Desktop);
    till.options.surface = Surface::Till;
    let mut framed = World::opened_in(App::WeChat, Device::Phone);
    framed.options.environment.as_mut().unwrap().framed = true;
    vec![
        World::opened_in(App::WeChat, Device::Phone),
        World::opened_in(App::WeChat, Device::Phone).offering(["jsapi"]),
        framed,
        World::opened_in(App::Browser, Device::Phone),
        World::opened_in(App::Browser, Device::Phone).offering(["h5"]),
        World::opened_in(App::MiniProgram, Device::Phone),
        World::opened_in(App::MiniProgram, Device::Phone).offering(["mini_program"]),
        World::opened_in(App::Browser, Device::Desktop),
        World::opened_in(App::Browser, Device::Desktop).offering(["native"]),
        World::opened_in(App::Alipay, Device::Phone),
        till,
    ]
}

fn alphabet(world: &World) -> Vec<Move> {
    let refused = |code| Fault::Refused(code, None);
    let mut moves: Vec<Move> = world.offered().into_iter().map(Move::Tap).collect();
    if let Body::TakeCode { .. } = world.body() {
        moves.push(Move::Tap(Tap::Code("15".to_owned())));
    }
    if !world.wechat.calls.is_empty() {
        let said = [OK, CANCEL, FAIL, "get_brand_wcpay_request:cancel\n下单账号与支付账号不一致", "navigateTo:ok"];
        moves.extend(said.map(Move::Says));
    }
    if world.wechat.link.is_some() {
        moves.extend([LinkEvent::Ready, LinkEvent::Failed].map(Move::Link));
    }
    let order = [Fault::None, Fault::Unreachable, Fault::Unreadable, refused(ProblemCode::OrderNotFound)];
    moves.extend(order.into_iter().filter(|fault| *fault != world.net.order).map(Move::Order));
    let payment = [
        Fault::None,
        Fault::Unreachable,
        Fault::Unreadable,
        refused(ProblemCode::MethodUnavailable),
        refused(ProblemCode::InvalidRequest),
        refused(ProblemCode::UpstreamUnavailable),
        refused(ProblemCode::OrderPaid),
        refused(ProblemCode::OrderClosed),
    ];
    moves.extend(payment.into_iter().filter(|fault| *fault != world.net.payment).map(Move::Payment));
    let evil = Action::Redirect { url: "https://evil.example/".to_owned() };
    moves.push(Move::Wants(world.backend.action.is_none().then_some(evil)));
    let knows = [(true, true), (false, true), (false, false)];
    moves.extend(knows.map(|(knows, learns)| Move::Knows(knows, learns)));
    moves.extend([PageEvent::Hidden, PageEvent::Visible, PageEvent::Restored].map(Move::Page));
    let loads: [fn(&mut World); 4] = [World::reload, World::comes_back, World::opens_elsewhere, World::logs_in];
    moves.extend(loads.map(Move::Load));
    moves.extend([2_000, 16_000, 70_000].map(Move::Time));
    moves
}

fn go(world: &mut World, step: &Move) {
    match step.clone() {
        Move::Tap(tap) => world.tap(tap),
        Move::Order(fault) => world.net.order = fault,
        Move::Payment(fault) => world.net.payment = fault,
        Move::Wants(action) => world.backend.action = action,
        Move::Knows(knows, learns) => (world.backend.knows_payer, world.backend.learns_payer) = (knows, learns),
        Move::Says(said) => world.says(said),
        Move::Link(news) => world.link(news),
        Move::Page(news) => world.page(news),
        Move::Load(load) => load(world),
        Move::Time(ms) => world.run(ms),
    }
    world.run(60);
    // Orders live long here; payments do not.
    world.backend.expires_at = after(world.backend.clock(world.now), 36_000_000);
    world.backend.code_life_ms = Some(60_000);
}

/// What tells one state from another: all that the core and the world know, but for times and numbers.
fn likeness(world: &World) -> u64 {
    let World { state, screen, net, backend, wire, visible, memory, .. } = world;
    let faults = (&net.order, &net.payment, &backend.action, backend.knows_payer, backend.learns_payer);
    let around = (wire.len(), visible, memory.is_some(), world.wechat.calls.is_empty());
    let text = format!("{state:?} {:?} {:?} {faults:?} {around:?}", screen.body, screen.notice);
    let mut hasher = DefaultHasher::new();
    let mut in_number = false;
    for char in text.chars() {
        let digit = char.is_ascii_digit();
        if !(digit && in_number) {
            (if digit { '0' } else { char }).hash(&mut hasher);
        }
        in_number = digit;
    }
    hasher.finish()
}

fn walk(place: World) -> BTreeSet<String> {
    let mut start = place;
    start.backend.code_life_ms = Some(60_000);
    start.wechat.there_after_ms = None;
    start.start();
    let most = std::env::var("CORE_STATES").ok().and_then(|text| text.parse().ok()).unwrap_or(STATES_MAX);
    let mut seen = HashSet::from([likeness(&start)]);
    let mut next = VecDeque::from([start]);
    let (mut screens, mut looked_at) = (BTreeSet::new(), BTreeSet::new());
    while let Some(world) = next.pop_front() {
        screens.insert(name(world.body()));
        let mut offered: Vec<_> = world.offered().iter().map(Tap::name).collect();
        offered.sort_unstable();
        if looked_at.insert(format!("{:?} {:?} {offered:?}", world.body().at_rest(), world.screen.notice)) {
            assert_eq!(drawn(&world.screen), offered, "what is offered is what the page has: {:?}", world.screen);
        }
        for step in alphabet(&world) {
            if seen.len() == most {
                break;
            }
            let mut world = world.clone();
            go(&mut world, &step);
            if seen.insert(likeness(&world)) {
                examine(&world);
                if !world.state.is_final() {
                    next.push_back(world);
                }
            }
        }
    }
    screens
}

fn name(body: &Body) -> String {
    match body {
        Body::Pay { stage, .. } => format!("pay {stage:?}"),
        other => other.name().to_owned(),
    }
}

fn examine(world: &World) {
    if world.state.is_final() {
        return;
    }
    // Nobody answers ever again.
    if world.offered().is_empty() {
        let mut deserted = world.clone();
        (deserted.net.order, deserted.net.payment) = (Fault::Unreachable, Fault::Unreachable);
        if !deserted.visible {
            deserted.page(PageEvent::Visible);
        }
        let offers = deserted.run_until(60_000, |world| !world.offered().is_empty());
        assert!(offers, "nothing to tap, and nothing comes{}", deserted.story());
    }
    // Everybody is willing.
    let mut willing = world.clone();
    (willing.net.order, willing.net.payment) = (Fault::None, Fault::None);
    (willing.backend.action, willing.backend.knows_payer, willing.backend.learns_payer) = (None, true, true);
    willing.wechat.there_after_ms = Some(0);
    willing.left_for.clear();
    if !willing.visible {
        willing.page(PageEvent::Visible);
    }
    settle(&mut willing);
    let mut ways = vec![willing];
    for _ in 0..=TAPS_MAX {
        if ways.iter().any(can_pay) {
            return;
        }
        ways = ways.iter().flat_map(|world| world.offered().into_iter().map(|tap| after_tap(world, tap))).collect();
    }
    panic!("a dead end: {:?} {:?}{}", world.net, world.backend.action, world.story());
}

fn after_tap(world: &World, tap: Tap) -> World {
    let mut world = world.clone();
    world.tap(tap);
    settle(&mut world);
    world
}

/// Lets the screen come to rest.
fn settle(world: &mut World) {
    world.run(2_500);
    world.run_until(50_000, |world| {
        let by_itself = matches!(
            world.body(),
            Body::Loading
                | Body::AwaitPayer { .. }
                | Body::Confirming { .. }
                | Body::Pay { stage: Stage::Preparing | Stage::Opening, .. }
        );
        !by_itself || can_pay(world)
    });
}

/// The payer can pay by what is on the screen, or has been sent to where it is done.
fn can_pay(world: &World) -> bool {
    let ready =
        matches!(world.body(), Body::Scan { .. } | Body::Pay { stage: Stage::Ready, .. } | Body::TakeCode { .. });
    ready || !world.left_for.is_empty()
}

#[test]
fn wherever_it_is_opened_no_state_is_a_dead_end() {
    let mut screens = BTreeSet::new();
    for place in places() {
        screens.extend(walk(place));
    }
    let all = [
        "await-payer",
        "closed",
        "confirming",
        "expired",
        "loading",
        "pay Opening",
        "pay Preparing",
        "pay Ready",
        "returned",
        "scan",
        "take-code",
        "trouble",
    ];
    assert_eq!(screens.iter().map(String::as_str).collect::<Vec<_>>(), all, "the walk sees every screen but the ends");
}
