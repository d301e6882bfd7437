//! `/cashier/`: the built page, as a static server would serve it.

use std::path::Path;

use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::assets::{escape, page};
use crate::sandbox::Sandbox;

const PREFIX: &str = "/cashier";

pub(crate) fn router() -> Router<Sandbox> {
    Router::new().route("/cashier", get(with_slash)).route("/cashier/", get(file)).route("/cashier/{*path}", get(file))
}

/// The page's relative addresses need the slash.
async fn with_slash(uri: Uri) -> Redirect {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::temporary(&format!("{PREFIX}/{query}"))
}

async fn file(Shared(sandbox): Shared<Sandbox>, mut request: Request) -> Response {
    // Looked for each time, so that a page built later is there without a restart.
    let Some(dist) = sandbox.dist().filter(|dist| dist.join("index.html").is_file()) else {
        return nothing_built(sandbox.dist().map(|dist| dist.as_path()));
    };
    let path = request.uri().path().strip_prefix(PREFIX).unwrap_or("/").to_owned();
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
    use super::has_hash;

    #[test]
    fn a_hash_in_the_name_is_seen() {
        assert!(has_hash("/wechat-cashier-0123456789abcdef_bg.wasm"));
        assert!(has_hash("/style-9f1ab2c3d4e5f607.css"));
        assert!(!has_hash("/index.html"));
        assert!(!has_hash("/wechat-cashier.js"));
        assert!(!has_hash("/"));
    }
}
