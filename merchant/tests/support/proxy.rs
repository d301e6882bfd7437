//! Stands between the backend and the simulated WeChat Pay, and forges what passes.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

use crate::bench::serve;

/// What is done to the next messages.
#[derive(Clone, Debug)]
pub(crate) enum Forgery {
    /// One bit of the body is another.
    BodyBit(usize),
    /// One bit of this header is another.
    HeaderBit(&'static str, usize),
}

/// A message that passed.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// What is set, and what passed last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forger(Arc<Mutex<Set>>);

#[derive(Debug, Default)]
struct Set {
    forgery: Option<Forgery>,
    /// Only messages of calls whose path ends so, without its query; of all, if it is empty.
    path_end: &'static str,
    last: Option<Message>,
}

/// Which half of an exchange is forged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forges {
    /// What is answered.
    Answers,
    /// What is asked.
    Requests,
}

impl Forger {
    /// What to do from now on.
    pub(crate) fn set(&self, forgery: Option<Forgery>) {
        self.set_for("", forgery);
    }

    /// The same for calls whose path ends so.
    pub(crate) fn set_for(&self, path_end: &'static str, forgery: Option<Forgery>) {
        let mut set = self.0.lock().unwrap();
        (set.path_end, set.forgery) = (path_end, forgery);
    }

    /// The last message, as it was before it was forged.
    pub(crate) fn last(&self) -> Option<Message> {
        self.0.lock().unwrap().last.clone()
    }

    fn forge(&self, mut message: Message) -> Message {
        let forgery = {
            let mut set = self.0.lock().unwrap();
            if !message.path.split('?').next().unwrap_or_default().ends_with(set.path_end) {
                return message;
            }
            set.last = Some(message.clone());
            set.forgery.clone()
        };
        match forgery {
            None => {}
            Some(Forgery::BodyBit(at)) => flip(&mut message.body, at),
            Some(Forgery::HeaderBit(name, at)) => {
                let value = flipped(message.headers[name].as_bytes(), at);
                message.headers.insert(name, HeaderValue::from_bytes(&value).unwrap());
            }
        }
        message
    }
}

/// A header's value with one bit flipped: this one, or the next that gives a value that HTTP can carry.
pub(crate) fn flipped(value: &[u8], at: usize) -> Vec<u8> {
    let flipped = |at| {
        let mut value = value.to_vec();
        flip(&mut value, at);
        value
    };
    let is_carried = |value: &Vec<u8>| value.iter().all(u8::is_ascii_graphic);
    (at..at + value.len() * 8).map(flipped).find(is_carried).unwrap()
}

/// Flips one of its bits, counted round.
pub(crate) fn flip(bytes: &mut [u8], at: usize) {
    let bits = bytes.len() * 8;
    if bits > 0 {
        let at = at % bits;
        bytes[at / 8] ^= 1 << (at % 8);
    }
}

#[derive(Clone)]
struct Between {
    to: String,
    forges: Forges,
    forger: Forger,
    http: reqwest::Client,
}

/// A proxy to an address. Gives its own.
pub(crate) async fn between(to: &str, forges: Forges, forger: Forger) -> String {
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let state = Between { to: to.to_owned(), forges, forger, http };
    serve(Router::new().fallback(pass).with_state(state)).await.0
}

async fn pass(State(between): State<Between>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().unwrap().to_string();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap().to_vec();
    let mut headers = parts.headers;
    headers.remove("host");
    headers.remove("content-length");
    let mut asked = Message { path, headers, body };
    if between.forges == Forges::Requests {
        asked = between.forger.forge(asked);
    }
    let url = format!("{}{}", between.to, asked.path);
    let answer = between.http.request(parts.method, url).headers(asked.headers).body(asked.body).send().await.unwrap();
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    headers.remove("content-length");
    headers.remove("transfer-encoding");
    let mut said = Message { path: asked.path, headers, body: answer.bytes().await.unwrap().to_vec() };
    if between.forges == Forges::Answers {
        said = between.forger.forge(said);
    }
    let mut response = Response::new(Body::from(said.body));
    *response.status_mut() = StatusCode::from_u16(status.as_u16()).unwrap();
    *response.headers_mut() = said.headers;
    response
}
