//! What the shop is told over a history, as the service writes it with each change.

use std::collections::BTreeSet;

use wechat_cashier_merchant::domain::{Order, Strange};
use wechat_cashier_merchant::webhook::{Event, Kind, Message, events};

use crate::world::World;

/// What the shop was told so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// The word that stands in the order's row. Empty: it is new.
    known_status: String,
    /// The ids: one that is known is not written again.
    ids: BTreeSet<String>,
    kinds: Vec<Kind>,
}

impl World {
    /// The order was written in the place of `before`.
    pub(crate) fn tell(&mut self, before: &Order) {
        let known = if self.told.known_status.is_empty() { "pending" } else { &self.told.known_status };
        let events = events(known, before, &self.order, self.now);
        self.told.known_status = self.status().word().to_owned();
        for event in events {
            let message = Message::of(&event, &self.order, self.now).unwrap();
            assert!(!message.body.contains("openid"), "{message:?}");
            if self.told.ids.insert(message.id) {
                self.told.kinds.extend(event.kind());
            }
        }
    }

    /// (n) What the shop was told last is how the order stands, and of all that does not fit each is told once.
    pub(crate) fn check_told(&self) {
        let kinds = &self.told.kinds;
        let of_status = |kind: &&Kind| matches!(kind, Kind::Paid | Kind::Closed | Kind::Refunded);
        let last = kinds.iter().rfind(of_status).copied();
        let status = self.status();
        assert_eq!(last, Event::Became(status.clone()).kind(), "(n) {status:?}: {kinds:?} {self:#?}");
        let count = |is: fn(&Kind) -> bool| kinds.iter().filter(|kind| is(kind)).count();
        let is_twice = |what: &Strange| matches!(what, Strange::PaidTwice { .. });
        let twice = self.order.oddities.iter().filter(|odd| is_twice(&odd.what)).count();
        assert_eq!(count(|kind| *kind == Kind::PaidTwice), twice, "(n) {kinds:?} {self:#?}");
        let others = self.order.oddities.len() - twice;
        assert_eq!(count(|kind| *kind == Kind::NeedsAttention), others, "(n) {kinds:?} {self:#?}");
    }
}
