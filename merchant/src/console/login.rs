//! The door.

use leptos::prelude::*;

use super::desk::Desk;
use super::frame::Page;
use super::text::Text;

/// Why somebody stands at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// They came.
    Came,
    /// They were in for twelve hours, or the key is another one now.
    Ended,
    /// They went out.
    LoggedOut,
    /// The key was not the shop's.
    Wrong,
    /// Too many keys were wrong.
    TooMany,
}

/// The form with the key. `next` is where it leads.
#[must_use]
pub fn login(desk: &Desk, why: Why, next: &str) -> Page {
    let is_refused = matches!(why, Why::Wrong | Why::TooMany);
    let said = match why {
        Why::Came => None,
        Why::Ended => Some(Text::SessionEnded),
        Why::LoggedOut => Some(Text::LoggedOut),
        Why::Wrong => Some(Text::KeyWrong),
        Why::TooMany => Some(Text::KeyTooMany),
    };
    let said = said.map(|text| match is_refused {
        true => view! { <p class="said bad" role="alert" id="wrong">{desk.say(text)}</p> }.into_any(),
        false => view! { <p class="said" role="status">{desk.say(text)}</p> }.into_any(),
    });
    let (invalid, described) = (is_refused.then_some("true"), is_refused.then_some("wrong"));
    let body = view! {
        <input type="hidden" name="next" value=next.to_owned()/>
        // For password managers, which keep a key under a name.
        <input class="unseen" type="text" name="name" autocomplete="username" value="console" tabindex="-1" aria-hidden="true" readonly=true/>
        <label for="key">{desk.say(Text::KeyLabel)}</label>
        <p class="hint" id="key-hint">{desk.say(Text::KeyHint)}</p>
        <input
            id="key" type="password" name="key" required=true autofocus=true autocomplete="current-password"
            aria-invalid=invalid aria-describedby=described.unwrap_or("key-hint")
        />
        <button type="submit" class="main">{desk.say(Text::LogIn)}</button>
    };
    let form = desk.form("/console/login".to_owned(), "card door", body.into_any());
    Page {
        title: desk.say(Text::LogInTitle).to_owned(),
        place: None,
        is_refused,
        beside: None,
        main: view! { {said}{form} }.into_any(),
    }
}
