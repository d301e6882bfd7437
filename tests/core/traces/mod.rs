//! What the core does, one behaviour each.

mod addresses;
mod bridge;
mod clocks;
mod copy;
mod counter;
mod disbelief;
mod endings;
mod events;
mod every_step;
mod first;
mod h5;
mod h5_back;
mod have_paid;
mod host;
mod jsapi;
mod login;
mod mini_program;
mod payment_code;
mod plan;
mod qr;
mod reload;
mod settled;
mod shop;
mod telemetry;
mod told;
mod troubles;
mod unknown_status;
mod view;
mod ways;
mod wechat_says;

use wechat_cashier::contract::{
    Action, Currency, DecodeError, Failure, JsapiParams, Merchant, Method, Money, OrderAnswer, OrderStatus,
    ProblemCode, RetryAfter, Timestamp,
};
use wechat_cashier::core::{
    App, Body, Call, Cause, CodeProblem, Device, Environment, Event, HostEvent, Instant, LinkEvent, News, Notice,
    PageEvent, Passage, Report, ReportedError, Stage, Status, StreamEvent, Surface, Tap, Trouble, WayBack,
};

use super::backend::{Fault, LOGIN, OF_ORDER, OF_PAYMENT, ORDER, every_method, jsapi_params, own, settled, unreadable};
use super::wechat::{CANCEL, FAIL, NOISE, OK, What};
use super::world::{GOOD_CODE, GRACE_MS, PAGE, World, after};

const MINUTE_MS: u64 = 60_000;
/// Within so many milliseconds the order is asked about once more and answered, however new its code is.
const NEXT_MS: u64 = 7_900;

fn paid(late: bool) -> impl Fn(&World) -> bool {
    move |world| matches!(world.body(), Body::Paid { late: shown, .. } if *shown == late)
}

fn confirms(world: &World) -> bool {
    matches!(world.body(), Body::Confirming { .. })
}

/// The waits between requests for the order sent from `from` on.
fn waits(world: &World, from: Instant) -> Vec<u64> {
    let sent: Vec<_> = world.told.asked_at.iter().copied().filter(|at| *at >= from).collect();
    sent.windows(2).map(|pair| pair[1].since(pair[0])).collect()
}

fn requests_since(world: &World, from: Instant) -> Vec<bool> {
    world.order_requests().into_iter().filter(|(at, _)| *at > from).map(|(_, verify)| verify).collect()
}

/// Whether the platform was asked then or later.
fn verified_since(world: &World, from: Instant) -> bool {
    world.order_requests().into_iter().any(|(at, verify)| at >= from && verify)
}

/// With SSE offered and its connection standing.
fn listening() -> World {
    let mut world = World::new();
    world.backend.events_url = Some("/api/orders/T20261121001/events".to_owned());
    world.start();
    world.run(100);
    assert_eq!(world.listening.as_deref(), Some("https://pay.example/api/orders/T20261121001/events"));
    world.stream(StreamEvent::Opened);
    world.stream_tells_truth();
    world.run(3_000);
    world
}

/// How far the button to pay by is, which there must be.
fn stage(world: &World) -> Stage {
    match world.body() {
        Body::Pay { stage, .. } => *stage,
        other => panic!("no button to pay by, but {other:?}{}", world.story()),
    }
}

/// What went wrong with WeChat, as something must have.
fn trouble(world: &World) -> (Cause, &str) {
    match world.body() {
        Body::Trouble(Trouble::Wechat { cause, said }) => (*cause, said),
        other => panic!("no trouble with WeChat, but {other:?}{}", world.story()),
    }
}
