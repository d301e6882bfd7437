//! One screen for each [`Body`]. All have the same structure, so that nothing jumps when one follows another: a square slot,
//! a title, a text, and the payer's actions.

use crate::contract::Method;
use crate::core::{Body, Screen, Stage, Tap, Trouble};
use crate::text::{Text, Words, fill};

use super::Painter;
use super::amount;
use super::build::{block, button, line, link, press, title};
use super::element::Element;
use super::icon::Icon;
use super::qr::Drawing;
use super::till;
use super::time_left::{SHORT_S, time_left};
use super::trouble;
use super::ways;

/// What a screen reader announces when the screen has changed, and when a minute is left; not every second.
pub(super) fn news(screen: &Screen, words: &Words) -> String {
    match screen.body {
        Body::Scan { left_s: Some(left_s), .. } if left_s <= SHORT_S => words.say(Text::MinuteLeft),
        _ => heading(screen, words),
    }
}

/// The screen's title; methods of the merchant's own are called by their labels.
fn heading(screen: &Screen, words: &Words) -> String {
    match &screen.way {
        Some(way) if matches!(way.method, Method::Merchant(_)) && matches!(screen.body, Body::Scan { .. }) => {
            fill(words.text(Text::ScanWith), &ways::title(Some(way), words))
        }
        _ if screen.staff && matches!(screen.body, Body::Paid { .. }) => {
            fill(words.text(Text::TillPaid), &amount_of(screen, words))
        }
        _ => words.say(layout(screen).title),
    }
}

/// The parts in which screens differ. What all have in common is in [`Painter::stage`].
struct Layout {
    /// The content of the slot.
    sign: Sign,
    title: Text,
    text: Option<Text>,
    /// The payer's actions, the most wanted first.
    actions: &'static [(Tap, Text)],
}

const HAVE_PAID: (Tap, Text) = (Tap::HavePaid, Text::HavePaid);
const NEW_CODE: (Tap, Text) = (Tap::Again, Text::NewCode);
const COPY_LINK: (Tap, Text) = (Tap::CopyLink, Text::CopyLink);
const RETRY: (Tap, Text) = (Tap::Retry, Text::Retry);

enum Sign {
    Shimmer,
    Pulse,
    Icon(Icon),
    Qr,
}

