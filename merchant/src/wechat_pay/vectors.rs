//! What the platform's own projects have published to try signatures and ciphers by (`tests/data/wechat_pay/README.md`).

use axum::http::{HeaderMap, HeaderValue};
use wechat_cashier::contract::Timestamp;

use super::account::{Account, AccountFault};
use super::cipher::{AEAD_AES_256_GCM, Cipher, Enciphered};
use super::notification::{self, Refused};
use super::pem;
use super::platform_keys::{PlatformKey, PlatformKeys};
use super::sign::{Request, jsapi_message};
use super::verify::Unverified;

/// The APIv3 key of wechatpay-java's tests.
const APIV3_KEY: &str = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";
const GO_NOTIFY_BODY: &str = include_str!("../../tests/data/wechat_pay/go_notify_body.json");
const GO_NOTIFY_CERTIFICATE: &str = include_str!("../../tests/data/wechat_pay/go_notify_certificate.pem");
const JAVA_MERCHANT_CERTIFICATE: &str = include_str!("../../tests/data/wechat_pay/java_merchant_certificate.pem");

fn go_key() -> String {
    include_str!("../../tests/data/wechat_pay/go_testing_key.pem").replace("TESTING KEY", "PRIVATE KEY")
}

fn account(private_key: &str) -> Account {
    Account::new("1234567890", "408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB", private_key, APIV3_KEY).unwrap()
}

fn verifies(key: &PlatformKey, message: &str, signature: &str) -> bool {
    use base64::Engine;
    let signature = base64::prelude::BASE64_STANDARD.decode(signature).unwrap();
    key.verifies(message.as_bytes(), &signature)
}

/// <https://pay.weixin.qq.com/doc/v3/merchant/4012365339> publishes the key, `签名与验签规则.md` of wechatpay-skills the example.
#[test]
fn pay_sign_is_over_the_text_that_the_published_signature_is_over() {
    const PAY_SIGN: &str = concat!(
        "mI35pfNEQV6777ke/1T+LJLQDNTm7yeoUJH+j/adPGhmCCi0PbgkvYQTRcXH0uibcLVtvFLdGLpmoYO9FV6lBBsTAjuhh5YO",
        "vQi0e2g3e0yytitiNET9FEuqM0pjnKfRW4K6LIZDdbWJv9KhZUx3DrJa5TL7OJ7VdADVivxVySIlPVKjGwuCXzuXSJes0UcI",
        "LgWQUMyha5/3nYofuHtS7r+KYyMuxD+oJ9VM1Qdxk4UIG59CP5Y3wtYIFybyF3bdu1caHTRRX+DLyMXyYA/IrTmiW01c4RPj",
        "pHBX5Dk1sZyY1zVsWNsvMHr2e1NTWtBxKJ+qk5N61J7caYoepHFaxw==",
    );
    const APP_SIGN: &str = concat!(
        "gXx9KhTP6IooKV1SuG3OCGlBIgZbKtubCZvnau6khw1iffvNT28IzLbKmztq2xA/RCNbZa1XOsoiuVmAEeTZQicWfhv4P+O4",
        "oBRIrx0X9f3cnWFkMBU9alTWs0nyQ1N9fcILOTe0f4kxOhVh+/Xhn5hOiUK7Sz3XA1mcpa3R2NCWf/e+0ow/RDf15iTymOHg",
        "DrEkT/gedg/3E0iXfDX3mFicSZhrHESZDOTXcl9RzELREBUFznd/o2NQM99WcL86m23HY0cTy+QGWU4QDmNrbQ9ihmLW71qP",
        "b0Cx/d7EQvw/Kyx0A6s64ZQp3hHdcmiRcLnjVXrKCk7LShaCK+lS3Q==",
    );
    // The library's sandbox keeps the public half.
    let public_key = include_str!("../../../simulator/src/keys/published_demo_public.pem");
    let keys = PlatformKeys::default().with_public_key("PUB_KEY_ID_1", public_key).unwrap();
    let key = keys.find("PUB_KEY_ID_1", Timestamp::from_millis(0)).unwrap();
    let message =
        |package| jsapi_message("wx2421b1c4370ec43b", 1_554_208_460, "593BEC0C930BF1AFEB40B4A08C8FB242", package);
    assert!(verifies(&key, &message("prepay_id=wx201410272009395522657a690389285100"), PAY_SIGN));
    assert!(verifies(&key, &message("wx201410272009395522657a690389285100"), APP_SIGN));
    assert!(!verifies(&key, &message("prepay_id=wx201410272009395522657a690389285100"), APP_SIGN));
}

