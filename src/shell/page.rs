//! The page: whether it is seen, whether there is a network, where it goes.

use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, PageTransitionEvent, VisibilityState};

use crate::core::{Event, PageEvent};

use super::Shell;

/// Listens as long as it lives.
pub(super) type Listeners = Vec<EventListener>;

/// Tells the shell what happens to the page.
pub(super) fn listen(shell: &Rc<Shell>) -> Listeners {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let document: Option<EventTarget> = window.document().map(Into::into);
    let window: EventTarget = window.into();
    let mut listeners = Vec::new();
    let mut on = |target: &EventTarget, name: &'static str, news: fn(&web_sys::Event) -> Option<PageEvent>| {
        let shell: Weak<Shell> = Rc::downgrade(shell);
        listeners.push(EventListener::new(target, name, move |event| {
            if let (Some(shell), Some(news)) = (shell.upgrade(), news(event)) {
                shell.dispatch(Event::Page(news));
            }
        }));
    };
    if let Some(document) = &document {
        on(document, "visibilitychange", |_| Some(seen()));
        // Page Lifecycle: a frozen page runs no timers; the platform does not always say `visibilitychange` first.
        on(document, "freeze", |_| Some(PageEvent::Hidden));
        on(document, "resume", |_| Some(seen()));
    }
    on(&window, "pageshow", |event| {
        let persisted = event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted);
        persisted.then_some(PageEvent::Restored)
    });
    on(&window, "online", |_| Some(PageEvent::Online));
    on(&window, "offline", |_| Some(PageEvent::Offline));
    listeners
}

/// How the page stands at the start, where that is not what the core takes for granted.
pub(super) fn at_start() -> Vec<PageEvent> {
    let offline = web_sys::window().is_some_and(|window| !window.navigator().on_line());
    let hidden = Some(seen()).filter(|seen| *seen == PageEvent::Hidden);
    hidden.into_iter().chain(offline.then_some(PageEvent::Offline)).collect()
}

fn seen() -> PageEvent {
    let state = web_sys::window().and_then(|window| window.document()).map(|document| document.visibility_state());
    if state == Some(VisibilityState::Hidden) { PageEvent::Hidden } else { PageEvent::Visible }
}

/// Leaves for this address.
pub(super) fn go(url: &str) {
    if let Some(window) = web_sys::window() {
        // The payer has the same address as a link (field problem 12), so a refusal costs a tap.
        let _ = window.location().assign(url);
    }
}
