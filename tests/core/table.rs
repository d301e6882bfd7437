//! `docs/transitions.md`: for each kind of state, what each event changes. It is written from here, by what the core does.
//!
//! `UPDATE_GOLDEN=1 cargo test --test core -- table` writes it anew.

use std::fmt::Write as _;
use std::fs;

use wechat_cashier::contract::{DecodeError, Method, OrderAnswer, OrderStatus, Payment, PaymentRequest, ProblemCode};
use wechat_cashier::core::{
    App, Body, Call, Device, Effect, Event, HostEvent, Instant, LinkEvent, News, Notice, PageEvent, Passage, Stage,
    Stamp, State, StreamEvent, Surface, Tap, update,
};

use super::backend::Fault;
use super::wechat::{CANCEL, FAIL, NOISE, OK};
use super::world::{GOOD_CODE, GRACE_MS, World};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/transitions.md");

const HEAD: &str = "\
# Transitions

What each event changes, in each kind of state of the core (`src/core/`). A test writes this file and holds it to what
`core::update` does: `UPDATE_GOLDEN=1 cargo test --test core -- table` (`tests/core/table.rs`).

- *Screen* is what the payer sees then, where that changes; in brackets what is laid over it.
- *Effects* is what the shell is to do, and what the host is told besides the new status. The next moment to wake at is left
  out: it is computed anew after every event.
- Events of the same outcome share a row. What an event does is in the state's own table, or else in the one under “In general”,
  which holds in all states but the ends. What neither names changes nothing of this.
- Answers stand for the request that is under way; answers to requests that were given up change nothing anywhere.
- `order: …` is an answer that says so, `stream: …` an event from the server, `first: …` an answer that the host brings.
  `said: …` is what WeChat says to the call that was made last.
";

#[test]
fn the_table_of_transitions_is_what_the_core_does() {
    let states: Vec<_> =
        states().into_iter().map(|(name, about, world)| (name, about, outcomes(&world), world)).collect();
    let open = states.iter().filter(|(.., world)| !world.state.is_final());
    let general = general(open.map(|(_, _, outcomes, _)| outcomes));
    let mut text = format!("{HEAD}\n## In general\n\n{}", table(&general));
    for (name, about, outcomes, world) in &states {
        write!(text, "\n## {name}\n\n{about} Screen: {}.\n", screen(&world.state, world.now)).unwrap();
        let own = if world.state.is_final() { own(outcomes, &[]) } else { own(outcomes, &general) };
        if own.is_empty() {
            text += "As in general.\n";
        } else {
            write!(text, "\n{}", table(&own)).unwrap();
        }
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(PATH, text).unwrap();
    } else {
        let written = fs::read_to_string(PATH).unwrap_or_default();
        let first = written.lines().zip(text.lines()).find(|(written, now)| written != now);
        assert!(
            written == text,
            "docs/transitions.md is not what the core does: {first:?}. If it is meant so: UPDATE_GOLDEN=1 cargo test --test core -- table"
        );
    }
}

// ── The states ───────────────────────────────────────────────────────────────────────────────────────────────────────

fn opened(app: App, device: Device) -> World {
    let mut world = World::opened_in(app, device);
    world.backend.events_url = Some("/events".to_owned());
    world.backend.code_life_ms = Some(60_000);
    world
}

fn desktop() -> World {
    opened(App::Browser, Device::Desktop)
}

/// Begun, with the event stream standing, and saying so.
fn begun(mut world: World, ms: u64) -> World {
    world.start();
    world.run(ms);
    if world.listening.is_some() {
        world.stream(StreamEvent::Opened);
        world.stream_tells_truth();
    }
    world
}

fn then(mut world: World, happens: impl FnOnce(&mut World)) -> World {
    happens(&mut world);
    world
}

fn refusing(code: ProblemCode) -> World {
    then(desktop(), |world| world.net.payment = Fault::Refused(code, None))
}

