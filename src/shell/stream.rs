//! Server-sent events.
//!
//! `web_sys::EventSource` as it is: gloo-net's wraps it in futures channels, for 7 KB that one listener does not need.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{EventSource, MessageEvent};

use crate::contract::{RequestName, decode};
use crate::core::{Event, StreamEvent};

use super::Shell;

/// Listens as long as it lives.
pub(super) struct Stream {
    source: EventSource,
    _listeners: [EventListener; 3],
}

impl Stream {
    /// None where the browser has no `EventSource` or refuses the address: asking then goes on by itself.
    pub(super) fn open(shell: &Rc<Shell>, url: &str) -> Option<Self> {
        let source = EventSource::new(url).ok()?;
        let on = |name: &'static str, news: fn(&web_sys::Event) -> Option<StreamEvent>| {
            let shell = Rc::downgrade(shell);
            EventListener::new(&source, name, move |event| {
                if let Some(shell) = shell.upgrade()
                    && let Some(news) = shell.held(|| news(event))
                {
                    shell.dispatch(Event::Stream(news));
                }
            })
        };
        let listeners = [
            on("open", |_| Some(StreamEvent::Opened)),
            on("message", |event| {
                let text = event.dyn_ref::<MessageEvent>()?.data().as_string()?;
                let order = decode(&text).map(Box::new).map_err(|error| {
                    let source = event.current_target().and_then(|source| source.dyn_into::<EventSource>().ok());
                    RequestName::new("GET", &source.map_or_else(String::new, |source| source.url())).unreadable(error)
                });
                Some(StreamEvent::Order(order))
            }),
            on("error", |_| Some(StreamEvent::Lost)),
        ];
        Some(Self { source, _listeners: listeners })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}
