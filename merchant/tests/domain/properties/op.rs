//! What may happen to an order.

use proptest::prelude::*;

use wechat_cashier::contract::{Method, ProblemCode};
use wechat_cashier_merchant::domain::{Amount, Fact, Report, Source, TradeWord};

use super::refund_op::{RefundAsks, RefundOp, refund_op};
use crate::asks::{PAGE, Page, by};
use crate::wechat::{Code, Is};
use crate::world::{CODE, H5, JSAPI, Line, NATIVE, World, number};

/// Which payment a page wants replaced.
#[derive(Clone, Copy, Debug)]
pub(super) enum Replaces {
    Nothing,
    Latest,
    Earlier(usize),
    Unknown,
}

/// One thing. Where it names one of several, it is by a number that is taken modulo how many there are.
#[derive(Clone, Debug)]
pub(super) enum Op {
    /// Time passes, and nobody is at work.
    Pass(i64),
    /// Time passes, and what is due is done.
    Live(i64),
    Work,
    /// The next calls fare like this.
    Lines(Vec<Line>),
    /// A page asks with a new key: by this method, from this page and address.
    Ask(Method, Replaces, bool, bool),
    /// It asks the same again.
    AskAgain(usize),
    /// It uses a key for something else.
    OtherBody(usize),
    LogIn(bool),
    Verify,
    Close,
    /// What payers' codes lead to.
    Codes(Code),
    SaysRefund(bool),
    /// Payers confirm in the moment before a reversal from now on, or not.
    Crosses(bool),
    /// The order's next number is used elsewhere.
    UsedElsewhere,
    /// A payer pays by what they were given,
    Pay(usize),
    /// at the very moment at which WeChat Pay says that it has closed it,
    PayAnyway(usize),
    /// or gives up at the password.
    GiveUp(usize),
    /// A notification comes; it may come again.
    Notify(usize, bool),
    /// One is lost.
    Lose(usize),
    /// Something that was said is said again.
    Again(usize),
    /// Something is said that is not of this order.
    Wrong(usize, usize, Source),
    /// A word that is not documented.
    Word(usize, Source),
    /// Each fact is applied twice from now on, or once.
    Twice(bool),
    /// Something about money that goes back.
    Refund(RefundOp),
}

pub(super) fn op() -> impl Strategy<Value = Op> {
    let method = prop::sample::select(vec![NATIVE, NATIVE, JSAPI, H5, CODE, CODE, Method::MiniProgram]);
    let replaces = prop_oneof![
        3 => Just(Replaces::Nothing),
        3 => Just(Replaces::Latest),
        1 => (0..8usize).prop_map(Replaces::Earlier),
        1 => Just(Replaces::Unknown),
    ];
    let ms = || prop_oneof![3 => 0..3_000i64, 3 => 0..20_000i64, 1 => 0..400_000i64];
    let line = prop::sample::select(vec![Line::Well, Line::NoRequest, Line::NoAnswer, Line::Dies, Line::Late]);
    let source = || prop::sample::select(vec![Source::Notification, Source::Query, Source::Codepay]);
    let which = || 0..8usize;
    prop_oneof![
        3 => ms().prop_map(Op::Pass),
        5 => ms().prop_map(Op::Live),
        2 => Just(Op::Work),
        5 => prop::collection::vec(line, 1..4).prop_map(Op::Lines),
        8 => (method, replaces, prop::bool::weighted(0.8), prop::bool::weighted(0.8))
            .prop_map(|(method, replaces, page, ip)| Op::Ask(method, replaces, page, ip)),
        2 => which().prop_map(Op::AskAgain),
        1 => which().prop_map(Op::OtherBody),
        2 => prop::bool::weighted(0.8).prop_map(Op::LogIn),
        3 => Just(Op::Verify),
        1 => prop::bool::weighted(0.3).prop_map(|does| if does { Op::Close } else { Op::Verify }),
        4 => prop::sample::select(vec![Code::Pays, Code::Asks, Code::Asks, Code::Asks, Code::Refused]).prop_map(Op::Codes),
        1 => any::<bool>().prop_map(Op::SaysRefund),
        3 => prop::bool::weighted(0.8).prop_map(Op::Crosses),
        1 => Just(Op::UsedElsewhere),
        3 => which().prop_map(Op::Pay),
        1 => which().prop_map(Op::PayAnyway),
        3 => which().prop_map(Op::GiveUp),
        2 => (which(), any::<bool>()).prop_map(|(which, again)| Op::Notify(which, again)),
        1 => which().prop_map(Op::Lose),
        1 => (0..200usize).prop_map(Op::Again),
        2 => (which(), which(), source()).prop_map(|(which, how, source)| Op::Wrong(which, how, source)),
        1 => (which(), source()).prop_map(|(which, source)| Op::Word(which, source)),
        1 => any::<bool>().prop_map(Op::Twice),
        8 => refund_op().prop_map(Op::Refund),
    ]
}

