//! The one type of view.
//!
//! Leptos generates code for each type of view: about 2 KB of wasm for each, and as much again for what they all share. So there is one type, with its tag, attributes and children as values; the whole page is a tree of them.

mod adopt;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use tachys::dom::document;
use tachys::html::attribute::any_attribute::AnyAttribute;
use tachys::hydration::Cursor;
use tachys::no_attrs;
use tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{HtmlElement, HtmlInputElement, MouseEvent, Node, UiEvent};

use crate::core::Tap;

use super::OnTap;

/// The parts that the page around the custom element may style by `::part()`. Each has a class of the same name, with `wc-`
/// before it; the card and a field have none, and get their parts where they are made.
pub(crate) const PARTS: [&str; 19] = [
    "bill",
    "merchant",
    "logo",
    "amount",
    "description",
    "order",
    "stage",
    "method",
    "qr",
    "title",
    "text",
    "small",
    "time",
    "actions",
    "button",
    "link",
    "ways",
    "way",
    "notice",
];

/// The part of an element with these classes.
fn part(class: &'static str) -> Option<&'static str> {
    class.split(' ').find_map(|class| {
        let name = class.strip_prefix("wc-")?;
        PARTS.contains(&name).then_some(name)
    })
}

/// An element of the page, and what is in it. It is a pointer, because passing a large value on costs code at each place.
#[derive(Clone)]
pub struct Element(Box<Parts>);

#[derive(Clone)]
struct Parts {
    tag: &'static str,
    /// `style:transform` sets one property, which a strict Content Security Policy allows; it forbids the attribute `style`.
    attributes: Vec<(&'static str, Cow<'static, str>)>,
    /// Either text or children, never both.
    text: Cow<'static, str>,
    children: Vec<Element>,
    on: Option<On>,
    /// Distinguishes an element from an otherwise equal one that was at the same place before.
    turn: bool,
}

/// What happens when the payer activates an element.
#[derive(Clone)]
struct On {
    /// None: the code that was typed into the form is sent.
    tap: Option<Tap>,
    on_tap: OnTap,
}

impl Element {
    #[inline(never)]
    pub(super) fn new(tag: &'static str, class: &'static str) -> Self {
        let element = Self(Box::new(Parts {
            tag,
            attributes: Vec::new(),
            text: Cow::Borrowed(""),
            children: Vec::new(),
            on: None,
            turn: false,
        }));
        let element = if class.is_empty() { element } else { element.with("class", class) };
        match part(class) {
            Some(part) => element.with("part", part),
            None => element,
        }
    }

    #[inline(never)]
    pub(super) fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.0.attributes.push((name, value.into()));
        self
    }

    #[inline(never)]
    pub(super) fn saying(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.0.text = text.into();
        self
    }

    /// With this child after those that it has; with none, as it is.
    pub(super) fn holding(self, child: impl Into<Option<Self>>) -> Self {
        self.hold(child.into())
    }

    #[inline(never)]
    fn hold(mut self, child: Option<Self>) -> Self {
        if let Some(child) = child {
            self.0.children.push(child);
        }
        self
    }

    /// Sets what happens when the payer activates it.
    pub(super) fn doing(mut self, tap: Option<Tap>, on_tap: &OnTap) -> Self {
        self.0.on = Some(On { tap, on_tap: OnTap::clone(on_tap) });
        self
    }

    /// Makes it another element than the one that was at the same place before.
    pub(super) fn turned(mut self, turn: bool) -> Self {
        self.0.turn = turn;
        self
    }
}

impl Parts {
    fn value(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| &**value)
    }

    /// Whether the page's element for `other` can be changed into this one. The elements of another screen cannot, so that no
    /// button turns into another under the payer's finger.
    fn can_follow(&self, other: &Self) -> bool {
        self.tag == other.tag
            && self.turn == other.turn
            && self.value("class") == other.value("class")
            && self.text.is_empty() == other.text.is_empty()
    }

    fn html(&self, html: &mut String) {
        html.push('<');
        html.push_str(self.tag);
        for (name, value) in &self.attributes {
            // A strict Content Security Policy blocks `style` attributes in HTML, so only the browser sets it. (It is the
            // length of the time bar, which is full when it first appears.)
            if name.contains(':') {
                continue;
            }
            html.push(' ');
            html.push_str(name);
            html.push_str("=\"");
            escape(value, html);
            html.push('"');
        }
        html.push('>');
        escape(&self.text, html);
        for child in &self.children {
            child.0.html(html);
        }
        if !matches!(self.tag, "input" | "img") {
            html.push_str("</");
            html.push_str(self.tag);
            html.push('>');
        }
    }
}

fn escape(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            other => html.push(other),
        }
    }
}

/// An element in the page.
pub struct Drawn {
    node: web_sys::Element,
    /// The element that it was made from, without its children, which are in `children`.
    element: Box<Parts>,
    children: Vec<Self>,
    on: Rc<RefCell<Option<On>>>,
    listener: Option<EventListener>,
}

impl Drawn {
    fn set(&self, name: &str, value: &str) {
        // Fails only for malformed names, and these are ours.
        match name.strip_prefix("style:") {
            Some(property) => {
                let styled = self.node.dyn_ref::<HtmlElement>().map(HtmlElement::style);
                let _ = styled.map(|style| style.set_property(property, value));
            }
            None => drop(self.node.set_attribute(name, value)),
        }
        if name == "src" {
            let _ = self.node.remove_attribute(LOADED);
        }
    }

