//! What pages ask.

use wechat_cashier::contract::{Method, Payment as Answer, ProblemCode};
use wechat_cashier_merchant::domain::{Ask, Payer, Payment, Terms};

use crate::world::{APPID, World};

/// The page that asks, unless told otherwise.
pub(crate) const PAGE: &str = "https://shop.example/pay/?order=T20261121001";

/// A request of a page's.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) ask: Ask,
    pub(crate) auth_code: Option<String>,
}

/// By this method, with this key.
pub(crate) fn by(method: &Method, key: &str) -> Page {
    let ask = Ask {
        method: method.clone(),
        page_url: PAGE.to_owned(),
        page_refused: None,
        replaces: None,
        key: key.to_owned(),
        body_digest: String::new(),
        terms: Terms { appid: APPID.to_owned(), payer_client_ip: Some("203.0.113.7".to_owned()), ..Terms::default() },
        method_refused: None,
        payer: Payer::OfTheOrder,
    };
    let auth_code = (*method == Method::PaymentCode).then(|| "130000000000000001".to_owned());
    Page { ask, auth_code }.digested()
}

impl Page {
    /// The same body, the same digest.
    fn digested(mut self) -> Self {
        let Ask { method, page_url, replaces, .. } = &self.ask;
        self.ask.body_digest = format!("{} {page_url} {replaces:?} {:?}", method.id(), self.auth_code);
        self
    }

    pub(crate) fn replaces(mut self, payment: &Payment) -> Self {
        self.ask.replaces = Some(payment.payment_id.clone());
        self.digested()
    }

    pub(crate) fn replaces_id(mut self, id: Option<String>) -> Self {
        self.ask.replaces = id;
        self.digested()
    }

    pub(crate) fn page(mut self, url: &str) -> Self {
        url.clone_into(&mut self.ask.page_url);
        self.digested()
    }

    pub(crate) fn ip(mut self, ip: &str) -> Self {
        self.ask.terms.payer_client_ip = Some(ip.to_owned());
        self
    }

    pub(crate) fn auth_code(mut self, code: &str) -> Self {
        self.auth_code = Some(code.to_owned());
        self.digested()
    }
}

/// Why a page got nothing.
pub(crate) fn code<T>(answer: Result<T, ProblemCode>) -> ProblemCode {
    answer.err().unwrap()
}

impl World {
    /// What the contract answers to a payment's request, at its `now`.
    pub(crate) fn answers(&self, payment: &Payment) -> Answer {
        payment.answer(self.now)
    }
}
