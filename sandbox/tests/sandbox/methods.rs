//! One order, many ways to pay it, and never two that work at once.

use serde_json::{Value, json};
use wechat_cashier::contract::{OrderStatus, ProblemCode};

use crate::bench::{Bench, PAGE_URL, Page, ask_for, path_of};
use crate::oauth::logged_in;

/// What can be paid by, in the order in which the test walks through them.
const METHODS: [&str; 6] = ["native", "jsapi", "h5", "mini_program", "alipay", "unionpay"];

/// Asks for a payment, and opens its sheet on account A's phone.
async fn open(page: &Page<'_>, payment: &Value) -> Value {
    let bench = page.bench;
    let action = &payment["action"];
    match payment["method"].as_str().unwrap() {
        "native" | "unionpay" => bench.scan(action["content"].as_str().unwrap(), "A").await,
        "jsapi" => {
            let body = json!({ "params": action["params"], "url": PAGE_URL, "account": "A" });
            bench.post("/wechat/jsapi", body).await
        }
        "h5" => {
            let url = action["url"].as_str().unwrap();
            let prepay_id = url.split_once("prepay_id=").unwrap().1.split('&').next().unwrap();
            bench.post("/wechat/h5", json!({ "prepay_id": prepay_id, "account": "A" })).await
        }
        "mini_program" => bench.post("/wechat/mini-pay", json!({ "path": action["path"], "account": "A" })).await,
        "alipay" => bench.get(&format!("/alipay/bill?id={}", wallet_id(payment))).await,
        other => panic!("no way to open {other}"),
    }
    .json()
}

fn wallet_id(payment: &Value) -> String {
    let url = payment["action"]["url"].as_str().unwrap();
    url.split_once("id=").unwrap().1.split('&').next().unwrap().to_owned()
}

