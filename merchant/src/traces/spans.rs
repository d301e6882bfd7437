//! What is a span, and what stands in it. The names are OpenTelemetry's where it has one
//! (<https://opentelemetry.io/docs/specs/semconv/http/http-spans/>).

use axum::http::{HeaderMap, Method, StatusCode};
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::TARGET;

/// A request that came. `proxy` are the headers of one that is believed: its trace goes on.
pub(crate) fn request(method: &str, route: &str, order_id: Option<&str>, proxy: Option<&HeaderMap>) -> Span {
    let span = tracing::info_span!(
        target: TARGET,
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        order_id,
    );
    if let Some(headers) = proxy.filter(|_| !span.is_disabled()) {
        // It has just begun, and nothing of it is on its way.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&HeaderExtractor(headers)));
    }
    span
}

/// How a request was answered.
pub(crate) fn responded(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// What was due of an order: a trace of its own.
pub(crate) fn work(order_id: &str) -> Span {
    tracing::info_span!(target: TARGET, parent: None, "work", otel.name = "what is due", order_id)
}

/// A step of an order's, as the domain decided it.
pub(crate) fn step(word: &'static str, order_id: &str) -> Span {
    tracing::info_span!(target: TARGET, "step", otel.name = word, order_id)
}

/// A request to WeChat Pay; `template` is its path without what differs from order to order.
pub(crate) fn platform(method: &Method, template: &str) -> Span {
    tracing::info_span!(
        target: TARGET,
        "platform",
        otel.name = format!("{method} {template}"),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = method.as_str(),
        url.template = template,
        http.response.status_code = Empty,
        error.r#type = Empty,
        wechat_pay.request_id = Empty,
    )
}

/// How WeChat Pay answered.
pub(crate) fn asked(span: &Span, status: StatusCode, headers: &HeaderMap) {
    responded(span, status);
    if let Some(id) = headers.get("request-id").and_then(|id| id.to_str().ok()) {
        span.record("wechat_pay.request_id", id);
    }
}

/// No answer came.
pub(crate) fn failed(span: &Span, why: &str) {
    span.record("error.type", why);
    span.record("otel.status_code", "ERROR");
}

/// A message to the shop.
pub(crate) fn webhook(id: &str, kind: &str) -> Span {
    tracing::info_span!(
        target: TARGET,
        "webhook",
        otel.name = format!("webhook {kind}"),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = "POST",
        http.response.status_code = Empty,
        error.r#type = Empty,
        webhook_id = id,
    )
}
