//! The words for what went wrong.

use leptos::prelude::*;

use crate::contract::ProblemCode;
use crate::core::Trouble;
use crate::text::{Lang, Text};

use super::amount;
use super::build::{block, line};

/// The title and what the payer can do.
pub(super) fn texts(trouble: &Trouble) -> (Text, Text) {
    match trouble {
        Trouble::MissingOrder => (Text::MissingOrder, Text::MissingOrderText),
        Trouble::Unreachable => (Text::Unreachable, Text::UnreachableText),
        Trouble::NoMethod => (Text::NoMethod, Text::NoMethodText),
        Trouble::AmountChanged { .. } => (Text::AmountChanged, Text::AmountChangedText),
        Trouble::Unreadable(_) | Trouble::NotAllowed { .. } => (Text::Faulty, Text::FaultyText),
        Trouble::Refused { code, .. } => match code {
            ProblemCode::OrderNotFound => (Text::OrderNotFound, Text::OrderNotFoundText),
            ProblemCode::Unauthorized => (Text::Unauthorized, Text::UnauthorizedText),
            ProblemCode::MethodUnavailable => (Text::NoMethod, Text::NoMethodText),
            ProblemCode::RateLimited => (Text::Busy, Text::BusyText),
            ProblemCode::UpstreamUnavailable => (Text::Upstream, Text::UpstreamText),
            ProblemCode::OrderPaid
            | ProblemCode::OrderClosed
            | ProblemCode::OrderExpired
            | ProblemCode::InvalidRequest
            | ProblemCode::ServerError => (Text::Faulty, Text::FaultyText),
        },
    }
}

/// What the payer can tell the merchant's support, and the two amounts where they differ.
pub(super) fn details(trouble: &Trouble, lang: Lang) -> AnyView {
    let mut lines = vec![line("", lang.say(Text::SupportCode)), line("wc-code", trouble.code())];
    if let Trouble::AmountChanged { shown, came } = trouble {
        lines.insert(
            0,
            line("wc-amounts", [&amount::format(*shown, lang), " → ", &amount::format(*came, lang)].concat()),
        );
    } else if let Some(detail) = trouble.detail() {
        lines.push(line("wc-detail", detail));
    }
    block("wc-small wc-support", lines)
}
