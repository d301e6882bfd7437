//! The place that notifications come to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;
use tokio::sync::watch;
use wechat_cashier_simulator::config::Merchant;
use wechat_cashier_simulator::crypto::{Sealed, open};

/// What came to the notify address.
#[derive(Clone, Debug)]
pub(crate) struct Came {
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// Where notifications come to.
#[derive(Clone, Debug)]
pub(crate) struct Inbox {
    came: Arc<Mutex<Vec<Came>>>,
    /// What is answered next; then 204.
    answers: Arc<Mutex<VecDeque<u16>>>,
    count: Arc<watch::Sender<usize>>,
}

impl Inbox {
    pub(crate) fn new() -> Self {
        Self { came: Arc::default(), answers: Arc::default(), count: Arc::new(watch::channel(0).0) }
    }

    pub(crate) fn router(&self) -> Router {
        Router::new().route("/notify", post(take)).with_state(self.clone())
    }

    /// The statuses that the next notifications are answered with.
    pub(crate) fn answer_with(&self, statuses: &[u16]) {
        self.answers.lock().unwrap().extend(statuses);
    }

    pub(crate) fn came(&self) -> Vec<Came> {
        self.came.lock().unwrap().clone()
    }

    /// Waits until so many have come.
    pub(crate) async fn until_came(&self, count: usize) -> Vec<Came> {
        let mut counts = self.count.subscribe();
        counts.wait_for(|come| *come >= count).await.unwrap();
        self.came()
    }
}

impl Came {
    /// What is sealed in it.
    pub(crate) fn opened(&self) -> Value {
        self.opened_by(&Merchant::demo()).unwrap()
    }

    /// The same for another merchant, if it is sealed with that one's key.
    pub(crate) fn opened_by(&self, merchant: &Merchant) -> Option<Value> {
        let body: Value = serde_json::from_str(&self.body).unwrap();
        let sealed: Sealed = serde_json::from_value(body["resource"].clone()).unwrap();
        let plaintext = open(merchant.apiv3_key.as_bytes(), &sealed)?;
        serde_json::from_slice(&plaintext).ok()
    }
}

async fn take(State(inbox): State<Inbox>, headers: HeaderMap, body: Bytes) -> StatusCode {
    inbox.came.lock().unwrap().push(Came { headers, body: String::from_utf8(body.to_vec()).unwrap() });
    let status = inbox.answers.lock().unwrap().pop_front().unwrap_or(204);
    inbox.count.send_modify(|count| *count += 1);
    StatusCode::from_u16(status).unwrap()
}