    /// Marks a picture once it has loaded. No other sign of it is the same in all browsers, and a broken one must not be
    /// seen.
    fn watch(&mut self) {
        if self.element.tag == "img" {
            self.listener = Some(EventListener::new(&self.node, "load", |event| {
                if let Some(picture) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
                    // A name of ours, so it cannot fail.
                    let _ = picture.set_attribute(LOADED, "");
                }
            }));
        }
    }

    fn listen(&mut self, on: Option<On>) {
        if on.is_some() && self.listener.is_none() {
            let on = Rc::clone(&self.on);
            let name = if self.element.tag == "form" { "submit" } else { "click" };
            let leads = self.element.tag == "a";
            self.listener = Some(EventListener::new_with_options(&self.node, name, LISTENING, move |event| {
                if leads && is_browsers(event) {
                    return;
                }
                event.prevent_default();
                // The second click of a double click is not meant for what the first click has put under the finger.
                if event.dyn_ref::<UiEvent>().is_some_and(|event| event.detail() > 1) {
                    return;
                }
                let Some(On { tap, on_tap }) = on.borrow().clone() else { return };
                if let Some(tap) = tap.or_else(|| typed(event)) {
                    on_tap(tap);
                }
            }));
        }
        *self.on.borrow_mut() = on;
    }

    fn add(&mut self, child: Element) {
        let child = child.build();
        // Fails only if the child contains its new parent; it was just made.
        let _ = self.node.append_child(&child.node);
        self.children.push(child);
    }
}

/// The mark of a picture that has loaded, for the style sheet.
const LOADED: &str = "data-loaded";

const LISTENING: gloo_events::EventListenerOptions =
    gloo_events::EventListenerOptions { phase: gloo_events::EventListenerPhase::Bubble, passive: false };

/// Whether a click on a link means something else to the browser than to go there: another tab, another window, a file.
fn is_browsers(event: &web_sys::Event) -> bool {
    event.dyn_ref::<MouseEvent>().is_some_and(|event| {
        event.button() != 0 || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()
    })
}

/// Takes the text out of a form's field, so that the next scan begins with an empty field.
fn typed(event: &web_sys::Event) -> Option<Tap> {
    let form: web_sys::Element = event.target()?.dyn_into().ok()?;
    let field = form.query_selector("input").ok()??;
    let field: &HtmlInputElement = field.dyn_ref()?;
    let code = field.value();
    field.set_value("");
    Some(Tap::Code(code))
}

impl Render for Element {
    type State = Drawn;

    fn build(self) -> Drawn {
        let Self(mut element) = self;
        let document = document();
        let node = match element.tag {
            "svg" | "path" | "circle" | "rect" => {
                document.create_element_ns(Some("http://www.w3.org/2000/svg"), element.tag)
            }
            tag => document.create_element(tag),
        };
        let (children, on) = (core::mem::take(&mut element.children), element.on.take());
        // Fails only for malformed tags, and these are ours.
        let mut drawn =
            Drawn { node: node.unwrap_throw(), element, children: Vec::new(), on: Rc::default(), listener: None };
        drawn.watch();
        for (name, value) in &drawn.element.attributes {
            drawn.set(name, value);
        }
        if !drawn.element.text.is_empty() {
            drawn.node.set_text_content(Some(&drawn.element.text));
        }
        for child in children {
            drawn.add(child);
        }
        drawn.listen(on);
        drawn
    }

    fn rebuild(self, drawn: &mut Drawn) {
        if !self.0.can_follow(&drawn.element) {
            let fresh = self.build();
            // Fails only for a node without a parent.
            let _ = drawn.node.replace_with_with_node_1(&fresh.node);
            *drawn = fresh;
            return;
        }
        let Self(mut element) = self;
        for (name, _) in &drawn.element.attributes {
            if element.value(name).is_none() {
                let _ = drawn.node.remove_attribute(name);
            }
        }
        for (name, value) in &element.attributes {
            if drawn.element.value(name) != Some(value) {
                drawn.set(name, value);
            }
        }
        if element.text != drawn.element.text {
            drawn.node.set_text_content(Some(&element.text));
        }
        let (children, on) = (core::mem::take(&mut element.children), element.on.take());
        for surplus in drawn.children.drain(children.len().min(drawn.children.len())..) {
            surplus.node.remove();
        }
        for (index, child) in children.into_iter().enumerate() {
            match drawn.children.get_mut(index) {
                Some(known) => child.rebuild(known),
                None => drawn.add(child),
            }
        }
        drawn.element = element;
        drawn.listen(on);
    }
}

impl Mountable for Drawn {
    fn unmount(&mut self) {
        self.node.remove();
    }

    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&Node>) {
        // Fails only if the marker is not in this parent.
        let _ = parent.insert_before(&self.node, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let Some(parent) = self.node.parent_element() else { return false };
        child.mount(&parent, Some(&self.node));
        true
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        vec![self.node.clone()]
    }
}

no_attrs!(Element);

impl RenderHtml for Element {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0.html(html);
        *position = Position::NextChild;
    }

    /// Keeps what the server drew.
    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Drawn {
        if position.get() == Position::FirstChild {
            cursor.child();
        } else {
            cursor.sibling();
        }
        let drawn = match cursor.current().dyn_ref::<web_sys::Element>() {
            Some(served) => self.adopt(served),
            None => self.build(),
        };
        cursor.set(drawn.node.clone().into());
        position.set(Position::NextChild);
        drawn
    }

    fn into_owned(self) -> Self {
        self
    }
}
