//! Money goes back: asked for by the shop, told by WeChat Pay, whatever gets lost on the way.

use reqwest::Method;
use serde_json::{Value, json};

use crate::bench::{ADMIN_KEY, Answer, Bench, PAGE, native, send};

/// The simulated refunds end so long after they were asked for.
const UNDER_WAY_MS: i64 = 3_000;
/// Between two refunds of one trade.
const APART_MS: i64 = 60_000;

/// An order that is paid. Gives its token.
async fn paid(bench: &Bench, order_id: &str) -> String {
    let token = bench.order(order_id, &["native"]).await;
    let payment = bench.pay(order_id, &token, "key-1", &native()).await;
    bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    bench.until(order_id, "paid").await;
    token
}

async fn post(bench: &Bench, path: &str, key: &str, body: &Value) -> Answer {
    let request = bench.http.post(format!("{}/admin/v1/orders/{path}", bench.merchant)).bearer_auth(ADMIN_KEY);
    send(request.header("idempotency-key", key).body(body.to_string())).await
}

async fn refund(bench: &Bench, order_id: &str, key: &str, body: Value) -> Answer {
    post(bench, &format!("{order_id}/refunds"), key, &body).await
}

fn fen(value: i64) -> Value {
    json!({ "amount": { "value": value, "currency": "CNY" } })
}

async fn seen(bench: &Bench, order_id: &str) -> Value {
    bench.shop(Method::GET, &format!("/admin/v1/orders/{order_id}"), None).await.body
}

fn kinds(order: &Value) -> Vec<String> {
    let kinds = order["journal"].as_array().unwrap().iter();
    kinds.map(|entry| entry["kind"].as_str().unwrap().to_owned()).filter(|kind| kind.starts_with("refund")).collect()
}

fn odd(order: &Value) -> Vec<String> {
    let name = |odd: &Value| match &odd["what"] {
        Value::Object(what) => what.keys().next().unwrap().clone(),
        what => what.as_str().unwrap().to_owned(),
    };
    order["needs_attention"].as_array().unwrap().iter().map(name).collect()
}

/// Ends once the order's refunds have these states. Each writing of the order is heard of.
async fn until(bench: &Bench, order_id: &str, states: &[&str]) {
    let mut news = bench.backend.news();
    let wait = async {
        loop {
            let order = bench.backend.order(order_id).await.unwrap();
            if order.refunds.iter().map(|refund| refund.state.word()).eq(states.iter().copied()) {
                return;
            }
            let _ = news.recv().await;
        }
    };
    let limit = std::time::Duration::from_secs(60);
    let waited = tokio::time::timeout(limit, wait).await;
    assert!(waited.is_ok(), "{order_id} is not {states:?}: {:?}", bench.backend.order(order_id).await.unwrap().refunds);
}

async fn faults(bench: &Bench, faults: Value) {
    let set = bench.simulated(Method::PUT, "/simulator/faults", Some(faults)).await;
    assert!(set.status.is_success(), "{set:?}");
}

#[tokio::test]
async fn all_of_it_goes_back() {
    let bench = Bench::new().await;
    let token = paid(&bench, "R20261130001").await;
    let asked = refund(&bench, "R20261130001", "refund-1", json!({ "reason": "退货" })).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    assert_eq!(
        (&asked.body["out_refund_no"], &asked.body["amount"], &asked.body["state"]),
        (&json!("R20261130001-R1"), &json!({ "value": 1999, "currency": "CNY" }), &json!("processing"))
    );
    assert_eq!(bench.ask("R20261130001", &token, "").await.body["status"], "paid");
    bench.advance(UNDER_WAY_MS).await;
    bench.until("R20261130001", "refunded").await;
    let order = bench.ask("R20261130001", &token, "").await;
    assert_eq!((&order.body["status"], &order.body["paid_at"]), (&json!("refunded"), &Value::Null));
    let order = seen(&bench, "R20261130001").await;
    assert_eq!((&order["refunds"][0]["state"], &order["refunds"][0]["reason"]), (&json!("success"), &json!("退货")));
    assert_eq!((odd(&order), bench.trade("R20261130001").await["trade_state"].clone()), (vec![], json!("REFUND")));
    let more = refund(&bench, "R20261130001", "refund-2", json!({})).await;
    assert_eq!((more.status.as_u16(), &more.body["code"]), (422, &json!("invalid_request")), "{more:?}");
}

