//! From an event to the next state and what the shell is to do.

mod answers;
mod begin;
mod moments;
mod payment;
mod send;
mod taps;
mod wechat;

use crate::contract::OrderStatus;

use super::attempt::Attempt;
use super::kept::Kept;
use super::polling;
use super::state::{Leaving, Stream};
use super::{Effect, Event, Instant, PageEvent, State, StreamEvent, WayBack, Wish};

pub use begin::begin;
pub use payment::RETURNED;

/// A broken event stream is tried again after this, in milliseconds; asking goes on meanwhile.
const LISTEN_AGAIN_MS: u64 = 15_000;
/// "Copied" stays so long, in milliseconds.
const COPIED_MS: u64 = 3_000;
/// A text to be copied by hand stays so long, in milliseconds.
const BY_HAND_MS: u64 = 60_000;

/// Takes what happened at `now` into the state, and says what the shell is to do, in this order.
pub fn update(state: &mut State, event: Event, now: Instant) -> Vec<Effect> {
    let mut step = Step { state, now, effects: Vec::new() };
    step.take(event);
    step.settle();
    step.effects
}

/// One event being taken in.
struct Step<'a> {
    state: &'a mut State,
    now: Instant,
    effects: Vec<Effect>,
}

impl Step<'_> {
    fn take(&mut self, event: Event) {
        match event {
            Event::Start { remembered } => self.start(remembered.as_deref().and_then(Kept::recall)),
            Event::Wake => self.state.wake = None,
            Event::Order { stamp, result } => {
                if let Some(request) = self.state.polling.lane.answered(stamp) {
                    self.order_answered(request, result);
                }
            }
            Event::Payment { stamp, result } => {
                if self.state.payments.answered(stamp).is_some() {
                    self.payment_answered(result);
                }
            }
            Event::Stream(news) => self.stream(news),
            Event::Page(news) => self.page(news),
            // Whatever WeChat has to say after the end, nothing follows from it.
            Event::Link(_) | Event::Called { .. } if self.state.is_final() => {}
            Event::Link(news) => self.link(news),
            Event::Called { stamp, said } => self.called(stamp, said),
            Event::Copied(uncopied) => {
                let stays_ms = if uncopied.is_some() { BY_HAND_MS } else { COPIED_MS };
                self.state.copied_until = Some(self.now + stays_ms);
                self.state.uncopied = uncopied;
            }
            Event::Tap(tap) => {
                self.state.polling.attend(self.now);
                self.tap(tap);
            }
            Event::Wish(_) if self.state.is_final() => {}
            Event::Wish(wish) => {
                self.state.closing |= wish == Wish::Close;
                self.state.polling.attend(self.now);
                self.state.polling.urge();
            }
        }
    }

    fn start(&mut self, kept: Option<Kept>) {
        let state = &mut *self.state;
        state.polling.attend(self.now);
        if let Some(kept) = kept {
            state.chosen.clone_from(&kept.method);
            state.recalled = kept.asked.is_some();
            // What this tab did last counts for more than the address that it was once led back to.
            state.options.returned = kept.away;
            state.kept = kept;
        }
        if state.options.returned {
            self.came_back();
        }
    }

    // ── News ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    fn stream(&mut self, news: StreamEvent) {
        if matches!(self.state.stream, Stream::Off { .. }) || self.state.is_final() {
            return;
        }
        match news {
            StreamEvent::Opened => self.state.stream = Stream::Open,
            StreamEvent::Order(Ok(order)) => match self.of_this_order(order) {
                Ok(order) => self.order(*order, None),
                Err(_) => self.state.polling.urge(),
            },
            // What it meant to say is asked for.
            StreamEvent::Order(Err(_)) => self.state.polling.urge(),
            StreamEvent::Lost => {
                self.state.stream = Stream::Off { again_at: self.now + LISTEN_AGAIN_MS };
                self.state.polling.lane.hurry(self.now);
            }
        }
    }

    fn page(&mut self, news: PageEvent) {
        match news {
            PageEvent::Hidden => self.state.visible = false,
            PageEvent::Visible => self.back_in_view(|sent, now| now.since(sent) >= polling::DEAD_AFTER_MS),
            PageEvent::Restored => {
                if !matches!(self.state.stream, Stream::Off { .. }) {
                    self.state.stream = Stream::Off { again_at: self.now };
                    self.effects.push(Effect::Deafen);
                }
                // WeChat's sheet went with the page, and what came of it is not known (field problem 21).
                if let Attempt::Ready(ready) = &mut self.state.attempt {
                    ready.calling = None;
                }
                self.state.recheck = Some(self.now);
                self.back_in_view(|_, _| true);
            }
            PageEvent::Online => {
                self.state.online = true;
                self.state.polling.urge();
                self.state.payments.hurry(self.now);
            }
            PageEvent::Offline => self.state.online = false,
        }
    }

    /// What was under way when the page went out of view may never be answered.
    fn back_in_view(&mut self, is_dead: impl Fn(Instant, Instant) -> bool) {
        self.state.visible = true;
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
            self.end();
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
    }

    /// Nothing more will be asked: everything is called off, and a paid order leads back to the shop.
    fn end(&mut self) {
        let state = &mut *self.state;
        if !state.ended {
            state.ended = true;
            for lane in [&mut state.polling.lane, &mut state.payments] {
                if let Some(request) = lane.in_flight.take() {
                    self.effects.push(Effect::Cancel(request.stamp));
                }
            }
            if !matches!(state.stream, Stream::Off { .. }) {
                self.effects.push(Effect::Deafen);
            }
            if state.order.is_some() {
                self.effects.push(Effect::Remember(None));
            }
        }
        if state.status() != Some(OrderStatus::Paid) || state.stopped.is_some() {
            return;
        }
        match (state.leaving, state.options.way_back) {
            // The way back waits until somebody can see it coming.
            (Leaving::At(_), _) if !state.visible => state.leaving = Leaving::NotYet,
            (Leaving::At(at), _) if at <= self.now => {
                state.leaving = Leaving::Done;
                let shop = |url| Effect::Go { url, passage: super::Passage::Shop };
                self.effects.extend(state.return_to().map(shop));
            }
            (Leaving::NotYet, WayBack::After(after_ms)) if state.visible && state.return_to().is_some() => {
                state.leaving = Leaving::At(self.now + after_ms);
            }
            (Leaving::NotYet | Leaving::At(_) | Leaving::Done, _) => {}
        }
    }
}
