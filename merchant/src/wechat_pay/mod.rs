//! WeChat Pay's APIv3 for one merchant, or a service provider and its sub-merchants: requests signed, answers and notifications verified and deciphered.
//!
//! | where | what |
//! |---|---|
//! | [`Account`] | who we are: mchid, private key, APIv3 key |
//! | [`PlatformKeys`] | the keys with which the platform may sign |
//! | [`Client`], [`Payee`] | the calls, and for whom |
//! | [`prepay`] | the bodies of the calls that begin a payment |
//! | [`Notification`] | what the platform sends on its own |
//! | [`bill`] | what was paid on a day, by the platform's books |
//! | [`oauth`] | a payer's openid |
//!
//! Nothing that arrives is believed before its signature is verified. What is verified says who spoke and when, and it says it
//! again if it is sent again within five minutes; which order an answer is about is compared where the answer names it. A close
//! is answered by 204 without a body, which names none: that it belongs to this request is TLS's word.

mod account;
pub mod bill;
mod certificates;
mod cipher;
mod client;
mod error;
mod exchange;
pub(crate) mod http;
mod meaning;
mod notification;
pub mod oauth;
mod payee;
mod pem;
mod platform_keys;
pub mod prepay;
mod reach;
mod refund;
mod sign;
mod transaction;
mod verify;

#[cfg(test)]
mod vectors;

pub use account::{Account, AccountFault};
pub use client::{Client, Settings, SettingsFault};
pub use error::{Error, Refusal};
pub use meaning::Meaning;
pub use notification::{Notification, Refused, Told};
pub use payee::{Payee, Sub};
pub use platform_keys::{PlatformKeyFault, PlatformKeys};
pub use prepay::{Prepaid, TradeType};
pub use reach::Reached;
pub use refund::{NewAmount, NewRefund, Refund, RefundAmount, RefundStatus};
pub use transaction::{Amount, Payer, TradeState, Transaction};
pub use verify::Unverified;
