//! Which lines a day has.

use wechat_cashier::contract::Timestamp;

use super::{Line, Refunded};
use crate::ledger::{Ledger, Refund, Trade, TradeType};

impl Ledger {
    /// What a merchant's bill says of the time from `from` to before `before`, earliest first: a service provider's, of all its
    /// sub-merchants or of one.
    ///
    /// A payment is there by the time at which it was paid, whatever became of it later; a refund is a line of its own by the time at
    /// which it was accepted.
    pub fn statement(&self, mchid: &str, sub_mchid: Option<&str>, from: Timestamp, before: Timestamp) -> Vec<Line> {
        let is_wanted = |line: &Line| {
            let is_in_time = from <= line.at && line.at < before;
            is_in_time && (sub_mchid.is_none() || line.sub_mchid.as_deref() == sub_mchid)
        };
        let mut lines: Vec<Line> = self.trades().filter(|trade| trade.key.mchid == mchid).filter_map(payment).collect();
        lines.extend(self.refund_lines(mchid));
        lines.retain(is_wanted);
        lines.sort_by_key(|line| line.at);
        lines
    }

    /// A merchant's refunds, of any day. A reversed payment by code has no number of the merchant's: it is told in the payment's own
    /// words (simulator/README.md, Where the sources disagree).
    fn refund_lines(&self, mchid: &str) -> Vec<Line> {
        let line = |refund: &Refund| {
            let trade = self.trades.get(&refund.trade)?;
            let is_reversal = trade.trade_type == TradeType::Micropay && refund.body.is_null();
            let number = |number: &String| if is_reversal { "0".to_owned() } else { number.clone() };
            let refunded = Refunded {
                refund_id: number(&refund.refund_id),
                out_refund_no: number(&refund.key.out_refund_no),
                amount: refund.refund,
                status: refund.status.word().to_owned(),
                success_at: refund.success_time,
            };
            let state = if is_reversal { "REVOKED" } else { "REFUND" };
            Some(Line { at: refund.created_at, state: state.to_owned(), refund: Some(refunded), ..payment(trade)? })
        };
        self.refunds().filter(|refund| refund.key.mchid == mchid).filter_map(line).collect()
    }
}

fn payment(trade: &Trade) -> Option<Line> {
    Some(Line {
        at: trade.success_time?,
        appid: trade.appid.clone(),
        mchid: trade.key.mchid.clone(),
        sub_mchid: trade.sub.as_ref().map(|sub| sub.mchid.clone()),
        device_id: trade.device_id.clone().unwrap_or_default(),
        transaction_id: trade.transaction_id.clone()?,
        out_trade_no: trade.key.out_trade_no.clone(),
        openid: trade.payer_openid.clone().unwrap_or_default(),
        trade_type: trade.trade_type,
        state: "SUCCESS".to_owned(),
        currency: trade.currency.clone(),
        total: trade.total,
        refund: None,
        description: trade.description.clone(),
        attach: trade.attach.clone().unwrap_or_default(),
    })
}
