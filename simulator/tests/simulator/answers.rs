//! Answers: whose key signs them, and what can go wrong with them.

use reqwest::Method;
use serde_json::{Value, json};
use wechat_cashier_simulator::Config;
use wechat_cashier_simulator::config::{Merchant, VerifiesBy};
use wechat_cashier_simulator::crypto::{Sealed, open};

use crate::bench::{Answer, Bench, MCHID, config};

fn target() -> String {
    format!("/v3/pay/transactions/out-trade-no/order-1?mchid={MCHID}")
}

async fn query(bench: &Bench, headers: &[(&str, &str)]) -> Answer {
    bench.try_call(Method::GET, &target(), None, headers).await.unwrap()
}

fn serial(answer: &Answer) -> &str {
    answer.headers["wechatpay-serial"].to_str().unwrap()
}

#[tokio::test]
async fn the_key_follows_the_request() {
    let bench = Bench::new().await;
    bench.native("order-1").await;
    let platform = bench.get("/simulator/platform").await;
    let id = |name: &str| platform[name].as_str().unwrap().to_owned();
    let (public_key_id, serial_no) = (id("public_key_id"), id("certificate_serial_no"));
    assert_eq!(serial(&query(&bench, &[]).await), serial_no);
    for wanted in [&public_key_id, &serial_no] {
        let answer = query(&bench, &[("wechatpay-serial", wanted)]).await;
        assert_eq!((serial(&answer), bench.is_signed(&answer), answer.status), (wanted.as_str(), Ok(()), 200));
    }
    for unknown in ["PUB_KEY_ID_0000", "5157F09EFDC096DE15EBE81A47057A7232F1B8E1", "x"] {
        let answer = query(&bench, &[("wechatpay-serial", unknown)]).await;
        assert_eq!(answer.error(), (400, "PARAM_ERROR".to_owned(), Some(268_435_461)), "{unknown}");
        assert_eq!(bench.is_signed(&answer), Ok(()));
    }
}

#[tokio::test]
async fn a_merchant_without_certificates_has_none_to_download() {
    let merchant = |verifies_by| Config { merchants: vec![Merchant { verifies_by, ..Merchant::demo() }], ..config() };
    let bench = Bench::with(merchant(VerifiesBy::PublicKey)).await;
    let answer = bench.call(Method::GET, "/v3/certificates", None).await;
    assert_eq!((answer.status, &answer.json()["code"]), (404, &json!("RESOURCE_NOT_EXISTS")));
    assert!(serial(&answer).starts_with("PUB_KEY_ID_"));
    let bench = Bench::with(merchant(VerifiesBy::Certificate)).await;
    let id = bench.get("/simulator/platform").await["public_key_id"].as_str().unwrap().to_owned();
    assert_eq!(query(&bench, &[("wechatpay-serial", &id)]).await.status, 400);
}

#[tokio::test]
async fn certificates_are_sealed_and_renewed() {
    let bench = Bench::new().await;
    let platform = bench.get("/simulator/platform").await;
    let answer = bench.call(Method::GET, "/v3/certificates", None).await;
    let data = answer.json()["data"].clone();
    assert_eq!((data.as_array().unwrap().len(), &data[0]["serial_no"]), (1, &platform["certificate_serial_no"]));
    let sealed: Sealed = serde_json::from_value(data[0]["encrypt_certificate"].clone()).unwrap();
    assert_eq!(sealed.associated_data, "certificate");
    let pem = open(Merchant::demo().apiv3_key.as_bytes(), &sealed).unwrap();
    assert_eq!(json!(String::from_utf8(pem).unwrap()), platform["certificate_pem"]);

    let renewed = bench.post("/simulator/certificate", Value::Null).await;
    assert_ne!(renewed["certificate_serial_no"], platform["certificate_serial_no"]);
    let answer = bench.try_call(Method::GET, "/v3/certificates", None, &[]).await.unwrap();
    assert_eq!(answer.json()["data"].as_array().unwrap().len(), 2);
    assert_eq!(json!(serial(&answer)), renewed["certificate_serial_no"]);
    // Who asks for the old one is still answered with it.
    let old = platform["certificate_serial_no"].as_str().unwrap();
    assert_eq!(serial(&query(&bench, &[("wechatpay-serial", old)]).await), old);
}

