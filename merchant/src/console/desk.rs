//! Who looks at a page, and how they read amounts and times.

use leptos::prelude::*;
use wechat_cashier::contract::{Currency, Money, Timestamp};
use wechat_cashier::text::Words;
use wechat_cashier::view::money;

use super::text::{Lang, Text, fill};
use crate::config::Scope;
use crate::reconcile::Sum;

/// China is so far ahead of UTC, all the year.
const AHEAD_MS: i64 = 8 * 60 * 60 * 1000;

/// What each page is drawn with.
#[derive(Clone, Debug)]
pub struct Desk {
    /// In which language.
    pub lang: Lang,
    /// What the key is good for.
    pub may: Vec<Scope>,
    /// What each form shows, so that no other site's form is taken for one of ours.
    pub token: String,
}

impl Desk {
    /// Whether the key is good for that.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.may.contains(&scope)
    }

    pub(super) const fn say(&self, text: Text) -> &'static str {
        self.lang.say(text)
    }

    pub(super) fn with(&self, text: Text, value: &str) -> String {
        fill(self.say(text), value)
    }

    /// An amount as the cashier writes it.
    pub(super) fn money(&self, value: Money) -> String {
        money(value, &Words::from(self.lang.cashiers()))
    }

    /// An amount of so many minor units.
    pub(super) fn amount(&self, value: i64, currency: Currency) -> String {
        self.money(Money { value, currency })
    }

    /// A sum of a report. Of a currency that nobody knows, the number and the code.
    pub(super) fn sum(&self, Sum { value, currency }: &Sum) -> String {
        match Currency::new(currency) {
            Some(currency) if *value < 0 => format!("−{}", self.amount(value.saturating_neg(), currency)),
            Some(currency) => self.amount(*value, currency),
            None => format!("{value} {currency}"),
        }
    }

    /// A time in China, with the zone said.
    pub(super) fn when(&self, at: Timestamp) -> AnyView {
        let (text, zone) = (china(at, false), self.say(Text::Zone));
        view! { <time datetime=at.to_rfc3339()>{text}" "<span class="zone">{zone}</span></time> }.into_any()
    }

    /// The same in a table, whose head says the zone.
    pub(super) fn cell(&self, at: Option<Timestamp>) -> AnyView {
        match at {
            Some(at) => view! { <time datetime=at.to_rfc3339()>{china(at, false)}</time> }.into_any(),
            None => none(),
        }
    }

    /// To the millisecond.
    pub(super) fn exactly(&self, at: Timestamp) -> AnyView {
        view! { <time datetime=at.to_rfc3339()>{china(at, true)}</time> }.into_any()
    }

    /// A form that changes something: its token is in it.
    pub(super) fn form(&self, action: String, class: &'static str, body: AnyView) -> AnyView {
        let token = self.token.clone();
        view! {
            <form method="post" action=action class=class>
                <input type="hidden" name="token" value=token/>
                {body}
            </form>
        }
        .into_any()
    }
}

/// Nothing, where something could stand.
pub(super) fn none() -> AnyView {
    view! { <span class="none">"–"</span> }.into_any()
}

/// A text or nothing.
pub(super) fn or_none(text: Option<impl Into<String>>) -> AnyView {
    text.map_or_else(none, |text| {
        let text: String = text.into();
        text.into_any()
    })
}

/// A number or a word of a machine's, which may break anywhere.
pub(super) fn code(text: impl Into<String>) -> AnyView {
    view! { <code>{text.into()}</code> }.into_any()
}

/// `2026-11-30 23:05:12`, in China; to the millisecond if wanted.
#[must_use]
pub fn china(at: Timestamp, exactly: bool) -> String {
    let there = Timestamp::from_millis(at.millis().saturating_add(AHEAD_MS)).to_rfc3339().unwrap_or_default();
    let text = there.get(..19).unwrap_or_default().replace('T', " ");
    match exactly {
        true => format!("{text}.{:03}", at.millis().rem_euclid(1000)),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_chinas() {
        let at = Timestamp::parse("2026-11-30T16:00:00.007Z").unwrap();
        assert_eq!(china(at, false), "2026-12-01 00:00:00");
        assert_eq!(china(at, true), "2026-12-01 00:00:00.007");
    }

    #[test]
    fn sums_are_written_with_their_currency() {
        let desk = Desk { lang: Lang::En, may: Vec::new(), token: String::new() };
        let sum = |value, currency: &str| desk.sum(&Sum { value, currency: currency.to_owned() });
        assert_eq!([sum(1999, "CNY"), sum(0, "CNY"), sum(-5, "CNY")], ["CN¥19.99", "CN¥0.00", "−CN¥0.05"]);
        assert_eq!(sum(7, "???"), "7 ???");
    }
}
