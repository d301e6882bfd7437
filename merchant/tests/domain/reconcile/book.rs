//! Days: orders, and the bill that says the same.

use proptest::prelude::*;
use wechat_cashier::contract::{Currency, Timestamp};
use wechat_cashier_merchant::domain::plus;
use wechat_cashier_merchant::reconcile::{Entry, Paid, Refund};
use wechat_cashier_merchant::wechat_pay::bill::{BillRefund, BillRow, BillState};

use super::day;
use crate::world::MCHID;

/// What became of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Was {
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

pub(super) fn was() -> impl Strategy<Value = Was> {
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
pub(super) struct Book {
    pub(super) entries: Vec<Entry>,
    pub(super) rows: Vec<BillRow>,
    pub(super) was: Vec<Was>,
}

pub(super) fn row(entry: &Entry, at: Timestamp) -> BillRow {
    BillRow {
        line: 2,
        at,
        mchid: MCHID.to_owned(),
        sub_mchid: None,
        transaction_id: format!("42{}", entry.out_trade_no),
        out_trade_no: entry.out_trade_no.clone(),
        state: BillState::Success,
        currency: entry.currency,
        total: entry.total,
        refund: None,
    }
}

pub(super) fn revoked(payment: &BillRow) -> BillRow {
    let refund =
        BillRefund { refund_id: None, out_refund_no: None, amount: payment.total, status: "SUCCESS".to_owned() };
    BillRow { state: BillState::Revoked, total: 0, refund: Some(refund), ..payment.clone() }
}

pub(super) fn refunded(payment: &BillRow, refund: &Refund) -> BillRow {
    let refund = BillRefund {
        refund_id: Some("50".to_owned()),
        out_refund_no: Some(refund.out_refund_no.clone()),
        amount: refund.amount,
        status: "PROCESSING".to_owned(),
    };
    BillRow { state: BillState::Refund, total: 0, refund: Some(refund), ..payment.clone() }
}

/// Trades: what became of each, its amount, its second of the day, and how many of its refunds are of that day and of another.
pub(super) fn book(trades: &[(Was, i64, i64, usize, usize)]) -> Book {
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
            shop: "shop".to_owned(),
            out_trade_no: format!("T{number}"),
            total: *total,
            currency: Currency::new("CNY").unwrap(),
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
        // Of the others it is not certain that they are of this day.
        let accepted = entry.refunds.iter().take(*refunds);
        book.rows.extend(accepted.map(|refund| refunded(&payment, refund)));
        book.entries.push(entry);
        book.was.push(*was);
    }
    book
}

pub(super) fn books() -> impl Strategy<Value = Book> {
    // Not in the last quarter of an hour: what is taken back there may be of the next day's bill.
    let trade = (was(), 1_i64..1_000_000, 0_i64..85_000, 0_usize..3, 0_usize..4);
    prop::collection::vec(trade, 0..12).prop_map(|trades| book(&trades)).prop_flat_map(|book| {
        let rows = Just(book.rows.clone()).prop_shuffle();
        rows.prop_map(move |rows| Book { rows, ..book.clone() })
    })
}
