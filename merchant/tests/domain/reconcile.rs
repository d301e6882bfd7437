//! A day's bill beside the orders: what differs is named, each once, and nothing else is.

use proptest::prelude::*;
use wechat_cashier::contract::{Currency, Timestamp};
use wechat_cashier_merchant::day::Day;
use wechat_cashier_merchant::domain::{Fact, Source, plus};
use wechat_cashier_merchant::reconcile::{Compared, Entry, Kind, Paid, Refund, compare, csv, entries};
use wechat_cashier_merchant::reconcile::{Report, State};
use wechat_cashier_merchant::wechat_pay::bill::{BillRefund, BillRow, BillState};

use crate::world::{MCHID, World};

fn day() -> Day {
    Day::parse("2026-11-29").unwrap()
}

fn cny() -> Currency {
    Currency::new("CNY").unwrap()
}

/// What became of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Was {
    Paid,
    /// Paid at a till and taken back. The bill may have a line of the reversal alone.
    Reversed {
        has_payment: bool,
    },
    /// Taken back, and nobody here ever heard that it was paid.
    ReversedUnheard,
    PaidBefore,
    PaidAfter,
    Open,
}

fn was() -> impl Strategy<Value = Was> {
    prop_oneof![
        4 => Just(Was::Paid),
        1 => any::<bool>().prop_map(|has_payment| Was::Reversed { has_payment }),
        1 => Just(Was::ReversedUnheard),
        1 => Just(Was::PaidBefore),
        1 => Just(Was::PaidAfter),
        1 => Just(Was::Open),
    ]
}

/// A day: the orders, and the bill that says the same.
#[derive(Clone, Debug)]
struct Book {
    entries: Vec<Entry>,
    rows: Vec<BillRow>,
    was: Vec<Was>,
}

fn row(entry: &Entry, at: Timestamp) -> BillRow {
    BillRow {
        line: 2,
        at,
        mchid: MCHID.to_owned(),
        transaction_id: format!("42{}", entry.out_trade_no),
        out_trade_no: entry.out_trade_no.clone(),
        state: BillState::Success,
        currency: entry.currency,
        total: entry.total,
        refund: None,
    }
}

fn revoked(payment: &BillRow) -> BillRow {
    let refund =
        BillRefund { refund_id: None, out_refund_no: None, amount: payment.total, status: "SUCCESS".to_owned() };
    BillRow { state: BillState::Revoked, total: 0, refund: Some(refund), ..payment.clone() }
}

fn refunded(payment: &BillRow, refund: &Refund) -> BillRow {
    let refund = BillRefund {
        refund_id: Some("50".to_owned()),
        out_refund_no: Some(refund.out_refund_no.clone()),
        amount: refund.amount,
        status: "PROCESSING".to_owned(),
    };
    BillRow { state: BillState::Refund, total: 0, refund: Some(refund), ..payment.clone() }
}

