//! Each request as a span (`[traces]`).

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use super::Served;
use crate::domain::Order;
use crate::traces;

/// A layer around all routes.
pub(super) async fn traced(State(served): State<Served>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let method = match request.method().as_str() {
        method @ ("GET" | "POST" | "OPTIONS" | "HEAD") => method,
        // Anything that a caller likes.
        _ => "other",
    };
    let connected = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|from| from.0.ip().to_canonical());
    let is_proxy = connected.is_some_and(|ip| served.site.trusted_proxies.iter().any(|network| network.contains(ip)));
    let order_id = order_of(route, request.uri().path());
    let span = traces::request(method, route, order_id, is_proxy.then(|| request.headers()));
    if span.is_disabled() {
        return next.run(request).await;
    }
    // A stream of events lasts as long as its page; its span ends with its beginning, as with all others.
    let response = next.run(request).instrument(span.clone()).await;
    traces::responded(&span, response.status());
    response
}

/// The order that a path names.
fn order_of<'p>(route: &str, path: &'p str) -> Option<&'p str> {
    let place = route.split('/').position(|part| part == "{order_id}")?;
    path.split('/').nth(place).filter(|order_id| Order::check_id(order_id).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_what_stands_in_its_place() {
        let route = "/api/orders/{order_id}/payments";
        assert_eq!(order_of(route, "/api/orders/T20261121001/payments"), Some("T20261121001"));
        assert_eq!(order_of(route, "/api/orders/%00%00%00%00/payments"), None);
        assert_eq!(order_of("/health", "/health"), None);
    }
}
