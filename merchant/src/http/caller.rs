//! Who asks.

use std::marker::PhantomData;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use wechat_cashier::contract::ProblemCode;

use super::{Purpose, Served, ShopSite};
use crate::config::Scope;
use crate::domain::Order;
use crate::service::Problem;

/// The order that the path names, for a page that has its token. Whether the order is of the shop whose token it is shows when it
/// is read: by [`Allowed::order`], before anything is done.
#[derive(Debug)]
pub(super) struct Allowed {
    pub(super) order_id: String,
    pub(super) shop: Arc<ShopSite>,
}

impl Allowed {
    /// The order.
    pub(super) async fn order(&self, served: &Served) -> Result<Order, Problem> {
        served.order_by_token(&self.shop, &self.order_id).await
    }
}

impl FromRequestParts<Served> for Allowed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Problem> {
        let Path(order_id) = Path::<String>::from_request_parts(parts, served)
            .await
            .map_err(|rejection| Problem::invalid(rejection.body_text()))?;
        // An EventSource sends no header: the ticket stands in the address.
        let is_events = parts.uri.path().ends_with("/events");
        let ticket = is_events.then(|| only(parts.uri.query().unwrap_or_default(), "ticket").ok().flatten()).flatten();
        let bearer = bearer(&parts.headers).map(str::to_owned);
        let now = served.backend.clock().now();
        let check = |purpose, token: &str| served.site.shops.by_token(purpose, &order_id, token, now);
        let checked = match (&bearer, &ticket) {
            (Some(token), _) => check(Purpose::Order, token),
            (None, Some(ticket)) => check(Purpose::Events, ticket),
            (None, None) => Err("Authorization: Bearer and the order's token are missing"),
        };
        match checked {
            Ok(shop) => {
                let origin = parts.headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
                if let Some(origin) = origin.filter(|origin| served.site.is_page_of_others(origin, shop)) {
                    return Err(Problem::new(ProblemCode::Unauthorized, format!("{origin} is another shop's")));
                }
                let shop = Arc::clone(shop);
                Ok(Self { order_id, shop })
            }
            Err(why) => {
                // An order that does not exist is not found, whatever the token.
                served.backend.order(&order_id).await?;
                Err(Problem::new(ProblemCode::Unauthorized, why))
            }
        }
    }
}

/// A shop that calls with a key that is good for that.
#[derive(Debug)]
pub(super) struct By<S>(pub(super) Arc<ShopSite>, pub(super) PhantomData<S>);

/// What a key has to be good for, as a type.
pub(super) trait Needs {
    const SCOPE: Scope;
}

macro_rules! needs {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        $($(#[$doc])*
        #[derive(Debug)]
        pub(super) struct $name;

        impl Needs for $name {
            const SCOPE: Scope = Scope::$name;
        })+
    };
}

needs! {
    /// Looking.
    Read,
    /// Making and closing orders.
    Orders,
    /// Giving money back.
    Refund,
}

impl<S: Needs> FromRequestParts<Served> for By<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Problem> {
        let refused = |detail: String| Err(Problem::new(ProblemCode::Unauthorized, detail));
        let Some(given) = bearer(&parts.headers) else {
            return refused("Authorization: Bearer and a key of the shop's are missing".to_owned());
        };
        match served.site.shops.by_key(given.as_bytes()) {
            Some((shop, key)) if key.may(S::SCOPE) => {
                served.site.pace.take(&format!("{}/{}", shop.id, key.name), Instant::now())?;
                let (shop_id, key, method, path) = (&shop.id, &key.name, &parts.method, parts.uri.path());
                tracing::debug!(shop = shop_id, key, %method, path, "the shop calls");
                Ok(Self(Arc::clone(shop), PhantomData))
            }
            Some((_, key)) => refused(format!("the key {} is not good for {}: shop.keys", key.name, S::SCOPE.word())),
            None => refused("the key is not the shop's".to_owned()),
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The payer's address, which H5 wants: what the merchant's own proxy says, or the connection.
#[derive(Debug)]
pub(super) struct ClientIp(pub(super) Option<String>);

impl FromRequestParts<Served> for ClientIp {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Self::Rejection> {
        let is_trusted = |ip: &IpAddr| served.site.trusted_proxies.iter().any(|network| network.contains(*ip));
        let Some(ConnectInfo(connected)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else {
            return Ok(Self(None));
        };
        // From the last to the first: each is what the machine behind it saw, as long as that is a proxy of the merchant's.
        let said = parts.headers.get_all("x-forwarded-for").iter().rev().filter_map(|value| value.to_str().ok());
        let said = said.flat_map(|value| value.rsplit(',')).map(|ip| ip.trim().parse::<IpAddr>());
        let mut ip = connected.ip().to_canonical();
        for before in said {
            match before {
                Ok(before) if is_trusted(&ip) => ip = before.to_canonical(),
                _ => break,
            }
        }
        Ok(Self(Some(ip.to_string())))
    }
}

/// The body, or why there is none: other things may count for more than that.
#[derive(Debug)]
pub(super) struct Sent(pub(super) Result<Bytes, Problem>);

impl FromRequest<Served> for Sent {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, served: &Served) -> Result<Self, Self::Rejection> {
        let body = Bytes::from_request(request, served).await;
        Ok(Self(body.map_err(|rejection| match rejection.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::invalid("the body is far too long"),
            _ => Problem::invalid("the body did not come whole"),
        })))
    }
}

/// The one value of a query parameter.
///
/// # Errors
/// It stands there more than once.
pub(super) fn only(query: &str, name: &str) -> Result<Option<String>, Problem> {
    let mut values =
        url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).map(|(_, value)| value);
    let first = values.next().map(std::borrow::Cow::into_owned);
    match values.next() {
        None => Ok(first),
        Some(_) => Err(Problem::invalid(format!("the query parameter {name} stands there more than once"))),
    }
}
