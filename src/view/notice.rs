//! What is laid over a screen that stays as it is.

use crate::core::{Notice, Tap};
use crate::text::{Lang, Text, fill};

use super::OnTap;
use super::build::{block, button, line};
use super::element::Element;

/// What is laid over a screen that stays as it is.
pub(super) fn notice(notice: Option<&Notice>, lang: Lang, on_tap: &OnTap) -> Option<Element> {
    let notice = notice?;
    let refused = |code: &str| fill(lang.say(Text::NoticeRefused), code);
    let words = match notice {
        Notice::Offline => lang.say(Text::NoticeOffline).to_owned(),
        Notice::Unreachable => lang.say(Text::NoticeUnreachable).to_owned(),
        Notice::Refused(code) => refused(code.word()),
        Notice::Unreadable(error) => refused(&error.message()),
        Notice::NotReceived => lang.say(Text::NoticeNotReceived).to_owned(),
        Notice::Copied => lang.say(Text::NoticeCopied).to_owned(),
        Notice::CopyByHand(text) => fill(lang.say(Text::NoticeCopyByHand), text),
    };
    let mut parts = vec![line("wc-words", words)];
    if !matches!(notice, Notice::NotReceived | Notice::Copied | Notice::CopyByHand(_)) {
        parts.push(button("wc-link", lang.say(Text::Retry), Tap::Retry, on_tap));
    }
    Some(block("wc-notice", parts))
}
