//! The server: renders the page, and passes on what the cashier asks of the backend.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING, USER_AGENT,
};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use leptos::prelude::*;
use leptos_axum::{
    ResponseOptions, extract, render_app_to_stream_in_order_with_context, site_pkg_dir_service,
    site_pkg_dir_service_route_path,
};
use reqwest::{Client, RequestBuilder, Url};
use wechat_cashier::STYLE;
use wechat_cashier::contract::{Decode, HttpAnswer, Method, Order, OrderStatus, PaymentRequest, RequestName, encode};
use wechat_cashier::core::{Environment, Probes, Surface};

use crate::{Asked, Checkout, shell};

/// The merchant's backend, which speaks the cashier's contract under `/api`.
#[derive(Clone)]
pub struct Backend {
    client: Client,
    address: Arc<str>,
}

impl Backend {
    pub fn at(address: &str) -> Self {
        Self { client: Client::new(), address: address.trim_end_matches('/').into() }
    }

    /// The order, where the backend answers with one. Where not, the browser asks again and says what is wrong.
    ///
    /// A payer who sits at a computer will want a code: it is asked for here already, so that the page comes with it. (A
    /// backend of one's own can answer with it at once: the contract's `payment`.)
    async fn first(&self, asked: &Asked, user_agent: &str, page_url: &str) -> Option<Order> {
        let mut order: Order = self.ask(self.client.get(self.order(asked, None)?), asked).await?;
        let place = Environment::of(&Probes { user_agent: user_agent.to_owned(), ..Probes::default() });
        let best = place.ways(Surface::Payer, &order.methods).into_iter().next();
        let wants_code = order.payment.is_none() && order.status == OrderStatus::Pending;
        if wants_code && best.is_some_and(|way| way.method == Method::Native) {
            let request = PaymentRequest {
                method: Method::Native,
                page_url: page_url.to_owned(),
                replaces: None,
                auth_code: None,
            };
            // The same key for the same order: however often the page is opened, there is one code.
            let request = self
                .client
                .post(self.order(asked, Some("payments"))?)
                .header(CONTENT_TYPE, "application/json")
                .header("idempotency-key", format!("page-{}", asked.order))
                .body(encode(&request).ok()?);
            order.payment = self.ask(request, asked).await;
        }
        Some(order)
    }

    fn order(&self, asked: &Asked, below: Option<&str>) -> Option<Url> {
        let mut url = Url::parse(&self.address).ok()?;
        url.path_segments_mut().ok()?.pop_if_empty().extend(["api", "orders", &asked.order]).extend(below);
        Some(url)
    }

    async fn ask<T: Decode>(&self, request: RequestBuilder, asked: &Asked) -> Option<T> {
        let request = request.header(ACCEPT, "application/json");
        let request = if let Some(token) = &asked.token { request.bearer_auth(token) } else { request };
        let answer = request.send().await.ok()?;
        let answer = HttpAnswer {
            request: RequestName::new("", answer.url().as_str()),
            status: answer.status().as_u16(),
            content_type: text(answer.headers(), CONTENT_TYPE),
            retry_after: None,
            body: answer.text().await.ok()?,
        };
        answer.read().ok()
    }
}

/// What the page is made of: the server's half of [`ask`](crate::app::ask).
pub(crate) async fn checkout() -> Result<Checkout, ServerFnError> {
    let Query(asked): Query<Asked> = extract().await?;
    let headers: HeaderMap = extract().await?;
    let uri: Uri = extract().await?;
    // The page is of one moment and for one payer.
    expect_context::<ResponseOptions>().insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let user_agent = text(&headers, USER_AGENT);
    let page_url = format!("http://{}{uri}", text(&headers, HOST).unwrap_or_default());
    let backend = expect_context::<Backend>();
    let first = backend.first(&asked, user_agent.as_deref().unwrap_or_default(), &page_url).await;
    Ok(Checkout { order: asked.order, token: asked.token, first, user_agent, page_url })
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

pub fn router(options: &LeptosOptions, backend: Backend) -> Router {
    let page = {
        let (options, backend) = (options.clone(), backend.clone());
        render_app_to_stream_in_order_with_context(
            move || provide_context(backend.clone()),
            move || shell(options.clone()),
        )
    };
    Router::new()
        .route("/", get(page))
        .route("/cashier.css", get(|| async { ([(CONTENT_TYPE, "text/css")], STYLE) }))
        .route_service(&site_pkg_dir_service_route_path(options), site_pkg_dir_service(options))
        .fallback(pass_on)
        .with_state(backend)
}

/// No request of the cashier's is longer, in bytes.
const BODY_MAX: usize = 64 * 1024;

/// In a real shop the backend is often this very server, or a gateway's next route.
async fn pass_on(State(backend): State<Backend>, request: Request) -> Response {
    forward(&backend, request).await.unwrap_or_else(|| StatusCode::BAD_GATEWAY.into_response())
}

async fn forward(backend: &Backend, request: Request) -> Option<Response> {
    let (parts, body) = request.into_parts();
    let url = format!("{}{}", backend.address, parts.uri.path_and_query()?);
    let body = to_bytes(body, BODY_MAX).await.ok()?;
    let answer = backend.client.request(parts.method, url).headers(parts.headers).body(body).send().await.ok()?;
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers().iter().filter(|(name, _)| *name != TRANSFER_ENCODING) {
        response = response.header(name, value);
    }
    // As it comes: server-sent events do not end.
    response.body(Body::from_stream(answer.bytes_stream())).ok()
}
