//! The ways to pay.

use crate::contract::{Method, MethodOffer};
use crate::core::{Body, Screen, Tap};
use crate::text::{Text, Words};

use super::OnTap;
use super::build::{block, line, picture};
use super::element::Element;
use super::icon::Icon;

/// The name of the way to pay, above the screen. Once it is paid, none but the one that the backend says.
pub(super) fn heading(screen: &Screen, words: &Words) -> String {
    let is_over = matches!(screen.body, Body::Paid { .. } | Body::Refunded);
    match &screen.way {
        Some(MethodOffer { method: Method::Merchant(_), label: None, .. }) | None if is_over => String::new(),
        way => title(way.as_ref(), words),
    }
}

/// The name of a way to pay.
pub(super) fn title(way: Option<&MethodOffer>, words: &Words) -> String {
    match way {
        Some(MethodOffer { method: Method::Merchant(_), label: Some(label), .. }) => label.clone(),
        _ => words.say(Text::WechatPay),
    }
}

/// All ways to pay, folded away until another is wanted. The current one keeps its place among them.
pub(super) fn ways(screen: &Screen, words: &Words, on_tap: &OnTap) -> Option<Element> {
    if screen.ways.is_empty() {
        return None;
    }
    let mut list = block("wc-list");
    for way in &screen.ways {
        let (icon, text) = look(way);
        // The merchant's label is preferred to ours.
        let label = way.label.clone().unwrap_or_else(|| words.say(text));
        let at_hand = screen.way.as_ref().is_some_and(|at_hand| at_hand.method == way.method);
        let button = Element::new("button", "wc-way")
            .with("type", "button")
            .holding(picture("wc-icon", way.icon_url.as_ref()))
            .holding(icon.draw())
            .holding(line("", label));
        list = list.holding(if at_hand {
            button.with("aria-current", "true")
        } else {
            let tap = Tap::Choose(way.method.clone());
            button.with("data-tap", tap.name()).doing(Some(tap), on_tap)
        });
    }
    let summary = Element::new("summary", "").saying(words.say(Text::Ways));
    let details = Element::new("details", "wc-ways").holding(summary).holding(list);
    // Set only when it changes, so that what the payer has opened or closed stays as it is.
    Some(if screen.suggest { details.with("open", "") } else { details })
}

fn look(way: &MethodOffer) -> (Icon, Text) {
    match way.method {
        Method::Native => (Icon::Qr, Text::WayNative),
        Method::Jsapi => (Icon::Phone, Text::WayJsapi),
        Method::H5 => (Icon::Phone, Text::WayH5),
        Method::MiniProgram => (Icon::Phone, Text::WayMiniProgram),
        Method::PaymentCode => (Icon::Code, Text::WayCode),
        // A method of the merchant's own is never offered without a label.
        Method::Merchant(_) => (Icon::Phone, Text::Ways),
    }
}
