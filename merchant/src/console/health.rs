//! How the backend is.

use leptos::prelude::*;
use wechat_cashier::contract::Timestamp;

use super::desk::{Desk, code, none};
use super::frame::Page;
use super::place::Place;
use super::table::{badge, facts};
use super::text::Text;
use super::words;
use crate::reconcile::State;

/// Late by more than this is worth a word.
const LATE_MS: i64 = 60_000;
/// A certificate that ends so soon is to be looked at.
const SOON_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// What is known.
#[derive(Clone, Debug)]
pub struct Health {
    /// At which time.
    pub now: Timestamp,
    /// The database.
    pub database: Ping,
    /// When WeChat Pay last answered.
    pub answered_at: Option<Timestamp>,
    /// When it last did not, and why.
    pub trouble: Option<(Timestamp, String)>,
    /// Answers of it that were not believed, since the start.
    pub refused_answers: u64,
    /// Notifications that were not believed, since the start.
    pub refused_notifications: u64,
    /// When the order is due that is due first.
    pub next_due: Option<Timestamp>,
    /// What the shop has yet to be told.
    pub waiting: Waiting,
    /// What came out of the latest days. None: the database does not say.
    pub compared: Option<Compared>,
    /// How many instances there are. None: it does not look.
    pub instances: Option<u32>,
    /// The platform's keys, and when each ends.
    pub keys: Vec<(String, Option<Timestamp>)>,
    /// This program's.
    pub version: &'static str,
}

/// Whether the database answers.
#[derive(Clone, Debug)]
pub enum Ping {
    /// It did, within so many milliseconds.
    Answered(u128),
    /// It did not; why.
    Failed(String),
}

/// What the shop has yet to be told.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The shop has an address to be told at.
    pub is_told: bool,
    /// When the next is due.
    pub next_at: Option<Timestamp>,
    /// How many wait, as far as was counted.
    pub count: usize,
    /// There may be more.
    pub is_more: bool,
    /// Some were given up.
    pub is_given_up: bool,
}

/// What came out of the latest days.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The last day that was compared, and what came out of it.
    pub last: Option<(String, State)>,
    /// How many of the last 92 days differ.
    pub differing: usize,
}

/// The page.
#[must_use]
pub fn health(desk: &Desk, health: &Health) -> Page {
    let Health { now, next_due, instances, keys, version, .. } = health;
    let own = facts(vec![
        (desk.say(Text::Database), Some(database(desk, &health.database))),
        (desk.say(Text::OldestDue), Some(late(desk, *next_due, *now, Text::NothingDue))),
        (
            desk.say(Text::InstancesSeen),
            Some(instances.map_or_else(|| desk.say(Text::NotCounted).to_owned(), |it| it.to_string()).into_any()),
        ),
        (desk.say(Text::Version), Some((*version).into_any())),
        (desk.say(Text::TimeHere), Some(desk.when(*now))),
    ]);
    let theirs = facts(vec![
        (desk.say(Text::Reachable), Some(reach(desk, health))),
        (desk.say(Text::LastAnswerAt), health.answered_at.map(|at| desk.when(at))),
        (
            desk.say(Text::LastTrouble),
            health.trouble.as_ref().map(|(at, why)| {
                view! { {desk.when(*at)}<span class="under wrap" lang="en">{why.clone()}</span> }.into_any()
            }),
        ),
        (desk.say(Text::RefusedAnswers), Some(counted(desk, health.refused_answers))),
        (desk.say(Text::RefusedNotifications), Some(counted(desk, health.refused_notifications))),
        (desk.say(Text::PlatformKeys), Some(certificates(desk, keys, *now))),
    ]);
    let main = view! {
        <section aria-labelledby="own"><h2 id="own">{desk.say(Text::ThisBackend)}</h2>{own}</section>
        <section aria-labelledby="theirs"><h2 id="theirs">{desk.say(Text::WechatPay)}</h2>{theirs}</section>
        <section aria-labelledby="days"><h2 id="days">{desk.say(Text::Days)}</h2>{days(desk, health.compared.as_ref())}</section>
        <section aria-labelledby="shop"><h2 id="shop">{desk.say(Text::Webhooks)}</h2>{webhooks(desk, &health.waiting, *now)}</section>
        <p class="soft">{desk.say(Text::SinceStart)}</p>
    };
    Page::of(desk, Place::Health, main.into_any())
}

