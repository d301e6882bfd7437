//! Ordering at the platform, and what a page then has to do.

use wechat_cashier::contract::{Action, JsapiParams, Method, PaymentRequest, ProblemCode, Timestamp};

use super::answer::MERCHANT_NAME;
use super::issued::{IssuedPayment, Spoilt};
use super::notified::end;
use super::signing::pay_sign;
use super::{MerchantOrder, Problem};
use crate::faults::Fault;
use crate::origin::Origin;
use crate::platform::{APP_ID, PlatformError, Prepay, Signed, TradeType};
use crate::state::State;

/// The appid of somebody else, for the fault.
const OTHER_APP_ID: &str = "wx0000000000000000";

impl State {
    /// A new payment. It is the order's latest, and the only one that can be paid.
    pub(super) fn issue(
        &mut self,
        order_id: &str,
        request: &PaymentRequest,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<IssuedPayment, Problem> {
        self.forget_other_visitor(order_id);
        let order = self.merchant.order(order_id).ok_or_else(|| Problem::no_order(order_id))?;
        let (payment_id, expires_at) = (order.next_payment_id(), order.expires_at);
        let payment = match &request.method {
            Method::PaymentCode => self.read_code(order_id, request, now)?,
            // No openid, no JSAPI order. The page comes back and asks again.
            Method::Jsapi if order.openid.is_none() => IssuedPayment {
                payment_id,
                method: Method::Jsapi,
                action: Action::Redirect { url: self.oauth_url(order_id, &request.page_url, origin) },
                code_url: None,
                handle: None,
                out_trade_no: None,
                page_url: request.page_url.clone(),
                expires_at,
                failed: false,
                spoilt: None,
            },
            _ => self.order_at_platform(order_id, request, origin, now)?,
        };
        if let Some(order) = self.merchant.orders.get_mut(order_id) {
            order.payments.push(payment.clone());
        }
        Ok(payment)
    }

    /// A merchant knows its visitors by a cookie of WeChat's browser, and another account has another browser. The phone's
    /// account stands for the cookie: who is not the one that the order was made for is a stranger, and logs in.
    fn forget_other_visitor(&mut self, order_id: &str) {
        let account = self.phone.account.as_str();
        if let Some(order) = self.merchant.orders.get_mut(order_id)
            && let Some(openid) = &order.openid
            && self.platform.account_of(openid) != Some(account)
        {
            order.openid = None;
        }
    }

    fn order_at_platform(
        &mut self,
        order_id: &str,
        request: &PaymentRequest,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<IssuedPayment, Problem> {
        let life_ms = self.faults.take(order_id, |fault| match fault {
            Fault::QuickCodeExpiry { ms } => Some(*ms),
            _ => None,
        });
        let trade_type = trade_type(&request.method);
        let (out_trade_no, (handle, given)) = self.with_a_number(order_id, |state, mut ask| {
            ask.trade_type = trade_type;
            ask.openid = ask.openid.filter(|_| trade_type == TradeType::Jsapi);
            ask.life_ms = life_ms;
            state.platform.prepay(ask, now)
        })?;
        self.forget_other_visitor(order_id);
        let order = self.merchant.order(order_id).ok_or_else(|| Problem::no_order(order_id))?;
        let (payment_id, expires_at) = (order.next_payment_id(), given.expires_at.min(order.expires_at));
        let (action, spoilt) = match trade_type {
            TradeType::Native | TradeType::UnionPay => (Action::ShowQr { content: handle.clone() }, None),
            TradeType::Jsapi => self.invoke_jsapi(order_id, &handle, now)?,
            TradeType::Mweb => (Action::Redirect { url: h5_url(&handle, &request.page_url, origin) }, None),
            TradeType::Wallet => (Action::Redirect { url: wallet_url(&handle, &request.page_url, origin) }, None),
            // The mini-program's own backend finds the prepay behind the payment.
            TradeType::MiniProgram | TradeType::Micropay => {
                (Action::OpenMiniProgram { path: format!("/pages/pay?order={order_id}&payment={payment_id}") }, None)
            }
        };
        Ok(IssuedPayment {
            payment_id,
            method: request.method.clone(),
            action,
            code_url: (trade_type == TradeType::Native).then(|| handle.clone()),
            handle: Some(handle),
            out_trade_no: Some(out_trade_no),
            page_url: request.page_url.clone(),
            expires_at,
            failed: false,
            spoilt,
        })
    }

    /// Orders under the order's number, or under a new one where the platform demands that. Then the old one must not be
    /// payable any more: only one trade of an order ever is.
    pub(super) fn with_a_number<T>(
        &mut self,
        order_id: &str,
        mut ask: impl FnMut(&mut Self, Prepay) -> Result<T, PlatformError>,
    ) -> Result<(String, T), Problem> {
        loop {
            let order = self.merchant.order(order_id).ok_or_else(|| Problem::no_order(order_id))?;
            let prepay = order.prepay();
            let number = prepay.out_trade_no.clone();
            match ask(self, prepay) {
                Ok(given) => return Ok((number, given)),
                Err(PlatformError::OrderPaid) => return Err(self.found_paid(order_id)),
                Err(error @ (PlatformError::AuthCodeInvalid | PlatformError::AuthCodeExpired)) => {
                    return Err(refused_code(error));
                }
                Err(_) => {
                    if end(&mut self.platform, &number) == Err(PlatformError::OrderPaid) {
                        return Err(self.found_paid(order_id));
                    }
                    self.merchant.failed(order_id, &number);
                    if let Some(order) = self.merchant.orders.get_mut(order_id) {
                        let next = format!("{}-{}", order.order_id, order.out_trade_nos.len() + 1);
                        order.out_trade_nos.push(next);
                    }
                }
            }
        }
    }

    fn found_paid(&mut self, order_id: &str) -> Problem {
        self.merchant.verify(order_id, &mut self.platform);
        Problem::new(ProblemCode::OrderPaid, "the platform says that it is paid")
    }

    /// The six parameters, signed (docs/platform.md, 1.1), and what the faults do to them.
    fn invoke_jsapi(
        &mut self,
        order_id: &str,
        prepay_id: &str,
        now: Timestamp,
    ) -> Result<(Action, Option<Spoilt>), Problem> {
        let mut met = |fault: &Fault| self.faults.take(order_id, |set| (set == fault).then_some(())).is_some();
        let app_id = if met(&Fault::WrongAppId) { OTHER_APP_ID } else { APP_ID };
        let (nonce_changes, stale) = (met(&Fault::ChangedNonce), met(&Fault::StalePrepay));
        let spoilt = self.faults.take(order_id, |fault| match fault {
            Fault::JsapiBadParams { field, value } => {
                Some(Spoilt { field: field.to_string(), value: value.as_ref().map(ToString::to_string) })
            }
            _ => None,
        });
        if stale {
            self.platform.shorten(prepay_id, now);
        }
        let (nonce_str, package) = (nonce(), format!("prepay_id={prepay_id}"));
        let time_stamp = (now.millis() / 1000).to_string();
        let signed = Signed { app_id, time_stamp: &time_stamp, nonce_str: &nonce_str, package: &package };
        let pay_sign = pay_sign(signed)
            .ok_or_else(|| Problem::new(ProblemCode::UpstreamUnavailable, "the merchant's key cannot be read"))?;
        let params = JsapiParams {
            app_id: app_id.to_owned(),
            time_stamp,
            nonce_str: if nonce_changes { nonce() } else { nonce_str },
            package,
            sign_type: "RSA".to_owned(),
            pay_sign,
        };
        Ok((Action::InvokeJsapi { params }, spoilt))
    }
}

impl MerchantOrder {
    pub(super) fn next_payment_id(&self) -> String {
        format!("{}-p{}", self.order_id, self.payments.len() + 1)
    }

    /// What the platform is asked, whatever the product.
    fn prepay(&self) -> Prepay {
        Prepay {
            out_trade_no: self.out_trade_nos.last().cloned().unwrap_or_else(|| self.order_id.clone()),
            trade_type: TradeType::Native,
            attach: self.order_id.clone(),
            merchant: MERCHANT_NAME.to_owned(),
            description: self.description.clone(),
            amount: self.amount,
            openid: self.openid.clone(),
            time_expire: self.expires_at,
            life_ms: None,
        }
    }
}

fn trade_type(method: &Method) -> TradeType {
    match method {
        Method::Native => TradeType::Native,
        Method::Jsapi => TradeType::Jsapi,
        Method::H5 => TradeType::Mweb,
        Method::MiniProgram => TradeType::MiniProgram,
        Method::PaymentCode => TradeType::Micropay,
        Method::Merchant(id) if id.starts_with("unionpay") => TradeType::UnionPay,
        Method::Merchant(_) => TradeType::Wallet,
    }
}

/// At most 32 characters.
fn nonce() -> String {
    std::iter::repeat_with(|| fastrand::digit(16).to_ascii_uppercase()).take(32).collect()
}

/// The middle page's address, and where it comes back to (docs/platform.md, 4).
fn h5_url(prepay_id: &str, page_url: &str, Origin(origin): &Origin) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("prepay_id", prepay_id)
        .append_pair("package", &fastrand::u32(1_000_000_000..).to_string())
        .append_pair("redirect_url", page_url)
        .finish();
    format!("{origin}/wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?{query}")
}

/// Another wallet's pay page, and where it comes back to.
fn wallet_url(id: &str, page_url: &str, Origin(origin): &Origin) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("id", id)
        .append_pair("return_url", page_url)
        .finish();
    format!("{origin}/alipay/pay?{query}")
}

fn refused_code(error: PlatformError) -> Problem {
    Problem::invalid(match error {
        PlatformError::AuthCodeExpired => {
            "付款码无效 (AUTHCODEEXPIRE): the payment code was used or is older than a minute; the phone shows a new one"
        }
        _ => "付款码无效 (AUTH_CODE_INVALID): no wallet shows this payment code",
    })
}
