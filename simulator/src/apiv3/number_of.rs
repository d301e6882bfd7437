//! The order that a request is about, for the log and for faults.

use serde_json::Value;

use super::route::Call;
use crate::ledger::RefundKey;
use crate::merchants::Known;
use crate::simulator::Simulator;

/// Its number. Refunds are known by their own numbers, and name a payment by the platform's as often as by the merchant's.
pub(super) fn number_of(simulator: &Simulator, call: &Call, asks: Option<&Known>, body: &[u8]) -> Option<String> {
    let of_transaction =
        |id: &str| simulator.read(|state, _| state.ledger.transaction(id).map(|trade| trade.key.out_trade_no.clone()));
    let of_refund = |out_refund_no: &str| {
        let mchid = asks?.merchant.mchid.clone();
        let key = RefundKey { mchid, out_refund_no: out_refund_no.to_owned() };
        simulator.read(|state, _| state.ledger.refund(&key).map(|refund| refund.trade.out_trade_no.clone()))
    };
    let body = || serde_json::from_slice::<Value>(body).unwrap_or_default();
    let named = |body: &Value, name: &str| body[name].as_str().map(str::to_owned);
    match call {
        Call::QueryById(id) => of_transaction(id),
        Call::QueryRefund(number) => of_refund(number),
        Call::ApplyAbnormalRefund(_) => named(&body(), "out_refund_no").and_then(|number| of_refund(&number)),
        Call::Refund => {
            let body = body();
            named(&body, "out_trade_no").or_else(|| of_transaction(&named(&body, "transaction_id")?))
        }
        call => call.out_trade_no().map(str::to_owned).or_else(|| named(&body(), "out_trade_no")),
    }
}
