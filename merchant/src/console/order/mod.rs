//! One order: what it is, what needs a person, its money, and all that happened to it.

mod attention;
mod money;
mod timeline;

use leptos::prelude::*;
use wechat_cashier::contract::Timestamp;

use super::desk::{Desk, code, or_none};
use super::frame::Page;
use super::place::Place;
use super::table::facts;
use super::text::Text;
use super::webhooks::told_table;
use super::words;
use crate::config::Scope;
use crate::domain::{Order, RefundState, Status};
use crate::store::{Entry, Webhook};

/// What was just done, said over the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// A refund was asked for, under this number.
    Refund(String),
    /// The order was closed, or was paid before it could be.
    Close,
    /// A message is sent again.
    Resent,
}

/// What is shown of an order.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// The order.
    pub order: &'a Order,
    /// At which time.
    pub now: Timestamp,
    /// All that happened.
    pub entries: &'a [Entry],
    /// What the shop was told of it.
    pub webhooks: &'a [Webhook],
    /// What was just done.
    pub done: Option<Done>,
}

/// The order's page.
#[must_use]
pub fn order(desk: &Desk, shown: &Shown<'_>) -> Page {
    let Shown { order, now, entries, webhooks, done } = shown;
    let status = order.status(*now);
    let main = view! {
        {done.as_ref().map(|done| said(desk, shown, &status, done))}
        {attention::attention(desk, order)}
        <section aria-labelledby="facts"><h2 id="facts">{desk.say(Text::Facts)}</h2>{what(desk, order, &status)}{close(desk, order, &status)}</section>
        {money::payments(desk, order)}
        {money::refunds(desk, order, *now)}
        {timeline::timeline(desk, order, entries)}
        <section aria-labelledby="hooks"><h2 id="hooks">{desk.say(Text::Webhooks)}</h2>{told_table(desk, webhooks, true)}</section>
    };
    Page {
        title: desk.with(Text::OrderTitle, &order.facts.order_id),
        place: Some(Place::Orders),
        is_refused: false,
        beside: Some(words::status(desk, order, &status)),
        main: main.into_any(),
    }
}

fn said(desk: &Desk, shown: &Shown<'_>, status: &Status, done: &Done) -> AnyView {
    let order = shown.order;
    let (is_bad, text) = match done {
        Done::Refund(number) => match order.refund(number).map(|refund| (refund.state, &refund.why)) {
            Some((RefundState::Asked | RefundState::Doubtful, _)) => return untaken(desk, shown, number),
            Some((RefundState::Success, _)) => (false, desk.with(Text::RefundedNow, number)),
            Some((RefundState::Refused, why)) => {
                (true, desk.with(Text::RefundRefusedNow, why.as_deref().unwrap_or("–")))
            }
            Some((RefundState::Closed | RefundState::Abnormal, _)) => (true, desk.with(Text::RefundFailedNow, number)),
            Some((RefundState::Processing, _)) => (false, desk.with(Text::RefundOnItsWay, number)),
            None => return ().into_any(),
        },
        Done::Close => match status {
            Status::Closed => (false, desk.say(Text::ClosedNow).to_owned()),
            Status::Pending => (false, desk.say(Text::ClosingNow).to_owned()),
            Status::Paid { .. } | Status::Refunded => (true, desk.say(Text::NotClosedPaid).to_owned()),
        },
        Done::Resent => (false, desk.say(Text::ResentNow).to_owned()),
    };
    let (class, role) = if is_bad { ("said bad", "alert") } else { ("said good", "status") };
    view! { <p class=class role=role>{text}</p> }.into_any()
}

/// A refund that WeChat Pay is not known to have: why, and what comes next.
fn untaken(desk: &Desk, Shown { order, now, .. }: &Shown<'_>, number: &str) -> AnyView {
    let refund = order.refund(number);
    let next = refund.and_then(|refund| order.refund_untaken(refund)).map(|at| desk.when(at));
    let text = match refund.and_then(|refund| order.refund_waits(refund, *now)) {
        Some(_) => Text::RefundWaitsNow,
        None => Text::RefundNotTakenYet,
    };
    view! { <p class="said good" role="status">{desk.with(text, number)}" "{next}</p> }.into_any()
}

fn what(desk: &Desk, order: &Order, status: &Status) -> AnyView {
    let is = &order.facts;
    let methods: Vec<_> = is.methods.iter().map(|offer| words::method(desk, &offer.method)).collect();
    let is_pending = matches!(status, Status::Pending);
    let paid = order.paying().map(|(trade, receipt)| {
        let way = words::method(desk, &trade.method);
        view! { {desk.when(receipt.success_time)}<span class="under">{way}</span> }.into_any()
    });
    facts(vec![
        (desk.say(Text::Amount), Some(view! { <strong class="money">{desk.money(is.amount)}</strong> }.into_any())),
        (desk.say(Text::WentBack), went_back(desk, order, status)),
        (desk.say(Text::WhatFor), Some(view! { <bdi>{is.description.clone()}</bdi> }.into_any())),
        (desk.say(Text::Made), Some(desk.when(is.created_at))),
        (desk.say(Text::PaidWhen), paid),
        (desk.say(if is_pending { Text::PayableUntil } else { Text::WasPayableUntil }), Some(desk.when(is.expires_at))),
        (desk.say(Text::ClosedSince), order.closed_at.map(|at| desk.when(at))),
        (desk.say(Text::Ways), Some(methods.join(", ").into_any())),
        (desk.say(Text::Payer), order.openid.clone().map(code)),
        (desk.say(Text::MerchantNumber), Some(code(is.mchid.clone()))),
        (desk.say(Text::ReturnsTo), is.return_url.clone().map(|url| or_none(Some(url)))),
    ])
}

/// How much went back, and when the last of it did.
fn went_back(desk: &Desk, order: &Order, status: &Status) -> Option<AnyView> {
    let back = || order.refunds.iter().filter(|refund| refund.state == RefundState::Success);
    let amount = match back().map(|refund| refund.amount).sum() {
        // A payment by code was reversed, or it went back elsewhere.
        0 if *status == Status::Refunded => order.facts.amount.value,
        0 => return None,
        sum => sum,
    };
    let last = back().filter_map(|refund| refund.success_time).max();
    let last = last.map(|at| view! { <span class="under">{desk.when(at)}</span> });
    Some(view! { {desk.amount(amount, order.facts.amount.currency)}{last} }.into_any())
}

/// It takes two steps, and needs no script.
fn close(desk: &Desk, order: &Order, status: &Status) -> AnyView {
    let can = matches!(status, Status::Pending) && order.closed_at.is_none() && desk.may(Scope::Orders);
    if !can {
        return ().into_any();
    }
    let button = view! { <button type="submit" class="grave">{desk.say(Text::CloseNow)}</button> }.into_any();
    let form = desk.form(format!("/console/orders/{}/close", order.facts.order_id), "", button);
    view! {
        <details class="act"><summary>{desk.say(Text::CloseOrder)}</summary><p>{desk.say(Text::CloseText)}</p>{form}</details>
    }
    .into_any()
}
