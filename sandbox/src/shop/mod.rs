//! The shop: what it sells, in which languages, by which ways to pay.

mod language;
mod methods;
mod tea;

pub(crate) use language::Language;
pub(crate) use methods::all as all_methods;
pub use tea::Tea;
