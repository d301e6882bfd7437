//! The cashier's place in the page.

use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use web_sys::HtmlElement;

use crate::core::Screen;
use crate::view::Painter;

/// Keeps one screen in the page.
pub(super) struct Canvas {
    element: HtmlElement,
    painter: Painter,
    shown: Option<(Screen, AnyViewState)>,
}

impl Canvas {
    pub(super) fn new(element: HtmlElement, painter: Painter) -> Self {
        Self { element, painter, shown: None }
    }

    /// Changes the page so that it shows this screen.
    pub(super) fn show(&mut self, screen: Screen) {
        if let Some((shown, state)) = &mut self.shown {
            if *shown != screen {
                self.painter.paint(&screen).rebuild(state);
                *shown = screen;
            }
        } else {
            let mut state = self.painter.paint(&screen).build();
            state.mount(&self.element, None);
            self.shown = Some((screen, state));
        }
    }

    /// Takes the screen away.
    pub(super) fn clear(&mut self) {
        if let Some((_, mut state)) = self.shown.take() {
            state.unmount();
        }
    }
}
