//! What time brings.

use crate::contract::Order;

use crate::core::attempt::{Attempt, Away};
use crate::core::polling;
use crate::core::state::{Leaving, LinkState, Stream};
use crate::core::{CodeProblem, Instant};

use super::Step;

/// How long "WeChat knows of no payment yet" stays, in milliseconds.
const NOT_RECEIVED_MS: u64 = 20_000;

impl Step<'_> {
    pub(super) fn pass_moments(&mut self) {
        let now = self.now;
        if self.state.is_over(now) {
            if self.state.over_since.is_none() {
                self.state.over_since = Some(now);
                self.state.polling.attend(now);
                self.state.polling.urge();
            }
        } else {
            self.state.over_since = None;
        }
        if self.state.confirming_ends_at().is_some_and(|end| end <= now) {
            self.state.confirming = None;
            self.state.not_received_until = Some(now + NOT_RECEIVED_MS);
        }
        self.state.not_received_until = self.state.not_received_until.filter(|end| *end > now);
        self.state.copied_until = self.state.copied_until.filter(|end| *end > now);
        if self.state.is_resting(now) && self.state.polling.lane.in_flight.is_none() {
            self.state.confirming = None;
        }
        if matches!(self.state.link, LinkState::Waiting { until } if until <= now) {
            self.link_missing();
        }
        if let Attempt::Waiting(waiting) = &self.state.attempt
            && waiting.since + self.state.options.code_wait_ms <= now
        {
            // The backend is to undo this one before it takes the next.
            let replaces = Some(waiting.payment_id.clone());
            self.state.attempt = Attempt::NextCode { problem: Some(CodeProblem::NotConfirmed), replaces };
            self.state.polling.urge();
        }
    }

    /// The next moment at which something is due with no news from outside.
    pub(super) fn next_moment(&self) -> Option<Instant> {
        let Self { state, now, .. } = self;
        let mut moments: Vec<Instant> = Vec::new();
        if state.is_final() {
            if let Leaving::At(at) = state.leaving {
                moments.push(next_second(*now, at.since(*now)));
            }
            return moments.into_iter().min();
        }
        if state.is_awake() && !state.is_resting(*now) {
            moments.extend(state.polling.next());
            if matches!(state.attempt, Attempt::Asking(_)) {
                moments.extend(state.payments.next());
            }
            if let (Stream::Off { again_at }, Some(Order { events_url: Some(_), .. })) = (state.stream, &state.order) {
                moments.extend(Some(again_at).filter(|at| at > now));
            }
        }
        // A countdown that nobody sees has one moment: its end.
        let second = |left_ms| if state.visible { next_second(*now, left_ms) } else { *now + left_ms };
        match &state.attempt {
            Attempt::Code(code) => {
                moments.extend(state.code_left_ms(code, *now).filter(|left_ms| *left_ms < u64::MAX).map(second));
            }
            Attempt::Waiting(waiting) => {
                moments.push(second(state.options.code_wait_ms.saturating_sub(now.since(waiting.since))));
            }
            Attempt::Away(away) if !away.has_returned(*now) => moments.push(away.since + Away::LEFT_MS),
            _ => {}
        }
        if let Some(order) = &state.order
            && let Some(left_ms) = state.clock.left_ms(order.expires_at, *now)
        {
            moments.push(*now + left_ms);
        }
        if let LinkState::Waiting { until } = state.link {
            moments.push(until);
        }
        moments.extend(state.over_since.map(|since| since + polling::GRACE_MS).filter(|at| at > now));
        moments.extend(state.confirming_ends_at());
        moments.extend(state.not_received_until);
        moments.extend(state.copied_until);
        moments.into_iter().min()
    }
}

/// When a countdown of this many milliseconds shows its next second.
fn next_second(now: Instant, left_ms: u64) -> Instant {
    now + (left_ms.saturating_sub(1) % 1000 + 1)
}
