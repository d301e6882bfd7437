//! Ordered, queried, told, closed and reversed for a sub-merchant.

use serde_json::{Value, json};

use super::*;

/// What a product wants beside the ids.
async fn of_product(bench: &Bench, product: &str, number: &str, sub_mchid: &str) -> Value {
    let order = order(bench, number, sub_mchid);
    match product {
        "h5" => {
            with(order, json!({ "scene_info": { "payer_client_ip": "203.0.113.1", "h5_info": { "type": "Wap" } } }))
        }
        "codepay" => {
            let code = bench.get("/wechat/payment-code?account=A").await["code"].clone();
            let scene = json!({ "store_info": { "id": "1" } });
            let mut order = with(order, json!({ "payer": { "auth_code": code }, "scene_info": scene }));
            order.as_object_mut().unwrap().remove("notify_url");
            order
        }
        _ => order,
    }
}

#[tokio::test]
async fn each_product_is_ordered_paid_and_told_in_the_partners_form() {
    for (product, trade_type) in [("native", "NATIVE"), ("h5", "MWEB"), ("codepay", "MICROPAY")] {
        let bench = bench().await;
        let order = of_product(&bench, product, "order-1", BOOKS).await;
        let order = with(order, json!({ "sub_appid": BOOKS_APPID, "attach": "shelf 7" }));
        let answer = prepay(&bench, product, &order).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        if product != "codepay" {
            let unpaid = query(&bench, "out-trade-no/order-1", BOOKS).await.json();
            let expected = json!({
                "sp_appid": SP_APPID, "sp_mchid": SP, "sub_appid": BOOKS_APPID, "sub_mchid": BOOKS,
                "out_trade_no": "order-1", "trade_state": "NOTPAY", "trade_state_desc": "订单未支付",
                "amount": { "total": 100, "payer_currency": "CNY" },
            });
            assert_eq!(unpaid, expected, "{product}");
            bench.pay("order-1").await;
        }
        let trade = bench.trade("order-1").await;
        let paid = query(&bench, "out-trade-no/order-1", BOOKS).await.json();
        let payer = paid["payer"].clone();
        assert_eq!(payer["sp_openid"], trade["payer_openid"]);
        assert_ne!(payer["sp_openid"], payer["sub_openid"]);
        assert_eq!(payer["sub_openid"].as_str().map(str::len), Some(28), "{payer}");
        let expected = json!({
            "sp_appid": SP_APPID, "sp_mchid": SP, "sub_appid": BOOKS_APPID, "sub_mchid": BOOKS,
            "out_trade_no": "order-1", "trade_state": "SUCCESS", "trade_state_desc": "支付成功",
            "transaction_id": trade["transaction_id"], "trade_type": trade_type, "bank_type": "OTHERS",
            "success_time": paid["success_time"], "payer": payer, "attach": "shelf 7",
            "amount": { "total": 100, "payer_total": 100, "currency": "CNY", "payer_currency": "CNY" },
        });
        assert_eq!(paid, expected, "{product}");
        let id = trade["transaction_id"].as_str().unwrap();
        assert_eq!(query(&bench, &format!("id/{id}"), BOOKS).await.json(), paid);
        // It is told what a query says; of a payment by code it is not told.
        let expected = if product == "codepay" { vec![] } else { vec![paid] };
        assert_eq!(told(&bench), expected, "{product}");
    }
}

#[tokio::test]
async fn what_the_order_does_not_name_is_not_told() {
    let bench = bench().await;
    // Both sub-merchants, for an appid that is not named is not there, whether or not one is bound.
    for (number, sub_mchid) in [("order-1", BOOKS), ("order-2", NOODLES)] {
        paid(&bench, number, sub_mchid).await;
        let trade = query(&bench, &format!("out-trade-no/{number}"), sub_mchid).await.json();
        assert_eq!((&trade["sub_appid"], &trade["sub_mchid"]), (&Value::Null, &json!(sub_mchid)));
        assert_eq!(trade["payer"], json!({ "sp_openid": bench.trade(number).await["payer_openid"] }));
    }
}

