//! Learning who the payer is (docs/platform.md, 5).

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::bench::{Answer, Bench, PAGE_URL, Page, ask_for, path_of};

/// Asks for JSAPI until the merchant knows the payer: OAuth, the merchant's endpoint, and back to the page. Who has a
/// cookie of the merchant's is known.
pub(crate) async fn logged_in(page: &Page<'_>) {
    let asked = page.ask_payment("known", ask_for("jsapi")).await.json();
    if asked["action"]["type"] == "invoke_jsapi" {
        return;
    }
    let back = page.bench.get(&path_of(&callback(page).await)).await;
    assert_eq!((back.status, back.header("location")), (StatusCode::FOUND, Some(PAGE_URL)), "{}", back.text);
}

/// The address that OAuth leads back to.
async fn callback(page: &Page<'_>) -> String {
    let asked = page.ask_payment("oauth", ask_for("jsapi")).await.json();
    location(&page.bench.get(&path_of(redirect(&asked))).await)
}

fn redirect(payment: &Value) -> &str {
    assert_eq!(payment["action"]["type"], "redirect", "{payment}");
    payment["action"]["url"].as_str().unwrap()
}

#[track_caller]
fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text);
    answer.header("location").unwrap().to_owned()
}

async fn is_jsapi(page: &Page<'_>, key: &str, page_url: &str) -> bool {
    let mut body = ask_for("jsapi");
    body["page_url"] = json!(page_url);
    let payment = page.ask_payment(key, body).await.json();
    payment["action"]["type"] == "invoke_jsapi"
}

#[tokio::test]
async fn an_unknown_payer_is_sent_to_the_documented_address() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let payment = page.ask_payment("key-1", ask_for("jsapi")).await.json();
    let url = redirect(&payment);
    let (address, state) = url.split_once("&state=").unwrap();
    assert_eq!(
        address,
        "http://127.0.0.1:8088/open.weixin.qq.com/connect/oauth2/authorize?appid=wx7e0a5b3c19d2f846\
         &redirect_uri=http%3A%2F%2F127.0.0.1%3A8088%2Fwechat-pay%2Flogin&response_type=code&scope=snsapi_base"
    );
    assert!(state.ends_with("#wechat_redirect"), "{url}");
    // The order carries it until the payer is known, and nothing can be paid by it.
    assert_eq!(page.ask("").await.json()["payment"]["payment_id"], payment["payment_id"]);
    assert_eq!(page.seen().await["trades"], json!([]));
    logged_in(&page).await;
    assert_eq!(page.ask("").await.json().get("payment"), None);
    assert!(is_jsapi(&page, "key-2", PAGE_URL).await);
}

#[tokio::test]
async fn a_code_works_once() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let callback = callback(&page).await;
    assert_eq!(location(&bench.get(&path_of(&callback)).await), PAGE_URL);
    let again = bench.get(&path_of(&callback)).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    // The payer is known by the first time.
    assert!(is_jsapi(&page, "key-2", PAGE_URL).await);
}

#[tokio::test]
async fn a_code_works_for_five_minutes() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let callback = callback(&page).await;
    bench.advance(5 * 60_000).await;
    // Back to the page, which asks again.
    assert_eq!(location(&bench.get(&path_of(&callback)).await), PAGE_URL);
    assert!(!is_jsapi(&page, "key-2", PAGE_URL).await);
}

#[tokio::test]
async fn a_code_nobody_gave_and_a_state_nobody_sent_are_refused() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let callback = callback(&page).await;
    let (_, state) = callback.split_once("&state=").unwrap();
    let invented = bench.get(&format!("/wechat-pay/login?code=invented&state={state}")).await;
    assert_eq!(location(&invented), PAGE_URL);
    let stranger = bench.get("/wechat-pay/login?code=invented&state=stranger").await;
    assert_eq!(stranger.status, StatusCode::BAD_REQUEST);
    assert!(!is_jsapi(&page, "key-2", PAGE_URL).await);
}

