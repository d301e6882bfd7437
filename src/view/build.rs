//! The elements that screens are built from.

use std::borrow::Cow;

use crate::core::Tap;

use super::OnTap;
use super::element::Element;

/// A box of other views.
#[inline(never)]
pub(super) fn block(class: &'static str) -> Element {
    Element::new("div", class)
}

/// A paragraph.
#[inline(never)]
pub(super) fn line(class: &'static str, words: impl Into<Cow<'static, str>>) -> Element {
    Element::new("p", class).saying(words)
}

/// The width of text, in Latin letters, that is always shown whole: two lines of a phone's.
pub(crate) const FOLDED_FROM: usize = 64;

/// A paragraph of the merchant's, of any length: one that would push the rest out of sight is folded to its first lines, and
/// opens under a finger.
#[inline(never)]
pub(super) fn folded(class: &'static str, words: &str) -> Element {
    // Chinese signs are twice as wide as Latin letters.
    let width: usize = words.chars().map(|character| if character < '\u{1100}' { 1 } else { 2 }).sum();
    // In the direction that it begins with: it need not be in the cashier's language.
    let whole = |class| line(class, words.to_owned()).with("dir", "auto");
    if width <= FOLDED_FROM {
        return whole(class);
    }
    let summary = Element::new("summary", "").holding(whole(""));
    Element::new("details", class).with("data-long", "").holding(summary)
}

/// The screen's title. The script may put the focus on it.
#[inline(never)]
pub(super) fn title(words: String) -> Element {
    Element::new("h2", "wc-title").with("tabindex", "-1").saying(words)
}

/// A button.
#[inline(never)]
pub(super) fn button(class: &'static str, words: impl Into<Cow<'static, str>>, tap: Tap, on_tap: &OnTap) -> Element {
    press(class, Some(tap), on_tap).saying(words)
}

/// A button that is disabled as long as it has no action.
#[inline(never)]
pub(super) fn press(class: &'static str, tap: Option<Tap>, on_tap: &OnTap) -> Element {
    let button = Element::new("button", class).with("type", "button");
    match tap {
        Some(tap) => button.with("data-tap", tap.name()).doing(Some(tap), on_tap),
        None => button.with("disabled", ""),
    }
}

/// A picture of the merchant's. What stands in for it comes after it: both are in the page, and the style sheet shows the
/// stand-in until the picture has loaded, and for good where it cannot be.
#[inline(never)]
pub(super) fn picture(class: &'static str, src: Option<&String>) -> Option<Element> {
    let picture = Element::new("img", class).with("src", src?.clone());
    Some(picture.with("alt", "").with("referrerpolicy", "no-referrer"))
}

/// A link. Tapped, it is for the core to go there; opened in another tab or window, it is the browser's.
#[inline(never)]
pub(super) fn link(href: String, words: String, tap: Tap, on_tap: &OnTap) -> Element {
    Element::new("a", "wc-button").with("href", href).doing(Some(tap), on_tap).saying(words)
}

/// A box whose changes a screen reader announces.
#[inline(never)]
pub(super) fn status(class: &'static str) -> Element {
    block(class).with("role", "status")
}
