//! What may happen.

use proptest::prelude::*;

use wechat_cashier::contract::{Action, Method, MethodOffer, Order, OrderAnswer, OrderStatus, ProblemCode, RetryAfter};
use wechat_cashier::core::{Event, HostEvent, LinkEvent, PageEvent, Stamp, StreamEvent, Tap};

use super::setting::{SAID, methods};
use crate::backend::{Fault, every_method, jsapi_params, unreadable};
use crate::wechat::NOISE;
use crate::world::{GOOD_CODE, World};

#[derive(Clone, Debug)]
pub(super) enum Step {
    Run(u64),
    Net {
        up_ms: u64,
        down_ms: u64,
    },
    OrderFault(Fault),
    PaymentFault(Fault),
    /// A tap on whatever, be it on the screen or not.
    Tap(Tap),
    /// A tap on what the screen offers.
    Offered(prop::sample::Index),
    Page(PageEvent),
    Freeze,
    /// The page is loaded again, led back to, opened elsewhere, or loaded after a login.
    Load(fn(&mut World)),
    /// An answer comes once more.
    Again(prop::sample::Index),
    StrayWake,
    /// WeChat answers one of the calls that were made.
    Says(prop::sample::Index, &'static str),
    Link(LinkEvent),
    StreamOpened,
    StreamTruth,
    StreamTruthInPart(bool),
    StreamUnreadable,
    StreamOtherOrder,
    StreamLost,
    /// The event stream says what was so when a request was last answered.
    StreamOldNews,
    /// WeChat takes the money.
    Pay {
        callback: bool,
        says_by: Option<Method>,
    },
    Close,
    Refund,
    CodeFails,
    OtherPageRenews,
    CodeLife(Option<i64>),
    Resumes(bool),
    OddWord(bool),
    KnowsPayer(bool),
    Methods(Vec<MethodOffer>),
    Content(Option<&'static str>),
    Action(Option<Action>),
    AmountChanges,
    /// The page around the cashier does something,
    Host(HostEvent),
    /// brings an answer that it has: so old, or of unknown age, of this order or of another,
    HostBrings(Option<u64>, bool),
    /// or the one that a request was last answered with,
    HostBringsOld(Option<u64>),
    /// leads the payer on by itself from now on,
    HostKeeps(bool),
    /// answers a question once more, or one that was never asked,
    HostAnswers(u32, bool),
    /// or takes the element out and puts it in again so much later.
    PutInAgain(u64),
    /// The browser copies nothing for pages from now on, or does again.
    CopiesNothing(bool),
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
        1 => Just(Fault::Settled),
    ]
}

fn tap() -> impl Strategy<Value = Tap> {
    let mut taps = vec![
        Tap::Pay,
        Tap::Pay,
        Tap::HavePaid,
        Tap::Back,
        Tap::Again,
        Tap::Retry,
        Tap::Stay,
        Tap::Leave,
        Tap::CopyLink,
        Tap::CopyTrouble,
        Tap::Code(GOOD_CODE.to_owned()),
        Tap::Code("150000000000000000".to_owned()),
        Tap::Code("15".to_owned()),
    ];
    taps.extend(every_method().into_iter().map(|offer| Tap::Choose(offer.method)));
    prop::sample::select(taps)
}

fn page() -> impl Strategy<Value = PageEvent> {
    prop::sample::select(vec![
        PageEvent::Visible,
        PageEvent::Visible,
        PageEvent::Hidden,
        PageEvent::Restored,
        PageEvent::Online,
        PageEvent::Offline,
    ])
}

fn odd_action() -> impl Strategy<Value = Option<Action>> {
    prop::sample::select(vec![
        None,
        None,
        None,
        Some(Action::Wait {}),
        Some(Action::Redirect { url: "https://evil.example/".to_owned() }),
        Some(Action::Redirect { url: "https://shop.example/pay".to_owned() }),
        Some(Action::OpenMiniProgram { path: "/pages/pay".to_owned() }),
        Some(Action::InvokeJsapi { params: jsapi_params(0) }),
    ])
}

/// What happens around the page.
fn around() -> impl Strategy<Value = Step> {
    let said = prop::sample::select(SAID.into_iter().chain(NOISE).collect::<Vec<_>>());
    let load: Vec<fn(&mut World)> = vec![World::reload, World::reload, World::comes_back, World::opens_elsewhere];
    prop_oneof![
        6 => page().prop_map(Step::Page),
        1 => Just(Step::Freeze),
        3 => prop::sample::select(load).prop_map(Step::Load),
        1 => Just(Step::Load(World::logs_in)),
        2 => any::<prop::sample::Index>().prop_map(Step::Again),
        1 => Just(Step::StrayWake),
        6 => (any::<prop::sample::Index>(), said).prop_map(|(which, said)| Step::Says(which, said)),
        2 => prop::sample::select(vec![LinkEvent::Ready, LinkEvent::Failed]).prop_map(Step::Link),
        2 => Just(Step::StreamOpened),
        2 => Just(Step::StreamTruth),
        1 => any::<bool>().prop_map(Step::StreamTruthInPart),
        1 => Just(Step::StreamUnreadable),
        1 => Just(Step::StreamOtherOrder),
        1 => Just(Step::StreamLost),
        1 => Just(Step::StreamOldNews),
    ]
}

/// What the page around the cashier does.
fn host() -> impl Strategy<Value = Step> {
    let age = || prop::option::of(prop_oneof![0..2_000u64, 0..200_000u64]);
    prop_oneof![
        3 => Just(Step::Host(HostEvent::Refresh)),
        2 => Just(Step::Host(HostEvent::Retry)),
        1 => Just(Step::Host(HostEvent::Close)),
        2 => Just(Step::Host(HostEvent::Token)),
        2 => methods().prop_map(|offers| {
            let ids = offers.iter().map(|offer| offer.method.id().to_owned()).collect();
            Step::Host(HostEvent::Methods(ids))
        }),
        1 => Just(Step::Host(HostEvent::Methods(Vec::new()))),
        3 => (age(), prop::bool::weighted(0.8)).prop_map(|(age, ours)| Step::HostBrings(age, ours)),
        2 => age().prop_map(Step::HostBringsOld),
        2 => any::<bool>().prop_map(Step::HostKeeps),
        1 => (0..9u32, any::<bool>()).prop_map(|(stamp, kept)| Step::HostAnswers(stamp, kept)),
        3 => prop_oneof![2 => Just(0), 1 => 0..400_000u64].prop_map(Step::PutInAgain),
        1 => any::<bool>().prop_map(Step::CopiesNothing),
    ]
}

/// What happens at the backend.
fn behind() -> impl Strategy<Value = Step> {
    let says_by = prop::sample::select(vec![None, Some(Method::Native), Some(Method::Merchant("alipay".to_owned()))]);
    prop_oneof![
        4 => fault().prop_map(Step::OrderFault),
        3 => fault().prop_map(Step::PaymentFault),
        1 => (any::<bool>(), says_by).prop_map(|(callback, says_by)| Step::Pay { callback, says_by }),
        1 => Just(Step::Close),
        1 => Just(Step::Refund),
        1 => Just(Step::CodeFails),
        3 => Just(Step::OtherPageRenews),
        2 => prop::option::of(-1_000..90_000i64).prop_map(Step::CodeLife),
        1 => any::<bool>().prop_map(Step::Resumes),
        1 => any::<bool>().prop_map(Step::OddWord),
        1 => any::<bool>().prop_map(Step::KnowsPayer),
        1 => methods().prop_map(Step::Methods),
        1 => prop::sample::select(vec![None, None, Some("https://evil.example/"), Some("weixin:")]).prop_map(Step::Content),
        1 => odd_action().prop_map(Step::Action),
        1 => prop::bool::weighted(0.2).prop_map(|changes| if changes { Step::AmountChanges } else { Step::Run(10) }),
    ]
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        16 => (0..3_000u64).prop_map(Step::Run),
        12 => (3_000..60_000u64).prop_map(Step::Run),
        2 => (60_000..1_200_000u64).prop_map(Step::Run),
        4 => (0..400u64, 0..400u64).prop_map(|(up_ms, down_ms)| Step::Net { up_ms, down_ms }),
        4 => (0..14_000u64, 0..14_000u64).prop_map(|(up_ms, down_ms)| Step::Net { up_ms, down_ms }),
        8 => tap().prop_map(Step::Tap),
        24 => any::<prop::sample::Index>().prop_map(Step::Offered),
        40 => around(),
        40 => behind(),
        16 => host(),
    ]
}

