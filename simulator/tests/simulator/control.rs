//! What tests and the panel see and do.

use reqwest::Method;
use serde_json::json;
use wechat_cashier_simulator::Config;
use wechat_cashier_simulator::config::{Merchant, SignatureClock};

use crate::bench::{Bench, config};

#[tokio::test]
async fn the_ledger_counts_queries_and_the_log_has_every_request() {
    let bench = Bench::new().await;
    bench.native("order-1").await;
    for _ in 0..3 {
        bench.query("order-1").await;
    }
    bench.close("order-2").await;
    bench.pay("order-1").await;
    let id = bench.trade("order-1").await["transaction_id"].as_str().unwrap().to_owned();
    let by_id = format!("/v3/pay/transactions/id/{id}?mchid=1900000109");
    assert_eq!(bench.call(Method::GET, &by_id, None).await.json()["out_trade_no"], "order-1");
    let trade = bench.trade("order-1").await;
    assert_eq!(
        (&trade["queries"], &trade["trade_state"], &trade["notify"]["state"]),
        (&json!(4), &json!("SUCCESS"), &json!("acknowledged"))
    );
    let log = bench.get("/simulator/requests").await;
    let calls: Vec<_> = log["requests"].as_array().unwrap().iter().map(|row| row["call"].as_str().unwrap()).collect();
    assert_eq!(calls, ["prepay", "query", "query", "query", "close", "query"]);
    assert_eq!((&log["requests"][0]["out_trade_no"], &log["requests"][4]["status"]), (&json!("order-1"), &json!(204)));
}

#[tokio::test]
async fn only_what_can_be_paid_is_paid() {
    let bench = Bench::new().await;
    let pay = |number: &'static str| bench.post("/simulator/pay", json!({ "out_trade_no": number }));
    assert_eq!(pay("order-1").await["error"], "there is no trade order-1");
    bench.native("order-1").await;
    assert_eq!(pay("order-1").await["text"], "支付成功");
    assert_eq!(pay("order-1").await["error"], "该订单已支付: This order is paid already.");
    let refund = async || {
        let request = bench.http.post(format!("{}/simulator/refund", bench.base));
        let request = request.header("content-type", "application/json").body(r#"{"out_trade_no":"order-1"}"#);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!((refund().await, refund().await, bench.state("order-1").await), (204, 409, "REFUND".to_owned()));
}

#[tokio::test]
async fn reset_forgets_trades_and_faults() {
    let bench = Bench::new().await;
    bench.native("order-1").await;
    bench.faults(json!([{ "kind": "rate_limited" }])).await;
    let status = bench.http.post(format!("{}/simulator/reset", bench.base)).send().await.unwrap().status();
    assert_eq!((status.as_u16(), bench.query("order-1").await.status), (204, 404));
    assert_eq!(bench.get("/simulator/faults").await["faults"], json!([]));
}

#[tokio::test]
async fn a_fault_that_is_none_is_refused() {
    let bench = Bench::new().await;
    let answer = bench.plain(Method::PUT, "/simulator/faults", json!([{ "kind": "nothing" }])).await;
    assert!(answer["error"].as_str().unwrap().contains("nothing"), "{answer}");
}

#[tokio::test]
async fn signatures_may_follow_the_machines_clock() {
    let bench = Bench::with(Config { signature_clock: SignatureClock::Machine, ..config() }).await;
    let before = bench.now().await.millis() / 1000;
    let target = "/v3/pay/transactions/out-trade-no/order-1?mchid=1900000109";
    bench.advance(60 * 60_000).await;
    let authorization = bench.authorization_at(before, "GET", target, "");
    let headers = [("authorization", authorization.as_str()), ("user-agent", "test"), ("accept", "*/*")];
    let answer = bench.send(Method::GET, target, &headers, String::new()).await.unwrap();
    assert_eq!(answer.status, 404);
    let stated: i64 = answer.headers["wechatpay-timestamp"].to_str().unwrap().parse().unwrap();
    assert!((stated - before).abs() < 300);
}

#[test]
fn a_configuration_is_read_strictly_and_its_faults_are_named() {
    let toml = |text: &str| Config::from_toml(text).map(|_| ()).map_err(|error| error.to_string());
    let merchant = "[[merchant]]\nmchid = \"1\"\nappids = [\"wx1\"]\nserial_no = \"A\"\npublic_key = \"k.pem\"\napiv3_key = \"k\"\n";
    assert_eq!(toml(merchant), Ok(()));
    assert_eq!(
        toml(&format!("currencies = [\"CNY\", \"JPY\"]\nspeed = 10.0\n{merchant}verifies_by = \"public_key\"\n")),
        Ok(())
    );
    assert!(toml("speeed = 1.0").unwrap_err().contains("speeed"));
    assert!(toml(&merchant.replace("mchid", "mch_id")).unwrap_err().contains("mch_id"));
    let with = |merchant| {
        wechat_cashier_simulator::Simulator::new(Config { merchants: vec![merchant], ..config() })
            .unwrap_err()
            .to_string()
    };
    let demo = Merchant::demo;
    assert_eq!(
        with(Merchant { apiv3_key: "short".to_owned(), ..demo() }),
        "merchant 1900000109: apiv3_key has not 32 characters"
    );
    assert_eq!(
        with(Merchant { public_key: "-".to_owned(), ..demo() }),
        "merchant 1900000109: public_key is no RSA public key"
    );
    let mut partner = Merchant::demo_partner();
    partner.sub_merchants[1].sub_mchid = partner.mchid.clone();
    assert_eq!(with(partner), "merchant 1900000300: a sub_mchid is its own, or is there twice");
    let sub = format!("{merchant}[[merchant.sub_merchant]]\nsub_mchid = \"2\"\nproducts = [\"native\", \"h5\"]\n");
    assert_eq!(toml(&sub), Ok(()));
    assert!(toml(&sub.replace("h5", "app")).unwrap_err().contains("app"));
    assert!(toml(&sub.replace("sub_mchid", "mchid")).unwrap_err().contains("mchid"));
    let printed = format!("{:?} {:?}", demo(), Merchant::demo_partner().sub_merchants);
    assert!(!printed.contains("b00c5"), "{printed}");
    assert!(!printed.contains("demo-apiv3-key") && !printed.contains("c0ffee00c0ffee00c0ffee00c0ffee00"), "{printed}");
}
