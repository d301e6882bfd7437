//! What a program calls that has the simulator within itself: its clock, and whether all is told that is due.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wechat_cashier::contract::Timestamp;

use crate::clock::{ClockChange, ClockFace, real_now};
use crate::faults::Rule;
use crate::ledger::{KeptLedger, Notice};
use crate::notify;
use crate::simulator::Simulator;
use crate::state::PhoneSettings;

#[derive(Serialize, Deserialize)]
struct Kept {
    ledger: KeptLedger,
    notices: Vec<Notice>,
    faults: Vec<Rule>,
    phone: PhoneSettings,
    frozen_at: Option<Timestamp>,
    ahead_ms: i64,
}

impl Simulator {
    /// The simulated time.
    pub fn now(&self) -> Timestamp {
        self.read(|_, now| now)
    }

    /// Ends once it is `at` in simulated time, however it comes to be.
    pub async fn until(&self, at: Timestamp) {
        let mut changes = self.changes();
        loop {
            changes.mark_unchanged();
            let (is_over, wait_ms) = self.read(|state, now| (now >= at, state.clock.real_ms_until(at, real_now())));
            if is_over {
                return;
            }
            let passed = async {
                match wait_ms {
                    Some(millis) => tokio::time::sleep(Duration::from_millis(millis)).await,
                    None => std::future::pending().await,
                }
            };
            // It fails when the simulator is gone, and this is it.
            tokio::select! {
                () = passed => {}
                _ = changes.changed() => {}
            }
        }
    }

    /// What the clock says of itself.
    pub fn clock(&self) -> ClockFace {
        self.read(|state, _| state.clock.face(real_now()))
    }

    /// Sets, moves, holds, releases or speeds up the clock. See [`Simulator::settled`].
    pub fn turn_clock(&self, change: &ClockChange) {
        self.change(|state, _| state.clock.change(change, real_now()));
    }

    /// Ends when no notification is due or under way, or after as long as one may take.
    pub async fn settled(&self) {
        notify::settled(self).await;
    }

    /// An account's openid under an appid: what `wx.login` and `jscode2session` tell a mini-program's server.
    pub fn openid(&self, appid: &str, account: &str) -> String {
        self.change(|state, _| state.ledger.openid(appid, account))
    }

    /// All that has to be written down for another start: trades, notices, faults, the phone, how far the clock was moved.
    pub fn kept(&self) -> Value {
        self.read(|state, now| {
            let kept = Kept {
                ledger: state.ledger.kept(),
                notices: state.notices.kept(),
                faults: state.faults.rules().to_vec(),
                phone: state.phone.clone(),
                frozen_at: state.clock.face(real_now()).frozen.then_some(now),
                ahead_ms: now.millis() - real_now().millis(),
            };
            json!(kept)
        })
    }

    /// Goes on from what was kept; what cannot be read is as if it were not there.
    pub fn restore(&self, kept: &Value) {
        let Ok(kept) = serde_json::from_value::<Kept>(kept.clone()) else { return };
        self.change(|state, _| {
            state.ledger.restore(kept.ledger);
            state.notices.restore(kept.notices);
            state.faults.set(kept.faults);
            state.phone = kept.phone;
            let change = ClockChange {
                set: kept.frozen_at,
                advance_ms: kept.frozen_at.is_none().then_some(kept.ahead_ms),
                freeze: Some(kept.frozen_at.is_some()),
                speed: None,
            };
            state.clock.change(&change, real_now());
        });
    }

    /// Forgets everything but keys and merchants.
    pub fn forget(&self) {
        self.reset();
    }
}
