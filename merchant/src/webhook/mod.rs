//! Telling the shop what happened to its orders, by the [Standard Webhooks](https://www.standardwebhooks.com) specification.
//!
//! ```text
//!   order before, order after  →  Event  →  Message, written in the order's own transaction
//!   Message, time, secret      →  a signed request  →  the shop's receiver  →  Answered  →  Verdict
//! ```
//!
//! Nothing here waits, writes or chooses a moment: `service` does.
//!
//! | file | what |
//! |---|---|
//! | `event.rs` | what a change of an order gives to tell |
//! | `message.rs` | one event as it is sent: its id and its body |
//! | `sign.rs` | secrets, and what is signed with them |
//! | `retry.rs` | what follows from an answer, and when it is tried again |
//! | `receiver.rs` | a shop's address, and one try there |
//! | `receivers.rs` | which shop is told where |

mod event;
mod message;
mod receiver;
mod receivers;
mod retry;
mod sign;

pub use event::{Event, Kind, events};
pub use message::Message;
pub use receiver::{Answered, Receiver};
pub use receivers::Receivers;
pub(crate) use retry::jitter;
pub use retry::{Verdict, verdict};
pub use sign::Signer;
