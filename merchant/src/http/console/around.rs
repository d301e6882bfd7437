//! Around every answer: who asks is looked at once, what is refused becomes a page, and the headers that all have.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::refusal::{Refusal, explained};
use super::session::Entered;
use super::visitor::Visitor;
use crate::console::trouble;
use crate::http::Served;

/// Pages have no script, no frame and nothing of others.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                      base-uri 'none'";

pub(super) async fn around(State(served): State<Served>, mut request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let visitor = Visitor::of(&served, request.headers(), request.uri(), is_read);
    request.extensions_mut().insert(visitor.clone());
    let mut response = next.run(request).await;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        response = refused(&visitor, refusal);
    }
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Forms say from which origin they come only if pages say something at all.
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in
        [("cross-origin-opener-policy", "same-origin"), ("cross-origin-resource-policy", "same-origin")]
    {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.append(header::VARY, HeaderValue::from_static("Cookie, Accept-Language"));
    response
}

fn refused(visitor: &Visitor, refusal: Refusal) -> Response {
    match explained(refusal) {
        Some((status, what)) => visitor.answer(status, trouble(&visitor.desk(), what, &visitor.here)),
        None => {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            if visitor.here != "/console/" {
                query.append_pair("next", &visitor.here);
            }
            if matches!(visitor.entered, Entered::Ended) {
                query.append_pair("ended", "1");
            }
            let query = query.finish();
            let joint = if query.is_empty() { "" } else { "?" };
            Redirect::to(&format!("/console/login{joint}{query}")).into_response()
        }
    }
}
