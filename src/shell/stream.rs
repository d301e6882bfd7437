//! Server-sent events.
//!
//! `web_sys::EventSource` as it is: gloo-net's wraps it in futures channels, for 7 KB that one listener does not need.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{EventSource, MessageEvent};

use crate::core::{Event, StreamEvent};

use super::Shell;
use super::queue::Item;

/// So many streams has a page at most, whatever it shows: over HTTP/1.1 a browser keeps six connections to a server, for all
/// that it asks there, and a stream holds one as long as it lives.
const STREAMS_MAX: usize = 4;

thread_local! {
    /// Streams of the page, of all its cashiers.
    static STREAMS: Cell<usize> = const { Cell::new(0) };
}

/// The place of one stream. Dropping it frees it.
struct Place;

impl Place {
    fn take() -> Option<Self> {
        let taken = STREAMS.get();
        (taken < STREAMS_MAX).then(|| {
            STREAMS.set(taken + 1);
            Self
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        STREAMS.set(STREAMS.get().saturating_sub(1));
    }
}

/// Listens as long as it lives.
pub(super) struct Stream {
    source: EventSource,
    _listeners: [EventListener; 3],
    _place: Place,
}

impl Stream {
    /// None where there are as many as there may be, where the browser has no `EventSource` or refuses the address: asking
    /// then goes on by itself, and the core tries again later.
    pub(super) fn open(shell: &Rc<Shell>, url: &str) -> Option<Self> {
        let place = Place::take()?;
        let source = EventSource::new(url).ok()?;
        let listeners = [
            shell.on(&source, "open", |_| Some(Item::Event(Event::Stream(StreamEvent::Opened)))),
            shell.on(&source, "message", |event| {
                let text = event.dyn_ref::<MessageEvent>()?.data();
                let source = event.current_target().and_then(|source| source.dyn_into::<EventSource>().ok());
                Some(Item::Message { url: source.map_or_else(String::new, |source| source.url()), text })
            }),
            shell.on(&source, "error", |_| Some(Item::Event(Event::Stream(StreamEvent::Lost)))),
        ];
        Some(Self { source, _listeners: listeners, _place: place })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_so_many_streams_and_one_that_ends_makes_room() {
        let mut taken: Vec<_> = core::iter::from_fn(Place::take).collect();
        assert_eq!(taken.len(), STREAMS_MAX);
        assert!(Place::take().is_none());
        taken.pop();
        let again = Place::take();
        assert!(again.is_some() && Place::take().is_none());
    }
}
