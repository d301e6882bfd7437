//! What a change of an order gives to tell. Pure: time is an argument.

use wechat_cashier::contract::Timestamp;

use crate::domain::{Oddity, Order, Refund, RefundState, Status, Strange};

/// A type of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The order is paid.
    Paid,
    /// It can no longer be paid.
    Closed,
    /// It was paid, and all of it went back.
    Refunded,
    /// One refund of it went back: a part, all, or a second payment.
    RefundSucceeded,
    /// It was paid already: this money has to go back.
    PaidTwice,
    /// Something else does not fit, and a person has to look at it.
    NeedsAttention,
    /// A day is other in WeChat Pay's bill than in the orders.
    DayDiffers,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Paid,
        Self::Closed,
        Self::Refunded,
        Self::RefundSucceeded,
        Self::PaidTwice,
        Self::NeedsAttention,
        Self::DayDiffers,
    ];

    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Paid => "order.paid",
            Self::Closed => "order.closed",
            Self::Refunded => "order.refunded",
            Self::RefundSucceeded => "order.refund_succeeded",
            Self::PaidTwice => "order.paid_twice",
            Self::NeedsAttention => "order.needs_attention",
            Self::DayDiffers => "reconciliation.different",
        }
    }

    /// The one of that word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// One thing to tell the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The order's status is another.
    Became(Status),
    /// Money went back.
    WentBack(Refund),
    /// Something does not fit.
    Noticed(Oddity),
}

impl Event {
    /// Its type. None: it is not told of, as that an order is pending again, which only a clock that was turned back brings about.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Became(Status::Pending) => None,
            Self::Became(Status::Paid { .. }) => Some(Kind::Paid),
            Self::Became(Status::Closed) => Some(Kind::Closed),
            Self::Became(Status::Refunded) => Some(Kind::Refunded),
            Self::WentBack(_) => Some(Kind::RefundSucceeded),
            Self::Noticed(Oddity { what: Strange::PaidTwice { .. }, .. }) => Some(Kind::PaidTwice),
            Self::Noticed(_) => Some(Kind::NeedsAttention),
        }
    }
}

/// What there is to tell once `after` is written in the place of `before`. `known_status` is the word for its status that was
/// written with `before`: an order closes by time alone, so that `before` may have another by now than the shop was told of.
#[must_use]
pub fn events(known_status: &str, before: &Order, after: &Order, now: Timestamp) -> Vec<Event> {
    let status = after.status(now);
    let became = (status.word() != known_status).then_some(Event::Became(status));
    let was_back = |number: &str| before.refund(number).is_some_and(|refund| refund.state == RefundState::Success);
    let is_back = |refund: &&Refund| refund.state == RefundState::Success && !was_back(&refund.out_refund_no);
    let went_back = after.refunds.iter().filter(is_back).cloned().map(Event::WentBack);
    let noticed = after.oddities.iter().skip(before.oddities.len()).cloned().map(Event::Noticed);
    went_back.chain(became).chain(noticed).filter(|event| event.kind().is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhook::message::tests::{order, paid, refund};

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn kinds(known_status: &str, before: &Order, after: &Order, now: i64) -> Vec<Kind> {
        events(known_status, before, after, at(now)).iter().filter_map(Event::kind).collect()
    }

    #[test]
    fn an_order_that_is_paid_is_told_of_once() {
        let (before, after) = (order(), paid(order(), "T1-1"));
        assert_eq!(kinds("pending", &before, &after, 10), [Kind::Paid]);
        assert_eq!(kinds("paid", &after, &after, 11), []);
        assert_eq!(kinds("pending", &before, &before, 10), []);
    }

    #[test]
    fn an_order_that_closes_by_time_alone_is_told_of() {
        let order = order();
        let end = order.facts.expires_at.millis();
        assert_eq!(kinds("pending", &order, &order, end - 1), []);
        assert_eq!(kinds("pending", &order, &order, end), [Kind::Closed]);
        assert_eq!(kinds("closed", &order, &order, end + 1), []);
        // A clock that was turned back tells nothing.
        assert_eq!(kinds("closed", &order, &order, end - 1), []);
    }

    #[test]
    fn what_does_not_fit_is_told_of_beside_the_status() {
        let before = paid(order(), "T1-1");
        let mut after = paid(before.clone(), "T1-2");
        let receipt = after.trade("T1-2").and_then(|trade| trade.receipt()).cloned().unwrap();
        let odd = |what| Oddity { at: at(5), out_trade_no: "T1-2".to_owned(), what };
        after.oddities.push(odd(Strange::PaidTwice { receipt }));
        assert_eq!(kinds("paid", &before, &after, 10), [Kind::PaidTwice]);
        let seen = after.clone();
        after.oddities.push(odd(Strange::RefundSeen));
        assert_eq!(kinds("paid", &seen, &after, 10), [Kind::NeedsAttention]);
        assert_eq!(kinds("pending", &order(), &after, 10), [Kind::Paid, Kind::PaidTwice, Kind::NeedsAttention]);
    }

    #[test]
    fn each_refund_that_went_back_is_told_of_once() {
        let before = paid(order(), "T1-1");
        let mut after = before.clone();
        let refund = refund("T1-R1", 500);
        after.refunds.push(Refund { state: RefundState::Processing, ..refund.clone() });
        assert_eq!(kinds("paid", &before, &after, 10), []);
        let asked = after.clone();
        after.refunds[0] = refund;
        assert_eq!(kinds("paid", &asked, &after, 10), [Kind::RefundSucceeded]);
        assert_eq!(kinds("paid", &after, &after, 11), []);
    }

    #[test]
    fn words_are_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_word(kind.word()), Some(kind));
        }
        assert_eq!(Kind::of_word("order.pending"), None);
    }
}
