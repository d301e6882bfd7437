//! One screen for each [`Body`]. All have the same build, so that nothing jumps when one follows another: a square slot,
//! a title, a text, and what the payer can do.

use leptos::prelude::*;

use crate::core::{Body, Tap};
use crate::text::{Lang, Text, fill};

use super::Parts;
use super::countdown::countdown;
use super::icon::{Shape, icon};
use super::qr::qr;
use super::trouble;

impl Parts {
    pub(super) fn stage(self, body: Body) -> AnyView {
        match body {
            Body::Loading => self.loading(),
            Body::Scan { content, .. } => self.scan(content),
            Body::Confirming { has_code } => self.confirming(has_code),
            Body::Paid { late, .. } => self.paid(late),
            Body::Expired { renewable: true } => {
                let actions = [(Tap::NewCode, Text::NewCode), (Tap::HavePaid, Text::HavePaid)];
                self.message(Shape::Clock, Text::CodeExpired, Text::CodeExpiredText, &actions, None)
            }
            Body::Expired { renewable: false } => self.over(Shape::Clock, Text::OrderExpired),
            Body::Closed => self.over(Shape::Cross, Text::Closed),
            Body::Refunded => self.message(Shape::Back, Text::Refunded, Text::RefundedText, &[], None),
            Body::Trouble(trouble) => {
                let (title, text) = trouble::texts(&trouble);
                let actions: &[_] = if trouble.is_final() { &[] } else { &[(Tap::Retry, Text::Retry)] };
                let details = trouble::details(&trouble, self.lang);
                self.message(Shape::Warning, title, text, actions, Some(details))
            }
        }
    }

    fn loading(self) -> AnyView {
        view! {
            <div class="wc-slot wc-shimmer"></div>
            <p class="wc-title wc-quiet">{self.lang.say(Text::Loading)}</p>
        }
        .into_any()
    }

    fn scan(self, content: String) -> AnyView {
        let Self { lang, seconds, .. } = self;
        view! {
            {qr(content, lang.say(Text::QrAlt))}
            <h2 class="wc-title" tabindex="-1">{lang.say(Text::ScanHint)}</h2>
            {countdown(seconds, lang)}
            {self.actions(&[(Tap::HavePaid, Text::HavePaid), (Tap::NewCode, Text::NewCode)])}
            <p class="wc-small">{lang.say(Text::ScanOnly)}</p>
        }
        .into_any()
    }

    fn confirming(self, has_code: bool) -> AnyView {
        let Self { lang, .. } = self;
        let actions: &[_] = if has_code { &[(Tap::ShowCode, Text::ShowCode)] } else { &[(Tap::Retry, Text::Retry)] };
        view! {
            <div class="wc-slot">
                <div class="wc-pulse" aria-hidden="true">
                    <i></i>
                    <i></i>
                    <i></i>
                </div>
            </div>
            {self.words(Text::Confirming, lang.say(Text::ConfirmingText))}
            {self.actions(actions)}
        }
        .into_any()
    }

    fn paid(self, late: bool) -> AnyView {
        let Self { lang, seconds, on_tap, .. } = self;
        let text = lang.say(if late { Text::PaidLate } else { Text::PaidText });
        let leaving = Memo::new(move |_| seconds.with(Option::is_some));
        view! {
            <div class="wc-slot">
                {icon(Shape::Check)}
            </div>
            {self.words(Text::Paid, text)}
            {self.return_link()}
            {move || {
                leaving
                    .get()
                    .then(|| {
                        view! {
                            <p class="wc-small">
                                {move || fill(lang.say(Text::ReturnIn), &seconds.get().unwrap_or(0).to_string())}
                                " · "
                                <button type="button" class="wc-link" on:click=move |_| on_tap.run(Tap::Stay)>
                                    {lang.say(Text::Stay)}
                                </button>
                            </p>
                        }
                    })
            }}
        }
        .into_any()
    }

    /// The order takes no payment any more, but one may be on its way.
    fn over(self, shape: Shape, title: Text) -> AnyView {
        self.message(shape, title, Text::OrderOverText, &[(Tap::HavePaid, Text::HavePaid)], None)
    }

    fn message(
        self,
        shape: Shape,
        title: Text,
        text: Text,
        actions: &[(Tap, Text)],
        details: Option<AnyView>,
    ) -> AnyView {
        view! {
            <div class="wc-slot">
                {icon(shape)}
            </div>
            {self.words(title, self.lang.say(text))}
            {self.actions(actions)}
            {self.return_link()}
            {details}
        }
        .into_any()
    }

    fn words(self, title: Text, text: &'static str) -> AnyView {
        view! {
            <h2 class="wc-title" tabindex="-1">{self.lang.say(title)}</h2>
            <p class="wc-text">{text}</p>
        }
        .into_any()
    }

    /// The first is what most payers want.
    fn actions(self, actions: &[(Tap, Text)]) -> AnyView {
        let Self { lang, on_tap, .. } = self;
        let buttons: Vec<_> = actions.iter().map(|(tap, text)| button(lang, on_tap, *tap, *text)).collect();
        view! { <div class="wc-actions">{buttons}</div> }.into_any()
    }

    fn return_link(self) -> AnyView {
        let Self { lang, return_to, .. } = self;
        let link = move || {
            return_to.get().map(|href| {
                view! {
                    <a class="wc-button" href=href>
                        {lang.say(Text::Return)}
                    </a>
                }
            })
        };
        view! { <div class="wc-actions">{link}</div> }.into_any()
    }
}

fn button(lang: Lang, on_tap: Callback<Tap>, tap: Tap, text: Text) -> AnyView {
    view! {
        <button type="button" class="wc-button" on:click=move |_| on_tap.run(tap)>
            {lang.say(text)}
        </button>
    }
    .into_any()
}
