//! What the payer's phone says.

use serde_json::{Value, json};
use wechat_cashier::contract::OrderStatus;

use crate::bench::{Bench, code};

#[tokio::test]
async fn the_bill_names_merchant_description_and_amount() {
    let bench = Bench::new().await;
    let page = bench.order_of(json!({ "tea": "sencha" })).await;
    let text = code(&page.payment("key-1").await);
    let bill = bench.scan(&text, "A").await.json();
    assert_eq!(bill["result"], "bill");
    assert_eq!(bill["text"], text.as_str());
    assert_eq!(bill["merchant"], "清叶茶舍 Tea House");
    assert_eq!(bill["description"], "宇治煎茶 100 克");
    assert_eq!(bill["amount"], json!({ "value": 1200, "currency": "JPY" }));
    assert_eq!(bill["order_id"], page.order_id.as_str());
    assert_eq!(bench.scan(&text, "A").await.json()["scan_id"], bill["scan_id"]);
}

#[tokio::test]
async fn a_text_that_is_not_the_code_letter_for_letter_is_expired() {
    let bench = Bench::new().await;
    let text = code(&bench.order().await.payment("key-1").await);
    for wrong in ["weixin://wxpay/bizpayurl?pr=000000000", "https://shop.example/", "", &format!("{text} ")] {
        let answer = bench.scan(wrong, "A").await;
        assert_eq!(answer.status, 409);
        assert_eq!(answer.json()["text"], "二维码已过期");
    }
}

#[tokio::test]
async fn a_second_account_is_refused_until_there_is_a_new_code() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let first = page.payment("key-1").await;
    bench.scan(&code(&first), "A").await;
    assert_eq!(bench.scan(&code(&first), "B").await.json()["text"], "商家订单信息有误,请重新下单支付");
    let second = page.new_code("key-2", &first).await;
    assert_eq!(bench.scan(&code(&second), "B").await.json()["result"], "bill");
}

#[tokio::test]
async fn cancelling_and_a_wrong_password_leave_it_unpaid() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let text = code(&page.payment("key-1").await);
    let scan_id: Value = bench.scan(&text, "A").await.json()["scan_id"].clone();
    for (outcome, result) in [("cancel", "cancelled"), ("wrong_password", "wrong_password")] {
        let said = bench.post("/wechat/pay", json!({ "scan_id": scan_id, "outcome": outcome })).await;
        assert_eq!(said.json()["result"], result);
        assert_eq!(page.verified().await.status, OrderStatus::Pending);
        assert_eq!(page.seen().await["trades"][0]["trade_state"], "NOTPAY");
    }
    let paid = bench.post("/wechat/pay", json!({ "text": text, "account": "A" })).await;
    assert_eq!(paid.json()["result"], "paid");
    assert_eq!(page.status().await.status, OrderStatus::Paid);
    assert_eq!(bench.scan(&text, "A").await.json()["text"], "该订单已支付");
}

#[tokio::test]
async fn what_was_not_scanned_cannot_be_paid() {
    let bench = Bench::new().await;
    let text = code(&bench.order().await.payment("key-1").await);
    let said = bench.post("/wechat/pay", json!({ "text": text, "account": "A" })).await;
    assert_eq!((said.status.as_u16(), &said.json()["result"]), (409, &json!("refused")));
}

#[tokio::test]
async fn after_time_expire_the_order_is_no_longer_valid() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let text = code(&page.payment("key-1").await);
    let scan_id: Value = bench.scan(&text, "A").await.json()["scan_id"].clone();
    bench.advance(15 * 60_000).await;
    assert_eq!(bench.scan(&text, "A").await.json()["text"], "该订单已失效");
    let said = bench.post("/wechat/pay", json!({ "scan_id": scan_id })).await;
    assert_eq!(said.json()["text"], "该订单已失效");
}

#[tokio::test]
async fn the_panel_pays_in_one_step() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let path = format!("/sandbox/orders/{}/pay", page.order_id);
    assert_eq!(bench.post(&path, json!({})).await.status, 409);
    page.payment("key-1").await;
    assert_eq!(bench.post(&path, json!({})).await.json()["text"], "支付成功");
    assert_eq!(page.status().await.status, OrderStatus::Paid);
}