fn layout(screen: &Screen) -> Layout {
    let Screen { body, staff, .. } = screen;
    let (sign, title, text) = match body {
        Body::Idle => (Sign::Icon(Icon::Qr), Text::Idle, Some(Text::IdleText)),
        Body::Loading => (Sign::Shimmer, Text::Loading, None),
        Body::Scan { in_hand: false, .. } => (Sign::Qr, Text::ScanHint, None),
        Body::Scan { in_hand: true, .. } => (Sign::Qr, Text::ScanHint, Some(Text::ScanElsewhere)),
        Body::Pay { stage: Stage::Preparing, .. } => (Sign::Pulse, Text::PayPreparing, None),
        Body::Pay { stage: Stage::Opening, .. } => (Sign::Pulse, Text::PayOpening, Some(Text::PayOpeningText)),
        Body::Pay { cancelled: true, .. } => (Sign::Icon(Icon::Back), Text::Cancelled, Some(Text::CancelledText)),
        Body::Pay { cancelled: false, .. } => (Sign::Icon(Icon::Phone), Text::PayTitle, None),
        Body::Returned => (Sign::Icon(Icon::Question), Text::Returned, Some(Text::ReturnedText)),
        Body::TakeCode { .. } => (Sign::Icon(Icon::Code), Text::TakeCode, Some(Text::TakeCodeText)),
        Body::AwaitPayer { .. } => (Sign::Pulse, Text::AwaitPayer, Some(Text::AwaitPayerText)),
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
    let actions: &[(Tap, Text)] = match body {
        Body::Idle
        | Body::Loading
        | Body::Paid { .. }
        | Body::Refunded
        | Body::TakeCode { .. }
        | Body::AwaitPayer { .. }
        | Body::Pay { stage: Stage::Preparing | Stage::Ready, .. } => &[],
        Body::Scan { in_hand: false, .. } => const { &[HAVE_PAID, NEW_CODE] },
        Body::Scan { in_hand: true, .. } => const { &[HAVE_PAID, NEW_CODE, COPY_LINK] },
        Body::Pay { stage: Stage::Opening, .. } => const { &[HAVE_PAID, RETRY] },
        Body::Returned => const { &[(Tap::HavePaid, Text::Finished), (Tap::Again, Text::PayAgain)] },
        Body::Confirming { can_go_back: true } => const { &[(Tap::Back, Text::Back)] },
        Body::Confirming { can_go_back: false } => const { &[RETRY] },
        Body::Expired { renewable: true } => const { &[NEW_CODE, HAVE_PAID] },
        // No payment can be made any more, but one may be on its way.
        Body::Expired { renewable: false } | Body::Closed => const { &[HAVE_PAID] },
        Body::Trouble(trouble) if trouble.is_final() => &[],
        // WeChat's answer may be wrong.
        Body::Trouble(Trouble::Wechat { .. }) => const { &[RETRY, HAVE_PAID] },
        // The address, opened in another app or on another device, may offer more (field problem 19).
        Body::Trouble(Trouble::NoMethod { .. }) => const { &[RETRY, COPY_LINK] },
        Body::Trouble(_) => const { &[RETRY] },
    };
    let text = if *staff { text.map(to_staff) } else { text };
    Layout { sign, title, text, actions }
}

/// What staff read in place of what a payer reads.
fn to_staff(text: Text) -> Text {
    match text {
        Text::PaidText => Text::TillPaidText,
        Text::PaidLate => Text::TillPaidLate,
        Text::OrderOverText => Text::TillOverText,
        Text::MissingOrderText
        | Text::OrderNotFoundText
        | Text::UnauthorizedText
        | Text::NoMethodText
        | Text::AmountChangedText => Text::TillOpenText,
        Text::FaultyText
        | Text::NotRegisteredText
        | Text::SetupText
        | Text::LimitText
        | Text::PayFailedText
        | Text::LoginLoopText => Text::TillFaultyText,
        other => other,
    }
}

/// The amount to be paid, or nothing while it is not known.
fn amount_of(screen: &Screen, words: &Words) -> String {
    screen.bill.as_ref().map_or_else(String::new, |bill| amount::format(bill.amount, words))
}

impl Painter {
    pub(super) fn stage(&self, screen: &Screen) -> Element {
        let Self { words, on_tap, .. } = self;
        let body = &screen.body;
        let Layout { sign, text, actions, .. } = layout(screen);
        let heading = heading(screen, words);
        let mut stage = block("wc-screen")
            .holding(self.slot(sign, &heading))
            .holding(title(heading))
            .holding(text.map(|text| line("wc-text", words.say(text))));
        if let Body::Trouble(Trouble::AmountChanged { shown, came }) = body {
            let (shown, came) = (amount::format(*shown, words), amount::format(*came, words));
            stage = stage.holding(line("wc-amounts", [&shown, " → ", &came].concat()));
        }
        if let (Some(Drawing { whole_s, .. }), Some(left_s)) = (&self.drawing, body.seconds()) {
            stage = stage.holding(time_left(left_s, *whole_s, words));
        }
        stage = self.paying(screen, stage);
        let mut buttons = block("wc-actions");
        for (tap, text) in actions {
            buttons = buttons.holding(button("wc-button", words.say(*text), tap.clone(), on_tap));
        }
        stage = stage.holding(buttons).holding(self.way_back(screen));
        let small = match body {
            Body::Scan { .. } => Some(line("wc-small", words.say(Text::ScanOnly))),
            Body::Trouble(trouble) => Some(trouble::for_support(trouble, words, on_tap)),
            _ => None,
        };
        stage.holding(small).turned(self.turn)
    }

    /// With the control by which the payer, or the till, pays.
    fn paying(&self, screen: &Screen, stage: Element) -> Element {
        let Self { words, on_tap, .. } = self;
        let amount = amount_of(screen, words);
        match &screen.body {
            Body::Pay { stage: how_far @ (Stage::Preparing | Stage::Ready), cancelled } => {
                let here =
                    matches!(&screen.way, Some(way) if matches!(way.method, Method::Jsapi | Method::MiniProgram));
                let text = if here { Text::PayHere } else { Text::PayThere };
                let tap = (*how_far == Stage::Ready).then_some(Tap::Pay);
                let pay = press("wc-button", tap, on_tap).saying(fill(words.text(Text::PayNow), &amount));
                let text = (!cancelled).then(|| line("wc-text", words.say(text)));
                stage.holding(text).holding(block("wc-actions").holding(pay))
            }
            Body::TakeCode { problem } => {
                let button = fill(words.text(Text::TakePayment), &amount);
                let problem = problem.as_ref().map(|problem| till::problem(problem, words));
                stage.holding(problem).holding(till::field(button, words, on_tap))
            }
            _ => stage,
        }
    }

    fn slot(&self, sign: Sign, heading: &str) -> Element {
        match (sign, &self.drawing) {
            (Sign::Qr, Some(drawing)) => drawing.view(fill(self.words.text(Text::QrAlt), heading)),
            (Sign::Shimmer | Sign::Qr, _) => block("wc-slot wc-shimmer"),
            (Sign::Pulse, _) => {
                let dot = || line("", "");
                block("wc-slot").holding(block("wc-pulse").holding(dot()).holding(dot()).holding(dot()))
            }
            (Sign::Icon(icon), _) => block("wc-slot").holding(icon.draw()),
        }
    }

    /// The way back to the shop: by the payer's tap or, after so many seconds, by itself.
    fn way_back(&self, screen: &Screen) -> Option<Element> {
        let Self { words, on_tap, .. } = self;
        let href = screen.return_to.as_ref()?;
        let link = link(href.clone(), words.say(Text::Return), Tap::Leave, on_tap);
        let leaving = screen.body.seconds().map(|seconds| {
            let leaving = line("", fill(words.text(Text::ReturnIn), &seconds.to_string()));
            let stay = button("wc-link", words.say(Text::Stay), Tap::Stay, on_tap);
            block("wc-small wc-leaving").holding(leaving).holding(stay)
        });
        Some(block("wc-ways-back").holding(block("wc-actions").holding(link)).holding(leaving))
    }
}
