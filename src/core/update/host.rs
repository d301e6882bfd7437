//! What the page around the cashier does.

use crate::contract::{DecodeError, Failure, Order, OrderAnswer, ProblemCode};

use crate::core::attempt::Attempt;
use crate::core::polling::Lane;
use crate::core::{Effect, HostEvent, Instant, Tap, Trouble};

use super::Step;

/// An answer that may be older than this, in milliseconds, is asked for again before anything is concluded from it.
pub(super) const FIRST_AGE_MAX_MS: u64 = 10_000;

impl Step<'_> {
    pub(super) fn host(&mut self, event: HostEvent) {
        match event {
            HostEvent::Navigation { stamp, kept } => {
                let navigation = self.state.navigations.take(stamp).filter(|_| !kept);
                self.effects.extend(navigation.map(|to| Effect::Go { url: to.url, passage: to.passage }));
            }
            _ if self.state.is_final() => {}
            HostEvent::Refresh => self.host_asks(),
            HostEvent::Retry => {
                self.state.polling.attend(self.now);
                self.tap(Tap::Retry);
            }
            HostEvent::Close => {
                self.state.polling.close(self.now);
                self.host_asks();
            }
            HostEvent::Token => self.token(),
            HostEvent::First { order, asked } => self.first(order, asked),
            HostEvent::Methods(methods) => {
                self.state.options.methods = methods;
                if matches!(self.state.attempt, Attempt::Failed { trouble: Trouble::NoMethod { .. }, .. }) {
                    self.state.attempt = Attempt::None;
                }
            }
        }
    }

    fn host_asks(&mut self) {
        self.state.polling.attend(self.now);
        self.state.polling.urge();
    }

    /// What was refused for want of the right token is asked again.
    fn token(&mut self) {
        let refused = |lane: &Lane| matches!(&lane.failure, Some(Failure::Refused { problem, .. }) if problem.code == ProblemCode::Unauthorized);
        if refused(&self.state.polling.lane) {
            self.state.polling.urge();
        }
        if let Attempt::Failed { trouble: Trouble::Refused { code: ProblemCode::Unauthorized, .. }, .. } =
            self.state.attempt
        {
            self.tap(Tap::Retry);
        }
    }

    /// An answer that the host has. One about another order, or that cannot be read, is as if absent, and told.
    fn first(&mut self, order: Result<Box<Order>, DecodeError>, asked: Option<Instant>) {
        let order = match order.map_err(Failure::from).and_then(|order| self.of_this_order(OrderAnswer::Whole(order))) {
            Ok(OrderAnswer::Whole(order)) => order,
            Ok(OrderAnswer::Settled(_)) => return,
            Err(failure) => return self.note("unreadable_answer", ["first: ", failure.detail()].concat()),
        };
        match asked.filter(|asked| self.now.since(*asked) < FIRST_AGE_MAX_MS) {
            // What was answered before somebody said that it is paid says nothing about that.
            Some(asked) if !self.state.claim.is_followed() && self.state.recheck.is_none() => {
                self.state.clock.learn(order.now, asked, self.now);
                self.order(*order, None);
            }
            _ => self.state.polling.lane.hurry(self.now),
        }
    }
}
