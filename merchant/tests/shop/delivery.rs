//! How the shop is told: a receiver that is down, fails, is slow, leads elsewhere or is gone, and a process that dies.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::domain::{TradeWord, plus};

use crate::bench::{Bench, PAGE, native};
use crate::receiver::{Receiver, Says};
use crate::webhooks::{listed, only, paid, reported};

#[tokio::test]
async fn a_receiver_that_is_down_for_a_while_hears_it_later() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let mut receiver = Receiver::down(port);
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    paid(&bench, "N20261130006").await;
    bench.backend.settle().await;
    let known = only(&bench).await;
    assert_eq!((&known["state"], &known["tries"], &known["last_status"]), (&json!("waiting"), &json!(1), &Value::Null));
    assert!(known["last_error"].is_string(), "{known:?}");
    receiver.serve(TcpListener::bind(("127.0.0.1", port)).await.unwrap());
    bench.advance(6_000).await;
    assert!(receiver.next().await.is_genuine(&bench));
    bench.backend.settle().await;
    let known = only(&bench).await;
    assert_eq!((&known["state"], &known["tries"]), (&json!("delivered"), &json!(2)));
}

#[tokio::test]
async fn what_waited_comes_in_its_sequence() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let mut receiver = Receiver::down(port);
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    let token = bench.order("N20261130020", &["native", "h5"]).await;
    bench.pay("N20261130020", &token, "key-1", &native()).await;
    bench.pay("N20261130020", &token, "key-2", &json!({ "method": "h5", "page_url": PAGE })).await;
    let order = bench.backend.order("N20261130020").await.unwrap();
    for at in [1, 0] {
        reported(&bench, &order, at, TradeWord::Success).await;
        bench.advance(10).await;
    }
    bench.backend.settle().await;
    receiver.serve(TcpListener::bind(("127.0.0.1", port)).await.unwrap());
    bench.advance(6_000).await;
    assert_eq!(receiver.next().await.kind(), "order.paid");
    assert_eq!(receiver.next().await.kind(), "order.paid_twice");
}

#[tokio::test]
async fn it_is_signed_anew_at_each_try_and_given_up_after_three_days() {
    let mut receiver = Receiver::that_says(&[Says::Status(500); 10]).await;
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    paid(&bench, "N20261130007").await;
    let began = bench.backend.clock().now();
    let mut came = vec![receiver.next().await];
    loop {
        bench.backend.settle().await;
        let known = only(&bench).await;
        let Some(next_at) = known["next_at"].as_str() else { break };
        assert_eq!((&known["state"], known["last_status"].as_u64()), (&json!("waiting"), Some(500)));
        assert_eq!(known["last_error"], "the receiver's own words");
        let wait = Timestamp::parse(next_at).unwrap().millis() - bench.backend.clock().now().millis();
        bench.advance(wait).await;
        came.push(receiver.next().await);
        assert!(came.last().unwrap().is_genuine(&bench));
    }
    let waited_h = (bench.backend.clock().now().millis() - began.millis()) / 3_600_000;
    assert!(came.len() == 10 && (75..=84).contains(&waited_h), "{} in {waited_h} h", came.len());
    assert!(came.iter().all(|each| each.id == came[0].id && each.text == came[0].text));
    assert_ne!(came[0].timestamp, came[1].timestamp);
    let known = only(&bench).await;
    assert_eq!((&known["state"], &known["tries"]), (&json!("given_up"), &json!(10)));
    // The shop has mended its receiver, and asks for it.
    let id = came[0].id.as_str();
    let again = bench.shop(Method::POST, &format!("/admin/v1/webhooks/{id}/resend"), None).await;
    assert_eq!((again.status.as_u16(), &again.body["state"]), (200, &json!("waiting")), "{again:?}");
    assert_eq!(receiver.next().await.id, id);
    bench.backend.settle().await;
    assert_eq!(only(&bench).await["state"], "delivered");
}

#[tokio::test]
async fn a_receiver_that_never_answers_holds_up_no_payment() {
    let mut receiver = Receiver::that_says(&[Says::Nothing]).await;
    let bench = Bench::with(&receiver.table("timeout_ms = 30000"), |_| {}).await;
    paid(&bench, "N20261130008").await;
    // While it is silent, the next order is paid, and told of.
    assert_eq!(receiver.next().await.body()["data"]["order_id"], "N20261130008");
    paid(&bench, "N20261130009").await;
    assert_eq!(receiver.next().await.body()["data"]["order_id"], "N20261130009");
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_none() {
    let mut receiver = Receiver::that_says(&[Says::Nothing]).await;
    let bench = Bench::with(&receiver.table("timeout_ms = 1000"), |_| {}).await;
    paid(&bench, "N20261130010").await;
    bench.backend.settle().await;
    let known = only(&bench).await;
    assert_eq!((&known["state"], &known["last_error"]), (&json!("waiting"), &json!("no answer in time")));
    bench.advance(6_000).await;
    bench.backend.settle().await;
    assert_eq!(only(&bench).await["state"], "delivered");
    assert_eq!(receiver.rest().len(), 2);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let mut receiver = Receiver::that_says(&[Says::Status(302)]).await;
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    paid(&bench, "N20261130011").await;
    receiver.next().await;
    bench.backend.settle().await;
    assert_eq!(receiver.rest().len(), 0);
    let known = only(&bench).await;
    assert_eq!((&known["state"], &known["last_status"]), (&json!("waiting"), &json!(302)));
    bench.advance(6_000).await;
    assert_eq!(receiver.next().await.path, "/webhooks");
}

#[tokio::test]
async fn a_receiver_that_asks_for_time_has_it() {
    let mut receiver = Receiver::that_says(&[Says::Status(503)]).await;
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    paid(&bench, "N20261130019").await;
    receiver.next().await;
    bench.backend.settle().await;
    // "Retry-After: 60", in place of the 5 s that a first try in vain has.
    bench.advance(59_000).await;
    bench.backend.settle().await;
    assert_eq!(receiver.rest().len(), 0);
    bench.advance(1_000).await;
    assert_eq!(receiver.next().await.path, "/webhooks");
}

#[tokio::test]
async fn an_address_that_is_gone_is_not_asked_again() {
    let mut receiver = Receiver::that_says(&[Says::Status(410)]).await;
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    paid(&bench, "N20261130012").await;
    receiver.next().await;
    bench.backend.settle().await;
    bench.advance(4 * 24 * 3_600_000).await;
    bench.backend.settle().await;
    assert_eq!(receiver.rest().len(), 0);
    let given_up = listed(&bench, "?state=given_up").await;
    assert_eq!((given_up.len(), &given_up[0]["tries"]), (1, &json!(1)), "{given_up:?}");
}

#[tokio::test]
async fn what_a_process_had_that_died_is_told_by_the_next() {
    let mut receiver = Receiver::that_says(&[Says::Status(500)]).await;
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    paid(&bench, "N20261130013").await;
    receiver.next().await;
    bench.backend.settle().await;
    // Another process takes it when it is due, and dies.
    let now = bench.backend.clock().now();
    let taken = bench.backend.store().claim_webhooks(&["shop"], plus(now, 10_000), plus(now, 70_000), 8).await.unwrap();
    assert_eq!(taken.len(), 1);
    bench.advance(69_000).await;
    bench.backend.settle().await;
    assert_eq!(receiver.rest().len(), 0);
    bench.advance(1_000).await;
    assert_eq!(receiver.next().await.id, taken[0].id);
    bench.backend.settle().await;
    assert_eq!(only(&bench).await["state"], "delivered");
}
