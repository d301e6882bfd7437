//! Which answers are believed, and what follows from those that are not.

use std::time::Duration;

use axum::http::HeaderValue;
use wechat_cashier_merchant::wechat_pay::{Client, Error, Meaning, Unverified};

use crate::platform::{MCHID, NOW_S, PUBLIC_KEY_ID, Platform, Reply, connected, signed};
use crate::said::Said;

const OUT_TRADE_NO: &str = "T20240101";

/// A way to spoil an answer, and what is said of it.
type Spoilt = (&'static str, fn(&mut Reply));

const SPOILT: [Spoilt; 9] = [
    ("no signature", |reply| {
        reply.headers.remove("Wechatpay-Signature");
    }),
    ("another signature", |reply| {
        let other = signed(PUBLIC_KEY_ID, NOW_S, b"another body");
        reply.headers.insert("Wechatpay-Signature", other["Wechatpay-Signature"].clone());
    }),
    ("another nonce", |reply| {
        reply.headers.insert("Wechatpay-Nonce", HeaderValue::from_static("d5ac7061fccab6bf3e254dcf98995b8c"));
    }),
    ("another time", |reply| {
        reply.headers.insert("Wechatpay-Timestamp", HeaderValue::from(NOW_S + 1));
    }),
    ("an old answer", |reply| {
        let old = signed(PUBLIC_KEY_ID, NOW_S - 300, &reply.body);
        reply.headers.extend(old);
    }),
    ("an unknown serial", |reply| {
        reply.headers.insert("Wechatpay-Serial", HeaderValue::from_static("PUB_KEY_ID_0"));
    }),
    ("two nonces", |reply| {
        let nonce = reply.headers["Wechatpay-Nonce"].clone();
        reply.headers.append("Wechatpay-Nonce", nonce);
    }),
    ("another kind of signature", |reply| {
        reply.headers.insert("Wechatpay-Signature-Type", HeaderValue::from_static("WECHATPAY2-SM2-WITH-SM3"));
    }),
    ("another body", |reply| reply.body.push(b' ')),
];

async fn closed(platform: &Platform, client: &Client, reply: Reply) -> Result<(), Error> {
    platform.reply(reply);
    let closed = client.of(None).close(OUT_TRADE_NO).await;
    Said::by_this_process()
        .also(&format!("{closed:?} {}", closed.as_ref().map_or_else(ToString::to_string, |()| String::new())));
    closed
}

#[tokio::test]
async fn a_good_answer_that_is_spoilt_in_any_way_is_not_believed() {
    let (platform, client) = connected().await;
    let paid = format!(r#"{{"mchid":"{MCHID}","out_trade_no":"{OUT_TRADE_NO}","trade_state":"SUCCESS"}}"#);
    for (name, spoil) in SPOILT {
        for (status, body) in [(200, paid.as_str()), (404, r#"{"code":"ORDER_NOT_EXIST","message":"订单不存在"}"#)]
        {
            let mut reply = Reply::signed(status, body);
            spoil(&mut reply);
            platform.reply(reply);
            let answer = client.of(None).query(OUT_TRADE_NO).await;
            assert!(matches!(answer, Err(Error::NotVerified { status: s, .. }) if s == status), "{name}: {answer:?}");
        }
        if name != "another body" {
            let mut reply = Reply::signed(204, "");
            spoil(&mut reply);
            let answer = closed(&platform, &client, reply).await;
            assert!(matches!(answer, Err(Error::NotVerified { status: 204, .. })), "{name}: {answer:?}");
        }
    }
    // And whole, they are.
    platform.reply(Reply::signed(200, &paid).with("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048"));
    assert!(client.of(None).query(OUT_TRADE_NO).await.is_ok());
    assert_eq!(closed(&platform, &client, Reply::signed(204, "")).await, Ok(()));
}

#[tokio::test]
async fn a_signed_refusal_is_told_with_its_number() {
    let (platform, client) = connected().await;
    let reply = Reply::signed(404, r#"{"code":"ORDER_NOT_EXIST","message":"订单不存在"}"#);
    let Err(Error::Refused(refusal)) = closed(&platform, &client, reply.with("Request-ID", "08F78BB5-268512771")).await
    else {
        panic!()
    };
    assert_eq!((refusal.status, refusal.number, refusal.meaning()), (404, Some(268_512_771), Meaning::NotExist));
    // A failure that is signed is a word too.
    let reply = Reply::signed(500, r#"{"code":"SYSTEM_ERROR","message":"系统异常"}"#);
    let Err(Error::Refused(refusal)) = closed(&platform, &client, reply).await else { panic!() };
    assert_eq!(refusal.meaning(), Meaning::System);
}

#[tokio::test]
async fn what_nobody_has_signed_says_no_more_than_that_it_failed() {
    let (platform, client) = connected().await;
    let html = "<html>502 Bad Gateway</html>";
    assert_eq!(closed(&platform, &client, Reply::unsigned(502, html)).await, Err(Error::Unavailable { status: 502 }));
    let busy = Reply::unsigned(429, "").with("Retry-After", "7");
    let wait = Some(Duration::from_secs(7));
    assert_eq!(closed(&platform, &client, busy).await, Err(Error::RateLimited { retry_after: wait }));
    // How the platform answers a request whose signature it cannot verify.
    let refused =
        closed(&platform, &client, Reply::unsigned(401, r#"{"code":"SIGN_ERROR","message":"签名错误"}"#)).await;
    let claims = Some("SIGN_ERROR: 签名错误".to_owned());
    let why = Unverified::Header("Wechatpay-Timestamp");
    assert_eq!(refused, Err(Error::NotVerified { why, status: 401, claims }));
    // Redirects are answers like others.
    let away = Reply::unsigned(302, "").with("Location", "https://evil.example/");
    assert!(matches!(closed(&platform, &client, away).await, Err(Error::NotVerified { status: 302, .. })));
    assert_eq!(platform.asked().len(), 4);
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_by_how_much() {
    let (platform, client) = connected().await;
    let mut reply = Reply::signed(200, "{}");
    reply.headers.extend(signed(PUBLIC_KEY_ID, NOW_S - 600, &reply.body));
    let Err(Error::NotVerified { why, .. }) = closed(&platform, &client, reply).await else { panic!() };
    assert_eq!(why, Unverified::Clock { off_s: 600 });
}

#[tokio::test]
async fn a_signed_answer_that_is_not_of_the_protocol_cannot_be_read() {
    let (platform, client) = connected().await;
    let paid = format!(r#"{{"mchid":"{MCHID}","out_trade_no":"{OUT_TRADE_NO}","trade_state":"SUCCESS"}}"#);
    for reply in [
        Reply::signed(200, "{}"),
        Reply::signed(200, ""),
        Reply::signed(204, ""),
        Reply::signed(200, "[]"),
        Reply::signed(200, &paid).with("Content-Type", "text/html"),
        Reply::signed(403, "<html>"),
        Reply::signed(200, &" ".repeat(1024 * 1024 + 1)),
    ] {
        platform.reply(reply);
        let answer = client.of(None).query(OUT_TRADE_NO).await;
        assert!(matches!(answer, Err(Error::Unreadable { .. })), "{answer:?}");
    }
    assert!(matches!(closed(&platform, &client, Reply::signed(200, "{}")).await, Err(Error::Unreadable { .. })));
}

#[tokio::test]
async fn a_cut_answer_and_one_that_does_not_come_are_told_apart() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = url::Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let mut settings = crate::platform::settings(url, crate::platform::public_key());
    settings.timeout = Duration::from_millis(300);
    let client = Client::new(settings, crate::platform::clock()).unwrap();
    let server = tokio::spawn(async move {
        let mut kept = Vec::new();
        for cut in [true, false] {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await.unwrap();
            if cut {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code_url").await.unwrap();
            } else {
                kept.push(stream);
            }
        }
        std::future::pending::<()>().await;
        drop(kept);
    });
    assert!(matches!(client.of(None).close(OUT_TRADE_NO).await, Err(Error::Unreadable { .. })));
    assert_eq!(client.of(None).close(OUT_TRADE_NO).await, Err(Error::TimedOut));
    server.abort();
}
