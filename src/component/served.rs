//! The HTML that a server renders in the cashier's place.

use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::no_attrs;
use leptos::tachys::view::{Position, PositionState, Render, RenderHtml};

use std::sync::Arc;

use crate::contract::Order;
use crate::core::{Instant, Options, State, begin};
use crate::text::Words;
use crate::view::Painter;

/// The first screen, as HTML. In the browser Leptos does nothing with it: the shell owns the place, takes over its content and
/// changes it from then on.
#[derive(Clone)]
pub(super) struct Served {
    pub(super) options: Options,
    pub(super) words: Words,
    pub(super) first: Option<Order>,
}

impl Render for Served {
    type State = ();

    fn build(self) {}

    fn rebuild(self, (): &mut ()) {}
}

no_attrs!(Served);

impl RenderHtml for Served {
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
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        let mut state = State::new(self.options);
        // Its effects are requests, which the browser will make.
        drop(begin(&mut state, [], None, None, self.first, false, Instant::ZERO));
        let mut painter = Painter::new(self.words, Arc::new(|_| ()));
        painter.paint(&state.screen(Instant::ZERO)).to_html_with_buf(
            html,
            position,
            escape,
            mark_branches,
            extra_attrs,
        );
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) {}

    fn into_owned(self) -> Self {
        self
    }
}
