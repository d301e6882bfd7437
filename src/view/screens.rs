//! One screen for each [`Body`]. All have the same build, so that nothing jumps when one follows another: a square slot,
//! a title, a text, and what the payer can do.

use leptos::prelude::*;

use crate::core::{Body, Screen, Tap, Trouble};
use crate::text::{Text, fill};

use super::Painter;
use super::amount;
use super::build::{block, button, line, link, nothing, title};
use super::icon::Icon;
use super::qr::Drawing;
use super::time_left::{SHORT_S, time_left};
use super::trouble;

/// What a screen reader is told when the screen has changed, and when a minute is left. Not every second.
pub(super) fn news(body: &Body) -> Text {
    match body {
        Body::Loading => Text::Loading,
        Body::Scan { left_s: Some(left_s), .. } if *left_s <= SHORT_S => Text::MinuteLeft,
        Body::Scan { .. } => Text::ScanHint,
        Body::Confirming { .. } => Text::Confirming,
        Body::Paid { .. } => Text::Paid,
        Body::Expired { renewable: true } => Text::CodeExpired,
        Body::Expired { renewable: false } => Text::OrderExpired,
        Body::Closed => Text::Closed,
        Body::Refunded => Text::Refunded,
        Body::Trouble(trouble) => trouble::texts(trouble).0,
    }
}

/// What a screen is made of. Everything that is the same on all of them is in [`Painter::stage`].
struct Layout {
    /// What is in the slot.
    sign: Sign,
    title: Text,
    text: Option<Text>,
    /// What the payer can do, what most payers want first.
    actions: &'static [(Tap, Text)],
    /// Whether it leads back to the shop.
    way_back: bool,
}

enum Sign {
    Shimmer,
    Pulse,
    Icon(Icon),
    Qr,
}

fn layout(body: &Body) -> Layout {
    const HAVE_PAID: (Tap, Text) = (Tap::HavePaid, Text::HavePaid);
    const NEW_CODE: (Tap, Text) = (Tap::NewCode, Text::NewCode);
    const RETRY: &[(Tap, Text)] = &[(Tap::Retry, Text::Retry)];

    let (sign, title, text): (_, _, _) = match body {
        Body::Loading => (Sign::Shimmer, Text::Loading, None),
        Body::Scan { .. } => (Sign::Qr, Text::ScanHint, None),
        Body::Confirming { .. } => (Sign::Pulse, Text::Confirming, Some(Text::ConfirmingText)),
        Body::Paid { late: false, .. } => (Sign::Icon(Icon::Check), Text::Paid, Some(Text::PaidText)),
        Body::Paid { late: true, .. } => (Sign::Icon(Icon::Check), Text::Paid, Some(Text::PaidLate)),
        Body::Expired { renewable: true } => (Sign::Icon(Icon::Clock), Text::CodeExpired, Some(Text::CodeExpiredText)),
        Body::Expired { renewable: false } => (Sign::Icon(Icon::Clock), Text::OrderExpired, Some(Text::OrderOverText)),
        Body::Closed => (Sign::Icon(Icon::Cross), Text::Closed, Some(Text::OrderOverText)),
        Body::Refunded => (Sign::Icon(Icon::Back), Text::Refunded, Some(Text::RefundedText)),
        Body::Trouble(trouble) => {
            let (title, text) = trouble::texts(trouble);
            (Sign::Icon(Icon::Warning), title, Some(text))
        }
    };
    let actions: &[_] = match body {
        Body::Loading | Body::Paid { .. } | Body::Refunded => &[],
        Body::Scan { .. } => &[HAVE_PAID, NEW_CODE],
        Body::Confirming { has_code: true } => &[(Tap::ShowCode, Text::ShowCode)],
        Body::Confirming { has_code: false } => RETRY,
        Body::Expired { renewable: true } => &[NEW_CODE, HAVE_PAID],
        // No payment can be made any more, but one may be on its way.
        Body::Expired { renewable: false } | Body::Closed => &[HAVE_PAID],
        Body::Trouble(trouble) if trouble.is_final() => &[],
        Body::Trouble(_) => RETRY,
    };
    let way_back = match body {
        Body::Loading | Body::Scan { .. } | Body::Confirming { .. } | Body::Expired { renewable: true } => false,
        Body::Paid { .. } | Body::Expired { .. } | Body::Closed | Body::Refunded | Body::Trouble(_) => true,
    };
    Layout { sign, title, text, actions, way_back }
}

impl Painter {
    pub(super) fn stage(&self, screen: &Screen) -> AnyView {
        let Self { lang, on_tap, .. } = self;
        let body = &screen.body;
        let Layout { sign, title: heading, text, actions, way_back } = layout(body);
        let mut parts = vec![self.slot(sign), title(lang.say(heading))];
        if let Some(text) = text {
            parts.push(line("wc-text", lang.say(text)));
        }
        if let Body::Trouble(Trouble::AmountChanged { shown, came }) = body {
            let amounts = [*shown, *came].map(|amount| amount::format(amount, *lang));
            parts.push(line("wc-amounts", amounts.join(" → ")));
        }
        if let (Some(Drawing { whole_s, .. }), Some(left_s)) = (&self.drawing, body.seconds()) {
            parts.push(time_left(left_s, *whole_s, *lang));
        }
        let button = |(tap, text): &(Tap, Text)| button("wc-button", lang.say(*text), *tap, on_tap);
        parts.push(block("wc-actions", actions.iter().map(button).collect()));
        if way_back {
            parts.push(self.way_back(screen));
        }
        match body {
            Body::Scan { .. } => parts.push(line("wc-small", lang.say(Text::ScanOnly))),
            Body::Trouble(trouble) => parts.push(trouble::for_support(trouble, *lang)),
            _ => {}
        }
        block("wc-screen", parts)
    }

    fn slot(&self, sign: Sign) -> AnyView {
        match (sign, &self.drawing) {
            (Sign::Qr, Some(drawing)) => drawing.view(self.lang.say(Text::QrAlt)),
            (Sign::Shimmer | Sign::Qr, _) => block("wc-slot wc-shimmer", Vec::new()),
            (Sign::Pulse, _) => {
                block("wc-slot", vec![block("wc-pulse", vec![line("", ""), line("", ""), line("", "")])])
            }
            (Sign::Icon(icon), _) => block("wc-slot", vec![icon.draw()]),
        }
    }

    /// Back to the shop, by the payer or, in so many seconds, by itself.
    fn way_back(&self, screen: &Screen) -> AnyView {
        let Self { lang, on_tap, .. } = self;
        let Some(href) = &screen.return_to else { return nothing() };
        let mut ways = vec![block("wc-actions", vec![link(href.clone(), lang.say(Text::Return))])];
        if let Some(seconds) = screen.body.seconds() {
            let words = line("", fill(lang.say(Text::ReturnIn), &seconds.to_string()));
            let stay = button("wc-link", lang.say(Text::Stay), Tap::Stay, on_tap);
            ways.push(block("wc-small wc-leaving", vec![words, stay]));
        }
        block("wc-ways", ways)
    }
}
