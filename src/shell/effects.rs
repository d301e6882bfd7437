//! What follows from an event: effects are carried out, the screen is shown, and then the host is told, in this order.

use std::rc::Rc;

use crate::core::{Effect, Event, HostEvent, Instant, News};

use super::queue::Item;
use super::stream::Stream;
use super::{Shell, page, wechat};

/// The longest that `setTimeout` waits, in milliseconds; the core is told then and waits on.
const WAIT_MAX_MS: u32 = i32::MAX as u32;

impl Shell {
    /// Each step may call scripts of the page's, and they may take the cashier away: then the rest is nobody's business.
    pub(super) fn follow(self: &Rc<Self>, effects: Vec<Effect>, now: Instant) {
        let mut tells = Vec::new();
        for effect in effects {
            match effect {
                Effect::Tell(news) => tells.push(news),
                effect => self.carry_out(effect, now),
            }
            if self.queue.is_gone() {
                return;
            }
        }
        let screen = self.state.borrow().screen(now);
        self.canvas.borrow_mut().show(screen);
        if tells.is_empty() {
            return;
        }
        let told = self.state.borrow().told();
        *self.told.borrow_mut() = told;
        for news in tells {
            if self.queue.is_gone() {
                return;
            }
            self.tell(&news);
        }
    }

    fn tell(self: &Rc<Self>, news: &News) {
        let needs_sight = matches!(news, News::Navigate { passage, .. } if passage.needs_sight());
        let goes = !(needs_sight && self.canvas.borrow().is_put_away()) && (self.listener)(news);
        if let News::Navigate { stamp, .. } = news {
            self.push(Item::Event(Event::Host(HostEvent::Navigation { stamp: *stamp, kept: !goes })));
        }
    }

    fn carry_out(self: &Rc<Self>, effect: Effect, now: Instant) {
        match effect {
            Effect::Send { stamp, call, timeout_ms } => {
                let request = self.backend.send(self, stamp, call, timeout_ms);
                self.handles.sent(stamp, request);
            }
            Effect::Cancel(stamp) => {
                self.handles.answered(stamp);
            }
            Effect::Wake(at) => {
                let timer = at.map(|at| {
                    let wait_ms = u32::try_from(at.since(now)).unwrap_or(u32::MAX).min(WAIT_MAX_MS);
                    self.after(wait_ms, Item::Event(Event::Wake))
                });
                self.handles.wake.set(timer);
            }
            Effect::Listen(url) => {
                // First the one before, whose place another may take.
                self.handles.stream.set(None);
                self.handles.stream.set(Stream::open(self, &url));
            }
            Effect::Deafen => self.handles.stream.set(None),
            Effect::Remember(text) => self.memory.set(text.as_deref()),
            Effect::Go { url, passage } => page::go(&url, passage),
            Effect::Connect(link) => self.handles.link.set(wechat::connect(self, link, &self.sdk)),
            Effect::Invoke { stamp, params } => wechat::invoke(self, stamp, &params),
            Effect::OpenMiniProgram { stamp, path } => wechat::open_mini_program(self, stamp, &path),
            Effect::Copy(text) => page::copy(self, text),
            // Told once the screen says it.
            Effect::Tell(_) => {}
        }
    }
}