async fn asked(page: &Page<'_>, method: &str) -> Value {
    let key = format!("key-{}", fastrand::u64(..));
    let answer = page.ask_payment(&key, ask_for(method)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

async fn open_trades(page: &Page<'_>) -> usize {
    let trades = page.seen().await["trades"].clone();
    let is_open = |trade: &&Value| ["NOTPAY", "USERPAYING"].contains(&trade["trade_state"].as_str().unwrap());
    trades.as_array().unwrap().iter().filter(is_open).count()
}

#[tokio::test]
async fn every_method_ends_in_paid() {
    let bench = Bench::new().await;
    for method in METHODS {
        let page = bench.order().await;
        if method == "jsapi" {
            logged_in(&page).await;
        }
        let payment = asked(&page, method).await;
        assert_eq!(page.ask("").await.json()["payment"]["action"], payment["action"], "{method}");
        let bill = open(&page, &payment).await;
        assert_eq!((&bill["result"], &bill["order_id"]), (&json!("bill"), &json!(page.order_id)), "{method}: {bill}");
        let paid = bench.post("/wechat/pay", json!({ "scan_id": bill["scan_id"] })).await.json();
        assert_eq!(paid["result"], "paid", "{method}: {paid}");
        assert_eq!(page.status().await.status, OrderStatus::Paid, "{method}");
    }
}

#[tokio::test]
async fn the_panel_pays_by_every_method() {
    let bench = Bench::new().await;
    for method in METHODS {
        let page = bench.order().await;
        let path = format!("/sandbox/orders/{}/pay", page.order_id);
        if method == "jsapi" {
            logged_in(&page).await;
            // Nothing is ordered yet.
            assert_eq!(bench.post(&path, json!({})).await.status, 409);
        }
        asked(&page, method).await;
        assert_eq!(bench.post(&path, json!({})).await.json()["text"], "支付成功", "{method}");
        assert_eq!(page.status().await.status, OrderStatus::Paid, "{method}");
    }
}

/// Field problem 56: the platform refuses a number that was used with another trade type.
#[tokio::test]
async fn from_every_method_to_every_other_only_the_last_can_be_paid() {
    let bench = Bench::new().await;
    for first in METHODS {
        for second in METHODS.into_iter().filter(|second| *second != first) {
            let page = bench.order().await;
            logged_in(&page).await;
            let old = asked(&page, first).await;
            if first == "mini_program" {
                // What it pays by is asked for inside of it.
                assert_eq!(open(&page, &old).await["result"], "bill");
            }
            let new = asked(&page, second).await;
            if second == "mini_program" {
                assert_eq!(open(&page, &new).await["result"], "bill", "{first} → {second}");
            }
            assert_eq!(open_trades(&page).await, 1, "{first} → {second}");
            assert_ne!(old["payment_id"], new["payment_id"]);
            if first == "mini_program" {
                continue;
            }
            assert_eq!(open(&page, &old).await["result"], "refused", "{first} → {second}");
            let order = page.ask("").await.json();
            assert_eq!(order["payment"]["method"], second, "{first} → {second}");
            assert_eq!(open(&page, &new).await["result"], "bill", "{first} → {second}");
            let trades = page.seen().await["trades"].clone();
            assert_eq!(trades[0]["trade_state"], "CLOSED", "{first} → {second}");
            assert_eq!(trades[1]["out_trade_no"], format!("{}-2", page.order_id));
        }
    }
}

#[tokio::test]
async fn a_sheet_that_was_open_cannot_be_paid_after_the_method_was_changed() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let old = asked(&page, "h5").await;
    let bill = open(&page, &old).await;
    asked(&page, "native").await;
    let late = bench.post("/wechat/pay", json!({ "scan_id": bill["scan_id"] })).await.json();
    assert_eq!((&late["result"], &late["text"]), (&json!("refused"), &json!("该订单已失效")));
}

#[tokio::test]
async fn changing_the_method_finds_out_that_the_payer_was_quicker() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "notify_lost" }])).await;
    let bill = open(&page, &asked(&page, "h5").await).await;
    bench.post("/wechat/pay", json!({ "scan_id": bill["scan_id"] })).await;
    assert_eq!(page.status().await.status, OrderStatus::Pending);
    page.ask_payment("key-2", ask_for("native")).await.refused(ProblemCode::OrderPaid);
    assert_eq!(page.status().await.status, OrderStatus::Paid);
    assert_eq!(open_trades(&page).await, 0);
}

#[tokio::test]
async fn a_code_being_confirmed_is_taken_back_for_another_method() {
    let bench = Bench::new().await;
    let page = bench.order_of(json!({ "value": 100_001 })).await;
    let mut body = ask_for("payment_code");
    body["auth_code"] = bench.get("/wechat/payment-code?account=A").await.json()["code"].clone();
    page.ask_payment("key-1", body).await;
    asked(&page, "native").await;
    let trades = page.seen().await["trades"].clone();
    assert_eq!((&trades[0]["trade_state"], &trades[1]["trade_state"]), (&json!("REVOKED"), &json!("NOTPAY")));
    assert_eq!(bench.get("/wechat/sheets?account=A").await.json()["sheets"], json!([]));
}

#[tokio::test]
async fn what_an_order_does_not_offer_is_unavailable() {
    let bench = Bench::new().await;
    let offers = json!(["h5", { "id": "unionpay", "label": "云闪付", "icon_url": "/assets/logo.svg" }]);
    let page = bench.order_of(json!({ "methods": offers })).await;
    assert_eq!(page.ask("").await.json()["methods"], offers);
    for method in ["native", "jsapi", "alipay"] {
        page.ask_payment(method, ask_for(method)).await.refused(ProblemCode::MethodUnavailable);
    }
    // The merchant serves no other method of its own.
    let page = bench.order_of(json!({ "methods": [{ "id": "ecny", "label": "e-CNY" }] })).await;
    page.ask_payment("key", ask_for("ecny")).await.refused(ProblemCode::MethodUnavailable);
    let wrong = bench.post("/shop/orders", json!({ "methods": [7] })).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
}

