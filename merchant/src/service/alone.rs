//! One page at a time is given something to pay by for an order, over all instances: of two codes that are asked for in one moment
//! WeChat Pay takes the later one, and who wrote last would be shown, whichever that is.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;
use tokio::time::{MissedTickBehavior, interval};
use wechat_cashier::contract::{ProblemCode, Timestamp};

use super::{Backend, Problem};
use crate::domain::{LEASE_MS, plus};

/// So often it is looked whether another instance has done with the order.
const LOOK_EACH: Duration = Duration::from_millis(100);
/// By then what an instance that died had is free.
const LOOKS_MAX: i64 = LEASE_MS / 100 + 1;

/// Nobody else gives a page of this order anything to pay by, until this is dropped.
pub(super) struct Alone {
    _turn: OwnedMutexGuard<()>,
    _lease: Option<Lease>,
}

struct Lease {
    backend: Backend,
    name: String,
    until: Timestamp,
}

impl Drop for Lease {
    fn drop(&mut self) {
        // Where nothing runs any more, it runs out.
        let Ok(runtime) = Handle::try_current() else { return };
        let (backend, name, until) = (self.backend.clone(), std::mem::take(&mut self.name), self.until);
        runtime.spawn(async move {
            if let Err(error) = backend.store().end_lease(&name, until).await {
                tracing::warn!(error = %error, "others wait for an order until its lease runs out");
            }
        });
    }
}

impl Backend {
    /// Waits until nobody else gives a page of this order something to pay by.
    ///
    /// # Errors
    /// The database does not answer, or another instance is at it for longer than one may be.
    pub(super) async fn alone_with(&self, order_id: &str) -> Result<Alone, Problem> {
        let turn = self.turn(order_id).await;
        if !self.has_company() {
            return Ok(Alone { _turn: turn, _lease: None });
        }
        let name = format!("pay {order_id}");
        let mut looks = interval(LOOK_EACH);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for _ in 0..LOOKS_MAX {
            looks.tick().await;
            let now = self.clock().now();
            let until = plus(now, LEASE_MS);
            if self.store().lease(&name, now, until).await? {
                return Ok(Alone { _turn: turn, _lease: Some(Lease { backend: self.clone(), name, until }) });
            }
        }
        let detail = format!("another page of order {order_id} is being given something to pay by");
        Err(Problem::new(ProblemCode::UpstreamUnavailable, detail))
    }

    /// Whether other instances may be at the same orders. On a database that is shared, one that has just come is not known yet.
    fn has_company(&self) -> bool {
        self.store().is_shared() || self.0.alive.borrow().is_some_and(|alive| alive > 1)
    }
}
