//! Notices over a screen, such as "no network".

use crate::core::{Notice, Tap};
use crate::text::{Text, Words, fill};

use super::OnTap;
use super::build::{block, button, line};
use super::element::Element;

/// The notice over a screen; the screen below it stays as it is.
pub(super) fn notice(notice: Option<&Notice>, words: &Words, on_tap: &OnTap) -> Option<Element> {
    let notice = notice?;
    let refused = |code: &str| fill(words.text(Text::NoticeRefused), code);
    let said = match notice {
        Notice::Offline => words.say(Text::NoticeOffline),
        Notice::Unreachable => words.say(Text::NoticeUnreachable),
        Notice::Refused(code) => refused(code.word()),
        Notice::Unreadable(error) => refused(&error.message()),
        Notice::NotReceived => words.say(Text::NoticeNotReceived),
        Notice::Copied => words.say(Text::NoticeCopied),
        Notice::CopyByHand(text) => fill(words.text(Text::NoticeCopyByHand), text),
    };
    let helps = !matches!(notice, Notice::NotReceived | Notice::Copied | Notice::CopyByHand(_));
    let retry = helps.then(|| button("wc-link", words.say(Text::Retry), Tap::Retry, on_tap));
    Some(block("wc-notice").holding(line("wc-words", said)).holding(retry))
}
