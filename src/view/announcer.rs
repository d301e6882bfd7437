//! What a screen reader is told without being asked.

use leptos::prelude::*;

use crate::core::Body;
use crate::text::{Lang, Text};

use super::trouble;

/// Below so many seconds the payer is told that time runs short, once.
const SHORT_S: u64 = 60;

/// Tells the screen's news: what it has become, and that a minute is left. Not every second.
pub(super) fn announcer(body: Memo<Body>, seconds: Memo<Option<u64>>, lang: Lang) -> impl IntoView {
    let news = Memo::new(move |_| {
        body.with(|body| match body {
            Body::Loading => Text::Loading,
            Body::Scan { .. } if seconds.get().is_some_and(|left| left <= SHORT_S) => Text::MinuteLeft,
            Body::Scan { .. } => Text::ScanHint,
            Body::Confirming { .. } => Text::Confirming,
            Body::Paid { .. } => Text::Paid,
            Body::Expired { renewable: true } => Text::CodeExpired,
            Body::Expired { renewable: false } => Text::OrderExpired,
            Body::Closed => Text::Closed,
            Body::Refunded => Text::Refunded,
            Body::Trouble(trouble) => trouble::texts(trouble).0,
        })
    });
    view! {
        <p class="wc-unseen" role="status" aria-live="polite">
            {move || lang.say(news.get())}
        </p>
    }
}
