//! The ways to pay.

use crate::contract::{Method, MethodOffer};
use crate::core::{Screen, Tap};
use crate::text::{Text, Words};

use super::OnTap;
use super::build::{block, line, picture};
use super::element::Element;
use super::icon::Icon;

/// The name of the way at hand, over the screen.
pub(super) fn title(way: Option<&MethodOffer>, words: &Words) -> String {
    match way {
        Some(MethodOffer { method: Method::Merchant(_), label: Some(label), .. }) => label.clone(),
        _ => words.say(Text::WechatPay),
    }
}

/// The ways, folded away until another is wanted. The one at hand keeps its place among them.
pub(super) fn ways(screen: &Screen, words: &Words, on_tap: &OnTap) -> Option<Element> {
    if screen.ways.is_empty() {
        return None;
    }
    let ways = screen.ways.iter().map(|way| {
        let (icon, text) = look(way);
        // The merchant's own words go before ours.
        let label = way.label.clone().unwrap_or_else(|| words.say(text));
        let at_hand = screen.way.as_ref().is_some_and(|at_hand| at_hand.method == way.method);
        let mut parts = picture("wc-icon", way.icon_url.as_ref(), icon.draw());
        parts.push(line("", label));
        let button = Element::new("button", "wc-way").with("type", "button").holding(parts);
        if at_hand {
            return button.with("aria-current", "true");
        }
        let tap = Tap::Choose(way.method.clone());
        button.with("data-tap", tap.name()).doing(Some(tap), on_tap)
    });
    let list = block("wc-list", ways.collect());
    let summary = Element::new("summary", "").saying(words.say(Text::Ways));
    let details = Element::new("details", "wc-ways").holding(vec![summary, list]);
    // Only when this changes, so that what the payer opened or closed stays so.
    Some(if screen.suggest { details.with("open", "") } else { details })
}

fn look(way: &MethodOffer) -> (Icon, Text) {
    match way.method {
        Method::Native => (Icon::Qr, Text::WayNative),
        Method::Jsapi => (Icon::Phone, Text::WayJsapi),
        Method::H5 => (Icon::Phone, Text::WayH5),
        Method::MiniProgram => (Icon::Phone, Text::WayMiniProgram),
        Method::PaymentCode => (Icon::Code, Text::WayCode),
        // Never without a label of the merchant's.
        Method::Merchant(_) => (Icon::Phone, Text::Ways),
    }
}
