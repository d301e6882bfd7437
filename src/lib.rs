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
//! | [`view`] | Leptos components that show one [`core::Screen`] and send [`core::Tap`]s |
//! | [`shell`] | the browser: requests, events, timers, storage |
//!
//! Data goes round one way: browser → [`core::Event`] → [`core::update`] → [`core::Effect`] → browser, and
//! [`core::State::screen`] is the one thing the view reads.
//!
//! # In a page
//!
//! ```no_run
//! use wechat_cashier::core::Options;
//! use wechat_cashier::shell::{Config, Sdk, mount};
//! use wechat_cashier::text::Lang;
//!
//! # fn show(element: web_sys::HtmlElement) -> wechat_cashier::shell::Mounted {
//! let cashier = mount(element, Config {
//!     api: "/api".to_owned(),
//!     token: None,
//!     words: Lang::ZhCn.into(),
//!     sdk: Sdk::default(),
//!     options: Options {
//!         order_id: "T20261121001".to_owned(),
//!         seed: js_sys::Math::random().to_bits(),
//!         ..Options::default().with_page_address()
//!     },
//! });
//! // As long as `cashier` lives, the element holds the cashier.
//! # cashier
//! # }
//! ```
//!
//! # Features
//!
//! - `csr`: runs in a browser. The hosted page (`index.html`, built by Trunk) is made with it.
//! - `ssr`: renders to HTML on a server; the tests of the screens use it.
//! - `schema`: `contract::openapi`, the contract as an OpenAPI document. Native only.

pub mod contract;
pub mod core;
#[cfg(feature = "embed")]
pub mod embed;
pub mod shell;
pub mod text;
pub mod view;
