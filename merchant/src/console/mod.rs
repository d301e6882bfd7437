//! The console: the pages that people of the shop look at and act by. Data in, HTML out; no store, no HTTP, no clock.
//!
//! | where | what |
//! |---|---|
//! | [`text`] | every word, in each language |
//! | `desk.rs` | who looks: the language, what the key is good for, the token of forms; amounts and times in words |
//! | `frame.rs`, `place.rs` | the page around, and where one can go |
//! | `table.rs` | tables, which are lists on a narrow screen |
//! | `login.rs`, `trouble.rs` | the door, and what is said when something is not there, not allowed or does not answer |
//! | `orders.rs` | many orders |
//! | `order/` | one: what it is, what needs a person, its money, all that happened |
//! | `refund.rs` | the form of a refund, and what is asked before money moves |
//! | `webhooks.rs`, `unmatched.rs` | what the shop was told; what fitted no order |
//! | `days.rs`, `day.rs` | days beside WeChat Pay's bills |
//! | `payers.rs`, `bars.rs` | how payers fare, in bars and numbers |
//! | `health.rs` | how the backend is |
//!
//! It is drawn on the server by Leptos, and works with no script. To add a page: a variant of [`Place`], its texts, a file here
//! that gives a [`Page`], and a route in `http/console/`.

mod amount;
mod bars;
mod day;
mod days;
mod desk;
mod frame;
mod health;
mod login;
mod order;
mod orders;
mod payers;
mod place;
mod refund;
mod table;
pub mod text;
mod trouble;
mod unmatched;
mod webhooks;
mod words;

pub use amount::{parse, plain};
pub use day::day;
pub use days::{Day, days};
pub use desk::{Desk, china};
pub use frame::{Frame, Page, html};
pub use health::{Compared, Health, Ping, Waiting, health};
pub use login::{Why, login};
pub use order::{Done, Shown, order};
pub use orders::{Found, Only, orders};
pub use payers::{Asked, Heard, payers};
pub use place::Place;
pub use refund::{Fault, Form, confirm, refund};
pub use text::Lang;
pub use trouble::{Trouble, trouble};
pub use unmatched::unmatched;
pub use webhooks::{Told, webhooks};

/// The one style sheet.
pub const STYLE: &str = include_str!("console.css");
/// The icon of its pages.
pub const ICON: &str = include_str!("icon.svg");
