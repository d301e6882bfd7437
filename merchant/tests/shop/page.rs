//! The hosted page, served with the order in it.

use reqwest::Method;
use serde_json::Value;

use crate::bench::Bench;

const DESKTOP: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

/// The page and the answer in it.
async fn opened(bench: &Bench, url: &str, agent: &str) -> (String, String, Option<Value>) {
    let response = bench.http.get(url).header("user-agent", agent).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200, "{url}");
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    let (policy, caching) = (header("content-security-policy"), header("cache-control"));
    assert_eq!(caching, "no-store");
    let html = response.text().await.unwrap();
    let first = html.split_once("id=\"cashier-first\"").map(|(_, rest)| {
        let (_, rest) = rest.split_once('>').unwrap();
        serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
    });
    (html, policy, first)
}

#[tokio::test]
async fn on_a_computer_the_page_comes_with_the_code_and_asks_for_one_alone() {
    let bench = Bench::new().await;
    bench.order("P20261130001", &["native", "h5"]).await;
    let told = bench.shop(Method::GET, "/admin/v1/orders/P20261130001", None).await;
    let url = told.body["cashier_url"].as_str().unwrap();
    let (html, policy, first) = opened(&bench, url, DESKTOP).await;
    let first = first.unwrap();
    assert_eq!((&first["order_id"], &first["status"]), (&"P20261130001".into(), &"pending".into()));
    let code = first["payment"]["action"]["content"].as_str().unwrap();
    assert!(code.starts_with("weixin://"), "{first}");
    assert!(
        html.contains("data-url=\"/api/orders/P20261130001\"") && html.contains("name=\"cashier-origins\""),
        "{html}"
    );
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    // The code is drawn, by what the program will show of it, with nothing that the policy forbids.
    assert!(html.contains(&format!("data-qr=\"{code}\"")) && html.contains("<section data-first=\"\""), "{html}");
    assert!(html.contains("data-screen=\"scan\"") && !html.contains("style="), "{html}");
    assert!(!html.contains("wc-shimmer"), "{html}");
    // Opened again, it has the same code.
    let (.., again) = opened(&bench, url, DESKTOP).await;
    assert_eq!(again.unwrap()["payment"]["action"]["content"], code);
    assert_eq!(bench.backend.order("P20261130001").await.unwrap().payments.len(), 1);
    bench.scan_and_pay(code).await;
    bench.until("P20261130001", "paid").await;
    let (html, _, paid) = opened(&bench, url, DESKTOP).await;
    assert_eq!(paid.unwrap()["status"], "paid");
    assert!(html.contains("wc-shimmer") && !html.contains("data-qr"), "{html}");
}

#[tokio::test]
async fn a_phone_is_asked_first_what_it_wants() {
    let bench = Bench::new().await;
    bench.order("P20261130002", &["native", "h5"]).await;
    let told = bench.shop(Method::GET, "/admin/v1/orders/P20261130002", None).await;
    let url = told.body["cashier_url"].as_str().unwrap();
    let (html, _, first) = opened(&bench, url, PHONE).await;
    assert_eq!(first.unwrap()["payment"], Value::Null);
    assert!(html.contains("wc-shimmer"), "{html}");
    // Nor is the code that a computer was given, and what is no payer's own screen shows none of it.
    opened(&bench, url, DESKTOP).await;
    for (url, agent) in [(url.to_owned(), PHONE), (format!("{url}&surface=counter"), DESKTOP)] {
        let (html, ..) = opened(&bench, &url, agent).await;
        assert!(html.contains("wc-shimmer") && !html.contains("data-qr"), "{url} {html}");
    }
}

#[tokio::test]
async fn the_code_is_drawn_in_the_payers_language() {
    let bench = Bench::new().await;
    bench.order("P20261130005", &["native"]).await;
    let told = bench.shop(Method::GET, "/admin/v1/orders/P20261130005", None).await;
    let url = told.body["cashier_url"].as_str().unwrap();
    for (more, accepted, lang) in [
        ("", "fr;q=0.9, zh-TW;q=0.8, en;q=0.5", "zh-HK"),
        ("", "zh-CN,zh;q=0.9", "zh-CN"),
        ("", "fr", "en"),
        ("&lang=zh-HK", "en", "zh-HK"),
        ("&lang=xx", "zh", "zh-CN"),
    ] {
        let asked = bench.http.get(format!("{url}{more}")).header("user-agent", DESKTOP);
        let html = asked.header("accept-language", accepted).send().await.unwrap().text().await.unwrap();
        assert!(
            html.contains(&format!("lang=\"{lang}\" dir=\"ltr\" data-screen=\"scan\"")),
            "{more} {accepted}: {html}"
        );
    }
}

#[tokio::test]
async fn back_from_elsewhere_no_code_is_drawn() {
    let bench = Bench::new().await;
    bench.order("P20261130006", &["native"]).await;
    let told = bench.shop(Method::GET, "/admin/v1/orders/P20261130006", None).await;
    let url = told.body["cashier_url"].as_str().unwrap();
    opened(&bench, url, DESKTOP).await;
    for more in ["&wc_return=P20261130006", "&wc_return=1&wc_return=2", "&code=1&state=2"] {
        let (html, ..) = opened(&bench, &format!("{url}{more}"), DESKTOP).await;
        assert!(html.contains("wc-shimmer") && !html.contains("data-qr"), "{more} {html}");
    }
}

#[tokio::test]
async fn without_a_good_token_the_page_tells_nothing() {
    let bench = Bench::new().await;
    let token = bench.order("P20261130003", &["native"]).await;
    for query in
        ["", "?order=P20261130003", "?order=P20261130003&token=1.x", &format!("?order=P20261130004&token={token}")]
    {
        let (html, policy, first) = opened(&bench, &format!("{}/cashier/{query}", bench.merchant), DESKTOP).await;
        assert_eq!(first, None, "{query}");
        // It is the page as it was built, and its own script may run.
        assert!(html.contains("fetch('/api')") && policy.contains("'sha256-"), "{query}: {policy}");
    }
    assert!(bench.backend.order("P20261130003").await.unwrap().payments.is_empty());
}

#[tokio::test]
async fn what_has_a_hash_in_its_name_is_kept_and_nothing_else_of_the_folder_is_there() {
    let bench = Bench::new().await;
    let get = async |path: &str| bench.http.get(format!("{}{path}", bench.merchant)).send().await.unwrap();
    let style = get("/cashier/main-0123456789abcdef.css").await;
    assert_eq!(style.headers()["cache-control"], "public, max-age=31536000, immutable");
    for path in ["/cashier/none.js", "/cashier/%2e%2e/page.rs", "/cashier/..%2fpage.rs"] {
        assert_eq!(get(path).await.status().as_u16(), 404, "{path}");
    }
    assert_eq!(get("/cashier?order=1").await.headers()["location"], "/cashier/?order=1");
}