#[tokio::test]
async fn the_code_may_come_back_to_the_page_itself() {
    let bench = Bench::new().await;
    bench.set_phone(json!({ "oauth_to": "page" })).await;
    let page = bench.order().await;
    let back = callback(&page).await;
    assert!(back.starts_with(PAGE_URL) && back.contains("&code=") && back.contains("&state="), "{back}");
    assert!(is_jsapi(&page, "key-2", &back).await);
    // The page is reloaded with the used code in its address: the payer stays known.
    assert!(is_jsapi(&page, "key-3", &back).await);
    // H5 would lead back to the address without them.
    let mut h5 = ask_for("h5");
    h5["page_url"] = json!(back);
    let url = page.ask_payment("key-4", h5).await.json()["action"]["url"].as_str().unwrap().to_owned();
    assert!(url.contains("redirect_url=") && !url.contains("code%3D") && !url.contains("state%3D"), "{url}");
}

#[tokio::test]
async fn a_used_code_in_the_pages_address_is_as_good_as_none() {
    let bench = Bench::new().await;
    bench.set_phone(json!({ "oauth_to": "page" })).await;
    let (first, second) = (bench.order().await, bench.order().await);
    let back = callback(&first).await;
    assert!(is_jsapi(&first, "key-1", &back).await);
    // The cookie is in the browser of the account that logged in.
    bench.set_phone(json!({ "account": "B" })).await;
    assert!(!is_jsapi(&second, "key-1", &back).await);
}

#[tokio::test]
async fn a_merchant_that_accepts_no_code_sends_the_payer_round_and_round() {
    let bench = Bench::new().await;
    bench.set_phone(json!({ "oauth_to": "loop" })).await;
    let page = bench.order().await;
    for round in 0..3 {
        assert_eq!(callback(&page).await, PAGE_URL);
        assert!(!is_jsapi(&page, &format!("key-{round}"), PAGE_URL).await);
    }
}

#[tokio::test]
async fn wechat_asks_first_when_it_is_set_to() {
    let bench = Bench::new().await;
    bench.set_phone(json!({ "oauth": "ask" })).await;
    let page = bench.order().await;
    let asked = page.ask_payment("key-1", ask_for("jsapi")).await.json();
    let path = path_of(redirect(&asked));
    let consent = bench.get(&path).await;
    assert!(consent.status == 200 && consent.text.contains("/assets/oauth.js"), "{}", consent.text);
    assert!(location(&bench.get(&format!("{path}&allow=1")).await).contains("/wechat-pay/login?code="));
}

#[tokio::test]
async fn wechats_errors_have_their_numbers() {
    let bench = Bench::new().await;
    const BASE: &str = "/open.weixin.qq.com/connect/oauth2/authorize";
    const APP: &str = "appid=wx7e0a5b3c19d2f846";
    const BACK: &str = "redirect_uri=http%3A%2F%2F127.0.0.1%3A8088%2Fshop%2Foauth";
    const REST: &str = "response_type=code&scope=snsapi_base";
    for (query, number) in [
        (format!("{BACK}&{REST}&state=1"), "10012"),
        (format!("{BACK}&{APP}&{REST}&state=1"), "10012"),
        (format!("{APP}&{REST}&state=1"), "10011"),
        (format!("{APP}&{BACK}&scope=snsapi_base&response_type=code&state=1"), "10010"),
        (format!("{APP}&{BACK}&response_type=code&state=1"), "10010"),
        (format!("{APP}&{BACK}&{REST}"), "10013"),
        (format!("{APP}&{BACK}&{REST}&state=not%20alphanumeric"), "10013"),
        (format!("{APP}&{BACK}&{REST}&state={}", "1".repeat(129)), "10013"),
        (format!("{APP}&{BACK}&response_type=code&scope=everything&state=1"), "10005"),
        (format!("appid=wx0000000000000000&{BACK}&{REST}&state=1"), "10016"),
        (format!("{APP}&redirect_uri=https%3A%2F%2Fshop.example%2F&{REST}&state=1"), "10003"),
    ] {
        let answer = bench.get(&format!("{BASE}?{query}")).await;
        assert!(answer.status == 200 && answer.text.contains(&format!("({number})")), "{query}: {}", answer.text);
    }
    let good = format!("{BASE}?{APP}&{BACK}&{REST}&state=1&connect_redirect=1");
    assert_eq!(bench.get(&good).await.status, StatusCode::FOUND);
    bench.set_phone(json!({ "oauth": "fail" })).await;
    assert!(bench.get(&good).await.text.contains("(10003)"));
}
