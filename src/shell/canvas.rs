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
}

impl Canvas {
    pub(super) fn new(element: HtmlElement, painter: Painter) -> Self {
        Self { element, painter, shown: None }
    }

    /// Changes the page so that it shows this screen.
    pub(super) fn show(&mut self, screen: Screen) {
        if let Some((shown, state)) = &mut self.shown {
            if *shown == screen {
                return;
            }
            self.painter.paint(&screen).rebuild(state);
            let same = shown.body.at_rest() == screen.body.at_rest();
            *shown = screen;
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

    /// Puts the focus where typing belongs, if there is such a place: a scanner types into whatever has the focus.
    /// (`autofocus` itself is for pages that load.)
    pub(super) fn focus(&self) {
        if let Ok(Some(field)) = self.element.query_selector("[autofocus]")
            && let Some(field) = field.dyn_ref::<HtmlElement>()
        {
            // Where it is refused, the payer taps the field.
            let _ = field.focus();
        }
    }

    /// Takes the screen away.
    pub(super) fn clear(&mut self) {
        if let Some((_, mut state)) = self.shown.take() {
            state.unmount();
        }
    }
}
