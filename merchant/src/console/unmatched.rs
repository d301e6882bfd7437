//! What WeChat Pay told that fitted no order.

use leptos::prelude::*;
use serde_json::Value;

use super::desk::{Desk, code, none};
use super::frame::Page;
use super::place::Place;
use super::table::table;
use super::text::Text;
use super::words;
use crate::domain::{Fact, Report};
use crate::reconcile::Sum;
use crate::store::Entry;

/// The latest first. None: they are of several shops, and not for one of them to see.
#[must_use]
pub fn unmatched(desk: &Desk, entries: Option<&[Entry]>) -> Page {
    let list = match entries {
        None => view! { <p class="empty">{desk.say(Text::UnmatchedOfMany)}</p> }.into_any(),
        Some([]) => view! { <p class="empty">{desk.say(Text::NoUnmatched)}</p> }.into_any(),
        Some(entries) => {
            let heads = [Text::HeardAt, Text::What, Text::Number, Text::TransactionId, Text::Amount, Text::Whole];
            let rows = entries.iter().map(|entry| row(desk, entry)).collect();
            table(desk.say(Text::UnmatchedCaption).to_owned(), &heads.map(|head| desk.say(head)), rows)
        }
    };
    let main = view! {
        <p class="lead">{desk.say(Text::UnmatchedText)}</p>
        {list}
        <p><a href=Place::Days.path()>{desk.say(Text::OnlyInBill)}</a></p>
    };
    Page::of(desk, Place::Unmatched, main.into_any())
}

fn row(desk: &Desk, entry: &Entry) -> Vec<AnyView> {
    let (what, number, transaction_id, sum) = read(desk, &entry.body);
    vec![
        desk.cell(Some(entry.at)),
        what.unwrap_or_else(|| entry.kind.clone()).into_any(),
        number.map_or_else(none, code),
        transaction_id.map_or_else(none, code),
        sum.map_or_else(none, |sum| view! { <span class="money">{desk.sum(&sum)}</span> }.into_any()),
        view! { <details><summary>{desk.say(Text::Show)}</summary><pre>{pretty(&entry.body)}</pre></details> }
            .into_any(),
    ]
}

type Read = (Option<String>, Option<String>, Option<String>, Option<Sum>);

/// What it is, its number, WeChat Pay's number, how much.
fn read(desk: &Desk, body: &str) -> Read {
    if let Ok(report) = serde_json::from_str::<Report>(body) {
        let sum = report.amount.map(|amount| Sum { value: amount.total, currency: amount.currency });
        let what = words::said(desk, &report.trade_state);
        return (Some(what), Some(report.out_trade_no), report.transaction_id, sum);
    }
    if let Ok(Fact::RefundReported { report, .. }) = serde_json::from_str::<Fact>(body) {
        let what = desk.say(Text::ARefund).to_owned();
        let currency = |amount: &crate::domain::RefundAmount| amount.currency.clone().unwrap_or_default();
        let sum = report.amount.map(|amount| Sum { value: amount.refund, currency: currency(&amount) });
        let number = format!("{} · {}", report.out_trade_no, report.out_refund_no);
        return (Some(what), Some(number), Some(report.transaction_id), sum);
    }
    (None, None, None, None)
}

fn pretty(body: &str) -> String {
    let json = serde_json::from_str::<Value>(body).and_then(|value| serde_json::to_string_pretty(&value));
    json.unwrap_or_else(|_| body.to_owned())
}
