//! The texts for what went wrong.

use crate::contract::ProblemCode;
use crate::core::{Cause, Tap, Trouble};
use crate::text::{Text, Words};

use super::OnTap;
use super::build::{block, button, line};
use super::element::Element;

/// The title, and the text that says what the payer can do.
pub(super) fn texts(trouble: &Trouble) -> (Text, Text) {
    match trouble {
        Trouble::MissingOrder => (Text::MissingOrder, Text::MissingOrderText),
        Trouble::Unreachable { .. } => (Text::Unreachable, Text::UnreachableText),
        Trouble::NoMethod { .. } => (Text::NoMethod, Text::NoMethodText),
        Trouble::LoginLoop => (Text::LoginLoop, Text::LoginLoopText),
        Trouble::Wechat { cause, .. } => match cause {
            Cause::Stale => (Text::Stale, Text::StaleText),
            Cause::UrlNotRegistered => (Text::NotRegistered, Text::NotRegisteredText),
            Cause::Setup => (Text::Setup, Text::SetupText),
            Cause::NotSupported | Cause::NoGesture | Cause::NoBridge | Cause::NoSdk => {
                (Text::NotSupported, Text::NotSupportedText)
            }
            Cause::OtherAccount => (Text::OtherAccount, Text::OtherAccountText),
            Cause::Limit => (Text::Limit, Text::LimitText),
            Cause::AlreadyPaid | Cause::Failed => (Text::PayFailed, Text::PayFailedText),
        },
        Trouble::AmountChanged { .. } => (Text::AmountChanged, Text::AmountChangedText),
        Trouble::Unreadable { .. } | Trouble::NotAllowed { .. } => (Text::Faulty, Text::FaultyText),
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

/// The line that the payer can give to the merchant's support.
pub(super) fn for_support(trouble: &Trouble, words: &Words, on_tap: &OnTap) -> Element {
    block("wc-small wc-support")
        .holding(line("", words.say(Text::SupportCode)))
        .holding(line("wc-code", trouble.code()))
        .holding(button("wc-link", words.say(Text::Copy), Tap::CopyTrouble, on_tap))
        .holding(trouble.detail().map(|detail| line("wc-detail", detail)))
}