/// What may happen once there is money.
pub(super) fn op_of_refunds() -> impl Strategy<Value = Op> {
    let line = prop::sample::select(vec![Line::Well, Line::NoRequest, Line::NoAnswer, Line::Dies]);
    let ms = || prop_oneof![3 => 0..3_000i64, 3 => 0..20_000i64, 1 => 0..400_000i64];
    prop_oneof![
        2 => ms().prop_map(Op::Pass),
        3 => ms().prop_map(Op::Live),
        1 => Just(Op::Work),
        3 => prop::collection::vec(line, 1..4).prop_map(Op::Lines),
        2 => (0..200usize).prop_map(Op::Again),
        1 => any::<bool>().prop_map(Op::Twice),
        1 => (0..8usize, any::<bool>()).prop_map(|(which, again)| Op::Notify(which, again)),
        12 => refund_op().prop_map(Op::Refund),
    ]
}

/// The `which`th of so many.
pub(super) fn nth<T>(all: &[T], which: usize) -> Option<usize> {
    (!all.is_empty()).then(|| which % all.len())
}

/// What pages have asked.
#[derive(Debug, Default)]
pub(super) struct Asks(Vec<Page>, RefundAsks);

impl Asks {
    pub(super) fn take(&mut self, world: &mut World, op: &Op) {
        match op {
            Op::Pass(ms) => world.pass(*ms),
            Op::Live(ms) => world.live(*ms),
            Op::Work => _ = world.work(),
            Op::Lines(lines) => world.lines.clone_from(lines),
            Op::Ask(method, replaces, page, ip) => {
                let known =
                    |which| nth(&world.order.payments, which).map(|at| world.order.payments[at].payment_id.clone());
                let replaces = match replaces {
                    Replaces::Nothing => None,
                    Replaces::Latest => known(world.order.payments.len().saturating_sub(1)),
                    Replaces::Earlier(which) => known(*which),
                    Replaces::Unknown => Some("p0".to_owned()),
                };
                let (page, ip) = (
                    if *page { PAGE } else { "https://shop.example/2" },
                    if *ip { "203.0.113.7" } else { "198.51.100.9" },
                );
                let asked = by(method, &format!("k{}", self.0.len())).replaces_id(replaces).page(page).ip(ip);
                self.0.push(asked.clone());
                ask(world, &asked);
            }
            Op::AskAgain(which) => {
                if let Some(at) = nth(&self.0, *which) {
                    ask(world, &self.0[at].clone());
                }
            }
            Op::OtherBody(which) => {
                let Some(at) = nth(&self.0, *which) else { return };
                let page = self.0[at].clone().page("https://shop.example/3");
                if world.order.payments.iter().any(|payment| payment.key == page.ask.key) {
                    let (before, refused) = (world.order.clone(), world.ask(&page).unwrap_err());
                    let may = before.may_pay(world.now).err().map(|refusal| refusal.code);
                    assert_eq!(refused, may.unwrap_or(ProblemCode::InvalidRequest));
                    assert_eq!(before, world.order);
                }
            }
            Op::LogIn(usual) => {
                let openid = if *usual { "oUpF8uMuAJO" } else { "oAnother" };
                world.apply(Fact::LoggedIn { openid: openid.to_owned() });
            }
            Op::Verify => world.verify(),
            Op::Close => world.close(),
            Op::Codes(code) => world.wechat.next_code = *code,
            Op::SaysRefund(says) => world.wechat.says_refund = *says,
            Op::Crosses(crosses) => world.crosses = *crosses,
            Op::UsedElsewhere => world.wechat.use_elsewhere(&number(world.order.trades.len() + 1), &world.order),
            Op::Twice(twice) => world.twice = *twice,
            Op::Refund(op) => self.1.take(world, op),
            said => said_by_wechat(world, said),
        }
    }
}

