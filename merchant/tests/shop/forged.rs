//! Nothing that is not WeChat Pay's own word, whole, fresh and about this order, changes anything: each kind of answer and the
//! notification with one bit changed, a wrong serial number, an old timestamp, another order's body.

use reqwest::Method;
use serde_json::{Value, json};

use wechat_cashier_merchant::domain::RefundState;

use crate::bench::{ADMIN_KEY, Bench, PAGE, native, send};
use crate::proxy::{Forgery, Message, flip, flipped};

/// The headers under the signature, and the signature.
const SIGNED: [&str; 4] = ["wechatpay-signature", "wechatpay-nonce", "wechatpay-timestamp", "wechatpay-serial"];

/// So many bits of each part are tried, spread over it.
const BITS: usize = 12;

/// What the simulator itself does wrong, by its names.
const FAULTS: [&str; 5] = ["unsigned", "bad_signature", "sign_test", "wrong_serial", "old_timestamp"];

/// Every forgery of a message that passed.
fn forgeries(headers: &axum::http::HeaderMap, body: &[u8]) -> Vec<Forgery> {
    let bits = body.len() * 8;
    let of_the_body = (0..bits).step_by((bits / BITS).max(1)).map(Forgery::BodyBit);
    let of_headers = SIGNED.into_iter().flat_map(|name| {
        let bits = headers[name].len() * 8;
        (0..bits).step_by((bits / BITS).max(1)).map(move |at| Forgery::HeaderBit(name, at))
    });
    of_the_body.chain(of_headers).collect()
}

/// What is known of the order, without how often something failed.
async fn known(bench: &Bench, order_id: &str) -> Value {
    let order = bench.backend.order(order_id).await.unwrap();
    let mut known = serde_json::to_value(&order).unwrap();
    for list in ["trades", "refunds"] {
        for one in known[list].as_array_mut().unwrap() {
            for counted in ["failures", "failed_at"] {
                one.as_object_mut().unwrap().remove(counted);
            }
        }
    }
    known
}

#[tokio::test]
async fn a_forged_notification_changes_nothing_and_is_counted() {
    let bench = Bench::new().await;
    let token = bench.order("F20261130001", &["native"]).await;
    let payment = bench.pay("F20261130001", &token, "key-1", &native()).await;
    // The first goes astray, so that there is one to forge.
    bench.notifications.set(Some(Forgery::BodyBit(1000)));
    bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    let refused = || bench.backend.refused_notifications();
    while refused() == 0 {
        tokio::task::yield_now().await;
    }
    bench.notifications.set(None);
    let good = bench.notifications.last().unwrap();
    let before = known(&bench, "F20261130001").await;
    assert_eq!(before["paid"], json!([]));

    for forgery in forgeries(&good.headers, &good.body) {
        let counted = refused();
        assert_eq!(notify(&bench, &good, Some(&forgery)).await, 401, "{forgery:?}");
        assert_eq!(refused(), counted + 1, "{forgery:?}");
        assert_eq!(known(&bench, "F20261130001").await, before, "{forgery:?}");
    }
    for name in SIGNED {
        let mut without = good.clone();
        without.headers.remove(name);
        assert_eq!(notify(&bench, &without, None).await, 401, "without {name}");
    }
    assert_eq!(known(&bench, "F20261130001").await, before);
    // As it was it counts, and again it changes nothing more.
    assert_eq!(notify(&bench, &good, None).await, 204);
    let paid = known(&bench, "F20261130001").await;
    assert_eq!(paid["paid"], json!(["F20261130001"]));
    assert_eq!(notify(&bench, &good, None).await, 204);
    assert_eq!(known(&bench, "F20261130001").await, paid);
    // After five minutes it is only a copy that somebody kept.
    bench.advance(301_000).await;
    assert_eq!(notify(&bench, &good, None).await, 401);
}

