//! The trade bill of a day (交易账单): what WeChat Pay says was paid and paid back.
//!
//! | file | what |
//! |---|---|
//! | `fetch.rs` | asks for it, downloads it, holds it against its hash |
//! | `file.rs` | reads the file, and holds its rows against its totals |
//! | `columns.rs` | which column is where |
//! | `cells.rs` | values of a line: the marks around them, amounts, times |
//!
//! The answer to the question is signed as all are; the file is not, and is believed for the hash in that answer
//! (<https://pay.weixin.qq.com/doc/v3/merchant/4013071254>).

mod cells;
mod columns;
mod fetch;
mod file;

use std::fmt;

use wechat_cashier::contract::{Currency, Timestamp};

pub use file::read;

/// A day's bill. One without rows: nothing was paid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// As they stand in the file.
    pub rows: Vec<BillRow>,
}

/// A line: a payment, or a refund of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRow {
    /// Which line of the file, counted from 1.
    pub line: usize,
    /// When it was paid, or when the refund was accepted.
    pub at: Timestamp,
    /// Whose (商户号); a service provider's, where there is a sub-merchant.
    pub mchid: String,
    /// Which sub-merchant's (特约商户号).
    pub sub_mchid: Option<String>,
    /// WeChat Pay's number of the payment.
    pub transaction_id: String,
    /// The merchant's number of the payment.
    pub out_trade_no: String,
    /// What it is.
    pub state: BillState,
    /// What amounts are counted in.
    pub currency: Currency,
    /// The order's amount, in the currency's minor unit; of a refund it is nothing as a rule.
    pub total: i64,
    /// The refund that it is.
    pub refund: Option<BillRefund>,
}

/// What a refund has more than a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRefund {
    /// WeChat Pay's number of it; none for a reversal.
    pub refund_id: Option<String>,
    /// The merchant's number of it; none for a reversal.
    pub out_refund_no: Option<String>,
    /// What was asked to go back, in the currency's minor unit.
    pub amount: i64,
    /// `SUCCESS`, `PROCESSING`, … when the bill was made, which is not written again.
    pub status: String,
}

/// What a line is (交易状态).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BillState {
    /// A payment.
    Success,
    /// A refund.
    Refund,
    /// A payment by code, reversed.
    Revoked,
    /// A word that is not documented.
    Unknown(String),
}

impl BillState {
    /// In WeChat Pay's words.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Success => "SUCCESS",
            Self::Refund => "REFUND",
            Self::Revoked => "REVOKED",
            Self::Unknown(word) => word,
        }
    }
}

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillFault {
    /// Which line, counted from 1.
    pub line: usize,
    /// The name of the column, where it is about one.
    pub column: Option<String>,
    /// What is wrong. It holds no value of the file.
    pub what: String,
}

impl fmt::Display for BillFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the bill, line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for BillFault {}
