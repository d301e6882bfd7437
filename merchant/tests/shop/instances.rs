//! Two instances on one database.

use std::time::Duration;

use reqwest::Response;

use crate::bench::{ADMIN_KEY, Bench, native, send};
use crate::contract::event;

/// Longer than instances take to meet each other, and shorter than a stream waits before it reads in any case.
const LIMIT: Duration = Duration::from_secs(20);

/// Reads the stream until it says so.
async fn says(stream: &mut Response, came: &mut String, status: &str) {
    while event(stream, came).await["status"] != status {}
}

#[tokio::test]
async fn a_page_hears_what_another_instance_wrote() {
    let bench = Bench::new().await;
    let token = bench.order("I20261130001", &["native"]).await;
    let asked = bench.ask("I20261130001", &token, "").await;
    let mut stream = bench.http.get(asked.body["events_url"].as_str().unwrap()).send().await.unwrap();
    let mut came = String::new();
    says(&mut stream, &mut came, "pending").await;
    let (_other, address) = bench.another().await;
    let close = format!("{address}/admin/v1/orders/I20261130001/close");
    let closed = send(bench.http.post(close).bearer_auth(ADMIN_KEY)).await;
    assert_eq!(closed.body["status"], "closed", "{closed:?}");
    assert!(
        tokio::time::timeout(LIMIT, says(&mut stream, &mut came, "closed")).await.is_ok(),
        "the page is told nothing"
    );
}

#[tokio::test]
async fn what_one_instance_began_another_ends() {
    let bench = Bench::new().await;
    let token = bench.order("I20261130002", &["native"]).await;
    let (other, address) = bench.another().await;
    let pay = |at: &str, key: &str| {
        let url = format!("{at}/api/orders/I20261130002/payments");
        let request = bench.http.post(url).bearer_auth(&token).header("idempotency-key", key);
        send(request.header("content-type", "application/json").body(native().to_string()))
    };
    let given = pay(&bench.merchant, "key-1").await;
    // Asked again elsewhere with the same key, it is the same payment.
    let again = pay(&address, "key-1").await;
    assert_eq!(again.body["payment_id"], given.body["payment_id"], "{again:?}");
    // Told to the one, it is paid at the other.
    let code = given.body["action"]["content"].as_str().unwrap();
    bench.scan_and_pay(code).await;
    bench.until("I20261130002", "paid").await;
    assert_eq!(other.order("I20261130002").await.unwrap().status(other.clock().now()).word(), "paid");
}

#[tokio::test]
async fn one_that_is_about_to_stop_is_not_ready_and_serves_on() {
    let bench = Bench::new().await;
    let token = bench.order("I20261130003", &["native"]).await;
    let get =
        async |path: &str| bench.http.get(format!("{}{path}", bench.merchant)).send().await.unwrap().status().as_u16();
    assert_eq!(get("/ready").await, 200);
    bench.backend.leave();
    assert_eq!((get("/ready").await, get("/health").await), (503, 200));
    assert_eq!(bench.ask("I20261130003", &token, "").await.status, 200);
}
