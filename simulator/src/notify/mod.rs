//! Notifications: encrypted, signed, and delivered when they are due (docs/platform.md, 7.2).

mod deliver;
mod message;

use std::sync::Weak;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::clock::real_now;
use crate::simulator::{Inner, Simulator};

/// An attempt may take five seconds; with a probe before it, twice that.
const SETTLED_WITHIN: Duration = Duration::from_secs(11);

/// Delivers what becomes due as time passes, until the last handle is gone. It needs a tokio runtime.
pub(crate) fn spawn(simulator: &Simulator) {
    tokio::spawn(schedule(simulator.downgrade(), simulator.changes()));
}

/// Waits until no notification is due or under way, or for as long as one may take.
pub(crate) async fn settled(simulator: &Simulator) {
    let mut changes = simulator.changes();
    let quiet = async {
        loop {
            changes.mark_unchanged();
            if !simulator.read(|state, now| state.is_busy(now)) || changes.changed().await.is_err() {
                return;
            }
        }
    };
    // When it takes longer, who asked goes on all the same.
    let _ = timeout(SETTLED_WITHIN, quiet).await;
}

async fn schedule(weak: Weak<Inner>, mut changes: tokio::sync::watch::Receiver<u64>) {
    loop {
        changes.mark_unchanged();
        let wait_ms = {
            let Some(simulator) = Simulator::upgrade(&weak) else { return };
            let due_at = simulator.read(|state, _| state.due_at());
            let due = due_at.is_some_and(|at| simulator.read(|_, now| at <= now));
            if due {
                for notice in simulator.change(|state, now| state.notices.take_due(now)) {
                    tokio::spawn(deliver::deliver(simulator.clone(), notice));
                }
                continue;
            }
            simulator.read(|state, _| due_at.and_then(|at| state.clock.real_ms_until(at, real_now())))
        };
        let passed = async {
            match wait_ms {
                Some(millis) => sleep(Duration::from_millis(millis)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = passed => {}
            changed = changes.changed() => if changed.is_err() { return },
        }
    }
}
