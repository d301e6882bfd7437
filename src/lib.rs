//! A checkout front end for WeChat Pay, in Rust and WebAssembly.
//!
//! On a PC it draws WeChat Pay's Native QR, asks the merchant's backend until the order is paid, and leads back to the
//! shop. It speaks to any backend over a small JSON contract, and never shows the payer a wrong state of their money: what
//! the screen says of it, the backend has said.
//!
//! # The pieces
//!
//! | module | what it is |
//! |---|---|
//! | [`contract`] | what travels between the cashier and the backend: types, and the only JSON reader |
//! | [`core`] | what to do and what to show: pure, with time as an argument |
//! | [`text`] | every word the payer reads, in each language |
//! | [`view`] | Leptos views that show one [`core::Screen`] and send [`core::Tap`]s |
//! | [`shell`] | the browser: requests, events, timers, storage |
//!
//! Data goes round one way: browser → [`core::Event`] → [`core::update`] → [`core::Effect`] → browser, and
//! [`core::State::screen`] is the one thing the view reads.
//!
//! # In a Leptos app
//!
//! ```
//! use leptos::prelude::*;
//! use wechat_cashier::{Cashier, Layout};
//!
//! #[component]
//! fn Checkout(order: String) -> impl IntoView {
//!     view! { <Cashier order layout=Layout::Page on_paid=|order| leptos::logging::log!("{order} is paid") /> }
//! }
//! # let owner = Owner::new();
//! # owner.with(|| view! { <Checkout order="T20261121001".to_owned() /> }.to_html());
//! ```
//!
//! With `csr` it runs in a browser; with `ssr` and `hydrate` it is rendered on a server and taken over there, the QR in it
//! ([`Cashier`], `examples/leptos-ssr`).
//!
//! # In any other page
//!
//! ```no_run
//! use std::rc::Rc;
//!
//! use wechat_cashier::core::{News, Options};
//! use wechat_cashier::shell::{Config, Sdk, mount};
//! use wechat_cashier::text::Lang;
//!
//! # fn show(element: web_sys::HtmlElement) -> wechat_cashier::shell::Mounted {
//! let cashier = mount(&element, Config {
//!     token: None,
//!     words: Lang::ZhCn.into(),
//!     sdk: Sdk::default(),
//!     first: None,
//!     early: None,
//!     early_payment: None,
//!     told: None,
//!     listener: Rc::new(|news| {
//!         if let News::Paid { .. } = news {
//!             // Told once.
//!         }
//!         true
//!     }),
//!     options: Options {
//!         api: "/api".to_owned(),
//!         order_id: "T20261121001".to_owned(),
//!         seed: js_sys::Math::random().to_bits(),
//!         ..Options::default()
//!     }
//!     .with_page_address(),
//! });
//! // As long as `cashier` lives, the element holds the cashier.
//! # cashier
//! # }
//! ```
//!
//! # Features
//!
//! - `component`, on by default: [`Cashier`] and [`view::ScreenView`], which take Leptos.
//! - `csr`: they run in a browser.
//! - `ssr`: they render to HTML on a server; the tests of the screens use it.
//! - `hydrate`: they run in a browser, from what a server has rendered.
//! - `embed`: what the hosted page (`index.html`, built by Trunk) and the npm package are made with, without `component`.
//!   Browser only.
//! - `schema`: `contract::openapi`, the contract as an OpenAPI document. Native only.

#[cfg(feature = "component")]
mod component;
pub mod contract;
pub mod core;
#[cfg(feature = "embed")]
pub mod embed;
#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
pub mod first;
pub mod shell;
pub mod text;
pub mod view;

#[cfg(feature = "component")]
pub use component::*;

/// The style sheet, for an app to serve: of [`Cashier`], and of the hosted page. All its rules are about what has a class or
/// an attribute of the cashier's, or are custom properties.
///
/// It is `style/main.css` with what that imports, rewritten for old browsers (`cargo xtask test` holds the two together).
pub const STYLE: &str = include_str!("../style/bundle.css");
