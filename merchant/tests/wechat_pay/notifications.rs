//! Notifications: whole ones are read, and whatever is changed in one is refused.

use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use url::Url;
use wechat_cashier_merchant::wechat_pay::{Client, PlatformKeys, RefundStatus, Refused, Told, TradeState, Unverified};

use crate::platform::{
    APIV3_KEY, CERTIFICATE, CERTIFICATE_SERIAL, MCHID, NOW_S, PUBLIC_KEY_ID, clock, enciphered, public_key, settings,
    signed,
};

const SIGNED: [&str; 4] = ["Wechatpay-Signature", "Wechatpay-Nonce", "Wechatpay-Timestamp", "Wechatpay-Serial"];

fn client(keys: PlatformKeys) -> Client {
    Client::new(settings(Url::parse("https://api.mch.weixin.qq.com").unwrap(), keys), clock()).unwrap()
}

fn body_of(key: &str, event_type: &str, plaintext: &str) -> Vec<u8> {
    serde_json::json!({
        "id": "EV-2018022511223320873", "create_time": "2024-01-01T08:00:00+08:00", "resource_type": "encrypt-resource",
        "event_type": event_type, "summary": "支付成功", "resource": enciphered(key, "transaction", plaintext.as_bytes()),
    })
    .to_string()
    .into_bytes()
}

fn good() -> Vec<u8> {
    let paid = serde_json::json!({
        "mchid": MCHID, "appid": "wxd678efh567hg6787", "out_trade_no": "T20240101", "transaction_id": "1217752501201407033233368018",
        "trade_type": "JSAPI", "trade_state": "SUCCESS", "trade_state_desc": "支付成功", "bank_type": "CMC", "attach": "",
        "success_time": "2024-01-01T07:59:58+08:00", "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
        "amount": {"total": 100, "payer_total": 100, "currency": "CNY", "payer_currency": "CNY"},
    });
    body_of(APIV3_KEY, "TRANSACTION.SUCCESS", &paid.to_string())
}

fn refused(client: &Client, headers: &HeaderMap, body: &[u8]) -> Refused {
    client.notification(headers, body).expect_err("it is taken")
}

#[test]
fn a_whole_notification_is_read() {
    let client = client(public_key());
    let body = good();
    let read = client.notification(&signed(PUBLIC_KEY_ID, NOW_S, &body), &body).unwrap();
    assert_eq!((read.id.as_str(), read.event_type.as_str()), ("EV-2018022511223320873", "TRANSACTION.SUCCESS"));
    assert_eq!(read.create_time.unwrap().millis(), NOW_S * 1000);
    let Told::Payment(transaction) = read.told else { panic!("{read:?}") };
    assert_eq!(transaction.trade_state, TradeState::Success);
    assert_eq!(transaction.payer.unwrap().openid.as_deref(), Some("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"));
}

#[test]
fn a_refunds_end_is_read() {
    let client = client(public_key());
    for (word, status) in
        [("SUCCESS", RefundStatus::Success), ("CLOSED", RefundStatus::Closed), ("ABNORMAL", RefundStatus::Abnormal)]
    {
        let told = serde_json::json!({
            "mchid": MCHID, "transaction_id": "1008450740201411110005820873", "out_trade_no": "T20240101",
            "refund_id": "50200207182018070300011301001", "out_refund_no": "T20240101-R1", "refund_status": word,
            "user_received_account": "招商银行信用卡0403",
            "amount": {"total": 100, "refund": 40, "payer_total": 100, "payer_refund": 40},
        });
        let body = body_of(APIV3_KEY, &format!("REFUND.{word}"), &told.to_string());
        let read = client.notification(&signed(PUBLIC_KEY_ID, NOW_S, &body), &body).unwrap();
        let Told::Refund(refund) = read.told else { panic!("{read:?}") };
        assert_eq!((refund.status, refund.mchid.as_deref()), (status, Some(MCHID)));
        assert_eq!((refund.out_refund_no.as_str(), refund.amount.unwrap().refund), ("T20240101-R1", 40));
    }
}