#[tokio::test]
async fn an_answer_may_be_false_in_each_way() {
    let bench = Bench::new().await;
    bench.native("order-1").await;
    for (fault, held) in [
        ("answer_unsigned", Err("unsigned")),
        ("answer_bad_signature", Err("bad signature")),
        ("answer_sign_test", Err("bad signature")),
        ("answer_wrong_serial", Err("unknown serial")),
        ("answer_old_timestamp", Ok(())),
        ("answer_wrong_amount", Ok(())),
        ("answer_other_order", Ok(())),
    ] {
        bench.faults(json!([{ "kind": fault, "times": 1, "on": "query" }])).await;
        let answer = query(&bench, &[]).await;
        assert_eq!((answer.status, bench.is_signed(&answer)), (200, held), "{fault}");
        let right = query(&bench, &[]).await;
        assert_eq!(bench.is_signed(&right), Ok(()));
        let is_other = answer.json() != right.json();
        assert_eq!(is_other, ["answer_wrong_amount", "answer_other_order"].contains(&fault), "{fault}");
        let seconds = |answer: &Answer| answer.headers["wechatpay-timestamp"].to_str().unwrap().parse::<i64>().unwrap();
        if fault == "answer_old_timestamp" {
            assert!(seconds(&right) - seconds(&answer) > 3000);
        }
    }
    assert_eq!(bench.get("/simulator/faults").await["faults"], json!([]));
}

#[tokio::test]
async fn the_work_may_be_done_and_the_answer_lost() {
    let bench = Bench::new().await;
    let target = "/v3/pay/transactions/native";
    for (number, fault) in [
        ("order-1", json!({ "kind": "answer_cut", "times": 1 })),
        ("order-2", json!({ "kind": "connection_dropped", "times": 1 })),
    ] {
        bench.faults(json!([fault])).await;
        assert!(bench.try_call(Method::POST, target, Some(&bench.order(number)), &[]).await.is_err(), "{number}");
        assert_eq!(bench.state(number).await, "NOTPAY");
    }
    for (number, fault, status) in [
        ("order-3", json!({ "kind": "fails_after", "status": 500, "times": 1 }), 500),
        ("order-4", json!({ "kind": "fails_after", "status": 503, "times": 1 }), 503),
    ] {
        bench.faults(json!([fault])).await;
        assert_eq!(bench.call(Method::POST, target, Some(&bench.order(number))).await.status, status);
        assert_eq!(bench.state(number).await, "NOTPAY");
    }
    for (number, fault, error) in [
        ("order-5", json!({ "kind": "fails_before", "status": 500, "times": 1 }), "SYSTEM_ERROR"),
        ("order-6", json!({ "kind": "rate_limited", "times": 1 }), "FREQUENCY_LIMITED"),
    ] {
        bench.faults(json!([fault])).await;
        assert_eq!(bench.call(Method::POST, target, Some(&bench.order(number))).await.error().1, error);
        assert_eq!(bench.query(number).await.status, 404);
    }
}

#[tokio::test]
async fn a_late_answer_is_late_after_the_work() {
    let bench = Bench::new().await;
    let order = bench.order("order-1");
    bench.faults(json!([{ "kind": "answer_late", "ms": 600_000, "on": "prepay" }])).await;
    let ordering = bench.try_call(Method::POST, "/v3/pay/transactions/native", Some(&order), &[]);
    tokio::select! {
        answer = ordering => panic!("{answer:?}"),
        () = async { while bench.query("order-1").await.status != 200 {} } => {}
    }
}
