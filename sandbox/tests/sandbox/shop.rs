//! The shop and its pages.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::bench::{Bench, code};

#[tokio::test]
async fn a_form_leads_to_the_cashier() {
    let bench = Bench::new().await;
    let request = Request::post("/shop/orders").header("content-type", "application/x-www-form-urlencoded");
    let answer = bench.send(request.body(Body::from("tea=assam&lang=zh-HK")).unwrap()).await;
    assert_eq!(answer.status, 303);
    let orders = bench.get("/sandbox/orders").await.json();
    let (order_id, token) = (orders[0]["order_id"].as_str().unwrap(), orders[0]["token"].as_str().unwrap());
    let expected = format!("/cashier/?order={order_id}&token={token}&lang=zh-HK");
    assert_eq!(answer.header("location"), Some(expected.as_str()));
    assert_eq!(orders[0]["amount"], json!({ "value": 3250, "currency": "KWD" }));
}

#[tokio::test]
async fn an_order_tells_where_it_can_be_paid() {
    let bench = Bench::new().await;
    let order = bench.post("/shop/orders", json!({ "lang": "en" })).await.json();
    let cashier = order["cashier_url"].as_str().unwrap();
    assert_eq!(order["wechat_url"], format!("/wechat{cashier}"));
    assert_eq!(order["till_url"], format!("{cashier}&surface=till"));
    let page = bench.get(order["order_url"].as_str().unwrap()).await.text;
    assert!(page.contains("/wechat?lang=en&amp;open=%2Fwechat%2Fcashier%2F%3Forder%3D"), "{page}");
}

#[tokio::test]
async fn the_names_of_other_wallets_are_in_the_orders_language() {
    let bench = Bench::new().await;
    for (lang, alipay, unionpay) in
        [("zh-CN", "支付宝", "云闪付"), ("zh-HK", "支付寶", "雲閃付"), ("en", "Alipay", "UnionPay")]
    {
        let methods = bench.order_of(json!({ "lang": lang })).await.ask("").await.json()["methods"].clone();
        assert_eq!(methods[5], json!({ "id": "alipay", "label": alipay, "icon_url": "/assets/alipay.svg" }));
        assert_eq!(methods[6], json!({ "id": "unionpay", "label": unionpay, "icon_url": "/assets/unionpay.svg" }));
    }
}

#[tokio::test]
async fn json_may_say_everything() {
    let bench = Bench::new().await;
    let wish =
        json!({ "currency": "JPY", "value": 5, "description": "<b>x</b>", "expires_in_ms": 1000, "events": true });
    let page = bench.order_of(wish).await;
    let order = page.status().await;
    assert_eq!((order.amount.value, order.amount.currency.code()), (5, "JPY"));
    // From the second in which it was made.
    assert!((1..=1000).contains(&(order.expires_at.millis() - order.now.millis())));
    assert!(order.events_url.is_some());
    let html = bench.get(&format!("/shop/orders/{}", page.order_id)).await.text;
    assert!(html.contains("&lt;b&gt;x&lt;/b&gt;") && html.contains("JPY 5"), "{html}");
}

#[tokio::test]
async fn a_wrong_wish_is_refused() {
    let bench = Bench::new().await;
    for wish in
        [json!({ "tea": "coffee" }), json!({ "value": 0 }), json!({ "currency": "yuan" }), json!({ "colour": 1 })]
    {
        assert_eq!(bench.post("/shop/orders", wish).await.status, 422);
    }
}

#[tokio::test]
async fn the_orders_page_tells_what_the_merchant_knows() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let path = format!("/shop/orders/{}", page.order_id);
    assert!(bench.get(&path).await.text.contains(r#"data-status="pending""#));
    bench.pay(&code(&page.payment("key-1").await)).await;
    assert!(bench.get(&path).await.text.contains(r#"data-status="paid""#));
    assert_eq!(bench.get("/shop/orders/T1").await.status, 404);
}

#[tokio::test]
async fn every_page_and_what_it_is_made_of_is_there() {
    let bench = Bench::new().await;
    for path in [
        "/",
        "/?lang=en",
        "/wechat",
        "/wechat?lang=en",
        "/till",
        "/assets/wechat.css",
        "/assets/wechat.js",
        "/assets/inside.js",
        "/assets/till.js",
        "/assets/h5.js",
        "/assets/oauth.js",
        "/assets/other.js",
        "/assets/jssdk.js",
        "/assets/alipay.svg",
        "/assets/unionpay.svg",
        "/phone",
        "/panel",
        "/assets/style.css",
        "/assets/phone.js",
        "/assets/panel.js",
        "/assets/logo.svg",
    ] {
        let answer = bench.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        for link in answer.text.split("=\"/").skip(1).filter_map(|rest| rest.split('"').next()) {
            if !link.contains(['$', '…']) && link != "shop/orders" {
                let answer = bench.get(&format!("/{link}")).await;
                // Nobody is in at the console yet.
                let is_door = link == "console/" && answer.header("location") == Some("/console/login");
                assert!(answer.status == 200 || is_door, "{path} links to /{link}");
            }
        }
    }
}
