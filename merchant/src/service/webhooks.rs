//! Telling the shops. What there is to tell is written with the order; here it is sent, beside the work at orders, which
//! never waits for it.

use std::sync::Arc;

use tokio::sync::{Mutex, Notify, Semaphore};
use wechat_cashier::contract::{ProblemCode, Timestamp};

use super::work::{LOOK_EACH_MS, ROUNDS_MAX};
use super::{Backend, Problem};
use crate::domain::{Order, plus};
use crate::metrics;
use crate::reconcile::Report;
use crate::store::{NewWebhook, StoreError, Tried, Webhook, WebhookState};
use crate::webhook::{Answered, Kind, Message, Receiver, Receivers, Verdict, events, jitter, verdict};

/// How many are sent side by side.
const AT_ONCE: usize = 8;
/// For how long one who took them keeps others from it. When it dies, another goes on after it.
const LEASE_MS: i64 = 60_000;
/// How soon it is looked again when another process was quicker.
const AGAIN_MS: i64 = 1_000;

/// What sending needs beside the store.
#[derive(Debug)]
pub(super) struct Telling {
    /// Something may be due earlier than the worker thought.
    earlier: Notify,
    /// Held while what is due is taken, so that who waits for it does not look in between.
    taking: Mutex<()>,
    hands: Arc<Semaphore>,
}

impl Default for Telling {
    fn default() -> Self {
        let hands = Arc::new(Semaphore::new(AT_ONCE));
        Self { earlier: Notify::default(), taking: Mutex::default(), hands }
    }
}

impl Backend {
    fn receivers(&self) -> &Receivers {
        &self.0.parts.receivers
    }

    /// Whether a shop has an address to be told at.
    #[must_use]
    pub fn tells(&self, shop: &str) -> bool {
        self.receivers().of(shop).is_some()
    }

    /// What a change of an order gives to tell its shop, to be written with it.
    pub(super) fn to_tell(&self, known_status: &str, before: &Order, after: &Order, now: Timestamp) -> Vec<NewWebhook> {
        let shop = &after.facts.shop;
        let wanted = events(known_status, before, after, now);
        let wanted = wanted.iter().filter(|event| event.kind().is_some_and(|kind| self.receivers().wants(shop, kind)));
        let messages = wanted.filter_map(|event| Message::of(event, after, now));
        messages.map(|message| new_webhook(shop, message, now)).collect()
    }

    /// What a day's report gives to tell, to be written with it: each shop, of what is its own.
    pub(super) fn to_tell_of_day(&self, report: &Report) -> Vec<NewWebhook> {
        let is_its = |shop: &&str| self.book_of(shop) == report.sub_mchid.as_deref();
        let wanted = self.receivers().shops().into_iter().filter(is_its);
        let wanted = wanted.filter(|shop| self.receivers().wants(shop, Kind::DayDiffers));
        let told = wanted.filter_map(|shop| Some((shop, Message::of_day(&report.of_shop(shop), shop)?)));
        told.map(|(shop, message)| new_webhook(shop, message, report.made_at)).collect()
    }

    /// Something was written that the shop is to be told.
    pub(super) fn is_to_be_told(&self) {
        self.0.telling.earlier.notify_one();
    }

    /// Sends what is due, until the backend stops.
    pub(super) async fn tell(&self) {
        if self.receivers().shops().is_empty() {
            return;
        }
        let mut stopping = self.stopping();
        loop {
            let next = tokio::select! {
                next = self.tell_once() => next,
                _ = stopping.wait_for(|stopping| *stopping) => break,
            };
            tokio::select! {
                () = self.rest(next, &self.0.telling.earlier) => {}
                _ = stopping.wait_for(|stopping| *stopping) => break,
            }
        }
        self.all_is_told().await;
    }

    /// Ends when nothing is due any more at the time that it is.
    pub(super) async fn settle_webhooks(&self) {
        let shops = self.receivers().shops();
        if shops.is_empty() {
            return;
        }
        for _ in 0..ROUNDS_MAX {
            let _taking = self.0.telling.taking.lock().await;
            self.all_is_told().await;
            let now = self.clock().now();
            let limit = u32::try_from(AT_ONCE).unwrap_or(u32::MAX);
            let Ok(due) = self.store().claim_webhooks(&shops, now, plus(now, LEASE_MS), limit).await else { return };
            if due.is_empty() {
                return;
            }
            for webhook in due {
                self.send(webhook).await;
            }
        }
    }

    async fn all_is_told(&self) {
        let all = u32::try_from(AT_ONCE).unwrap_or(u32::MAX);
        // It is never closed.
        let _ = self.0.telling.hands.acquire_many(all).await;
    }

    /// Takes what is due and starts on it. Gives when to look again; None: the database does not answer.
    async fn tell_once(&self) -> Option<Timestamp> {
        let _taking = self.0.telling.taking.lock().await;
        let shops = self.receivers().shops();
        let hands = &self.0.telling.hands;
        // Nothing is taken that nobody has a hand free for.
        drop(hands.acquire().await.ok()?);
        let now = self.clock().now();
        let unread = |error: StoreError| {
            tracing::error!(error = %error, "what the shop is to be told cannot be read");
        };
        // By reading alone: who writes an order is not to wait for this.
        let next = self.store().next_webhook(&shops).await.map_err(unread).ok()?;
        let look_at = plus(now, LOOK_EACH_MS);
        if next.is_none_or(|next| next > now) {
            return Some(next.map_or(look_at, |next| next.min(look_at)));
        }
        let free = u32::try_from(hands.available_permits()).unwrap_or(u32::MAX).max(1);
        let due = self.store().claim_webhooks(&shops, now, plus(now, LEASE_MS), free).await.map_err(unread).ok()?;
        if due.is_empty() {
            return Some(plus(now, AGAIN_MS));
        }
        for of_one_order in by_order(due) {
            let hand = Arc::clone(hands).acquire_owned().await.ok()?;
            let backend = self.clone();
            tokio::spawn(async move {
                for webhook in of_one_order {
                    backend.send(webhook).await;
                }
                drop(hand);
            });
        }
        Some(now)
    }

