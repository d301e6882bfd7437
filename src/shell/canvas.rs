//! The cashier's place in the page.

use leptos::tachys::view::{Mountable, Render};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::core::Screen;
use crate::view::{Drawn, Painter};

/// Keeps one screen in the page.
pub(super) struct Canvas {
    element: HtmlElement,
    painter: Painter,
    shown: Option<(Screen, Drawn)>,
    /// Taken away, perhaps by one who was told of the screen that was to be shown.
    closed: bool,
}

impl Canvas {
    pub(super) fn new(element: HtmlElement, painter: Painter) -> Self {
        Self { element, painter, shown: None, closed: false }
    }

    /// Changes the page so that it shows this screen.
    pub(super) fn show(&mut self, screen: Screen) {
        if self.closed {
            return;
        }
        let attended = self.has_focus();
        if let Some((shown, state)) = &mut self.shown {
            if *shown == screen {
                return;
            }
            let same = shown.body.at_rest() == screen.body.at_rest();
            self.painter.paint(&screen).rebuild(state);
            *shown = screen;
            if attended && !(same && self.has_focus()) {
                // What had it is gone, or belongs to the screen before: a keyboard's next step, or a screen reader's, begins here.
                self.focus_on(".wc-title");
            }
            if same {
                return;
            }
        } else {
            let mut state = self.painter.paint(&screen).build();
            state.mount(&self.element, None);
            self.shown = Some((screen, state));
        }
        self.focus();
    }

    /// Makes what a server drew show this screen, where it did draw something.
    pub(super) fn adopt(&mut self, screen: Screen) {
        if let Some(served) = self.element.first_element_child() {
            let state = self.painter.paint(&screen).adopt(&served);
            self.shown = Some((screen, state));
            self.focus();
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
        self.closed = true;
        if let Some((_, mut state)) = self.shown.take() {
            state.unmount();
        }
    }
}
