//! What an order is and what is to be done next, with no IO and no clock: time is an argument.
//!
//! ```text
//!   what the payer, the shop or WeChat Pay said  →  Fact  →  Order::apply  →  Order
//!   Order, time                                  →  ask, verify, due, give_up  →  Step, carried out by `service`  →  Fact
//! ```
//!
//! An order has *trades*, each one `out_trade_no` at the platform, and *payments*, each one thing that a page was given to
//! pay by; asking again under one number gives another payment of the same trade. What WeChat Pay says of a trade is a
//! [`Report`], and counts only if its amount, currency, appid and mchid are those of the order (`fit.rs`).
//!
//! | file | what |
//! |---|---|
//! | `order.rs` | the order, and what its status is |
//! | `oddity.rs` | what a person has to look at |
//! | `trade.rs`, `payment.rs` | what it is made of |
//! | `report.rs`, `fit.rs` | what WeChat Pay says, and whether it can be said of this trade |
//! | `apply.rs` | how each [`Fact`] changes the order |
//! | `ask.rs` | a page asks for something to pay by |
//! | `refund/` | money that goes back |
//! | `next.rs` | what is to be done later, and when |
//! | `answer.rs` | the order in the contract's words |

mod answer;
mod apply;
mod ask;
mod fact;
mod fit;
mod next;
mod oddity;
mod order;
mod payment;
mod refund;
mod report;
mod trade;

pub use answer::{Addresses, Shop};
pub use ask::{Ask, Asked, Payer, Refusal};
pub use fact::{Fact, NotPlaced, Placed, Source};
pub use fit::Misfit;
pub use next::{LEASE_MS, Step};
pub use oddity::{Oddity, Strange};
pub use order::{Facts, ONE_SHOP, Order, OrderIdFault, Status, Sub};
pub use payment::Payment;
pub use refund::{
    Refund, RefundAmount, RefundAsk, RefundAsked, RefundOf, RefundReport, RefundState, RefundWord, SecondPayment,
};
pub use report::{Amount, Report, TradeWord};
pub use trade::{Ending, Receipt, Terms, Trade, TradeState};

use wechat_cashier::contract::Timestamp;

use apply::ARRIVES_WITHIN_MS;

/// A time so many milliseconds later. It stays where RFC 3339 can write it, years 0 to 9999.
#[must_use]
pub fn plus(at: Timestamp, millis: i64) -> Timestamp {
    const FIRST: i64 = -62_167_219_200_000;
    const LAST: i64 = 253_402_300_799_999;
    Timestamp::from_millis(at.millis().saturating_add(millis).clamp(FIRST, LAST))
}
