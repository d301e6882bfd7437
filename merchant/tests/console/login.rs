//! In and out, and how long.

use reqwest::StatusCode;
use wechat_cashier_merchant::config::Secret;

use crate::bench::{ADMIN_KEY, Bench, READ_KEY, TOKEN_KEY};
use crate::visit::{Visit, text};

const HOURS_12_MS: i64 = 12 * 60 * 60 * 1000;

#[tokio::test]
async fn nobody_comes_in_without_a_key() {
    let bench = Bench::new().await;
    let visit = Visit::new(&bench);
    let came = visit.get("/console/").await;
    assert_eq!((came.status, came.header("location")), (StatusCode::SEE_OTHER, "/console/login"));
    let came = visit.get("/console/orders/T1?x=1").await;
    assert_eq!(came.header("location"), "/console/login?next=%2Fconsole%2Forders%2FT1%3Fx%3D1");
    for path in ["webhooks", "unmatched", "days", "days/2026-11-29.csv", "health", "orders/T1/refund?number=T1"] {
        let came = visit.get(&format!("/console/{path}")).await;
        assert!(came.header("location").starts_with("/console/login?next="), "{path}: {came:?}");
    }
    for path in ["orders/T1/close", "orders/T1/refund", "orders/T1/refund/confirmed", "webhooks/msg_1/resend", "days"] {
        let came = visit.post(&format!("/console/{path}"), &[]).await;
        assert_eq!((came.status, came.header("location")), (StatusCode::SEE_OTHER, "/console/login"), "{path}");
    }
}

#[tokio::test]
async fn a_key_of_the_shops_opens_and_leads_where_one_wanted() {
    let bench = Bench::new().await;
    let visit = Visit::new(&bench);
    let door = visit.page("/console/login?next=%2Fconsole%2Fdays").await;
    let came = visit.submit(&door, "/console/login", &[("key", ADMIN_KEY)]).await;
    assert_eq!((came.status, came.header("location")), (StatusCode::SEE_OTHER, "/console/days"));
    let cookie = came.header("set-cookie");
    assert!(cookie.starts_with("console=shop."), "{cookie}");
    assert!(cookie.ends_with("; Path=/console; Max-Age=43200; HttpOnly; SameSite=Strict"), "{cookie}");
    assert!(text(&visit.page("/console/days").await).contains("Key shop"));
    // Nobody is led elsewhere.
    let came =
        visit.goes_to(&bench.merchant).post("/console/login", &[("key", ADMIN_KEY), ("next", "//evil.example")]).await;
    // Somebody who is in shows their token, here too.
    assert_eq!(came.status, StatusCode::FORBIDDEN);
    let came = Visit::new(&bench).post("/console/login", &[("key", READ_KEY), ("next", "//evil.example")]).await;
    assert_eq!(came.header("location"), "/console/");
}

#[tokio::test]
async fn a_wrong_key_is_refused_in_one_line_and_not_too_often() {
    let bench = Bench::new().await;
    let visit = Visit::new(&bench);
    for key in ["", "wrong", &ADMIN_KEY[1..], TOKEN_KEY, "shop"] {
        let came = visit.log_in(key).await;
        assert_eq!((came.status, came.header("set-cookie")), (StatusCode::FORBIDDEN, ""), "{key}");
        assert!(text(&came.text).contains("That is not a key of this shop."), "{}", came.text);
        assert!(came.text.contains("<title>Error: Log in"), "{}", came.text);
        assert!(key.len() < 10 || !came.text.contains(key), "the key stands in the page");
    }
    let came = visit.log_in(ADMIN_KEY).await;
    assert_eq!((came.status, came.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    bench.advance(60_000).await;
    assert_eq!(visit.log_in(ADMIN_KEY).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_lasts_twelve_hours() {
    let bench = Bench::new().await;
    let visit = Visit::by(&bench, ADMIN_KEY).await;
    bench.advance(HOURS_12_MS - 1_000).await;
    visit.page("/console/").await;
    bench.advance(1_000).await;
    let came = visit.get("/console/").await;
    assert_eq!(came.header("location"), "/console/login?ended=1");
    let door = text(&visit.page("/console/login?ended=1").await);
    assert!(door.contains("Your session has ended"), "{door}");
}

#[tokio::test]
async fn who_goes_out_is_out() {
    let bench = Bench::new().await;
    let visit = Visit::by(&bench, READ_KEY).await;
    let page = visit.page("/console/").await;
    let came = visit.submit(&page, "/console/logout", &[]).await;
    assert_eq!(came.header("location"), "/console/login?out=1");
    assert!(came.header("set-cookie").starts_with("console=; Path=/console; Max-Age=0"), "{came:?}");
    assert_eq!(visit.get("/console/").await.header("location"), "/console/login");
}

#[tokio::test]
async fn every_instance_takes_a_session_and_none_once_its_key_is_another() {
    let bench = Bench::new().await;
    let visit = Visit::by(&bench, READ_KEY).await;
    let (_, another) = bench.another().await;
    visit.goes_to(&another).page("/console/").await;
    let shops_is_another = bench
        .otherwise(|config| {
            config.shops[0].keys[0].key = Secret::new("another-admin-key-0123456789abcdefghij".to_owned())
        })
        .await;
    visit.goes_to(&shops_is_another).page("/console/").await;
    for change in [0, 1, 2] {
        let changed = bench
            .otherwise(|config| match change {
                0 => config.shops[0].keys[1].key = Secret::new("another-read-key-0123456789abcdefghijk".to_owned()),
                1 => _ = config.shops[0].keys.remove(1),
                _ => config.shops[0].token_key = Secret::new("another-token-key-0123456789abcdefghij".to_owned()),
            })
            .await;
        let came = visit.goes_to(&changed).get("/console/").await;
        assert_eq!(came.header("location"), "/console/login?ended=1", "change {change}");
    }
}

#[tokio::test]
async fn a_cookie_that_was_tampered_with_is_none() {
    let bench = Bench::new().await;
    let came = Visit::new(&bench).log_in(READ_KEY).await;
    let cookie = came.header("set-cookie").split(';').next().unwrap().to_owned();
    let (name, value) = cookie.split_once('=').unwrap();
    let parts: Vec<_> = value.split('.').collect();
    let [shop, key, seconds, nonce, mac] = parts[..] else { panic!("{value}") };
    let later = (seconds.parse::<i64>().unwrap() + 1).to_string();
    for forged in [
        format!("another.{key}.{seconds}.{nonce}.{mac}"),
        format!("{shop}.shop.{seconds}.{nonce}.{mac}"),
        format!("{shop}.{key}.{later}.{nonce}.{mac}"),
        value[..value.len() - 1].to_owned(),
        "x".to_owned(),
        "...".to_owned(),
    ] {
        let request = bench.http.get(format!("{}/console/", bench.merchant));
        let came = request.header("cookie", format!("{name}={forged}")).send().await.unwrap();
        assert_eq!(came.headers()["location"], "/console/login?ended=1", "{forged}");
    }
}

#[tokio::test]
async fn over_https_the_cookie_is_this_hosts_alone() {
    let bench = Bench::new().await;
    let at = bench.otherwise(|config| config.public_url = "https://pay.shop.example".parse().unwrap()).await;
    let visit = Visit::at(&bench, &at);
    let came = visit.log_in(ADMIN_KEY).await;
    let cookie = came.header("set-cookie");
    assert!(cookie.starts_with("__Host-console=shop."), "{cookie}");
    assert!(cookie.ends_with("; Path=/; Secure; Max-Age=43200; HttpOnly; SameSite=Strict"), "{cookie}");
    visit.page("/console/").await;
}