#[tokio::test]
async fn what_is_wrong_with_a_notification_by_the_platforms_own_hand_is_refused_or_kept() {
    let bench = Bench::new().await;
    for (at, kind) in
        FAULTS.into_iter().filter(|kind| *kind != "unsigned").chain(["wrong_amount", "other_merchant"]).enumerate()
    {
        let order_id = format!("F2026113010{at}");
        let token = bench.order(&order_id, &["native"]).await;
        let payment = bench.pay(&order_id, &token, "key-1", &native()).await;
        let fault = json!([{ "kind": format!("notify_{kind}"), "out_trade_no": order_id, "times": 1 }]);
        let set = bench.simulated(Method::PUT, "/simulator/faults", Some(fault)).await;
        assert!(set.status.is_success(), "{kind}: {set:?}");
        let refused = bench.backend.refused_notifications();
        bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
        // Delivered, whatever is due, before this ends.
        bench.advance(0).await;
        let order = bench.backend.order(&order_id).await.unwrap();
        // A probe comes before the notification, not in its place.
        assert!(order.paid.is_empty() || kind == "sign_test", "{kind}: {order:?}");
        let is_kept = !order.oddities.is_empty();
        let is_refused = bench.backend.refused_notifications() > refused;
        assert!(is_kept || is_refused, "{kind}: neither kept nor refused");
        // The next one is right.
        bench.advance(15_000).await;
        bench.until(&order_id, "paid").await;
    }
}

#[tokio::test]
async fn a_forged_notification_of_a_refund_changes_nothing_and_is_counted() {
    let bench = Bench::new().await;
    let order_id = "F20261130002";
    let token = bench.order(order_id, &["native"]).await;
    let payment = bench.pay(order_id, &token, "key-1", &native()).await;
    bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    bench.until(order_id, "paid").await;
    bench.notifications.set(Some(Forgery::BodyBit(1000)));
    let url = format!("{}/admin/v1/orders/{order_id}/refunds", bench.merchant);
    let asked = send(bench.http.post(url).bearer_auth(ADMIN_KEY).header("idempotency-key", "key-r").body("{}")).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    // The first goes astray, and no question comes before it: there is one to forge.
    let counted = bench.backend.refused_notifications();
    bench.answers.set_for("-R1", Some(Forgery::BodyBit(0)));
    bench.advance(3_000).await;
    while bench.backend.refused_notifications() == counted {
        tokio::task::yield_now().await;
    }
    bench.notifications.set(None);
    let good = bench.notifications.last().unwrap();
    let before = known(&bench, order_id).await;
    for forgery in forgeries(&good.headers, &good.body) {
        let counted = bench.backend.refused_notifications();
        assert_eq!(notify(&bench, &good, Some(&forgery)).await, 401, "{forgery:?}");
        assert_eq!(bench.backend.refused_notifications(), counted + 1, "{forgery:?}");
        assert_eq!(known(&bench, order_id).await, before, "{forgery:?}");
    }
    assert_eq!(notify(&bench, &good, None).await, 204);
    bench.until(order_id, "refunded").await;
}

