//! What WeChat Pay says of money: what counts, what is kept for a person.

use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::domain::{Amount, Fact, Report, Source, Status, Strange, TradeState, TradeWord};

use crate::asks::by;
use crate::wechat::Is;
use crate::world::{APPID, LIFE_MS, MCHID, NATIVE, World, number};

pub(crate) fn shown() -> World {
    let mut world = World::new();
    world.ask(&by(&NATIVE, "k1")).unwrap();
    world
}

/// An order that is paid.
pub(crate) fn paid() -> World {
    let mut world = shown();
    world.pay(&number(1));
    let paid = world.notifications.remove(0);
    world.notify(paid);
    world
}

/// As WeChat Pay tells of this number's payment now.
pub(crate) fn report(number: &str, world: &World) -> Report {
    Report {
        appid: APPID.to_owned(),
        mchid: MCHID.to_owned(),
        sub: None,
        out_trade_no: number.to_owned(),
        trade_state: TradeWord::Success,
        transaction_id: Some(format!("42000{number}")),
        success_time: Some(world.now),
        amount: Some(Amount { total: 1999, currency: "CNY".to_owned() }),
    }
}

/// The strange things that are kept.
pub(crate) fn odd(world: &World) -> Vec<&'static str> {
    let name = |what: &Strange| match what {
        Strange::Misfit { .. } => "misfit",
        Strange::PaidTwice { .. } => "paid_twice",
        Strange::PaidLate { .. } => "paid_late",
        Strange::RefundSeen => "refund_seen",
        Strange::UnknownState { .. } => "unknown_state",
        Strange::Contradiction { .. } => "contradiction",
        Strange::RefundMisfit { .. } => "refund_misfit",
        Strange::RefundContradiction { .. } => "refund_contradiction",
        Strange::RefundAbnormal { .. } => "refund_abnormal",
        Strange::RefundClosed { .. } => "refund_closed",
        Strange::RefundRefused { .. } => "refund_refused",
        Strange::RefundHeldUp { .. } => "refund_held_up",
    };
    world.order.oddities.iter().map(|odd| name(&odd.what)).collect()
}

/// Both numbers are paid, whatever was done to prevent it.
pub(crate) fn paid_twice() -> World {
    twice(shown())
}

/// The same of an order that was made otherwise.
pub(crate) fn twice(mut world: World) -> World {
    world.apply(Fact::Ended { out_trade_no: number(1) });
    world.wechat.end(&number(1), false);
    world.ask(&by(&NATIVE, "k2")).unwrap();
    world.pay(&number(2));
    let second = world.notifications.remove(0);
    world.notify(second);
    world.pass(1_000);
    world.wechat.numbers.get_mut(&number(1)).unwrap().is = Is::Notpay;
    world.pay(&number(1));
    let first = world.notifications.remove(0);
    world.notify(first);
    world
}

#[test]
fn a_notification_pays_the_order() {
    let mut world = shown();
    world.pass(41_000);
    world.pay(&number(1));
    let paid = world.notifications.remove(0);
    let paid_at = world.now;
    world.pass(800);
    world.notify(paid);
    assert_eq!(world.status(), Status::Paid { out_trade_no: number(1), paid_at });
    assert_eq!((world.look(), odd(&world)), (None, vec![]));
    let receipt = world.order.trade(&number(1)).unwrap().receipt().unwrap();
    assert_eq!((receipt.heard_at, receipt.heard_by), (world.now, Source::Notification));
    world.settle();
}

#[test]
fn a_second_payment_is_kept_and_named() {
    let mut world = paid_twice();
    assert_eq!(world.order.paid, [number(2), number(1)]);
    assert!(matches!(world.status(), Status::Paid { out_trade_no, .. } if out_trade_no == number(2)));
    assert_eq!(odd(&world), ["paid_twice"]);
    let again = world.wechat.query(&number(1)).unwrap();
    world.notify(again);
    assert_eq!((world.order.paid.len(), odd(&world)), (2, vec!["paid_twice"]));
}

#[test]
fn money_after_the_close_counts_and_is_named() {
    let mut world = shown();
    world.pay(&number(1));
    let paid = world.notifications.remove(0);
    world.pass(1_000);
    world.apply(Fact::Closed);
    world.notify(paid);
    assert!(world.is_paid());
    assert_eq!(odd(&world), ["paid_late"]);
}

