//! The ways by which something comes in from the browser: events, timers and promises.
//!
//! Each calls back. `async` would be 5 KB of the wasm: what runs the tasks, and what each of them is made into.

use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::EventTarget;

use super::Shell;
use super::probe::get;
use super::queue::Item;

/// Calls `then` with what becomes of a promise, be it a value or an error: it knows the one from the other by what it is.
pub(super) fn settled(promise: &Promise, then: Box<dyn FnOnce(JsValue)>) {
    let then = Closure::once_into_js(then);
    // Every promise has it, and it throws nothing.
    let _ = get(promise, "then").unchecked_into::<Function>().call2(promise, &then, &then);
}

impl Shell {
    /// Takes an item in after what runs now, but within the same task.
    pub(super) fn later(self: &Rc<Self>, item: Item) {
        let shell = Rc::downgrade(self);
        let then = move |_| {
            if let Some(shell) = shell.upgrade() {
                shell.push(item);
            }
        };
        settled(&Promise::resolve(&JsValue::UNDEFINED), Box::new(then));
    }

    /// Takes an item in after so many milliseconds.
    pub(super) fn after(self: &Rc<Self>, wait_ms: u32, item: Item) -> Timeout {
        let shell = Rc::downgrade(self);
        Timeout::new(wait_ms, move || {
            if let Some(shell) = shell.upgrade() {
                shell.push(item);
            }
        })
    }

    /// Takes in what `item` makes of each event of this name, as long as the listener lives.
    pub(super) fn on(
        self: &Rc<Self>,
        target: &EventTarget,
        name: &'static str,
        item: fn(&web_sys::Event) -> Option<Item>,
    ) -> EventListener {
        let shell = Rc::downgrade(self);
        EventListener::new(target, name, move |event| {
            if let Some(shell) = shell.upgrade()
                && let Some(item) = item(event)
            {
                shell.push(item);
            }
        })
    }
}
