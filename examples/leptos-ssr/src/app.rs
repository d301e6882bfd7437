//! The page.

use leptos::either::Either;
use leptos::hydration::HydrationScripts;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wechat_cashier::contract::Order;
use wechat_cashier::text::Lang;
use wechat_cashier::{Cashier, Layout};

/// What the page's address asks for: `/?order=…&token=…`.
#[derive(Clone, Debug, Deserialize)]
pub struct Asked {
    pub order: String,
    pub token: Option<String>,
}

/// What the server hands to the browser, in the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkout {
    pub order: String,
    pub token: Option<String>,
    /// What the backend answered. With a payment in it, the QR is in the HTML.
    pub first: Option<Order>,
    /// The server cannot see where the page will be opened, but what the browser calls itself.
    pub user_agent: Option<String>,
    pub page_url: String,
}

/// Runs on the server.
#[server]
pub async fn ask() -> Result<Checkout, ServerFnError> {
    crate::server::checkout().await
}

#[component]
pub fn App() -> impl IntoView {
    let checkout = Resource::new_blocking(|| (), |()| ask());
    let (paid, set_paid) = signal(None);
    let cashier = move |Checkout { order, token, first, user_agent, page_url }| {
        view! {
            <Cashier
                order
                token
                first
                user_agent
                page_url
                words=Lang::ZhCn
                layout=Layout::Page
                on_paid=move |order| set_paid.set(Some(order))
            />
        }
    };
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match checkout.await {
                    Ok(checkout) => Either::Left(cashier(checkout)),
                    Err(_) => Either::Right(view! { <p>"This address names no order."</p> }),
                }
            })}
        </Suspense>
        <output>{move || paid.get().map(|order| format!("{order} is paid."))}</output>
    }
}

/// The document around it.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="zh-CN">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>"Tea House"</title>
                <link rel="stylesheet" href="/cashier.css" />
                <HydrationScripts options />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
