//! A plan that is a function of how long the page has been open, and asks whether it is seen or not.

use super::payer::Payer;
use super::{DOWN_MS, LIFE_MS, Outcome, UP_MS};

/// Chromium and Safari let a page that has been hidden for five minutes wake once a minute,
const THROTTLED_AFTER_MS: u64 = 5 * 60_000;
/// in milliseconds.
const THROTTLED_MS: u64 = 60_000;

/// Plays one order: `wait_ms` is the wait after an answer, by how long the page has been open.
pub(crate) fn play(payer: &Payer, mut wait_ms: impl FnMut(u64) -> u64) -> Outcome {
    let mut outcome = Outcome::default();
    let end = payer.closes_at.min(LIFE_MS);
    let mut sent = 0;
    loop {
        outcome.asked += 1;
        let answered = sent + UP_MS + DOWN_MS;
        if payer.has_paid(sent + UP_MS) {
            outcome.delay_ms = payer.waited_ms(answered);
            outcome.open_ms = answered;
            return outcome;
        }
        let throttled =
            payer.away.is_some_and(|(from, _)| payer.is_away(answered) && answered - from > THROTTLED_AFTER_MS);
        sent = answered + wait_ms(answered).max(if throttled { THROTTLED_MS } else { 0 });
        if sent >= end {
            outcome.open_ms = payer.closes_at;
            return outcome;
        }
    }
}