fn states() -> Vec<(&'static str, &'static str, World)> {
    let wechat = || opened(App::WeChat, Device::Phone);
    let phone = || opened(App::Browser, Device::Phone);
    let on_surface = |surface| then(desktop(), |world| world.options.surface = surface);
    let scanning = || begun(desktop(), 200);
    let in_wechat = || begun(wechat(), 200);
    let calling = || then(in_wechat(), |world| world.tap(Tap::Pay));
    let away = || {
        then(begun(phone(), 200), |world| {
            world.tap(Tap::Pay);
            world.run(100);
        })
    };
    let logging_in = || begun(then(wechat(), |world| world.backend.knows_payer = false), 200);
    let waiting = || {
        then(begun(on_surface(Surface::Till), 200), |world| {
            world.tap(Tap::Code(GOOD_CODE.to_owned()));
            world.run(100);
        })
    };
    let paid = || {
        then(scanning(), |world| {
            world.backend.pay(true, world.now);
            world.run(3_000);
        })
    };
    let ended = || then(scanning(), |world| world.run(16 * 60_000));
    vec![
        ("Loading", "Nothing is known yet.", begun(desktop(), 10)),
        (
            "Not found",
            "The first question was refused.",
            begun(then(desktop(), |world| world.net.order = Fault::Refused(ProblemCode::OrderNotFound, None)), 200),
        ),
        (
            "Unknown status",
            "The order is not known to be payable.",
            begun(then(desktop(), |world| world.backend.odd_word = true), 200),
        ),
        ("Asking for a code", "`Attempt::Asking`, by `native`.", begun(desktop(), 55)),
        ("Asking for what WeChat opens", "`Attempt::Asking`, by `jsapi`.", begun(wechat(), 55)),
        ("Code shown", "`Attempt::Code`.", scanning()),
        ("Code expired", "`Attempt::Code`, past its end.", then(scanning(), |world| world.run(61_000))),
        ("Code on a counter", "`Attempt::Code`, `surface=counter`.", begun(on_surface(Surface::Counter), 200)),
        (
            "Code shown, and the backend away",
            "`Attempt::Code`, after two failures.",
            then(scanning(), |world| {
                world.net.order = Fault::Unreachable;
                world.run_until(20_000, |world| world.screen.notice.is_some());
            }),
        ),
        (
            "Claim followed",
            "The payer says that it is paid.",
            then(scanning(), |world| {
                world.run(1_500);
                world.tap(Tap::HavePaid);
            }),
        ),
        (
            "Not received",
            "That was followed up in vain.",
            then(scanning(), |world| {
                world.tap(Tap::HavePaid);
                world.run(12_000);
            }),
        ),
        (
            "Waiting for WeChat",
            "`Attempt::Ready`, and no way to call WeChat yet.",
            begun(then(wechat(), |world| world.wechat.there_after_ms = None), 200),
        ),
        ("Ready", "`Attempt::Ready`, by `jsapi`.", in_wechat()),
        ("Calling", "`Attempt::Ready`, a call under way.", calling()),
        (
            "Cancelled",
            "`Attempt::Ready`, after WeChat's “cancel”.",
            then(calling(), |world| {
                world.says(CANCEL);
                world.run(1_200);
            }),
        ),
        (
            "In a frame",
            "`Attempt::Ready`, where no frame can call WeChat.",
            begun(then(wechat(), |world| world.options.environment.as_mut().unwrap().framed = true), 200),
        ),
        (
            "Ready in a mini-program",
            "`Attempt::Ready`, by `mini_program`.",
            begun(opened(App::MiniProgram, Device::Phone), 200),
        ),
        ("Refused by WeChat", "`Attempt::Failed`.", then(calling(), |world| world.says(FAIL))),
        ("Logging in", "`Attempt::LogIn`.", logging_in()),
        ("Not gone to log in", "`Attempt::LogIn`, ten seconds later.", then(logging_in(), |world| world.run(10_000))),
        ("Begins by a tap", "`Attempt::None`, by `h5`.", begun(phone(), 200)),
        ("Away", "`Attempt::Away`.", away()),
        ("Returned", "`Attempt::Away`, seen again.", then(away(), |world| world.run(3_000))),
        ("A payer's code wanted", "`Attempt::None`, `surface=till`.", begun(on_surface(Surface::Till), 200)),
        ("Waiting for a code's payer", "`Attempt::Waiting`.", waiting()),
        ("Next code wanted", "`Attempt::NextCode`.", then(waiting(), |world| world.run(46_000))),
        ("Failed", "`Attempt::Failed`: the payment was refused.", begun(refusing(ProblemCode::MethodUnavailable), 200)),
        ("Refused as paid", "`Attempt::Over`.", begun(refusing(ProblemCode::OrderPaid), 120)),
        ("Refused as closed", "`Attempt::Over`.", begun(refusing(ProblemCode::OrderClosed), 120)),
        (
            "Closed",
            "The backend says so.",
            then(scanning(), |world| {
                world.backend.close();
                world.run(3_000);
            }),
        ),
        ("Order expired", "Its own time is up.", ended()),
        ("Resting", "Five minutes after that.", then(ended(), |world| world.run(GRACE_MS + 1_000))),
        ("Hidden", "`Attempt::Code`, out of view.", then(scanning(), |world| world.page(PageEvent::Hidden))),
        ("Offline", "`Attempt::Code`, with no network.", then(scanning(), |world| world.page(PageEvent::Offline))),
        ("Paid, with a way back", "`End::Paid`, about to leave.", paid()),
        ("Paid, and left or stayed", "`End::Paid`.", then(paid(), |world| world.tap(Tap::Stay))),
        (
            "Refunded",
            "`End::Refunded`.",
            then(scanning(), |world| {
                world.backend.status = OrderStatus::Refunded;
                world.run(3_000);
            }),
        ),
        (
            "Stopped",
            "`End::Stopped`: another amount came.",
            then(scanning(), |world| {
                world.backend.amount.value += 1;
                world.run(3_000);
            }),
        ),
        (
            "No order",
            "`End::Stopped`: the page names none.",
            begun(then(desktop(), |world| world.options.order_id.clear()), 200),
        ),
    ]
}

