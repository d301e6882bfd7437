//! A day's bill beside the orders: what differs is named, each once, and nothing else is.

mod book;
mod plant;

use proptest::prelude::*;
use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::day::Day;
use wechat_cashier_merchant::domain::{Fact, Order, Source, Terms, plus};
use wechat_cashier_merchant::reconcile::{Compared, Kind, Report, State, compare, csv, entries};
use wechat_cashier_merchant::wechat_pay::bill::BillRow;

use crate::world::{APPID, H5, MCHID, NATIVE, World, number};
use book::{Book, Was, book, books, revoked, row};
use plant::PLANTS;

fn day() -> Day {
    Day::parse("2026-11-29").unwrap()
}

impl Book {
    fn compared(&self) -> Compared {
        compare(day(), &self.rows, &self.entries)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_bill_that_says_the_same_has_no_difference(book in books()) {
        let compared = book.compared();
        prop_assert_eq!(&compared.differences, &[]);
        prop_assert_eq!(compared.count(), 0);
    }

    #[test]
    fn each_difference_is_found_and_nothing_else(book in books(), at in 0_usize..100) {
        for plant in PLANTS {
            let mut planted = book.clone();
            let Some((kind, number)) = planted.plant(plant, at) else { continue };
            let compared = planted.compared();
            let named: Vec<_> =
                compared.differences.iter().map(|it| (it.kind, it.out_trade_no.clone())).collect();
            prop_assert_eq!(named, vec![(kind, number)], "{:?}: {:?}", plant, planted);
            prop_assert_eq!(compared.kinds.get(&kind), Some(&1));
        }
    }
}

#[test]
fn each_side_is_counted() {
    let book = book(&[
        (Was::Paid, 1999, 10, 1, 0),
        (Was::Reversed { has_payment: true }, 500, 20, 0, 0),
        (Was::PaidBefore, 100, 0, 2, 0),
        (Was::PaidAfter, 7, 0, 0, 0),
        (Was::Open, 9, 0, 0, 0),
    ]);
    let compared = book.compared();
    assert_eq!(compared.there, compared.here);
    assert_eq!((compared.here.payments, compared.here.refunds), (2, 4));
    assert_eq!((compared.here.paid["CNY"], compared.here.refunded["CNY"]), (2499, 504));
}

#[test]
fn what_is_taken_back_at_midnight_may_be_of_the_next_bill() {
    let mut book = book(&[(Was::Reversed { has_payment: true }, 500, 86_395, 0, 0)]);
    book.rows.remove(1);
    assert_eq!(book.compared().count(), 0);
    // And there it is no stranger.
    let mut next = book.clone();
    next.rows = vec![revoked(&row(&book.entries[0], day().end()))];
    assert_eq!(compare(day().plus(1), &next.rows, &next.entries).count(), 0);
}

#[test]
fn an_order_that_was_paid_twice_and_late_is_what_the_bill_says() {
    let mut world = World::new();
    let paid = |number: &str, id: &str, at: Timestamp| Fact::Reported {
        source: Source::Notification,
        report: serde_json::from_value(serde_json::json!({
            "appid": APPID, "mchid": MCHID, "out_trade_no": number, "trade_state": "SUCCESS",
            "transaction_id": id, "success_time": at, "amount": { "total": 1999, "currency": "CNY" },
        }))
        .unwrap(),
    };
    for (n, method) in [(1, NATIVE), (2, H5)] {
        let terms = Terms { appid: APPID.to_owned(), ..Default::default() };
        let trade = Order::taken(number(n), method, terms, String::new(), world.now);
        world.order.apply(Fact::Taken { trade, payment: None }, world.now);
    }
    let (before, after) = (plus(day().end(), -1000), day().end());
    world.order.apply(paid(&number(2), "42b", after), after);
    world.order.apply(paid(&number(1), "42a", before), after);
    assert!(entries(&world.order, "1900000000", None).is_empty());
    let entries = entries(&world.order, MCHID, None);
    assert_eq!(entries.len(), 2);
    for (of, id, day) in [(&entries[0], "42a", day()), (&entries[1], "42b", day().plus(1))] {
        let row = BillRow { transaction_id: id.to_owned(), ..row(of, day.begin()) };
        let compared = compare(day, std::slice::from_ref(&row), &entries);
        assert_eq!((compared.count(), compared.here.payments), (0, 1), "{compared:?}");
        // Without its line it is missing, and the other is not.
        let missing = compare(day, &[], &entries);
        let numbers: Vec<_> = missing.differences.iter().map(|it| (it.kind, &it.out_trade_no)).collect();
        assert_eq!(numbers, [(Kind::MissingThere, &of.out_trade_no)]);
    }
}

#[test]
fn a_report_is_kept_and_told_as_a_table() {
    let mut book = book(&[(Was::Paid, 1999, 10, 0, 0), (Was::Paid, 5, 20, 0, 0)]);
    book.rows[0].total = 2000;
    book.rows[1].out_trade_no = "=1+1".to_owned();
    let compared = Some(book.compared());
    let made_at = day().end();
    let (state, why) = (State::Different, None);
    let report = Report { date: day(), sub_mchid: None, made_at, state, compared, why, failures: 0 };
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    let table = csv(&report);
    let lines: Vec<_> = table.strip_prefix('\u{feff}').unwrap().split("\r\n").collect();
    assert_eq!(
        lines[1],
        "2026-11-29,amount,T0,T0,,SUCCESS,20.00,2026-11-28T16:00:10Z,paid,19.99,2026-11-28T16:00:10Z,CNY,42T0"
    );
    assert!(lines[2].starts_with("2026-11-29,missing_here,,\"'=1+1\",,SUCCESS,0.05,"), "{}", lines[2]);
    assert!(lines[3].starts_with("2026-11-29,missing_there,T1,T1,,,,,paid,0.05,"), "{}", lines[3]);
    assert_eq!(lines[4..], [""]);
}
