//! What the backend makes of a question for a payment.

use wechat_cashier::contract::{
    Action, Failure, JsapiParams, Method, OrderStatus, Payment, PaymentRequest, ProblemCode, Timestamp,
};
use wechat_cashier::core::Instant;

use super::{Backend, Fault, OF_PAYMENT, fail, refused};

/// Where payers log in (docs/platform.md, 5).
pub(crate) const LOGIN: &str = "https://open.weixin.qq.com/connect/oauth2/authorize";

/// A payment that the backend made, or an answer that sends the payer to log in first.
#[derive(Clone, Debug)]
pub(crate) struct Minted {
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) asked: PaymentRequest,
    pub(crate) action: Action,
    pub(crate) expires_at: Option<Timestamp>,
    /// It will not be paid any more: a payment code that was not confirmed, or the answer was no payment.
    pub(crate) failed: bool,
    now: Timestamp,
}

impl Minted {
    pub(crate) fn content(&self) -> &str {
        match &self.action {
            Action::ShowQr { content } => content,
            _ => "",
        }
    }

    pub(crate) fn replaces(&self) -> Option<&str> {
        self.asked.replaces.as_deref()
    }

    pub(super) fn payment(&self, now: Timestamp) -> Payment {
        Payment {
            payment_id: self.id.clone(),
            method: self.asked.method.clone(),
            now,
            expires_at: self.expires_at,
            action: self.action.clone(),
            unreadable: Vec::new(),
        }
    }
}

pub(crate) fn jsapi_params(count: usize) -> JsapiParams {
    JsapiParams {
        app_id: "wx2421b1c4370ec43b".to_owned(),
        time_stamp: "1795255200".to_owned(),
        nonce_str: format!("n{count}"),
        package: format!("prepay_id=wx{count}"),
        sign_type: "RSA".to_owned(),
        pay_sign: "c2lnbmF0dXJl".to_owned(),
    }
}

impl Backend {
    /// The order's latest payment, as orders carry it.
    pub(crate) fn latest(&self) -> Option<&Minted> {
        self.minted.last().filter(|minted| !minted.failed)
    }

    pub(crate) fn by_content(&self, content: &str) -> Option<&Minted> {
        self.minted.iter().find(|minted| minted.content() == content)
    }

    pub(crate) fn by_params(&self, params: &JsapiParams) -> Option<&Minted> {
        self.minted
            .iter()
            .rev()
            .find(|minted| matches!(&minted.action, Action::InvokeJsapi { params: known } if known == params))
    }

    /// The payer's code comes to nothing: refused, or no password in time.
    pub(crate) fn code_fails(&mut self) {
        if let Some(minted) = self.minted.last_mut() {
            minted.failed = true;
        }
    }

    /// Makes a payment, which is then the order's latest.
    pub(crate) fn mint(&mut self, key: &str, asked: PaymentRequest, now: Instant) -> &Minted {
        let count = self.minted.len() + 1;
        let at = self.clock(now);
        self.learn_payer(&asked.page_url);
        let login = asked.method == Method::Jsapi && !self.knows_payer && self.action.is_none();
        let action = self.action.clone().unwrap_or_else(|| self.action(&asked.method, count));
        self.minted.push(Minted {
            id: format!("p{count}"),
            key: key.to_owned(),
            asked,
            action,
            expires_at: self.code_life_ms.map(|life_ms| Timestamp::from_millis(at.millis() + life_ms)),
            failed: login,
            now: at,
        });
        self.minted.last().unwrap()
    }

    /// A login's code that came along is exchanged, once.
    fn learn_payer(&mut self, page_url: &str) {
        let url = url::Url::parse(page_url).unwrap();
        let code = url.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned());
        if let Some(code) = code.filter(|code| !self.spent.contains(code)) {
            self.spent.push(code);
            self.knows_payer |= self.learns_payer;
        }
    }

    fn action(&self, method: &Method, count: usize) -> Action {
        let content = |start: &str| self.content.clone().unwrap_or_else(|| format!("{start}code{count}"));
        match method {
            Method::Native => Action::ShowQr { content: content("weixin://wxpay/bizpayurl?pr=") },
            Method::Jsapi if !self.knows_payer => {
                Action::Redirect { url: format!("{LOGIN}?appid=wx1&state=s{count}#wechat_redirect") }
            }
            Method::Jsapi => Action::InvokeJsapi { params: jsapi_params(count) },
            Method::H5 => Action::Redirect {
                url: format!("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx{count}"),
            },
            Method::MiniProgram => Action::OpenMiniProgram { path: format!("/pages/pay?payment=p{count}") },
            Method::PaymentCode => Action::Wait {},
            Method::Merchant(id) if id == "unionpay" => Action::ShowQr { content: content("https://qr.95516.com/") },
            Method::Merchant(_) => Action::Redirect { url: format!("https://shop.example/pay/p{count}") },
        }
    }

    pub(crate) fn answer_payment(
        &mut self,
        key: &str,
        request: &PaymentRequest,
        fault: &Fault,
        now: Instant,
    ) -> Result<Payment, Failure> {
        fail(fault, OF_PAYMENT)?;
        match self.status {
            OrderStatus::Paid | OrderStatus::Refunded => return Err(refused(ProblemCode::OrderPaid, None, OF_PAYMENT)),
            OrderStatus::Closed => return Err(refused(ProblemCode::OrderClosed, None, OF_PAYMENT)),
            OrderStatus::Pending | OrderStatus::Unknown(_) => {}
        }
        if self.has_expired(now) {
            return Err(refused(ProblemCode::OrderExpired, None, OF_PAYMENT));
        }
        let stamped = self.clock(now);
        if let Some(known) = self.minted.iter().find(|minted| minted.key == key) {
            // docs/contract.md, "Idempotency": same key, other body.
            if known.asked != *request {
                return Err(refused(ProblemCode::InvalidRequest, None, OF_PAYMENT));
            }
            return Ok(known.payment(if self.replays_stored_answers { known.now } else { stamped }));
        }
        if let Some(code) = &request.auth_code {
            if self.codes.contains(code) {
                return Err(refused(ProblemCode::InvalidRequest, None, OF_PAYMENT));
            }
            self.codes.push(code.clone());
        }
        Ok(self.mint(key, request.clone(), now).payment(stamped))
    }
}