    /// Sends one that was claimed, and writes what came of it.
    async fn send(&self, Webhook { id, shop, order_id, kind, body, tries, next_at, .. }: Webhook) {
        let (Some(receiver), Some(lease_until)) = (self.receivers().of(&shop), next_at) else { return };
        let began = self.clock().now();
        // Those before it took so long that another may have it before this one has an answer.
        if plus(began, receiver.limit_ms()) > lease_until {
            return;
        }
        let message = Message { id, kind, body };
        let answered = receiver.send(&message, began).await;
        let Message { id, kind, .. } = message;
        let (at, tries) = (self.clock().now(), tries.saturating_add(1));
        let verdict = verdict(&answered, tries, at, jitter());
        let Answered { status, error, .. } = answered;
        metrics::told(verdict_word(&verdict));
        let (state, next_at) = match verdict {
            Verdict::Delivered => {
                tracing::info!(order_id, id, kind, tries, "the shop is told");
                (WebhookState::Delivered, None)
            }
            Verdict::Again(next_at) => {
                // What a receiver says stays out of the log: it is the shop's own, and may be anything.
                tracing::warn!(order_id, id, kind, tries, status, "the shop could not be told, and will be later");
                (WebhookState::Waiting, Some(next_at))
            }
            Verdict::GivenUp => {
                tracing::error!(order_id, id, kind, tries, status, "alarm: the shop could not be told, and is no more");
                (WebhookState::GivenUp, None)
            }
        };
        match self.store().finish_webhook(&id, lease_until, &Tried { at, state, next_at, status, error }).await {
            Ok(true) => {}
            Ok(false) => tracing::info!(order_id, id, "somebody else tells it too"),
            // Its lease runs out, and then it is sent again, under the same id.
            Err(error) => tracing::error!(order_id, id, error = %error, "what came of telling is not written"),
        }
    }

    /// Has a shop told something again, whatever came of it before. Gives how it stands.
    ///
    /// # Errors
    /// There is none of this id for this shop, no address in the configuration, or the database does not answer.
    pub async fn tell_again(&self, shop: &str, id: &str) -> Result<Webhook, Problem> {
        self.receiver_of(shop)?;
        let told = self.store().send_webhook_again(shop, id, self.clock().now()).await?;
        let told = told.ok_or_else(|| Problem::new(ProblemCode::OrderNotFound, format!("there is no webhook {id}")))?;
        self.is_to_be_told();
        Ok(told)
    }

    /// Sends a shop a message that tells nothing, now and once. Gives its id and what came of it.
    ///
    /// # Errors
    /// There is no address in the configuration.
    pub async fn test_webhook(&self, shop: &str) -> Result<(String, Answered), Problem> {
        let receiver = self.receiver_of(shop)?;
        let now = self.clock().now();
        let message = Message::test(now);
        let answered = receiver.send(&message, now).await;
        Ok((message.id, answered))
    }

    fn receiver_of(&self, shop: &str) -> Result<&Receiver, Problem> {
        let nowhere = "there is no webhooks.url in the configuration: nobody is told anything";
        self.receivers().of(shop).ok_or_else(|| Problem::invalid(nowhere))
    }
}

fn new_webhook(shop: &str, Message { id, kind, body }: Message, created_at: Timestamp) -> NewWebhook {
    NewWebhook { id, shop: shop.to_owned(), kind, body, created_at }
}

/// As it is counted.
const fn verdict_word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Delivered => "delivered",
        Verdict::Again(_) => "again",
        Verdict::GivenUp => "given_up",
    }
}

/// What is about one order is sent one after the other, in the sequence in which it happened.
fn by_order(due: Vec<Webhook>) -> Vec<Vec<Webhook>> {
    let mut orders: Vec<Vec<Webhook>> = Vec::new();
    for webhook in due {
        match orders.iter_mut().find(|of_one| of_one.iter().any(|known| known.order_id == webhook.order_id)) {
            Some(of_one) if webhook.order_id.is_some() => of_one.push(webhook),
            _ => orders.push(vec![webhook]),
        }
    }
    // What failed together is due again at different moments, by chance.
    for of_one in &mut orders {
        of_one.sort_by_key(|webhook| webhook.created_at);
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_order_the_earliest_comes_first() {
        let webhook = |id: &str, order_id: &str, created_at| Webhook {
            id: id.to_owned(),
            shop: String::new(),
            order_id: Some(order_id.to_owned()),
            kind: String::new(),
            body: String::new(),
            created_at: Timestamp::from_millis(created_at),
            state: WebhookState::Waiting,
            next_at: None,
            tries: 0,
            last_at: None,
            last_status: None,
            last_error: None,
            delivered_at: None,
        };
        let due = vec![webhook("2", "A", 2), webhook("3", "B", 3), webhook("1", "A", 1), webhook("4", "A", 2)];
        let orders = by_order(due);
        let ids: Vec<Vec<_>> =
            orders.iter().map(|of_one| of_one.iter().map(|webhook| webhook.id.as_str()).collect()).collect();
        assert_eq!(ids, [vec!["1", "2", "4"], vec!["3"]]);
    }
}
