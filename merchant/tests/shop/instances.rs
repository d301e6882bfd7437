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
async fn two_pages_that_ask_two_instances_in_one_moment_are_given_one_code() {
    let bench = Bench::new().await;
    let (other, address) = bench.another().await;
    for backend in [&bench.backend, &other] {
        let mut instances = backend.instances();
        let met = instances.wait_for(|alive| *alive == Some(2));
        assert!(tokio::time::timeout(LIMIT, met).await.is_ok(), "they do not meet");
    }
    for number in 0..10 {
        let order_id = format!("I202611301{number:02}");
        let token = bench.order(&order_id, &["native"]).await;
        let pay = |at: &str, key: &str| {
            let url = format!("{at}/api/orders/{order_id}/payments");
            let request = bench.http.post(url).bearer_auth(&token).header("idempotency-key", key);
            send(request.header("content-type", "application/json").body(native().to_string()))
        };
        let (one, two) = tokio::join!(pay(&bench.merchant, "key-1"), pay(&address, "key-2"));
        assert_eq!((one.status.as_u16(), two.status.as_u16()), (201, 201), "{one:?} {two:?}");
        assert_eq!(one.body["action"], two.body["action"]);
        bench.scan_and_pay(two.body["action"]["content"].as_str().unwrap()).await;
        bench.until(&order_id, "paid").await;
    }
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
