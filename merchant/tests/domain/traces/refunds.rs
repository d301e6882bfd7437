//! Money that goes back, by name.

use wechat_cashier::contract::ProblemCode;
use wechat_cashier_merchant::domain::{
    Fact, Order, Refund, RefundAsked, RefundOf, RefundState, RefundWord, Report, SecondPayment, Source, Status,
    TradeWord, plus,
};

use super::money::{odd, paid, paid_twice, shown, twice};
use crate::refunds::{UNDER_WAY_MS, ask};
use crate::world::{Line, World, number};

fn refund(world: &mut World, key: &str, value: Option<i64>) -> Refund {
    let number = world.refund(&ask(key, RefundOf::ThePayment, value)).unwrap();
    world.order.refund(&number).unwrap().clone()
}

/// One that is written, and nobody has sent.
fn wanted(world: &World, value: i64) -> Refund {
    match world.order.ask_refund(&ask("r1", RefundOf::ThePayment, Some(value)), world.now) {
        Ok(RefundAsked::New(refund)) => refund,
        other => panic!("{other:?}"),
    }
}

fn states(world: &World) -> Vec<RefundState> {
    world.order.refunds.iter().map(|refund| refund.state).collect()
}

#[test]
fn all_of_it_goes_back_and_the_order_is_refunded() {
    let mut world = paid();
    let asked = refund(&mut world, "r1", None);
    assert_eq!((asked.out_refund_no.as_str(), asked.amount), ("T20261121001-R1", 1999));
    assert_eq!((asked.state, world.is_paid()), (RefundState::Processing, true));
    world.pass(UNDER_WAY_MS);
    assert!(world.tell_refund("T20261121001-R1", |_| {}));
    assert_eq!((world.status(), odd(&world)), (Status::Refunded, vec![]));
    assert_eq!((world.order.next_at(world.now), world.order.left(&number(1))), (None, 0));
    world.settle();
}

#[test]
fn in_parts_it_is_paid_until_the_last() {
    let mut world = paid();
    for (n, (part, left)) in [(999, 1000), (600, 400), (400, 0)].into_iter().enumerate() {
        let key = format!("r{n}");
        assert_eq!(refund(&mut world, &key, Some(part)).out_refund_no, format!("T20261121001-R{}", n + 1));
        assert_eq!(world.order.left(&number(1)), left);
        assert!(world.is_paid());
        world.live(60_000);
    }
    assert_eq!(states(&world), [RefundState::Success; 3]);
    assert_eq!((world.status(), odd(&world)), (Status::Refunded, vec![]));
}

/// WeChat Pay wants a minute between them.
#[test]
fn the_next_part_is_asked_for_a_minute_later() {
    let mut world = paid();
    let begun = world.now;
    refund(&mut world, "r1", Some(5));
    world.pass(1_000);
    assert_eq!(refund(&mut world, "r2", Some(6)).state, RefundState::Asked);
    let from = world.calls.len();
    world.live(58_999);
    assert!(!world.calls_since(from).contains(&"refund"));
    world.live(1);
    assert_eq!(world.now, plus(begun, 60_000));
    assert_eq!(states(&world), [RefundState::Success, RefundState::Processing]);
    // One that fails does not hold up the next for ever.
    let mut stuck = paid();
    stuck.lines = vec![Line::NoRequest];
    refund(&mut stuck, "r1", Some(5));
    stuck.lines = vec![Line::NoRequest; 20];
    refund(&mut stuck, "r2", Some(6));
    stuck.live(3_600_000);
    assert_eq!(states(&stuck), [RefundState::Success; 2]);
}

#[test]
fn more_than_what_is_left_is_refused_whatever_is_under_way() {
    let mut world = paid();
    for value in [0, -1, 2000] {
        let asked = ask("r0", RefundOf::ThePayment, Some(value));
        assert_eq!(world.refund(&asked), Err(ProblemCode::InvalidRequest), "{value}");
    }
    refund(&mut world, "r1", Some(1500));
    assert_eq!(world.refund(&ask("r2", RefundOf::ThePayment, Some(500))), Err(ProblemCode::InvalidRequest));
    assert_eq!(refund(&mut world, "r3", None).amount, 499);
    assert_eq!(world.refund(&ask("r4", RefundOf::ThePayment, None)), Err(ProblemCode::InvalidRequest));
    // Somebody else wrote in between: what is too much is not written either.
    let too_much = Refund { out_refund_no: "T20261121001-R9".to_owned(), key: None, ..world.order.refunds[0].clone() };
    world.apply(Fact::RefundAsked { refund: too_much });
    assert_eq!(world.order.refunds.len(), 2);
}

