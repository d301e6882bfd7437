//! A shop's payment page: the server asks the backend for the order and draws its QR into the HTML; the browser keeps that
//! and goes on from there.

mod app;
#[cfg(feature = "ssr")]
pub mod server;

pub use app::{App, Asked, Checkout, shell};

/// What the browser begins with.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(App);
}
