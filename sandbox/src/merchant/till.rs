//! A till reads the payer's code (docs/platform.md, 6).

use wechat_cashier::contract::{Action, Method, PaymentRequest, Timestamp};

use super::Problem;
use super::issued::IssuedPayment;
use super::notified::end;
use crate::clock::plus;
use crate::faults::Fault;
use crate::platform::{TradeState, TradeType};
use crate::state::State;

/// How long the payer may take for the password before the till takes the payment back. Sources name 30 s and 45 s.
const CONFIRM_MS: i64 = 45 * 1000;

impl State {
    /// Pays by the code that was read. It is paid by the answer, or the payer is being asked for the password.
    pub(super) fn read_code(
        &mut self,
        order_id: &str,
        request: &PaymentRequest,
        now: Timestamp,
    ) -> Result<IssuedPayment, Problem> {
        self.end_confirming(order_id, request)?;
        let order = self.merchant.order(order_id).ok_or_else(|| Problem::no_order(order_id))?;
        let (payment_id, expires_at) = (order.next_payment_id(), plus(now, CONFIRM_MS).min(order.expires_at));
        let auth_code = request.auth_code.clone().unwrap_or_default();
        let ask_password = self.phone.ask_password;
        let (out_trade_no, trade_state) = self.with_a_number(order_id, |state, mut ask| {
            ask.trade_type = TradeType::Micropay;
            ask.openid = None;
            state.platform.codepay(ask, &auth_code, ask_password, now).map(|trade| trade.trade_state)
        })?;
        if trade_state == TradeState::Success {
            self.hear_of_code(order_id);
        }
        Ok(IssuedPayment {
            payment_id,
            method: Method::PaymentCode,
            action: Action::Wait {},
            code_url: None,
            handle: None,
            out_trade_no: Some(out_trade_no),
            page_url: request.page_url.clone(),
            expires_at,
            failed: false,
            spoilt: None,
        })
    }

    /// A code that is still being confirmed is only taken back when the till says so: the payer may be typing.
    fn end_confirming(&mut self, order_id: &str, request: &PaymentRequest) -> Result<(), Problem> {
        let Some((IssuedPayment { payment_id, .. }, number)) = self.confirming(order_id) else { return Ok(()) };
        if request.replaces.as_ref() != Some(payment_id) {
            return Err(Problem::invalid(format!("{payment_id} is being confirmed by the payer; name it in replaces")));
        }
        let number = number.to_owned();
        self.give_up(order_id, &number);
        Ok(())
    }

    /// The payment, and its number, that waits for a password.
    fn confirming(&self, order_id: &str) -> Option<(&IssuedPayment, &str)> {
        let order = self.merchant.order(order_id)?;
        let number = order.out_trade_nos.last()?;
        let paying = self.platform.query(number)?.trade_state == TradeState::UserPaying;
        let of_number = |payment: &&IssuedPayment| payment.out_trade_no.as_deref() == Some(number);
        order.payments.iter().rev().find(of_number).filter(|_| paying).map(|payment| (payment, number.as_str()))
    }

    /// The till learns what came of a code: by the answer, or because it asks every few seconds until it knows. A lost
    /// answer, which is the fault of a lost notify, is found by verify only.
    pub(crate) fn hear_of_code(&mut self, order_id: &str) {
        if self.faults.take(order_id, |fault| (*fault == Fault::NotifyLost).then_some(())).is_none() {
            self.merchant.verify(order_id, &mut self.platform);
        }
    }

    /// When the next code is given up.
    pub(crate) fn code_due_at(&self) -> Option<Timestamp> {
        self.waiting_codes().map(|(at, ..)| at).min()
    }

    /// Takes back what the payers did not confirm in time.
    pub(crate) fn give_up_codes(&mut self, now: Timestamp) {
        let due: Vec<_> = self.waiting_codes().filter(|(at, ..)| *at <= now).collect();
        for (_, order_id, number) in due {
            self.give_up(&order_id, &number);
        }
    }

    fn give_up(&mut self, order_id: &str, number: &str) {
        // Had the payer been quicker, nothing would wait for a password any more.
        if end(&mut self.platform, number).is_ok() {
            self.merchant.failed(order_id, number);
        }
    }

    /// Until when, and for which order and number, a password is waited for.
    fn waiting_codes(&self) -> impl Iterator<Item = (Timestamp, String, String)> {
        self.merchant.orders.values().filter_map(|order| {
            let (payment, number) = self.confirming(&order.order_id)?;
            Some((payment.expires_at, order.order_id.clone(), number.to_owned()))
        })
    }
}