#[tokio::test]
async fn in_parts_it_stays_paid_until_all_of_it_is_back() {
    let bench = Bench::new().await;
    let token = paid(&bench, "R20261130002").await;
    for (n, value) in [(1, 999), (2, 600), (3, 400)] {
        let status = &bench.ask("R20261130002", &token, "").await.body["status"];
        assert_eq!(status, "paid", "before part {n}");
        let asked = refund(&bench, "R20261130002", &format!("refund-{n}"), fen(value)).await;
        assert_eq!(asked.body["out_refund_no"], format!("R20261130002-R{n}"), "{asked:?}");
        bench.advance(APART_MS).await;
        until(&bench, "R20261130002", &vec!["success"; n]).await;
    }
    assert_eq!(bench.ask("R20261130002", &token, "").await.body["status"], "refunded");
    let there = bench.trade("R20261130002").await;
    let parts: Vec<_> = there["refunds"].as_array().unwrap().iter().map(|part| &part["amount"]["refund"]).collect();
    assert_eq!(parts, [999, 600, 400]);
}

#[tokio::test]
async fn never_more_than_what_came() {
    let bench = Bench::new().await;
    paid(&bench, "R20261130003").await;
    for body in [fen(2000), fen(0), fen(-1), json!({ "amount": { "value": 5, "currency": "JPY" } })] {
        assert_eq!(refund(&bench, "R20261130003", "refund-0", body.clone()).await.status, 422, "{body}");
    }
    assert_eq!(refund(&bench, "R20261130003", "refund-1", fen(1500)).await.status, 201);
    assert_eq!(refund(&bench, "R20261130003", "refund-2", fen(500)).await.status, 422);
    let rest = refund(&bench, "R20261130003", "refund-3", json!({})).await;
    assert_eq!(rest.body["amount"]["value"], 499, "{rest:?}");
    bench.order("R20261130004", &["native"]).await;
    assert_eq!(refund(&bench, "R20261130004", "refund-1", json!({})).await.status, 422);
    assert_eq!(refund(&bench, "nobody-s-order", "refund-1", json!({})).await.status, 404);
}

#[tokio::test]
async fn a_key_is_one_refund() {
    let bench = Bench::new().await;
    paid(&bench, "R20261130005").await;
    let first = refund(&bench, "R20261130005", "refund-1", fen(5)).await;
    let again = refund(&bench, "R20261130005", "refund-1", fen(5)).await;
    assert_eq!((again.status.as_u16(), &again.body["out_refund_no"]), (201, &first.body["out_refund_no"]));
    let other = refund(&bench, "R20261130005", "refund-1", fen(6)).await;
    assert_eq!((other.status.as_u16(), &other.body["code"]), (422, &json!("invalid_request")), "{other:?}");
    let url = format!("{}/admin/v1/orders/R20261130005/refunds", bench.merchant);
    let no_key = send(bench.http.post(&url).bearer_auth(ADMIN_KEY).body("{}")).await;
    assert_eq!(no_key.status, 422, "{no_key:?}");
    let stranger = send(bench.http.post(&url).bearer_auth("another").header("idempotency-key", "k").body("{}")).await;
    assert_eq!(stranger.status, 401);
    for wrong in [json!({ "total": 5 }), json!({ "reason": "x".repeat(81) }), json!({ "reason": "🍵" }), json!([])] {
        assert_eq!(refund(&bench, "R20261130005", "refund-2", wrong.clone()).await.status, 422, "{wrong}");
    }
    assert_eq!(seen(&bench, "R20261130005").await["refunds"].as_array().unwrap().len(), 1);
    // Nothing at all is a body too.
    let all = send(bench.http.post(&url).bearer_auth(ADMIN_KEY).header("idempotency-key", "refund-3")).await;
    assert_eq!((all.status.as_u16(), &all.body["amount"]["value"]), (201, &json!(1994)), "{all:?}");
}

