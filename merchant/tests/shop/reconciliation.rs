//! A day beside WeChat Pay's bill: the same, different in each way, missed for months, and tampered with.

use reqwest::Method;
use serde_json::{Value, json};
use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::day::Day;

use crate::bench::{ADMIN_KEY, Answer, Bench, PAGE, native, send};
use crate::proxy::Forgery;
use crate::receiver::Receiver;
use crate::said::Said;

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Which day it is in China.
fn today(bench: &Bench) -> Day {
    Day::of(bench.backend.clock().now())
}

/// Turns the clock to a time of a day in China, in milliseconds since its midnight.
async fn turn_to(bench: &Bench, day: Day, millis: i64) {
    let then = Timestamp::from_millis(day.begin().millis() + millis);
    bench.advance(then.millis() - bench.backend.clock().now().millis()).await;
}

/// A bench at noon of a day, which is given too.
async fn at_noon() -> (Bench, Day) {
    let bench = Bench::new().await;
    let day = today(&bench).plus(1);
    turn_to(&bench, day, 12 * HOUR_MS).await;
    (bench, day)
}

async fn paid(bench: &Bench, order_id: &str) {
    let token = bench.order(order_id, &["native"]).await;
    let payment = bench.pay(order_id, &token, "key-1", &native()).await;
    bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap_or_else(|| panic!("{payment:?}"))).await;
    bench.until(order_id, "paid").await;
}

async fn faults(bench: &Bench, faults: Value) {
    let set = bench.simulated(Method::PUT, "/simulator/faults", Some(faults)).await;
    assert!(set.status.is_success(), "{set:?}");
}

async fn report(bench: &Bench, day: Day) -> Answer {
    bench.shop(Method::GET, &format!("/admin/v1/reconciliations/{day}"), None).await
}

async fn again(bench: &Bench, day: Day) -> Answer {
    bench.shop(Method::POST, &format!("/admin/v1/reconciliations/{day}"), None).await
}

