//! The ways to pay on a phone, and what the platform answers to each.

use serde::Deserialize;

use super::super::error::Error;

/// What an order is paid by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TradeType {
    /// A QR that is scanned.
    Native,
    /// In WeChat's browser or a mini-program.
    Jsapi,
    /// In a phone's own browser.
    H5,
}

/// What the payer's page gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prepaid {
    /// What the QR says. Valid for two hours, or until the next one.
    CodeUrl(String),
    /// For the parameters of `getBrandWCPayRequest`. Valid for two hours.
    PrepayId(String),
    /// Where the payer goes. Valid for five minutes.
    H5Url(String),
}

impl TradeType {
    /// Its word, as the path of its call ends.
    pub(in super::super) fn word(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Jsapi => "jsapi",
            Self::H5 => "h5",
        }
    }
}

/// The answer to any of the three.
#[derive(Deserialize)]
pub(in super::super) struct Answer {
    code_url: Option<String>,
    prepay_id: Option<String>,
    h5_url: Option<String>,
}

pub(in super::super) fn read(trade_type: TradeType, answer: Answer) -> Result<Prepaid, Error> {
    let Answer { code_url, prepay_id, h5_url } = answer;
    let (given, field, made): (_, _, fn(String) -> Prepaid) = match trade_type {
        TradeType::Native => (code_url, "code_url", Prepaid::CodeUrl),
        TradeType::Jsapi => (prepay_id, "prepay_id", Prepaid::PrepayId),
        TradeType::H5 => (h5_url, "h5_url", Prepaid::H5Url),
    };
    let given = given.filter(|text| !text.is_empty());
    given.map(made).ok_or_else(|| Error::unreadable(format!("the answer has no {field}")))
}
