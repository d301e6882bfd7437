//! Requests to the merchant's backend.

use std::cell::Cell;
use std::rc::Rc;

use gloo_net::http::{Request, Response};
use gloo_timers::callback::Timeout;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, Headers, RequestCache, RequestInit};

use crate::contract::{Decode, Failure, HttpAnswer, RequestName, encode};
use crate::core::{Call, Event, Stamp};

use super::{Early, Shell};

/// Where requests go.
pub(super) struct Backend {
    /// `{api}/orders/{order_id}`
    order_url: String,
    token: Option<String>,
    /// The answer to the first question about the order, which the page asked before this program was there.
    early: Cell<Option<Early>>,
    /// No two requests have the same address, whatever a cache in between makes of `no-store` (field problem 39).
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
        Self { order_url, token, early: early.into(), nonce: seed.to_string() }
    }

    /// Sends a request; its answer goes to the shell as an event.
    pub(super) fn send(&self, shell: &Rc<Shell>, stamp: Stamp, call: Call, timeout_ms: u32) -> UnderWay {
        let nonce = [&self.nonce, "-", &stamp.0.to_string()].concat();
        let order = !matches!(call, Call::Payment { .. });
        let asks_no_more = matches!(call, Call::Order { verify: false });
        // The page did not have the platform asked: who comes back from paying has to, and that question is called off.
        let early = self.early.take().and_then(|early| if asks_no_more { Some(early) } else { early.call_off() });
        let controller = match &early {
            Some(early) => early.controller.clone(),
            None => AbortController::new().ok(),
        };
        let name = self.name(&call);
        let request = self.request(call, &nonce, controller.as_ref());
        let answer_to = Rc::downgrade(shell);
        let late_name = name.clone();
        spawn_local(async move {
            let answer = match (early, request) {
                (Some(early), _) => read_early(name, early.answer).await,
                (None, Ok(request)) => read(name, request.send().await).await,
                (None, Err(why)) => Err(name.not_sent(&said(&why))),
            };
            if let Some(shell) = answer_to.upgrade()
                && shell.answered(stamp)
            {
                let event = shell.held(|| event(order, stamp, answer));
                shell.dispatch(event);
            }
        });
        let late = Rc::downgrade(shell);
        let timeout = Timeout::new(timeout_ms, move || {
            if let Some(shell) = late.upgrade()
                && shell.answered(stamp)
            {
                shell.dispatch(event(order, stamp, Err(late_name.timed_out(timeout_ms))));
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
            Call::Order { verify } => {
                let verify = if verify { "&verify=1" } else { "" };
                [&self.order_url, "?n=", nonce, verify].concat()
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
        if let Some(token) = &self.token {
            headers.set("authorization", &["Bearer ", token].concat())?;
        }
        init.set_headers(&headers);
        init.set_cache(RequestCache::NoStore);
        init.set_signal(controller.map(AbortController::signal).as_ref());
        Ok(web_sys::Request::new_with_str_and_init(&url, &init)?.into())
    }
}

/// Reads an answer that the page asked for.
async fn read_early(name: RequestName, answer: Promise) -> Result<HttpAnswer, Failure> {
    match JsFuture::from(answer).await {
        Ok(response) => read(name, Ok(Response::from(response.unchecked_into::<web_sys::Response>()))).await,
        Err(why) => Err(name.unreachable(&said(&why))),
    }
}

/// Reads an answer to its end.
async fn read(request: RequestName, response: Result<Response, gloo_net::Error>) -> Result<HttpAnswer, Failure> {
    let broken = |error| match error {
        gloo_net::Error::JsError(error) => request.unreachable(&[&error.name, ": ", &error.message].concat()),
        _ => request.unreachable("not readable"),
    };
    let response = response.map_err(broken)?;
    let headers = response.headers();
    let body = response.text().await.map_err(broken)?;
    Ok(HttpAnswer {
        request,
        status: response.status(),
        content_type: headers.get("content-type"),
        retry_after: headers.get("retry-after"),
        body,
    })
}

/// What the browser says of an error, such as `TypeError: Failed to fetch`.
fn said(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Object>().map_or_else(String::new, |error| error.to_string().into())
}

fn event(order: bool, stamp: Stamp, answer: Result<HttpAnswer, Failure>) -> Event {
    fn of<T: Decode>(answer: Result<HttpAnswer, Failure>) -> Result<T, Failure> {
        answer.and_then(|answer| answer.read())
    }
    if order {
        Event::Order { stamp, result: of(answer).map(Box::new) }
    } else {
        Event::Payment { stamp, result: of(answer) }
    }
}
