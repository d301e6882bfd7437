//! The field for a payer's code.

use std::sync::Arc;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlInputElement};

use crate::core::{CodeProblem, Tap};
use crate::text::{Lang, Text};

use super::OnTap;
use super::build::{block, line};

/// The field for a payer's code, for a scanner, which types the digits and Enter, or for fingers.
pub(super) fn field(button: String, lang: Lang, on_tap: &OnTap) -> AnyView {
    let on_tap = Arc::clone(on_tap);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(code) = typed(&event) {
            on_tap(Tap::Code(code));
        }
    };
    view! {
        <form class="wc-till" on:submit=submit>
            <label>
                {lang.say(Text::CodeField)}
                <input name="code" inputmode="numeric" autocomplete="off" enterkeyhint="done" autofocus />
            </label>
            <button class="wc-button">{button}</button>
        </form>
    }
    .into_any()
}

fn typed(event: &SubmitEvent) -> Option<String> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let input = form.query_selector("input").ok()??;
    input.dyn_ref().map(HtmlInputElement::value)
}

/// What was wrong with the code before.
pub(super) fn problem(problem: &CodeProblem, lang: Lang) -> AnyView {
    let (text, detail) = match problem {
        CodeProblem::Malformed => (Text::CodeMalformed, None),
        CodeProblem::Refused { detail } => (Text::CodeRefused, detail.clone()),
        CodeProblem::NotConfirmed => (Text::CodeNotConfirmed, None),
    };
    let mut lines = vec![line("", lang.say(text))];
    lines.extend(detail.map(|detail| line("wc-detail", detail)));
    block("wc-problem", lines)
}
