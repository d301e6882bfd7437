//! What every view is built from.
//!
//! Leptos writes code for each type of view, about 2 KB of the wasm for every one. So there are few types: these, with their
//! children erased. A screen is a list of them.

use std::sync::Arc;

use leptos::prelude::*;

use crate::core::Tap;

use super::OnTap;

/// A box of other views.
pub(super) fn block(class: &'static str, children: Vec<AnyView>) -> AnyView {
    view! { <div class=class>{children}</div> }.into_any()
}

/// A paragraph.
pub(super) fn line(class: &'static str, words: impl Into<String>) -> AnyView {
    let words: String = words.into();
    view! { <p class=class>{words}</p> }.into_any()
}

/// What the screen is about. The script may put the focus on it.
pub(super) fn title(words: String) -> AnyView {
    view! {
        <h2 class="wc-title" tabindex="-1">
            {words}
        </h2>
    }
    .into_any()
}

/// Something to press.
pub(super) fn button(class: &'static str, words: impl Into<String>, tap: Tap, on_tap: &OnTap) -> AnyView {
    press(class, vec![words.into().into_any()], Some(tap), on_tap)
}

/// Something to press; with nothing to do, it cannot be pressed yet.
pub(super) fn press(class: &'static str, content: Vec<AnyView>, tap: Option<Tap>, on_tap: &OnTap) -> AnyView {
    let on_tap = Arc::clone(on_tap);
    let name = tap.as_ref().map(Tap::name);
    let disabled = tap.is_none();
    let press = move |_| {
        if let Some(tap) = tap.clone() {
            on_tap(tap);
        }
    };
    view! {
        <button type="button" class=class data-tap=name disabled=disabled on:click=press>
            {content}
        </button>
    }
    .into_any()
}

/// A picture of the merchant's.
pub(super) fn picture(class: &'static str, src: String) -> AnyView {
    view! { <img class=class src=src alt="" referrerpolicy="no-referrer" /> }.into_any()
}

/// Somewhere to go.
pub(super) fn link(href: String, words: &'static str) -> AnyView {
    view! {
        <a class="wc-button" href=href>
            {words}
        </a>
    }
    .into_any()
}

/// A box whose changes a screen reader tells.
pub(super) fn status(class: &'static str, children: AnyView) -> AnyView {
    view! {
        <div class=class role="status">
            {children}
        </div>
    }
    .into_any()
}

/// Nothing.
pub(super) fn nothing() -> AnyView {
    ().into_any()
}