fn database(desk: &Desk, ping: &Ping) -> AnyView {
    match ping {
        Ping::Answered(ms) => {
            view! { {badge("good", desk.say(Text::Answers))}" "{desk.with(Text::WithinMs, &ms.to_string())} }.into_any()
        }
        Ping::Failed(why) => {
            view! { {badge("bad", desk.say(Text::DoesNotAnswer))}<span class="under wrap" lang="en">{why.clone()}</span> }
                .into_any()
        }
    }
}

fn reach(desk: &Desk, health: &Health) -> AnyView {
    let trouble_at = health.trouble.as_ref().map(|(at, _)| *at);
    match (health.answered_at, trouble_at) {
        (None, None) => badge("plain", desk.say(Text::NotAskedYet)),
        (Some(answered), Some(trouble)) if answered > trouble => badge("good", desk.say(Text::Answers)),
        (Some(_), None) => badge("good", desk.say(Text::Answers)),
        _ => badge("bad", desk.say(Text::DidNotAnswer)),
    }
}

fn counted(desk: &Desk, count: u64) -> AnyView {
    match count {
        0 => "0".into_any(),
        count => view! { {count.to_string()}" "{badge("warm", desk.say(Text::LookInLog))} }.into_any(),
    }
}

fn late(desk: &Desk, at: Option<Timestamp>, now: Timestamp, nothing: Text) -> AnyView {
    let Some(at) = at else { return desk.say(nothing).into_any() };
    let behind = now.millis().saturating_sub(at.millis());
    let word = match behind {
        ..=0 => None,
        behind => {
            let kind = if behind > LATE_MS { "bad" } else { "plain" };
            Some(
                view! { " "{badge(kind, desk.say(Text::Late))}" "{desk.with(Text::Seconds, &(behind / 1000).to_string())} },
            )
        }
    };
    view! { {desk.when(at)}{word} }.into_any()
}

fn webhooks(desk: &Desk, waiting: &Waiting, now: Timestamp) -> AnyView {
    if !waiting.is_told {
        return view! { <p>{desk.say(Text::NobodyTold)}</p> }.into_any();
    }
    let count = format!("{}{}", waiting.count, if waiting.is_more { "+" } else { "" });
    let given_up = waiting.is_given_up.then(|| {
        let href = format!("{}?state=given_up", Place::Webhooks.path());
        view! { {badge("bad", desk.say(Text::HookGivenUp))}" "<a href=href>{desk.say(Text::Show)}</a> }.into_any()
    });
    facts(vec![
        (desk.say(Text::HookWaiting), Some(count.into_any())),
        (desk.say(Text::NextTry), Some(late(desk, waiting.next_at, now, Text::NothingDue))),
        (desk.say(Text::HookGivenUp), given_up),
    ])
}

fn days(desk: &Desk, compared: Option<&Compared>) -> AnyView {
    let Some(Compared { last, differing }) = compared else {
        return badge("bad", desk.say(Text::DoesNotAnswer));
    };
    let path = Place::Days.path();
    let last = last.as_ref().map_or_else(none, |(date, state)| {
        view! { <a class="number" href=format!("{path}/{date}")>{date.clone()}</a>" "{words::day(desk, *state)} }
            .into_any()
    });
    let kind = if *differing > 0 { "bad" } else { "plain" };
    let differing = view! { {badge(kind, differing.to_string())}" "<a href=path>{desk.say(Text::Show)}</a> };
    facts(vec![(desk.say(Text::LastCompared), Some(last)), (desk.say(Text::DifferOf92), Some(differing.into_any()))])
}

fn certificates(desk: &Desk, keys: &[(String, Option<Timestamp>)], now: Timestamp) -> AnyView {
    let items: Vec<_> = keys
        .iter()
        .map(|(serial, until)| {
            let until = until.map_or_else(
                || desk.say(Text::NeverEnds).into_any(),
                |until| {
                    let is_soon = until.millis().saturating_sub(now.millis()) < SOON_MS;
                    let soon = is_soon.then(|| view! { " "{badge("bad", desk.say(Text::EndsSoon))} });
                    view! { {desk.say(Text::GoodUntil)}" "{desk.when(until)}{soon} }.into_any()
                },
            );
            view! { <li>{code(serial.clone())}" "{until}</li> }.into_any()
        })
        .collect();
    view! { <ul class="plain">{items}</ul> }.into_any()
}
