//! Requests to the merchant's backend.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_net::http::{Request, Response};
use gloo_timers::callback::Timeout;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, Headers, RequestCache, RequestInit};

use crate::contract::{Failure, HttpAnswer, RequestName, encode};
use crate::core::{Call, Stamp};

use super::queue::{About, Item};
use super::{Early, Shell};

/// Where requests go.
pub(super) struct Backend {
    /// `{api}/orders/{order_id}`
    order_url: String,
    token: RefCell<Option<String>>,
    /// The answer to the first question about the order, which the page asked before this program was there.
    early: Cell<Option<Early>>,
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
    pub(super) fn new(api: &str, order_id: &str, token: Option<String>, early: Option<Early>, seed: u64) -> Self {
        let order_id = String::from(js_sys::encode_uri_component(order_id));
        let order_url = [api.trim_end_matches('/'), "/orders/", &order_id].concat();
        Self { order_url, token: token.into(), early: early.into(), nonce: seed.to_string() }
    }

    /// Requests carry this token from now on.
    pub(super) fn set_token(&self, token: Option<String>) {
        *self.token.borrow_mut() = token;
    }

    /// Sends a request; its answer goes to the shell as an event.
    pub(super) fn send(&self, shell: &Rc<Shell>, stamp: Stamp, call: Call, timeout_ms: u32) -> UnderWay {
        let nonce = [&self.nonce, "-", &stamp.0.to_string()].concat();
        let about = if matches!(call, Call::Payment { .. }) { About::Payment } else { About::Order };
        let asks_no_more = matches!(call, Call::Order { verify: false, .. });
        // The page did not have the platform asked: who comes back from paying has to, and that question is called off.
        let early = self.early.take().and_then(|early| if asks_no_more { Some(early) } else { early.call_off() });
        let controller = match &early {
            Some(early) => early.controller.clone(),
            None => AbortController::new().ok(),
        };
        let name = self.name(&call);
        let late_name = name.clone();
        let request = self.request(call, &nonce, controller.as_ref());
        let answer_to = Rc::downgrade(shell);
        spawn_local(async move {
            let answer = match (early, request) {
                (Some(early), _) => read_early(name, early.answer).await,
                (None, Ok(request)) => read(name, request.send().await).await,
                (None, Err(why)) => Err(name.not_sent(&said(&why))),
            };
            if let Some(shell) = answer_to.upgrade()
                && shell.handles.answered(stamp)
            {
                shell.push(Item::Answer { about, stamp, answer });
            }
        });
        let late = Rc::downgrade(shell);
        let timeout = Timeout::new(timeout_ms, move || {
            if let Some(shell) = late.upgrade()
                && shell.handles.answered(stamp)
            {
                shell.push(Item::Answer { about, stamp, answer: Err(late_name.timed_out(timeout_ms)) });
            }
        });
        UnderWay { controller, _timeout: timeout }
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

    /// Built by the browser's own means: gloo-net's builder reads the address twice over, for 1.3 KB.
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
        Ok(web_sys::Request::new_with_str_and_init(&url, &init)?.into())
    }
}

/// Reads an answer that the page asked for.
async fn read_early(request: RequestName, answer: Promise) -> Result<Answer, Failure> {
    match JsFuture::from(answer).await {
        Ok(response) => read(request, Ok(Response::from(response.unchecked_into::<web_sys::Response>()))).await,
        Err(why) => Err(request.unreachable(&said(&why))),
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

/// Reads an answer to its end.
async fn read(request: RequestName, response: Result<Response, gloo_net::Error>) -> Result<Answer, Failure> {
    let broken = |error| match error {
        gloo_net::Error::JsError(error) => request.unreachable(&[&error.name, ": ", &error.message].concat()),
        _ => request.unreachable("not readable"),
    };
    let response = response.map_err(broken)?;
    let headers = response.headers();
    let (status, content_type, retry_after) =
        (response.status(), headers.get("content-type"), headers.get("retry-after"));
    let text = web_sys::Response::from(response).text();
    let body = match text {
        Ok(text) => JsFuture::from(text).await,
        Err(why) => Err(why),
    };
    let body = body.map_err(|why| request.unreachable(&said(&why)))?;
    Ok(Answer { request, status, content_type, retry_after, body })
}

/// What the browser says of an error, such as `TypeError: Failed to fetch`.
fn said(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Object>().map_or_else(String::new, |error| error.to_string().into())
}
