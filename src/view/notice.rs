//! What is laid over a screen that stays as it is.

use leptos::prelude::*;

use crate::core::{self, Tap};
use crate::text::{Lang, Text, fill};

/// What is laid over a screen that stays as it is.
pub(super) fn notice(notice: Memo<Option<core::Notice>>, lang: Lang, on_tap: Callback<Tap>) -> impl IntoView {
    let content = move || {
        notice.get().map(|notice| {
            let (words, retry) = words(&notice, lang);
            let button = retry.then(|| {
                view! {
                    <button type="button" class="wc-link" on:click=move |_| on_tap.run(Tap::Retry)>
                        {lang.say(Text::Retry)}
                    </button>
                }
            });
            view! {
                <div class="wc-notice">
                    <p>{words}</p>
                    {button}
                </div>
            }
        })
    };
    view! { <div class="wc-over" role="status">{content}</div> }
}

/// The words, and whether trying again now makes sense.
fn words(notice: &core::Notice, lang: Lang) -> (String, bool) {
    match notice {
        core::Notice::Offline => (lang.say(Text::NoticeOffline).to_owned(), true),
        core::Notice::Unreachable => (lang.say(Text::NoticeUnreachable).to_owned(), true),
        core::Notice::Refused(code) => (fill(lang.say(Text::NoticeRefused), code.word()), true),
        core::Notice::Unreadable(error) => (fill(lang.say(Text::NoticeRefused), &error.to_string()), true),
        core::Notice::NotReceived => (lang.say(Text::NoticeNotReceived).to_owned(), false),
    }
}
