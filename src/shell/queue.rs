//! What waits to be taken in, one after the other.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use wasm_bindgen::JsValue;

use crate::contract::Failure;
use crate::core::{Event, Stamp};
use crate::text::Words;

use super::First;
use super::backend::Answer;

/// Something to be taken in. What has to be read first is read when its turn comes: a fault in that is then known
/// ([`Queue::is_busy`]).
pub(super) enum Item {
    /// The cashier begins.
    Start(Option<Box<First>>),
    /// Something for the core.
    Event(Event),
    /// A request came back.
    Answer {
        /// What it asked for.
        about: About,
        /// Which request.
        stamp: Stamp,
        /// With what.
        answer: Result<Answer, Failure>,
    },
    /// The event stream of this address brought this text.
    Message {
        /// The stream's address.
        url: String,
        /// The order, as JSON: the browser's text, taken over when its turn comes.
        text: JsValue,
    },
    /// The page around the cashier brings this answer about the order.
    First {
        /// The answer, as JSON.
        text: String,
        /// What `performance.now()` was when it was asked for, or earlier; None: not known.
        asked_ms: Option<f64>,
    },
    /// Requests carry another token from now on.
    Token(Option<String>),
    /// Everything is said in these words from now on.
    Words(Words),
    /// Somebody types who has no field to type into.
    Focus,
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// The order.
    Order,
    /// A payment.
    Payment,
}

/// Items, and what is being done with them. Each is taken after the one before has been carried out whole: whoever adds one
/// while another is being carried out (a listener of the host's, a change of the focus, a callback) has it taken later.
#[derive(Default)]
pub(super) struct Queue {
    items: RefCell<VecDeque<Item>>,
    stage: Cell<Stage>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// Nothing is being carried out.
    #[default]
    Idle,
    /// An item is being carried out. It stays so where a fault has ended that in its midst.
    Busy,
    /// The cashier was taken away: nothing is taken any more.
    Gone,
}

impl Queue {
    /// Adds an item. True: it is for the caller to take what is there, by [`next`](Self::next).
    pub(super) fn add(&self, item: Item) -> bool {
        if self.is_gone() {
            return false;
        }
        self.items.borrow_mut().push_back(item);
        self.stage.get() == Stage::Idle
    }

    /// The next item, to be carried out before this is called again.
    pub(super) fn next(&self) -> Option<Item> {
        if self.is_gone() {
            return None;
        }
        let next = self.items.borrow_mut().pop_front();
        self.stage.set(if next.is_some() { Stage::Busy } else { Stage::Idle });
        next
    }

    /// Nothing is taken any more.
    pub(super) fn end(&self) {
        self.stage.set(Stage::Gone);
        // Borrowed only where a fault has ended the very adding.
        if let Ok(mut items) = self.items.try_borrow_mut() {
            items.clear();
        }
    }

    pub(super) fn is_gone(&self) -> bool {
        self.stage.get() == Stage::Gone
    }

    /// Whether an item is being carried out. Asked when no program runs, it says that one never came to its end.
    pub(super) fn is_busy(&self) -> bool {
        self.stage.get() == Stage::Busy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(queue: &Queue) -> Option<bool> {
        queue.next().map(|item| matches!(item, Item::Focus))
    }

    #[test]
    fn who_finds_it_idle_takes_what_is_there_and_nobody_else() {
        let queue = Queue::default();
        assert!(queue.add(Item::Focus), "the first");
        assert_eq!(taken(&queue), Some(true));
        assert!(!queue.add(Item::Words(crate::text::Lang::En.into())), "from inside");
        assert!(queue.is_busy());
        assert_eq!(taken(&queue), Some(false));
        assert_eq!(taken(&queue), None);
        assert!(!queue.is_busy());
        assert!(queue.add(Item::Focus), "the next");
    }

    #[test]
    fn of_what_was_taken_away_nothing_is_taken() {
        let queue = Queue::default();
        queue.add(Item::Focus);
        queue.add(Item::Focus);
        assert_eq!(taken(&queue), Some(true));
        queue.end();
        assert_eq!(taken(&queue), None);
        assert!(!queue.add(Item::Focus) && queue.next().is_none() && !queue.is_busy());
        assert!(queue.items.borrow().is_empty(), "nor kept");
    }
}