/// wechatpay-go, `utils/sign_test.go`.
#[test]
fn a_private_key_signs_as_published_in_either_form() {
    const SIGNATURE: &str = concat!(
        "BKyAfU4iMCuvXMXS0Wzam3V/cnxZ+JaqigPM5OhljS2iOT95OO6Fsuml2JkFANJU9K6q9bLlDhPXuoVz+pp4hAm6pHU4ld81",
        "5U4jsKu1RkyaII+1CYBUYC8TK0XtJ8FwUXXz8vZHh58rrAVN1XwNyvD1vfpxrMT4SL536GLwvpUHlCqIMzoZUguLli/K8V29",
        "QiOhuH6IEqLNJn8e9b3nwNcQ7be3CzYGpDAKBfDGPCqCv8Rw5zndhlffk2FEA70G4hvMwe51qMN/RAJbknXG23bSlObuTCN7",
        "Ndj1aJGH6/L+hdwfLpUtJm4QYVazzW7DFD27EpSQEqA8bX9+8m1rLg==",
    );
    let pkcs8 = go_key();
    assert_eq!(account(&pkcs8).sign("source").unwrap(), SIGNATURE);
    // PKCS#8 of an RSA key is 26 bytes, and then PKCS#1.
    use base64::Engine;
    let pkcs1 = base64::prelude::BASE64_STANDARD.encode(&pem::first(&pkcs8).unwrap().der[26..]);
    let pkcs1 = format!("-----BEGIN RSA PRIVATE KEY-----\n{pkcs1}\n-----END RSA PRIVATE KEY-----\n");
    assert_eq!(account(&pkcs1).sign("source").unwrap(), SIGNATURE);
}

/// wechatpay-java, `WechatPay2CredentialTest.java`.
#[test]
fn a_request_is_signed_over_the_published_text() {
    let request = Request {
        method: "GET",
        target: "/v3/pay/transactions/id/1217752501201407033233368018?mchid=1230000109",
        body: "",
        timestamp: 1_652_750_623,
        nonce: "eBYqCOxa0QudMnPvVilkTzOg3gHh5Z3u",
    };
    assert_eq!(
        request.message(),
        "GET\n/v3/pay/transactions/id/1217752501201407033233368018?mchid=1230000109\n1652750623\n\
         eBYqCOxa0QudMnPvVilkTzOg3gHh5Z3u\n\n"
    );
    assert_eq!(
        request.token("1234567891", "5F1C72E2A8931B72A2E13AF8DEE92471EB397115", "fake-sign"),
        "WECHATPAY2-SHA256-RSA2048 mchid=\"1234567891\",nonce_str=\"eBYqCOxa0QudMnPvVilkTzOg3gHh5Z3u\",timestamp=\"1652750623\",\
         serial_no=\"5F1C72E2A8931B72A2E13AF8DEE92471EB397115\",signature=\"fake-sign\""
    );
}

fn go_notify_headers() -> HeaderMap {
    const SIGNATURE: &str = concat!(
        "tJHIiIS9eB2hAYstmAmbbD3ZE5LiIm/Ug5tuL4fC0YOFRWIHV39UFIZXC0e9Wl6lBu6sKvkqDkzpqzBsVHyXFlbYZTOQrVdG",
        "4b6LfTnK4mikv9++ixJMd3vTf2yCqvBkh98zs3Ds5zsYQakzbcwhmw4fMJs4nPLws28H0UW9FjDR//rxELLwXvV1VEA1IBLX",
        "70xptjL8hrfUjEE8kkry6yNJTHZRU8CAc7qHli2Ng1V1qb9ARbK8A3ThmFmPQvRGrapI/jS2laKKgYUmfdEdkNO6B2Cke5e8",
        "VTxY406ArAmQ90GAihDwIcb16TQMnzCMBoutnwZKNiKRACrFmtxw2Q==",
    );
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("Wechatpay-Nonce", "EcZ9Cmy4Xyx1i6RlJQzLcCyEqDa26NBz"),
        ("Wechatpay-Timestamp", "1624523846"),
        ("Wechatpay-Serial", "D7CE59D1F522D701"),
        ("Wechatpay-Signature", SIGNATURE),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
}