fn ask(world: &mut World, page: &Page) {
    let is_well = world.lines.is_empty();
    let Ok(given) = world.ask(page) else { return };
    // Asked at once again, it is the same.
    if is_well && world.lines.is_empty() && world.order.good_payment(world.now) == Some(&given) {
        let calls = world.calls.len();
        assert_eq!(world.ask(page), Ok(given));
        assert_eq!(world.calls.len(), calls);
    }
}

fn said_by_wechat(world: &mut World, op: &Op) {
    match op {
        Op::Pay(which) => {
            let given: Vec<_> = world.given.iter().filter_map(|payment| payment.out_trade_no.clone()).collect();
            if let Some(at) = nth(&given, *which) {
                world.pay(&given[at]);
            }
        }
        Op::PayAnyway(which) => {
            let closed: Vec<_> = world
                .wechat
                .numbers
                .iter()
                .filter(|(_, there)| there.is == Is::Closed)
                .map(|(number, _)| number.clone())
                .collect();
            let Some(at) = nth(&closed, *which) else { return };
            let there = world.wechat.numbers.get_mut(&closed[at]).unwrap();
            (there.is, there.paid_at) = (Is::Success, Some(world.now));
            let report = world.wechat.query(&closed[at]).unwrap();
            world.notify(report);
        }
        Op::GiveUp(which) => {
            let numbers: Vec<_> = world.wechat.numbers.keys().cloned().collect();
            if let Some(at) = nth(&numbers, *which) {
                world.wechat.give_up(&numbers[at]);
            }
        }
        Op::Notify(which, again) => {
            let Some(at) = nth(&world.notifications, *which) else { return };
            let report = match again {
                true => world.notifications[at].clone(),
                false => world.notifications.remove(at),
            };
            world.notify(report);
        }
        Op::Lose(which) => {
            if let Some(at) = nth(&world.notifications, *which) {
                world.notifications.remove(at);
            }
        }
        Op::Again(which) => {
            let said: Vec<_> = world.journal.iter().filter(|fact| is_of_money(fact)).cloned().collect();
            if let Some(at) = nth(&said, *which) {
                world.written(said[at].clone());
            }
        }
        Op::Wrong(which, how, source) => {
            let Some(at) = nth(&world.order.trades, *which) else { return };
            let report = wrong(&world.order.trades[at].out_trade_no, *how, world);
            world.written(Fact::Reported { source: *source, report });
        }
        Op::Word(which, source) => {
            let Some(at) = nth(&world.order.trades, *which) else { return };
            let number = world.order.trades[at].out_trade_no.clone();
            let Some(mut report) = world.wechat.query(&number) else { return };
            report.trade_state = TradeWord::Unknown("ACCEPT".to_owned());
            let before = world.status();
            world.written(Fact::Reported { source: *source, report });
            assert_eq!(before, world.status());
        }
        other => panic!("{other:?}"),
    }
}

/// What WeChat Pay says of its own accord, and what a reconciliation may find again.
fn is_of_money(fact: &Fact) -> bool {
    match fact {
        Fact::Reported { report, .. } => report.trade_state == TradeWord::Success,
        fact => matches!(fact, Fact::RefundReported { .. }),
    }
}

/// A report that differs from the order in one place.
fn wrong(number: &str, how: usize, world: &World) -> Report {
    let mut report = crate::traces::money::report(number, world);
    if how.is_multiple_of(2) {
        report.trade_state = TradeWord::Refund;
    }
    match how {
        0 | 1 => {
            report.amount =
                Some(Amount { total: 1 + i64::try_from(world.journal.len()).unwrap(), currency: "CNY".to_owned() })
        }
        2 => report.amount = Some(Amount { total: 1999, currency: "HKD".to_owned() }),
        3 => report.amount = None,
        4 => report.appid = "wxanother".to_owned(),
        5 => report.mchid = "1900000110".to_owned(),
        6 => (report.mchid, report.trade_state) = ("1900000110".to_owned(), TradeWord::Closed),
        _ => report.out_trade_no = "T20261121002".to_owned(),
    }
    report
}
