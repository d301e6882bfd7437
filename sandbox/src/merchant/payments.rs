//! A page asks for a payment.

use serde_json::Value;
use wechat_cashier::contract::{Method, OrderStatus, PaymentRequest, ProblemCode, Timestamp, decode};

use super::issued::IssuedPayment;
use super::order::Keyed;
use super::{MerchantOrder, Problem};
use crate::faults::Fault;
use crate::origin::Origin;
use crate::state::State;

impl State {
    /// The payment that a page asks for: the one it has already, where that is what it means, or a new one.
    ///
    /// # Errors
    /// With the contract's problem.
    pub(crate) fn pay_by(
        &mut self,
        order_id: &str,
        key: Option<&str>,
        body: &[u8],
        origin: &Origin,
        now: Timestamp,
    ) -> Result<Value, Problem> {
        let order = self.merchant.order(order_id).ok_or_else(|| Problem::no_order(order_id))?;
        // Before what is wrong with the request: a payer who has paid is not to read anything else.
        payable(order, now)?;
        let key = key.ok_or_else(|| Problem::invalid("the header Idempotency-Key is missing"))?;
        let text = std::str::from_utf8(body).map_err(|error| Problem::invalid(error.to_string()))?;
        let request: PaymentRequest = decode(text).map_err(|error| Problem::invalid(error.to_string()))?;
        if let Some(known) = order.keys.get(key)
            && known.body != request
        {
            return Err(Problem::invalid(
                "this Idempotency-Key was used with another body; a new request needs a new key",
            ));
        }
        let unavailable = |fault: &Fault| (*fault == Fault::MethodUnavailable).then_some(());
        if self.faults.take(order_id, unavailable).is_some() {
            return Err(Problem::new(ProblemCode::MethodUnavailable, "a fault that was set in the panel"));
        }
        check(order, &request)?;
        let page_url = self.oauth_from_page(&request.page_url, now);
        let asked = PaymentRequest { page_url, ..request.clone() };
        let order = self.merchant.order(order_id).ok_or_else(|| Problem::no_order(order_id))?;
        let payment = match current(order, key, &asked, now) {
            Some(payment) => payment.clone(),
            None => self.issue(order_id, &asked, origin, now)?,
        };
        let answer = payment.answer_json(now);
        if let Some(order) = self.merchant.orders.get_mut(order_id) {
            order.keys.insert(key.to_owned(), Keyed { body: request, payment_id: payment.payment_id });
        }
        Ok(answer)
    }
}

pub(super) fn payable(order: &MerchantOrder, now: Timestamp) -> Result<(), Problem> {
    match order.status {
        OrderStatus::Paid => Err(Problem::new(ProblemCode::OrderPaid, "the order is paid")),
        OrderStatus::Closed => Err(Problem::new(ProblemCode::OrderClosed, "the order was closed")),
        OrderStatus::Refunded => Err(Problem::new(ProblemCode::OrderClosed, "the order was refunded")),
        OrderStatus::Pending | OrderStatus::Unknown(_) if now >= order.expires_at => {
            Err(Problem::new(ProblemCode::OrderExpired, "the order can no longer be paid"))
        }
        OrderStatus::Pending | OrderStatus::Unknown(_) => Ok(()),
    }
}

fn check(order: &MerchantOrder, request: &PaymentRequest) -> Result<(), Problem> {
    if !order.offers(&request.method) {
        let detail = format!("the order does not offer {}", request.method.id());
        return Err(Problem::new(ProblemCode::MethodUnavailable, detail));
    }
    if request.method == Method::PaymentCode {
        let code = request.auth_code.as_deref().unwrap_or_default();
        if !is_auth_code(code) {
            return Err(Problem::invalid("auth_code: expected 18 digits, of which the first two are 10 to 15"));
        }
    }
    Ok(())
}

/// `^1[0-5]\d{16}$` (docs/platform.md, 6).
fn is_auth_code(code: &str) -> bool {
    let digits = code.as_bytes();
    digits.len() == 18 && digits.iter().all(u8::is_ascii_digit) && matches!(digits, [b'1', b'0'..=b'5', ..])
}

/// The valid payment, unless it is the very one that the page wants replaced, is of another method, or leads back to
/// another page. So a request sent again gets what it got, a second tab shows the code of the first, and a page whose code
/// another tab has replaced gets that tab's new one instead of killing it.
fn current<'a>(
    order: &'a MerchantOrder,
    key: &str,
    request: &PaymentRequest,
    now: Timestamp,
) -> Option<&'a IssuedPayment> {
    let got = order.keys.get(key).map(|known| known.payment_id.as_str());
    // A payer's code is read once; the same request again is told what came of it.
    if request.method == Method::PaymentCode {
        return order.payments.iter().find(|payment| Some(payment.payment_id.as_str()) == got);
    }
    let fits = |valid: &&IssuedPayment| valid.method == request.method && valid.suits(&request.page_url);
    let valid = order.valid_payment(now).filter(fits)?;
    let unwanted = request.replaces.as_deref() == Some(&valid.payment_id) && got != Some(&valid.payment_id);
    (!unwanted).then_some(valid)
}

#[cfg(test)]
mod tests {
    use super::is_auth_code;

    #[test]
    fn a_payment_code_has_18_digits_and_begins_with_10_to_15() {
        for good in ["100000000000000000", "134579246813579246", "159999999999999999"] {
            assert!(is_auth_code(good), "{good}");
        }
        for bad in [
            "",
            "10000000000000000",
            "1000000000000000000",
            "160000000000000000",
            "280000000000000000",
            "13457924681357924x",
        ] {
            assert!(!is_auth_code(bad), "{bad}");
        }
    }
}
