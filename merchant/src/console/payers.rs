//! How payers fare: how far those came who saw the cashier, and how those ended who did not pay.

use std::collections::BTreeMap;

use leptos::prelude::*;
use wechat_cashier::contract::Method;

use super::bars::{Bar, bars, percent};
use super::desk::Desk;
use super::frame::Page;
use super::place::Place;
use super::table::{facts, table};
use super::text::Text;
use super::words;
use crate::store::FunnelCount;

/// Each step with what it means, and the one before it. Not every payer says that it is paid: who is seen to have paid is one of
/// those who began.
const STEPS: [(&str, Text, Text, Option<&str>); 5] = [
    ("shown", Text::StepShown, Text::StepShownText, None),
    ("method", Text::StepMethod, Text::StepMethodText, Some("shown")),
    ("begun", Text::StepBegun, Text::StepBegunText, Some("method")),
    ("confirming", Text::StepConfirming, Text::StepConfirmingText, Some("begun")),
    ("paid", Text::Paid, Text::StepPaidText, Some("begun")),
];

/// How those ended who did not pay.
const ENDINGS: [(&str, Text, Text); 4] = [
    ("closed", Text::Closed, Text::EndClosedText),
    ("expired", Text::EndExpired, Text::EndExpiredText),
    ("abandoned", Text::EndAbandoned, Text::EndAbandonedText),
    ("failed", Text::EndFailed, Text::EndFailedText),
];

/// What the form says: as it was typed, or what is shown without a word.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The first day.
    pub from: String,
    /// The last one.
    pub to: String,
    /// The way to pay, or nothing for all of them.
    pub method: String,
    /// The latest day there is.
    pub today: String,
}

/// What there is to be shown.
#[derive(Clone, Debug)]
pub enum Heard<'a> {
    /// Several shops are served: pages do not say whose payer they tell of.
    OfMany,
    /// These are no days, or more than so many.
    NoDays(i64),
    /// The counts of the days.
    Counts(&'a [FunnelCount]),
}

/// The chart, with the choice of days and of a way to pay. `is_on`: pages are asked to tell.
#[must_use]
pub fn payers(desk: &Desk, asked: &Asked, heard: &Heard<'_>, is_on: bool) -> Page {
    let lead = view! { <p class="lead">{desk.say(Text::PayersText)}</p> };
    let counts = match heard {
        Heard::OfMany => {
            let why = view! { <p class="empty">{desk.say(Text::PayersOfMany)}</p> };
            return Page::of(desk, Place::Payers, view! { {lead}{why} }.into_any());
        }
        Heard::NoDays(_) => &[],
        Heard::Counts(counts) => *counts,
    };
    let off = (!is_on).then(|| view! { <p class="said" role="note">{desk.say(Text::PayersOff)}</p> });
    let by_method = by_method(counts);
    let shown = match heard {
        Heard::Counts(_) => figures(desk, asked, &by_method),
        Heard::OfMany | Heard::NoDays(_) => ().into_any(),
    };
    let wrong = match heard {
        Heard::NoDays(most) => Some(desk.with(Text::DaysWrong, &most.to_string())),
        Heard::OfMany | Heard::Counts(_) => None,
    };
    let is_refused = wrong.is_some();
    let wrong = wrong.map(|said| {
        view! { <div class="said bad" role="alert" id="wrong"><p><a href="#from">{said}</a></p></div> }.into_any()
    });
    let form = form(desk, asked, by_method.keys().copied(), is_refused);
    Page { is_refused, ..Page::of(desk, Place::Payers, view! { {lead}{off}{wrong}{form}{shown} }.into_any()) }
}

/// Visits by what happened in them.
type Visits<'a> = BTreeMap<&'a str, i64>;

fn by_method(counts: &[FunnelCount]) -> BTreeMap<&str, Visits<'_>> {
    let mut sums = BTreeMap::<&str, Visits<'_>>::new();
    for FunnelCount { method, stage, visits, .. } in counts {
        let sum = sums.entry(method).or_default().entry(stage).or_default();
        *sum = sum.saturating_add(*visits);
    }
    sums
}

fn of<'a>(visits: &Visits<'a>, stage: &'a str) -> i64 {
    visits.get(stage).copied().unwrap_or_default()
}

fn figures(desk: &Desk, asked: &Asked, by_method: &BTreeMap<&str, Visits<'_>>) -> AnyView {
    let mut chosen = Visits::new();
    for (_, visits) in by_method.iter().filter(|(method, _)| asked.method.is_empty() || **method == asked.method) {
        for (stage, count) in visits {
            let sum = chosen.entry(stage).or_default();
            *sum = sum.saturating_add(*count);
        }
    }
    let charts = match (chosen.is_empty(), asked.method.is_empty()) {
        (true, true) => return view! { <p class="empty">{desk.say(Text::NoVisits)}</p> }.into_any(),
        (true, false) => view! { <p class="empty">{desk.say(Text::NoVisitsOf)}</p> }.into_any(),
        (false, _) => charts(desk, &chosen),
    };
    view! { {charts}{methods(desk, by_method)} }.into_any()
}

