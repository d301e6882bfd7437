//! Days beside WeChat Pay's bills.

use leptos::prelude::*;
use wechat_cashier::contract::Timestamp;

use super::desk::Desk;
use super::frame::Page;
use super::place::Place;
use super::table::table;
use super::text::Text;
use super::words;
use crate::config::Scope;
use crate::reconcile::State;

/// What came out of a day.
#[derive(Clone, Debug)]
pub struct Day {
    /// Which: `2026-11-29`.
    pub date: String,
    /// What came out.
    pub state: State,
    /// When it was compared.
    pub made_at: Timestamp,
    /// When it is tried again.
    pub next_at: Option<Timestamp>,
    /// How many differences there are.
    pub differences: i64,
}

/// The latest first. `latest` is the last day that is over, `older` the day before which the list goes on.
#[must_use]
pub fn days(desk: &Desk, days: &[Day], latest: &str, older: Option<String>) -> Page {
    let list = match days.is_empty() {
        true => view! { <p class="empty">{desk.say(Text::NoDays)}</p> }.into_any(),
        false => {
            let heads = [Text::Date, Text::State, Text::Differences, Text::ComparedAt, Text::AgainAt];
            let rows = days.iter().map(|day| row(desk, day)).collect();
            table(desk.say(Text::DaysCaption).to_owned(), &heads.map(|head| desk.say(head)), rows)
        }
    };
    let older = older.map(|before| {
        let href = format!("{}?before={before}", Place::Days.path());
        view! { <a class="button" rel="next" href=href>{desk.say(Text::Older)}</a> }.into_any()
    });
    let compare = desk.may(Scope::Orders).then(|| compare(desk, latest));
    let main = view! {
        <p class="lead">{desk.say(Text::DaysText)}</p>
        {list}
        <p class="actions">{older}</p>
        {compare}
    };
    Page::of(desk, Place::Days, main.into_any())
}

fn row(desk: &Desk, day: &Day) -> Vec<AnyView> {
    let Day { date, state, made_at, next_at, differences } = day;
    let href = format!("{}/{date}", Place::Days.path());
    vec![
        view! { <a class="number" href=href>{date.clone()}</a> }.into_any(),
        words::day(desk, *state),
        differences.to_string().into_any(),
        desk.cell(Some(*made_at)),
        desk.cell(*next_at),
    ]
}

fn compare(desk: &Desk, latest: &str) -> AnyView {
    let body = view! {
        <label for="date">{desk.say(Text::CompareADay)}</label>
        <div class="row">
            <input id="date" name="date" type="date" required=true max=latest.to_owned() value=latest.to_owned()/>
            <button type="submit">{desk.say(Text::Compare)}</button>
        </div>
    };
    desk.form(Place::Days.path().to_owned(), "card", body.into_any())
}
