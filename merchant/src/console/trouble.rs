//! What is said when something is not there, is not allowed or does not answer.

use leptos::prelude::*;

use super::desk::Desk;
use super::frame::Page;
use super::text::Text;
use crate::config::Scope;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is nothing under this address, order or number.
    NotThere,
    /// The key is not good for it.
    NotAllowed(Scope),
    /// The form was not one of ours, or of a session that ended.
    NotOurs,
    /// The database or another part does not answer; in the backend's words.
    Away(String),
    /// Another process is at it; in the backend's words.
    Busy(String),
    /// It cannot be done; in the backend's words.
    Refused(String),
}

/// A page that says so.
#[must_use]
pub fn trouble(desk: &Desk, trouble: Trouble, here: &str) -> Page {
    let (title, text, detail) = match trouble {
        Trouble::NotThere => (Text::NotThere, desk.say(Text::NotThereText).to_owned(), None),
        Trouble::NotAllowed(scope) => (Text::NotAllowed, desk.with(Text::NotAllowedText, scope.word()), None),
        Trouble::NotOurs => (Text::NotOurs, desk.say(Text::NotOursText).to_owned(), None),
        Trouble::Away(why) => (Text::Away, desk.say(Text::AwayText).to_owned(), Some(why)),
        Trouble::Busy(why) => (Text::Busy, desk.say(Text::BusyText).to_owned(), Some(why)),
        Trouble::Refused(why) => (Text::Refused, desk.say(Text::RefusedText).to_owned(), Some(why)),
    };
    let detail = detail.map(|why| view! { <p class="detail" lang="en">{why}</p> }.into_any());
    let again = view! { <a class="button" href=here.to_owned()>{desk.say(Text::TryAgain)}</a> };
    let main = view! {
        <div class="card" role="alert"><p>{text}</p>{detail}</div>
        <p class="actions">{again}" "<a href="/console/">{desk.say(Text::ToOrders)}</a></p>
    };
    Page { title: desk.say(title).to_owned(), place: None, is_refused: true, beside: None, main: main.into_any() }
}
