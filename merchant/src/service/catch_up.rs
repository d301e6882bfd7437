//! Each day is compared with its bill, and those that were missed are caught up with, one after the other.

use std::sync::atomic::Ordering;
use std::time::Duration;

use wechat_cashier::contract::Timestamp;

use super::{Backend, Problem};
use crate::day::Day;
use crate::domain::plus;
use crate::reconcile::{Due, KEPT_DAYS, Known, State, due};

/// Between one day and the next, for WeChat Pay's sake.
const PAUSE_MS: i64 = 5_000;
/// Another process is at it, or the database does not answer.
const LATER_MS: i64 = 60_000;
/// At the latest after this time it is looked whether something is due: another process may have written it.
const LOOK_EACH_MS: i64 = 10 * 60 * 1000;
/// More days than bills are kept of.
const KNOWN_MAX: u32 = 100;

impl Backend {
    /// Compares what is due, until the backend stops.
    pub(super) async fn work_at_bills(&self) {
        let Some(delay) = self.0.parts.reconciliation else { return };
        let mut stopping = self.stopping();
        loop {
            let next = tokio::select! {
                next = self.next_bill(delay) => next,
                // What is not written down yet is fetched again by another start.
                _ = stopping.wait_for(|stopping| *stopping) => return,
            };
            tokio::select! {
                () = self.clock().until(next) => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
        }
    }

    /// Compares the earliest day that is due. Gives when to look again.
    async fn next_bill(&self, delay: Duration) -> Timestamp {
        let _alone = self.0.reconciling.lock().await;
        let done = match self.due_bill(delay).await {
            Ok(Next::At(at)) => return at.min(plus(self.clock().now(), LOOK_EACH_MS)),
            Ok(Next::Now(book, day)) => self.reconcile_leased(book.as_deref(), day).await,
            Err(problem) => Err(problem),
        };
        let later_ms = match done {
            Ok(Some(_)) => PAUSE_MS,
            Ok(None) => LATER_MS,
            Err(problem) => {
                tracing::warn!(why = problem.detail, "the reconciliation is put off");
                LATER_MS
            }
        };
        plus(self.clock().now(), later_ms)
    }

    /// Compares all that is due at the time that it is: for who has turned the clock.
    pub(super) async fn settle_bills(&self) {
        let Some(delay) = self.0.parts.reconciliation else { return };
        if self.clock().now().millis() < self.0.bills_at.load(Ordering::Relaxed) {
            return;
        }
        let books = i64::try_from(self.books().len()).unwrap_or(i64::MAX);
        for _ in 0..=KEPT_DAYS.saturating_mul(books) {
            let _alone = self.0.reconciling.lock().await;
            let (book, day) = match self.due_bill(delay).await {
                Ok(Next::Now(book, day)) => (book, day),
                Ok(Next::At(at)) => return self.0.bills_at.store(at.millis(), Ordering::Relaxed),
                Err(_) => return,
            };
            if !matches!(self.reconcile_leased(book.as_deref(), day).await, Ok(Some(_))) {
                return;
            }
        }
    }

    /// Of the numbers that have a bill each, the first of which a day is due.
    async fn due_bill(&self, delay: Duration) -> Result<Next, Problem> {
        let mut next_at = None;
        for book in self.books() {
            match self.due_in(book.as_deref(), delay).await? {
                Due::Now(day) => return Ok(Next::Now(book, day)),
                Due::At(at) => next_at = Some(next_at.map_or(at, |next: Timestamp| next.min(at))),
            }
        }
        // There is always one of them.
        Ok(Next::At(next_at.unwrap_or_else(|| plus(self.clock().now(), LOOK_EACH_MS))))
    }

    async fn due_in(&self, book: Option<&str>, delay: Duration) -> Result<Due, Problem> {
        let shops = self.wechat_pay().shops_of(book);
        let first = self.store().first_order(&shops).await?.map(Day::of);
        let kept = self.store().reconciliations(book.unwrap_or_default(), "9999-12-31", KNOWN_MAX).await?;
        let known = |kept: &crate::store::Reconciliation| {
            Some(Known { day: Day::parse(&kept.date)?, state: State::of(&kept.state), next_at: kept.next_at })
        };
        let known: Vec<Known> = kept.iter().filter_map(known).collect();
        Ok(due(self.clock().now(), delay, first, &known))
    }
}

/// What is to be done next.
enum Next {
    /// This day is to be compared, of this number.
    Now(Option<String>, Day),
    /// Nothing before this time.
    At(Timestamp),
}