#[tokio::test]
async fn a_lost_notification_is_found_by_asking() {
    let bench = Bench::new().await;
    paid(&bench, "R20261130006").await;
    faults(&bench, json!([{ "kind": "notify_lost", "on": "refund_notify" }])).await;
    refund(&bench, "R20261130006", "refund-1", json!({})).await;
    bench.advance(UNDER_WAY_MS).await;
    bench.until("R20261130006", "refunded").await;
    let order = seen(&bench, "R20261130006").await;
    assert_eq!(order["journal"].as_array().unwrap().last().unwrap()["body"]["refund_reported"]["source"], "query");
}

#[tokio::test]
async fn a_notification_alone_is_enough_and_twice_is_once() {
    let bench = Bench::new().await;
    paid(&bench, "R20261130007").await;
    faults(
        &bench,
        json!([{ "kind": "notify_doubled" }, { "kind": "fails_before", "status": 500, "on": "query_refund" }]),
    )
    .await;
    refund(&bench, "R20261130007", "refund-1", json!({})).await;
    bench.advance(UNDER_WAY_MS).await;
    bench.until("R20261130007", "refunded").await;
    let order = seen(&bench, "R20261130007").await;
    let told = kinds(&order).iter().filter(|kind| *kind == "refund_reported").count();
    assert_eq!((told, odd(&order)), (2, vec![]), "{order}");
    assert_eq!(bench.trade("R20261130007").await["refunds"][0]["notify"]["state"], "acknowledged");
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_is_one_refund() {
    for fault in ["connection_dropped", "answer_cut", "answer_unsigned", "answer_wrong_amount", "answer_other_order"] {
        let bench = Bench::new().await;
        paid(&bench, "R20261130008").await;
        faults(&bench, json!([{ "kind": fault, "on": "refund", "times": 1 }])).await;
        let asked = refund(&bench, "R20261130008", "refund-1", fen(700)).await;
        assert_eq!((asked.status.as_u16(), &asked.body["state"]), (201, &json!("asked")), "{fault} {asked:?}");
        bench.advance(1_000).await;
        until(&bench, "R20261130008", &["processing"]).await;
        bench.advance(UNDER_WAY_MS).await;
        until(&bench, "R20261130008", &["success"]).await;
        let there = bench.trade("R20261130008").await["refunds"].clone();
        assert_eq!(there.as_array().unwrap().len(), 1, "{fault} {there}");
        let log = bench.simulated(Method::GET, "/simulator/requests", None).await;
        let asked = log.body["requests"].as_array().unwrap().iter().filter(|row| row["call"] == "refund").count();
        assert_eq!(asked, 2, "{fault}");
    }
}

#[tokio::test]
async fn what_never_came_there_is_asked_for_again() {
    let bench = Bench::new().await;
    paid(&bench, "R20261130009").await;
    faults(&bench, json!([{ "kind": "fails_before", "status": 500, "on": "refund", "times": 2 }])).await;
    let asked = refund(&bench, "R20261130009", "refund-1", json!({})).await;
    assert_eq!(asked.body["state"], "asked", "{asked:?}");
    // The key gives the same, whatever has become of it.
    assert_eq!(refund(&bench, "R20261130009", "refund-1", json!({})).await.body["out_refund_no"], "R20261130009-R1");
    for _ in 0..4 {
        bench.advance(2_000).await;
        bench.backend.do_what_is_due("R20261130009").await.unwrap();
    }
    bench.until("R20261130009", "refunded").await;
    assert_eq!(kinds(&seen(&bench, "R20261130009").await)[..3], ["refund_asked", "refund_failed", "refund_failed"]);
}

#[tokio::test]
async fn a_bank_that_takes_no_money_needs_a_person() {
    let bench = Bench::new().await;
    let token = paid(&bench, "R20261130010").await;
    faults(&bench, json!([{ "kind": "refund_abnormal", "times": 1 }])).await;
    refund(&bench, "R20261130010", "refund-1", json!({})).await;
    bench.advance(UNDER_WAY_MS).await;
    until(&bench, "R20261130010", &["abnormal"]).await;
    assert_eq!(odd(&seen(&bench, "R20261130010").await), ["refund_abnormal"]);
    assert_eq!(bench.ask("R20261130010", &token, "").await.body["status"], "paid");
    // It may still go back: its amount is not free.
    assert_eq!(refund(&bench, "R20261130010", "refund-2", json!({})).await.status, 422);
}

#[tokio::test]
async fn a_closed_refund_can_be_asked_for_anew() {
    let bench = Bench::new().await;
    paid(&bench, "R20261130011").await;
    faults(&bench, json!([{ "kind": "refund_closed", "times": 1 }])).await;
    refund(&bench, "R20261130011", "refund-1", json!({})).await;
    bench.advance(UNDER_WAY_MS).await;
    until(&bench, "R20261130011", &["closed"]).await;
    let asked = refund(&bench, "R20261130011", "refund-2", json!({})).await;
    assert_eq!((&asked.body["out_refund_no"], asked.status.as_u16()), (&json!("R20261130011-R2"), 201));
    // It waits for its minute.
    assert_eq!(asked.body["state"], "asked", "{asked:?}");
    bench.advance(APART_MS).await;
    until(&bench, "R20261130011", &["closed", "processing"]).await;
    bench.advance(UNDER_WAY_MS).await;
    bench.until("R20261130011", "refunded").await;
}

#[tokio::test]
async fn an_empty_account_is_told_and_asked_again() {
    let bench = Bench::new().await;
    paid(&bench, "R20261130012").await;
    faults(&bench, json!([{ "kind": "refund_not_enough", "times": 1 }])).await;
    let asked = refund(&bench, "R20261130012", "refund-1", json!({})).await;
    assert_eq!(asked.body["state"], "asked", "{asked:?}");
    assert_eq!(odd(&seen(&bench, "R20261130012").await), ["refund_held_up"]);
    bench.advance(1_000).await;
    until(&bench, "R20261130012", &["processing"]).await;
}

#[tokio::test]
async fn what_is_refused_for_good_is_told_and_gives_the_amount_free() {
    let bench = Bench::new().await;
    paid(&bench, "R20261130013").await;
    // The merchant has paid back on the platform's own pages.
    let there = json!({ "out_trade_no": "R20261130013" });
    bench.simulated(Method::POST, "/simulator/refund", Some(there)).await;
    let asked = refund(&bench, "R20261130013", "refund-1", json!({})).await;
    assert_eq!((&asked.body["state"], asked.status.as_u16()), (&json!("refused"), 201), "{asked:?}");
    assert!(asked.body["why"].as_str().unwrap().contains("订单已全额退款"), "{asked:?}");
    assert_eq!(odd(&seen(&bench, "R20261130013").await), ["refund_refused"]);
}

#[tokio::test]
async fn notifications_of_refunds_are_held_against_the_order() {
    let bench = Bench::new().await;
    paid(&bench, "R20261130014").await;
    let no_query = json!({ "kind": "fails_before", "status": 500, "on": "query_refund" });
    for (n, fault, odd_ones) in [
        (1, "notify_wrong_amount", vec!["refund_misfit"]),
        (2, "notify_other_merchant", vec!["refund_misfit", "refund_misfit"]),
    ] {
        faults(&bench, json!([{ "kind": fault, "on": "refund_notify", "times": 1 }, no_query])).await;
        bench.advance(APART_MS).await;
        refund(&bench, "R20261130014", &format!("refund-{n}"), fen(5)).await;
        bench.advance(UNDER_WAY_MS).await;
        let order = seen(&bench, "R20261130014").await;
        assert_eq!(
            (odd(&order), &order["refunds"][n - 1]["state"]),
            (odd_ones.iter().map(ToString::to_string).collect(), &json!("processing"))
        );
        // It was written down: it need not come again.
        let there = bench.trade("R20261130014").await["refunds"][n - 1].clone();
        assert_eq!(there["notify"]["state"], "acknowledged", "{fault} {there}");
    }
    // What nobody has signed is refused, and comes again.
    faults(&bench, json!([{ "kind": "notify_bad_signature", "on": "refund_notify", "times": 1 }, no_query])).await;
    bench.advance(APART_MS).await;
    refund(&bench, "R20261130014", "refund-3", fen(5)).await;
    bench.advance(UNDER_WAY_MS).await;
    assert_eq!(bench.trade("R20261130014").await["refunds"][2]["notify"]["failed"], 1);
    bench.advance(15_000).await;
    until(&bench, "R20261130014", &["processing", "processing", "success"]).await;
    faults(&bench, json!([])).await;
    for _ in 0..3 {
        bench.advance(3_600_000).await;
        bench.backend.do_what_is_due("R20261130014").await.unwrap();
    }
    until(&bench, "R20261130014", &["success", "success", "success"]).await;
}

/// Both numbers are paid, whatever was done to prevent it.
async fn paid_twice(bench: &Bench, order_id: &str) {
    let token = bench.order(order_id, &["native", "h5"]).await;
    faults(bench, json!([{ "kind": "paid_after_expiry" }])).await;
    let first = bench.pay(order_id, &token, "key-1", &native()).await;
    let scan = json!({ "text": first.body["action"]["content"], "account": "A" });
    let one = bench.simulated(Method::POST, "/wechat/scan", Some(scan)).await;
    let second = bench.pay(order_id, &token, "key-2", &json!({ "method": "h5", "page_url": PAGE })).await;
    let url = url::Url::parse(second.body["action"]["url"].as_str().unwrap()).unwrap();
    let prepay_id = url.query_pairs().find(|(name, _)| name == "prepay_id").unwrap().1.into_owned();
    let other = bench.simulated(Method::POST, "/wechat/h5", Some(json!({ "prepay_id": prepay_id }))).await;
    for sheet in [one, other] {
        let pay = json!({ "scan_id": sheet.body["scan_id"], "outcome": "pay" });
        let said = bench.simulated(Method::POST, "/wechat/pay", Some(pay)).await;
        assert_eq!(said.body["result"], "paid", "{said:?}");
        bench.until(order_id, "paid").await;
        bench.advance(0).await;
    }
    faults(bench, json!([])).await;
    let mut news = bench.backend.news();
    while bench.backend.order(order_id).await.unwrap().paid.len() < 2 {
        news.recv().await.unwrap();
    }
}

#[tokio::test]
async fn a_second_payment_goes_back_by_hand() {
    let bench = Bench::new().await;
    paid_twice(&bench, "R20261130015").await;
    let order = seen(&bench, "R20261130015").await;
    assert_eq!((order["refunds"].as_array().unwrap().len(), odd(&order).contains(&"paid_twice".to_owned())), (0, true));
    let second = order["paid"][1].clone();
    let asked = post(&bench, "R20261130015/refund-second-payment", "refund-1", &json!({})).await;
    assert_eq!((asked.status.as_u16(), &asked.body["out_trade_no"]), (201, &second), "{asked:?}");
    bench.advance(UNDER_WAY_MS).await;
    until(&bench, "R20261130015", &["success"]).await;
    bench.until("R20261130015", "paid").await;
    let more = post(&bench, "R20261130015/refund-second-payment", "refund-2", &json!({})).await;
    assert_eq!(more.status, 422, "{more:?}");
    // The one that pays the order can go back as well, by its number.
    let by_number = json!({ "out_trade_no": order["paid"][0] });
    assert_eq!(refund(&bench, "R20261130015", "refund-3", by_number).await.status, 201);
    bench.advance(UNDER_WAY_MS).await;
    bench.until("R20261130015", "refunded").await;
}

#[tokio::test]
async fn a_second_payment_goes_back_at_once_where_that_is_set() {
    let bench = Bench::with("refund_second_payment = \"at_once\"", |_| {}).await;
    paid_twice(&bench, "R20261130016").await;
    until(&bench, "R20261130016", &["processing"]).await;
    bench.advance(UNDER_WAY_MS).await;
    until(&bench, "R20261130016", &["success"]).await;
    let order = seen(&bench, "R20261130016").await;
    assert_eq!((&order["refunds"][0]["out_trade_no"], &order["status"]), (&order["paid"][1], &json!("paid")));
}
