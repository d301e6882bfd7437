//! The shop is told of its orders: of what, and what it can ask. How it is told is in `delivery.rs`.

use reqwest::Method;
use serde_json::{Value, json};
use wechat_cashier_merchant::domain::{Amount, Order, Report, TradeWord};

use crate::bench::{ADMIN_KEY, Bench, PAGE, native, send};
use crate::receiver::{Came, Receiver, Says};

/// An order that is paid by a code that was scanned.
pub(crate) async fn paid(bench: &Bench, order_id: &str) {
    let token = bench.order(order_id, &["native", "h5"]).await;
    let payment = bench.pay(order_id, &token, "key-1", &native()).await;
    let said = bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    assert_eq!(said.body["result"], "paid", "{said:?}");
    bench.until(order_id, "paid").await;
}

/// What the shop reads of what it was told.
pub(crate) async fn listed(bench: &Bench, query: &str) -> Vec<Value> {
    let answer = bench.shop(Method::GET, &format!("/admin/v1/webhooks{query}"), None).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["webhooks"].as_array().unwrap().clone()
}

/// The one thing that it was told.
pub(crate) async fn only(bench: &Bench) -> Value {
    let listed = listed(bench, "").await;
    assert_eq!(listed.len(), 1, "{listed:?}");
    listed[0].clone()
}

/// Platforms say that a trade of an order is so.
pub(crate) async fn reported(bench: &Bench, order: &Order, at: usize, trade_state: TradeWord) {
    let (trade, amount) = (&order.trades[at], &order.facts.amount);
    let known = trade.receipt().map(|receipt| receipt.transaction_id.clone());
    let report = Report {
        appid: trade.terms.appid.clone(),
        mchid: order.facts.mchid.clone(),
        sub: order.facts.sub.clone(),
        out_trade_no: trade.out_trade_no.clone(),
        trade_state,
        transaction_id: Some(known.unwrap_or_else(|| format!("420000{at}"))),
        success_time: Some(bench.backend.clock().now()),
        amount: Some(Amount { total: amount.value, currency: amount.currency.code().to_owned() }),
    };
    bench.backend.told(report).await.unwrap();
}

#[tokio::test]
async fn a_payment_is_told_of_once_signed_and_without_the_payer() {
    let mut receiver = Receiver::that_says(&[]).await;
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    paid(&bench, "N20261130001").await;
    let came = receiver.next().await;
    assert!(came.is_genuine(&bench), "{came:?}");
    assert_eq!((came.path.as_str(), came.content_type.as_str()), ("/webhooks", "application/json"));
    let body = came.body();
    let data = &body["data"];
    assert_eq!(body["type"], "order.paid");
    assert_eq!((&data["order_id"], &data["status"]), (&json!("N20261130001"), &json!("paid")));
    assert_eq!(data["amount"], json!({ "value": 1999, "currency": "CNY" }));
    assert_eq!((&data["paid_by"], &data["out_trade_no"]), (&json!("native"), &json!("N20261130001")));
    let trade = bench.trade("N20261130001").await;
    assert_eq!(data["transaction_id"], trade["transaction_id"], "{trade:?}");
    assert!(!came.text.contains("openid"), "{came:?}");

    bench.backend.settle().await;
    // The notification may come twice, and pages may ask: it is told once.
    let order = bench.backend.order("N20261130001").await.unwrap();
    reported(&bench, &order, 0, TradeWord::Success).await;
    bench.advance(3_600_000).await;
    bench.backend.settle().await;
    let kinds: Vec<_> = receiver.rest().iter().map(Came::kind).collect();
    let known = only(&bench).await;
    assert_eq!(kinds, Vec::<String>::new());
    assert_eq!(
        (&known["state"], &known["tries"], &known["last_status"]),
        (&json!("delivered"), &json!(1), &json!(204))
    );
    assert_eq!((&known["id"], &known["body"]), (&json!(came.id), &body));
}

