//! A page asks for a payment.

use wechat_cashier::contract::{Method, OrderStatus, Payment, PaymentRequest, ProblemCode, Timestamp};

use super::answer::MERCHANT_NAME;
use super::order::{IssuedPayment, Keyed};
use super::{MerchantOrder, Problem};
use crate::faults::Fault;
use crate::platform::{PlatformError, Prepay};
use crate::state::State;

impl State {
    /// The payment that a page asks for: the one it has already, where that is what it means, or a new one.
    ///
    /// # Errors
    /// With the contract's problem.
    pub fn pay_by(
        &mut self,
        order_id: &str,
        key: &str,
        request: PaymentRequest,
        now: Timestamp,
    ) -> Result<Payment, Problem> {
        let order = self
            .merchant
            .order(order_id)
            .ok_or_else(|| Problem::new(ProblemCode::OrderNotFound, format!("there is no order {order_id}")))?;
        if let Some(known) = order.keys.get(key)
            && known.body != request
        {
            return Err(Problem::new(
                ProblemCode::InvalidRequest,
                "this Idempotency-Key was used with another body; a new request needs a new key",
            ));
        }
        payable(order, now)?;
        check(order, &request)?;
        let payment = match current(order, key, &request, now) {
            Some(payment) => payment.clone(),
            None => self.issue(order_id, now)?,
        };
        let answer = payment.answer(now);
        if let Some(order) = self.merchant.orders.get_mut(order_id) {
            order.keys.insert(key.to_owned(), Keyed { body: request, payment_id: payment.payment_id });
        }
        Ok(answer)
    }

    /// Orders at the platform, under a new number where it demands one.
    fn issue(&mut self, order_id: &str, now: Timestamp) -> Result<IssuedPayment, Problem> {
        let code_life_ms = self.faults.take(order_id, |fault| match fault {
            Fault::QuickCodeExpiry { ms } => Some(*ms),
            _ => None,
        });
        let Some(order) = self.merchant.orders.get_mut(order_id) else {
            return Err(Problem::new(ProblemCode::OrderNotFound, format!("there is no order {order_id}")));
        };
        loop {
            let out_trade_no = order.out_trade_nos.last().cloned().unwrap_or_else(|| order.order_id.clone());
            let ask = Prepay {
                out_trade_no: out_trade_no.clone(),
                attach: order.order_id.clone(),
                merchant: MERCHANT_NAME.to_owned(),
                description: order.description.clone(),
                amount: order.amount,
                time_expire: order.expires_at,
                code_life_ms,
            };
            match self.platform.prepay(ask, now) {
                Ok((code_url, code)) => {
                    let payment = IssuedPayment {
                        payment_id: format!("{}-p{}", order.order_id, order.payments.len() + 1),
                        code_url,
                        expires_at: code.expires_at.min(order.expires_at),
                    };
                    order.payments.push(payment.clone());
                    return Ok(payment);
                }
                Err(PlatformError::OrderPaid) => {
                    self.merchant.verify(order_id, &mut self.platform);
                    return Err(Problem::new(ProblemCode::OrderPaid, "the platform says that it is paid"));
                }
                // One number for each attempt, where the platform wants it. The old one must not be payable any more.
                Err(_) => {
                    if self.platform.close(&out_trade_no) == Err(PlatformError::OrderPaid) {
                        continue;
                    }
                    order.out_trade_nos.push(format!("{}-{}", order.order_id, order.out_trade_nos.len() + 1));
                }
            }
        }
    }
}

fn payable(order: &MerchantOrder, now: Timestamp) -> Result<(), Problem> {
    match order.status {
        OrderStatus::Paid => Err(Problem::new(ProblemCode::OrderPaid, "the order is paid")),
        OrderStatus::Closed => Err(Problem::new(ProblemCode::OrderClosed, "the order was closed")),
        OrderStatus::Refunded => Err(Problem::new(ProblemCode::OrderClosed, "the order was refunded")),
        OrderStatus::Pending | OrderStatus::Unknown if now >= order.expires_at => {
            Err(Problem::new(ProblemCode::OrderExpired, "the order can no longer be paid"))
        }
        OrderStatus::Pending | OrderStatus::Unknown => Ok(()),
    }
}

fn check(order: &MerchantOrder, request: &PaymentRequest) -> Result<(), Problem> {
    if request.method != Method::Native {
        let detail = format!("the sandbox offers native only, not {}", request.method.id());
        return Err(Problem::new(ProblemCode::MethodUnavailable, detail));
    }
    if let Some(replaced) = &request.replaces
        && !order.payments.iter().any(|payment| payment.payment_id == *replaced)
    {
        let detail = format!("replaces: the order has no payment {replaced}");
        return Err(Problem::new(ProblemCode::InvalidRequest, detail));
    }
    Ok(())
}

/// The valid payment, unless it is the very one that the page wants replaced. So a request sent again gets what it got,
/// a second tab shows the code of the first, and a page whose code another tab has replaced gets that tab's new one
/// instead of killing it.
fn current<'a>(
    order: &'a MerchantOrder,
    key: &str,
    request: &PaymentRequest,
    now: Timestamp,
) -> Option<&'a IssuedPayment> {
    let valid = order.valid_payment(now)?;
    let got = order.keys.get(key).map(|known| known.payment_id.as_str());
    let unwanted = request.replaces.as_deref() == Some(&valid.payment_id) && got != Some(&valid.payment_id);
    (!unwanted).then_some(valid)
}
