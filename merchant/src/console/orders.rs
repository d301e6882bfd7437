//! Many orders.

use leptos::prelude::*;
use wechat_cashier::contract::Timestamp;

use super::desk::{Desk, none};
use super::frame::Page;
use super::place::Place;
use super::table::{badge, choices, table};
use super::text::Text;
use super::words;
use crate::domain::Order;

/// Which orders are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// All.
    All,
    /// Those of this status, by the contract's word.
    Status(&'static str),
    /// Those that a person has to look at.
    Noticed,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// They.
    pub orders: &'a [Order],
    /// Which were looked for.
    pub only: Only,
    /// By which number, if by one.
    pub number: &'a str,
    /// `after` of the next page.
    pub next: Option<String>,
    /// The first page is this one.
    pub is_first: bool,
}

/// The list, with how to look for one.
#[must_use]
pub fn orders(desk: &Desk, found: &Found<'_>, now: Timestamp) -> Page {
    let Found { orders, only, number, next, is_first } = found;
    let address = |only: Only| match only {
        Only::All => "/console/".to_owned(),
        Only::Status(word) => format!("/console/?status={word}"),
        Only::Noticed => "/console/?status=noticed".to_owned(),
    };
    let links = [
        (Only::All, Text::All),
        (Only::Noticed, Text::NeedsPerson),
        (Only::Status("pending"), Text::Pending),
        (Only::Status("paid"), Text::Paid),
        (Only::Status("closed"), Text::Closed),
        (Only::Status("refunded"), Text::Refunded),
    ];
    let links = links.map(|(one, name)| (address(one), desk.say(name), number.is_empty() && one == *only));
    let list = match orders.is_empty() {
        true => nothing(desk, found),
        false => {
            let heads = [Text::Order, Text::Amount, Text::Status, Text::WhatFor, Text::MadeAt, Text::PaidAt];
            let rows = orders.iter().map(|order| row(desk, order, now)).collect();
            table(desk.say(Text::OrdersCaption).to_owned(), &heads.map(|head| desk.say(head)), rows)
        }
    };
    let joint = if *only == Only::All { "?" } else { "&" };
    let older = next.as_ref().map(|next| {
        let href = format!("{}{joint}after={next}", address(*only));
        view! { <a class="button" rel="next" href=href>{desk.say(Text::Older)}</a> }.into_any()
    });
    let newest =
        (!is_first).then(|| view! { <a class="button" href=address(*only)>{desk.say(Text::Newest)}</a> }.into_any());
    let main = view! {
        {search(desk, number)}
        {choices(desk.say(Text::Filter), links.to_vec())}
        {list}
        <p class="actions">{newest}" "{older}</p>
    };
    Page::of(desk, Place::Orders, main.into_any())
}

fn nothing(desk: &Desk, found: &Found<'_>) -> AnyView {
    let text = match (found.number.is_empty(), &found.next) {
        (false, _) => Text::NothingFound,
        // Only a part of the orders is looked through at a time.
        (true, Some(_)) => Text::NothingHereYet,
        (true, None) => Text::NoOrders,
    };
    let elsewhere = [(Place::Unmatched, Text::MayFitNone), (Place::Days, Text::OnlyInBill)];
    let elsewhere = (!found.number.is_empty())
        .then(|| elsewhere.map(|(place, text)| view! { <p><a href=place.path()>{desk.say(text)}</a></p> }));
    view! { <p class="empty">{desk.say(text)}</p>{elsewhere} }.into_any()
}

fn search(desk: &Desk, number: &str) -> AnyView {
    view! {
        <form class="search" action="/console/" role="search">
            <label for="number">{desk.say(Text::SearchLabel)}</label>
            <div class="row">
                <input id="number" name="number" type="search" value=number.to_owned() autocomplete="off" spellcheck="false" maxlength="64"/>
                <button type="submit">{desk.say(Text::Search)}</button>
            </div>
        </form>
    }
    .into_any()
}

fn row(desk: &Desk, order: &Order, now: Timestamp) -> Vec<AnyView> {
    let facts = &order.facts;
    let id = facts.order_id.clone();
    let status = order.status(now);
    // Also once it went back.
    let paid = order.paying().map_or_else(none, |(trade, receipt)| {
        let way = words::method(desk, &trade.method);
        view! { {desk.cell(Some(receipt.success_time))}<span class="under">{way}</span> }.into_any()
    });
    let noticed = (!order.oddities.is_empty()).then(|| view! { " "{badge("bad", desk.say(Text::NeedsPerson))} });
    vec![
        view! { <a class="number" href=format!("/console/orders/{id}")>{id.clone()}</a> }.into_any(),
        view! { <span class="money">{desk.money(facts.amount)}</span> }.into_any(),
        view! { {words::status(desk, order, &status)}{noticed} }.into_any(),
        view! { <bdi class="text">{facts.description.clone()}</bdi> }.into_any(),
        desk.cell(Some(facts.created_at)),
        paid,
    ]
}