// ── The events ───────────────────────────────────────────────────────────────────────────────────────────────────────

/// An event as it would happen now: the state in which it happens, and when.
type Happening = (State, Event, Instant);

fn events(world: &World) -> Vec<(&'static str, Option<Happening>)> {
    let now = |event| Some((world.state.clone(), event, world.now));
    let mut all = vec![
        ("visible", now(Event::Page(PageEvent::Visible))),
        ("hidden", now(Event::Page(PageEvent::Hidden))),
        ("restored", now(Event::Page(PageEvent::Restored))),
        ("online", now(Event::Page(PageEvent::Online))),
        ("offline", now(Event::Page(PageEvent::Offline))),
    ];
    let other_way = world.screen.other_ways().next().map(|way| way.method.clone());
    let taps = [
        ("tap pay", Tap::Pay),
        ("tap have-paid", Tap::HavePaid),
        ("tap back", Tap::Back),
        ("tap again", Tap::Again),
        ("tap retry", Tap::Retry),
        ("tap stay", Tap::Stay),
        ("tap leave", Tap::Leave),
        ("tap choose", Tap::Choose(other_way.unwrap_or(Method::Native))),
        ("a payment code", Tap::Code(GOOD_CODE.to_owned())),
        ("no payment code", Tap::Code("15".to_owned())),
        ("tap copy-link", Tap::CopyLink),
        ("tap copy-trouble", Tap::CopyTrouble),
    ];
    all.extend(taps.map(|(name, tap)| (name, now(Event::Tap(tap)))));
    all.push(("copied", now(Event::Copied(None))));
    all.push(("not copied", now(Event::Copied(Some("text".to_owned())))));
    let host = [
        ("host: refresh", HostEvent::Refresh),
        ("host: retry", HostEvent::Retry),
        ("host: close", HostEvent::Close),
        ("host: token", HostEvent::Token),
        ("host: only `native` wanted", HostEvent::Methods(vec!["native".to_owned()])),
        ("host: only `ecny` wanted", HostEvent::Methods(vec!["ecny".to_owned()])),
        (
            "first: unreadable",
            HostEvent::First {
                order: Err(DecodeError { path: "amount".to_owned(), reason: "missing".to_owned() }),
                asked: None,
            },
        ),
    ];
    all.extend(host.map(|(name, event)| (name, now(Event::Host(event)))));
    for (name, status, age_ms) in [
        ("first: pending", OrderStatus::Pending, Some(1_000)),
        ("first: paid", OrderStatus::Paid, Some(1_000)),
        ("first: paid, of unknown age", OrderStatus::Paid, None),
    ] {
        let mut backend = world.backend.clone();
        backend.status = status;
        let asked = age_ms.map(|age_ms| Instant::from_millis(world.now.millis().saturating_sub(age_ms)));
        let order = Ok(Box::new(backend.order(world.now)));
        all.push((name, now(Event::Host(HostEvent::First { order, asked }))));
    }
    all.extend(stream(world));
    all.push(("link: ready", world.wechat.link.and_then(|_| now(Event::Link(LinkEvent::Ready)))));
    all.push(("link: failed", world.wechat.link.and_then(|_| now(Event::Link(LinkEvent::Failed)))));
    let call = world.wechat.calls.last().map(|opened| opened.stamp);
    let said = [("said: ok", OK), ("said: cancel", CANCEL), ("said: fail", FAIL), ("said: noise", NOISE[0])];
    for (name, said) in said {
        all.push((name, call.and_then(|stamp| now(Event::Called { stamp, said: said.to_owned() }))));
    }
    all.extend(order_answers(world));
    all.extend(payment_answers(world));
    let at = |at: Option<Instant>| at.filter(|at| *at > world.now).map(|at| (world.state.clone(), Event::Wake, at));
    let on_page = |millis: i64| u64::try_from(millis - world.backend.epoch_ms).ok().map(Instant::from_millis);
    let code_ends = world.backend.latest().and_then(|minted| minted.expires_at);
    all.push(("wake: the next request is due", at(world.wake.map(|at| at + 8_000))));
    all.push(("wake: the payment's end", at(code_ends.and_then(|at| on_page(at.millis())))));
    all.push(("wake: the order's end", at(on_page(world.backend.expires_at.millis()))));
    all
}