/// Trades: what became of each, its amount, its second of the day, and how many of its refunds are of that day and of another.
fn book(trades: &[(Was, i64, i64, usize, usize)]) -> Book {
    let mut book = Book { entries: Vec::new(), rows: Vec::new(), was: Vec::new() };
    for (number, (was, total, second, refunds, others)) in trades.iter().enumerate() {
        let at = plus(day().begin(), second * 1000);
        let (paid_at, reversed_since, state) = match was {
            Was::Paid => (Some(at), None, "paid"),
            Was::Reversed { .. } => (Some(at), Some(at), "reversed"),
            Was::ReversedUnheard => (None, Some(at), "closed"),
            Was::PaidBefore => (Some(plus(day().begin(), -1)), None, "paid"),
            Was::PaidAfter => (Some(day().end()), None, "paid"),
            Was::Open => (None, None, "open"),
        };
        let is_refunded = matches!(was, Was::Paid | Was::PaidBefore);
        let refund = |of: usize, asked_at, taken_at| Refund {
            out_refund_no: format!("R{number}-{of}"),
            amount: i64::try_from(of).unwrap() + 1,
            asked_at,
            taken_at,
        };
        let of_the_day = (0..*refunds).map(|of| refund(of, at, Some(at)));
        // Of the next day, of either of two, and of none.
        let next = day().end();
        let other_times = [(next, Some(next)), (at, Some(next)), (at, None)];
        let of_others = (0..*others).map(|of| refund(of + refunds, other_times[of].0, other_times[of].1));
        let entry = Entry {
            order_id: format!("T{number}"),
            out_trade_no: format!("T{number}"),
            total: *total,
            currency: cny(),
            state,
            paid: paid_at.map(|at| Paid { transaction_id: format!("42T{number}"), at }),
            reversed_since,
            refunds: of_the_day.chain(of_others).filter(|_| is_refunded).collect(),
        };
        let payment = row(&entry, at);
        if matches!(was, Was::Paid | Was::Reversed { has_payment: true } | Was::ReversedUnheard) {
            book.rows.push(payment.clone());
        }
        if matches!(was, Was::Reversed { .. } | Was::ReversedUnheard) {
            book.rows.push(revoked(&payment));
        }
        let accepted = entry.refunds.iter().filter(|refund| refund.day() == Some(day()));
        book.rows.extend(accepted.map(|refund| refunded(&payment, refund)));
        book.entries.push(entry);
        book.was.push(*was);
    }
    book
}

fn books() -> impl Strategy<Value = Book> {
    // Not in the last quarter of an hour: what is taken back there may be of the next day's bill.
    let trade = (was(), 1_i64..1_000_000, 0_i64..85_000, 0_usize..3, 0_usize..4);
    prop::collection::vec(trade, 0..12).prop_map(|trades| book(&trades)).prop_flat_map(|book| {
        let rows = Just(book.rows.clone()).prop_shuffle();
        rows.prop_map(move |rows| Book { rows, ..book.clone() })
    })
}

/// What is planted.
#[derive(Clone, Copy, Debug)]
enum Plant {
    NoPayment,
    NoOrder,
    Twice,
    Foreign,
    Amount,
    Currency,
    Revoked,
    Odd,
    Transaction,
    Unpaid,
    NoRefund,
    ForeignRefund,
    RefundAmount,
    RefundTwice,
    NotReversed,
}

const PLANTS: [Plant; 15] = [
    Plant::NoPayment,
    Plant::NoOrder,
    Plant::Twice,
    Plant::Foreign,
    Plant::Amount,
    Plant::Currency,
    Plant::Revoked,
    Plant::Odd,
    Plant::Transaction,
    Plant::Unpaid,
    Plant::NoRefund,
    Plant::ForeignRefund,
    Plant::RefundAmount,
    Plant::RefundTwice,
    Plant::NotReversed,
];