/// wechatpay-go, `core/notify/notify_test.go`. Its key has 16 bytes.
#[test]
fn a_published_notification_is_verified_and_deciphered() {
    let keys = PlatformKeys::default().with_certificate(GO_NOTIFY_CERTIFICATE).unwrap();
    let mut account = account(&go_key());
    account.cipher = Cipher::of_128_bits("testMchAPIv3Key0").unwrap();
    let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
    let open = |now| notification::open(&account, &keys, &go_notify_headers(), GO_NOTIFY_BODY.as_bytes(), now);
    let opened = open(at(1_624_523_846)).unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(opened.id, "3119dfba-e649-5eec-ab1e-3412bc4d2e17");
    assert_eq!(opened.event_type, "PAYSCORE.USER_OPEN_SERVICE");
    assert_eq!(opened.create_time, Timestamp::parse("2021-06-24T16:37:26+08:00"));
    assert_eq!(
        String::from_utf8(opened.plaintext).unwrap(),
        "{\"mchid\":\"1234567890\",\"appid\":\"054aa7d7a2a54ab5898df65bd96f001c\",\"create_time\":\"2020-06-30T12:12:00+08:00\",\
         \"out_contract_code\":\"21640bdbd08e473e828f3206a2741c6e\"}"
    );
    // Five minutes, to both sides.
    for (off_s, is_taken) in [(299, true), (300, false), (-299, true), (-300, false)] {
        let refused = open(at(1_624_523_846 + off_s)).err();
        let expected = (!is_taken).then_some(Refused::Unverified(Unverified::Clock { off_s }));
        assert_eq!(refused, expected, "{off_s}");
    }
    // It is no payment.
    let read = notification::read(&account, &keys, &go_notify_headers(), GO_NOTIFY_BODY.as_bytes(), at(1_624_523_846));
    assert_eq!(read, Err(Refused::OtherEvent("PAYSCORE.USER_OPEN_SERVICE".to_owned())));
    // A certificate counts while it is valid.
    let later = open(at(1_624_523_846 + 20 * 365 * 24 * 3600)).err();
    assert_eq!(later, Some(Refused::Unverified(Unverified::Certificate("D7CE59D1F522D701".to_owned()))));
    account.cipher = Cipher::of_128_bits("testMchAPIv3Key1").unwrap();
    let refused =
        notification::open(&account, &keys, &go_notify_headers(), GO_NOTIFY_BODY.as_bytes(), at(1_624_523_846));
    assert_eq!(refused.err(), Some(Refused::Cipher));
}

fn opened(cipher: &Cipher, nonce: &str, associated_data: &str, ciphertext: &str) -> Option<Vec<u8>> {
    cipher.open(&Enciphered {
        algorithm: AEAD_AES_256_GCM.to_owned(),
        ciphertext: ciphertext.to_owned(),
        associated_data: Some(associated_data.to_owned()),
        nonce: nonce.to_owned(),
    })
}

