//! Payment codes: sent once, never notified, reversed instead of closed.

use wechat_cashier::contract::ProblemCode;
use wechat_cashier_merchant::domain::{Fact, Source, Status, TradeState, TradeWord};

use crate::asks::{by, code};
use crate::wechat::{Code, Is};
use crate::world::{CODE, Line, NATIVE, World, number};

/// The payer is asked for the password.
fn asked() -> World {
    let mut world = World::new();
    world.wechat.next_code = Code::Asks;
    world.ask(&by(&CODE, "k1")).unwrap();
    world
}

#[test]
fn paid_at_once() {
    let mut world = World::new();
    let given = world.ask(&by(&CODE, "k1")).unwrap();
    assert_eq!(given.out_trade_no, Some(number(1)));
    assert!(world.is_paid());
    assert_eq!(code(world.ask(&by(&CODE, "k1"))), ProblemCode::OrderPaid);
    world.settle();
    assert_eq!(world.calls_since(0), ["codepay"]);
}

#[test]
fn the_payer_confirms_and_a_question_tells() {
    let mut world = asked();
    assert_eq!(world.order.trade(&number(1)).unwrap().state, TradeState::UserPaying);
    assert!(world.look().is_some());
    world.live(7_000);
    assert!(world.pay(&number(1)));
    world.live(3_000);
    assert!(world.is_paid());
    assert_eq!(world.calls_since(0), ["codepay", "query", "query"]);
}

#[test]
fn not_confirmed_in_45_s_is_asked_about_and_then_reversed() {
    let mut world = asked();
    world.live(44_999);
    assert_eq!(world.calls_since(1), ["query"; 8]);
    assert_eq!(world.status(), Status::Pending);
    world.live(1);
    assert_eq!(world.calls_since(9), ["query", "reverse"]);
    assert_eq!(world.wechat.numbers[&number(1)].is, Is::Revoked);
    assert_eq!((world.status(), world.look()), (Status::Pending, None));
    // The next customer's code, under the next number.
    world.wechat.next_code = Code::Pays;
    let next = world.ask(&by(&CODE, "k2").auth_code("130000000000000002")).unwrap();
    assert_eq!(next.out_trade_no, Some(number(2)));
    assert!(world.is_paid());
}

#[test]
fn confirmed_at_the_last_moment_it_is_not_reversed() {
    let mut world = asked();
    world.live(44_999);
    assert!(world.pay(&number(1)));
    world.settle();
    assert!(world.is_paid());
    assert!(!world.calls_since(0).contains(&"reverse"));
}

#[test]
fn a_code_that_is_refused_leaves_the_order_open() {
    let mut world = World::new();
    world.wechat.next_code = Code::Refused;
    assert_eq!(code(world.ask(&by(&CODE, "k1"))), ProblemCode::InvalidRequest);
    assert_eq!((world.status(), world.look()), (Status::Pending, None));
    assert_eq!(world.order.trade(&number(1)).unwrap().state, TradeState::Failed);
    world.wechat.next_code = Code::Pays;
    assert_eq!(world.ask(&by(&CODE, "k2")).unwrap().out_trade_no, Some(number(2)));
    assert_eq!(world.calls_since(0), ["codepay", "codepay"]);
}

#[test]
fn a_payer_who_gives_up_at_the_password_leaves_the_order_open() {
    let mut world = asked();
    world.wechat.give_up(&number(1));
    world.live(5_000);
    assert_eq!(world.order.trade(&number(1)).unwrap().state, TradeState::Failed);
    assert_eq!((world.status(), world.look()), (Status::Pending, None));
    world.settle();
    assert_eq!(world.calls_since(0), ["codepay", "query"]);
}