#[tokio::test]
async fn an_order_that_closes_by_time_alone_is_told_of() {
    let mut receiver = Receiver::that_says(&[]).await;
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    bench.order("N20261130002", &["native"]).await;
    let token = bench.order("N20261130003", &["native"]).await;
    bench.pay("N20261130003", &token, "key-1", &native()).await;
    bench.advance(15 * 60 * 1000).await;
    let first = receiver.next().await;
    assert_eq!((first.kind().as_str(), &first.body()["data"]["order_id"]), ("order.closed", &json!("N20261130002")));
    // Its number is closed at WeChat Pay first.
    bench.advance(10_000).await;
    let second = receiver.next().await;
    assert_eq!((second.kind().as_str(), &second.body()["data"]["order_id"]), ("order.closed", &json!("N20261130003")));
    assert_eq!(second.body()["data"]["out_trade_no"], Value::Null);
    bench.advance(3_600_000).await;
    bench.backend.settle().await;
    assert_eq!(receiver.rest().len(), 0);
}

#[tokio::test]
async fn what_else_there_is_to_tell() {
    let mut receiver = Receiver::that_says(&[]).await;
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    let token = bench.order("N20261130004", &["native", "h5"]).await;
    bench.pay("N20261130004", &token, "key-1", &native()).await;
    bench.pay("N20261130004", &token, "key-2", &json!({ "method": "h5", "page_url": PAGE })).await;
    let order = bench.backend.order("N20261130004").await.unwrap();
    // The second, and then the one that was closed for it.
    reported(&bench, &order, 1, TradeWord::Success).await;
    assert_eq!(receiver.next().await.kind(), "order.paid");
    reported(&bench, &order, 0, TradeWord::Success).await;
    let second = receiver.next().await;
    assert_eq!(second.kind(), "order.paid_twice");
    let data = &second.body()["data"];
    assert_eq!((&data["out_trade_no"], &data["transaction_id"]), (&json!("N20261130004-2"), &json!("4200001")));
    assert_eq!(data["second_payment"]["transaction_id"], "4200000");
    assert_eq!(data["second_payment"]["paid_by"], "native");

    // A payment by code that is taken back, and one that nobody took back.
    let token = bench.order("N20261130005", &["payment_code"]).await;
    let code = bench.simulated(Method::GET, "/wechat/payment-code?account=A", None).await;
    let body = json!({ "method": "payment_code", "page_url": PAGE, "auth_code": code.body["code"] });
    bench.pay("N20261130005", &token, "key-1", &body).await;
    assert_eq!(receiver.next().await.kind(), "order.paid");
    let order = bench.backend.order("N20261130005").await.unwrap();
    reported(&bench, &order, 0, TradeWord::Revoked).await;
    let refunded = receiver.next().await;
    assert_eq!((refunded.kind().as_str(), &refunded.body()["data"]["status"]), ("order.refunded", &json!("refunded")));
    let order = bench.backend.order("N20261130004").await.unwrap();
    reported(&bench, &order, 1, TradeWord::Unknown("FROZEN".to_owned())).await;
    let odd = receiver.next().await;
    assert_eq!(odd.kind(), "order.needs_attention");
    assert_eq!(odd.body()["data"]["attention"]["what"], "unknown_state");
}

#[tokio::test]
async fn each_refund_is_told_of_and_then_that_all_of_it_is_back() {
    let mut receiver = Receiver::that_says(&[]).await;
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    paid(&bench, "N20261130016").await;
    assert_eq!(receiver.next().await.kind(), "order.paid");
    for (part, told) in [(500, &["order.refund_succeeded"][..]), (1499, &["order.refund_succeeded", "order.refunded"])]
    {
        let body = json!({ "amount": { "value": part, "currency": "CNY" } });
        let url = format!("{}/admin/v1/orders/N20261130016/refunds", bench.merchant);
        let request = bench.http.post(url).bearer_auth(ADMIN_KEY).header("idempotency-key", format!("key-{part}"));
        let asked = send(request.header("content-type", "application/json").body(body.to_string())).await;
        assert_eq!(asked.status, 201, "{asked:?}");
        // Refunds of one order are a minute apart; what is sent then goes back in a while.
        bench.advance(60_000).await;
        bench.backend.settle().await;
        bench.advance(10_000).await;
        for kind in told {
            let came = receiver.next().await;
            assert_eq!(came.kind(), *kind);
            if *kind == "order.refund_succeeded" {
                assert_eq!(came.body()["data"]["refund"]["amount"]["value"], part);
            }
        }
    }
}

