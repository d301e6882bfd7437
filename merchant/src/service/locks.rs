//! One thing at a time for each order of this process: pages that all want one order verified wait for one question.
//! Nothing rests on it; what two processes write at the same time, the version of the order tells.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

/// The orders that somebody is at.
#[derive(Debug, Default)]
pub(super) struct Locks(Mutex<HashMap<String, Weak<Turn<()>>>>);

/// How many entries of orders that nobody is at any more are kept before they are swept.
const SWEEP_AT: usize = 1024;

impl Locks {
    /// Waits for its turn with an order, which ends when what it gives is dropped.
    pub(super) async fn turn(&self, order_id: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut orders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if orders.len() >= SWEEP_AT {
                orders.retain(|_, turn| turn.strong_count() > 0);
            }
            let known = orders.get(order_id).and_then(Weak::upgrade);
            known.unwrap_or_else(|| {
                let turn = Arc::new(Turn::new(()));
                orders.insert(order_id.to_owned(), Arc::downgrade(&turn));
                turn
            })
        };
        turn.lock_owned().await
    }
}
