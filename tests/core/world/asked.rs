//! What the tests ask.

use wechat_cashier::core::{Body, Call, Instant, Stage, Tap};

use super::{Request, World};

impl World {
    /// Requests whose answers are waited for.
    pub(crate) fn under_way(&self) -> impl Iterator<Item = &Request> {
        self.wire.iter().filter(|request| !request.cancelled)
    }

    /// When the requests for the order went out, and whether with `verify`.
    pub(crate) fn order_requests(&self) -> Vec<(Instant, bool)> {
        self.sent
            .iter()
            .filter_map(|(at, call)| match call {
                Call::Order { verify, .. } => Some((*at, *verify)),
                Call::Payment { .. } | Call::Close => None,
            })
            .collect()
    }

    /// Key and `replaces` of the requests for payments.
    pub(crate) fn payment_requests(&self) -> Vec<(String, Option<String>)> {
        self.sent
            .iter()
            .filter_map(|(_, call)| match call {
                Call::Payment { key, request } => Some((key.clone(), request.replaces.clone())),
                Call::Order { .. } | Call::Close => None,
            })
            .collect()
    }

    pub(crate) fn body(&self) -> &Body {
        &self.screen.body
    }

    /// The code on the screen, which there must be.
    pub(crate) fn scan(&self) -> String {
        match &self.screen.body {
            Body::Scan { content, .. } => content.clone(),
            other => panic!("no code on the screen, but {other:?}{}", self.story()),
        }
    }

    /// The button to pay by can be tapped, as it must.
    pub(crate) fn ready(&self) {
        let ready = matches!(self.screen.body, Body::Pay { stage: Stage::Ready, .. });
        assert!(ready, "no button to pay by, but {:?}{}", self.screen.body, self.story());
    }

    pub(crate) fn pays_by(&self) -> &str {
        self.screen.way.as_ref().map_or("nothing", |way| way.method.id())
    }

    pub(crate) fn is_paid(&self) -> bool {
        matches!(self.screen.body, Body::Paid { .. })
    }

    /// How much longer the backend wants to be left alone about the order.
    pub(crate) fn held_ms(&self) -> u64 {
        self.told.held_until[0].since(self.now)
    }

    /// And about payments.
    pub(crate) fn payment_held_ms(&self) -> u64 {
        self.told.held_until[1].since(self.now)
    }

    pub(crate) fn offers(&self, tap: &Tap) -> bool {
        self.offered().contains(tap)
    }

    /// The end of what happened, for a message.
    pub(crate) fn story(&self) -> String {
        let mut story = "\nThe story so far:".to_owned();
        for happened in &self.history {
            let event: String = format!("{:?}", happened.event).chars().take(400).collect();
            story += &format!("\n{:>9} {event}", happened.at.millis());
            for effect in &happened.effects {
                story += &format!("\n{:>9}   {effect:?}", "");
            }
            story += &format!("\n{:>9}   shows {:?} {:?}", "", happened.shown.body, happened.shown.notice);
        }
        story
    }
}
