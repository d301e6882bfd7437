//! The simulated WeChat Pay: what it does with orders, codes and payers, by the rules of `facts/wechat-pay.md`.
//!
//! It knows neither HTTP nor a clock: time is an argument. It takes any currency, where the real platform's
//! mainland API takes CNY only.

mod notify;
mod pay;
mod prepay;
mod text;
mod trade;

pub use notify::Notification;
pub use pay::{Bill, Outcome, Refusal};
pub use prepay::Prepay;
pub use text::PayText;
pub use trade::{Code, PlatformError, Trade, TradeState};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// All that the platform remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Platform {
    /// By the merchant's number, `out_trade_no`.
    trades: BTreeMap<String, Trade>,
    /// The codes ever given out, by their text.
    codes: BTreeMap<String, Code>,
    /// Pay sheets opened on phones, by their id.
    scans: BTreeMap<String, pay::Scan>,
}

impl Platform {
    /// What the platform knows of a trade.
    pub fn query(&self, out_trade_no: &str) -> Option<&Trade> {
        self.trades.get(out_trade_no)
    }

    /// The code behind a text, when it was ever given out.
    pub fn code(&self, text: &str) -> Option<&Code> {
        self.codes.get(text)
    }
}
