//! The hosted page, with the order's first answer in it: the code is drawn with no further request.
//!
//! A payer at a computer will want a code, so it is asked for before the page is sent. Where anything is wrong, with the
//! address, the order or WeChat Pay, the page goes out as it was built, asks by itself, and says what is wrong.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use tower_http::services::ServeDir;
use url::Url;
use wechat_cashier::contract::Method;
use wechat_cashier::core::{Environment, Probes, Surface};

use super::{Purpose, Served};
use crate::domain::{Ask, Order, Payer, Terms};

/// Where the page is.
pub(super) const PATH: &str = "/cashier/";

/// Hands the answer in the page to the cashier, as if it had been asked for when the page was opened
/// (docs/embedding.md, the order asked for in the page's head).
const SCRIPT: &str = include_str!("page.js");

/// The page as it was built, taken apart once.
#[derive(Clone, Debug)]
pub struct Page {
    folder: PathBuf,
    /// Up to the script that asks for the order.
    before: String,
    /// That script.
    asks: String,
    /// What comes after it.
    after: String,
}

/// Why there is no page.
#[derive(Debug)]
pub enum PageError {
    /// Its `index.html` cannot be read.
    Read(PathBuf, io::Error),
    /// It has no script that asks for the order: it is not the cashier's.
    NoScript(PathBuf),
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, error) => write!(f, "{}: {error}", path.display()),
            Self::NoScript(path) => write!(f, "{}: it is not the cashier's page", path.display()),
        }
    }
}

impl std::error::Error for PageError {}

impl Page {
    /// The page that `cargo xtask dist` has written into a folder.
    ///
    /// # Errors
    /// When it is not there.
    pub fn read(folder: &Path) -> Result<Self, PageError> {
        let index = folder.join("index.html");
        let html = std::fs::read_to_string(&index).map_err(|error| PageError::Read(index.clone(), error))?;
        let (before, rest) = html.split_once("<script>").ok_or_else(|| PageError::NoScript(index.clone()))?;
        let (asks, after) = rest.split_once("</script>").ok_or(PageError::NoScript(index))?;
        Ok(Self {
            folder: folder.to_owned(),
            before: before.to_owned(),
            asks: asks.to_owned(),
            after: after.to_owned(),
        })
    }

    /// With metas for it, and the order's answer where there is one.
    fn html(&self, metas: &str, first: Option<(&str, &str)>) -> (String, String) {
        let Self { before, asks, after, .. } = self;
        match first {
            None => (format!("{before}{metas}<script>{asks}</script>{after}"), policy(asks)),
            Some((url, answer)) => {
                let answer = answer.replace('<', "\\u003c");
                let url = escaped(url);
                let data = format!(
                    "<script type=\"application/json\" id=\"cashier-first\" data-url=\"{url}\">{answer}</script>"
                );
                (format!("{before}{metas}{data}<script>{SCRIPT}</script>{after}"), policy(SCRIPT))
            }
        }
    }
}

