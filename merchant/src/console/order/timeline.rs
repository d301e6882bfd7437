//! All that happened to an order, in words.

use leptos::prelude::*;
use wechat_cashier::contract::Timestamp;

use crate::console::desk::Desk;
use crate::console::text::Text;
use crate::console::words;
use crate::domain::{Fact, NotPlaced, Order, Payment, Placed, RefundReport, RefundWord, Source, Strange, TradeWord};
use crate::store::Entry;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    text: String,
    detail: String,
    /// When, by WeChat Pay's clock, where it says.
    theirs: Option<Timestamp>,
    /// How it looks.
    kind: &'static str,
}

/// The earliest first. What is the same again and again, as a question without news, is one line.
pub(super) fn timeline(desk: &Desk, order: &Order, entries: &[Entry]) -> AnyView {
    let mut lines: Vec<(Timestamp, Line, usize, Timestamp)> = Vec::new();
    for entry in entries {
        let line = line(desk, order, entry);
        match lines.last_mut() {
            Some((_, last, times, until)) if *last == line => (*times, *until) = (*times + 1, entry.at),
            _ => lines.push((entry.at, line, 1, entry.at)),
        }
    }
    let items: Vec<_> = lines.into_iter().map(|(at, line, times, until)| item(desk, at, line, times, until)).collect();
    view! {
        <section aria-labelledby="timeline">
            <h2 id="timeline">{desk.say(Text::Timeline)}</h2>
            <p class="soft">{desk.say(Text::TimelineNote)}</p>
            <ol class="timeline">{items}</ol>
        </section>
    }
    .into_any()
}

fn item(desk: &Desk, at: Timestamp, line: Line, times: usize, until: Timestamp) -> AnyView {
    let Line { text, detail, theirs, kind } = line;
    // WeChat Pay counts in seconds.
    let differs = |theirs: &Timestamp| theirs.millis().div_euclid(1000) != at.millis().div_euclid(1000);
    let theirs = theirs
        .filter(differs)
        .map(|theirs| view! { <p class="soft">{desk.say(Text::TheirClock)}" "{desk.when(theirs)}</p> }.into_any());
    let again = (times > 1).then(|| {
        let times = desk.with(Text::Times, &times.to_string());
        view! { <p class="soft">{times}" "{desk.exactly(until)}</p> }.into_any()
    });
    let detail = (!detail.is_empty()).then(|| view! { <p class="soft wrap">{detail}</p> }.into_any());
    view! { <li class=kind><p class="at">{desk.exactly(at)}</p><div><p>{text}</p>{detail}{theirs}{again}</div></li> }
        .into_any()
}

fn line(desk: &Desk, order: &Order, entry: &Entry) -> Line {
    let plain = |text: Text, detail: String| Line { text: desk.say(text).to_owned(), detail, theirs: None, kind: "" };
    if entry.kind == "created" {
        return plain(Text::DidCreate, String::new());
    }
    match serde_json::from_str(&entry.body) {
        Ok(fact) => of_fact(desk, order, fact),
        // Another version's.
        Err(_) => Line { text: entry.kind.clone(), detail: entry.body.clone(), theirs: None, kind: "" },
    }
}

