//! The contract's calls.

use aws_lc_rs::digest;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use url::Url;
use wechat_cashier::contract::{self, Method, PaymentRequest};

use super::caller::{Allowed, ClientIp, Sent, only};
use super::{Purpose, Served, ShopSite, Site};
use crate::domain::{Addresses, Ask, Order, Terms, plus};
use crate::service::Problem;

/// A token and a ticket live so much longer than the order: late money, and a payer who comes back to look.
pub(super) const TOKEN_OUTLIVES_MS: i64 = 24 * 60 * 60 * 1000;

/// A request of the contract is a few hundred bytes; an address may be long.
const BODY_BYTES_MAX: usize = 16 * 1024;
const PAGE_URL_BYTES_MAX: usize = 2048;

pub(super) async fn order(
    State(served): State<Served>,
    allowed: Allowed,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let verify = only(query.as_deref().unwrap_or_default(), "verify")?;
    if verify.as_ref().is_some_and(|verify| verify != "1") {
        return Err(Problem::invalid("verify: expected 1, or no such parameter"));
    }
    let order = match (allowed.order(&served).await?, verify) {
        (order, None) => order,
        (_, Some(_)) => served.backend.verified(&allowed.order_id).await?,
    };
    Ok(served.answer(&allowed.shop, &order))
}

pub(super) async fn close(State(served): State<Served>, allowed: Allowed) -> Result<Response, Problem> {
    allowed.order(&served).await?;
    served.backend.close(&allowed.order_id).await.map(|order| served.answer(&allowed.shop, &order))
}

pub(super) async fn payment(
    State(served): State<Served>,
    allowed: Allowed,
    ClientIp(payer_client_ip): ClientIp,
    headers: HeaderMap,
    Sent(body): Sent,
) -> Result<Response, Problem> {
    // That it is paid counts for more than what is wrong with the request.
    let order = allowed.order(&served).await?;
    order.may_pay(served.backend.clock().now())?;
    let key = idempotency_key(&headers)?;
    let request = read(&body?)?;
    let ask = Ask {
        page_refused: served.site.refuses_page(&allowed.shop, &request.page_url),
        body_digest: digest_of(&request),
        method: request.method,
        page_url: request.page_url,
        replaces: request.replaces,
        key,
        terms: Terms { payer_client_ip, ..Terms::default() },
        method_refused: None,
        payer: served.payer(&allowed.shop, &order, &headers),
    };
    let payment = served.backend.pay(&allowed.order_id, ask, request.auth_code.as_deref()).await?;
    Ok((StatusCode::CREATED, Json(payment.answer(served.backend.clock().now()))).into_response())
}

impl Served {
    /// The order as the contract answers it.
    pub(super) fn answer(&self, shop: &ShopSite, order: &Order) -> Response {
        Json(self.contract_order(shop, order)).into_response()
    }

    /// An order of this shop's.
    pub(super) fn contract_order(&self, shop: &ShopSite, order: &Order) -> contract::Order {
        let order_id = &order.facts.order_id;
        let expires_at = plus(order.facts.expires_at, TOKEN_OUTLIVES_MS);
        let ticket = shop.tokens.mint(Purpose::Events, order_id, expires_at);
        let api = self.site.api_prefix.trim_end_matches('/').trim_start_matches('/');
        let addresses = Addresses {
            events_url: self
                .site
                .public_url
                .join(&format!("/{api}/orders/{order_id}/events?ticket={ticket}"))
                .ok()
                .map(Url::into),
            telemetry_url: match order.facts.telemetry_url.as_deref() {
                // The shop wants nothing measured of this one.
                Some("") => None,
                Some(own) => Some(own.to_owned()),
                None => self.site.public_url.join(&format!("/{api}/telemetry")).ok().map(Url::into),
            }
            .filter(|_| self.site.telemetry || order.facts.telemetry_url.is_some()),
        };
        order.answer(&shop.shop, addresses, self.backend.clock().now())
    }
}

impl Site {
    /// Why no payer is sent back to this page.
    fn refuses_page(&self, shop: &ShopSite, page_url: &str) -> Option<String> {
        if page_url.len() > PAGE_URL_BYTES_MAX {
            return Some(format!("page_url: expected at most {PAGE_URL_BYTES_MAX} bytes, got {}", page_url.len()));
        }
        let Ok(url) = Url::parse(page_url) else {
            return Some("page_url: expected the page's whole address, such as https://shop.example/pay/".to_owned());
        };
        let origin = url.origin().ascii_serialization();
        let is_listed = self.has_origin(&origin) || shop.origins.contains(&origin);
        let is_listed = is_listed || (super::any_origin(&self.origins) && url.has_host());
        (!is_listed).then(|| format!("page_url: {origin} is not one of this shop's origins"))
    }

    /// Whether pages of this origin may be any shop's.
    fn has_origin(&self, origin: &str) -> bool {
        origin == self.public_url.origin().ascii_serialization() || self.origins.iter().any(|listed| listed == origin)
    }

    /// Whether pages of this origin are other shops' than this one.
    pub(super) fn is_page_of_others(&self, origin: &str, shop: &ShopSite) -> bool {
        let is_anybodys = self.has_origin(origin) || super::any_origin(&self.origins);
        !is_anybodys && self.shops.is_others(origin, shop)
    }
}

pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut keys = headers.get_all("idempotency-key").iter();
    match (keys.next().and_then(|key| key.to_str().ok()), keys.next()) {
        (Some(key), None) if is_idempotency_key(key) => Ok(key.to_owned()),
        _ => Err(Problem::invalid("Idempotency-Key: expected one, of 1 to 64 characters of [0-9A-Za-z-]")),
    }
}

pub(super) fn is_idempotency_key(key: &str) -> bool {
    (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn read(body: &[u8]) -> Result<PaymentRequest, Problem> {
    if body.len() > BODY_BYTES_MAX {
        return Err(Problem::invalid(format!("the body has more than {BODY_BYTES_MAX} bytes")));
    }
    let request: PaymentRequest =
        serde_json::from_slice(body).map_err(|error| Problem::invalid(format!("the body cannot be read: {error}")))?;
    let is_code = |code: &str| {
        let (kind, rest) = code.split_at_checked(2).unwrap_or_default();
        code.len() == 18 && ("10".."16").contains(&kind) && rest.bytes().all(|byte| byte.is_ascii_digit())
    };
    match (&request.method, request.auth_code.as_deref()) {
        (Method::PaymentCode, Some(code)) if is_code(code) => Ok(request),
        (Method::PaymentCode, Some(_)) => {
            Err(Problem::invalid("auth_code: expected 18 digits that begin with 10 to 15, as WeChat shows them"))
        }
        (Method::PaymentCode, None) => Err(Problem::invalid("auth_code: missing, which payment_code needs")),
        _ => Ok(request),
    }
}

/// The same values, whatever their order and white space. What is kept of the payer's code is this.
fn digest_of(request: &PaymentRequest) -> String {
    let PaymentRequest { method, page_url, replaces, auth_code } = request;
    let mut context = digest::Context::new(&digest::SHA256);
    for part in [Some(method.id()), Some(page_url), replaces.as_deref(), auth_code.as_deref()] {
        let part = part.unwrap_or_default();
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part.as_bytes());
    }
    BASE64_URL_SAFE_NO_PAD.encode(context.finish())
}
