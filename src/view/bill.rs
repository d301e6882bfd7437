//! What is to be paid, and to whom.

use leptos::prelude::*;

use crate::core;
use crate::text::{Lang, Text};

use super::amount;

/// What is to be paid, and to whom; before it is known, bars of the same size.
pub(super) fn bill(bill: Memo<Option<core::Bill>>, lang: Lang) -> impl IntoView {
    view! {
        <header class="wc-bill">
            {move || match bill.get() {
                Some(bill) => known(bill, lang),
                None => unknown(),
            }}
        </header>
    }
}

fn known(bill: core::Bill, lang: Lang) -> AnyView {
    let core::Bill { order_id, merchant, logo_url, description, amount } = bill;
    // A merchant with no picture gets the first letter of its name.
    let logo = match logo_url {
        Some(src) => view! { <img class="wc-logo" src=src alt="" referrerpolicy="no-referrer" /> }.into_any(),
        None => {
            let letter: String = merchant.chars().take(1).collect();
            view! {
                <span class="wc-logo" aria-hidden="true">
                    {letter}
                </span>
            }
            .into_any()
        }
    };
    view! {
        <p class="wc-merchant">{logo} <span>{merchant}</span></p>
        <p class="wc-due">{lang.say(Text::AmountDue)}</p>
        <p class="wc-amount">{amount::format(amount, lang)}</p>
        <p class="wc-description">{description}</p>
        <p class="wc-order">{lang.say(Text::OrderNumber)} " " <span>{order_id}</span></p>
    }
    .into_any()
}

fn unknown() -> AnyView {
    view! {
        <p class="wc-merchant">
            <span class="wc-logo wc-shimmer"></span>
            <span class="wc-bar wc-shimmer"></span>
        </p>
        <p class="wc-due"><span class="wc-bar wc-shimmer"></span></p>
        <p class="wc-amount"><span class="wc-bar wc-shimmer"></span></p>
        <p class="wc-description"><span class="wc-bar wc-shimmer"></span></p>
        <p class="wc-order"><span class="wc-bar wc-shimmer"></span></p>
    }
    .into_any()
}
