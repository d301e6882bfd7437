//! Whether a report can be about this refund of this order. What does not fit is kept for a person, and never counts.

use super::{Refund, RefundReport};
use crate::domain::{Misfit, Order};

/// The first place in which they differ.
pub(super) fn misfit(order: &Order, refund: &Refund, report: &RefundReport) -> Option<Misfit> {
    let differs = |field: &str, expected: &str, got: &str| {
        (expected != got).then(|| Misfit {
            field: field.to_owned(),
            expected: expected.to_owned(),
            got: got.to_owned(),
        })
    };
    let facts = &order.facts;
    let mchid = if facts.sub.is_some() { "sp_mchid" } else { "mchid" };
    let transaction_id = order
        .trade(&refund.out_trade_no)
        .and_then(|trade| trade.receipt())
        .map_or("nothing", |receipt| receipt.transaction_id.as_str());
    let of_what = differs("out_trade_no", &refund.out_trade_no, &report.out_trade_no)
        .or_else(|| differs(mchid, &facts.mchid, report.mchid.as_ref()?))
        // Who names one of them names both.
        .or_else(|| {
            let got = report.mchid.as_ref().map(|_| report.sub_mchid.as_deref().unwrap_or("nothing"))?;
            differs("sub_mchid", facts.sub.as_ref().map_or("nothing", |sub| &sub.mchid), got)
        })
        .or_else(|| differs("transaction_id", transaction_id, &report.transaction_id))
        .or_else(|| differs("refund_id", refund.refund_id.as_ref()?, &report.refund_id));
    of_what.or_else(|| {
        let Some(amount) = &report.amount else {
            return differs("amount", &refund.amount.to_string(), "nothing");
        };
        differs("amount.refund", &refund.amount.to_string(), &amount.refund.to_string())
            .or_else(|| differs("amount.total", &facts.amount.value.to_string(), &amount.total.to_string()))
            .or_else(|| differs("amount.currency", facts.amount.currency.code(), amount.currency.as_ref()?))
    })
}
