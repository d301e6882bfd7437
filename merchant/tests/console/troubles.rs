//! What is not there or does not answer is a page in words, not JSON.

use reqwest::StatusCode;

use crate::bench::{ADMIN_KEY, Bench, READ_KEY};
use crate::visit::{Visit, text};

#[tokio::test]
async fn what_is_not_there_is_said() {
    let bench = Bench::new().await;
    let visit = Visit::by(&bench, READ_KEY).await;
    for path in ["/console/orders/N20261130001", "/console/nothing", "/console/orders/%E4%B8%8D", "/console/language"] {
        let came = visit.get(path).await;
        assert_eq!(came.status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            came.header("content-type").starts_with("text/html") && text(&came.text).contains("Not found"),
            "{path}"
        );
        assert!(came.text.contains("class=\"places\""), "one can go on from {path}");
    }
    assert_eq!(visit.get("/console").await.header("location"), "/console/");
}

#[tokio::test]
async fn a_database_that_is_away_is_a_page() {
    let bench = Bench::new().await;
    bench.order("N20261130002", &["native"]).await;
    let visit = Visit::by(&bench, ADMIN_KEY).await;
    let page = visit.page("/console/orders/N20261130002").await;
    bench.backend.store().close().await;
    for path in
        ["/console/", "/console/orders/N20261130002", "/console/webhooks", "/console/unmatched", "/console/days"]
    {
        let came = visit.get(path).await;
        assert_eq!(came.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(text(&came.text).contains("database does not answer"), "{path}: {}", text(&came.text));
    }
    let came = visit.submit(&page, "/console/orders/N20261130002/close", &[]).await;
    assert_eq!(came.status, StatusCode::SERVICE_UNAVAILABLE);
    let said = text(&visit.page("/console/health").await);
    assert!(said.contains("Database Does not answer"), "{said}");
}

#[tokio::test]
async fn wechat_pay_that_is_away_is_seen() {
    let bench = Bench::new().await;
    let visit = Visit::by(&bench, READ_KEY).await;
    assert!(text(&visit.page("/console/health").await).contains("Not asked since the start"));
    crate::visit::faults(&bench, serde_json::json!([{ "kind": "answer_unsigned" }])).await;
    let token = bench.order("N20261130003", &["native"]).await;
    bench.pay("N20261130003", &token, "key-1", &crate::bench::native()).await;
    let said = text(&visit.page("/console/health").await);
    for part in ["Did not answer last time", "is not believed", "Answers not believed 1"] {
        assert!(said.contains(part), "{part} in {said}");
    }
}
