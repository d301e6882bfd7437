//! What must happen later: questions in their rhythm, endings, what failed. Every order has one moment at which it is due.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tracing::Instrument;
use wechat_cashier::contract::Timestamp;

use super::carry::Carried;
use super::{Backend, Problem};
use crate::domain::{LEASE_MS, plus};
use crate::traces;

/// How many orders are taken at a time.
const CLAIM: u32 = 16;
/// How many are worked at side by side.
pub(super) const AT_ONCE: usize = 8;
/// So many steps of one order are carried out before the next order has its turn.
const STEPS_MAX: usize = 6;
/// At the latest after this time it is looked whether something is due: another machine may have written it.
pub(super) const LOOK_EACH_MS: i64 = 5_000;
/// How long to wait after the database did not answer.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// So often [`Backend::settle`] looks whether there is more. What cannot be done, such as a question more than the
/// platform may be asked, is due for longer.
pub(super) const ROUNDS_MAX: usize = 64;

impl Backend {
    /// Does what is due, until the backend stops: at orders, and beside them, so that none waits for another, in telling
    /// the shop, comparing days, and writing how payers fared.
    pub async fn work(&self) {
        tokio::join!(self.work_at_orders(), self.tell(), self.work_at_bills(), self.write_counts_in_time());
    }

    async fn work_at_orders(&self) {
        let mut stopping = self.stopping();
        loop {
            let next = tokio::select! {
                next = self.work_once() => next,
                _ = stopping.wait_for(|stopping| *stopping) => break,
            };
            tokio::select! {
                () = self.rest(next, &self.0.earlier) => {}
                _ = stopping.wait_for(|stopping| *stopping) => break,
            }
        }
        // What is under way is written before the program ends.
        self.hands_are_free().await;
    }

    /// Ends when nothing is due any more at the time that it is: for who has turned the clock.
    pub async fn settle(&self) {
        self.settle_orders().await;
        self.settle_bills().await;
        self.settle_webhooks().await;
    }

    async fn settle_orders(&self) {
        for _ in 0..ROUNDS_MAX {
            let _taking = self.0.taking.lock().await;
            self.hands_are_free().await;
            let now = self.clock().now();
            let Ok(due) = self.store().claim_due(now, plus(now, LEASE_MS), CLAIM).await else { return };
            if due.is_empty() {
                return;
            }
            for row in due {
                if let Err(problem) = self.do_what_is_due(&row.order_id).await {
                    tracing::warn!(order_id = row.order_id, why = problem.detail, "put off");
                }
            }
        }
    }

    async fn hands_are_free(&self) {
        let all = u32::try_from(AT_ONCE).unwrap_or(u32::MAX);
        // It is never closed.
        let _ = self.0.hands.acquire_many(all).await;
    }

    /// Ends when it is time to look again, or `earlier` says so.
    pub(super) async fn rest(&self, next: Option<Timestamp>, earlier: &Notify) {
        match next {
            // It is due already, and there is more of it.
            Some(at) if at <= self.clock().now() => tokio::task::yield_now().await,
            Some(at) => tokio::select! {
                () = self.clock().until(at) => {}
                () = earlier.notified() => {}
            },
            // The database does not answer. That has nothing to do with the time of orders.
            None => tokio::time::sleep(AGAIN_AFTER).await,
        }
    }

    /// Takes what is due and starts on it. Gives when to look again; None: the database does not answer.
    async fn work_once(&self) -> Option<Timestamp> {
        let _taking = self.0.taking.lock().await;
        let hands = &self.0.hands;
        // Nothing is taken that nobody has a hand free for: its lease would run out meanwhile.
        drop(hands.acquire().await.ok()?);
        let now = self.clock().now();
        let due = match self.store().claim_due(now, plus(now, LEASE_MS), CLAIM).await {
            Ok(due) => due,
            Err(error) => {
                tracing::error!(error = %error, "what is due cannot be read");
                return None;
            }
        };
        if due.is_empty() {
            let look_at = plus(now, LOOK_EACH_MS);
            return match self.store().next_due().await {
                Ok(next) => Some(next.map_or(look_at, |next| next.min(look_at).max(plus(now, 1)))),
                Err(error) => {
                    tracing::error!(error = %error, "what is due cannot be read");
                    None
                }
            };
        }
        for row in due {
            let hand = Arc::clone(hands).acquire_owned().await.ok()?;
            let backend = self.clone();
            let span = traces::work(&row.order_id);
            let work = async move {
                if let Err(problem) = backend.do_what_is_due(&row.order_id).await {
                    // Its lease runs out, and then it is due again.
                    tracing::warn!(order_id = row.order_id, why = problem.detail, "put off");
                }
                drop(hand);
            };
            tokio::spawn(work.instrument(span));
        }
        Some(now)
    }

    /// Carries out what is due of one order, and writes when it is due next.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn do_what_is_due(&self, order_id: &str) -> Result<(), Problem> {
        let _turn = self.turn(order_id).await;
        let mut order = self.order(order_id).await?;
        for _ in 0..STEPS_MAX {
            let now = self.clock().now();
            let Some(step) = order.due(now) else { break };
            if !self.may_ask(now) {
                break;
            }
            let Carried { facts, trouble } = self.carry_out(&order, &step).await;
            order = self.change(order_id, |_, _| facts.clone()).await?;
            if trouble.is_some() {
                return Ok(());
            }
        }
        // The lease goes; the order's own moment comes back.
        self.change(order_id, |_, _| Vec::new()).await.map(|_| ())
    }
}
