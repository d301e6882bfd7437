//! What is to be paid, and to whom.

use crate::core::{Bill, Body};
use crate::text::{Text, Words};

use super::amount;
use super::build::{block, folded, line, picture};
use super::element::Element;

/// What is to be paid, and to whom. While that is still loading, bars of the same size; nothing if it will not come.
pub(super) fn bill(bill: Option<&Bill>, body: &Body, words: &Words) -> Option<Element> {
    let bar = || line("wc-bar wc-shimmer", "");
    let lines = match bill {
        None if matches!(body, Body::Trouble(_) | Body::Idle) => return None,
        Some(bill) => vec![
            block("wc-merchant", merchant(bill)),
            line("wc-due", words.say(label(body))),
            amount_line(amount::format(bill.amount, words)),
            folded("wc-description", &bill.description),
            line("wc-order", [&words.say(Text::OrderNumber), " ", &bill.order_id].concat()),
        ],
        None => vec![
            block("wc-merchant", vec![line("wc-logo wc-shimmer", ""), bar()]),
            block("wc-due", vec![bar()]),
            block("wc-amount", vec![bar()]),
            block("wc-description", vec![bar()]),
            block("wc-order", vec![bar()]),
        ],
    };
    Some(block("wc-bill", lines))
}

/// The amount, smaller the longer it is: a number of money that breaks over two lines is misread, also where WeChat shows
/// all text at 160 %.
fn amount_line(words: String) -> Element {
    let class = match words.chars().count() {
        0..=6 => "wc-amount",
        7..=9 => "wc-amount wc-long",
        10..=17 => "wc-amount wc-longer",
        _ => "wc-amount wc-longest",
    };
    line(class, words)
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
fn merchant(bill: &Bill) -> Vec<Element> {
    let letter = line("wc-logo", bill.merchant.chars().take(1).collect::<String>());
    let mut parts = picture("wc-logo", bill.logo_url.as_ref(), letter);
    parts.push(folded("wc-name", &bill.merchant));
    parts
}
