//! `/cashier/`: the built page, as a static server would serve it, with the metas that an integrator writes into it.
//! `/wechat/cashier/`: the same inside the emulated WeChat.

use std::path::Path;

use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::assets::{escape, page};
use crate::origin::Origin;
use crate::sandbox::Sandbox;

/// Where the page is served: as it is, and inside the emulated WeChat.
const PREFIXES: [&str; 2] = ["/cashier", "/wechat/cashier"];

pub(super) fn router() -> Router<Sandbox> {
    PREFIXES.into_iter().fold(Router::new(), |router, prefix| {
        router
            .route(prefix, get(async move |uri: Uri| with_slash(prefix, &uri)))
            .route(&format!("{prefix}/"), get(file))
            .route(&format!("{prefix}/{{*path}}"), get(file))
    })
}

/// The page's relative addresses need the slash.
fn with_slash(prefix: &str, uri: &Uri) -> Redirect {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::temporary(&format!("{prefix}/{query}"))
}

async fn file(Shared(sandbox): Shared<Sandbox>, origin: Origin, mut request: Request) -> Response {
    // Looked for each time, so that a page built later is there without a restart.
    let Some(dist) = sandbox.dist().filter(|dist| dist.join("index.html").is_file()) else {
        return nothing_built(sandbox.dist().map(|dist| dist.as_path()));
    };
    let path = request.uri().path();
    let inside = path.starts_with("/wechat/");
    let path = PREFIXES.iter().find_map(|prefix| path.strip_prefix(prefix)).unwrap_or("/").to_owned();
    if path == "/" || path == "/index.html" {
        return match tokio::fs::read_to_string(dist.join("index.html")).await {
            Ok(html) => index(&html, &origin, &sandbox.origin(), inside),
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        };
    }
    let Ok(uri) = path.parse() else { return StatusCode::NOT_FOUND.into_response() };
    *request.uri_mut() = uri;
    let served = ServeDir::new(dist).precompressed_br().precompressed_gzip().oneshot(request).await;
    let mut response = match served {
        Ok(response) => response.into_response(),
        Err(never) => match never {},
    };
    if response.status().is_success() {
        // A name that holds a hash of the content never means another content. All else is asked for each time.
        let caching = if has_hash(&path) { "public, max-age=31536000, immutable" } else { "no-cache" };
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    }
    response
}

/// The page with what an integrator sets in it: which origins it may lead to, where the JS-SDK is; and, inside the
/// phone, with the phone.
fn index(html: &str, Origin(origin): &Origin, own: &str, inside: bool) -> Response {
    // The merchant names itself by its own address, whatever the page was called by.
    let origins = if origin == own { own.to_owned() } else { format!("{origin} {own}") };
    let phone = if inside { "<script src=\"/assets/inside.js\"></script>\n" } else { "" };
    let set = format!(
        "{phone}<meta name=\"cashier-origins\" content=\"{} https://qr.95516.com\">\n\
         <meta name=\"cashier-jssdk\" content=\"/assets/jssdk.js\">\n",
        escape(&origins)
    );
    let html = without_metas(html, &["cashier-origins", "cashier-jssdk"]);
    let head = html.find("<head").and_then(|at| Some(at + html.get(at..)?.find('>')? + 1)).unwrap_or(0);
    let (before, after) = html.split_at(head);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, format!("{before}{set}{after}")).into_response()
}

/// A page without the metas of these names.
fn without_metas(html: &str, names: &[&str]) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<meta") {
        let (before, tag) = rest.split_at(at);
        let (tag, after) = tag.find('>').map_or((tag, ""), |end| tag.split_at(end + 1));
        kept.push_str(before);
        if !names.iter().any(|name| tag.contains(name)) {
            kept.push_str(tag);
        }
        rest = after;
    }
    kept + rest
}

/// Whether a file's name holds a hash as Trunk writes it: `wechat-cashier-0123456789abcdef_bg.wasm`.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '.', '_']).any(|part| part.len() >= 8 && part.chars().all(|digit| digit.is_ascii_hexdigit()))
}

fn nothing_built(dist: Option<&Path>) -> Response {
    let place = match dist {
        Some(dist) => {
            format!("There is no <code>index.html</code> in <code>{}</code>.", escape(&dist.display().to_string()))
        }
        None => "The sandbox was started without <code>--dist</code>.".to_owned(),
    };
    let main = format!(
        r#"<section class="card"><h1>The cashier is not built yet</h1>
<p>{place}</p>
<p>Build it and start everything with</p><pre>cargo xtask demo</pre>
<p>or build it by <code>trunk build --release</code> and start the sandbox with <code>--dist dist</code>. Then reload this page.</p></section>"#
    );
    (StatusCode::SERVICE_UNAVAILABLE, Html(page("en", "The cashier is not built yet", "", &main))).into_response()
}

#[cfg(test)]
mod tests {
    use super::{has_hash, without_metas};

    #[test]
    fn only_metas_of_the_names_are_taken_out() {
        let html = "<head><meta charset=utf-8><meta name=\"cashier-origins\"\n content=\"x\"><title>1</title><meta name=cashier-jssdk content=y>";
        assert_eq!(
            without_metas(html, &["cashier-origins", "cashier-jssdk"]),
            "<head><meta charset=utf-8><title>1</title>"
        );
        assert_eq!(without_metas("<p>cashier", &["cashier-origins"]), "<p>cashier");
        assert_eq!(without_metas("<meta name=cashier-origins", &["cashier-origins"]), "");
    }

    #[test]
    fn a_hash_in_the_name_is_seen() {
        assert!(has_hash("/wechat-cashier-0123456789abcdef_bg.wasm"));
        assert!(has_hash("/style-9f1ab2c3d4e5f607.css"));
        assert!(!has_hash("/index.html"));
        assert!(!has_hash("/wechat-cashier.js"));
        assert!(!has_hash("/"));
    }
}