pub(super) fn take(world: &mut World, step: &Step) {
    match step.clone() {
        Step::Run(ms) => world.run(ms),
        Step::Net { up_ms, down_ms } => (world.net.up_ms, world.net.down_ms) = (up_ms, down_ms),
        Step::OrderFault(fault) => world.net.order = fault,
        Step::PaymentFault(fault) => world.net.payment = fault,
        Step::Tap(tap) => world.tap(tap),
        Step::Offered(which) => {
            let taps = world.offered();
            if !taps.is_empty() {
                world.tap(which.get(&taps).clone());
            }
        }
        Step::Page(news) => world.page(news),
        Step::Freeze => world.frozen |= !world.visible,
        Step::Load(load) => load(world),
        Step::Again(which) => {
            if !world.answered.is_empty() {
                let event = which.get(&world.answered).clone();
                world.event(event);
            }
        }
        Step::StrayWake => world.stray_wake(),
        Step::Says(which, said) => {
            if !world.wechat.calls.is_empty() {
                let stamp = which.get(&world.wechat.calls).stamp;
                world.event(Event::Called { stamp, said: said.to_owned() });
            }
        }
        // The shell tells only what it was asked to look for.
        Step::Link(news) if world.wechat.link.is_some() => world.link(news),
        Step::Link(_) => {}
        Step::StreamOpened => world.stream(StreamEvent::Opened),
        Step::StreamTruth => world.stream_tells_truth(),
        Step::StreamTruthInPart(says_amount) => {
            world.stream_tells_little(says_amount.then_some(world.backend.amount));
        }
        Step::StreamUnreadable => world.stream(StreamEvent::Order(Err(unreadable()))),
        Step::StreamOtherOrder => {
            let mut order = world.backend.order(world.now);
            order.order_id = "T20261121002".to_owned();
            order.status = OrderStatus::Paid;
            world.stream(StreamEvent::Order(Ok(OrderAnswer::Whole(Box::new(order)))));
        }
        Step::StreamLost => world.stream(StreamEvent::Lost),
        Step::StreamOldNews => {
            if let Some(order) = last_answer(world) {
                world.stream(StreamEvent::Order(Ok(OrderAnswer::Whole(order))));
            }
        }
        Step::Pay { callback, says_by } => {
            world.backend.pay(callback, world.now);
            world.backend.paid_by = says_by;
        }
        Step::Close => world.backend.close(),
        Step::Refund => world.backend.refund(),
        Step::CodeFails => world.backend.code_fails(),
        Step::OtherPageRenews => world.other_page_asks_for_a_new_code(),
        Step::CodeLife(life_ms) => world.backend.code_life_ms = life_ms,
        Step::Resumes(resumes) => world.backend.resumes = resumes,
        Step::OddWord(odd) => world.backend.odd_word = odd,
        Step::KnowsPayer(knows) => world.backend.knows_payer = knows,
        Step::Methods(methods) => world.backend.methods = methods,
        Step::Content(content) => world.backend.content = content.map(ToOwned::to_owned),
        Step::Action(action) => world.backend.action = action,
        Step::AmountChanges => world.backend.amount.value += 1,
        Step::Host(event) => world.host(event),
        Step::HostBrings(age_ms, true) => world.host_brings_the_truth(age_ms),
        Step::HostBrings(age_ms, false) => {
            let mut order = world.backend.order(world.now);
            order.order_id = "T20261121002".to_owned();
            order.status = OrderStatus::Paid;
            world.host_brings(order, age_ms);
        }
        Step::HostBringsOld(age_ms) => {
            if let Some(order) = last_answer(world) {
                world.host_brings(*order, age_ms);
            }
        }
        Step::HostKeeps(keeps) => world.host.keeps = keeps,
        Step::HostAnswers(stamp, kept) => world.host(HostEvent::Navigation { stamp: Stamp(stamp), kept }),
        Step::PutInAgain(after_ms) => world.put_in_again_after(after_ms),
        Step::CopiesNothing(copies_nothing) => world.copies_nothing = copies_nothing,
    }
}

/// What the order was when it was last answered.
fn last_answer(world: &World) -> Option<Box<Order>> {
    world.answered.iter().rev().find_map(|event| match event {
        Event::Order { result: Ok(OrderAnswer::Whole(order)), .. } => Some(order.clone()),
        _ => None,
    })
}
