//! How the merchant learns from the platform: told, or by asking.

use wechat_cashier::contract::{Method, Money, OrderStatus, Timestamp};

use super::{IssuedPayment, Merchant};
use crate::platform::{Notification, Platform, PlatformError, TradeState, TradeType};

impl Merchant {
    /// The platform tells of a success. True when the merchant has taken it in.
    pub fn notified(&mut self, notification: &Notification, platform: &mut Platform) -> bool {
        let Notification { out_trade_no, attach, amount, success_time } = notification;
        self.succeeded(attach, out_trade_no, *amount, *success_time, platform)
    }

    /// Asks the platform about every number of an order.
    pub fn verify(&mut self, order_id: &str, platform: &mut Platform) {
        let numbers = self.orders.get(order_id).map(|order| order.out_trade_nos.clone()).unwrap_or_default();
        for number in numbers {
            let Some(trade) = platform.query(&number).cloned() else { continue };
            // Refunds need no asking: the merchant makes them itself.
            match (trade.trade_state, trade.success_time) {
                (TradeState::Success, Some(at)) => {
                    self.succeeded(order_id, &number, trade.amount, at, platform);
                }
                (TradeState::PayError | TradeState::Revoked, _) => self.failed(order_id, &number),
                _ => {}
            }
        }
    }

    /// Closes an order, at the platform first.
    ///
    /// # Errors
    /// [`PlatformError::OrderPaid`] when the payer was quicker. The merchant then knows that it is paid.
    pub fn close(&mut self, order_id: &str, platform: &mut Platform) -> Result<(), PlatformError> {
        let order = self.orders.get(order_id).ok_or(PlatformError::OrderNotExist)?;
        match order.status {
            OrderStatus::Paid | OrderStatus::Refunded => return Err(PlatformError::OrderPaid),
            OrderStatus::Closed => return Ok(()),
            OrderStatus::Pending | OrderStatus::Unknown(_) => {}
        }
        for number in order.out_trade_nos.clone() {
            if end(platform, &number) == Err(PlatformError::OrderPaid) {
                self.verify(order_id, platform);
                return Err(PlatformError::OrderPaid);
            }
        }
        if let Some(order) = self.orders.get_mut(order_id) {
            order.status = OrderStatus::Closed;
        }
        Ok(())
    }

    /// Pays an order back. False when it is not paid.
    pub fn refund(&mut self, order_id: &str, platform: &mut Platform) -> bool {
        let Some(order) = self.orders.get_mut(order_id) else { return false };
        let mut refunded = false;
        for number in &order.out_trade_nos {
            refunded |= platform.refund(number);
        }
        if refunded {
            order.status = OrderStatus::Refunded;
        }
        refunded
    }

    /// A payment by code came to nothing: the till asks for the next code.
    pub(super) fn failed(&mut self, order_id: &str, out_trade_no: &str) {
        let Some(order) = self.orders.get_mut(order_id) else { return };
        for payment in &mut order.payments {
            payment.failed |= payment.out_trade_no.as_deref() == Some(out_trade_no);
        }
    }

    /// Money has come. An expired or closed order is paid all the same: the payer must not pay for nothing.
    fn succeeded(
        &mut self,
        order_id: &str,
        out_trade_no: &str,
        amount: Money,
        at: Timestamp,
        platform: &mut Platform,
    ) -> bool {
        let Some(order) = self.orders.get_mut(order_id) else { return false };
        // A notify that names another amount or number than the order is not believed (docs/platform.md, 9).
        if order.amount != amount || !order.out_trade_nos.iter().any(|number| number == out_trade_no) {
            return false;
        }
        if matches!(order.status, OrderStatus::Pending | OrderStatus::Closed) {
            order.status = OrderStatus::Paid;
            order.paid_at = Some(at);
            // A number keeps its type, so all payments under it are of one way. A payer's code may be paid before its
            // payment is written down.
            let of_number = |payment: &&IssuedPayment| payment.out_trade_no.as_deref() == Some(out_trade_no);
            let by_code = platform.query(out_trade_no).is_some_and(|trade| trade.trade_type == TradeType::Micropay);
            order.paid_by = match order.payments.iter().find(of_number) {
                Some(payment) => Some(payment.method.clone()),
                None => by_code.then_some(Method::PaymentCode),
            };
            // What else could be paid under other numbers of this order must not be.
            for other in order.out_trade_nos.iter().filter(|number| *number != out_trade_no) {
                let _ = end(platform, other);
            }
        }
        true
    }
}

/// Makes a trade unpayable: closes it, or reverses it where the platform wants that (docs/platform.md, 6). The number
/// that was never used is no trade, and cannot be paid either.
///
/// # Errors
/// [`PlatformError::OrderPaid`] when the payer was quicker.
pub(super) fn end(platform: &mut Platform, out_trade_no: &str) -> Result<(), PlatformError> {
    match platform.close(out_trade_no) {
        Err(PlatformError::ReverseOnly) => {
            platform.reverse(out_trade_no);
            Ok(())
        }
        Err(PlatformError::OrderPaid) => Err(PlatformError::OrderPaid),
        _ => Ok(()),
    }
}
