//! A cashier that goes on from what a server has drawn.

use std::rc::Rc;

use web_sys::HtmlElement;

use crate::contract::Order;
use crate::core::{Event, begin};

use super::{Config, Mounted, Shell, page};

/// An answer about the order that is there already.
#[derive(Clone, Debug)]
pub struct First {
    /// The answer.
    pub order: Order,
    /// What `performance.now()` was when it was asked for, or earlier: 0 for one that came with the page.
    pub asked_ms: f64,
}

/// Like [`mount`](super::mount), but keeps what a server has drawn in `element`, and asks for nothing that is known: with a
/// first answer, the first screen is that of the order. [`Config::early`] is not looked at.
#[must_use = "dropping it takes the cashier away"]
pub fn resume(element: HtmlElement, config: Config, first: Option<First>) -> Mounted {
    let shell = Shell::new(element, Config { early: None, ..config }, first.as_ref().map(|first| first.asked_ms));
    shell.resume(first.map(|first| first.order));
    Mounted { shell }
}

impl Shell {
    /// As [`start`](Shell::start), but nothing is shown before the first answer is taken in.
    fn resume(self: &Rc<Self>, first: Option<Order>) {
        self.handles.borrow_mut().page = Some(page::listen(self));
        let now = self.clock.now();
        let news = page::at_start().into_iter().map(Event::Page);
        let (effects, screen) = {
            let state = &mut *self.state.borrow_mut();
            (begin(state, news, self.memory.get(), None, first, now), state.screen(now))
        };
        self.canvas.borrow_mut().adopt(screen);
        self.follow(effects, now);
    }
}
