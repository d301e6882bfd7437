//! The simulated WeChat Pay: what it does with orders, codes and payers, by the rules in `docs/platform.md`.
//!
//! It knows neither HTTP nor a clock: time is an argument. It takes any currency, where the real platform's
//! mainland API takes CNY only.

mod jsapi;
mod micropay;
mod mweb;
mod notify;
mod oauth;
mod pay;
mod prepay;
mod signature;
mod text;
mod trade;

pub use jsapi::{JsapiCall, JsapiRefusal};
pub use micropay::PaymentCode;
pub use mweb::Checkmweb;
pub use notify::Notification;
pub(crate) use oauth::check as check_authorize;
pub use oauth::{Authorize, AuthorizeRefusal, ExchangeError};
pub use pay::{Bill, Outcome, Refusal};
pub use prepay::Prepay;
pub use signature::Signed;
pub use text::PayText;
pub use trade::{Handle, PlatformError, Trade, TradeState, TradeType};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The appid of the merchant's service account, under which it orders and signs.
pub const APP_ID: &str = "wx7e0a5b3c19d2f846";

/// All that the platform remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Platform {
    /// By the merchant's number, `out_trade_no`.
    trades: BTreeMap<String, Trade>,
    /// All that was ever given out to pay by, by its text.
    handles: BTreeMap<String, Handle>,
    /// Pay sheets opened on phones, by their id.
    scans: BTreeMap<String, pay::Scan>,
    /// The payment codes that phones have shown.
    payment_codes: BTreeMap<String, PaymentCode>,
    /// OAuth codes given out.
    oauth_codes: BTreeMap<String, oauth::Code>,
    /// Whose openid is whose account.
    openids: BTreeMap<String, String>,
}

impl Platform {
    /// What the platform knows of a trade.
    pub fn query(&self, out_trade_no: &str) -> Option<&Trade> {
        self.trades.get(out_trade_no)
    }

    /// The trade that was given out with this handle.
    pub fn trade_of(&self, handle: &str) -> Option<&Trade> {
        self.trades.get(&self.handles.get(handle)?.out_trade_no)
    }
}
