//! What each call sends, and what it makes of the answer.

use std::net::TcpListener;

use url::Url;
use wechat_cashier_merchant::wechat_pay::{
    Client, Error, Meaning, NewAmount, NewRefund, Prepaid, SettingsFault, Sub, TradeState, TradeType, Unverified,
};

use crate::platform::{self, MCHID, PUBLIC_KEY_ID, Reply, connected, merchant_has_signed, public_key, settings};

const OUT_TRADE_NO: &str = "T2024-01|a*b_c";

fn transaction(state: &str, out_trade_no: &str, mchid: &str) -> String {
    serde_json::json!({
        "appid": "wxd678efh567hg6787", "mchid": mchid, "out_trade_no": out_trade_no, "trade_state": state,
        "trade_state_desc": "说明", "amount": {"total": 100, "currency": "CNY", "payer_total": 90, "payer_currency": "CNY"},
        "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}, "success_time": "2023-12-31T23:59:58+08:00",
        "promotion_detail": [{"coupon_id": "1"}], "a_field_of_next_year": {"x": 1},
    })
    .to_string()
}

#[tokio::test]
async fn a_prepay_sends_its_body_letter_for_letter_and_signed() {
    let (platform, client) = connected().await;
    let body = "{\"out_trade_no\" : \"T20240101\", \"description\":\"茶\"}";
    for (trade_type, path, answer, prepaid) in [
        (
            TradeType::Native,
            "native",
            r#"{"code_url":"weixin://wxpay/bizpayurl?pr=a"}"#,
            Prepaid::CodeUrl("weixin://wxpay/bizpayurl?pr=a".into()),
        ),
        (TradeType::Jsapi, "jsapi", r#"{"prepay_id":"wx1"}"#, Prepaid::PrepayId("wx1".into())),
        (
            TradeType::H5,
            "h5",
            r#"{"h5_url":"https://wx.tenpay.com/x"}"#,
            Prepaid::H5Url("https://wx.tenpay.com/x".into()),
        ),
    ] {
        platform.reply(Reply::signed(200, answer));
        assert_eq!(client.of(None).prepay(trade_type, body).await, Ok(prepaid));
        let asked = platform.asked().pop().unwrap();
        assert_eq!(asked.method, "POST");
        assert_eq!(asked.target, format!("/v3/pay/transactions/{path}"));
        assert_eq!(asked.body, body);
    }
}

#[tokio::test]
async fn requests_are_signed_each_with_a_nonce_of_its_own_and_name_the_key_to_answer_with() {
    let (platform, client) = connected().await;
    let mut nonces = std::collections::BTreeSet::new();
    for _ in 0..3 {
        platform.reply(Reply::signed(204, ""));
        assert_eq!(client.of(None).close(OUT_TRADE_NO).await, Ok(()));
        let asked = platform.asked().pop().unwrap();
        assert!(nonces.insert(asked.verified()));
        assert_eq!(asked.target, "/v3/pay/transactions/out-trade-no/T2024-01%7Ca%2Ab_c/close");
        assert_eq!(asked.body, format!("{{\"mchid\":\"{MCHID}\"}}"));
        assert_eq!(asked.headers["Accept"], "application/json");
        assert_eq!(asked.headers["Content-Type"], "application/json");
        assert_eq!(asked.headers["Wechatpay-Serial"], PUBLIC_KEY_ID);
        assert!(asked.headers["User-Agent"].to_str().unwrap().starts_with("wechat-cashier-merchant/"));
    }
}

#[tokio::test]
async fn a_query_gives_what_is_known_and_passes_over_what_is_not() {
    let (platform, client) = connected().await;
    platform.reply(Reply::signed(200, &transaction("SUCCESS", OUT_TRADE_NO, MCHID)));
    let paid = client.of(None).query(OUT_TRADE_NO).await.unwrap();
    assert_eq!((paid.trade_state.clone(), paid.amount.clone().unwrap().total), (TradeState::Success, Some(100)));
    assert_eq!(paid.paid_at().unwrap().millis(), 1_704_038_398_000);
    let asked = platform.asked().pop().unwrap();
    asked.verified();
    assert_eq!(asked.target, format!("/v3/pay/transactions/out-trade-no/T2024-01%7Ca%2Ab_c?mchid={MCHID}"));
    // Kept as JSON, it is the same again.
    assert_eq!(
        serde_json::from_str::<wechat_cashier_merchant::wechat_pay::Transaction>(
            &serde_json::to_string(&paid).unwrap()
        )
        .unwrap(),
        paid
    );
    let unpaid = format!(r#"{{"mchid":"{MCHID}","out_trade_no":"{OUT_TRADE_NO}","trade_state":"SOON"}}"#);
    platform.reply(Reply::signed(200, &unpaid));
    assert_eq!(client.of(None).query(OUT_TRADE_NO).await.unwrap().trade_state, TradeState::Unknown("SOON".into()));
}

#[tokio::test]
async fn an_answer_about_another_order_or_merchant_is_not_believed() {
    let (platform, client) = connected().await;
    for body in [transaction("SUCCESS", "T2024-02", MCHID), transaction("SUCCESS", OUT_TRADE_NO, "1900000109")] {
        platform.reply(Reply::signed(200, &body));
        assert!(matches!(
            client.of(None).query(OUT_TRADE_NO).await,
            Err(Error::NotVerified { why: Unverified::OtherOrder, .. })
        ));
        platform.reply(Reply::signed(200, &body));
        let reversed = client.of(None).reverse(OUT_TRADE_NO, "wxd678efh567hg6787").await;
        assert!(matches!(reversed, Err(Error::NotVerified { why: Unverified::OtherOrder, .. })));
        platform.reply(Reply::signed(200, &body));
        let charged = client.of(None).codepay(&format!(r#"{{"out_trade_no":"{OUT_TRADE_NO}"}}"#)).await;
        assert!(matches!(charged, Err(Error::NotVerified { why: Unverified::OtherOrder, .. })));
    }
}

#[tokio::test]
async fn a_payment_code_is_charged_confirmed_and_reversed() {
    let (platform, client) = connected().await;
    let body = format!(r#"{{"out_trade_no":"{OUT_TRADE_NO}"}}"#);
    platform.reply(Reply::signed(200, &transaction("SUCCESS", OUT_TRADE_NO, MCHID)));
    assert_eq!(client.of(None).codepay(&body).await.unwrap().trade_state, TradeState::Success);
    platform.reply(Reply::signed(202, &transaction("USERPAYING", OUT_TRADE_NO, MCHID)));
    assert_eq!(client.of(None).codepay(&body).await.unwrap().trade_state, TradeState::UserPaying);
    platform.reply(Reply::signed(202, r#"{"code":"USERPAYING","message":"需要用户输入支付密码"}"#));
    let Err(Error::Refused(refusal)) = client.of(None).codepay(&body).await else { panic!() };
    assert_eq!(refusal.meaning(), Meaning::UserPaying);
    // Any call may be answered so.
    platform.reply(Reply::signed(202, r#"{"code":"USER_PAYING","message":"用户支付中，需要输入密码"}"#));
    let Err(Error::Refused(refusal)) = client.of(None).close(OUT_TRADE_NO).await else { panic!() };
    assert_eq!(refusal.meaning(), Meaning::UserPaying);
    let reversed = format!(r#"{{"appid":"wx1","mchid":"{MCHID}","out_trade_no":"{OUT_TRADE_NO}"}}"#);
    for reply in [Reply::signed(200, &reversed), Reply::signed(204, "")] {
        platform.asked();
        platform.reply(reply);
        assert_eq!(client.of(None).reverse(OUT_TRADE_NO, "wx1").await, Ok(()));
        let asked = platform.asked().pop().unwrap();
        assert_eq!(asked.body, format!(r#"{{"appid":"wx1","mchid":"{MCHID}"}}"#));
        assert!(asked.target.ends_with("/reverse"));
    }
}

#[tokio::test]
async fn the_second_host_is_asked_only_where_the_first_was_not_reached() {
    let (platform, url) = platform::start().await;
    let (second, second_url) = platform::start().await;
    let client = |base_url, second_url| {
        let settings = wechat_cashier_merchant::wechat_pay::Settings { second_url, ..settings(base_url, public_key()) };
        Client::new(settings, platform::clock()).unwrap()
    };
    // A port that nobody listens at.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = Url::parse(&format!("http://{free}")).unwrap();
    second.reply(Reply::signed(204, ""));
    assert_eq!(client(nobody.clone(), Some(second_url.clone())).of(None).close(OUT_TRADE_NO).await, Ok(()));
    second.asked().pop().unwrap().verified();
    assert!(matches!(client(nobody, None).of(None).close(OUT_TRADE_NO).await, Err(Error::Unreachable { .. })));
    platform.reply(Reply::unsigned(503, "busy"));
    let failed = client(url, Some(second_url)).of(None).close(OUT_TRADE_NO).await;
    assert_eq!(failed, Err(Error::Unavailable { status: 503 }));
    assert!(second.asked().is_empty());
}

#[test]
fn settings_with_which_nothing_could_be_believed_are_refused() {
    let made = |url: &str| Client::new(settings(Url::parse(url).unwrap(), public_key()), platform::clock()).err();
    for good in ["https://api.mch.weixin.qq.com", "http://127.0.0.1:1/", "http://localhost:1", "http://[::1]:1"] {
        assert_eq!(made(good), None, "{good}");
    }
    for bad in [
        "http://api.mch.weixin.qq.com",
        "http://127.0.0.1.evil.example",
        "ftp://127.0.0.1",
        "https://a:b@c.example",
        "https://a.example?b",
    ] {
        assert_eq!(made(bad), Some(SettingsFault::Url), "{bad}");
    }
    let mut none = settings(Url::parse("https://api.mch.weixin.qq.com").unwrap(), Default::default());
    none.use_certificates = false;
    assert_eq!(Client::new(none, platform::clock()).err(), Some(SettingsFault::NoPlatformKey));
}

#[tokio::test]
async fn the_parameters_for_the_bridge_are_signed_anew_each_time() {
    let (_, client) = connected().await;
    let first = client.jsapi_params("wx2421b1c4370ec43b", "wx1").unwrap();
    assert_eq!((first.package.as_str(), first.sign_type.as_str()), ("prepay_id=wx1", "RSA"));
    assert_eq!((first.time_stamp.as_str(), first.nonce_str.len()), ("1704067200", 32));
    let message = format!("wx2421b1c4370ec43b\n1704067200\n{}\nprepay_id=wx1\n", first.nonce_str);
    assert!(merchant_has_signed(&message, &first.pay_sign));
    assert_ne!(first.pay_sign, client.jsapi_params("wx2421b1c4370ec43b", "wx1").unwrap().pay_sign);
}

#[tokio::test]
async fn a_service_provider_calls_for_a_sub_merchant_and_believes_nothing_of_another() {
    const SUB: &str = "1900000311";
    let (platform, client) = connected().await;
    let payee = client.of(Some(Sub { mchid: SUB, appid: Some("wx9b5e27d40c81fa36") }));
    let answer = |sub_mchid: &str| {
        serde_json::json!({
            "sp_appid": "wxd678efh567hg6787", "sp_mchid": MCHID, "sub_appid": "wx9b5e27d40c81fa36", "sub_mchid": sub_mchid,
            "out_trade_no": OUT_TRADE_NO, "trade_state": "SUCCESS", "payer": {"sp_openid": "o1", "sub_openid": "o2"},
        })
        .to_string()
    };
    let number = "T2024-01%7Ca%2Ab_c";
    platform.reply(Reply::signed(200, &answer(SUB)));
    let paid = payee.query(OUT_TRADE_NO).await.unwrap();
    assert_eq!((paid.mchid.as_str(), paid.sub_mchid.as_deref()), (MCHID, Some(SUB)));
    assert_eq!((paid.appid.as_str(), paid.sub_appid.as_deref()), ("wxd678efh567hg6787", Some("wx9b5e27d40c81fa36")));
    let asked = platform.asked().pop().unwrap();
    asked.verified();
    let target = format!("/v3/pay/partner/transactions/out-trade-no/{number}?sp_mchid={MCHID}&sub_mchid={SUB}");
    assert_eq!(asked.target, target);
    // Of another sub-merchant, of none, and of one where there should be none.
    for (of, body) in [
        (payee, answer("1900000312")),
        (payee, transaction("SUCCESS", OUT_TRADE_NO, MCHID)),
        (client.of(None), answer(SUB)),
    ] {
        platform.reply(Reply::signed(200, &body));
        let other = of.query(OUT_TRADE_NO).await;
        assert!(matches!(other, Err(Error::NotVerified { why: Unverified::OtherOrder, .. })), "{other:?}");
        platform.reply(Reply::signed(200, &body));
        let other = of.reverse(OUT_TRADE_NO, "wxd678efh567hg6787").await;
        assert!(matches!(other, Err(Error::NotVerified { why: Unverified::OtherOrder, .. })), "{other:?}");
        platform.reply(Reply::signed(200, &body));
        let other = of.codepay(&format!(r#"{{"out_trade_no":"{OUT_TRADE_NO}"}}"#)).await;
        assert!(matches!(other, Err(Error::NotVerified { why: Unverified::OtherOrder, .. })), "{other:?}");
    }
    platform.asked();
    platform.reply(Reply::signed(204, ""));
    assert_eq!(payee.close(OUT_TRADE_NO).await, Ok(()));
    let asked = platform.asked().pop().unwrap();
    assert_eq!(asked.target, format!("/v3/pay/partner/transactions/out-trade-no/{number}/close"));
    let ids = |asked: &platform::Asked| serde_json::from_str::<serde_json::Value>(&asked.body).unwrap();
    assert_eq!(ids(&asked), serde_json::json!({ "sp_mchid": MCHID, "sub_mchid": SUB }));
    platform.reply(Reply::signed(200, &answer(SUB)));
    assert_eq!(payee.reverse(OUT_TRADE_NO, "wxd678efh567hg6787").await, Ok(()));
    let asked = platform.asked().pop().unwrap();
    let whole = serde_json::json!({
        "sp_appid": "wxd678efh567hg6787", "sp_mchid": MCHID, "sub_appid": "wx9b5e27d40c81fa36", "sub_mchid": SUB,
    });
    assert_eq!(ids(&asked), whole);
    for (trade_type, path) in [(TradeType::Native, "native"), (TradeType::Jsapi, "jsapi"), (TradeType::H5, "h5")] {
        platform.reply(Reply::signed(
            200,
            r#"{"code_url":"weixin://a","prepay_id":"wx1","h5_url":"https://wx.tenpay.com/x"}"#,
        ));
        payee.prepay(trade_type, "{}").await.unwrap();
        assert_eq!(platform.asked().pop().unwrap().target, format!("/v3/pay/partner/transactions/{path}"));
    }
    let refund = r#"{"refund_id":"5030","out_refund_no":"R1-0001","transaction_id":"4200","out_trade_no":"T20240101",
        "status":"PROCESSING"}"#;
    platform.reply(Reply::signed(200, refund));
    let amount = NewAmount { refund: 40, total: 100, currency: "CNY" };
    let wanted = NewRefund {
        transaction_id: "4200",
        out_refund_no: "R1-0001",
        reason: None,
        notify_url: "https://pay.shop.example/wechat-pay/notifications",
        amount,
    };
    payee.refund(&wanted).await.unwrap();
    assert_eq!(ids(&platform.asked().pop().unwrap())["sub_mchid"], SUB);
    platform.reply(Reply::signed(200, refund));
    payee.query_refund("R1-0001").await.unwrap();
    let asked = platform.asked().pop().unwrap();
    assert_eq!(asked.target, format!("/v3/refund/domestic/refunds/R1-0001?sub_mchid={SUB}"));
}
