//! A cashier in a page, as its host has it in hand.

use std::cell::Cell;
use std::rc::Rc;

use web_sys::HtmlElement;

use crate::core::{Event, HostEvent};
use crate::text::Words;

use super::canvas::{Begin, draw, take_over};
use super::queue::Item;
use super::{Config, First, Shell};

/// Puts a cashier into `element`, in place of what is there, and starts it. Dropping what this returns takes it away: no
/// request, timer or listener of it stays.
#[must_use = "dropping it takes the cashier away"]
pub fn mount(element: &HtmlElement, config: Config) -> Mounted {
    let mounted = prepare(element, config, draw);
    mounted.start();
    mounted
}

/// Like [`mount`], but keeps what a server has drawn in `element`: with a first answer ([`Config::first`]), the first screen is
/// that of the order.
#[must_use = "dropping it takes the cashier away"]
pub fn resume(element: &HtmlElement, config: Config) -> Mounted {
    let mounted = prepare(element, config, take_over);
    mounted.start();
    mounted
}

/// A cashier that [starts](Mounted::start) once its host has it in hand.
pub(crate) fn prepare(element: &HtmlElement, config: Config, begin: Begin) -> Mounted {
    let (shell, first) = Shell::new(element.clone(), config, begin);
    Mounted { shell, first: Cell::new(first.map(Box::new)) }
}

/// A cashier in a page.
///
/// All that is wanted of it is done after what it is doing: any of these may be called from inside of whatever it tells.
pub struct Mounted {
    shell: Rc<Shell>,
    /// Until it starts.
    first: Cell<Option<Box<First>>>,
}

impl Mounted {
    /// Starts, once.
    pub(crate) fn start(&self) {
        self.shell.push(Item::Start(self.first.take()));
    }

    /// Asks about the order now, and has the platform asked.
    pub fn refresh(&self) {
        self.host(HostEvent::Refresh);
    }

    /// As the payer's "try again".
    pub fn retry(&self) {
        self.host(HostEvent::Retry);
    }

    /// Has the backend close the order, where it offers that: the payer gives up.
    pub fn close(&self) {
        self.host(HostEvent::Close);
    }

    /// Requests carry this token from now on.
    pub fn set_token(&self, token: Option<String>) {
        self.shell.push(Item::Token(token));
    }

    /// Brings an answer of the backend's about the order, as JSON. `asked_ms`: what `performance.now()` was when it was asked
    /// for, or earlier. One that cannot be read, or is about another order, is passed over, and the listener told; what is said
    /// in one of an age that is not known is asked.
    pub fn bring(&self, text: String, asked_ms: Option<f64>) {
        self.shell.push(Item::First { text, asked_ms });
    }

    /// Offers these ways to pay from now on, by their ids, in this order; with none, all that the order offers.
    pub fn set_methods(&self, methods: Vec<String>) {
        self.host(HostEvent::Methods(methods));
    }

    /// Says everything in these words from now on.
    pub fn set_words(&self, words: Words) {
        self.shell.push(Item::Words(words));
    }

    /// How the order stands ([`Status::word`](crate::core::Status::word)).
    pub fn status(&self) -> &'static str {
        // Held only where a fault has ended the program in its midst.
        self.shell.state.try_borrow().map_or("error", |state| state.told_status().word())
    }

    /// What the host has been told of this order, for the next cashier of the same order on this page ([`Config::told`]).
    pub fn told(&self) -> String {
        self.shell.told.try_borrow().map(|told| told.clone()).unwrap_or_default()
    }

    /// Whether a fault has ended it in its midst. To be asked when no program runs, as in a microtask: in a callback of its own
    /// it is in the midst of something all the same.
    pub fn has_died(&self) -> bool {
        self.shell.queue.is_busy()
    }

    /// As dropping it does.
    pub(crate) fn end(&self) {
        self.shell.end();
    }

    fn host(&self, event: HostEvent) {
        self.shell.dispatch(Event::Host(event));
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.end();
    }
}