fn stream(world: &World) -> Vec<(&'static str, Option<Happening>)> {
    let now = |event| world.listening.as_ref().map(|_| (world.state.clone(), Event::Stream(event), world.now));
    let says = |status: OrderStatus, fault: &Fault| {
        let mut backend = world.backend.clone();
        backend.status = status;
        now(StreamEvent::Order(backend.answer_order(false, fault, world.now).map(OrderAnswer::Whole)))
    };
    vec![
        ("stream: pending", says(OrderStatus::Pending, &Fault::None)),
        ("stream: paid", says(OrderStatus::Paid, &Fault::None)),
        ("stream: closed", says(OrderStatus::Closed, &Fault::None)),
        ("stream: another order", says(OrderStatus::Paid, &Fault::OtherOrder)),
        ("stream: unreadable", says(OrderStatus::Paid, &Fault::Unreadable)),
        ("stream: lost", now(StreamEvent::Lost)),
    ]
}

/// The world with a question about the order under way, and its stamp.
fn asked(world: &World) -> Option<(World, Stamp)> {
    let mut world = world.clone();
    let about_order = |world: &World| {
        let request = world.under_way().find(|request| !matches!(request.call, Call::Payment { .. }));
        request.map(|request| request.stamp)
    };
    // Nothing else comes before it.
    world.net.down_ms = 9_000;
    for request in &mut world.wire {
        request.returns = world.now + 9_000;
    }
    if about_order(&world).is_none() {
        world.host(HostEvent::Refresh);
        world.run_until(1_100, |world| about_order(world).is_some());
    }
    about_order(&world).map(|stamp| (world, stamp))
}

fn order_answers(world: &World) -> Vec<(&'static str, Option<Happening>)> {
    let Some((world, stamp)) = asked(world) else { return Vec::new() };
    let answer = |change: &dyn Fn(&mut World), fault: Fault| {
        let mut then = world.clone();
        change(&mut then);
        let result = then.backend.answer_order(false, &fault, then.now).map(OrderAnswer::Whole);
        Some((world.state.clone(), Event::Order { stamp, result }, world.now))
    };
    let says = |status: OrderStatus| answer(&|world| world.backend.status = status.clone(), Fault::None);
    vec![
        ("order: pending", says(OrderStatus::Pending)),
        ("order: pending, of another amount", answer(&|world| world.backend.amount.value += 1, Fault::None)),
        ("order: pending, with another page's payment", answer(&World::other_page_asks_for_a_new_code, Fault::None)),
        ("order: paid", says(OrderStatus::Paid)),
        (
            "order: paid, of another amount",
            answer(&|world| (world.backend.amount.value, world.backend.status) = (1, OrderStatus::Paid), Fault::None),
        ),
        ("order: closed", says(OrderStatus::Closed)),
        ("order: refunded", says(OrderStatus::Refunded)),
        ("order: a status that is not known", answer(&|world| world.backend.odd_word = true, Fault::None)),
        ("order: of another order", answer(&|_| (), Fault::OtherOrder)),
        ("order: unreachable", answer(&|_| (), Fault::Unreachable)),
        ("order: unreadable", answer(&|_| (), Fault::Unreadable)),
        ("order: not found", answer(&|_| (), Fault::Refused(ProblemCode::OrderNotFound, None))),
    ]
}

