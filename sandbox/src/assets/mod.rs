//! What the pages are made of, inside the program.

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// What WeChat draws: its style sheet as a JavaScript text, how amounts are written, and the code. A macro, because `concat!` takes literals only.
macro_rules! layer {
    () => {
        concat!(
            "const LAYER_CSS = `",
            include_str!("inside/layer.css"),
            "`;\n",
            include_str!("inside/exponents.js"),
            include_str!("inside/money.js"),
            include_str!("inside/layer.js")
        )
    };
}

/// The phone as the page inside it meets it: one script, so that all of it is there before the page's own.
const INSIDE: &str = concat!(
    "(() => {\n'use strict';\n",
    layer!(),
    include_str!("inside/phone.js"),
    include_str!("inside/text-size.js"),
    include_str!("inside/mini-program.js"),
    include_str!("inside/bridge.js"),
    include_str!("inside.js"),
    "})();\n"
);

/// The drawing part alone, for the pages that show the phone.
const LAYER: &str = concat!(layer!(), "export { Layer, ask, decimalsOf, make, money };\n");

pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let file = |content_type: &'static str, content: &'static str| get(async move || typed(content_type, content));
    const JS: &str = "text/javascript; charset=utf-8";
    const CSS: &str = "text/css; charset=utf-8";
    const SVG: &str = "image/svg+xml";
    Router::new()
        .route("/assets/style.css", file(CSS, include_str!("style.css")))
        .route("/assets/phone.js", file(JS, include_str!("phone.js")))
        .route("/assets/panel.js", file(JS, include_str!("panel.js")))
        .route("/assets/funnel.js", file(JS, include_str!("funnel.js")))
        .route("/assets/wechat.css", file(CSS, include_str!("wechat.css")))
        .route("/assets/wechat.js", file(JS, include_str!("wechat.js")))
        .route("/assets/inside.js", file(JS, INSIDE))
        .route("/assets/answers.js", file(JS, include_str!("answers.js")))
        .route("/assets/barcode.js", file(JS, include_str!("barcode.js")))
        .route("/assets/scanner.js", file(JS, include_str!("scanner.js")))
        .route("/assets/call.js", file(JS, include_str!("call.js")))
        .route("/assets/layer.js", file(JS, LAYER))
        .route("/assets/h5.js", file(JS, include_str!("h5.js")))
        .route("/assets/oauth.js", file(JS, include_str!("oauth.js")))
        .route("/assets/till.js", file(JS, include_str!("till.js")))
        .route("/assets/other.js", file(JS, include_str!("other.js")))
        .route("/assets/alipay.svg", file(SVG, include_str!("alipay.svg")))
        .route("/assets/unionpay.svg", file(SVG, include_str!("unionpay.svg")))
        .route("/assets/logo.svg", file(SVG, include_str!("logo.svg")))
        .route("/favicon.ico", file(SVG, include_str!("logo.svg")))
}

/// A whole page.
pub(crate) fn html(content: &'static str) -> Response {
    typed("text/html; charset=utf-8", content)
}

/// A page around what a route has made. `lang` and `title` are the program's own words, `main` is escaped by its maker.
pub(crate) fn page(lang: &str, title: &str, head: &str, main: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="/assets/logo.svg">
<link rel="stylesheet" href="/assets/style.css">
{head}</head>
<body>
<header class="site"><a class="brand" href="/"><img src="/assets/logo.svg" alt="" width="28" height="28">清叶茶舍 <span>Tea House</span></a>
<nav><a href="/">Shop</a> <a href="/wechat" target="wechat">WeChat</a> <a href="/till" target="till">Till</a> <a href="/phone" target="phone">Phone</a> <a href="/panel" target="panel">Panel</a> <a href="/funnel" target="funnel">Funnel</a> <a href="/console/" target="console">Console</a></nav></header>
<main>
{main}
</main>
</body>
</html>
"#
    )
}

/// A page of WeChat's own that goes no further, and says why. `more` is HTML.
pub(crate) fn refusal_page(title: &str, text: &str, gloss: &str, more: &str) -> String {
    let (title, text, gloss) = (escape(title), escape(text), escape(gloss));
    format!(
        r#"<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="/assets/logo.svg">
<link rel="stylesheet" href="/assets/style.css">
<link rel="stylesheet" href="/assets/wechat.css">
</head>
<body class="pages middle">
<main class="consent" data-wechat="refused">
<h1>{text}</h1>
<p class="muted" lang="en">{gloss}</p>
{more}
</main>
</body>
</html>
"#
    )
}

/// A script whose route is not one of those above.
pub(crate) fn javascript(content: &'static str) -> Response {
    typed("text/javascript; charset=utf-8", content)
}

/// Text for HTML, also inside quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

fn typed(content_type: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        // The program may be another one after a restart.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, content).into_response()
}
