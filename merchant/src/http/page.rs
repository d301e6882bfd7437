//! The hosted page, with the order's first answer in it, and the code drawn: it is seen with no further request.
//!
//! A payer at a computer will want a code, so it is asked for before the page is sent. Where anything is wrong, with the
//! address, the order or WeChat Pay, the page goes out as it was built, asks by itself, and says what is wrong.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use tower_http::services::ServeDir;
use url::Url;
use wechat_cashier::contract::Method;
use wechat_cashier::core::{Environment, Probes, RETURNED, Surface};

use super::caller::{Allowed, only};
use super::picture::{Visit, language, picture};
use super::{Purpose, Served, ShopSite};
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
    /// What comes between it and the cashier's place.
    between: String,
    /// What keeps the place free until there is something to show.
    skeleton: String,
    /// What comes after the place.
    after: String,
}

/// What is known of the order when the page goes out.
#[derive(Debug)]
struct First {
    /// The address that the page will ask.
    url: String,
    /// What it would be answered.
    answer: String,
    /// What will be seen of it, if that is the code.
    picture: Option<String>,
}

/// Why there is no page.
#[derive(Debug)]
pub enum PageError {
    /// Its `index.html` cannot be read.
    Read(PathBuf, io::Error),
    /// It has no script that asks for the order, or no place for the cashier: it is not the cashier's.
    NotOurs(PathBuf),
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, error) => write!(f, "{}: {error}", path.display()),
            Self::NotOurs(path) => write!(f, "{}: it is not the cashier's page", path.display()),
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
        Self::of(&html, folder).ok_or(PageError::NotOurs(index))
    }

    fn of(html: &str, folder: &Path) -> Option<Self> {
        let (before, rest) = html.split_once("<script>")?;
        let (asks, rest) = rest.split_once("</script>")?;
        let place = rest.find("<main id=\"cashier\"")?;
        let begins = place + rest[place..].find('>')? + 1;
        let (between, rest) = rest.split_at(begins);
        let (skeleton, after) = rest.split_at(rest.find("</main>")?);
        Some(Self {
            folder: folder.to_owned(),
            before: before.to_owned(),
            asks: asks.to_owned(),
            between: between.to_owned(),
            skeleton: skeleton.to_owned(),
            after: after.to_owned(),
        })
    }

    /// With metas for it, and what is known of the order. And its policy.
    fn html(&self, metas: &str, first: Option<&First>) -> (String, String) {
        let Self { before, asks, between, skeleton, after, .. } = self;
        let (data, script) = match first {
            None => (String::new(), asks.as_str()),
            Some(First { url, answer, .. }) => {
                let (url, answer) = (escaped(url), answer.replace('<', "\\u003c"));
                let data = format!(
                    "<script type=\"application/json\" id=\"cashier-first\" data-url=\"{url}\">{answer}</script>"
                );
                (data, SCRIPT)
            }
        };
        let place = first.and_then(|first| first.picture.as_ref()).unwrap_or(skeleton);
        (format!("{before}{metas}{data}<script>{script}</script>{between}{place}{after}"), policy(script))
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

pub(super) async fn page(State(served): State<Served>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let Some(page) = served.site.page.clone() else { return super::problem::not_found().await };
    let said = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let query = query.unwrap_or_default();
    let asked = served.asked(&query);
    let first = match &asked {
        Some(asked) => served.first(asked, &query, said(header::USER_AGENT), said(header::ACCEPT_LANGUAGE)).await,
        None => None,
    };
    let (html, policy) = page.html(&served.metas(asked.as_ref().map(|asked| &*asked.shop)), first.as_ref());
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
    /// The order in the page's address. Nothing, where that has none and its token.
    fn asked(&self, query: &str) -> Option<Allowed> {
        let value = |name| only(query, name).ok().flatten();
        let (order_id, token) = (value("order")?, value("token")?);
        let now = self.backend.clock().now();
        let shop = Arc::clone(self.site.shops.by_token(Purpose::Order, &order_id, &token, now).ok()?);
        Some(Allowed { order_id, shop })
    }

    async fn first(&self, asked: &Allowed, query: &str, agent: &str, languages: &str) -> Option<First> {
        let now = self.backend.clock().now();
        let mut order = asked.order(self).await.ok()?;
        let mut page_url = self.site.public_url.join(PATH).ok()?;
        page_url.set_query(Some(query));
        let visit = Visit {
            place: Environment::of(&Probes { user_agent: agent.to_owned(), ..Probes::default() }),
            page_url: page_url.into(),
            lang: language(only(query, "lang").ok().flatten().as_deref(), languages),
        };
        let is_plain = is_plain(query);
        if is_plain && wants_code(&order, visit.place) && order.good_payment(now).is_none() {
            order = self.with_code(order, &visit.page_url).await;
        }
        let order = self.contract_order(&asked.shop, &order);
        let answer = serde_json::to_string(&order).ok()?;
        let api = self.site.api_prefix.trim_end_matches('/');
        let picture = is_plain.then(|| picture(order, &visit)).flatten();
        Some(First { url: format!("{api}/orders/{}", asked.order_id), answer, picture })
    }

    /// The order with a code to scan, if WeChat Pay gives one.
    async fn with_code(&self, order: Order, page_url: &str) -> Order {
        // However often the page is opened, there is one code.
        let digest = BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, page_url.as_bytes()));
        let key: String = digest.chars().filter(char::is_ascii_alphanumeric).take(24).collect();
        let ask = Ask {
            method: Method::Native,
            page_url: page_url.to_owned(),
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
    fn metas(&self, shop: Option<&ShopSite>) -> String {
        let meta =
            |name: &str, content: &str| format!("<meta name=\"cashier-{name}\" content=\"{}\">", escaped(content));
        let api = meta("api", &self.site.api_prefix);
        let own = shop.into_iter().flat_map(|shop| &shop.origins);
        let origins = self.site.origins.iter().chain(own).map(String::as_str);
        let simulated = self.site.pay_origins.iter().map(String::as_str);
        let listed: Vec<_> = origins.chain(simulated).collect();
        api + &meta("origins", &listed.join(" "))
    }
}

/// Whether a payer comes to pay: no counter's or till's screen, and nobody who comes back from paying elsewhere or from a login,
/// which the page's program takes care of.
fn is_plain(query: &str) -> bool {
    let has = |name| url::form_urlencoded::parse(query.as_bytes()).any(|(key, _)| key == name);
    let logged_in = has("code") && has("state");
    !(has("surface") || has(RETURNED) || logged_in)
}

/// Whether the page that such a browser opens will ask for a code at once.
fn wants_code(order: &Order, place: Environment) -> bool {
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

    const BUILT: &str = "<head><script>ask()</script></head><main id=\"cashier\" data-layout=\"page\"><p></p></main>";

    #[test]
    fn the_answer_and_the_picture_stand_in_the_page_and_end_no_script() {
        let page = Page::of(BUILT, Path::new("")).unwrap();
        let (url, answer) = ("/api/orders/a\"b".to_owned(), "{\"d\":\"</script><b>\"}".to_owned());
        let mut first = First { url, answer, picture: Some("<section></section>".to_owned()) };
        let (html, policy) = page.html("<meta>", Some(&first));
        assert!(html.starts_with("<head><meta><script type=\"application/json\" id=\"cashier-first\" data-url=\"/api/orders/a&quot;b\">{\"d\":\"\\u003c/script>\\u003cb>\"}</script><script>"), "{html}");
        let place = "</script></head><main id=\"cashier\" data-layout=\"page\">";
        assert!(html.ends_with(&format!("{place}<section></section></main>")) && !html.contains("ask()"), "{html}");
        assert!(!policy.contains("unsafe-inline") && policy.contains("'sha256-"), "{policy}");
        first.picture = None;
        assert!(page.html("", Some(&first)).0.ends_with(&format!("{place}<p></p></main>")));
        let (html, other) = page.html("", None);
        assert_eq!(html, BUILT);
        assert_ne!(policy, other);
    }

    #[test]
    fn a_folder_without_the_page_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Page::read(folder.path()), Err(PageError::Read(..))));
        for other in ["<p>nothing", "<script></script>", "<main id=\"cashier\"></main>"] {
            std::fs::write(folder.path().join("index.html"), other).unwrap();
            assert!(matches!(Page::read(folder.path()), Err(PageError::NotOurs(_))), "{other}");
        }
    }
}
