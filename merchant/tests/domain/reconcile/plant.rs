//! Differences that are planted in a day.

use wechat_cashier::contract::Currency;
use wechat_cashier_merchant::reconcile::{Entry, Kind};
use wechat_cashier_merchant::wechat_pay::bill::BillState;

use super::book::{Book, Was, book, revoked, row};
use super::day;

/// What is planted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Plant {
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
    NotReversedUnheard,
    RevokedTwice,
}

pub(super) const PLANTS: [Plant; 17] = [
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
    Plant::NotReversedUnheard,
    Plant::RevokedTwice,
];

impl Book {
    /// Plants it at one of the places where it can be, if there is one. Gives what has to be named: the kind and the number.
    pub(super) fn plant(&mut self, plant: Plant, at: usize) -> Option<(Kind, String)> {
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
            Plant::NotReversedUnheard => {
                self.rows.remove(place);
                Kind::State
            }
            Plant::RefundTwice | Plant::RevokedTwice => {
                let again = row.clone();
                self.rows.push(again);
                Kind::RefundMissingHere
            }
            Plant::Foreign => return None,
        };
        Some((kind, number))
    }

    pub(super) fn can(&self, plant: Plant, place: usize) -> bool {
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
            Plant::NotReversedUnheard => row.state == BillState::Revoked && was == Was::ReversedUnheard,
            Plant::RevokedTwice => row.state == BillState::Revoked,
            // What is gone takes its refunds along.
            Plant::NoOrder | Plant::Unpaid => row.refund.is_none() && was == Was::Paid && entry.refunds.is_empty(),
            _ => row.refund.is_none() && was == Was::Paid,
        }
    }
}