fn payment_answers(world: &World) -> Vec<(&'static str, Option<Happening>)> {
    let under_way = world.under_way().find_map(|request| match &request.call {
        Call::Payment { key, request: asked } => Some((request.stamp, key.clone(), asked.clone())),
        Call::Order { .. } | Call::Close => None,
    });
    let Some((stamp, key, asked)) = under_way else { return Vec::new() };
    let answer = |change: &dyn Fn(&mut World), fault: Fault| {
        let mut then = world.clone();
        change(&mut then);
        let result = then.backend.answer_payment(&key, &asked, &fault, then.now);
        Some((world.state.clone(), Event::Payment { stamp, result }, world.now))
    };
    let refused = |code| answer(&|_| (), Fault::Refused(code, None));
    let of_another_method = |payment: Payment| Payment { method: Method::H5, ..payment };
    let other = then_other(world, &key, &asked, stamp, of_another_method);
    vec![
        ("payment: as asked for", answer(&|_| (), Fault::None)),
        ("payment: log in first", answer(&|world| world.backend.knows_payer = false, Fault::None)),
        ("payment: of another method", other),
        ("payment: unreachable", answer(&|_| (), Fault::Unreachable)),
        ("payment: unreadable", answer(&|_| (), Fault::Unreadable)),
        ("payment: `method_unavailable`", refused(ProblemCode::MethodUnavailable)),
        ("payment: `invalid_request`", refused(ProblemCode::InvalidRequest)),
        ("payment: `upstream_unavailable`", refused(ProblemCode::UpstreamUnavailable)),
        ("payment: `order_paid`", refused(ProblemCode::OrderPaid)),
        ("payment: `order_closed`", refused(ProblemCode::OrderClosed)),
        ("payment: `order_expired`", refused(ProblemCode::OrderExpired)),
    ]
}

fn then_other(
    world: &World,
    key: &str,
    asked: &PaymentRequest,
    stamp: Stamp,
    change: impl FnOnce(Payment) -> Payment,
) -> Option<Happening> {
    let mut then = world.clone();
    let result = then.backend.answer_payment(key, asked, &Fault::None, then.now).map(change);
    Some((world.state.clone(), Event::Payment { stamp, result }, world.now))
}

// ── The words ────────────────────────────────────────────────────────────────────────────────────────────────────────

/// What comes of an event: the screen, or nothing where it stays, and the effects.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Outcome {
    screen: String,
    effects: String,
}

impl Outcome {
    fn is_nothing(&self) -> bool {
        self.screen.is_empty() && self.effects.is_empty()
    }
}

type Outcomes = Vec<(&'static str, Outcome)>;

/// What comes of each event that can happen here.
fn outcomes(world: &World) -> Outcomes {
    let happenings = events(world).into_iter().filter_map(|(name, happening)| Some((name, happening?)));
    let outcomes = happenings.map(|(name, (mut state, event, now))| {
        let before = screen(&state, now);
        let effects = update(&mut state, event, now);
        let after = screen(&state, now);
        let mut done: Vec<String> = effects.iter().filter_map(effect).collect();
        done.dedup();
        let screen = match after.strip_prefix(&before) {
            Some("") => String::new(),
            Some(notice) if notice.starts_with(" (") => ["the same", notice].concat(),
            _ => after,
        };
        (name, Outcome { screen, effects: done.join(", ") })
    });
    outcomes.collect()
}

/// What comes of events in more than half of the states in which they can happen.
fn general<'a>(states: impl Iterator<Item = &'a Outcomes>) -> Outcomes {
    let states: Vec<_> = states.collect();
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in states.iter().copied().flatten() {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let in_general = |name: &'static str| {
        let all: Vec<_> =
            states.iter().copied().flatten().filter(|(of, _)| *of == name).map(|(_, outcome)| outcome).collect();
        let counts = |outcome: &&&Outcome| 2 * all.iter().filter(|other| **other == **outcome).count() > all.len();
        let most = all.iter().find(counts).filter(|outcome| !outcome.is_nothing())?;
        Some((name, (*most).clone()))
    };
    names.into_iter().filter_map(in_general).collect()
}