/// The money was taken and the answer was lost, or whoever had it died.
#[test]
fn an_answer_that_was_lost_is_asked_for() {
    for line in [Line::NoAnswer, Line::Dies] {
        let mut world = World::new();
        world.lines = vec![line];
        world.ask(&by(&CODE, "k1")).unwrap();
        assert_eq!(world.status(), Status::Pending);
        assert!(world.look().is_some(), "the till waits");
        world.live(5_000);
        assert!(world.is_paid(), "{line:?}");
        assert_eq!(world.calls_since(0), ["codepay", "query"]);
    }
}

/// Such a request moves money by itself when it comes: it is believed to be lost only when it cannot come any more.
#[test]
fn a_request_that_never_came_is_given_up_after_a_while() {
    let mut world = World::new();
    world.lines = vec![Line::NoRequest];
    world.ask(&by(&CODE, "k1")).unwrap();
    world.live(14_999);
    assert!(world.order.trade(&number(1)).unwrap().is_open());
    world.live(20_000);
    assert_eq!(world.order.trade(&number(1)).unwrap().state, TradeState::Failed);
    assert!(world.calls.len() < 10, "{:?}", world.calls);
    assert!(!world.calls_since(0).contains(&"reverse"));
}

/// The same, and the till does not wait: nobody may pay twice, so nothing else is given until it is known.
#[test]
fn another_way_waits_until_it_is_known_that_the_request_never_came() {
    let mut world = World::new();
    world.lines = vec![Line::NoRequest];
    world.ask(&by(&CODE, "k1")).unwrap();
    world.live(3_000);
    assert_eq!(code(world.ask(&by(&NATIVE, "k2"))), ProblemCode::UpstreamUnavailable);
    let from = world.calls.len();
    world.live(10_000);
    assert!(world.calls.len() - from < 8, "asked all the time: {:?}", world.calls);
    world.live(20_000);
    assert!(world.ask(&by(&NATIVE, "k2")).is_ok());
}

#[test]
fn another_code_that_replaces_it_reverses_it_first() {
    let mut world = asked();
    let first = world.given[0].clone();
    world.live(21_000);
    let from = world.calls.len();
    let second = world.ask(&by(&CODE, "k2").auth_code("130000000000000002").replaces(&first)).unwrap();
    assert_eq!(world.calls_since(from), ["query", "reverse", "codepay"]);
    assert_eq!(second.out_trade_no, Some(number(2)));
    assert_eq!(world.wechat.numbers[&number(1)].is, Is::Revoked);
}

#[test]
fn what_is_replaced_and_paid_pays_the_order() {
    let mut world = asked();
    let first = world.given[0].clone();
    world.live(17_000);
    world.pay(&number(1));
    let page = by(&CODE, "k2").auth_code("130000000000000002").replaces(&first);
    assert_eq!(code(world.ask(&page)), ProblemCode::OrderPaid);
    assert_eq!(world.wechat.numbers[&number(1)].is, Is::Success);
}

/// A question of another process is answered with "paid", the reversal is quicker, and the answer is written last.
#[test]
fn money_that_a_reversal_gave_back_does_not_pay_the_order() {
    let mut world = asked();
    world.live(44_000);
    world.pay(&number(1));
    let paid = world.wechat.query(&number(1)).unwrap();
    world.apply(Fact::Superseded { out_trade_no: number(1) });
    world.wechat.end(&number(1), true);
    world.apply(Fact::Ended { out_trade_no: number(1) });
    world.apply(Fact::Reported { source: Source::Query, report: paid });
    assert_eq!(world.status(), Status::Refunded);
    world.settle();
}

/// The reversal was done there, and its answer never came: a question tells, in either word.
#[test]
fn a_reversal_that_is_not_known_of_is_seen_by_the_next_question() {
    for says_refund in [false, true] {
        let mut world = asked();
        world.wechat.says_refund = says_refund;
        world.live(44_999);
        world.lines = vec![Line::Well, Line::Dies];
        world.pass(1);
        let step = world.order.due(world.now).unwrap();
        world.carry_out(&step).unwrap();
        world.pay(&number(1));
        world.work();
        assert_eq!(world.wechat.numbers[&number(1)].is, Is::Refunded);
        world.pass(2_000);
        world.verify();
        world.settle();
        assert!(!world.is_paid(), "{:?}", world.order);
    }
}

