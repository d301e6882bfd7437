//! The shop's receiver: keeps what comes, and answers as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use wechat_cashier_merchant::webhook::Signer;

use crate::bench::{Bench, WEBHOOK_SECRET};

/// How the receiver answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Says {
    /// This status, with a place to go to; 503 with a time to wait.
    Status(u16),
    /// Nothing, ever.
    Nothing,
}

/// A message that came.
#[derive(Clone, Debug)]
pub(crate) struct Came {
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) timestamp: String,
    pub(crate) signature: String,
    pub(crate) content_type: String,
    pub(crate) text: String,
}

impl Came {
    pub(crate) fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn kind(&self) -> String {
        self.body()["type"].as_str().unwrap().to_owned()
    }

    /// Whether it is signed for the time of the bench.
    pub(crate) fn is_genuine(&self, bench: &Bench) -> bool {
        self.is_signed_with(WEBHOOK_SECRET, bench)
    }

    /// The same for a secret of another shop's.
    pub(crate) fn is_signed_with(&self, secret: &str, bench: &Bench) -> bool {
        let signer = Signer::new([secret]).unwrap();
        let headers = (&*self.id, &*self.timestamp, &*self.signature);
        signer.verify(headers, self.text.as_bytes(), bench.backend.clock().now()).is_ok()
    }
}

#[derive(Clone)]
struct Kept {
    says: Arc<Mutex<VecDeque<Says>>>,
    came: mpsc::UnboundedSender<Came>,
}

/// The receiver.
pub(crate) struct Receiver {
    pub(crate) url: String,
    kept: Kept,
    came: mpsc::UnboundedReceiver<Came>,
}

impl Receiver {
    /// One that answers the first messages so, and all others with 204.
    pub(crate) async fn that_says(says: &[Says]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self::down(listener.local_addr().unwrap().port());
        receiver.kept.says.lock().unwrap().extend(says);
        receiver.serve(listener);
        receiver
    }

    /// One that is not there yet.
    pub(crate) fn down(port: u16) -> Self {
        let (sender, came) = mpsc::unbounded_channel();
        let kept = Kept { says: Arc::default(), came: sender };
        Self { url: format!("http://127.0.0.1:{port}/webhooks"), kept, came }
    }

    pub(crate) fn serve(&self, listener: TcpListener) {
        let routes = Router::new().fallback(take).with_state(self.kept.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
    }

    /// A configuration for it.
    pub(crate) fn table(&self, more: &str) -> String {
        format!("[webhooks]\nurl = \"{}\"\nsecret_file = \"webhook.secret\"\n{more}\n", self.url)
    }

    /// The next message; waits for it.
    pub(crate) async fn next(&mut self) -> Came {
        let limit = std::time::Duration::from_secs(60);
        tokio::time::timeout(limit, self.came.recv()).await.expect("no message comes").unwrap()
    }

    /// All that has come and was not looked at.
    pub(crate) fn rest(&mut self) -> Vec<Came> {
        std::iter::from_fn(|| self.came.try_recv().ok()).collect()
    }
}

async fn take(State(kept): State<Kept>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let text = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
    let says = kept.says.lock().unwrap().pop_front().unwrap_or(Says::Status(204));
    let came = Came {
        path: uri.path().to_owned(),
        id: text("webhook-id"),
        timestamp: text("webhook-timestamp"),
        signature: text("webhook-signature"),
        content_type: text("content-type"),
        text: String::from_utf8(body.to_vec()).unwrap(),
    };
    // Nobody may look any more.
    let _ = kept.came.send(came);
    match says {
        Says::Nothing => std::future::pending().await,
        Says::Status(204) => StatusCode::NO_CONTENT.into_response(),
        Says::Status(503) => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "60")]).into_response(),
        Says::Status(status) => {
            let elsewhere = [(header::LOCATION, "/elsewhere")];
            (StatusCode::from_u16(status).unwrap(), elsewhere, "the receiver's own words").into_response()
        }
    }
}
