//! What WeChat Pay says, in the domain's words.

use super::gateway::Trouble;
use crate::domain::{self, NotPlaced, Report, TradeWord};
use crate::wechat_pay::{Error, Meaning, TradeState, Transaction};

/// What a refused request for a payment says.
pub(super) enum Said {
    Paid,
    Not(NotPlaced),
    UnderWay,
    Later,
}

pub(super) fn not_placed(meaning: &Meaning) -> Said {
    match meaning {
        Meaning::OrderPaid => Said::Paid,
        Meaning::OrderClosed | Meaning::NumberUsed => Said::Not(NotPlaced::NumberUsed),
        Meaning::AuthCodeInvalid(text) => Said::Not(NotPlaced::CodeRefused(text.clone())),
        Meaning::PayerFailed(text) => Said::Not(NotPlaced::PayerFailed(text.clone())),
        Meaning::NoAuth => Said::Not(NotPlaced::Unavailable("WeChat Pay does not let this shop do that".to_owned())),
        Meaning::ParamError => Said::Not(NotPlaced::Unavailable("WeChat Pay does not take this order".to_owned())),
        Meaning::UserPaying => Said::UnderWay,
        Meaning::NotExist
        | Meaning::ReverseOnly
        | Meaning::SignError
        | Meaning::System
        | Meaning::FrequencyLimited
        | Meaning::Other => Said::Later,
    }
}

pub(super) fn trouble(error: &Error) -> Trouble {
    let is_lasting = match error {
        Error::Refused(refusal) => matches!(refusal.meaning(), Meaning::SignError | Meaning::NoAuth),
        Error::NotVerified { status, .. } => *status == 401,
        Error::NotSent { .. } => true,
        _ => false,
    };
    let retry_after_s = match error {
        Error::RateLimited { retry_after: Some(wait) } => u32::try_from(wait.as_secs()).ok(),
        _ => None,
    };
    Trouble { why: error.to_string(), retry_after_s, is_lasting }
}

pub(super) fn report(transaction: Transaction) -> Report {
    let success_time = transaction.paid_at();
    let Transaction { appid, mchid, sub_appid, sub_mchid, out_trade_no, trade_state, transaction_id, amount, .. } =
        transaction;
    Report {
        appid,
        mchid,
        // Who names an appid of a sub-merchant's and no sub-merchant, says something that cannot be.
        sub: (sub_mchid.is_some() || sub_appid.is_some())
            .then(|| domain::Sub { mchid: sub_mchid.unwrap_or_default(), appid: sub_appid }),
        out_trade_no,
        trade_state: match trade_state {
            TradeState::Success => TradeWord::Success,
            TradeState::Refund => TradeWord::Refund,
            TradeState::NotPay => TradeWord::Notpay,
            TradeState::Closed => TradeWord::Closed,
            TradeState::Revoked => TradeWord::Revoked,
            TradeState::UserPaying => TradeWord::Userpaying,
            TradeState::PayError => TradeWord::Payerror,
            TradeState::Unknown(word) => TradeWord::Unknown(word),
        },
        transaction_id,
        success_time,
        amount: amount.and_then(|amount| {
            Some(domain::Amount { total: amount.total?, currency: amount.currency.unwrap_or_default() })
        }),
    }
}
