//! The pay sheet with the faults that strike it: what the phone and who pays in one step have in common.

use wechat_cashier::contract::Timestamp;

use crate::faults::Fault;
use crate::ledger::{Key, Outcome, PayText, Refusal};
use crate::state::State;

/// The faults that a sheet meets before it opens. True: it counts as opened in time.
pub(crate) fn before_opening(state: &mut State, by: &str) -> bool {
    let key = state.ledger.trade_of(by).map_or_else(|| Key::new("", ""), |trade| trade.key.clone());
    if !state.strike(&key, "open", |fault| *fault == Fault::SecondAccount).is_empty() {
        state.ledger.open_by_stranger(by);
    }
    state.faults.has(&key, &Fault::PaidAfterExpiry)
}

/// The payer acts on an open sheet.
pub(crate) fn act(state: &mut State, scan_id: &str, outcome: Outcome, now: Timestamp) -> Result<PayText, Refusal> {
    let key = state.ledger.scanned(scan_id).and_then(|by| state.ledger.trade_of(by)).map(|trade| trade.key.clone());
    let late = key.as_ref().is_some_and(|key| state.faults.has(key, &Fault::PaidAfterExpiry));
    let said = state.ledger.pay(scan_id, outcome, now, late)?;
    if let Some(key) = key.filter(|_| outcome == Outcome::Pay) {
        state.strike(&key, "pay", |fault| *fault == Fault::PaidAfterExpiry);
    }
    Ok(said)
}
