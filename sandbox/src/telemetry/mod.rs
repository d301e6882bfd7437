//! What cashiers send to the merchant's `telemetry_url`, and the funnel that it makes. In memory, and only so much of it.

mod funnel;

pub use funnel::{ErrorCount, Funnel, Lap, StepCount};

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wechat_cashier::contract::FunnelBatch;

/// Where cashiers are told to send it.
pub(crate) const PATH: &str = "/telemetry";

/// So many batches are kept, the latest.
const BATCHES_MAX: usize = 2_000;

/// The batches that came, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Telemetry(Arc<Mutex<VecDeque<FunnelBatch>>>);

impl Telemetry {
    /// False: it is here already. A cashier sends a batch again when it cannot know whether it arrived.
    pub(crate) fn take(&self, batch: FunnelBatch) -> bool {
        let mut batches = self.lock();
        if batches.iter().any(|known| known.batch_id == batch.batch_id) {
            return false;
        }
        if batches.len() >= BATCHES_MAX {
            batches.pop_front();
        }
        batches.push_back(batch);
        true
    }

    /// All that is kept, the first that came first.
    pub(crate) fn batches(&self) -> Vec<FunnelBatch> {
        self.lock().iter().cloned().collect()
    }

    pub(crate) fn funnel(&self) -> Funnel {
        Funnel::of(self.lock().iter())
    }

    pub(crate) fn forget_all(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<FunnelBatch>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
