//! The page around: who looks, where they can go, in which language.

use leptos::prelude::*;

use super::desk::Desk;
use super::place::Place;
use super::text::{Lang, Text};

/// What a page has of its own.
pub struct Page {
    /// Its title and heading.
    pub title: String,
    /// Of which part of the console it is.
    pub place: Option<Place>,
    /// It says what is wrong with what was sent.
    pub is_refused: bool,
    /// What stands beside the heading.
    pub beside: Option<AnyView>,
    /// The rest.
    pub main: AnyView,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page").field("title", &self.title).field("place", &self.place).finish_non_exhaustive()
    }
}

impl Page {
    pub(super) fn of(desk: &Desk, place: Place, main: AnyView) -> Self {
        Self { title: desk.say(place.name()).to_owned(), place: Some(place), is_refused: false, beside: None, main }
    }
}

/// What stands around every page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The shop's name.
    pub shop: String,
    /// The name of the key with which somebody is logged in.
    pub key: Option<String>,
    /// This page's own address, to which a change of the language comes back.
    pub here: String,
}

/// The whole document.
#[must_use]
pub fn html(desk: &Desk, frame: Frame, page: Page) -> String {
    Owner::new().with(|| {
        let Page { title, place, is_refused, beside, main } = page;
        let Frame { shop, key, here } = frame;
        let error = if is_refused { desk.say(Text::ErrorTitle) } else { "" };
        let document_title = format!("{error}{title} · {shop}");
        let tag = desk.lang.tag();
        let nav = key.is_some().then(|| nav(desk, place));
        let account = key.map(|key| account(desk, key));
        let document = view! {
            <html lang=tag>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <meta name="color-scheme" content="light dark"/>
                    <meta name="robots" content="noindex"/>
                    <title>{document_title}</title>
                    <link rel="icon" type="image/svg+xml" href="/console/icon.svg"/>
                    <link rel="stylesheet" href="/console/console.css"/>
                </head>
                <body>
                    <a class="skip" href="#main">{desk.say(Text::Skip)}</a>
                    <header class="top">
                        <a class="brand" href="/console/">{shop}" "<span>{desk.say(Text::Console)}</span></a>
                        {account}
                    </header>
                    {nav}
                    <main id="main" tabindex="-1">
                        <div class="heading"><h1>{title}</h1>{beside}</div>
                        {main}
                    </main>
                    <footer>
                        <p>{desk.say(Text::ZoneNote)}</p>
                        {languages(desk, &here)}
                    </footer>
                </body>
            </html>
        };
        format!("<!DOCTYPE html>{}", document.to_html())
    })
}

fn nav(desk: &Desk, place: Option<Place>) -> AnyView {
    let item = |to: Place| {
        let current = (place == Some(to)).then_some("page");
        view! { <li><a href=to.path() aria-current=current>{desk.say(to.name())}</a></li> }.into_any()
    };
    let items: Vec<_> = Place::ALL.into_iter().map(item).collect();
    view! { <nav class="places" aria-label=desk.say(Text::Places)><ul>{items}</ul></nav> }.into_any()
}

fn account(desk: &Desk, key: String) -> AnyView {
    let button = view! { <button type="submit" class="quiet">{desk.say(Text::LogOut)}</button> }.into_any();
    let out = desk.form("/console/logout".to_owned(), "inline", button);
    view! { <div class="account"><span>{desk.say(Text::KeyNamed)}" "<strong>{key}</strong></span>{out}</div> }
        .into_any()
}

fn languages(desk: &Desk, here: &str) -> AnyView {
    let buttons: Vec<_> = Lang::ALL
        .into_iter()
        .map(|lang| {
            let current = (lang == desk.lang).then_some("true");
            view! {
                <button type="submit" name="to" value=lang.tag() lang=lang.tag() class="quiet" aria-current=current>
                    {lang.name()}
                </button>
            }
            .into_any()
        })
        .collect();
    let body = view! {
        <input type="hidden" name="back" value=here.to_owned()/>
        <fieldset><legend class="unseen">{desk.say(Text::Language)}</legend>{buttons}</fieldset>
    };
    desk.form("/console/language".to_owned(), "languages", body.into_any())
}
