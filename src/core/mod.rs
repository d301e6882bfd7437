//! The cashier's mind: pure, with time as an argument.
//!
//! The browser's news come in as [`Event`]s, [`update`] changes the [`State`] and answers with [`Effect`]s for the shell
//! to carry out, and [`State::screen`] says what the payer sees. Nothing here knows a browser, Leptos or a clock, so the
//! same history gives the same screens.
//!
//! ```
//! use wechat_cashier::core::{Effect, Event, Instant, Options, State, update};
//!
//! let mut state = State::new(Options {
//!     order_id: "T20261121001".to_owned(),
//!     page_url: "https://shop.example/pay/?order=T20261121001".to_owned(),
//!     ..Options::default()
//! });
//! let effects = update(&mut state, Event::Start { remembered: None, told: None }, Instant::ZERO);
//! assert!(matches!(effects[0], Effect::Send { .. }), "the order is asked for at once");
//! ```

mod allow;
mod attempt;
mod bridge;
mod claim;
mod clock;
mod effect;
mod environment;
mod event;
mod jsapi;
mod kept;
mod navigation;
mod news;
mod options;
mod polling;
mod report;
mod screen;
mod state;
mod stream;
mod told;
mod trouble;
mod update;

pub use allow::{NAVIGABLE_ORIGINS, QR_CONTENT_MAX, QR_SCHEME};
pub use bridge::Cause;
pub use clock::{Instant, ServerClock};
pub use effect::{Call, Effect, Link, Passage, Stamp};
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use environment::agents;
pub use environment::{App, Device, Environment, Probes};
pub use event::{Event, HostEvent, LinkEvent, PageEvent, StreamEvent, Tap};
pub(crate) use kept::KEPT;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use kept::{KEY_START, kept_question};
pub use news::News;
pub use options::{Options, Surface, WayBack};
pub use report::{Report, ReportedError, Status};
pub use screen::{Bill, Body, Notice, Screen, Stage};
pub use state::State;
pub use trouble::{CodeProblem, Trouble};
pub use update::{RETURNED, begin, update};
