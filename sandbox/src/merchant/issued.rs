//! A payment the merchant gave to a page.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wechat_cashier::contract::{Action, Method, Order, Payment, Timestamp};

use super::MerchantOrder;

/// A payment the merchant gave to a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedPayment {
    /// Its id.
    pub payment_id: String,
    /// By which way.
    pub method: Method,
    /// What the page must do.
    pub action: Action,
    /// The code that a Native payment shows, for who wants to scan it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_url: Option<String>,
    /// What it is paid by at the platform. None: the page goes to OAuth first, or a code was read at a till.
    pub handle: Option<String>,
    /// The number at the platform that it pays, if it has one yet.
    pub out_trade_no: Option<String>,
    /// The page that asked for it, where it may lead back to.
    pub page_url: String,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// A payment by code that the payer broke off, or that was reversed.
    pub failed: bool,
    /// A fault: a parameter that is another one in every answer, or missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spoilt: Option<Spoilt>,
}

/// A parameter of `invoke_jsapi` that a fault has replaced, or left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoilt {
    /// Which, such as `timeStamp`.
    pub field: String,
    /// By what.
    pub value: Option<String>,
}

impl IssuedPayment {
    /// The payment as the contract answers it.
    pub fn answer(&self, now: Timestamp) -> Payment {
        Payment {
            payment_id: self.payment_id.clone(),
            method: self.method.clone(),
            now,
            expires_at: Some(self.expires_at),
            action: self.action.clone(),
            unreadable: Vec::new(),
        }
    }

    /// The same as JSON, with the fault that is on it.
    pub fn answer_json(&self, now: Timestamp) -> Value {
        let mut json = serde_json::to_value(self.answer(now)).unwrap_or_default();
        self.spoil(&mut json);
        json
    }

    /// Whether the page is sent to learn who the payer is.
    pub fn is_oauth(&self) -> bool {
        self.method == Method::Jsapi && matches!(self.action, Action::Redirect { .. })
    }

    /// Whether another page's request for this method may be answered with it: not when it would lead to this one.
    pub(super) fn suits(&self, page_url: &str) -> bool {
        !matches!(self.action, Action::Redirect { .. }) || self.page_url == page_url
    }

    fn spoil(&self, payment: &mut Value) {
        let Some(Spoilt { field, value }) = &self.spoilt else { return };
        let params = payment.pointer_mut("/action/params").and_then(Value::as_object_mut);
        if let Some(params) = params {
            params.remove(field);
            params.extend(value.clone().map(|value| (field.clone(), Value::String(value))));
        }
    }
}

impl MerchantOrder {
    /// An order of the contract as JSON, with the fault that is on its payment.
    pub fn to_json(&self, order: &Order) -> Value {
        let mut json = serde_json::to_value(order).unwrap_or_default();
        let named = order.payment.as_ref().map(|payment| &payment.payment_id);
        let issued = self.payments.iter().find(|issued| Some(&issued.payment_id) == named);
        if let (Some(issued), Some(payment)) = (issued, json.get_mut("payment")) {
            issued.spoil(payment);
        }
        json
    }
}