#[test]
fn money_of_a_trade_that_was_believed_closed_counts_and_is_named() {
    let mut world = shown();
    world.pay(&number(1));
    let paid = world.notifications.remove(0);
    world.apply(Fact::Ended { out_trade_no: number(1) });
    world.notify(paid);
    assert!(world.is_paid());
    assert_eq!(odd(&world), ["paid_late"]);
}

/// The order said "closed", as far as anyone knew; then the money turns up.
#[test]
fn money_after_the_end_counts_and_is_named() {
    let mut world = shown();
    world.live(LIFE_MS + 2_000);
    assert_eq!(world.status(), Status::Closed);
    let report = report(&number(1), &world);
    let there = world.wechat.numbers.get_mut(&number(1)).unwrap();
    (there.is, there.paid_at) = (Is::Success, report.success_time);
    world.notify(report);
    assert!(world.is_paid());
    assert_eq!(odd(&world), ["paid_late"]);
    world.settle();
}

/// Paid in time and heard of late: that is not late.
#[test]
fn money_of_the_last_moment_is_in_time() {
    let mut world = shown();
    world.pass(LIFE_MS - 1);
    world.pay(&number(1));
    world.live(2_001);
    assert!(world.is_paid());
    assert_eq!(odd(&world), Vec::<&str>::new());
    // Not asked about a millisecond before: a payment of the last moment has to be in the books.
    assert_eq!(world.calls_since(0), ["place", "query"]);
}