#[test]
fn what_is_wrong_is_named() {
    let client = client(public_key());
    let body = good();
    let with = |name: &'static str, value: &'static str| {
        let mut headers = signed(PUBLIC_KEY_ID, NOW_S, &body);
        headers.insert(name, HeaderValue::from_static(value));
        refused(&client, &headers, &body)
    };
    assert_eq!(with("Wechatpay-Signature", "WECHATPAY/SIGNTEST/abc"), Refused::Unverified(Unverified::Probe));
    assert_eq!(with("Wechatpay-Signature", "AAAA"), Refused::Unverified(Unverified::Signature));
    assert_eq!(with("Wechatpay-Serial", "5F"), Refused::Unverified(Unverified::Serial("5F".into())));
    let timestamp = Refused::Unverified(Unverified::Header("Wechatpay-Timestamp"));
    assert_eq!(with("Wechatpay-Timestamp", "soon"), timestamp);
    assert_eq!(with("Wechatpay-Timestamp", "-1"), timestamp);
    assert_eq!(
        with("Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3"),
        Refused::Unverified(Unverified::SignatureType)
    );
    for name in SIGNED {
        let mut headers = signed(PUBLIC_KEY_ID, NOW_S, &body);
        headers.remove(name);
        assert_eq!(refused(&client, &headers, &body), Refused::Unverified(Unverified::Header(name)));
    }
    for off_s in [300, -300] {
        let headers = signed(PUBLIC_KEY_ID, NOW_S - off_s, &body);
        assert_eq!(refused(&client, &headers, &body), Refused::Unverified(Unverified::Clock { off_s }));
    }
    let signed_body = |body: &[u8]| refused(&client, &signed(PUBLIC_KEY_ID, NOW_S, body), body);
    assert!(matches!(signed_body(b"{}"), Refused::Unreadable(_)));
    assert!(matches!(signed_body(&body_of(APIV3_KEY, "TRANSACTION.SUCCESS", "{}")), Refused::Unreadable(_)));
    assert_eq!(signed_body(&body_of(&APIV3_KEY.replace('a', "b"), "TRANSACTION.SUCCESS", "{}")), Refused::Cipher);
    assert!(matches!(signed_body(&body_of(APIV3_KEY, "REFUND.SUCCESS", "{}")), Refused::Unreadable(_)));
    let other = body_of(APIV3_KEY, "VEHICLE.ENTRANCE", "{}");
    assert_eq!(signed_body(&other), Refused::OtherEvent("VEHICLE.ENTRANCE".into()));
}

/// One that has the public key, one that has the certificate, each with the headers of the good body.
static KNOWING: LazyLock<[(Client, HeaderMap); 2]> = LazyLock::new(|| {
    let certificate = PlatformKeys::default().with_certificate(CERTIFICATE).unwrap();
    [(public_key(), PUBLIC_KEY_ID), (certificate, CERTIFICATE_SERIAL)]
        .map(|(keys, serial)| (client(keys), signed(serial, NOW_S, &GOOD)))
});

static GOOD: LazyLock<Vec<u8>> = LazyLock::new(good);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// One bit of the body, the signature, the nonce, the time or the serial, under a public key and under a certificate.
    #[test]
    fn one_bit_changed_and_it_is_refused(part in 0_usize..5, at in any::<prop::sample::Index>(), bit in 0_u8..8, by_certificate: bool) {
        let (client, headers) = &KNOWING[usize::from(by_certificate)];
        let (mut headers, mut body) = (headers.clone(), GOOD.clone());
        prop_assert!(client.notification(&headers, &body).is_ok());
        let flip = |bytes: &mut [u8]| bytes[at.index(bytes.len())] ^= 1 << bit;
        match SIGNED.get(part) {
            None => flip(&mut body),
            Some(name) => {
                let mut value = headers[*name].as_bytes().to_vec();
                flip(&mut value);
                // What cannot stand in a header does not arrive.
                let Ok(value) = HeaderValue::from_bytes(&value) else { return Ok(()) };
                headers.insert(*name, value);
            }
        }
        prop_assert!(matches!(client.notification(&headers, &body), Err(Refused::Unverified(_))));
    }
}