#[tokio::test]
async fn a_number_is_the_service_providers_and_its_orders_are_one_sub_merchants() {
    let bench = bench().await;
    native(&bench, "order-1", BOOKS).await;
    // All sub-merchants share the numbers.
    let again = prepay(&bench, "native", &order(&bench, "order-1", NOODLES)).await;
    is(&again, (400, "INVALID_REQUEST", 268_498_688));
    is(&query(&bench, "out-trade-no/order-1", NOODLES).await, OTHER_SUB);
    is(&end(&bench, "close", "order-1", NOODLES).await, OTHER_SUB);
    assert_eq!(state(&bench, "order-1", BOOKS).await, "NOTPAY");
    bench.pay("order-1").await;
    let id = bench.trade("order-1").await["transaction_id"].as_str().unwrap().to_owned();
    is(&query(&bench, &format!("id/{id}"), NOODLES).await, OTHER_SUB);
    is(&query(&bench, "out-trade-no/order-2", BOOKS).await, (404, "ORDER_NOT_EXIST", 268_512_771));
    let listed = bench.get(&format!("/simulator/trades?sub_mchid={BOOKS}")).await;
    assert_eq!(listed["trades"].as_array().unwrap().len(), 1);
    assert_eq!(bench.get(&format!("/simulator/trades?sub_mchid={NOODLES}")).await["trades"], json!([]));
    // A merchant of its own has its own numbers.
    let direct = Bench::new().await;
    direct.native("order-1").await;
    assert_eq!(direct.state("order-1").await, "NOTPAY");
}

#[tokio::test]
async fn it_is_closed_and_reversed() {
    let bench = bench().await;
    native(&bench, "order-1", NOODLES).await;
    let closed = end(&bench, "close", "order-1", NOODLES).await;
    assert_eq!((closed.status, closed.text.as_str()), (204, ""));
    assert_eq!(state(&bench, "order-1", NOODLES).await, "CLOSED");
    let till = of_product(&bench, "codepay", "till-1", BOOKS).await;
    assert_eq!(prepay(&bench, "codepay", &till).await.json()["trade_state"], "SUCCESS");
    is(&end(&bench, "reverse", "till-1", NOODLES).await, OTHER_SUB);
    let reversed = end(&bench, "reverse", "till-1", BOOKS).await.json();
    let expected = json!({ "sp_appid": SP_APPID, "sp_mchid": SP, "sub_mchid": BOOKS, "out_trade_no": "till-1" });
    assert_eq!(reversed, expected);
    assert_eq!(state(&bench, "till-1", BOOKS).await, "REFUND");
}

#[tokio::test]
async fn invoices_and_profit_sharing_are_passed_through() {
    let more = json!({ "support_fapiao": true, "settle_info": { "profit_sharing": true } });
    let direct = Bench::new().await;
    let order = with(direct.order("order-1"), more.clone());
    assert_eq!(direct.call(Method::POST, "/v3/pay/transactions/native", Some(&order)).await.status, 200);
    let partner = bench().await;
    for product in ["native", "h5", "codepay"] {
        let order = of_product(&partner, product, &format!("order-{product}"), BOOKS).await;
        assert_eq!(prepay(&partner, product, &with(order, more.clone())).await.status, 200, "{product}");
    }
    for (bench, number) in [(&direct, "order-1"), (&partner, "order-native"), (&partner, "order-codepay")] {
        let trade = bench.trade(number).await;
        assert_eq!((&trade["support_fapiao"], &trade["settle_info"]["profit_sharing"]), (&json!(true), &json!(true)));
    }
    assert_eq!(partner.trade("order-1").await, Value::Null);
}

#[tokio::test]
async fn what_is_told_may_name_another() {
    let bench = bench().await;
    native(&bench, "order-1", BOOKS).await;
    let as_noodles = json!({ "kind": "notify_other_sub_merchant", "as_sub_mchid": NOODLES, "times": 1 });
    bench.faults(json!([as_noodles])).await;
    bench.inbox.answer_with(&[401, 401]);
    bench.pay("order-1").await;
    bench.faults(json!([{ "kind": "notify_other_merchant", "times": 1 }])).await;
    bench.advance(15_000).await;
    bench.advance(15_000).await;
    let ids: Vec<_> = told(&bench).iter().map(|told| (told["sp_mchid"].clone(), told["sub_mchid"].clone())).collect();
    let pair = |sp: &str, sub: &str| (json!(sp), json!(sub));
    assert_eq!(ids, [pair(SP, NOODLES), pair("1900009999", BOOKS), pair(SP, BOOKS)]);
}
