//! One day: what each side counts, and where they differ.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::desk::{Desk, code, none};
use super::frame::Page;
use super::place::Place;
use super::table::{facts, table};
use super::text::Text;
use super::words;
use crate::config::Scope;
use crate::reconcile::{Compared, Difference, Report, Seen, Side, Sum};

/// The report. `is_new`: it was made just now, because somebody wanted it.
#[must_use]
pub fn day(desk: &Desk, report: &Report, is_new: bool) -> Page {
    let date = report.date.to_string();
    let again = desk.may(Scope::Orders).then(|| {
        let body = view! {
            <input type="hidden" name="date" value=date.clone()/>
            <button type="submit">{desk.say(Text::CompareAgain)}</button>
        };
        desk.form(Place::Days.path().to_owned(), "inline", body.into_any())
    });
    let why = report.why.clone().map(|why| view! { <span class="wrap" lang="en">{why}</span> }.into_any());
    let about = facts(vec![
        (desk.say(Text::ComparedWhen), Some(desk.when(report.made_at))),
        (desk.say(Text::Why), why),
        (desk.say(Text::Failures), (report.failures > 0).then(|| report.failures.to_string().into_any())),
    ]);
    let path = format!("{}/{date}", Place::Days.path());
    let files = view! {
        <a class="button" href=format!("{path}.csv") download=true>{desk.say(Text::AsCsv)}</a>" "
        <a class="button" href=format!("{path}.json")>{desk.say(Text::AsJson)}</a>" "
        {again}
    };
    let new = is_new.then(|| view! { <p class="said good" role="status">{desk.say(Text::ComparedNow)}</p> });
    let main = view! {
        {new}
        {about}
        {report.compared.as_ref().map(|compared| both(desk, compared))}
        <div class="actions">{files}</div>
    };
    Page {
        title: desk.with(Text::DayTitle, &date),
        place: Some(Place::Days),
        is_refused: false,
        beside: Some(words::day(desk, report.state)),
        main: main.into_any(),
    }
}

fn both(desk: &Desk, compared: &Compared) -> AnyView {
    let Compared { there, here, differences, .. } = compared;
    let heads = [Text::Side, Text::PaymentsCount, Text::PaidSum, Text::RefundsCount, Text::RefundedSum];
    let sides = vec![side(desk, Text::There, there), side(desk, Text::Here, here)];
    let sums = table(desk.say(Text::SidesCaption).to_owned(), &heads.map(|head| desk.say(head)), sides);
    let count = compared.count();
    let more = (count > differences.len()).then(
        || view! { <p class="soft">{desk.with(Text::MoreDifferences, &(count - differences.len()).to_string())}</p> },
    );
    let list = match differences.is_empty() {
        true => view! { <p class="empty">{desk.say(Text::NoDifferences)}</p> }.into_any(),
        false => {
            let heads = [Text::Difference, Text::Order, Text::Number, Text::There, Text::Here];
            let rows = differences.iter().map(|difference| row(desk, difference)).collect();
            table(desk.with(Text::DifferencesCaption, &count.to_string()), &heads.map(|head| desk.say(head)), rows)
        }
    };
    view! {
        <section aria-labelledby="sides"><h2 id="sides">{desk.say(Text::BothSides)}</h2>{sums}</section>
        <section aria-labelledby="differences"><h2 id="differences">{desk.say(Text::Differences)}</h2>{list}{more}</section>
    }
    .into_any()
}

fn side(desk: &Desk, name: Text, side: &Side) -> Vec<AnyView> {
    vec![
        view! { <strong>{desk.say(name)}</strong> }.into_any(),
        side.payments.to_string().into_any(),
        sums(desk, &side.paid),
        side.refunds.to_string().into_any(),
        sums(desk, &side.refunded),
    ]
}

fn sums(desk: &Desk, sums: &BTreeMap<String, i64>) -> AnyView {
    let sum = |(currency, value): (&String, &i64)| desk.sum(&Sum { value: *value, currency: currency.clone() });
    match sums.is_empty() {
        true => none(),
        false => {
            let text: Vec<_> = sums.iter().map(sum).collect();
            view! { <span class="money">{text.join(", ")}</span> }.into_any()
        }
    }
}

fn row(desk: &Desk, difference: &Difference) -> Vec<AnyView> {
    let Difference { kind, out_trade_no, order_id, out_refund_no, there, here, .. } = difference;
    let (what, what_to_do) = words::difference(*kind);
    let order = order_id.as_ref().map_or_else(none, |order_id| {
        let href = format!("/console/orders/{order_id}");
        view! { <a class="number" href=href>{order_id.clone()}</a> }.into_any()
    });
    let refund = out_refund_no.clone().map(|number| view! { <span class="under"><code>{number}</code></span> });
    vec![
        view! { <strong>{desk.say(what)}</strong><span class="under wrap">{desk.say(what_to_do)}</span> }.into_any(),
        order,
        view! { {code(out_trade_no.clone())}{refund} }.into_any(),
        seen(desk, there.as_ref()),
        seen(desk, here.as_ref()),
    ]
}

fn seen(desk: &Desk, seen: Option<&Seen>) -> AnyView {
    let Some(Seen { state, amount, transaction_id, at }) = seen else {
        return view! { <strong>{desk.say(Text::Nothing)}</strong> }.into_any();
    };
    let amount = amount.as_ref().map(|sum| view! { <span class="money">{desk.sum(sum)}</span>" " });
    let at = at.map(|at| view! { <span class="under">{desk.cell(Some(at))}</span> });
    let id = transaction_id.clone().map(|id| view! { <span class="under"><code>{id}</code></span> });
    view! { {amount}<code>{state.clone()}</code>{at}{id} }.into_any()
}
