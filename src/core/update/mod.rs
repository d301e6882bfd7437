//! From an event to the next state and what the shell is to do.

mod answers;
mod begin;
mod end;
mod host;
mod moments;
mod payment;
mod payment_code;
mod send;
mod taps;
mod tell;
mod wechat;

use super::attempt::{Attempt, Call};
use super::kept::Kept;
use super::polling::{self, Hazard};
use super::state::Copied;
use super::stream::Stream;
use super::{Effect, Event, Instant, News, PageEvent, State, StreamEvent};

pub use begin::begin;
pub use payment::RETURNED;

/// "Copied" stays so long, in milliseconds.
const COPIED_MS: u64 = 3_000;
/// A text to be copied by hand stays so long, in milliseconds.
const BY_HAND_MS: u64 = 60_000;

/// Takes what happened at `now` into the state, and says what the shell is to do, in this order.
pub fn update(state: &mut State, event: Event, now: Instant) -> Vec<Effect> {
    let mut step = Step { state, now, asked: now, effects: Vec::new(), measure: None, news: Vec::new() };
    step.take(event);
    step.settle();
    step.effects
}

/// One event being taken in.
struct Step<'a> {
    state: &'a mut State,
    now: Instant,
    /// When what this event brings was asked for; now, if it comes unasked.
    asked: Instant,
    effects: Vec<Effect>,
    /// Where the host is to measure from now on.
    measure: Option<String>,
    /// What else this event brings about that the host is told of.
    news: Vec<News>,
}

impl Step<'_> {
    fn take(&mut self, event: Event) {
        match event {
            Event::Start { remembered, told } => {
                self.state.told.recall(&told.unwrap_or_default());
                self.start(remembered.as_deref().and_then(Kept::recall));
            }
            Event::Wake => self.state.wake = None,
            Event::Order { stamp, result } => {
                if let Some(request) = self.state.polling.lane.answered(stamp) {
                    self.asked = request.sent;
                    self.order_answered(request, result);
                }
            }
            Event::Payment { stamp, result } => {
                if let Some(request) = self.state.payments.answered(stamp) {
                    self.asked = request.sent;
                    self.payment_answered(result);
                }
            }
            Event::Stream(news) => self.stream(news),
            Event::Page(news) => self.page(news),
            // Whatever WeChat has to say after the end, nothing follows from it.
            Event::Link(_) | Event::Called { .. } if self.state.is_final() => {}
            Event::Link(news) => self.link(news),
            Event::Called { stamp, said } => {
                self.state.polling.attend(self.now);
                self.called(stamp, said);
            }
            Event::Copied(uncopied) => {
                let stays_ms = if uncopied.is_some() { BY_HAND_MS } else { COPIED_MS };
                self.state.copied = Some(Copied { until: self.now + stays_ms, by_hand: uncopied });
            }
            Event::Tap(tap) => {
                self.state.polling.attend(self.now);
                self.tap(tap);
            }
            Event::Host(event) => self.host(event),
        }
    }

    fn start(&mut self, kept: Option<Kept>) {
        let state = &mut *self.state;
        state.polling.attend(self.now);
        if let Some(kept) = kept {
            state.visit.chosen.clone_from(&kept.method);
            // What this tab did last counts for more than the address that it was once led back to.
            state.options.returned = kept.away;
            state.visit.kept = kept;
        }
        if state.options.returned {
            self.came_back();
        }
    }

    // ── News ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    fn stream(&mut self, news: StreamEvent) {
        if !self.state.stream.is_on() || self.state.is_final() {
            return;
        }
        match news {
            StreamEvent::Opened => {
                self.state.has_streamed = true;
                self.state.stream = Stream::Open { heard: None };
            }
            StreamEvent::Order(Ok(order)) => match self.of_this_order(order) {
                Ok(answer) => {
                    self.state.stream.heard(self.now);
                    self.told_of_order(answer, None);
                    // What was planned before it worked is not needed any more.
                    if self.state.hazard(self.now) == Hazard::Told {
                        self.plan();
                    }
                }
                Err(_) => self.state.polling.urge(),
            },
            // What it meant to say is asked for.
            StreamEvent::Order(Err(_)) => self.state.polling.urge(),
            StreamEvent::Lost => {
                // One that never stood while questions are answered: the fault is its own, not the network's.
                let State { has_streamed, page, polling, .. } = &*self.state;
                if !has_streamed && page.online && polling.lane.failure.is_none() {
                    self.stream_fails(" → no event stream");
                }
                self.state.stream = self.state.stream.lost(self.now);
                self.state.polling.lane.hurry(self.now);
            }
        }
    }

    fn page(&mut self, news: PageEvent) {
        match news {
            PageEvent::Hidden => self.state.page.visible = false,
            PageEvent::Visible => self.back_in_view(|sent, now| now.since(sent) >= polling::DEAD_AFTER_MS),
            PageEvent::Restored => {
                self.deafen();
                // WeChat's sheet went with the page, and what came of it is not known (field problem 21).
                match &mut self.state.attempt {
                    Attempt::Ready(ready) => ready.call = Call::None,
                    Attempt::LogIn(log_in) => log_in.back = true,
                    _ => {}
                }
                self.state.recheck = Some(self.now);
                self.back_in_view(|_, _| true);
            }
            PageEvent::Online => {
                self.state.page.online = true;
                self.state.polling.urge();
                self.state.payments.hurry(self.now);
            }
            PageEvent::Offline => self.state.page.online = false,
        }
    }

    /// What was under way when the page went out of view may never be answered.
    fn back_in_view(&mut self, is_dead: impl Fn(Instant, Instant) -> bool) {
        self.state.page.visible = true;
        self.state.polling.attend(self.now);
        self.state.polling.urge();
        self.state.payments.hurry(self.now);
        if let Attempt::Away(away) = &mut self.state.attempt {
            away.back = true;
        }
        for lane in [&mut self.state.polling.lane, &mut self.state.payments] {
            if let Some(dead) = lane.in_flight.take_if(|request| is_dead(request.sent, self.now)) {
                self.effects.push(Effect::Cancel(dead.stamp));
            }
        }
    }

    // ── What follows ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// Carries out whatever the state makes due now, and says when to come back.
    fn settle(&mut self) {
        self.pass_moments();
        if self.state.is_final() {
            self.lead_back();
        } else {
            self.begin_payment();
            self.connect();
            self.send_payment();
            self.send_order();
            self.mind_stream();
        }
        let wake = self.next_moment();
        if wake != self.state.wake {
            self.state.wake = wake;
            self.effects.push(Effect::Wake(wake));
        }
        self.tell();
    }

    /// Listens no more.
    fn deafen(&mut self) {
        if self.state.stream.is_on() {
            self.state.stream = Stream::Off { again_at: self.now };
            self.effects.push(Effect::Deafen);
        }
    }
}
