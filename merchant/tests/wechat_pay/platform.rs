//! A platform that answers what a test has put down, and keeps what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, Response, Uri};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use url::Url;
use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::clock::ManualClock;
use wechat_cashier_merchant::wechat_pay::{Account, Client, PlatformKeys, Settings};

use crate::said::Said;

pub(crate) const MCHID: &str = "1900007291";
pub(crate) const APIV3_KEY: &str = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";
pub(crate) const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000072912024010100000001";
pub(crate) const CERTIFICATE: &str = include_str!("../data/wechat_pay/java_wechat_pay_certificate.pem");
pub(crate) const CERTIFICATE_SERIAL: &str = "440024045C4A427599D09BB4E3DE0279F2E813FD";
/// Within the certificate's validity (2022-05-10 to 2025-05-09): 2024-01-01T00:00:00Z.
pub(crate) const NOW_S: i64 = 1_704_067_200;

/// What is answered: a body that is signed, and then what a test does to it.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) headers: HeaderMap,
}

pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

#[derive(Default)]
pub(crate) struct Platform {
    replies: Mutex<Vec<Reply>>,
    asked: Mutex<Vec<Asked>>,
}

fn der(pem: &str) -> Vec<u8> {
    let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    BASE64_STANDARD.decode(base64).unwrap()
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", BASE64_STANDARD.encode(der))
}

fn platform_key() -> RsaKeyPair {
    RsaKeyPair::from_pkcs8(&der(include_str!("../data/wechat_pay/java_wechat_pay_private_key.pem"))).unwrap()
}

pub(crate) fn platform_public_pem() -> String {
    pem("PUBLIC KEY", platform_key().public_key().as_ref())
}

fn merchant_pem() -> String {
    include_str!("../data/wechat_pay/go_testing_key.pem").replace("TESTING KEY", "PRIVATE KEY")
}

pub(crate) fn merchant_has_signed(message: &str, signature: &str) -> bool {
    let key = RsaKeyPair::from_pkcs8(&der(&merchant_pem())).unwrap();
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key().as_ref());
    key.verify(message.as_bytes(), &BASE64_STANDARD.decode(signature).unwrap()).is_ok()
}

/// Signed headers of a message.
pub(crate) fn signed(serial: &str, timestamp: i64, body: &[u8]) -> HeaderMap {
    let nonce = "c5ac7061fccab6bf3e254dcf98995b8c";
    let mut message = format!("{timestamp}\n{nonce}\n").into_bytes();
    message.extend_from_slice(body);
    message.push(b'\n');
    let key = platform_key();
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut signature).unwrap();
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("Wechatpay-Timestamp", timestamp.to_string()),
        ("Wechatpay-Nonce", nonce.to_owned()),
        ("Wechatpay-Serial", serial.to_owned()),
        ("Wechatpay-Signature", BASE64_STANDARD.encode(signature)),
    ] {
        headers.insert(name, value.parse().unwrap());
    }
    headers
}

/// As the platform writes something enciphered.
pub(crate) fn enciphered(key: &str, associated_data: &str, text: &[u8]) -> serde_json::Value {
    let nonce = "61f9c719728a";
    let mut bytes = text.to_vec();
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_bytes()).unwrap());
    let nonce_bytes = Nonce::try_assume_unique_for_key(nonce.as_bytes()).unwrap();
    key.seal_in_place_append_tag(nonce_bytes, Aad::from(associated_data), &mut bytes).unwrap();
    serde_json::json!({
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": BASE64_STANDARD.encode(bytes),
        "associated_data": associated_data,
        "nonce": nonce,
        "original_type": "transaction",
    })
}

impl Reply {
    /// Signed by the public key's holder, now.
    pub(crate) fn signed(status: u16, body: &str) -> Self {
        Self::signed_as(PUBLIC_KEY_ID, status, body)
    }

    pub(crate) fn signed_as(serial: &str, status: u16, body: &str) -> Self {
        let mut headers = signed(serial, NOW_S, body.as_bytes());
        headers.insert("Content-Type", HeaderValue::from_static("application/json; charset=utf-8"));
        headers.insert("Request-ID", HeaderValue::from_static("08F78BB5AF0610D302-0"));
        Self { status, body: body.as_bytes().to_vec(), headers }
    }

    pub(crate) fn unsigned(status: u16, body: &str) -> Self {
        let mut reply = Self::signed(status, body);
        for name in ["Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Serial", "Wechatpay-Signature"] {
            reply.headers.remove(name);
        }
        reply
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }
}

impl Platform {
    pub(crate) fn reply(&self, reply: Reply) {
        self.replies.lock().unwrap().insert(0, reply);
    }

    /// What was asked, oldest first.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

async fn answer(
    State(platform): State<Arc<Platform>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let target = uri.path_and_query().unwrap().to_string();
    let body = String::from_utf8(body.to_vec()).unwrap();
    platform.asked.lock().unwrap().push(Asked { method, target, headers, body });
    let reply = platform.replies.lock().unwrap().pop().unwrap_or_else(|| Reply::unsigned(500, ""));
    let mut response = Response::builder().status(reply.status).body(Body::from(reply.body)).unwrap();
    *response.headers_mut() = reply.headers;
    response
}

/// The platform on a free port of this machine, and its address.
pub(crate) async fn start() -> (Arc<Platform>, Url) {
    let said = Said::by_this_process();
    said.secret(&merchant_pem());
    said.secret(APIV3_KEY);
    let platform = Arc::new(Platform::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let app = Router::new().fallback(answer).with_state(Arc::clone(&platform));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (platform, url)
}

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(Timestamp::from_millis(NOW_S * 1000)))
}

pub(crate) fn public_key() -> PlatformKeys {
    PlatformKeys::default().with_public_key(PUBLIC_KEY_ID, &platform_public_pem()).unwrap()
}

pub(crate) fn settings(base_url: Url, platform_keys: PlatformKeys) -> Settings {
    let account = Account::new(MCHID, "408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB", &merchant_pem(), APIV3_KEY).unwrap();
    let use_certificates = platform_keys.is_empty();
    let timeout = Duration::from_secs(5);
    Settings { base_url, second_url: None, account, platform_keys, timeout, use_certificates }
}

/// A platform, and a client that has its public key.
pub(crate) async fn connected() -> (Arc<Platform>, Client) {
    let (platform, url) = start().await;
    (platform, Client::new(settings(url, public_key()), clock()).unwrap())
}

impl Asked {
    /// Checks the header `Authorization` against what came, and gives its nonce.
    pub(crate) fn verified(&self) -> String {
        let authorization = self.headers["Authorization"].to_str().unwrap();
        let fields = authorization.strip_prefix("WECHATPAY2-SHA256-RSA2048 ").unwrap();
        let field = |name: &str| {
            let (_, rest) = fields.split_once(&format!("{name}=\"")).unwrap();
            rest.split_once('"').unwrap().0.to_owned()
        };
        assert_eq!(field("mchid"), MCHID);
        assert_eq!(field("serial_no"), "408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB");
        assert_eq!(field("timestamp"), NOW_S.to_string());
        let nonce = field("nonce_str");
        let Self { method, target, body, .. } = self;
        let message = format!("{method}\n{target}\n{NOW_S}\n{nonce}\n{body}\n");
        assert!(merchant_has_signed(&message, &field("signature")));
        nonce
    }
}