/// The policy of docs/embedding.md, with the hash of the one script in the page.
fn policy(script: &str) -> String {
    let hash = BASE64_STANDARD.encode(digest::digest(&digest::SHA256, script.as_bytes()));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-{hash}'; style-src 'self'; \
         img-src 'self' data: https:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// A text within a quoted attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// `/cashier` without its stroke: the page's own addresses are relative.
pub(super) async fn with_stroke(request: Request) -> Redirect {
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::temporary(&format!("{PATH}{query}"))
}

pub(super) async fn page(State(served): State<Served>, request: Request) -> Response {
    let Some(page) = served.site.page.clone() else { return super::problem::not_found().await };
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let first = served.first(request.uri().query().unwrap_or_default(), agent).await;
    let (html, policy) =
        page.html(&served.metas(), first.as_ref().map(|(url, answer)| (url.as_str(), answer.as_str())));
    let policy = HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        // A token stands in the address: other sites learn the origin, which H5 needs.
        (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin")),
    ];
    (headers, html).into_response()
}

/// What the page consists of. Names with a hash in them never mean anything else.
pub(super) async fn file(State(served): State<Served>, mut request: Request) -> Response {
    let Some(page) = served.site.page.clone() else { return super::problem::not_found().await };
    let path = format!("/{}", request.uri().path().strip_prefix(PATH).unwrap_or_default());
    let Ok(uri) = path.parse() else { return super::problem::not_found().await };
    *request.uri_mut() = uri;
    let Ok(served) =
        tower::ServiceExt::oneshot(ServeDir::new(&page.folder).precompressed_br().precompressed_gzip(), request).await;
    let mut response = served.into_response();
    if response.status() == StatusCode::NOT_FOUND {
        return super::problem::not_found().await;
    }
    let caching = if has_hash(&path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}

/// `wechat-cashier-0123456789abcdef_bg.wasm`.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '.', '_']).any(|part| part.len() >= 8 && part.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

impl Served {
    /// The address that the page will ask, and what it would be answered.
    async fn first(&self, query: &str, agent: &str) -> Option<(String, String)> {
        let value = |name| super::caller::only(query, name).ok().flatten();
        let (order_id, token) = (value("order")?, value("token")?);
        let now = self.backend.clock().now();
        self.site.tokens.check(Purpose::Order, &order_id, &token, now).ok()?;
        let mut order = self.backend.order(&order_id).await.ok()?;
        if value("surface").is_none() && wants_code(&order, agent) && order.good_payment(now).is_none() {
            order = self.with_code(order, query).await;
        }
        let answer = serde_json::to_string(&self.contract_order(&order)).ok()?;
        let api = self.site.api_prefix.trim_end_matches('/');
        Some((format!("{api}/orders/{order_id}"), answer))
    }

    /// The order with a code to scan, if WeChat Pay gives one.
    async fn with_code(&self, order: Order, query: &str) -> Order {
        let Ok(mut page_url) = self.site.public_url.join(PATH) else { return order };
        page_url.set_query(Some(query));
        let page_url = String::from(page_url);
        // However often the page is opened, there is one code.
        let digest = BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, page_url.as_bytes()));
        let key: String = digest.chars().filter(char::is_ascii_alphanumeric).take(24).collect();
        let ask = Ask {
            method: Method::Native,
            page_url,
            page_refused: None,
            replaces: None,
            key: format!("page-{key}"),
            body_digest: digest,
            terms: Terms::default(),
            payer: Payer::default(),
            method_refused: None,
        };
        let order_id = &order.facts.order_id;
        if let Err(problem) = self.backend.pay(order_id, ask, None).await {
            tracing::info!(order_id, why = problem.detail, "the page goes out without a code");
        }
        self.backend.order(order_id).await.unwrap_or(order)
    }

    /// What an integrator writes into the page.
    fn metas(&self) -> String {
        let meta =
            |name: &str, content: &str| format!("<meta name=\"cashier-{name}\" content=\"{}\">", escaped(content));
        let api = meta("api", &self.site.api_prefix);
        let origins = self.site.origins.iter().map(String::as_str);
        let simulated = self.site.pay_origins.iter().map(String::as_str);
        let listed: Vec<_> = origins.chain(simulated).collect();
        api + &meta("origins", &listed.join(" "))
    }
}

/// Whether the page that such a browser opens will ask for a code at once.
fn wants_code(order: &Order, agent: &str) -> bool {
    let place = Environment::of(&Probes { user_agent: agent.to_owned(), ..Probes::default() });
    place.ways(Surface::Payer, &order.facts.methods).first().is_some_and(|way| way.method == Method::Native)
}

/// Its address, for who makes orders.
pub(super) fn address(public_url: &Url, order_id: &str, token: &str) -> Option<String> {
    let mut url = public_url.join(PATH).ok()?;
    url.query_pairs_mut().append_pair("order", order_id).append_pair("token", token);
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_stands_in_the_page_and_ends_no_script() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.html"), "<head><script>ask()</script><link></head>").unwrap();
        let page = Page::read(folder.path()).unwrap();
        let (html, policy) = page.html("<meta>", Some(("/api/orders/a\"b", "{\"d\":\"</script><b>\"}")));
        assert!(html.starts_with("<head><meta><script type=\"application/json\" id=\"cashier-first\" data-url=\"/api/orders/a&quot;b\">{\"d\":\"\\u003c/script>\\u003cb>\"}</script><script>"), "{html}");
        assert!(html.ends_with("</script><link></head>") && !html.contains("ask()"), "{html}");
        assert!(!policy.contains("unsafe-inline") && policy.contains("'sha256-"), "{policy}");
        let (html, other) = page.html("", None);
        assert_eq!(html, "<head><script>ask()</script><link></head>");
        assert_ne!(policy, other);
    }

    #[test]
    fn a_folder_without_the_page_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Page::read(folder.path()), Err(PageError::Read(..))));
        std::fs::write(folder.path().join("index.html"), "<p>nothing").unwrap();
        assert!(matches!(Page::read(folder.path()), Err(PageError::NoScript(_))));
    }
}