/// The payer confirms, another process's question is answered so, the reversal is done there and its answer lost: the old answer
/// comes last, and is not believed.
#[test]
fn an_answer_from_before_a_reversal_whose_own_was_lost_is_none() {
    for (line, says_refund) in [(Line::NoAnswer, true), (Line::Dies, true), (Line::NoAnswer, false)] {
        let mut world = asked();
        world.wechat.says_refund = says_refund;
        world.live(44_999);
        world.pass(1);
        let step = world.order.due(world.now).unwrap();
        world.carry_out(&step).unwrap();
        world.pay(&number(1));
        let paid = world.wechat.query(&number(1)).unwrap();
        world.lines = vec![line];
        world.work();
        assert_eq!(world.wechat.numbers[&number(1)].is, Is::Refunded);
        world.apply(Fact::Reported { source: Source::Query, report: paid });
        assert!(!world.is_paid(), "{:?}", world.order);
        world.live(20_000);
        // The reversal's own word tells no more than that the number is done with.
        assert_eq!(world.status(), if says_refund { Status::Refunded } else { Status::Pending });
        world.settle();
        assert!(!world.is_paid(), "{:?}", world.order);
    }
}

/// The reversal never came there: what is said when no older answer can be left is so.
#[test]
fn confirmed_before_a_reversal_that_never_came_it_is_paid() {
    let mut world = asked();
    world.live(44_999);
    world.pass(1);
    let step = world.order.due(world.now).unwrap();
    world.carry_out(&step).unwrap();
    world.lines = vec![Line::NoRequest];
    world.work();
    world.pay(&number(1));
    world.pass(2_000);
    let from = world.calls.len();
    world.verify();
    world.live(30_000);
    assert!(world.is_paid(), "{:?}", world.order);
    assert_eq!(world.wechat.numbers[&number(1)].is, Is::Success);
    assert!(!world.calls_since(from).contains(&"reverse"), "{:?}", world.calls);
    assert!(world.calls.len() - from < 5, "asked all the time: {:?}", world.calls);
}

/// Whatever money a number that may be another's brought there, it is nobody's to reverse.
#[test]
fn what_does_not_fit_is_not_reversed() {
    let mut world = World::new();
    world.lines = vec![Line::NoRequest];
    world.ask(&by(&CODE, "k1")).unwrap();
    for _ in 0..10 {
        world.pass(10_000);
        let Some(step) = world.order.due(world.now) else { continue };
        assert!(!format!("{step:?}").starts_with("Reverse"), "{:?}", world.order);
        let mut report = crate::traces::money::report(&number(1), &world);
        report.amount.as_mut().unwrap().total = 1;
        world.apply(Fact::Reported { source: Source::Query, report });
        assert_eq!(world.order.due(world.now), None, "asked again at once");
    }
    assert_eq!(world.status(), Status::Pending);
}

#[test]
fn a_payment_by_code_of_a_closed_order_is_reversed_after_15_s() {
    let mut world = asked();
    world.live(5_000);
    world.close();
    assert!(!world.calls_since(0).contains(&"reverse"));
    world.live(10_000);
    assert_eq!(world.wechat.numbers[&number(1)].is, Is::Revoked);
    assert_eq!(world.status(), Status::Closed);
    assert_eq!(world.order.trade(&number(1)).unwrap().state, TradeState::Closed);
}

#[test]
fn revoked_by_a_person_is_closed() {
    let mut world = asked();
    let mut report = world.wechat.query(&number(1)).unwrap();
    report.trade_state = TradeWord::Revoked;
    world.wechat.end(&number(1), true);
    world.apply(Fact::Reported { source: Source::Query, report });
    assert_eq!(world.order.trade(&number(1)).unwrap().state, TradeState::Closed);
    assert_eq!(world.status(), Status::Pending);
}
