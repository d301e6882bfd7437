//! Requests to the merchant's backend.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_net::http::Response;
use gloo_timers::callback::Timeout;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, Headers, Request, RequestCache, RequestInit};

use crate::contract::{Failure, HttpAnswer, RequestName, encode};
use crate::core::{Call, Stamp};

use super::probe::get;
use super::queue::{About, Item};
use super::ways_in::settled;
use super::{Early, EarlyPayment, Shell};

/// Where requests go.
pub(super) struct Backend {
    /// `{api}/orders/{order_id}`
    order_url: String,
    token: RefCell<Option<String>>,
    /// The answer to the first question about the order, which the page asked before this program was there.
    early: Cell<Option<Early>>,
    /// The answer to the first question for a payment, likewise.
    early_payment: Cell<Option<EarlyPayment>>,
    /// Tells the addresses of requests apart, where a cache on the way answers in spite of `no-store` (field problem 39).
    nonce: String,
}

/// A request under way. Dropping it aborts it.
pub(super) struct UnderWay {
    /// None in engines that cannot abort: then the answer comes, and nobody listens.
    controller: Option<AbortController>,
    _timeout: Timeout,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}

impl Backend {
    pub(super) fn new(
        api: &str,
        order_id: &str,
        token: Option<String>,
        (early, early_payment): (Option<Early>, Option<EarlyPayment>),
        seed: u64,
    ) -> Self {
        let order_id = String::from(js_sys::encode_uri_component(order_id));
        let order_url = [api.trim_end_matches('/'), "/orders/", &order_id].concat();
        let (early, early_payment) = (early.into(), early_payment.into());
        Self { order_url, token: token.into(), early, early_payment, nonce: seed.to_string() }
    }

    /// Requests carry this token from now on.
    pub(super) fn set_token(&self, token: Option<String>) {
        *self.token.borrow_mut() = token;
    }

    /// Sends a request; its answer goes to the shell as an event.
    pub(super) fn send(&self, shell: &Rc<Shell>, stamp: Stamp, call: Call, timeout_ms: u32) -> UnderWay {
        let nonce = [&self.nonce, "-", &stamp.0.to_string()].concat();
        let about = if matches!(call, Call::Payment { .. }) { About::Payment } else { About::Order };
        let (early, controller) = match self.early(&call) {
            Some((answer, controller)) => (Some(answer), controller),
            None => (None, AbortController::new().ok()),
        };
        let name = self.name(&call);
        let late = Item::Answer { about, stamp, answer: Err(name.timed_out(timeout_ms)) };
        let timeout = shell.after(timeout_ms, late);
        let asked = match early {
            Some(answer) => Ok(answer),
            None => self
                .request(call, &nonce, controller.as_ref())
                .and_then(|request| Ok(web_sys::window().ok_or(JsValue::UNDEFINED)?.fetch_with_request(&request))),
        };
        match asked {
            Ok(answer) => {
                let question = Question { shell: Rc::downgrade(shell), about, stamp, name };
                settled(&answer, Box::new(move |response| question.read(response)));
            }
            Err(why) => shell.later(Item::Answer { about, stamp, answer: Err(name.not_sent(&said(&why))) }),
        }
        UnderWay { controller, _timeout: timeout }
    }

    /// The answer to this call, where the page has asked already, and what calls it off.
    fn early(&self, call: &Call) -> Option<(Promise, Option<AbortController>)> {
        if let Call::Payment { key, .. } = call {
            let EarlyPayment { key: asked, answer, controller } = self.early_payment.take()?;
            return (asked == *key).then_some((answer, controller));
        }
        let asks_no_more = matches!(call, Call::Order { verify: false, .. });
        // The page did not have the platform asked: who comes back from paying has to, and that question is called off.
        let early = self.early.take().and_then(|early| if asks_no_more { Some(early) } else { early.call_off() });
        early.map(|Early { answer, controller, .. }| (answer, controller))
    }

