//! H5: the middle page of `wx.tenpay.com`.

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;

use crate::assets::{html, refusal_page};
use crate::sandbox::Sandbox;

pub(super) fn router() -> Router<Sandbox> {
    Router::new().route("/wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb", get(checkmweb))
}

/// The platform decides; the page is drawn here.
async fn checkmweb(Shared(sandbox): Shared<Sandbox>, request: Request) -> Response {
    match said(&sandbox, request).await {
        (_, said) if said["result"] == "opens_wechat" => html(include_str!("../assets/h5.html")),
        (_, said) => refusal(&said, "微信支付"),
    }
}

/// What the platform says to a page of its own, for who draws it.
pub(super) async fn said(sandbox: &Sandbox, mut request: Request) -> (Response, Value) {
    const BYTES_MAX: usize = 64 << 10;
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let (parts, body) = sandbox.ask_platform(request).await.into_parts();
    let bytes = to_bytes(body, BYTES_MAX).await.unwrap_or_default();
    (Response::from_parts(parts, axum::body::Body::empty()), serde_json::from_slice(&bytes).unwrap_or_default())
}

/// The platform's page that goes no further.
pub(super) fn refusal(said: &Value, title: &str) -> Response {
    let word = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
    let text = match said["code"].as_u64() {
        Some(code) => format!("{} ({code})", word("text")),
        None => word("text"),
    };
    Html(refusal_page(title, &text, &word("gloss"), "")).into_response()
}
