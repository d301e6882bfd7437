//! Where a day's bill and the orders differ.

use std::collections::{HashMap, HashSet};

use wechat_cashier::contract::Currency;

use super::entry::{Entry, Paid, Refund};
use super::report::{Compared, Difference, Kind, Seen, Sum};
use crate::day::Day;
use crate::wechat_pay::bill::{BillRefund, BillRow, BillState};

/// What is wanted back so shortly before midnight may be of the next day's bill.
const NEXT_DAY_MS: i64 = 15 * 60 * 1000;

/// Stands for the number of a reversal, which has none.
const REVERSAL: &str = "";

/// Compares a bill with the trades that were paid or paid back on that day, and with those that it names of other days. An entry that
/// is of neither does no harm.
#[must_use]
pub fn compare(day: Day, rows: &[BillRow], entries: &[Entry]) -> Compared {
    let by_number = entries.iter().map(|entry| (entry.out_trade_no.as_str(), entry)).collect();
    let gone_back: HashSet<_> = rows.iter().filter(|row| row.refund.is_some()).map(number).collect();
    let reversed = rows.iter().filter(|row| row.state == BillState::Revoked).map(number).collect();
    let mut comparing = Comparing { day, by_number, reversed, seen: HashSet::new(), compared: Compared::default() };
    for row in rows {
        match &row.refund {
            None => comparing.payment(row),
            Some(refund) => comparing.refund(row, refund),
        }
    }
    // In the sequence of the entries, so that the same report comes out each time.
    let mut told = HashSet::new();
    for entry in entries.iter().filter(|entry| told.insert(entry.out_trade_no.as_str())) {
        comparing.of_the_day(entry, &gone_back);
    }
    comparing.compared
}

fn number(row: &BillRow) -> &str {
    &row.out_trade_no
}

struct Comparing<'a> {
    day: Day,
    by_number: HashMap<&'a str, &'a Entry>,
    /// The numbers that the bill says were reversed.
    reversed: HashSet<&'a str>,
    /// What the bill has: a payment by its number, a refund by both of its numbers, a reversal by [`REVERSAL`].
    seen: HashSet<(&'a str, Option<&'a str>)>,
    compared: Compared,
}

impl<'a> Comparing<'a> {
    fn payment(&mut self, row: &'a BillRow) {
        let is_first = self.seen.insert((number(row), None));
        let entry = self.by_number.get(number(row)).copied();
        self.compared.there(shop_of(entry), |there| there.pays(row.total, row.currency));
        let kind = match entry {
            Some(entry) if is_first => self.differs(row, entry),
            _ => Some(Kind::MissingHere),
        };
        if let Some(kind) = kind {
            self.compared.add(of_row(kind, row, row.total, entry));
        }
    }

    fn differs(&self, row: &BillRow, entry: &Entry) -> Option<Kind> {
        // Of a payment by code that was taken back nobody may ever have heard that it was paid.
        let is_undone = entry.reversed_since.is_some() && self.reversed.contains(number(row));
        match &entry.paid {
            _ if row.state != BillState::Success => Some(Kind::State),
            None => (!is_undone).then_some(Kind::State),
            Some(_) if (row.total, row.currency) != (entry.total, entry.currency) => Some(Kind::Amount),
            Some(paid) if paid.transaction_id != row.transaction_id || Day::of(paid.at) != self.day => {
                Some(Kind::Payment)
            }
            Some(_) => None,
        }
    }

    fn refund(&mut self, row: &'a BillRow, refund: &'a BillRefund) {
        let entry = self.by_number.get(number(row)).copied();
        self.compared.there(shop_of(entry), |there| there.refunds(refund.amount, row.currency));
        let out_refund_no = refund.out_refund_no.as_deref();
        let ours = entry
            .zip(out_refund_no)
            .and_then(|(entry, wanted)| entry.refunds.iter().find(|refund| refund.out_refund_no == wanted));
        // A reversal has no number of ours.
        let is_reversal = row.state == BillState::Revoked || (row.state == BillState::Refund && ours.is_none());
        let kind = match entry {
            None => Some(Kind::RefundMissingHere),
            Some(entry) if is_reversal && entry.reversed_since.is_some() => {
                let is_first = self.seen.insert((number(row), Some(REVERSAL)));
                let is_all = row.currency == entry.currency && [0, entry.total].contains(&refund.amount);
                match (is_first, is_all) {
                    (false, _) => Some(Kind::RefundMissingHere),
                    (true, false) => Some(Kind::RefundAmount),
                    (true, true) => None,
                }
            }
            Some(_) if row.state == BillState::Revoked => Some(Kind::State),
            Some(entry) => match ours {
                Some(ours) if !self.seen.insert((number(row), Some(ours.out_refund_no.as_str()))) => {
                    Some(Kind::RefundMissingHere)
                }
                Some(ours) => {
                    let is_same = ours.amount == refund.amount && row.currency == entry.currency;
                    (!is_same).then_some(Kind::RefundAmount)
                }
                None => Some(Kind::RefundMissingHere),
            },
        };
        if let Some(kind) = kind {
            self.compared.add(of_row(kind, row, refund.amount, entry));
        }
    }

