//! Whether a report can be about this trade of this order. What does not fit is kept for a person, and never counts.

use serde::{Deserialize, Serialize};

use super::{Order, Report, Sub, Trade, TradeWord};

/// A place in which a report differs from the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Misfit {
    /// The field, in APIv3's words.
    pub field: String,
    /// What the order has.
    pub expected: String,
    /// What the report says.
    pub got: String,
}

/// The first place in which they differ.
pub(super) fn misfit(order: &Order, trade: Option<&Trade>, report: &Report) -> Option<Misfit> {
    let Some(trade) = trade else {
        let expected = format!("a number of order {}", order.facts.order_id);
        return Some(Misfit { field: "out_trade_no".to_owned(), expected, got: report.out_trade_no.clone() });
    };
    let is_money = matches!(report.trade_state, TradeWord::Success | TradeWord::Refund);
    of_whom(order, trade, report).or_else(|| is_money.then(|| money(order, report)).flatten())
}

/// Each id of who is paid, and under which appid. An order of a merchant's own has none of a sub-merchant.
fn of_whom(order: &Order, trade: &Trade, report: &Report) -> Option<Misfit> {
    const NOTHING: &str = "nothing";
    let sub_mchid = |sub: &Option<Sub>| sub.as_ref().map_or(NOTHING.to_owned(), |sub| sub.mchid.clone());
    let sub_appid = report.sub.as_ref().and_then(|sub| sub.appid.as_deref());
    let (mchid, appid) = if order.facts.sub.is_some() { ("sp_mchid", "sp_appid") } else { ("mchid", "appid") };
    differs(mchid, &order.facts.mchid, &report.mchid)
        .or_else(|| differs("sub_mchid", &sub_mchid(&order.facts.sub), &sub_mchid(&report.sub)))
        .or_else(|| differs(appid, &trade.terms.appid, &report.appid))
        .or_else(|| {
            differs("sub_appid", trade.terms.sub_appid.as_deref().unwrap_or(NOTHING), sub_appid.unwrap_or(NOTHING))
        })
}

fn differs(field: &str, expected: &str, got: &str) -> Option<Misfit> {
    (expected != got).then(|| Misfit { field: field.to_owned(), expected: expected.to_owned(), got: got.to_owned() })
}

/// Money has to be told whole: who says that it is paid says how much, when, and under which number.
fn money(order: &Order, report: &Report) -> Option<Misfit> {
    let missing = |field: &str, expected: &str| {
        Some(Misfit { field: field.to_owned(), expected: expected.to_owned(), got: "nothing".to_owned() })
    };
    let Some(amount) = &report.amount else {
        return missing("amount", &order.facts.amount.value.to_string());
    };
    let (value, code) = (order.facts.amount.value, order.facts.amount.currency.code());
    if amount.total != value {
        return Some(Misfit {
            field: "amount.total".to_owned(),
            expected: value.to_string(),
            got: amount.total.to_string(),
        });
    }
    if amount.currency != code {
        return Some(Misfit {
            field: "amount.currency".to_owned(),
            expected: code.to_owned(),
            got: amount.currency.clone(),
        });
    }
    if report.transaction_id.as_deref().unwrap_or_default().is_empty() {
        return missing("transaction_id", "a number");
    }
    match report.success_time {
        Some(_) => None,
        None => missing("success_time", "a time"),
    }
}