#[test]
fn what_is_not_paid_does_not_go_back() {
    let mut world = shown();
    for of in
        [RefundOf::ThePayment, RefundOf::TheSecondPayment, RefundOf::Number(number(1)), RefundOf::Number(number(7))]
    {
        assert_eq!(world.refund(&ask("r1", of, None)), Err(ProblemCode::InvalidRequest));
    }
    let mut old = paid();
    old.pass(365 * 24 * 60 * 60 * 1000 + 1);
    assert_eq!(old.refund(&ask("r1", RefundOf::ThePayment, None)), Err(ProblemCode::InvalidRequest));
}

#[test]
fn a_lost_answer_is_asked_for_again_under_the_same_number_alone() {
    for line in [Line::NoRequest, Line::NoAnswer, Line::Dies] {
        let mut world = paid();
        world.lines = vec![line];
        assert_eq!(refund(&mut world, "r1", Some(500)).state, RefundState::Asked, "{line:?}");
        let from = world.calls.len();
        world.live(60_000);
        assert_eq!(world.calls_since(from)[0], "refund", "{line:?}");
        assert_eq!(states(&world), [RefundState::Success]);
        assert_eq!(world.wechat.numbers[&number(1)].refunds.len(), 1);
    }
}

#[test]
fn its_rhythm_is_a_third_of_its_age() {
    let mut world = paid();
    let begun = world.now;
    world.wechat.refunds_end = RefundWord::Abnormal;
    refund(&mut world, "r1", None);
    let mut asked = Vec::new();
    while let Some(at) = world.order.next_at(world.now) {
        if states(&world) != [RefundState::Processing] {
            // A person looks at it: a day later it is looked at here.
            assert_eq!(at, plus(world.now, 24 * 60 * 60 * 1000));
            break;
        }
        world.pass(at.millis() - world.now.millis());
        world.work();
        asked.push((world.now.millis() - begun.millis()) / 1000);
    }
    assert_eq!(asked, [2, 7]);
    assert_eq!(odd(&world), ["refund_abnormal"]);
    let mut bank = paid();
    refund(&mut bank, "r1", None);
    let there = bank.wechat.numbers.get_mut(&number(1)).unwrap();
    there.refunds.values_mut().for_each(|refund| refund.ends_at = plus(begun, 3 * 24 * 60 * 60 * 1000));
    bank.live(2 * 24 * 60 * 60 * 1000);
    let questions = bank.calls.len();
    assert!(questions < 100, "{questions}");
    bank.live(2 * 60 * 60 * 1000);
    assert_eq!(bank.calls.len(), questions + 2);
}

#[test]
fn a_closed_one_gives_its_amount_free_under_a_new_number() {
    let mut world = paid();
    world.wechat.refunds_end = RefundWord::Closed;
    refund(&mut world, "r1", None);
    world.live(10_000);
    assert_eq!((states(&world), odd(&world)), (vec![RefundState::Closed], vec!["refund_closed"]));
    assert_eq!((world.order.left(&number(1)), world.is_paid()), (1999, true));
    world.wechat.refunds_end = RefundWord::Success;
    assert_eq!(refund(&mut world, "r2", None).out_refund_no, "T20261121001-R2");
    world.live(60_000);
    assert_eq!(world.status(), Status::Refunded);
}

#[test]
fn an_abnormal_one_holds_its_amount_and_ends_when_a_person_has_mended_it() {
    let mut world = paid();
    world.wechat.refunds_end = RefundWord::Abnormal;
    refund(&mut world, "r1", None);
    world.live(10_000);
    assert_eq!((world.order.left(&number(1)), odd(&world)), (0, vec!["refund_abnormal"]));
    world.wechat.mend_abnormal();
    world.tell_refund("T20261121001-R1", |_| {});
    assert_eq!(world.status(), Status::Refunded);
    // What was said before comes again.
    world.tell_refund("T20261121001-R1", |report| report.status = RefundWord::Abnormal);
    world.tell_refund("T20261121001-R1", |report| report.status = RefundWord::Processing);
    assert_eq!((world.status(), odd(&world)), (Status::Refunded, vec!["refund_abnormal"]));
}