/// wechatpay-go, `utils/aes_test.go` (AES-128), and wechatpay-java, `AeadAesCipherTest.java` (AES-256).
#[test]
fn published_ciphertexts_are_deciphered_and_others_are_not() {
    let go = Cipher::of_128_bits("testAPIv3Key0000").unwrap();
    let (nonce, data, text) =
        ("wCq51qZv4Yfg", "Dl56FrqWQJF1t9LtC3vEUsniZKvbqdR8", "FsdXzxryWfKwvLJKf8LG/ToRPTRh8RN9wROC");
    assert_eq!(opened(&go, nonce, data, text).unwrap(), b"Hello World");
    for (nonce, data, text) in [
        (nonce, data, "invalid cipher"),
        (nonce, data, "SGVsbG8gV29ybGQK"),
        (nonce, data, ""),
        (nonce, "other", text),
        ("wCq51qZv4Yf", data, text),
        ("wCq51qZv4Yfh", data, text),
    ] {
        assert_eq!(opened(&go, nonce, data, text), None);
    }
    let java = Cipher::new(APIV3_KEY).unwrap();
    let (nonce, data, text) = ("uluk4a9R25RW", "associatedData", "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=");
    assert_eq!(opened(&java, nonce, data, text).unwrap(), b"message");
    assert_eq!(opened(&java, nonce, "bad-associatedData", text), None);
    assert_eq!(opened(&Cipher::new(&APIV3_KEY.replace('a', "b")).unwrap(), nonce, data, text), None);
}

/// wechatpay-java, `RSAVerifierTest.java`.
#[test]
fn a_published_certificate_verifies_its_signature() {
    const SIGNATURE: &str = concat!(
        "Rq+5ZpWV6IHTWE1+9gCrYJKguNgbItpMdlIA+PVCPCdUAKNlohZz7CL7Y8xWDIFJjdGnErMj6Z+Q/h9CF5MV+nAVkqDmBR0u",
        "P5ppsUEzco4ijvKHsvI2ro4boSW6vSfQs3W8I4QSI9a0/NFIgvj83Fv27LIYZf7deaFWmEwd1fpAeJRCyoKyBeJPdsjVx0//",
        "Lqe6Wze2zVdliLcBvaHCfpd8+rAVGS+FQDeWgHqJ7n/Zy09LmV1/ghs7pO1mdjdD16SHKlysAD3K5hNGUJX/SHrEXEcu1yO1",
        "AOb/YvOVkjNh8243rcfXNE5L4ph2XS11vS+2aToKYSOcKUagf0LLaw==",
    );
    let (serial, key) = PlatformKey::of_certificate(JAVA_MERCHANT_CERTIFICATE).unwrap();
    assert_eq!(serial, "5F1C72E2A8931B72A2E13AF8DEE92471EB397115");
    assert!(verifies(&key, "message", SIGNATURE));
    assert!(!verifies(&key, "messagf", SIGNATURE));
    let (_, other) = PlatformKey::of_certificate(GO_NOTIFY_CERTIFICATE).unwrap();
    assert!(!verifies(&other, "message", SIGNATURE));
}

#[test]
fn each_fault_of_an_account_is_named_and_nothing_secret_is_shown() {
    let key = go_key();
    let made = |mchid: &str, serial: &str, key: &str, apiv3: &str| Account::new(mchid, serial, key, apiv3).err();
    assert_eq!(made("1", "AB", &key, APIV3_KEY), None);
    assert_eq!(made("19000o", "AB", &key, APIV3_KEY), Some(AccountFault::Mchid));
    assert_eq!(made("1", "A\"B", &key, APIV3_KEY), Some(AccountFault::SerialNo));
    assert_eq!(made("1", "AB", "MIIEvg", APIV3_KEY), Some(AccountFault::PrivateKeyPem));
    assert_eq!(made("1", "AB", JAVA_MERCHANT_CERTIFICATE, APIV3_KEY), Some(AccountFault::PrivateKeyPem));
    assert_eq!(
        made("1", "AB", &key.replace("PRIVATE", "ENCRYPTED PRIVATE"), APIV3_KEY),
        Some(AccountFault::PrivateKeyEncrypted)
    );
    assert_eq!(made("1", "AB", &key.replace("PRIVATE", "RSA PRIVATE"), APIV3_KEY), Some(AccountFault::PrivateKey));
    assert_eq!(made("1", "AB", &key, "short"), Some(AccountFault::Apiv3Key(5)));
    let shown = format!("{:?}", account(&key));
    assert_eq!(shown, "Account { mchid: \"1234567890\", serial_no: \"408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB\", .. }");
}
