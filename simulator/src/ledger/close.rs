//! How a merchant ends a trade: close, and reverse for a payment by code.

use wechat_cashier::contract::Timestamp;

use super::{Key, Ledger, Refused, TradeState, TradeType};

impl Ledger {
    /// Closes a trade. Closing again does no harm.
    ///
    /// A number under which nothing was ordered is closed as well, and spoilt by it: an order that follows is refused. Integrators have
    /// seen that (README, "Where the sources disagree").
    ///
    /// # Errors
    /// [`Refused::OrderPaid`] when the payer was quicker, [`Refused::ReverseOnly`] while a payment by code is being confirmed,
    /// [`Refused::OtherSub`] when it is for another sub-merchant.
    pub fn close(&mut self, key: &Key, sub_mchid: Option<&str>, now: Timestamp) -> Result<(), Refused> {
        let Some(trade) = self.trades.get_mut(key) else {
            self.closed_unused.insert(key.clone());
            return Ok(());
        };
        trade.check_sub(sub_mchid)?;
        trade.age(now);
        match trade.trade_state {
            TradeState::NotPay | TradeState::Closed => {
                trade.trade_state = TradeState::Closed;
                Ok(())
            }
            TradeState::UserPaying => Err(Refused::ReverseOnly),
            TradeState::Revoked | TradeState::PayError => Ok(()),
            TradeState::Success | TradeState::Refund => Err(Refused::OrderPaid),
        }
    }

    /// Takes a payment by code back, whatever became of it (撤销): unpaid it is closed, paid it is paid back. Again does no harm.
    ///
    /// # Errors
    /// For an unknown number, and for a trade of another product or another sub-merchant.
    pub fn reverse(&mut self, key: &Key, sub_mchid: Option<&str>, now: Timestamp) -> Result<(), Refused> {
        let trade = self.trades.get(key).ok_or(Refused::OrderNotExist)?;
        trade.check_sub(sub_mchid)?;
        if trade.trade_type != TradeType::Micropay {
            return Err(Refused::NotReversible);
        }
        self.pay_back(key, now);
        let trade = self.trades.get_mut(key).ok_or(Refused::OrderNotExist)?;
        trade.trade_state = match trade.trade_state {
            TradeState::Success | TradeState::Refund => TradeState::Refund,
            TradeState::NotPay
            | TradeState::UserPaying
            | TradeState::PayError
            | TradeState::Revoked
            | TradeState::Closed => TradeState::Revoked,
        };
        Ok(())
    }
}