#[test]
fn a_refusal_is_believed_once_no_earlier_request_can_be_under_way() {
    let (refused, failed) = (
        |number: &str| Fact::RefundRefused {
            out_refund_no: number.to_owned(), why: "订单已全额退款".to_owned()
        },
        |number: &str| Fact::RefundFailed {
            out_refund_no: number.to_owned(),
            why: "no answer".to_owned(),
            needs_a_person: false,
        },
    );
    let asked = |world: &mut World| {
        let new = wanted(world, 500);
        world.apply(Fact::RefundAsked { refund: new });
        "T20261121001-R1"
    };
    let mut at_once = paid();
    let refund = asked(&mut at_once);
    at_once.apply(refused(refund));
    assert_eq!((states(&at_once), odd(&at_once)), (vec![RefundState::Refused], vec!["refund_refused"]));
    assert_eq!((at_once.order.left(&number(1)), at_once.order.next_at(at_once.now)), (1999, None));

    let mut doubtful = paid();
    let refund = asked(&mut doubtful);
    doubtful.apply(failed(refund));
    let failed_at = doubtful.now;
    doubtful.pass(1_000);
    doubtful.apply(refused(refund));
    assert_eq!(states(&doubtful), [RefundState::Doubtful]);
    assert_eq!(
        (doubtful.order.left(&number(1)), doubtful.order.next_at(doubtful.now)),
        (1499, Some(plus(failed_at, 15_000)))
    );
    doubtful.live(15_000);
    assert_eq!((states(&doubtful), odd(&doubtful)), (vec![RefundState::Refused], vec!["refund_refused"]));
}

#[test]
fn an_empty_account_is_named_once_and_asked_again() {
    let mut world = paid();
    let new = wanted(&world, 500);
    world.apply(Fact::RefundAsked { refund: new });
    for why in ["基本账户余额不足", "余额不足"] {
        world.apply(Fact::RefundFailed {
            out_refund_no: "T20261121001-R1".to_owned(),
            why: why.to_owned(),
            needs_a_person: true,
        });
    }
    assert_eq!((states(&world), odd(&world)), (vec![RefundState::Asked], vec!["refund_held_up"]));
    world.live(60_000);
    assert_eq!(states(&world), [RefundState::Success]);
}

#[test]
fn a_second_payment_goes_back_by_hand_in_one_step() {
    let mut world = paid_twice();
    assert_eq!(world.order.refunds, []);
    let asked = world.refund(&ask("r1", RefundOf::TheSecondPayment, None)).unwrap();
    assert_eq!(asked, "T20261121001-R1");
    world.live(60_000);
    assert!(matches!(world.status(), Status::Paid { out_trade_no, .. } if out_trade_no == number(2)));
    assert_eq!(world.refund(&ask("r2", RefundOf::TheSecondPayment, None)), Err(ProblemCode::InvalidRequest));
    // And all that came.
    world.refund(&ask("r3", RefundOf::ThePayment, None)).unwrap();
    world.live(60_000);
    assert_eq!((world.status(), odd(&world)), (Status::Refunded, vec!["paid_twice"]));
}

#[test]
fn a_second_payment_goes_back_by_itself_where_that_is_set() {
    let mut world = shown();
    world.order.facts.refund_second_payment = SecondPayment::AtOnce;
    let mut world = twice(world);
    assert_eq!((states(&world), world.order.refunds[0].amount), (vec![RefundState::Asked], 1999));
    let again = world.wechat.query(&number(1)).unwrap();
    world.notify(again);
    world.live(60_000);
    assert_eq!((states(&world), odd(&world)), (vec![RefundState::Success], vec!["paid_twice"]));
    assert!(matches!(world.status(), Status::Paid { out_trade_no, .. } if out_trade_no == number(2)));
}

#[test]
fn what_does_not_fit_counts_for_nothing() {
    let mut world = paid();
    refund(&mut world, "r1", None);
    world.pass(UNDER_WAY_MS);
    for _ in 0..2 {
        world.tell_refund("T20261121001-R1", |report| report.amount.as_mut().unwrap().refund = 1998);
    }
    world.tell_refund("T20261121001-R1", |report| report.mchid = Some("1900000110".to_owned()));
    world.tell_refund("T20261121001-R1", |report| report.out_refund_no = "theirs".to_owned());
    assert_eq!((world.is_paid(), odd(&world)), (true, vec!["refund_misfit", "refund_misfit", "refund_seen"]));
    world.live(1_000);
    world.tell_refund("T20261121001-R1", |_| {});
    assert_eq!(world.status(), Status::Refunded);
}

/// A trade that is called REFUND for refunds of ours is not odd.
#[test]
fn the_trade_of_our_refunds_may_say_refund() {
    let mut world = paid();
    let report = world.wechat.query(&number(1)).unwrap();
    refund(&mut world, "r1", Some(5));
    let report = Report { trade_state: TradeWord::Refund, ..report };
    world.apply(Fact::Reported { source: Source::Query, report });
    assert_eq!((world.is_paid(), odd(&world)), (true, vec![]));
}

/// What was written before there were refunds.
#[test]
fn an_order_of_before_is_read() {
    let world = paid();
    let mut text: serde_json::Value = serde_json::to_value(&world.order).unwrap();
    text.as_object_mut().unwrap().remove("refunds").unwrap();
    text["facts"].as_object_mut().unwrap().remove("refund_second_payment").unwrap();
    assert_eq!(serde_json::from_value::<Order>(text).unwrap(), world.order);
}