#[tokio::test]
async fn a_method_can_be_made_unavailable() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    page.set_faults(json!([{ "kind": "method_unavailable", "times": 1 }])).await;
    page.status().await;
    page.ask_payment("key-1", ask_for("h5")).await.refused(ProblemCode::MethodUnavailable);
    page.ask_payment("key-2", ask_for("h5")).await.as_cashier().read::<wechat_cashier::contract::Payment>().unwrap();
}

#[tokio::test]
async fn the_other_wallets_page_leads_back() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let payment = asked(&page, "alipay").await;
    let url = payment["action"]["url"].as_str().unwrap();
    assert!(url.contains("&return_url=http%3A%2F%2F127.0.0.1%3A8088%2Fwechat%2Fcashier%2F"), "{url}");
    assert!(bench.get(&path_of(url)).await.text.contains("/assets/other.js"));
    let id = wallet_id(&payment);
    let cancelled = bench.post("/alipay/pay", json!({ "id": id, "outcome": "cancel" })).await.json();
    assert_eq!(cancelled["result"], "cancelled");
    assert_eq!(page.verified().await.status, OrderStatus::Pending);
    assert_eq!(bench.post("/alipay/pay", json!({ "id": id, "outcome": "pay" })).await.json()["result"], "paid");
    assert_eq!(page.status().await.status, OrderStatus::Paid);
    for nothing in ["", "wallet-0"] {
        assert_eq!(bench.post("/alipay/pay", json!({ "id": nothing })).await.status, 409);
    }
}

#[tokio::test]
async fn unionpays_code_is_on_its_own_domain() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let payment = asked(&page, "unionpay").await;
    assert_eq!(payment["action"]["type"], "show_qr");
    assert!(payment["action"]["content"].as_str().unwrap().starts_with("https://qr.95516.com/"), "{payment}");
}

#[tokio::test]
async fn the_mini_program_has_one_page() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let payment = asked(&page, "mini_program").await;
    let path = payment["action"]["path"].as_str().unwrap();
    assert_eq!(path, format!("/pages/pay?order={}", page.order_id));
    for wrong in ["/pages/other?order=1", "/pages/pay", "/pages/pay?order=T1"] {
        let answer = bench.post("/wechat/mini-pay", json!({ "path": wrong })).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["text"]), (409, &json!("页面不存在")), "{wrong}");
    }
}

#[tokio::test]
async fn replaced_within_a_method_the_old_one_dies_under_the_same_number() {
    let bench = Bench::new().await;
    logged_in(&bench.order().await).await;
    // What the mini-program pays by is asked for inside of it.
    for method in METHODS.into_iter().filter(|method| *method != "mini_program") {
        let page = bench.order().await;
        let old = asked(&page, method).await;
        let mut body = ask_for(method);
        body["replaces"] = old["payment_id"].clone();
        let new = page.ask_payment("again", body).await.json();
        assert_ne!(old["action"], new["action"], "{method}");
        assert_eq!(open(&page, &old).await["result"], "refused", "{method}");
        assert_eq!(open(&page, &new).await["result"], "bill", "{method}");
        assert_eq!(page.seen().await["trades"].as_array().unwrap().len(), 1, "{method}");
    }
}

#[tokio::test]
async fn the_other_wallet_pays_back_by_the_same_trait() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let id = wallet_id(&asked(&page, "alipay").await);
    assert_eq!(bench.post("/alipay/pay", json!({ "id": id, "outcome": "pay" })).await.json()["result"], "paid");
    assert_eq!(page.status().await.status, OrderStatus::Paid);
    let path = format!("/sandbox/orders/{}/refund", page.order_id);
    assert_eq!(bench.post(&path, json!({})).await.status, 204);
    assert_eq!(page.status().await.status, OrderStatus::Refunded);
    assert_eq!(page.seen().await["trades"][0]["trade_state"], "REFUND");
    assert_eq!(bench.post(&path, json!({})).await.status, 409);
}