fn charts(desk: &Desk, visits: &Visits<'_>) -> AnyView {
    let count = |stage: &'static str| of(visits, stage);
    let bar = |name, hint, stage, share| Bar {
        name: desk.say(name),
        hint: Some(desk.say(hint)),
        count: count(stage),
        words: count(stage).to_string(),
        share,
    };
    let steps = STEPS.map(|(stage, name, hint, before)| {
        let text = if stage == "paid" { Text::OfBegun } else { Text::OfBefore };
        let share = before.and_then(|before| percent(count(stage), count(before)));
        bar(name, hint, stage, share.map(|share| desk.with(text, &share)))
    });
    let endings = ENDINGS.map(|(stage, name, hint)| {
        let share = percent(count(stage), count("shown"));
        bar(name, hint, stage, share.map(|share| desk.with(Text::OfShown, &share)))
    });
    // Both are drawn to one scale. Of visits whose beginning is lost more came to a later step.
    let most = STEPS.iter().map(|(stage, ..)| count(stage)).chain(ENDINGS.iter().map(|(stage, ..)| count(stage)));
    let most = most.max().unwrap_or_default();
    let rate = |stage| percent(count(stage), count("shown")).map(IntoAny::into_any);
    let rates = facts(vec![
        (desk.say(Text::Visits), Some(view! { <strong class="great">{count("shown")}</strong> }.into_any())),
        (desk.say(Text::Conversion), rate("paid").map(great)),
        (desk.say(Text::FailureRate), rate("failed").map(great)),
    ]);
    view! {
        {rates}
        <div class="beside">
            <section aria-labelledby="steps">
                <h2 id="steps">{desk.say(Text::Steps)}</h2>
                {bars("good", "steps", steps.into(), most)}
                <p class="soft">{desk.say(Text::StepsNote)}</p>
            </section>
            <section aria-labelledby="endings">
                <h2 id="endings">{desk.say(Text::Endings)}</h2>
                {bars("plain", "endings", endings.into(), most)}
                <p class="soft">{desk.say(Text::EndingsNote)}</p>
            </section>
        </div>
    }
    .into_any()
}

fn great(text: AnyView) -> AnyView {
    view! { <strong class="great">{text}</strong> }.into_any()
}

fn methods(desk: &Desk, by_method: &BTreeMap<&str, Visits<'_>>) -> AnyView {
    let mut rows: Vec<_> = by_method.iter().collect();
    // The one that most had at hand first.
    rows.sort_by_key(|(_, visits)| std::cmp::Reverse(of(visits, "shown")));
    let rows = rows.into_iter().map(|(method, visits)| {
        let cell = |stage, whole| {
            let share = percent(of(visits, stage), whole).map(|share| view! { " "<span class="share">{share}</span> });
            view! { {of(visits, stage)}{share} }.into_any()
        };
        let name = view! { <strong>{name(desk, method)}</strong> }.into_any();
        let steps = STEPS.map(|(stage, _, _, before)| cell(stage, before.map_or(0, |before| of(visits, before))));
        let endings = ENDINGS.map(|(stage, ..)| cell(stage, of(visits, "shown")));
        std::iter::once(name).chain(steps).chain(endings).collect()
    });
    let heads = STEPS.iter().map(|(_, name, ..)| *name).chain(ENDINGS.iter().map(|(_, name, _)| *name));
    let heads: Vec<_> = std::iter::once(Text::Way).chain(heads).map(|head| desk.say(head)).collect();
    let table = table(desk.say(Text::ByMethodCaption).to_owned(), &heads, rows.collect());
    view! { <section aria-labelledby="by-method"><h2 id="by-method">{desk.say(Text::ByMethod)}</h2>{table}</section> }
        .into_any()
}

/// A way to pay, by its word in the counts.
fn name(desk: &Desk, method: &str) -> String {
    match method {
        "none" => desk.say(Text::WayNone).to_owned(),
        "other" => desk.say(Text::WayOther).to_owned(),
        id => words::method(desk, &Method::from(id.to_owned())),
    }
}

fn form<'a>(desk: &Desk, asked: &'a Asked, heard: impl Iterator<Item = &'a str>, is_wrong: bool) -> AnyView {
    let Asked { from, to, method, today } = asked;
    let mut methods: Vec<&str> = heard.collect();
    if !method.is_empty() && !methods.contains(&method.as_str()) {
        methods.push(method);
    }
    let options: Vec<_> = methods
        .into_iter()
        .map(|id| view! { <option value=id.to_owned() selected={id == method}>{name(desk, id)}</option> }.into_any())
        .collect();
    let day = |id: &'static str, label, value: &String| {
        view! {
            <div>
                <label for=id>{desk.say(label)}</label>
                <input
                    id=id name=id type="date" required=true max=today.clone() value=value.clone()
                    aria-invalid=is_wrong.then_some("true") aria-describedby=is_wrong.then_some("wrong")
                />
            </div>
        }
    };
    view! {
        <form class="filter" action=Place::Payers.path()>
            {day("from", Text::FromDay, from)}
            {day("to", Text::ToDay, to)}
            <div>
                <label for="method">{desk.say(Text::Way)}</label>
                <select id="method" name="method"><option value="">{desk.say(Text::All)}</option>{options}</select>
            </div>
            <button type="submit">{desk.say(Text::Show)}</button>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::stages;

    #[test]
    fn every_stage_that_is_counted_is_shown_but_errors_that_did_not_stop_anybody() {
        let shown: Vec<_> = STEPS.iter().map(|(stage, ..)| *stage).chain(ENDINGS.map(|(stage, ..)| stage)).collect();
        let counted: Vec<_> = stages().into_iter().filter(|stage| *stage != "error").collect();
        assert_eq!(shown, counted);
    }
}
