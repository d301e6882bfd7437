//! The shop: choose a tea, go to the cashier, come back.

mod language;
mod methods;
mod order_page;
mod routes;
mod tea;

pub use routes::Ordered;
pub(crate) use routes::{cashier_url, router, wechat_url};
pub use tea::Tea;
