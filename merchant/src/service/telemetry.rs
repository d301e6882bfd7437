//! How payers fare: taken in from pages, counted in memory, and the counts written now and then. Pages are answered without it.

use std::time::Duration;

use tokio::sync::Mutex;
use wechat_cashier::contract::FunnelBatch;

use super::{Backend, Problem};
use crate::day::Day;
use crate::metrics;
use crate::store::{FunnelCount, StoreError};
use crate::telemetry::{Counts, Place, Taken, Telemetry};

/// So often the counts are written. What a process that dies has not written is lost, and nothing rests on it.
const WRITE_EACH: Duration = Duration::from_secs(5);
/// For so many days counts are kept: a year can be held beside the one before at its end.
const KEPT_DAYS: i64 = 400;

/// What counting needs beside the store.
#[derive(Debug)]
pub(super) struct Counting {
    telemetry: Telemetry,
    /// Held while counts are written: who wants them all waits for it.
    writing: Mutex<()>,
}

impl Counting {
    pub(super) fn new(own_methods: Vec<String>) -> Self {
        Self { telemetry: Telemetry::new(own_methods), writing: Mutex::default() }
    }
}

impl Backend {
    /// What pages told of late, in memory.
    #[must_use]
    pub fn telemetry(&self) -> &Telemetry {
        &self.0.counting.telemetry
    }

    /// A page tells how its payer fares.
    pub fn hear_of_visit(&self, batch: FunnelBatch) {
        metrics::beacon(match self.telemetry().take(batch, self.clock().now()) {
            Taken::New => "taken",
            Taken::Known => "known",
        });
    }

    /// How many visits of these days came how far.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn visits(&self, from: Day, to: Day) -> Result<Vec<FunnelCount>, Problem> {
        self.write_counts().await?;
        let mut counts = self.store().funnel(&from.to_string(), &to.to_string()).await?;
        // What was taken back is counted as nothing.
        counts.retain(|count| count.visits > 0);
        Ok(counts)
    }

    /// Writes counts until the backend stops, and then once more.
    pub(super) async fn write_counts_in_time(&self) {
        let mut stopping = self.stopping();
        loop {
            let is_stopping = tokio::select! {
                () = tokio::time::sleep(WRITE_EACH) => false,
                _ = stopping.wait_for(|stopping| *stopping) => true,
            };
            if let Err(error) = self.write_counts().await {
                tracing::warn!(error = %error, "how payers fared is not written, and will be later");
            }
            if is_stopping {
                return;
            }
        }
    }

    /// Writes what was counted since the last time.
    pub(super) async fn write_counts(&self) -> Result<(), StoreError> {
        let _alone = self.0.counting.writing.lock().await;
        let counts = self.telemetry().to_be_written();
        if counts.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = counts.iter().map(|(place, visits)| row(place, *visits)).collect();
        let forget_before = Day::of(self.clock().now()).plus(-KEPT_DAYS).to_string();
        let written = self.store().count_funnel(&rows, &forget_before).await;
        if written.is_err() {
            self.counts_wait(counts);
        }
        written
    }

    fn counts_wait(&self, counts: Counts) {
        let lost = self.telemetry().not_written(counts);
        for _ in 0..lost {
            metrics::beacon("lost");
        }
    }
}

fn row(place: &Place, visits: i64) -> FunnelCount {
    let Place { day, stage, method, surface } = place;
    FunnelCount {
        day: day.to_string(),
        stage: (*stage).to_owned(),
        method: method.clone(),
        surface: (*surface).to_owned(),
        visits,
    }
}
