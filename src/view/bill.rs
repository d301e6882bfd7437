//! What is to be paid, and to whom.

use crate::core::{Bill, Body};
use crate::text::{Text, Words};

use super::amount;
use super::build::{block, folded, line, picture};
use super::element::Element;

/// What is to be paid, and to whom. While that is still loading, bars of the same size; nothing if it will not come.
pub(super) fn bill(bill: Option<&Bill>, body: &Body, words: &Words) -> Option<Element> {
    let lines = block("wc-bill");
    Some(match bill {
        None if matches!(body, Body::Trouble(_) | Body::Idle) => return None,
        Some(bill) => lines
            .holding(merchant(bill))
            .holding(line("wc-due", words.say(label(body))))
            .holding(amount_line(amount::format(bill.amount, words)))
            .holding(folded("wc-description", &bill.description))
            .holding(line("wc-order", [words.text(Text::OrderNumber), " ", &bill.order_id].concat())),
        None => {
            let bar = |line: Element| line.holding(self::line("wc-bar wc-shimmer", ""));
            let merchant = block("wc-merchant").holding(line("wc-logo wc-shimmer", ""));
            let others = ["wc-due", "wc-amount", "wc-description", "wc-order"];
            others.into_iter().fold(lines.holding(bar(merchant)), |lines, class| lines.holding(bar(block(class))))
        }
    })
}

/// An amount of more signs than these is written smaller, and smaller again.
pub(crate) const LONG_AMOUNTS: [usize; 3] = [6, 9, 17];

/// The amount, smaller the longer it is: a number of money that breaks over two lines is misread, also where WeChat shows
/// all text at 160 %.
fn amount_line(words: String) -> Element {
    const CLASSES: [&str; 4] = ["wc-amount", "wc-amount wc-long", "wc-amount wc-longer", "wc-amount wc-longest"];
    let count = words.chars().count();
    line(CLASSES[LONG_AMOUNTS.iter().filter(|most| count > **most).count()], words)
}

/// The amount's label. It says "due" only while the amount is due.
fn label(body: &Body) -> Text {
    match body {
        Body::Paid { .. } => Text::AmountPaid,
        Body::Expired { renewable: false } | Body::Closed | Body::Refunded | Body::Trouble(_) => Text::AmountTotal,
        Body::Idle
        | Body::Loading
        | Body::Scan { .. }
        | Body::Pay { .. }
        | Body::Returned
        | Body::TakeCode { .. }
        | Body::AwaitPayer { .. }
        | Body::Confirming { .. }
        | Body::Expired { renewable: true } => Text::AmountDue,
    }
}

/// A merchant with no picture, or with one that does not come, gets the first letter of its name.
fn merchant(bill: &Bill) -> Element {
    let letter = bill.merchant.chars().next().map_or_else(String::new, String::from);
    block("wc-merchant")
        .holding(picture("wc-logo", bill.logo_url.as_ref()))
        .holding(line("wc-logo", letter))
        .holding(folded("wc-name", &bill.merchant))
}
