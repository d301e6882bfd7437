//! Platform certificates: downloaded, verified, kept.

use std::sync::Arc;

use url::Url;
use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::clock::ManualClock;
use wechat_cashier_merchant::wechat_pay::{Client, Error, PlatformKeys, Unverified};

use crate::platform::{
    APIV3_KEY, CERTIFICATE, CERTIFICATE_SERIAL, NOW_S, PUBLIC_KEY_ID, Platform, Reply, clock, enciphered, public_key,
    settings, start,
};

/// The certificate that wechatpay-java's tests download.
const JAVA_LIST: &str = include_str!("../data/wechat_pay/java_certificates.json");

fn list(key: &str, serial: &str, certificate: &str) -> String {
    let encrypted = enciphered(key, "certificate", certificate.as_bytes());
    serde_json::json!({ "data": [{
        "serial_no": serial, "effective_time": "2022-05-10T10:04:30+08:00", "expire_time": "2025-05-09T10:04:30+08:00",
        "encrypt_certificate": encrypted,
    }]})
    .to_string()
}

fn good() -> Reply {
    Reply::signed_as(CERTIFICATE_SERIAL, 200, &list(APIV3_KEY, CERTIFICATE_SERIAL, CERTIFICATE))
}

fn client(url: Url, keys: PlatformKeys, clock: &Arc<ManualClock>) -> Client {
    let mut settings = settings(url, keys);
    settings.use_certificates = true;
    Client::new(settings, Arc::<ManualClock>::clone(clock)).unwrap()
}

async fn is_believed(platform: &Platform, client: &Client, serial: &str) -> bool {
    platform.reply(Reply::signed_as(serial, 204, ""));
    client.of(None).close("T20240101").await.is_ok()
}

#[tokio::test]
async fn the_first_list_is_believed_by_the_certificate_that_it_brings() {
    let (platform, url) = start().await;
    let clock = clock();
    let client = client(url, PlatformKeys::default(), &clock);
    assert!(!is_believed(&platform, &client, CERTIFICATE_SERIAL).await);
    assert_eq!(client.certificates_due(), Some(Timestamp::from_millis(0)));
    platform.asked();
    platform.reply(good());
    assert_eq!(client.renew_certificates().await, Ok(()));
    let asked = platform.asked().pop().unwrap();
    asked.verified();
    assert_eq!((asked.method.as_str(), asked.target.as_str(), asked.body.as_str()), ("GET", "/v3/certificates", ""));
    assert!(is_believed(&platform, &client, CERTIFICATE_SERIAL).await);
    assert_eq!(platform.asked().pop().unwrap().headers["Wechatpay-Serial"], CERTIFICATE_SERIAL);
    let due = client.certificates_due().unwrap().millis();
    assert!(due > NOW_S * 1000 && due < (NOW_S + 12 * 3600) * 1000);
}

#[tokio::test]
async fn a_list_that_is_wrong_in_any_way_changes_nothing() {
    let (platform, url) = start().await;
    let clock = clock();
    let first = client(url.clone(), PlatformKeys::default(), &clock);
    let renewed = client(url, PlatformKeys::default(), &clock);
    platform.reply(good());
    assert_eq!(renewed.renew_certificates().await, Ok(()));
    let as_serial = |body: &str| Reply::signed_as(CERTIFICATE_SERIAL, 200, body);
    let whole = list(APIV3_KEY, CERTIFICATE_SERIAL, CERTIFICATE);
    let mut other_body = good();
    other_body.body.push(b' ');
    let wrong = [
        ("unsigned", Reply::unsigned(200, &whole)),
        ("another body", other_body),
        ("another key", as_serial(&list(&APIV3_KEY.replace('a', "b"), CERTIFICATE_SERIAL, CERTIFICATE))),
        ("another number", as_serial(&list(APIV3_KEY, "5F", CERTIFICATE))),
        ("no certificate", as_serial(&list(APIV3_KEY, CERTIFICATE_SERIAL, "none"))),
        ("an empty list", as_serial(r#"{"data":[]}"#)),
        ("no list", as_serial("{}")),
        ("signed by none of it", Reply::signed_as("5F", 200, &whole)),
        ("a failure", Reply::unsigned(502, "<html>")),
        ("204", Reply::signed_as(CERTIFICATE_SERIAL, 204, "")),
    ];
    for (name, reply) in wrong {
        for client in [&first, &renewed] {
            platform.reply(reply.clone());
            assert!(client.renew_certificates().await.is_err(), "{name}");
            assert_eq!(client.certificates_due(), Some(Timestamp::from_millis((NOW_S + 60) * 1000)));
        }
        assert!(!is_believed(&platform, &first, CERTIFICATE_SERIAL).await, "{name}");
        assert!(is_believed(&platform, &renewed, CERTIFICATE_SERIAL).await, "{name}");
    }
}

#[tokio::test]
async fn a_certificate_counts_only_while_it_is_valid() {
    let (platform, url) = start().await;
    // The day after its end.
    let late = Arc::new(ManualClock::at(Timestamp::parse("2025-05-10T00:00:00Z").unwrap()));
    let client = client(url, PlatformKeys::default(), &late);
    platform.reply(good());
    let refused = client.renew_certificates().await;
    let why = Unverified::Certificate(CERTIFICATE_SERIAL.to_owned());
    assert_eq!(refused, Err(Error::NotVerified { why, status: 200, claims: None }));
}

#[tokio::test]
async fn a_key_that_is_known_vouches_for_the_list() {
    let (platform, url) = start().await;
    let clock = clock();
    // While a merchant changes over, the public key signs and certificates come.
    let client = client(url, public_key(), &clock);
    platform.reply(Reply::signed_as(PUBLIC_KEY_ID, 200, JAVA_LIST));
    assert_eq!(client.renew_certificates().await, Ok(()));
    assert_eq!(platform.asked().pop().unwrap().headers["Wechatpay-Serial"], PUBLIC_KEY_ID);
    assert!(format!("{client:?}").contains("5DEA10EF55877E3CF6C33255C2E7DEFFF7E427EC"));
    assert!(is_believed(&platform, &client, PUBLIC_KEY_ID).await);
    // Its own key is not ours to sign with: what claims to be its is not believed.
    assert!(!is_believed(&platform, &client, "5DEA10EF55877E3CF6C33255C2E7DEFFF7E427EC").await);
}

#[tokio::test]
async fn both_kinds_of_keys_count_at_once() {
    let (platform, url) = start().await;
    let client = client(url, public_key(), &clock());
    platform.reply(good());
    assert_eq!(client.renew_certificates().await, Ok(()));
    for serial in [PUBLIC_KEY_ID, CERTIFICATE_SERIAL] {
        assert!(is_believed(&platform, &client, serial).await, "{serial}");
    }
}

#[tokio::test]
async fn a_merchant_of_public_keys_has_no_certificates_and_that_is_no_failure() {
    let (platform, url) = start().await;
    let none = r#"{"code":"NOT_FOUND","message":"无可用的平台证书"}"#;
    let with_key = client(url.clone(), public_key(), &clock());
    platform.reply(Reply::signed(404, none));
    assert_eq!(with_key.renew_certificates().await, Ok(()));
    // Where nobody has signed it, or no other key is there, it is one.
    platform.reply(Reply::unsigned(404, none));
    assert!(matches!(with_key.renew_certificates().await, Err(Error::NotVerified { status: 404, .. })));
    platform.reply(Reply::signed(404, none));
    assert!(client(url, PlatformKeys::default(), &clock()).renew_certificates().await.is_err());
}
