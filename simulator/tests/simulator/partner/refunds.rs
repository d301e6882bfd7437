//! Refunds of a sub-merchant's orders: `sub_mchid` in the body and in the query.

use serde_json::{Value, json};

use super::*;

const TARGET: &str = "/v3/refund/domestic/refunds";
const NO_SUB: (u16, &str, u32) = (400, "PARAM_ERROR", 268_443_704);
const NO_RELATION: (u16, &str, u32) = (403, "NO_AUTH", 268_443_701);

fn body(bench: &Bench, number: &str, sub_mchid: &str) -> Value {
    json!({
        "sub_mchid": sub_mchid,
        "out_trade_no": "order-1",
        "out_refund_no": number,
        "notify_url": bench.notify_url,
        "amount": { "refund": 40, "total": 100, "currency": "CNY" },
    })
}

async fn refund(bench: &Bench, body: &Value) -> Answer {
    bench.call(Method::POST, TARGET, Some(body)).await
}

async fn ask(bench: &Bench, query: &str) -> Answer {
    bench.call(Method::GET, &format!("{TARGET}/{query}"), None).await
}

#[tokio::test]
async fn a_refund_is_under_way_done_and_told_with_both_ids() {
    let bench = bench().await;
    paid(&bench, "order-1", BOOKS).await;
    let asked = refund(&bench, &body(&bench, "r1", BOOKS)).await.json();
    assert_eq!(asked["status"], "PROCESSING", "{asked}");
    bench.advance(3_000).await;
    let done = ask(&bench, &format!("r1?sub_mchid={BOOKS}")).await.json();
    assert_eq!((&done["status"], &done["refund_id"]), (&json!("SUCCESS"), &asked["refund_id"]));
    assert_eq!(state(&bench, "order-1", BOOKS).await, "REFUND");
    let expected = json!({
        "sp_mchid": SP,
        "sub_mchid": BOOKS,
        "transaction_id": done["transaction_id"],
        "out_trade_no": "order-1",
        "refund_id": done["refund_id"],
        "out_refund_no": "r1",
        "refund_status": "SUCCESS",
        "success_time": done["success_time"],
        "user_received_account": "支付用户零钱",
        "amount": { "total": 100, "refund": 40, "payer_total": 100, "payer_refund": 40 },
    });
    assert_eq!(told(&bench)[1..], [expected]);
}

#[tokio::test]
async fn it_is_asked_for_by_the_pair_that_has_ordered() {
    let bench = bench().await;
    paid(&bench, "order-1", BOOKS).await;
    let mut unnamed = body(&bench, "r1", BOOKS);
    unnamed.as_object_mut().unwrap().remove("sub_mchid");
    is(&refund(&bench, &unnamed).await, NO_SUB);
    is(&refund(&bench, &body(&bench, "r1", NOODLES)).await, OTHER_SUB);
    is(&refund(&bench, &body(&bench, "r1", "1900000399")).await, NO_RELATION);
    is(&refund(&bench, &body(&bench, "r1", SP)).await, (400, "PARAM_ERROR", 268_443_705));
    // By the platform's number as well.
    let mut by_id = body(&bench, "r1", NOODLES);
    by_id.as_object_mut().unwrap().remove("out_trade_no");
    by_id["transaction_id"] = bench.trade("order-1").await["transaction_id"].clone();
    is(&refund(&bench, &by_id).await, OTHER_SUB);
    by_id["sub_mchid"] = json!(BOOKS);
    assert_eq!(refund(&bench, &by_id).await.status, 200);

    is(&ask(&bench, "r1").await, NO_SUB);
    is(&ask(&bench, &format!("r1?sub_mchid={NOODLES}")).await, OTHER_SUB);
    is(&ask(&bench, "r1?sub_mchid=1900000399").await, NO_RELATION);
    is(&ask(&bench, &format!("r1?sub_mchid={BOOKS}&mchid={SP}")).await, (400, "PARAM_ERROR", 270_924_358));
    is(&ask(&bench, &format!("r2?sub_mchid={BOOKS}")).await, (404, "RESOURCE_NOT_EXISTS", 268_435_461));
    // A refund's number is the service provider's.
    paid(&bench, "order-2", NOODLES).await;
    let mut other = body(&bench, "r1", NOODLES);
    other["out_trade_no"] = json!("order-2");
    is(&refund(&bench, &other).await, (400, "INVALID_REQUEST", 268_435_461));
    assert_eq!(ask(&bench, &format!("r1?sub_mchid={BOOKS}")).await.status, 200);
}

#[tokio::test]
async fn an_abnormal_one_is_mended_for_its_sub_merchant() {
    let bench = bench().await;
    paid(&bench, "order-1", NOODLES).await;
    bench.faults(json!([{ "kind": "refund_abnormal", "times": 1, "mchid": SP }])).await;
    let asked = refund(&bench, &body(&bench, "r1", NOODLES)).await.json();
    bench.advance(3_000).await;
    let target = format!("{TARGET}/{}/apply-abnormal-refund", asked["refund_id"].as_str().unwrap());
    let mend = async |sub_mchid: Option<&str>| {
        let mut body = json!({ "out_refund_no": "r1", "type": "MERCHANT_BANK_CARD" });
        if let Some(sub_mchid) = sub_mchid {
            body["sub_mchid"] = json!(sub_mchid);
        }
        bench.call(Method::POST, &target, Some(&body)).await
    };
    is(&mend(None).await, NO_SUB);
    is(&mend(Some(BOOKS)).await, OTHER_SUB);
    assert_eq!(mend(Some(NOODLES)).await.json()["status"], "PROCESSING");
    bench.advance(3_000).await;
    let statuses: Vec<_> = told(&bench)[1..].iter().map(|told| told["refund_status"].clone()).collect();
    assert_eq!(statuses, ["ABNORMAL", "SUCCESS"]);
}
