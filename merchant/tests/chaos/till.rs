//! What payers do at a till: a payment code is shown, and the password may be asked for.

use reqwest::Method;
use serde_json::{Value, json};

use crate::payer::{THINKS_MS, Visit, new_key, wants};
use crate::shop::{Asked, pause};

/// How often the till asks for the order.
const LOOKS_MS: std::ops::Range<u64> = 300..700;

impl Visit {
    /// Shows codes until one of them has paid or the order is over.
    pub(crate) async fn pays_by_code(&self) -> bool {
        let mut before: Option<Value> = None;
        loop {
            match self.shows_a_code(before.as_ref()).await {
                Asked::Over => return self.has_paid().await,
                Asked::Refused => {}
                Asked::Given(payment) => {
                    if let Some(is_paid) = self.waits().await {
                        return is_paid;
                    }
                    before = Some(payment);
                }
            }
            pause(LOOKS_MS).await;
        }
    }

    pub(crate) async fn shows_a_code_and_goes(&self) -> bool {
        let _ = self.shows_a_code(None).await;
        false
    }

    async fn shows_a_code(&self, before: Option<&Value>) -> Asked {
        let account =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("account", &self.account).finish();
        let code = self.shop.simulated(Method::GET, &format!("/wechat/payment-code?{account}"), None).await;
        let mut body = wants("payment_code", before);
        body["auth_code"] = code.body["code"].clone();
        self.shop.ask(&self.order_id, &self.token, &new_key(), &body).await
    }

    /// The till waits, and the payer does what the phone asks for. None: the next code is wanted.
    async fn waits(&self) -> Option<bool> {
        loop {
            self.acts_on_the_sheet().await;
            if let Some(order) = self.shop.read(&self.order_id, &self.token, false).await {
                match order["status"].as_str() {
                    Some("pending") if order["payment"].is_null() && self.is_open() => return None,
                    Some("pending") => {}
                    _ => return Some(self.has_paid().await),
                }
            }
            pause(LOOKS_MS).await;
        }
    }

    /// Where the password is asked for: mistypes it, cancels or pays.
    async fn acts_on_the_sheet(&self) {
        let account =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("account", &self.account).finish();
        let sheets = self.shop.simulated(Method::GET, &format!("/wechat/sheets?{account}"), None).await;
        let ours = |sheet: &&Value| sheet["attach"] == self.order_id.as_str();
        let Some(sheet) = sheets.body["sheets"].as_array().unwrap().iter().find(ours).cloned() else { return };
        pause(THINKS_MS).await;
        let outcome = ["wrong_password", "cancel", "pay", "pay"][fastrand::usize(0..4)];
        let act = json!({ "scan_id": sheet["scan_id"], "outcome": outcome });
        self.shop.simulated(Method::POST, "/wechat/pay", Some(&act)).await;
    }
}
