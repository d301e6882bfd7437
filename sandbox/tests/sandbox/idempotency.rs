//! Asking twice.

use serde_json::json;
use wechat_cashier::contract::{Payment, ProblemCode};

use crate::bench::{Bench, code, native};

#[tokio::test]
async fn the_same_key_and_body_give_the_same_payment() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    assert_eq!(page.payment("key-1").await, page.payment("key-1").await);
    assert_eq!(page.seen().await["payments"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.payment("key-1").await;
    let mut other = native();
    other["page_url"] = json!("http://127.0.0.1:8088/elsewhere/");
    page.ask_payment("key-1", other).await.refused(ProblemCode::InvalidRequest);
}

#[tokio::test]
async fn bodies_are_the_same_that_say_the_same() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let first = page.payment("key-1").await;
    // In another order, with what is not there written out, and with a field that nobody knows.
    let same = json!({
        "x": 1, "replaces": null, "auth_code": "", "page_url": native()["page_url"], "method": native()["method"],
    });
    let again: Payment = page.ask_payment("key-1", same).await.as_cashier().read().unwrap();
    assert_eq!(again, first);
}

#[tokio::test]
async fn what_is_answered_again_is_answered_with_the_time_of_answering() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let first = page.payment("key-1").await;
    bench.advance(5_000).await;
    let again = page.payment("key-1").await;
    assert_eq!(again.now.millis() - first.now.millis(), 5_000);
    assert_eq!(again, Payment { now: again.now, ..first });
}

#[tokio::test]
async fn the_key_of_a_replaced_payment_gives_what_stands_in_its_place() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let first = page.payment("key-1").await;
    let second = page.new_code("key-2", &first).await;
    assert_eq!(page.payment("key-1").await, second);
    bench.pay(&code(&second)).await;
}

#[tokio::test]
async fn another_way_beside_a_good_payment_takes_its_place() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let first = page.payment("key-1").await;
    let mut other = native();
    other["method"] = json!("h5");
    let second: Payment = page.ask_payment("key-2", other).await.as_cashier().read().unwrap();
    assert_ne!(second.payment_id, first.payment_id);
    assert_eq!(page.status().await.payment, Some(second));
}

#[tokio::test]
async fn a_second_page_gets_the_code_of_the_first() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    assert_eq!(page.payment("key-1").await, page.payment("key-2").await);
}

#[tokio::test]
async fn a_replaced_code_dies() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let first = page.payment("key-1").await;
    let second = page.new_code("key-2", &first).await;
    assert_ne!((first.payment_id.as_str(), code(&first)), (second.payment_id.as_str(), code(&second)));
    assert_eq!(page.status().await.payment, Some(second.clone()));
    assert_eq!(bench.scan(&code(&first), "A").await.json()["text"], "二维码已过期");
    bench.pay(&code(&second)).await;
}

#[tokio::test]
async fn a_replacement_asked_for_twice_is_made_once() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let first = page.payment("key-1").await;
    let second = page.new_code("key-2", &first).await;
    assert_eq!(page.new_code("key-2", &first).await, second);
    // Another tab, with a key of its own, wants the same dead code replaced: it gets the one that is already there.
    assert_eq!(page.new_code("key-3", &first).await, second);
    assert_eq!(page.seen().await["payments"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_key_whose_payment_has_expired_gives_a_new_one() {
    let bench = Bench::new().await;
    let page = bench.order_of(json!({ "expires_in_ms": 4 * 3_600_000 })).await;
    let first = page.payment("key-1").await;
    assert_eq!(first.expires_at.unwrap().millis() - first.now.millis(), 2 * 3_600_000);
    bench.advance(2 * 3_600_000).await;
    assert_eq!(page.status().await.payment, None);
    assert_eq!(bench.scan(&code(&first), "A").await.json()["text"], "二维码已过期");
    let second = page.payment("key-1").await;
    assert_ne!(first.payment_id, second.payment_id);
    bench.pay(&code(&second)).await;
}