    /// What the order has of that day, and whether the bill has it.
    fn of_the_day(&mut self, entry: &'a Entry, gone_back: &HashSet<&str>) {
        let number = entry.out_trade_no.as_str();
        let shop = entry.shop.as_str();
        let paid = entry.paid.as_ref().filter(|paid| Day::of(paid.at) == self.day);
        // The payment may have no line beside that of its reversal.
        let is_paid_there = self.seen.contains(&(number, None)) || self.reversed.contains(number);
        if let Some(paid) = paid {
            self.compared.here(shop, |here| here.pays(entry.total, entry.currency));
            if let Some(since) = entry.reversed_since {
                self.compared.here(shop, |here| here.refunds(entry.total, entry.currency));
                let is_of_that_day = since.millis().saturating_add(NEXT_DAY_MS) < self.day.end().millis();
                if is_paid_there && is_of_that_day && !gone_back.contains(number) {
                    self.compared.add(of_entry(Kind::RefundMissingThere, entry, Some(paid), None));
                }
            }
            if !is_paid_there {
                self.compared.add(of_entry(Kind::MissingThere, entry, Some(paid), None));
            }
        }
        for refund in entry.refunds.iter().filter(|refund| refund.day() == Some(self.day)) {
            self.compared.here(shop, |here| here.refunds(refund.amount, entry.currency));
            if !self.seen.contains(&(number, Some(refund.out_refund_no.as_str()))) {
                self.compared.add(of_entry(Kind::RefundMissingThere, entry, entry.paid.as_ref(), Some(refund)));
            }
        }
    }
}

/// Nobody's, where no order has the number.
fn shop_of(entry: Option<&Entry>) -> &str {
    entry.map_or("", |entry| &entry.shop)
}

fn of_row(kind: Kind, row: &BillRow, amount: i64, entry: Option<&Entry>) -> Difference {
    let out_refund_no = row.refund.as_ref().and_then(|refund| refund.out_refund_no.clone());
    let of_refund = |entry: &Entry| {
        let known = entry.refunds.iter().find(|refund| Some(&refund.out_refund_no) == out_refund_no.as_ref())?;
        Some(seen(entry, entry.paid.as_ref(), Some(known)))
    };
    Difference {
        kind,
        out_trade_no: row.out_trade_no.clone(),
        order_id: entry.map(|entry| entry.order_id.clone()),
        shop: entry.map(|entry| entry.shop.clone()),
        there: Some(Seen {
            state: row.state.word().to_owned(),
            amount: Some(sum(amount, row.currency)),
            transaction_id: Some(row.transaction_id.clone()),
            at: Some(row.at),
        }),
        here: entry.map(|entry| of_refund(entry).unwrap_or_else(|| seen(entry, entry.paid.as_ref(), None))),
        out_refund_no,
    }
}

fn of_entry(kind: Kind, entry: &Entry, paid: Option<&Paid>, refund: Option<&Refund>) -> Difference {
    Difference {
        kind,
        out_trade_no: entry.out_trade_no.clone(),
        order_id: Some(entry.order_id.clone()),
        shop: Some(entry.shop.clone()),
        out_refund_no: refund.map(|refund| refund.out_refund_no.clone()),
        there: None,
        here: Some(seen(entry, paid, refund)),
    }
}

fn seen(entry: &Entry, paid: Option<&Paid>, refund: Option<&Refund>) -> Seen {
    Seen {
        state: refund.map_or(entry.state, |_| "refunded").to_owned(),
        amount: Some(sum(refund.map_or(entry.total, |refund| refund.amount), entry.currency)),
        transaction_id: paid.map(|paid| paid.transaction_id.clone()),
        at: refund.map(|refund| refund.taken_at.unwrap_or(refund.asked_at)).or(paid.map(|paid| paid.at)),
    }
}

fn sum(value: i64, currency: Currency) -> Sum {
    Sum { value, currency: currency.code().to_owned() }
}
