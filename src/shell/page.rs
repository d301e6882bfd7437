//! The page: whether it is seen, whether there is a network, where it goes.

use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, EventTarget, HtmlDocument, HtmlElement, HtmlTextAreaElement, KeyboardEvent, PageTransitionEvent,
    VisibilityState, Window,
};

use crate::core::{Event, PageEvent, Passage};

use super::Shell;
use super::probe::{framed, get};
use super::queue::Item;
use super::ways_in::settled;

/// Listens as long as it lives.
pub(super) type Listeners = Vec<EventListener>;

/// Tells the shell what happens to the page.
pub(super) fn listen(shell: &Rc<Shell>) -> Listeners {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let document: Option<EventTarget> = window.document().map(Into::into);
    let window: EventTarget = window.into();
    let mut listeners = Vec::new();
    let mut on = |target: &EventTarget, name: &'static str, item: fn(&web_sys::Event) -> Option<Item>| {
        listeners.push(shell.on(target, name, item));
    };
    if let Some(document) = &document {
        on(document, "visibilitychange", |_| page(seen()));
        // Page Lifecycle: a frozen page runs no timers; the platform does not always say `visibilitychange` first.
        on(document, "freeze", |_| page(PageEvent::Hidden));
        on(document, "resume", |_| page(seen()));
        // At once, where nothing else is being done: the key is to be typed there already.
        on(document, "keydown", |event| types_nowhere(event).then_some(Item::Focus));
    }
    on(&window, "pageshow", |event| {
        let persisted = event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted);
        if persisted { page(PageEvent::Restored) } else { None }
    });
    on(&window, "online", |_| page(PageEvent::Online));
    on(&window, "offline", |_| page(PageEvent::Offline));
    listeners
}

fn page(event: PageEvent) -> Option<Item> {
    Some(Item::Event(Event::Page(event)))
}

/// Whether a key begins a number that no field takes. A scanner types wherever the focus is, and its Enter presses whatever
/// button that is on.
fn types_nowhere(event: &web_sys::Event) -> bool {
    let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return false };
    // In a shadow root the target is its host for all who listen outside.
    let target = event.composed_path().get(0).dyn_into::<Element>().ok();
    let field = target.and_then(|target| target.closest("input,textarea,select,[contenteditable]").ok().flatten());
    let held = key.ctrl_key() || key.alt_key() || key.meta_key();
    let key = key.key();
    field.is_none() && !held && key.len() == 1 && key.as_bytes()[0].is_ascii_digit()
}

/// Whether the document has come from its server just now, and not out of a cache: then what it says of an order is of now.
/// Where the browser does not tell, it may have come from anywhere.
#[cfg(feature = "component")]
pub(crate) fn is_fresh() -> bool {
    let Some(performance) = web_sys::window().and_then(|window| window.performance()) else { return false };
    let visit = performance.get_entries_by_type("navigation").get(0);
    let bytes = |name: &str| get(&visit, name).as_f64();
    match (bytes("transferSize"), bytes("encodedBodySize")) {
        // One that a server says has not changed costs its headers; one that it sends costs both.
        (Some(came), Some(body)) => came > body,
        _ => false,
    }
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
pub(super) fn go(url: &str, passage: Passage) {
    let Some(window) = web_sys::window() else { return };
    // The payer can go there by hand too, or try again (field problem 12), so a refusal costs a tap.
    let _ = match passage {
        Passage::Shop => window.location().assign(url),
        Passage::Login => window.location().replace(url),
        Passage::Pay | Passage::Unframe => follow(&window, url),
    };
}

/// As by a link, which can say what a script's `location` cannot: which frame goes, and what the next page is told of this
/// one. An empty referrer is refused by WeChat's H5 page, "商家参数格式有误" (docs/platform.md, 4).
///
/// The link is in no document: its click reaches no listener of the page's, and no script that rewrites links finds it. It is
/// followed all the same (<https://html.spec.whatwg.org/multipage/links.html#cannot-navigate>).
fn follow(window: &Window, url: &str) -> Result<(), JsValue> {
    let document = window.document().ok_or(JsValue::NULL)?;
    let link = document.create_element("a")?;
    let target = if framed(window) { "_top" } else { "_self" };
    let attributes = [("href", url), ("target", target), ("referrerpolicy", "strict-origin-when-cross-origin")];
    for (name, value) in attributes {
        link.set_attribute(name, value)?;
    }
    if let Some(link) = link.dyn_ref::<HtmlElement>() {
        link.click();
    }
    Ok(())
}

/// Copies a text, and tells the shell whether it worked. Old engines and pages without TLS have no clipboard for pages, and some refuse it: then
/// by a selection, as it was done before there was one.
pub(super) fn copy(shell: &Rc<Shell>, text: String) {
    let Some(window) = web_sys::window() else { return };
    let clipboard = get(&window.navigator(), "clipboard");
    let written = match get(&clipboard, "writeText").dyn_into::<Function>() {
        Ok(write) => write.call1(&clipboard, &text.as_str().into()),
        Err(_) => Err(JsValue::NULL),
    };
    let shell = Rc::downgrade(shell);
    let then = move |outcome: JsValue| {
        let Some(shell) = shell.upgrade() else { return };
        // A clipboard that has it says nothing more, and one that has not says why.
        let copied = outcome.is_undefined() || copy_selected(&window, &text).unwrap_or(false);
        shell.dispatch(Event::Copied(Some(text).filter(|_| !copied)));
    };
    settled(&Promise::resolve(&written.unwrap_or(JsValue::NULL)), Box::new(then));
}

fn copy_selected(window: &Window, text: &str) -> Result<bool, JsValue> {
    let document = window.document().ok_or(JsValue::NULL)?;
    let area: HtmlTextAreaElement = document.create_element("textarea")?.unchecked_into();
    area.set_value(text);
    document.body().ok_or(JsValue::NULL)?.append_child(&area)?;
    area.select();
    let copied = document.unchecked_ref::<HtmlDocument>().exec_command("copy");
    area.remove();
    copied
}