fn of_fact(desk: &Desk, order: &Order, fact: Fact) -> Line {
    let plain = |text: Text, detail: String| Line { text: desk.say(text).to_owned(), detail, theirs: None, kind: "" };
    let bad = |text: Text, detail: String| Line { kind: "bad", ..plain(text, detail) };
    match fact {
        Fact::Taken { trade, .. } => {
            plain(Text::DidTake, format!("{} · {}", trade.out_trade_no, words::method(desk, &trade.method)))
        }
        Fact::Placed { out_trade_no, placed: Placed::Payable { payment } } => {
            let text = desk.with(Text::DidPlace, &words::method(desk, &payment.method));
            Line { text, detail: out_trade_no, theirs: None, kind: "" }
        }
        Fact::Placed { out_trade_no, placed: Placed::Not(why) } => {
            let (text, said) = not_placed(why);
            bad(text, joined(&[&out_trade_no, &said]))
        }
        Fact::Sent { payment: Payment { is_login, .. } } => {
            plain(if is_login { Text::DidSendToLogin } else { Text::DidSendToMiniProgram }, String::new())
        }
        Fact::Reported { source, report } => {
            let said = words::said(desk, &report.trade_state);
            let is_odd = |what: &Strange| matches!(what, Strange::Misfit { report: odd, .. } if *odd == report);
            let is_odd = order.oddities.iter().any(|odd| is_odd(&odd.what));
            let kind = match report.trade_state {
                _ if is_odd => "bad",
                TradeWord::Success => "good",
                _ => "",
            };
            let transaction_id = report.transaction_id.unwrap_or_default();
            let detail = joined(&[&report.out_trade_no, &transaction_id]);
            Line { text: by(desk, source, &said), detail, theirs: report.success_time, kind }
        }
        Fact::NotFound { out_trade_no } => plain(Text::DidNotFind, out_trade_no),
        Fact::Ended { out_trade_no } => plain(Text::DidEnd, out_trade_no),
        Fact::Failed { out_trade_no, why } => bad(Text::DidFail, joined(&[&out_trade_no, &why])),
        Fact::Superseded { out_trade_no } => plain(Text::DidSupersede, out_trade_no),
        Fact::Closed => plain(Text::DidClose, String::new()),
        Fact::LoggedIn { openid } => plain(Text::DidLogIn, openid),
        Fact::RefundAsked { refund } => {
            let amount = desk.amount(refund.amount, order.facts.amount.currency);
            let reason = refund.reason.unwrap_or_default();
            let text = desk.with(Text::DidAskRefund, &amount);
            Line { text, detail: joined(&[&refund.out_refund_no, &reason]), theirs: None, kind: "" }
        }
        Fact::RefundReported { source, report } => refund_reported(desk, source, &report),
        Fact::RefundRefused { out_refund_no, why } => bad(Text::DidRefuseRefund, joined(&[&out_refund_no, &why])),
        Fact::RefundNotFound { out_refund_no } => plain(Text::DidNotFindRefund, out_refund_no),
        Fact::RefundFailed { out_refund_no, why, .. } => bad(Text::DidFailRefund, joined(&[&out_refund_no, &why])),
    }
}

fn refund_reported(desk: &Desk, source: Source, report: &RefundReport) -> Line {
    let (said, kind) = match &report.status {
        RefundWord::Success => (desk.say(Text::RefundSaidSuccess).to_owned(), "good"),
        RefundWord::Processing => (desk.say(Text::RefundSaidProcessing).to_owned(), ""),
        RefundWord::Closed => (desk.say(Text::RefundSaidClosed).to_owned(), "bad"),
        RefundWord::Abnormal => (desk.say(Text::RefundSaidAbnormal).to_owned(), "bad"),
        RefundWord::Unknown(word) => (desk.with(Text::SaidUnknown, word), "bad"),
    };
    let detail = joined(&[&report.out_refund_no, &report.refund_id]);
    Line { text: by(desk, source, &said), detail, theirs: report.success_time, kind }
}

fn by(desk: &Desk, source: Source, said: &str) -> String {
    format!("{}{}{said}", desk.say(words::source(source)), desk.say(Text::Colon))
}

fn not_placed(why: NotPlaced) -> (Text, String) {
    match why {
        NotPlaced::NumberUsed => (Text::NotNumberUsed, String::new()),
        NotPlaced::CodeRefused(said) => (Text::NotCodeRefused, said),
        NotPlaced::PayerFailed(said) => (Text::NotPayerFailed, said),
        NotPlaced::Unavailable(said) => (Text::NotUnavailable, said),
    }
}

fn joined(parts: &[&str]) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
