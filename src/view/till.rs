//! The field for a payer's code.

use crate::core::CodeProblem;
use crate::text::{Text, Words};

use super::OnTap;
use super::build::{block, line};
use super::element::Element;

/// The field for a payer's code: for a scanner, which types the digits and Enter, or for typing by hand.
pub(super) fn field(charge: String, words: &Words, on_tap: &OnTap) -> Element {
    let input = Element::new("input", "")
        .with("part", "field")
        .with("name", "code")
        .with("inputmode", "numeric")
        .with("autocomplete", "off")
        .with("enterkeyhint", "done")
        .with("autofocus", "");
    let label = Element::new("label", "").holding(line("", words.say(Text::CodeField))).holding(input);
    let button = Element::new("button", "wc-button").saying(charge);
    Element::new("form", "wc-till").holding(label).holding(button).doing(None, on_tap)
}

/// What was wrong with the previous code.
pub(super) fn problem(problem: &CodeProblem, words: &Words) -> Element {
    let (text, detail) = match problem {
        CodeProblem::Malformed => (Text::CodeMalformed, None),
        CodeProblem::Refused { detail } => (Text::CodeRefused, detail.clone()),
        CodeProblem::NotConfirmed => (Text::CodeNotConfirmed, None),
    };
    block("wc-problem").holding(line("", words.say(text))).holding(detail.map(|detail| line("wc-detail", detail)))
}