/// What differs from what is so in general.
fn own(outcomes: &Outcomes, general: &[(&'static str, Outcome)]) -> Outcomes {
    let mut own = outcomes.clone();
    own.retain(|(name, outcome)| match general.iter().find(|(of, _)| of == name) {
        Some((_, in_general)) => outcome != in_general,
        None => !outcome.is_nothing(),
    });
    own
}

fn table(outcomes: &Outcomes) -> String {
    let mut rows: Vec<(Vec<&str>, &Outcome)> = Vec::new();
    for (name, outcome) in outcomes {
        match rows.iter_mut().find(|(_, known)| *known == outcome) {
            Some((names, _)) => names.push(name),
            None => rows.push((vec![name], outcome)),
        }
    }
    let mut text = "| event | screen | effects |\n|---|---|---|\n".to_owned();
    for (names, outcome) in rows {
        let effects = if outcome.is_nothing() { "nothing" } else { &outcome.effects };
        writeln!(text, "| {} | {} | {effects} |", names.join("; "), outcome.screen).unwrap();
    }
    text
}

fn screen(state: &State, now: Instant) -> String {
    let screen = state.screen(now);
    let mut words = match &screen.body {
        Body::Pay { stage, cancelled } => {
            let stage = match stage {
                Stage::Preparing => "preparing",
                Stage::Ready => "ready",
                Stage::Opening => "opening",
            };
            format!("pay, {stage}{}", if *cancelled { ", cancelled" } else { "" })
        }
        Body::TakeCode { problem: Some(_) } => "take-code, with a problem".to_owned(),
        Body::Confirming { can_go_back: true } => "confirming, with a way back".to_owned(),
        Body::Paid { leave_in_s: Some(_), .. } => "paid, about to leave".to_owned(),
        Body::Expired { renewable: true } => "expired, renewable".to_owned(),
        Body::Trouble(trouble) => format!("trouble `{}`", trouble.code()),
        other => other.name().to_owned(),
    };
    let notice = screen.notice.map(|notice| match notice {
        Notice::Offline => "offline".to_owned(),
        Notice::Unreachable => "unreachable".to_owned(),
        Notice::Refused(code) => code.word().to_owned(),
        Notice::Unreadable(_) => "unreadable".to_owned(),
        Notice::NotReceived => "not received".to_owned(),
        Notice::Copied => "copied".to_owned(),
        Notice::CopyByHand(_) => "copy by hand".to_owned(),
    });
    if let Some(notice) = notice {
        write!(words, " ({notice})").unwrap();
    }
    words
}

/// A word for what is to be done; None for what goes without saying.
fn effect(effect: &Effect) -> Option<String> {
    let passage = |passage: &Passage| match passage {
        Passage::Shop => "to the shop",
        Passage::Pay => "to pay",
        Passage::Login => "to log in",
        Passage::Unframe => "out of the frame",
    };
    Some(match effect {
        Effect::Wake(_) | Effect::Tell(News::Status { .. }) => return None,
        Effect::Send { call: Call::Order { verify, .. }, .. } => {
            format!("ask for the order{}", if *verify { " (verify)" } else { "" })
        }
        Effect::Send { call: Call::Close, .. } => "ask to close".to_owned(),
        Effect::Send { call: Call::Payment { request, .. }, .. } => {
            format!("ask for a payment{}", if request.replaces.is_some() { " (replaces)" } else { "" })
        }
        Effect::Cancel(_) => "cancel a request".to_owned(),
        Effect::Listen(_) => "listen".to_owned(),
        Effect::Deafen => "listen no more".to_owned(),
        Effect::Remember(Some(_)) => "remember".to_owned(),
        Effect::Remember(None) => "forget".to_owned(),
        Effect::Go { passage: to, .. } => format!("go {}", passage(to)),
        Effect::Connect(_) => "look for WeChat".to_owned(),
        Effect::Invoke { .. } => "open the sheet".to_owned(),
        Effect::OpenMiniProgram { .. } => "open the mini-program".to_owned(),
        Effect::Copy(_) => "copy".to_owned(),
        Effect::Tell(News::Ready) => "tell ready".to_owned(),
        Effect::Tell(News::Expired) => "tell expired".to_owned(),
        Effect::Tell(News::Closed) => "tell closed".to_owned(),
        Effect::Tell(News::Paid { .. }) => "tell paid".to_owned(),
        Effect::Tell(News::Error(error)) => format!("tell the error `{}`", error.code),
        Effect::Tell(News::Measure(_)) => "tell where to measure".to_owned(),
        Effect::Tell(News::Navigate { passage: to, .. }) => format!("ask the host about going {}", passage(to)),
    })
}
