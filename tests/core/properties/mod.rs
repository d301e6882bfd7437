//! What the core never does, over arbitrary histories: answers early, late, twice and never, faults, leaps of time, pages
//! hidden, frozen, restored and reloaded, taps, events from the server, other pages of the same order.
//!
//! The world checks invariants 1 to 4 and 6 to 8 after every event of every test; here are the histories to check them on,
//! and what must still be possible at the end of each.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use wechat_cashier::contract::{Method, ProblemCode, RetryAfter};
use wechat_cashier::core::{Body, Event, PageEvent, StreamEvent, Surface, Tap, Trouble};

use super::backend::{Fault, unreadable};
use super::world::{World, after};

#[derive(Clone, Debug)]
enum Step {
    Run(u64),
    Net {
        up_ms: u64,
        down_ms: u64,
    },
    OrderFault(Fault),
    PaymentFault(Fault),
    Tap(Tap),
    Page(PageEvent),
    Freeze,
    Reload,
    /// An answer comes once more.
    Again(prop::sample::Index),
    StrayWake,
    StreamOpened,
    StreamTruth,
    StreamUnreadable,
    StreamOtherOrder,
    StreamLost,
    /// The event stream says what was so when a request was last answered.
    StreamOldNews,
    /// WeChat takes the money.
    Pay {
        callback: bool,
    },
    Close,
    Refund,
    OtherPageRenews,
    CodeLife(Option<i64>),
    Resumes(bool),
    OddWord(bool),
    Methods(bool),
    Content(Option<&'static str>),
    AmountChanges,
}

fn fault() -> impl Strategy<Value = Fault> {
    let hold = prop_oneof![
        3 => Just(None),
        2 => (0..120_000u64).prop_map(|ms| Some(RetryAfter::Millis(ms))),
    ];
    let code = prop::sample::select(ProblemCode::ALL.into_iter().chain([ProblemCode::ServerError]).collect::<Vec<_>>());
    prop_oneof![
        6 => Just(Fault::None),
        2 => Just(Fault::Unreachable),
        2 => Just(Fault::AnswerLost),
        2 => (code, hold).prop_map(|(code, hold)| Fault::Refused(code, hold)),
        1 => Just(Fault::Unreadable),
        1 => Just(Fault::OtherOrder),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let tap = prop::sample::select(vec![Tap::HavePaid, Tap::Back, Tap::Again, Tap::Again, Tap::Retry, Tap::Stay]);
    let page = prop::sample::select(vec![
        PageEvent::Visible,
        PageEvent::Visible,
        PageEvent::Hidden,
        PageEvent::Restored,
        PageEvent::Online,
        PageEvent::Offline,
    ]);
    prop_oneof![
        8 => (0..3_000u64).prop_map(Step::Run),
        6 => (3_000..60_000u64).prop_map(Step::Run),
        1 => (60_000..1_200_000u64).prop_map(Step::Run),
        2 => (0..400u64, 0..400u64).prop_map(|(up_ms, down_ms)| Step::Net { up_ms, down_ms }),
        2 => (0..14_000u64, 0..14_000u64).prop_map(|(up_ms, down_ms)| Step::Net { up_ms, down_ms }),
        4 => fault().prop_map(Step::OrderFault),
        3 => fault().prop_map(Step::PaymentFault),
        9 => tap.prop_map(Step::Tap),
        6 => page.prop_map(Step::Page),
        1 => Just(Step::Freeze),
        2 => Just(Step::Reload),
        2 => any::<prop::sample::Index>().prop_map(Step::Again),
        1 => Just(Step::StrayWake),
        2 => Just(Step::StreamOpened),
        2 => Just(Step::StreamTruth),
        1 => Just(Step::StreamUnreadable),
        1 => Just(Step::StreamOtherOrder),
        1 => Just(Step::StreamLost),
        1 => Just(Step::StreamOldNews),
        1 => any::<bool>().prop_map(|callback| Step::Pay { callback }),
        1 => Just(Step::Close),
        1 => Just(Step::Refund),
        3 => Just(Step::OtherPageRenews),
        2 => prop::option::of(-1_000..90_000i64).prop_map(Step::CodeLife),
        1 => any::<bool>().prop_map(Step::Resumes),
        1 => any::<bool>().prop_map(Step::OddWord),
        1 => prop::bool::weighted(0.8).prop_map(Step::Methods),
        1 => prop::sample::select(vec![None, None, Some("https://evil.example/"), Some("weixin:")]).prop_map(Step::Content),
        1 => prop::bool::weighted(0.2).prop_map(|changes| if changes { Step::AmountChanges } else { Step::Run(10) }),
    ]
}

/// How the world is at the start.
#[derive(Clone, Debug)]
struct Setting {
    seed: u64,
    counter: bool,
    hidden: bool,
    events: bool,
    resumes: bool,
    replays: bool,
    life_ms: i64,
    code_life_ms: Option<i64>,
    ahead_ms: i64,
    remembered: Option<&'static str>,
}

prop_compose! {
    fn setting()(
        seed: u64,
        counter in prop::bool::weighted(0.2),
        hidden in prop::bool::weighted(0.1),
        events in prop::bool::weighted(0.4),
        resumes: bool,
        replays: bool,
        life_ms in prop_oneof![20_000..1_000_000i64, -1_000..60_000i64],
        code_life_ms in prop::option::of(1_000..120_000i64),
        ahead_ms in -200_000_000..200_000_000i64,
        remembered in prop::sample::select(vec![None, None, Some("wc2\n\nnative\nwc1-170-1"), Some("nonsense")]),
    ) -> Setting {
        Setting { seed, counter, hidden, events, resumes, replays, life_ms, code_life_ms, ahead_ms, remembered }
    }
}

fn begin(setting: &Setting) -> World {
    let mut world = World::new();
    world.options.seed = setting.seed % (1 << 40);
    world.options.surface = if setting.counter { Surface::Counter } else { Surface::Payer };
    world.backend.epoch_ms += setting.ahead_ms;
    world.backend.expires_at = after(world.backend.clock(world.now), setting.life_ms);
    world.backend.code_life_ms = setting.code_life_ms;
    world.backend.resumes = setting.resumes;
    world.backend.replays_stored_answers = setting.replays;
    world.backend.events_url = setting.events.then(|| "/events".to_owned());
    world.memory = setting.remembered.map(ToOwned::to_owned);
    world.load();
    if setting.hidden {
        world.page(PageEvent::Hidden);
    }
    world.start();
    world
}

fn take(world: &mut World, step: &Step) {
    match step.clone() {
        Step::Run(ms) => world.run(ms),
        Step::Net { up_ms, down_ms } => (world.net.up_ms, world.net.down_ms) = (up_ms, down_ms),
        Step::OrderFault(fault) => world.net.order = fault,
        Step::PaymentFault(fault) => world.net.payment = fault,
        Step::Tap(tap) => world.tap(tap),
        Step::Page(news) => world.page(news),
        Step::Freeze if !world.visible => world.frozen = true,
        Step::Freeze => {}
        Step::Reload => world.reload(),
        Step::Again(which) => {
            if !world.answered.is_empty() {
                let event = which.get(&world.answered).clone();
                world.event(event);
            }
        }
        Step::StrayWake => world.stray_wake(),
        Step::StreamOpened => world.stream(StreamEvent::Opened),
        Step::StreamTruth => world.stream_tells_truth(),
        Step::StreamUnreadable => world.stream(StreamEvent::Order(Err(unreadable()))),
        Step::StreamOtherOrder => {
            let mut order = world.backend.order(world.now);
            order.order_id = "T20261121002".to_owned();
            order.status = wechat_cashier::contract::OrderStatus::Paid;
            world.stream(StreamEvent::Order(Ok(Box::new(order))));
        }
        Step::StreamLost => world.stream(StreamEvent::Lost),
        Step::StreamOldNews => {
            let old = world.answered.iter().rev().find_map(|event| match event {
                Event::Order { result: Ok(order), .. } => Some(order.clone()),
                _ => None,
            });
            if let Some(order) = old {
                world.stream(StreamEvent::Order(Ok(order)));
            }
        }
        Step::Pay { callback } => world.backend.pay(callback, world.now),
        Step::Close => world.backend.close(),
        Step::Refund => world.backend.refund(),
        Step::OtherPageRenews => world.other_page_asks_for_a_new_code(),
        Step::CodeLife(life_ms) => world.backend.code_life_ms = life_ms,
        Step::Resumes(resumes) => world.backend.resumes = resumes,
        Step::OddWord(odd) => world.backend.odd_word = odd,
        Step::Methods(native) => {
            world.backend.methods = vec![if native { Method::Native } else { Method::Jsapi }.into()];
        }
        Step::Content(content) => world.backend.content = content.map(ToOwned::to_owned),
        Step::AmountChanges => world.backend.amount.value += 1,
    }
}

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

/// The network is well again and the payer looks at the page.
fn all_is_well(world: &mut World) {
    (world.net.up_ms, world.net.down_ms) = (50, 50);
    (world.net.order, world.net.payment) = (Fault::None, Fault::None);
    world.backend.odd_word = false;
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
        world.backend.status = wechat_cashier::contract::OrderStatus::Paid;
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

/// Every screen that is not the end offers a tap that leads to a request, or goes on asking by itself.
#[test]
fn whatever_happened_there_is_no_dead_end() {
    check(CASES, &histories(), |(setting, steps)| {
        let Some(world) = survivor(&setting, &steps) else { return Ok(()) };
        let offered = world.offered();
        let asks_by_itself = matches!(world.body(), Body::Loading | Body::Confirming { .. });
        prop_assert!(!offered.is_empty() || asks_by_itself, "a screen with nothing to tap{}", world.story());
        for tap in offered.into_iter().map(Some).chain(asks_by_itself.then_some(None)) {
            let mut world = world.clone();
            let before = world.sent.len();
            if let Some(tap) = &tap {
                world.tap(tap.clone());
            }
            let most_ms = 60_000 + world.held_ms();
            let asked = world.run_until(most_ms, |world| world.sent.len() > before || world.state.is_final());
            prop_assert!(asked, "dead end: {:?} leads to nothing{}", tap, world.story());
        }
        Ok(())
    });
}

/// A payer who keeps asking for a code gets one, if the backend gives codes.
#[test]
fn whatever_happened_a_payable_order_is_soon_payable() {
    check(CASES, &histories(), |(setting, steps)| {
        let mut world = live(&setting, &steps);
        let open = !world.backend.has_expired(world.now + 120_000)
            && world.backend.status == wechat_cashier::contract::OrderStatus::Pending
            && world.backend.received_at.is_none();
        if world.state.is_final() || !open {
            return Ok(());
        }
        all_is_well(&mut world);
        (world.backend.content, world.backend.code_life_ms) = (None, None);
        world.backend.methods = vec![Method::Native.into()];
        // What has no code that works gets one within two taps.
        let held_ms = world.held_ms().max(world.payment_held_ms());
        for _ in 0..4 {
            world.run(31_000 + held_ms);
            if world.backend.has_expired(world.now + 20_000) || world.state.is_final() {
                return Ok(());
            }
            let tap = match world.body() {
                Body::Scan { .. } => return Ok(()),
                Body::Expired { renewable: true } => Tap::Again,
                Body::Confirming { can_go_back: true } => Tap::Back,
                _ => Tap::Retry,
            };
            world.tap(tap);
        }
        world.run(1_000);
        let scan = matches!(world.body(), Body::Scan { .. });
        prop_assert!(scan || world.state.is_final(), "no code to be had: {:?}{}", world.body(), world.story());
        Ok(())
    });
}

/// Invariant 8, for whatever text a backend may send.
#[test]
fn no_text_leads_off_the_allow_list() {
    let host = prop::sample::select(vec![
        "pay.example",
        "shop.example",
        "wx.tenpay.com",
        "open.weixin.qq.com",
        "evil.example",
        "shop.example.evil.example",
        "shop.example@evil.example",
        "evil.example#shop.example",
        "evil.example\\@shop.example",
        "shop.example:8443",
        "xn--shp-2na.example",
        "SHOP.example",
        "shop。example",
        "[::1]",
        "",
    ]);
    let scheme = prop::sample::select(vec![
        "https://",
        "http://",
        "//",
        "\\\\",
        "https:",
        "javascript:",
        "data:text/html,",
        "blob:https://",
        "file://",
        "weixin://",
        "ftp://",
        "\thttps://",
        "java\nscript://",
        "https:\\\\",
        "view-source:https://",
        "filesystem:https://",
        "",
    ]);
    let address = prop_oneof![
        4 => (scheme, host, "[ -~\\t\\n]{0,12}").prop_map(|(scheme, host, rest)| [scheme, host, &rest].concat()),
        1 => any::<String>(),
        1 => "[a-z]{1,8}:[ -~]{0,20}",
    ];
    let content = prop_oneof![
        2 => "weixin://[ -~]{0,20}",
        1 => "(wei|WEI|we1)xin:/?/?[ -~]{0,20}",
        1 => any::<String>(),
        1 => (490..530usize).prop_map(|len| ["weixin://", &"x".repeat(len)].concat()),
        1 => (10..200usize).prop_map(|len| ["weixin://", &"码".repeat(len)].concat()),
    ];
    check(4 * CASES, &(address.clone(), address, content), |(return_url, events_url, content)| {
        let mut world = World::new();
        world.backend.return_url = Some(return_url);
        world.backend.events_url = Some(events_url);
        world.backend.content = Some(content.clone());
        // The world checks every address gone to, listened to or offered, and every code drawn.
        world.start();
        world.run(5_000);
        let drawable = content.starts_with("weixin://") && (10..=512).contains(&content.len());
        prop_assert_eq!(matches!(world.body(), Body::Scan { .. }), drawable);
        world.backend.pay(true, world.now);
        world.stream_tells_truth();
        world.run(60_000);
        prop_assert!(world.is_paid(), "paid is shown, wherever the way back leads");
        prop_assert_eq!(world.gone_to.len(), usize::from(world.screen.return_to.is_some()));
        Ok(())
    });
}

/// Chosen so that the whole binary runs in well under a minute unoptimised.
const CASES: u32 = 500;
