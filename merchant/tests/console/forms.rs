//! No other site's form is taken for one of the console's, and no page can be framed or filled with scripts.

use reqwest::StatusCode;

use crate::bench::{ADMIN_KEY, Bench, READ_KEY};
use crate::visit::{Came, Visit, hidden};

async fn is_open(bench: &Bench, order_id: &str) -> bool {
    bench.backend.order(order_id).await.unwrap().closed_at.is_none()
}

#[tokio::test]
async fn a_form_shows_its_sessions_token_and_comes_from_here() {
    let bench = Bench::new().await;
    bench.order("F20261130001", &["native"]).await;
    let (visit, path) = (Visit::by(&bench, ADMIN_KEY).await, "/console/orders/F20261130001/close");
    let page = visit.page("/console/orders/F20261130001").await;
    let token = hidden(crate::visit::form_of(&page, path)).remove(0).1;
    let others = Visit::by(&bench, ADMIN_KEY).await.page("/console/orders/F20261130001").await;
    let others = hidden(crate::visit::form_of(&others, path)).remove(0).1;
    assert_ne!(token, others, "each session has its own");
    let refused = |came: Came| assert_eq!(came.status, StatusCode::FORBIDDEN, "{came:?}");
    for wrong in ["", "x", &others, &token[1..]] {
        refused(visit.post(path, &[("token", wrong)]).await);
    }
    refused(visit.post(path, &[]).await);
    let good = [("token", token.as_str())];
    for site in ["cross-site", "same-site", "none"] {
        refused(visit.send(visit.form(path, &good).header("sec-fetch-site", site)).await);
    }
    // What an old browser says.
    for origin in ["https://evil.example", "null", "http://127.0.0.1"] {
        refused(visit.send(visit.form(path, &good).header("origin", origin)).await);
    }
    refused(visit.send(visit.form(path, &good)).await);
    assert!(is_open(&bench, "F20261130001").await);
    let came = visit.send(visit.form(path, &good).header("origin", &bench.merchant)).await;
    assert_eq!(came.status, StatusCode::SEE_OTHER, "{came:?}");
    assert!(!is_open(&bench, "F20261130001").await);
}

#[tokio::test]
async fn nobody_is_logged_in_or_out_from_elsewhere() {
    let bench = Bench::new().await;
    let visit = Visit::new(&bench);
    let came =
        visit.send(visit.form("/console/login", &[("key", READ_KEY)]).header("sec-fetch-site", "cross-site")).await;
    assert_eq!((came.status, came.header("set-cookie")), (StatusCode::FORBIDDEN, ""));
    let visit = Visit::by(&bench, READ_KEY).await;
    assert_eq!(visit.post("/console/logout", &[]).await.status, StatusCode::FORBIDDEN);
    visit.page("/console/").await;
}

#[tokio::test]
async fn every_answer_has_the_strict_headers() {
    let bench = Bench::new().await;
    let visit = Visit::by(&bench, READ_KEY).await;
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                  base-uri 'none'";
    for path in
        ["/console/", "/console/login", "/console/orders/none", "/console/console.css", "/console/nothing/at/all"]
    {
        let came = visit.get(path).await;
        assert_eq!(came.header("content-security-policy"), policy, "{path}");
        assert_eq!(came.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(came.header("x-content-type-options"), "nosniff", "{path}");
        let caching = if path.ends_with(".css") { "private, max-age=300" } else { "no-store" };
        assert_eq!(came.header("cache-control"), caching, "{path}");
        for inline in ["<script", "style=\"", "onclick"] {
            assert!(!came.text.contains(inline), "{inline} in {path}");
        }
    }
}
