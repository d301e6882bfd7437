//! Refunds: what is sent, and that an answer about another one is none.

use serde_json::{Value, json};
use wechat_cashier_merchant::wechat_pay::{Error, Meaning, NewAmount, NewRefund, RefundStatus, Unverified};

use crate::platform::{MCHID, Reply, connected};

const NUMBER: &str = "T2024-01|a*b_c-R1";

fn wanted() -> NewRefund<'static> {
    NewRefund {
        transaction_id: "4200",
        out_refund_no: NUMBER,
        reason: Some("退货"),
        notify_url: "https://pay.shop.example/wechat-pay/notifications",
        amount: NewAmount { refund: 40, total: 100, currency: "CNY" },
    }
}

fn answer() -> Value {
    json!({
        "refund_id": "5030", "out_refund_no": NUMBER, "transaction_id": "4200", "out_trade_no": "T2024-01|a*b_c",
        "channel": "ORIGINAL", "user_received_account": "支付用户零钱", "create_time": "2024-01-01T08:00:00+08:00",
        "status": "PROCESSING", "a_field_of_next_year": 1,
        "amount": {"total": 100, "refund": 40, "payer_total": 100, "payer_refund": 40, "currency": "CNY", "from": []},
    })
}

fn with(name: &str, value: &str) -> Reply {
    let mut answer = answer();
    answer[name] = value.into();
    Reply::signed(200, &answer.to_string())
}

#[tokio::test]
async fn a_refund_is_asked_for_and_asked_about() {
    let (platform, client) = connected().await;
    platform.reply(Reply::signed(200, &answer().to_string()));
    let refund = client.of(None).refund(&wanted()).await.unwrap();
    assert_eq!((refund.status, refund.refund_id.as_str()), (RefundStatus::Processing, "5030"));
    let asked = platform.asked().pop().unwrap();
    asked.verified();
    assert_eq!((asked.method.as_str(), asked.target.as_str()), ("POST", "/v3/refund/domestic/refunds"));
    let sent: Value = serde_json::from_str(&asked.body).unwrap();
    let body = json!({
        "transaction_id": "4200", "out_refund_no": NUMBER, "reason": "退货",
        "notify_url": "https://pay.shop.example/wechat-pay/notifications",
        "amount": {"refund": 40, "total": 100, "currency": "CNY"},
    });
    assert_eq!(sent, body);

    platform.reply(with("status", "SUCCESS"));
    assert_eq!(client.of(None).query_refund(NUMBER).await.unwrap().status, RefundStatus::Success);
    let asked = platform.asked().pop().unwrap();
    asked.verified();
    assert_eq!((asked.method.as_str(), asked.body.as_str()), ("GET", ""));
    assert_eq!(asked.target, "/v3/refund/domestic/refunds/T2024-01%7Ca%2Ab_c-R1");
}

#[tokio::test]
async fn what_is_signed_about_another_refund_is_no_answer() {
    let (platform, client) = connected().await;
    let other = |result: Result<_, Error>| match result {
        Err(Error::NotVerified { why: Unverified::OtherOrder, .. }) => {}
        other => panic!("{other:?}"),
    };
    for (name, value) in [("out_refund_no", "T2024-01-R2"), ("mchid", "1900000110"), ("transaction_id", "4201")] {
        platform.reply(with(name, value));
        other(client.of(None).refund(&wanted()).await);
        if name != "transaction_id" {
            platform.reply(with(name, value));
            other(client.of(None).query_refund(NUMBER).await);
        }
    }
    platform.reply(with("mchid", MCHID));
    assert!(client.of(None).refund(&wanted()).await.is_ok());
}

#[tokio::test]
async fn a_number_that_is_not_there_is_a_word_of_its_own() {
    let (platform, client) = connected().await;
    platform.reply(Reply::signed(404, r#"{"code":"RESOURCE_NOT_EXISTS","message":"退款单不存在"}"#));
    let Err(Error::Refused(refusal)) = client.of(None).query_refund(NUMBER).await else { panic!() };
    assert_eq!(refusal.meaning(), Meaning::NotExist);
}
