//! What time brings.

use crate::contract::Order;

use crate::core::attempt::{Attempt, Away, LogIn};
use crate::core::polling;
use crate::core::state::{End, Leaving, LinkState};
use crate::core::{CodeProblem, Instant, Surface};

use super::Step;

/// A counter's code is renewed by itself when it has expired, but not sooner than so long after it came, in milliseconds: a
/// backend whose codes are dead when they come is not asked for one after the other.
const RENEW_MS: u64 = 10_000;

impl Step<'_> {
    pub(super) fn pass_moments(&mut self) {
        let now = self.now;
        self.state.copied.take_if(|copied| copied.until <= now);
        if self.state.is_final() {
            return;
        }
        if self.state.is_over(now) {
            if self.state.over_since.is_none() {
                self.state.over_since = Some(now);
                self.state.polling.attend(now);
                self.state.polling.urge();
            }
        } else {
            self.state.over_since = None;
        }
        self.state.claim.pass(now);
        if self.state.is_resting(now) && self.state.polling.lane.in_flight.is_none() {
            self.state.claim.drop_followed();
        }
        if matches!(self.state.wechat.link, LinkState::Waiting { until } if until <= now) {
            self.link_missing();
        }
        if let Attempt::Waiting(waiting) = &self.state.attempt
            && waiting.since + self.state.options.code_wait_ms <= now
        {
            // The backend is to undo this one before it takes the next.
            let (way, replaces) = (Some(waiting.way.clone()), Some(waiting.payment_id.clone()));
            self.state.attempt = Attempt::NextCode { way, problem: Some(CodeProblem::NotConfirmed), replaces };
            self.state.polling.urge();
        }
        if let Attempt::Code(code) = &self.state.attempt
            && self.renews_at().is_some_and(|at| at <= now)
        {
            let replaces = Some(code.payment_id.clone());
            self.ask_for_payment(replaces);
        }
    }

    /// When the code at hand is renewed with nobody's doing: nobody has a finger on a counter's screen.
    fn renews_at(&self) -> Option<Instant> {
        let Attempt::Code(code) = &self.state.attempt else { return None };
        let wanted = self.state.options.surface == Surface::Counter && !self.state.is_over(self.now);
        let expired = self.state.is_payable() && self.state.code_left_ms(code, self.now).is_none();
        (wanted && expired).then(|| code.since + RENEW_MS)
    }

    /// The next moment at which something is due with no news from outside.
    pub(super) fn next_moment(&self) -> Option<Instant> {
        let Self { state, now, .. } = self;
        let mut next = None;
        let mut at = |moment: Option<Instant>| next = next.into_iter().chain(moment).min();
        at(state.copied.as_ref().map(|copied| copied.until));
        if let Some(end) = &state.end {
            if let End::Paid { leaving: Leaving::At(leave), .. } = end {
                at(Some(next_second(*now, leave.since(*now))));
            }
            return next;
        }
        at(self.renews_at().filter(|at| at > now));
        if state.is_awake() && !state.is_resting(*now) {
            at(state.polling.next());
            if matches!(state.attempt, Attempt::Asking(_)) {
                at(state.payments.next());
            }
            if let Some(Order { events_url: Some(_), .. }) = &state.order {
                at(state.stream.due().filter(|at| at > now));
            }
        }
        // A countdown that nobody sees has one moment: its end.
        let second = |left_ms| if state.page.visible { next_second(*now, left_ms) } else { *now + left_ms };
        match &state.attempt {
            Attempt::Code(code) => {
                at(state.code_left_ms(code, *now).filter(|left_ms| *left_ms < u64::MAX).map(second));
            }
            Attempt::Waiting(waiting) => {
                at(Some(second(state.options.code_wait_ms.saturating_sub(now.since(waiting.since)))));
            }
            Attempt::Away(away) if !away.has_returned(*now) => at(Some(away.since + Away::LEFT_MS)),
            Attempt::LogIn(log_in) if !log_in.has_stayed(*now) => at(Some(log_in.since + LogIn::LEFT_MS)),
            _ => {}
        }
        if let Some(order) = &state.order
            && let Some(left_ms) = state.clock.left_ms(order.expires_at, *now)
        {
            at(Some(*now + left_ms));
        }
        if let LinkState::Waiting { until } = state.wechat.link {
            at(Some(until));
        }
        at(state.over_since.map(|since| since + polling::GRACE_MS).filter(|at| at > now));
        at(state.claim.ends_at());
        next
    }
}

/// When a countdown of this many milliseconds shows its next second.
fn next_second(now: Instant, left_ms: u64) -> Instant {
    now + (left_ms.saturating_sub(1) % 1000 + 1)
}
