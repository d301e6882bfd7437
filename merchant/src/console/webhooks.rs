//! What the shop was told, and what it is to be told again.

use leptos::prelude::*;
use serde_json::Value;

use super::desk::{Desk, none};
use super::frame::Page;
use super::place::Place;
use super::table::{choices, table};
use super::text::Text;
use super::words;
use crate::config::Scope;
use crate::day::Day;
use crate::store::{Webhook, WebhookState};
use crate::webhook::Kind;

/// What is listed.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    /// They, the latest first.
    pub webhooks: &'a [Webhook],
    /// Which are looked at.
    pub state: Option<WebhookState>,
    /// `before` of the next page.
    pub next: Option<String>,
    /// The first page is this one.
    pub is_first: bool,
    /// One was just sent again.
    pub is_resent: bool,
    /// The shop has an address to be told at.
    pub is_told: bool,
}

/// The list.
#[must_use]
pub fn webhooks(desk: &Desk, told: &Told<'_>) -> Page {
    let Told { webhooks, state, next, is_first, is_resent, is_told } = told;
    let address = |state: Option<WebhookState>| {
        let path = Place::Webhooks.path();
        state.map_or_else(|| path.to_owned(), |state| format!("{path}?state={}", state.word()))
    };
    let links = [
        (None, Text::All),
        (Some(WebhookState::Waiting), Text::HookWaiting),
        (Some(WebhookState::GivenUp), Text::HookGivenUp),
        (Some(WebhookState::Delivered), Text::HookDelivered),
    ];
    let links = links.map(|(one, name)| (address(one), desk.say(name), one == *state)).to_vec();
    let joint = if state.is_none() { "?" } else { "&" };
    let older = next.as_ref().map(|next| {
        let href = format!("{}{joint}before={next}", address(*state));
        view! { <a class="button" rel="next" href=href>{desk.say(Text::Older)}</a> }.into_any()
    });
    let newest =
        (!is_first).then(|| view! { <a class="button" href=address(*state)>{desk.say(Text::Newest)}</a> }.into_any());
    let resent = is_resent.then(|| view! { <p class="said good" role="status">{desk.say(Text::ResentNow)}</p> });
    let nobody = (!is_told).then(|| view! { <p class="said">{desk.say(Text::NobodyTold)}</p> });
    let main = view! {
        {resent}{nobody}
        {choices(desk.say(Text::Filter), links)}
        {told_table(desk, webhooks, false)}
        <p class="actions">{newest}" "{older}</p>
    };
    Page::of(desk, Place::Webhooks, main.into_any())
}

/// The messages; within an order, without its number.
pub(super) fn told_table(desk: &Desk, webhooks: &[Webhook], of_order: bool) -> AnyView {
    if webhooks.is_empty() {
        return view! { <p class="empty">{desk.say(Text::NoWebhooks)}</p> }.into_any();
    }
    let mut heads = vec![Text::What, Text::State, Text::WrittenAt, Text::Tries, Text::LastAnswer, Text::ArrivedAt];
    if !of_order {
        heads.insert(1, Text::OrderOrDay);
    }
    if desk.may(Scope::Orders) {
        heads.push(Text::Do);
    }
    let heads: Vec<_> = heads.into_iter().map(|head| desk.say(head)).collect();
    let rows = webhooks.iter().map(|webhook| row(desk, webhook, of_order)).collect();
    table(desk.say(Text::WebhooksCaption).to_owned(), &heads, rows)
}

fn row(desk: &Desk, webhook: &Webhook, of_order: bool) -> Vec<AnyView> {
    let id = webhook.id.clone();
    let mut cells = vec![
        view! { {kind(desk, &webhook.kind)}<span class="under"><code>{id}</code></span> }.into_any(),
        words::webhook(desk, webhook.state),
        desk.cell(Some(webhook.created_at)),
        webhook.tries.to_string().into_any(),
        answer(desk, webhook),
        desk.cell(webhook.delivered_at),
    ];
    if !of_order {
        let order = webhook.order_id.as_ref().map(|order_id| (format!("/console/orders/{order_id}"), order_id.clone()));
        let of = order.or_else(|| day(webhook).map(|day| (format!("{}/{day}", Place::Days.path()), day.to_string())));
        let of = of.map_or_else(none, |(href, name)| view! { <a class="number" href=href>{name}</a> }.into_any());
        cells.insert(1, of);
    }
    if desk.may(Scope::Orders) {
        let name = view! { {desk.say(Text::SendAgain)}<span class="unseen">" "{webhook.id.clone()}</span> };
        let back = if of_order { "order" } else { "list" };
        let body = view! {
            <input type="hidden" name="back" value=back/>
            <button type="submit" class="little">{name}</button>
        };
        cells.push(desk.form(format!("/console/webhooks/{}/resend", webhook.id), "inline", body.into_any()));
    }
    cells
}

/// The day that it is about, if it is about one.
fn day(webhook: &Webhook) -> Option<Day> {
    if webhook.kind != Kind::DayDiffers.word() {
        return None;
    }
    let body: Value = serde_json::from_str(&webhook.body).ok()?;
    Day::parse(body.pointer("/data/date")?.as_str()?)
}

fn kind(desk: &Desk, kind: &str) -> String {
    let text = match kind {
        "order.paid" => Text::HookPaid,
        "order.closed" => Text::HookClosed,
        "order.refunded" => Text::HookRefunded,
        "order.refund_succeeded" => Text::HookRefundSucceeded,
        "order.paid_twice" => Text::HookPaidTwice,
        "order.needs_attention" => Text::HookAttention,
        "reconciliation.different" => Text::HookDay,
        other => return other.to_owned(),
    };
    format!("{} ({kind})", desk.say(text))
}

fn answer(desk: &Desk, webhook: &Webhook) -> AnyView {
    let Webhook { last_status, last_error, last_at, next_at, state, .. } = webhook;
    let (Some(_), said) = (last_at, last_status.map(|status| status.to_string())) else { return none() };
    let why = last_error.clone().map(|why| view! { <span class="under wrap" lang="en">{why}</span> });
    let next = next_at.filter(|_| *state == WebhookState::Waiting).map(|at| {
        view! { <span class="under">{desk.say(Text::NextTry)}" "{desk.cell(Some(at))}</span> }
    });
    view! { {said.unwrap_or_else(|| desk.say(Text::NoAnswer).to_owned())}{why}{next} }.into_any()
}