/// Sends a notification that passed, forged or as it was. Gives the answer's status.
async fn notify(bench: &Bench, good: &Message, forgery: Option<&Forgery>) -> u16 {
    let (mut headers, mut body) = (good.headers.clone(), good.body.clone());
    match forgery {
        None => {}
        Some(Forgery::BodyBit(at)) => flip(&mut body, *at),
        Some(Forgery::HeaderBit(name, at)) => {
            let value = flipped(headers[*name].as_bytes(), *at);
            headers.insert(*name, axum::http::HeaderValue::from_bytes(&value).unwrap());
        }
    }
    let url = format!("{}/wechat-pay/notifications", bench.merchant);
    bench.http.post(url).headers(headers).body(body).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_forged_list_of_certificates_brings_none_and_is_counted() {
    // Notifications are signed under a certificate that only the list brings.
    let bench = Bench::with("certificates = true", |simulated| simulated.merchants[0].public_key_percent = 0).await;
    let wechat_pay = bench.backend.wechat_pay();
    let order_id = "F20261130003";
    let token = bench.order(order_id, &["native"]).await;
    let payment = bench.pay(order_id, &token, "key-1", &native()).await;
    // Once as it is, to have a message to forge: at a backend of its own, which learns them.
    let (other, _) = bench.another().await;
    other.wechat_pay().renew_certificates().await.unwrap();
    let good = bench.answers.last().unwrap();
    for forgery in forgeries(&good.headers, &good.body) {
        let counted = wechat_pay.refused_answers();
        bench.answers.set(Some(forgery.clone()));
        let renewed = wechat_pay.renew_certificates().await;
        assert!(renewed.is_err(), "{forgery:?}");
        assert_eq!(wechat_pay.refused_answers(), counted + 1, "{forgery:?}");
    }
    bench.answers.set(None);
    // None of them brought a certificate by which a notification is believed.
    let refused = || bench.backend.refused_notifications();
    bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    bench.advance(0).await;
    assert_eq!((refused(), known(&bench, order_id).await["paid"].clone()), (1, json!([])));
    wechat_pay.renew_certificates().await.unwrap();
    assert_eq!(notify(&bench, &bench.notifications.last().unwrap(), None).await, 204);
    bench.until(order_id, "paid").await;
}

/// One exchange with WeChat Pay, by which a page or the shop brings it about.
#[derive(Clone, Copy, Debug)]
enum Exchange {
    Prepay(&'static str),
    Query,
    Close,
    Codepay,
    Reverse,
    Refund,
    QueryRefund,
}

#[tokio::test]
async fn a_forged_answer_changes_nothing_and_is_counted() {
    let bench = Bench::new().await;
    let mut number = 0;
    for exchange in [
        Exchange::Prepay("native"),
        Exchange::Prepay("h5"),
        Exchange::Query,
        Exchange::Close,
        Exchange::Codepay,
        Exchange::Reverse,
        Exchange::Refund,
        Exchange::QueryRefund,
    ] {
        // Once as it is, to have a message to forge.
        number += 1;
        forged(&bench, number, exchange, None).await;
        let message = bench.answers.last().unwrap();
        for forgery in forgeries(&message.headers, &message.body) {
            number += 1;
            forged(&bench, number, exchange, Some(forgery)).await;
        }
    }
}

/// Brings an exchange about under a number of its own. What is forged leaves the order as it was: for a question and a
/// closing of one that is paid meanwhile, not paid and not closed; for a payment, without one.
async fn forged(bench: &Bench, number: usize, exchange: Exchange, forgery: Option<Forgery>) {
    let order_id = format!("A{number:010}");
    let methods = ["native", "h5", "payment_code"];
    let token = bench.order(&order_id, &methods).await;
    let what = format!("{exchange:?} {forgery:?}");
    let is_forged = forgery.is_some();
    let counted = bench.backend.wechat_pay().refused_answers();
    let pay = async |method: &str| {
        let mut body = json!({ "method": method, "page_url": PAGE });
        if method == "payment_code" {
            let code = bench.simulated(Method::GET, "/wechat/payment-code?account=A", None).await;
            body["auth_code"] = code.body["code"].clone();
        }
        bench.pay(&order_id, &token, "key-1", &body).await
    };
    match exchange {
        Exchange::Prepay(method) => {
            bench.answers.set(forgery);
            let payment = pay(method).await;
            assert_eq!(payment.status.as_u16(), if is_forged { 503 } else { 201 }, "{what}: {payment:?}");
        }
        Exchange::Query => {
            pay("native").await;
            lose_the_notification(bench, &order_id).await;
            bench.answers.set(forgery);
            bench.advance(5_000).await;
            let asked = bench.ask(&order_id, &token, "?verify=1").await;
            let status = if is_forged { "pending" } else { "paid" };
            assert_eq!(asked.body["status"], status, "{what}: {asked:?}");
        }
        Exchange::Close => {
            pay("native").await;
            bench.answers.set(forgery);
            let path = format!("/admin/v1/orders/{order_id}/close");
            let closed = bench.shop(Method::POST, &path, None).await;
            let status = if is_forged { "pending" } else { "closed" };
            assert_eq!(closed.body["status"], status, "{what}: {closed:?}");
        }
        Exchange::Codepay => {
            bench.answers.set(forgery);
            let payment = pay("payment_code").await;
            assert_eq!(payment.status, 201, "{what}: {payment:?}");
            let order = bench.backend.order(&order_id).await.unwrap();
            assert_eq!(order.paid.is_empty(), is_forged, "{what}: {order:?}");
        }
        Exchange::Reverse => {
            bench.simulated(Method::PUT, "/wechat/phone", Some(json!({ "ask_password": true }))).await;
            pay("payment_code").await;
            bench.simulated(Method::PUT, "/wechat/phone", Some(json!({ "ask_password": false }))).await;
            bench.advance(16_000).await;
            bench.answers.set_for("/reverse", forgery);
            bench.shop(Method::POST, &format!("/admin/v1/orders/{order_id}/close"), None).await;
            let order = bench.backend.order(&order_id).await.unwrap();
            assert_eq!(order.trades[0].is_open(), is_forged, "{what}: {order:?}");
        }
        Exchange::Refund | Exchange::QueryRefund => {
            let code = pay("native").await.body["action"]["content"].as_str().unwrap().to_owned();
            bench.scan_and_pay(&code).await;
            bench.until(&order_id, "paid").await;
            let asks = matches!(exchange, Exchange::Refund);
            // Of a refund that is under way a notification tells too; that goes astray.
            let lost = json!([{ "kind": "notify_lost", "out_trade_no": order_id }]);
            bench.simulated(Method::PUT, "/simulator/faults", Some(lost)).await;
            bench.answers.set_for(if asks { "/refunds" } else { "-R1" }, forgery);
            let url = format!("{}/admin/v1/orders/{order_id}/refunds", bench.merchant);
            let request = bench.http.post(url).bearer_auth(ADMIN_KEY).header("idempotency-key", "key-r");
            let refunded = send(request.body("{}")).await;
            assert_eq!(refunded.status, 201, "{what}: {refunded:?}");
            if !asks {
                bench.advance(5_000).await;
                bench.backend.settle().await;
            }
            let order = bench.backend.order(&order_id).await.unwrap();
            let (known, unknown) = match asks {
                true => (RefundState::Processing, RefundState::Asked),
                false => (RefundState::Success, RefundState::Processing),
            };
            let state = if is_forged { unknown } else { known };
            assert_eq!(order.refunds[0].state, state, "{what}: {order:?}");
        }
    }
    if is_forged {
        assert!(bench.backend.wechat_pay().refused_answers() > counted, "{what}: not counted");
    }
    bench.answers.set(None);
}

/// The payer pays, and the merchant is not told.
async fn lose_the_notification(bench: &Bench, order_id: &str) {
    let fault = json!([{ "kind": "notify_lost", "out_trade_no": order_id }]);
    bench.simulated(Method::PUT, "/simulator/faults", Some(fault)).await;
    let paid = bench.simulated(Method::POST, "/simulator/pay", Some(json!({ "out_trade_no": order_id }))).await;
    assert!(paid.status.is_success(), "{paid:?}");
}

#[tokio::test]
async fn what_is_wrong_with_an_answer_by_the_platforms_own_hand_changes_nothing() {
    let bench = Bench::new().await;
    for (at, kind) in FAULTS.into_iter().chain(["wrong_amount", "other_order", "cut"]).enumerate() {
        let order_id = format!("G2026113020{at}");
        let token = bench.order(&order_id, &["native"]).await;
        bench.pay(&order_id, &token, "key-1", &native()).await;
        let faults = json!([
            { "kind": "notify_lost", "out_trade_no": order_id },
            { "kind": format!("answer_{kind}"), "out_trade_no": order_id, "on": "query", "times": 1 },
        ]);
        let set = bench.simulated(Method::PUT, "/simulator/faults", Some(faults)).await;
        assert!(set.status.is_success(), "{kind}: {set:?}");
        bench.simulated(Method::POST, "/simulator/pay", Some(json!({ "out_trade_no": order_id }))).await;
        bench.advance(4_000).await;
        let asked = bench.ask(&order_id, &token, "?verify=1").await;
        assert_eq!(asked.body["status"], "pending", "{kind}: {asked:?}");
        // The next answer is right.
        bench.advance(4_000).await;
        let asked = bench.ask(&order_id, &token, "?verify=1").await;
        assert_eq!(asked.body["status"], "paid", "{kind}: {asked:?}");
    }
}
