//! Which lines a day has.

use wechat_cashier::contract::Timestamp;

use super::{Line, Refunded};
use crate::ledger::{Ledger, Trade, TradeState, TradeType};

impl Ledger {
    /// What a merchant's bill says of the time from `from` to before `before`, earliest first.
    ///
    /// A payment is there by the time at which it was paid, whatever became of it later; a refund is a line of its own by the time at
    /// which it was accepted.
    pub fn statement(&self, mchid: &str, from: Timestamp, before: Timestamp) -> Vec<Line> {
        let in_time = |line: &Line| from <= line.at && line.at < before;
        let mut lines: Vec<Line> = self.trades().filter(|trade| trade.key.mchid == mchid).filter_map(payment).collect();
        lines.extend(self.refund_lines(mchid));
        lines.retain(in_time);
        lines.sort_by_key(|line| line.at);
        lines
    }

    /// **Here the lines of refunds join**: all of a merchant's, of any day. So far a reversed payment by code is the one refund of
    /// which the book has enough. It does not keep when it was reversed, which is within the minute.
    fn refund_lines(&self, mchid: &str) -> Vec<Line> {
        let is_reversed = |trade: &&Trade| {
            trade.key.mchid == mchid
                && trade.trade_type == TradeType::Micropay
                && trade.trade_state == TradeState::Refund
        };
        let line = |trade: &Trade| {
            let payment = payment(trade)?;
            let refund = Refunded {
                refund_id: "0".to_owned(),
                out_refund_no: "0".to_owned(),
                amount: trade.total,
                status: "SUCCESS".to_owned(),
                success_at: trade.success_time,
            };
            Some(Line { state: "REVOKED".to_owned(), refund: Some(refund), ..payment })
        };
        self.trades().filter(is_reversed).filter_map(line).collect()
    }
}

fn payment(trade: &Trade) -> Option<Line> {
    Some(Line {
        at: trade.success_time?,
        appid: trade.appid.clone(),
        mchid: trade.key.mchid.clone(),
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