impl Book {
    /// Plants it at one of the places where it can be, if there is one. Gives what has to be named: the kind and the number.
    fn plant(&mut self, plant: Plant, at: usize) -> Option<(Kind, String)> {
        let places: Vec<usize> = (0..self.rows.len()).filter(|row| self.can(plant, *row)).collect();
        if let Plant::Foreign = plant {
            let entry = Entry { out_trade_no: "X".to_owned(), ..book(&[(Was::Paid, 5, 5, 0, 0)]).entries[0].clone() };
            self.rows.push(row(&entry, day().begin()));
            return Some((Kind::MissingHere, "X".to_owned()));
        }
        let place = *places.get(at % places.len().max(1))?;
        let number = self.rows[place].out_trade_no.clone();
        let entry = self.entries.iter().position(|entry| entry.out_trade_no == number)?;
        let row = &mut self.rows[place];
        let kind = match plant {
            Plant::NoPayment => {
                self.rows.remove(place);
                Kind::MissingThere
            }
            Plant::NoOrder => {
                self.entries.remove(entry);
                Kind::MissingHere
            }
            Plant::Twice => {
                let again = row.clone();
                self.rows.push(again);
                Kind::MissingHere
            }
            Plant::Amount => {
                row.total += 1;
                Kind::Amount
            }
            Plant::Currency => {
                row.currency = Currency::new("HKD")?;
                Kind::Amount
            }
            Plant::Revoked => {
                *row = revoked(row);
                Kind::State
            }
            Plant::Odd => {
                row.state = BillState::Unknown("ODD".to_owned());
                Kind::State
            }
            Plant::Transaction => {
                row.transaction_id.push('0');
                Kind::Payment
            }
            Plant::Unpaid => {
                (self.entries[entry].paid, self.entries[entry].state) = (None, "open");
                Kind::State
            }
            Plant::NoRefund | Plant::NotReversed => {
                self.rows.remove(place);
                Kind::RefundMissingThere
            }
            Plant::ForeignRefund => {
                row.refund.as_mut()?.out_refund_no = Some("foreign".to_owned());
                // Ours is missing there too.
                let ours = self.entries[entry].refunds.remove(0);
                assert!(!ours.out_refund_no.is_empty());
                Kind::RefundMissingHere
            }
            Plant::RefundAmount => {
                row.refund.as_mut()?.amount += 1;
                Kind::RefundAmount
            }
            Plant::RefundTwice => {
                let again = row.clone();
                self.rows.push(again);
                Kind::RefundMissingHere
            }
            Plant::Foreign => return None,
        };
        Some((kind, number))
    }

    fn can(&self, plant: Plant, place: usize) -> bool {
        let row = &self.rows[place];
        let Some(at) = self.entries.iter().position(|entry| entry.out_trade_no == row.out_trade_no) else {
            return false;
        };
        let (entry, was) = (&self.entries[at], self.was[at]);
        let first = entry.refunds.first().map(|refund| &refund.out_refund_no);
        match plant {
            Plant::NoRefund | Plant::RefundAmount | Plant::RefundTwice => row.state == BillState::Refund,
            Plant::ForeignRefund => {
                row.refund.as_ref().is_some_and(|refund| refund.out_refund_no.as_ref() == first && first.is_some())
                    && entry.refunds[0].day() == Some(day())
            }
            Plant::NotReversed => row.state == BillState::Revoked && was == Was::Reversed { has_payment: true },
            // What is gone takes its refunds along.
            Plant::NoOrder | Plant::Unpaid => row.refund.is_none() && was == Was::Paid && entry.refunds.is_empty(),
            _ => row.refund.is_none() && was == Was::Paid,
        }
    }

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
            "appid": crate::world::APPID, "mchid": MCHID, "out_trade_no": number, "trade_state": "SUCCESS",
            "transaction_id": id, "success_time": at, "amount": { "total": 1999, "currency": "CNY" },
        }))
        .unwrap(),
    };
    for (n, method) in [(1, crate::world::NATIVE), (2, crate::world::H5)] {
        let terms =
            wechat_cashier_merchant::domain::Terms { appid: crate::world::APPID.to_owned(), ..Default::default() };
        let trade = wechat_cashier_merchant::domain::Order::taken(
            crate::world::number(n),
            method,
            terms,
            String::new(),
            world.now,
        );
        world.order.apply(Fact::Taken { trade, payment: None }, world.now);
    }
    let (before, after) = (plus(day().end(), -1000), day().end());
    world.order.apply(paid(&crate::world::number(2), "42b", after), after);
    world.order.apply(paid(&crate::world::number(1), "42a", before), after);
    let entries = entries(&world.order, MCHID);
    assert_eq!(entries.len(), 2);
    assert!(wechat_cashier_merchant::reconcile::entries(&world.order, "1900000000").is_empty());
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
    let report = Report { date: day(), made_at, state: State::Different, compared, why: None, failures: 0 };
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
