//! One screen as a Leptos component.

use std::sync::Arc;

use leptos::prelude::*;

use crate::core::{Screen, Tap};
use crate::text::Words;

use super::Painter;

/// One screen as a component, for apps that keep the [`Screen`] in a signal of their own and carry out the effects
/// themselves. Other apps use [`Cashier`](crate::Cashier).
///
/// ```
/// use leptos::prelude::*;
/// use wechat_cashier::core::{Instant, Options, State, Tap};
/// use wechat_cashier::text::Lang;
/// use wechat_cashier::view::ScreenView;
///
/// let screen = RwSignal::new(State::new(Options::default()).screen(Instant::ZERO));
/// let html = view! { <ScreenView screen words=Lang::En on_tap=Callback::new(|_: Tap| ()) /> }.to_html();
/// assert!(html.contains("names no order"));
/// ```
#[component]
pub fn ScreenView(
    /// The screen to show.
    #[prop(into)]
    screen: Signal<Screen>,
    /// The texts.
    #[prop(into)]
    words: Words,
    /// Called with what the payer does.
    on_tap: Callback<Tap>,
) -> impl IntoView {
    let mut painter = Painter::new(words, Arc::new(move |tap| on_tap.run(tap)));
    move || screen.with(|screen| painter.paint(screen))
}
