//! Notifications (docs/platform.md, 7.2).

use serde_json::{Value, json};
use wechat_cashier_simulator::Config;
use wechat_cashier_simulator::config::{Merchant, VerifiesBy};

use crate::bench::{Bench, MCHID, config};
use crate::inbox::Came;

const MINUTE: i64 = 60_000;

async fn paid_with(bench: &Bench, faults: Value) -> Vec<Came> {
    bench.native("order-1").await;
    bench.faults(faults).await;
    bench.pay("order-1").await;
    bench.inbox.came()
}

/// A bench whose clock only moves when it is told to: these look at both sides of a moment, however long the machine takes.
async fn at_rest() -> Bench {
    let bench = Bench::new().await;
    bench.post("/simulator/clock", json!({ "freeze": true })).await;
    bench
}

async fn notified(bench: &Bench) -> String {
    bench.trade("order-1").await["notify"]["state"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_payment_is_told_signed_and_sealed() {
    let bench = Bench::new().await;
    let came = paid_with(&bench, json!([])).await;
    assert_eq!(came.len(), 1);
    assert_eq!(bench.holds(&came[0].headers, &came[0].body), Ok(()));
    assert_eq!(bench.holds(&came[0].headers, &came[0].body.replace("SUCCESS", "FAILURE")), Err("bad signature"));
    let body: Value = serde_json::from_str(&came[0].body).unwrap();
    assert_eq!((&body["event_type"], body["id"].as_str().unwrap().len()), (&json!("TRANSACTION.SUCCESS"), 36));
    assert_eq!(body["resource"]["original_type"], "transaction");
    let opened = came[0].opened();
    assert_eq!((&opened["out_trade_no"], &opened["mchid"]), (&json!("order-1"), &json!(MCHID)));
    // It says what a query says.
    let mut queried = bench.query("order-1").await.json();
    queried["attach"] = json!("");
    assert_eq!(opened, queried);
    assert_eq!(notified(&bench).await, "acknowledged");
}

#[tokio::test]
async fn it_comes_again_by_the_plan_until_it_is_heard() {
    let bench = at_rest().await;
    bench.inbox.answer_with(&[500, 401, 302, 202]);
    assert_eq!(paid_with(&bench, json!([])).await.len(), 1);
    for (wait, count) in
        [(14_000, 1), (1_000, 2), (14_900, 2), (100, 3), (30_000, 4), (2 * MINUTE, 4), (MINUTE, 5), (60 * MINUTE, 5)]
    {
        bench.advance(wait).await;
        assert_eq!(bench.inbox.came().len(), count, "after {wait} more");
    }
    assert_eq!(notified(&bench).await, "acknowledged");
    let ids: Vec<Value> = bench.inbox.came().iter().map(|came| serde_json::from_str(&came.body).unwrap()).collect();
    assert!(ids.iter().all(|body: &Value| body["id"] == ids[0]["id"]));
}

#[tokio::test]
async fn after_sixteen_attempts_it_is_given_up() {
    let bench = at_rest().await;
    bench.inbox.answer_with(&[500; 40]);
    paid_with(&bench, json!([])).await;
    bench.advance(24 * 60 * MINUTE + 3 * MINUTE + 59_000).await;
    bench.inbox.until_came(15).await;
    assert_eq!((bench.inbox.came().len(), notified(&bench).await.as_str()), (15, "pending"));
    bench.advance(2_000).await;
    assert_eq!((bench.inbox.came().len(), notified(&bench).await.as_str()), (16, "given_up"));
    bench.advance(48 * 60 * MINUTE).await;
    assert_eq!(bench.inbox.came().len(), 16);
}

#[tokio::test]
async fn it_may_get_lost_come_late_or_twice() {
    let bench = Bench::new().await;
    assert_eq!(paid_with(&bench, json!([{ "kind": "notify_lost", "times": 2 }])).await.len(), 0);
    bench.advance(15_000).await;
    assert_eq!(bench.inbox.came().len(), 0);
    bench.advance(15_000).await;
    assert_eq!(bench.inbox.came().len(), 1);

    let bench = Bench::new().await;
    assert_eq!(paid_with(&bench, json!([{ "kind": "notify_late", "ms": 60_000 }])).await.len(), 0);
    bench.advance(MINUTE).await;
    assert_eq!(bench.inbox.came().len(), 1);

    let bench = Bench::new().await;
    let came = paid_with(&bench, json!([{ "kind": "notify_doubled" }])).await;
    assert_eq!((came.len(), came[0].body == came[1].body), (2, true));
}

#[tokio::test]
async fn it_may_be_false_in_each_way() {
    for (fault, held) in [
        ("notify_bad_signature", Err("bad signature")),
        ("notify_wrong_serial", Err("unknown serial")),
        ("notify_old_timestamp", Ok(())),
        ("notify_wrong_amount", Ok(())),
        ("notify_other_merchant", Ok(())),
        ("notify_other_order", Ok(())),
    ] {
        let bench = Bench::new().await;
        bench.inbox.answer_with(&[401]);
        let came = paid_with(&bench, json!([{ "kind": fault, "times": 1 }])).await;
        assert_eq!(bench.holds(&came[0].headers, &came[0].body), held, "{fault}");
        let opened = came[0].opened();
        let seconds: i64 = came[0].headers["wechatpay-timestamp"].to_str().unwrap().parse().unwrap();
        let is_old = bench.now().await.millis() / 1000 - seconds > 3000;
        let false_ones =
            [is_old, opened["amount"]["total"] != 100, opened["mchid"] != MCHID, opened["out_trade_no"] != "order-1"];
        let expected = ["notify_old_timestamp", "notify_wrong_amount", "notify_other_merchant", "notify_other_order"];
        assert_eq!(false_ones, expected.map(|kind| kind == fault), "{fault}");
        // The next attempt is right.
        bench.advance(15_000).await;
        let came = bench.inbox.came();
        assert_eq!(bench.holds(&came[1].headers, &came[1].body), Ok(()), "{fault}");
        assert_eq!(
            (&came[1].opened()["out_trade_no"], notified(&bench).await),
            (&json!("order-1"), "acknowledged".to_owned())
        );
    }
}

#[tokio::test]
async fn a_probe_comes_before_the_real_one() {
    let bench = Bench::with(Config { sign_tests_percent: 100, ..config() }).await;
    bench.inbox.answer_with(&[401]);
    let came = paid_with(&bench, json!([])).await;
    assert_eq!(came.len(), 2);
    assert!(came[0].headers["wechatpay-signature"].to_str().unwrap().starts_with("WECHATPAY/SIGNTEST/"));
    assert_eq!(bench.holds(&came[0].headers, &came[0].body), Err("bad signature"));
    assert_eq!(bench.holds(&came[1].headers, &came[1].body), Ok(()));
    assert_eq!(bench.get("/simulator/probes").await, json!({ "refused": 1, "accepted": 0, "unanswered": 0 }));
    assert_eq!(notified(&bench).await, "acknowledged");
}

#[tokio::test]
async fn each_merchant_is_told_in_the_mode_that_it_verifies_by() {
    for (verifies_by, percent, in_public_key_mode) in [
        (VerifiesBy::PublicKey, 0, true),
        (VerifiesBy::Certificate, 100, false),
        (VerifiesBy::Both, 0, false),
        (VerifiesBy::Both, 100, true),
    ] {
        let merchant = Merchant { verifies_by, public_key_percent: percent, ..Merchant::demo() };
        let bench = Bench::with(Config { merchants: vec![merchant], ..config() }).await;
        let came = paid_with(&bench, json!([])).await;
        let serial = came[0].headers["wechatpay-serial"].to_str().unwrap();
        assert_eq!(serial.starts_with("PUB_KEY_ID_"), in_public_key_mode, "{verifies_by:?} {percent}");
        assert_eq!(bench.holds(&came[0].headers, &came[0].body), Ok(()));
    }
}