/// Kind and number of each difference.
fn differences(answer: &Answer) -> Vec<(String, String)> {
    let of = |difference: &Value| {
        let text = |name: &str| difference[name].as_str().unwrap_or_default().to_owned();
        (text("kind"), text("out_trade_no"))
    };
    let differences = answer.body["compared"]["differences"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    differences.iter().map(of).collect()
}

#[tokio::test]
async fn a_day_is_compared_at_five_past_ten_by_itself() {
    let (bench, day) = at_noon().await;
    for order_id in ["R20261130001", "R20261130002", "R20261130003"] {
        paid(&bench, order_id).await;
    }
    // One that nobody pays is no business of the bill's.
    bench.order("R20261130004", &["native"]).await;
    assert_eq!(report(&bench, day).await.status, 404);
    turn_to(&bench, day.plus(1), 10 * HOUR_MS).await;
    bench.backend.settle().await;
    assert_eq!(report(&bench, day).await.status, 404);
    for (other, why) in [(day.plus(1), "is not over"), (day.plus(-92), "is gone")] {
        let refused = again(&bench, other).await;
        assert_eq!(refused.status, 422, "{refused:?}");
        assert!(refused.body["detail"].as_str().unwrap().contains(&format!("{other} {why}")), "{refused:?}");
    }

    let mut reports = bench.backend.reports();
    turn_to(&bench, day.plus(1), 10 * HOUR_MS + 5 * 60 * 1000).await;
    let mut made = reports.recv().await.unwrap();
    while made.date != day {
        made = reports.recv().await.unwrap();
    }
    let answer = report(&bench, day).await;
    assert_eq!((answer.status.as_u16(), &answer.body["state"]), (200, &json!("ok")), "{answer:?}");
    let side = json!({ "payments": 3, "paid": { "CNY": 3 * 1999 }, "refunds": 0, "refunded": {} });
    assert_eq!((&answer.body["compared"]["there"], &answer.body["compared"]["here"]), (&side, &side));
    assert_eq!(serde_json::to_value(made.of_shop("shop")).unwrap(), answer.body);

    bench.backend.settle().await;
    let listed = bench.shop(Method::GET, "/admin/v1/reconciliations", None).await;
    let days = listed.body["reconciliations"].as_array().unwrap();
    let last = &days[0];
    assert_eq!((&last["date"], &last["state"], &last["differences"]), (&json!(day), &json!("ok"), &json!(0)));
    let before = bench.shop(Method::GET, &format!("/admin/v1/reconciliations?before={day}"), None).await;
    assert_eq!(before.body["reconciliations"].as_array().unwrap().len(), days.len() - 1);
    for wrong in ["yesterday", "2026-11-31", "2026-11-29.xml"] {
        let refused = bench.shop(Method::GET, &format!("/admin/v1/reconciliations/{wrong}"), None).await;
        assert_eq!(refused.status, 422, "{wrong}");
    }
    let stranger = bench.http.get(format!("{}/admin/v1/reconciliations/{day}", bench.merchant)).send().await.unwrap();
    assert_eq!(stranger.status(), 401);
}

#[tokio::test]
async fn each_kind_of_difference_is_named() {
    let (bench, day) = at_noon().await;
    for order_id in ["R20261130011", "R20261130012", "R20261130013", "R20261130014"] {
        paid(&bench, order_id).await;
    }
    turn_to(&bench, day.plus(1), 11 * HOUR_MS).await;
    bench.backend.settle().await;
    assert_eq!(report(&bench, day).await.body["state"], "ok");
    let cases = [
        (json!({ "kind": "bill_line_missing", "out_trade_no": "R20261130011" }), "missing_there", "R20261130011"),
        (json!({ "kind": "bill_line_foreign", "as_out_trade_no": "=1+1" }), "missing_here", "=1+1"),
        (json!({ "kind": "bill_wrong_amount", "out_trade_no": "R20261130012" }), "amount", "R20261130012"),
        (json!({ "kind": "bill_wrong_state", "out_trade_no": "R20261130013" }), "state", "R20261130013"),
        (
            json!({ "kind": "bill_wrong_state", "out_trade_no": "R20261130014", "state": "ODD" }),
            "state",
            "R20261130014",
        ),
    ];
    for (fault, kind, number) in &cases {
        faults(&bench, json!([fault])).await;
        let told = again(&bench, day).await;
        assert_eq!((told.status.as_u16(), &told.body["state"]), (200, &json!("different")), "{told:?}");
        assert_eq!(differences(&told), [((*kind).to_owned(), (*number).to_owned())], "{told:?}");
        assert_eq!(report(&bench, day).await.body, told.body);
    }
    // All at once, as a table.
    faults(&bench, cases.iter().map(|(fault, ..)| fault.clone()).collect()).await;
    let all = again(&bench, day).await;
    assert_eq!(differences(&all).len(), cases.len());
    let csv = bench.shop(Method::GET, &format!("/admin/v1/reconciliations/{day}.csv"), None).await;
    assert!(csv.content_type.starts_with("text/csv"), "{csv:?}");
    let table = csv.body.as_str().unwrap();
    assert!(table.contains(&format!("{day},amount,R20261130012,R20261130012,,SUCCESS,20.00,")), "{table}");
    assert!(table.contains(",\"'=1+1\","), "{table}");
    // A person is told at once, with what to look for.
    let logged = Said::by_this_process().logged();
    let alarms = logged.lines().filter(|line| line.contains("ERROR") && line.contains("alarm: WeChat Pay's bill"));
    let ours: Vec<_> = alarms.filter(|line| line.contains("R20261130012")).collect();
    assert!(ours.len() == 2 && ours[0].contains("amount: 1") && ours[0].contains(&day.to_string()), "{ours:?}");
    // Put right at WeChat Pay, the day is put right here.
    faults(&bench, json!([])).await;
    assert_eq!(again(&bench, day).await.body["state"], "ok");
}

#[tokio::test]
async fn midnight_in_china_parts_the_days() {
    let (bench, day) = at_noon().await;
    turn_to(&bench, day, DAY_MS - 1000).await;
    paid(&bench, "R20261130021").await;
    turn_to(&bench, day.plus(1), 0).await;
    paid(&bench, "R20261130022").await;
    turn_to(&bench, day.plus(2), 11 * HOUR_MS).await;
    bench.backend.settle().await;
    for day in [day, day.plus(1)] {
        let answer = report(&bench, day).await;
        let payments = &answer.body["compared"]["there"]["payments"];
        assert_eq!((&answer.body["state"], payments), (&json!("ok"), &json!(1)), "{answer:?}");
    }
}

#[tokio::test]
async fn a_payment_by_code_that_was_taken_back_is_on_both_sides() {
    let (bench, day) = at_noon().await;
    let token = bench.order("R20261130031", &["payment_code"]).await;
    let code = bench.simulated(Method::GET, "/wechat/payment-code?account=A", None).await.body["code"].clone();
    // The payer confirms between the last question and the reversal: nobody here ever hears that it was paid.
    bench.simulated(Method::PUT, "/wechat/phone", Some(json!({ "ask_password": true }))).await;
    faults(&bench, json!([{ "kind": "fails_before", "status": 500, "on": "reverse" }])).await;
    let body = json!({ "method": "payment_code", "page_url": PAGE, "auth_code": code });
    bench.pay("R20261130031", &token, "key-1", &body).await;
    let settle = async |times| {
        for _ in 0..times {
            bench.advance(10_000).await;
            bench.backend.settle().await;
        }
    };
    settle(6).await;
    let sheets = bench.simulated(Method::GET, "/wechat/sheets?account=A", None).await;
    let confirm = json!({ "scan_id": sheets.body["sheets"][0]["scan_id"], "outcome": "pay" });
    let said = bench.simulated(Method::POST, "/wechat/pay", Some(confirm)).await;
    assert_eq!(said.body["result"], "paid", "{said:?}");
    faults(&bench, json!([])).await;
    settle(20).await;
    assert_eq!(bench.trade("R20261130031").await["trade_state"], "REFUND");
    let here = bench.shop(Method::GET, "/admin/v1/orders/R20261130031", None).await;
    assert_eq!(here.body["trades"][0]["state"], "closed", "{here:?}");
    turn_to(&bench, day.plus(1), 11 * HOUR_MS).await;
    bench.backend.settle().await;
    let answer = report(&bench, day).await;
    assert_eq!(answer.body["state"], "ok", "{answer:?}");
    assert_eq!(answer.body["compared"]["there"]["refunds"], 1);
}

#[tokio::test]
async fn three_months_are_caught_up_with_one_after_the_other() {
    let (bench, day) = at_noon().await;
    paid(&bench, "R20261130041").await;
    faults(&bench, json!([{ "kind": "bill_line_missing", "out_trade_no": "R20261130041" }])).await;
    // Nobody is at work for three months: the backend's clock stands still, and then it is turned.
    turn_to(&bench, day.plus(89), 11 * HOUR_MS).await;
    bench.backend.settle().await;
    let listed = bench.shop(Method::GET, "/admin/v1/reconciliations", None).await;
    let days = listed.body["reconciliations"].as_array().unwrap();
    let dates: Vec<_> = days.iter().map(|of| of["date"].as_str().unwrap().to_owned()).collect();
    let expected: Vec<_> = (0..89).rev().map(|number| day.plus(number).to_string()).collect();
    assert_eq!(dates[..89], expected);
    assert_eq!(differences(&report(&bench, day).await), [("missing_there".to_owned(), "R20261130041".to_owned())]);
    assert!(days[..88].iter().all(|of| of["state"] == "ok"), "{listed:?}");
}

#[tokio::test]
async fn a_file_that_was_tampered_with_is_refused_and_asked_for_again() {
    let (bench, day) = at_noon().await;
    paid(&bench, "R20261130051").await;
    turn_to(&bench, day.plus(1), 12 * HOUR_MS).await;
    bench.backend.settle().await;
    assert_eq!(report(&bench, day).await.body["state"], "ok");

    faults(&bench, json!([{ "kind": "bill_spoilt" }])).await;
    let refused = again(&bench, day).await;
    assert_eq!(refused.body["state"], "failed", "{refused:?}");
    assert!(refused.body["why"].as_str().unwrap().contains("hash"), "{refused:?}");
    // What was once compared stays.
    assert_eq!(report(&bench, day).await.body["state"], "ok");

    // The next day fails by itself, and is tried again after half an hour.
    turn_to(&bench, day.plus(2), 11 * HOUR_MS).await;
    paid(&bench, "R20261130052").await;
    turn_to(&bench, day.plus(3), 11 * HOUR_MS).await;
    bench.backend.settle().await;
    let failed = report(&bench, day.plus(2)).await;
    assert_eq!((&failed.body["state"], &failed.body["failures"]), (&json!("failed"), &json!(1)), "{failed:?}");
    faults(&bench, json!([])).await;
    bench.backend.settle().await;
    assert_eq!(report(&bench, day.plus(2)).await.body["state"], "failed");
    bench.advance(30 * 60 * 1000).await;
    bench.backend.settle().await;
    assert_eq!(report(&bench, day.plus(2)).await.body["state"], "ok");
}

#[tokio::test]
async fn nothing_unsigned_is_believed_of_the_answer_that_has_the_hash() {
    let (bench, day) = at_noon().await;
    paid(&bench, "R20261130061").await;
    turn_to(&bench, day.plus(1), 12 * HOUR_MS).await;
    bench.backend.settle().await;
    for bit in [0, 333, 1111] {
        bench.answers.set(Some(Forgery::BodyBit(bit)));
        let refused = again(&bench, day).await;
        bench.answers.set(None);
        assert_eq!(refused.body["state"], "failed", "{refused:?}");
    }
    assert_eq!(again(&bench, day).await.body["state"], "ok");
}

#[tokio::test]
async fn what_was_paid_before_its_time_was_kept_is_found() {
    let (bench, day) = at_noon().await;
    paid(&bench, "R20261130071").await;
    let mut database = bench.database().await;
    let forgotten = "UPDATE transaction_ids SET success_time = NULL";
    assert_eq!(sqlx::query(forgotten).execute(&mut database).await.unwrap().rows_affected(), 1);
    // One whose order says nothing of it is asked about once.
    let odd = "INSERT INTO transaction_ids (transaction_id, order_id) VALUES ('lost', 'R20261130071')";
    sqlx::query(odd).execute(&mut database).await.unwrap();
    turn_to(&bench, day.plus(1), 11 * HOUR_MS).await;
    bench.backend.settle().await;
    assert_eq!(report(&bench, day).await.body["state"], "ok");
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM transaction_ids WHERE success_time IS NULL")
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn money_that_went_back_by_refunds_is_in_the_bill_of_its_day() {
    let (bench, day) = at_noon().await;
    paid(&bench, "R20261130061").await;
    let url = format!("{}/admin/v1/orders/R20261130061/refunds", bench.merchant);
    for (key, fen) in [("part-1", 500), ("part-2", 1499)] {
        let body = json!({ "amount": { "value": fen, "currency": "CNY" } });
        let request = bench.http.post(&url).bearer_auth(ADMIN_KEY).header("idempotency-key", key);
        let asked = send(request.body(body.to_string())).await;
        assert_eq!(asked.status, 201, "{asked:?}");
        bench.advance(61_000).await;
        bench.backend.settle().await;
    }
    bench.until("R20261130061", "refunded").await;
    paid(&bench, "R20261130062").await;
    turn_to(&bench, day.plus(1), 11 * HOUR_MS).await;
    bench.backend.settle().await;
    let answer = report(&bench, day).await;
    assert_eq!(answer.body["state"], "ok", "{answer:?}");
    let side = json!({ "payments": 2, "paid": { "CNY": 2 * 1999 }, "refunds": 2, "refunded": { "CNY": 1999 } });
    assert_eq!((&answer.body["compared"]["there"], &answer.body["compared"]["here"]), (&side, &side), "{answer:?}");
}

#[tokio::test]
async fn the_shop_is_told_of_a_day_that_differs_once_for_each_outcome() {
    let mut receiver = Receiver::that_says(&[]).await;
    let bench = Bench::with(&receiver.table("types = [\"reconciliation.different\"]"), |_| {}).await;
    let day = today(&bench).plus(1);
    turn_to(&bench, day, 12 * HOUR_MS).await;
    paid(&bench, "R20261130071").await;
    faults(&bench, json!([{ "kind": "bill_line_missing", "out_trade_no": "R20261130071" }])).await;
    turn_to(&bench, day.plus(1), 11 * HOUR_MS).await;
    let came = receiver.next().await;
    assert!(came.is_genuine(&bench), "{came:?}");
    let body = came.body();
    assert_eq!((&body["type"], &body["data"]["date"]), (&json!("reconciliation.different"), &json!(day.to_string())));
    assert_eq!((&body["data"]["differences"], &body["data"]["first"]["kind"]), (&json!(1), &json!("missing_there")));
    // Compared again with the same outcome, it is the same message; it is about no order.
    again(&bench, day).await;
    bench.backend.settle().await;
    let told = bench.shop(Method::GET, "/admin/v1/webhooks", None).await;
    assert_eq!(told.body["webhooks"].as_array().unwrap().len(), 1, "{told:?}");
    assert_eq!(told.body["webhooks"][0]["order_id"], Value::Null);
}