    /// The request as a developer is told of it.
    fn name(&self, call: &Call) -> RequestName {
        let (method, below) = match call {
            Call::Order { .. } => ("GET", ""),
            Call::Close => ("POST", "/close"),
            Call::Payment { .. } => ("POST", "/payments"),
        };
        RequestName::new(method, &[&self.order_url, below].concat())
    }

    fn request(&self, call: Call, nonce: &str, controller: Option<&AbortController>) -> Result<Request, JsValue> {
        let init = RequestInit::new();
        let headers = Headers::new()?;
        let url = match call {
            // Always the same address, as far as that goes: a backend of another origin is asked before each new one.
            Call::Order { verify, fresh } => {
                let query = match (verify, fresh) {
                    (false, false) => "",
                    (true, false) => "?verify=1",
                    (false, true) => "?n=",
                    (true, true) => "?verify=1&n=",
                };
                [self.order_url.as_str(), query, if fresh { nonce } else { "" }].concat()
            }
            Call::Close => {
                init.set_method("POST");
                [&self.order_url, "/close"].concat()
            }
            Call::Payment { key, request } => {
                init.set_method("POST");
                headers.set("content-type", "application/json")?;
                headers.set("idempotency-key", &key)?;
                // Fails for nothing that a request holds.
                init.set_body(&encode(&request).unwrap_or_default().into());
                [&self.order_url, "/payments"].concat()
            }
        };
        headers.set("accept", "application/json")?;
        if let Some(token) = &*self.token.borrow() {
            headers.set("authorization", &["Bearer ", token].concat())?;
        }
        init.set_headers(&headers);
        init.set_cache(RequestCache::NoStore);
        init.set_signal(controller.map(AbortController::signal).as_ref());
        Request::new_with_str_and_init(&url, &init)
    }
}

/// An answer whose body is still the browser's: it is taken over when its turn comes, since there may be no memory for it.
pub(super) struct Answer {
    request: RequestName,
    status: u16,
    content_type: Option<String>,
    retry_after: Option<String>,
    body: JsValue,
}

impl Answer {
    /// With its body.
    pub(super) fn take(self) -> HttpAnswer {
        let Self { request, status, content_type, retry_after, body } = self;
        HttpAnswer { request, status, content_type, retry_after, body: body.as_string().unwrap_or_default() }
    }
}

/// Who asked what.
struct Question {
    shell: Weak<Shell>,
    about: About,
    stamp: Stamp,
    name: RequestName,
}

impl Question {
    /// Reads to its end what has come: a response, or an error.
    fn read(self, response: JsValue) {
        // By what it can do: some pages have a `fetch` of their own.
        if !get(&response, "text").is_function() {
            return self.fail(&response);
        }
        let response: web_sys::Response = response.unchecked_into();
        match response.text() {
            Ok(text) => settled(&text, Box::new(move |body| self.take(&response.into(), body))),
            Err(why) => self.fail(&why),
        }
    }

    /// The body has come, or an error in its place.
    fn take(self, response: &Response, body: JsValue) {
        if !body.is_string() {
            return self.fail(&body);
        }
        let headers = response.headers();
        let (content_type, retry_after) = (headers.get("content-type"), headers.get("retry-after"));
        let request = self.name.clone();
        self.answer(Ok(Answer { request, status: response.status(), content_type, retry_after, body }));
    }

    fn fail(&self, why: &JsValue) {
        self.answer(Err(self.name.unreachable(&said(why))));
    }

    fn answer(&self, answer: Result<Answer, Failure>) {
        if let Some(shell) = self.shell.upgrade() {
            shell.push(Item::Answer { about: self.about, stamp: self.stamp, answer });
        }
    }
}

/// What the browser says of an error, such as `TypeError: Failed to fetch`.
fn said(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Object>().map_or_else(String::new, |error| error.to_string().into())
}