type Change = (&'static str, fn(&mut Report));

const WRONG: [Change; 11] = [
    ("amount.total", |report| report.amount.as_mut().unwrap().total = 1998),
    ("amount.total", |report| report.amount.as_mut().unwrap().total = 2000),
    ("amount.currency", |report| report.amount.as_mut().unwrap().currency = "HKD".to_owned()),
    ("amount.currency", |report| report.amount.as_mut().unwrap().currency = "cny".to_owned()),
    ("amount", |report| report.amount = None),
    ("appid", |report| report.appid = "wxanother".to_owned()),
    ("mchid", |report| report.mchid = "1900000110".to_owned()),
    ("transaction_id", |report| report.transaction_id = None),
    ("transaction_id", |report| report.transaction_id = Some(String::new())),
    ("success_time", |report| report.success_time = None),
    ("out_trade_no", |report| report.out_trade_no = "T20261121002".to_owned()),
];

#[test]
fn what_differs_is_kept_and_never_paid() {
    for (field, change) in WRONG {
        for source in [Source::Notification, Source::Query, Source::Codepay] {
            for word in [TradeWord::Success, TradeWord::Refund] {
                let mut world = shown();
                let mut report = report(&number(1), &world);
                report.trade_state = word;
                change(&mut report);
                // Twice is once.
                for _ in 0..2 {
                    world.apply(Fact::Reported { source, report: report.clone() });
                }
                assert_eq!((world.status(), odd(&world)), (Status::Pending, vec!["misfit"]), "{field}");
                let Strange::Misfit { misfit, report: kept, .. } = &world.order.oddities[0].what else { panic!() };
                assert_eq!((misfit.field.as_str(), kept), (field, &report));
                assert_ne!(misfit.expected, misfit.got);
                assert!(world.look().is_some(), "the code stays");
            }
        }
    }
}

/// Not even what is not about money is believed of another merchant's trade.
#[test]
fn another_merchants_word_ends_nothing() {
    for word in [TradeWord::Closed, TradeWord::Revoked, TradeWord::Payerror, TradeWord::Userpaying] {
        let mut world = shown();
        let mut report = world.wechat.query(&number(1)).unwrap();
        (report.trade_state, report.mchid) = (word, "1900000110".to_owned());
        world.apply(Fact::Reported { source: Source::Query, report });
        assert_eq!(world.order.trade(&number(1)).unwrap().state, TradeState::Open);
        assert_eq!(odd(&world), ["misfit"]);
    }
}

/// However much does not fit: money that is too much is named.
#[test]
fn much_that_does_not_fit_hides_no_second_payment() {
    let mut world = paid_twice();
    world.order.oddities.clear();
    world.order.paid.retain(|paid| *paid == number(2));
    for trade in world.order.trades.iter_mut().filter(|trade| trade.out_trade_no == number(1)) {
        trade.state = TradeState::Closed;
    }
    for total in 1..100 {
        let mut report = report(&number(1), &world);
        report.amount.as_mut().unwrap().total = total;
        world.notify(report);
    }
    assert!(world.order.oddities.len() < 30);
    let first = world.wechat.query(&number(1)).unwrap();
    world.notify(first);
    assert_eq!(odd(&world).last(), Some(&"paid_twice"));
}

/// A part of it may have gone back: a person has to look, and it stays paid.
#[test]
fn a_refund_that_nobody_here_asked_for_is_named_and_stays_paid() {
    let mut world = shown();
    world.pay(&number(1));
    let paid = world.notifications.remove(0);
    let refund = Report { trade_state: TradeWord::Refund, ..paid.clone() };
    world.notify(paid);
    for _ in 0..2 {
        world.apply(Fact::Reported { source: Source::Query, report: refund.clone() });
    }
    assert!(world.is_paid());
    assert_eq!(odd(&world), ["refund_seen"]);
    // Also if that is the first word of the money.
    let mut other = shown();
    other.pay(&number(1));
    other.apply(Fact::Reported { source: Source::Query, report: refund });
    assert!(other.is_paid());
    assert_eq!(odd(&other), ["refund_seen"]);
}

#[test]
fn closed_there_is_closed_here() {
    let mut world = shown();
    world.wechat.end(&number(1), false);
    world.live(5_000);
    assert_eq!(world.order.trade(&number(1)).unwrap().state, TradeState::Closed);
    assert_eq!((world.status(), world.look()), (Status::Pending, None));
    assert_eq!(world.ask(&by(&NATIVE, "k1")).unwrap().out_trade_no, Some(number(2)));
}

#[test]
fn an_unknown_word_changes_nothing_and_is_named_once() {
    let mut world = shown();
    let mut report = world.wechat.query(&number(1)).unwrap();
    report.trade_state = TradeWord::Unknown("ACCEPT".to_owned());
    for _ in 0..3 {
        world.apply(Fact::Reported { source: Source::Query, report: report.clone() });
    }
    assert_eq!((world.status(), odd(&world)), (Status::Pending, vec!["unknown_state"]));
    assert!(world.look().is_some());
    let text = serde_json::to_string(&report).unwrap();
    assert!(text.contains(r#""trade_state":"ACCEPT""#), "{text}");
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
}

#[test]
fn another_transaction_of_a_paid_number_is_a_contradiction() {
    let mut world = shown();
    world.pay(&number(1));
    let paid = world.notifications.remove(0);
    world.notify(paid.clone());
    let receipt = world.order.trade(&number(1)).unwrap().receipt().cloned();
    for change in [
        Report { transaction_id: Some("another".to_owned()), ..paid.clone() },
        Report { trade_state: TradeWord::Closed, ..paid },
    ] {
        world.apply(Fact::Reported { source: Source::Query, report: change });
        assert_eq!(world.order.trade(&number(1)).unwrap().receipt().cloned(), receipt);
    }
    assert_eq!(odd(&world), ["contradiction", "contradiction"]);
}

/// What was asked before the money came is answered after it.
#[test]
fn a_late_answer_takes_nothing_back() {
    let mut world = shown();
    let before = world.wechat.query(&number(1)).unwrap();
    world.pay(&number(1));
    let paid = world.notifications.remove(0);
    world.notify(paid);
    let known = world.order.clone();
    for word in [TradeWord::Notpay, TradeWord::Userpaying, TradeWord::Payerror] {
        let report = Report { trade_state: word, ..before.clone() };
        world.apply(Fact::Reported { source: Source::Notification, report });
    }
    world.apply(Fact::NotFound { out_trade_no: number(1) });
    world.apply(Fact::Superseded { out_trade_no: number(1) });
    world.apply(Fact::Ended { out_trade_no: number(1) });
    assert_eq!(world.status(), known.status(world.now));
    assert_eq!(
        (world.order.trade(&number(1)).unwrap().receipt(), odd(&world)),
        (known.trade(&number(1)).unwrap().receipt(), vec![])
    );
}

/// By WeChat Pay's clock.
#[test]
fn it_is_paid_when_wechat_pay_says() {
    let mut world = shown();
    world.pay(&number(1));
    let mut report = world.notifications.remove(0);
    report.success_time = Timestamp::parse("2026-11-21T09:59:59Z");
    world.notify(report.clone());
    assert!(matches!(world.status(), Status::Paid { paid_at, .. } if Some(paid_at) == report.success_time));
}