#[tokio::test]
async fn only_what_the_shop_wants_to_hear_is_kept() {
    let mut receiver = Receiver::that_says(&[]).await;
    let bench = Bench::with(&receiver.table("types = [\"order.closed\"]"), |_| {}).await;
    paid(&bench, "N20261130014").await;
    bench.order("N20261130015", &["native"]).await;
    bench.shop(Method::POST, "/admin/v1/orders/N20261130015/close", None).await;
    assert_eq!(receiver.next().await.kind(), "order.closed");
    bench.backend.settle().await;
    assert_eq!(only(&bench).await["order_id"], "N20261130015");

    // Without the table nothing is kept, and there is nothing to send.
    let bench = Bench::new().await;
    paid(&bench, "N20261130016").await;
    bench.backend.settle().await;
    assert_eq!(listed(&bench, "").await, Vec::<Value>::new());
    let refused = bench.shop(Method::POST, "/admin/v1/webhooks/test", None).await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (422, &json!("invalid_request")), "{refused:?}");
}

#[tokio::test]
async fn the_shop_lists_what_it_was_told_and_tries_its_receiver() {
    let mut receiver = Receiver::that_says(&[Says::Status(204), Says::Status(204), Says::Status(404)]).await;
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    for order_id in ["N20261130017", "N20261130018"] {
        paid(&bench, order_id).await;
        receiver.next().await;
    }
    bench.backend.settle().await;
    let all = listed(&bench, "").await;
    let orders: Vec<_> = all.iter().map(|told| told["order_id"].as_str().unwrap()).collect();
    assert_eq!(orders, ["N20261130018", "N20261130017"]);
    let page = listed(&bench, "?limit=1").await;
    assert_eq!(page, all[..1]);
    let next = listed(&bench, &format!("?limit=1&before={}", page[0]["id"].as_str().unwrap())).await;
    assert_eq!(next, all[1..]);
    assert_eq!(listed(&bench, "?order_id=N20261130017&state=delivered").await, all[1..]);
    for query in
        ["?limit=0", "?limit=201", "?limit=many", "?state=lost", "?state=", "?id=1", "?state=waiting&state=waiting"]
    {
        let refused = bench.shop(Method::GET, &format!("/admin/v1/webhooks{query}"), None).await;
        assert_eq!(refused.status, 422, "{query}: {refused:?}");
    }
    let unknown = bench.shop(Method::POST, "/admin/v1/webhooks/msg_none/resend", None).await;
    assert_eq!(unknown.status, 404, "{unknown:?}");
    let nobody = bench.http.get(format!("{}/admin/v1/webhooks", bench.merchant)).send().await.unwrap();
    assert_eq!(nobody.status().as_u16(), 401);

    for (delivered, status) in [(false, 404), (true, 204)] {
        let tried = bench.shop(Method::POST, "/admin/v1/webhooks/test", None).await;
        assert_eq!((&tried.body["delivered"], &tried.body["status"]), (&json!(delivered), &json!(status)), "{tried:?}");
        let came = receiver.next().await;
        assert!(came.is_genuine(&bench) && came.kind() == "webhook.test" && tried.body["id"] == came.id, "{came:?}");
    }
    assert_eq!(listed(&bench, "").await.len(), 2, "a try is not kept");
}
