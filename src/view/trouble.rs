//! The words for what went wrong.

use leptos::prelude::*;

use crate::contract::ProblemCode;
use crate::core::Trouble;
use crate::text::{Lang, Text};

use super::amount;

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
    let amounts = match trouble {
        Trouble::AmountChanged { shown, came } => {
            Some([amount::format(*shown, lang), " → ".to_owned(), amount::format(*came, lang)].concat())
        }
        _ => None,
    };
    let code = trouble.code();
    let detail = trouble.detail().filter(|_| amounts.is_none());
    view! {
        {amounts.map(|amounts| view! { <p class="wc-amounts">{amounts}</p> })}
        <p class="wc-small wc-support">
            {lang.say(Text::SupportCode)} " " <code>{code}</code> {detail.map(|detail| view! { <span>{detail}</span> })}
        </p>
    }
    .into_any()
}
