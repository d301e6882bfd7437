//! The cashier's place in the page.

use tachys::view::{Mountable, Render};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::core::Screen;
use crate::text::Words;
use crate::view::{Drawn, Element, Painter};

/// Keeps one screen in the page.
pub(super) struct Canvas {
    element: HtmlElement,
    painter: Painter,
    begin: Begin,
    shown: Option<(Screen, Drawn)>,
}

/// How the first screen comes into its place.
pub(crate) type Begin = fn(Element, &HtmlElement) -> Drawn;

/// In place of what is there.
pub(crate) fn draw(view: Element, place: &HtmlElement) -> Drawn {
    // Not by `innerHTML`, which pages with Trusted Types do not let anyone write.
    place.set_text_content(None);
    let mut drawn = view.build();
    drawn.mount(place, None);
    drawn
}

/// By what a server drew there, if it did.
pub(crate) fn take_over(view: Element, place: &HtmlElement) -> Drawn {
    match place.first_element_child() {
        Some(served) => view.adopt(&served),
        None => draw(view, place),
    }
}

impl Canvas {
    pub(super) fn new(element: HtmlElement, painter: Painter, begin: Begin) -> Self {
        Self { element, painter, begin, shown: None }
    }

    /// Whether nothing of it is drawn, for `display: none` on it or around it.
    pub(super) fn is_put_away(&self) -> bool {
        self.element.offset_width() == 0
    }

    /// Changes the page so that it shows this screen. What a server drew there is made to show it.
    pub(super) fn show(&mut self, screen: Screen) {
        let attended = self.has_focus();
        if let Some((shown, state)) = &mut self.shown {
            if *shown == screen {
                return;
            }
            let turn = self.painter.turn();
            self.painter.paint(&screen).rebuild(state);
            let same = self.painter.turn() == turn;
            *shown = screen;
            if attended && !(same && self.has_focus()) {
                // What had it is gone, or belongs to the screen before: a keyboard's next step, or a screen reader's, begins here.
                self.focus_on(".wc-title");
            }
            if same {
                return;
            }
        } else {
            let view = self.painter.paint(&screen);
            self.shown = Some((screen, (self.begin)(view, &self.element)));
        }
        self.focus();
    }

    /// Says what is shown in these words, and all that follows.
    pub(super) fn say(&mut self, words: Words) {
        self.painter.say(words);
        if let Some((screen, state)) = &mut self.shown {
            self.painter.paint(screen).rebuild(state);
        }
    }

    /// Puts the focus where typing belongs, if there is such a place: a scanner types into whatever has the focus.
    /// (`autofocus` itself is for pages that load.)
    pub(super) fn focus(&self) {
        self.focus_on("[autofocus]");
    }

    fn focus_on(&self, selector: &str) {
        if let Ok(Some(place)) = self.element.query_selector(selector)
            && let Some(place) = place.dyn_ref::<HtmlElement>()
        {
            // Where it is refused, the payer taps.
            let _ = place.focus();
        }
    }

    /// Whether the focus is in the screen. (In a shadow root, the document itself sees no further than the host.)
    fn has_focus(&self) -> bool {
        self.element.query_selector(":focus").is_ok_and(|found| found.is_some())
    }

    /// Takes the screen away.
    pub(super) fn clear(&mut self) {
        if let Some((_, mut state)) = self.shown.take() {
            state.unmount();
        }
    }
}
