//! Who pays: a browser with which somebody has logged in, and the mini-program's own page.

use reqwest::Method;
use serde_json::{Value, json};

use crate::bench::{Answer, Bench, PAGE, send};
use crate::demo::MINI_APPID;

fn jsapi() -> Value {
    json!({ "method": "jsapi", "page_url": PAGE })
}

/// A page of the backend's own origin asks for a payment, with this cookie.
async fn asks(bench: &Bench, (order_id, token): (&str, &str), key: &str, cookie: Option<&str>) -> Answer {
    let url = format!("{}/api/orders/{order_id}/payments", bench.merchant);
    let request = bench.http.post(url).bearer_auth(token).header("idempotency-key", key);
    let request = request.header("content-type", "application/json").header("origin", &bench.merchant);
    let request = cookie.into_iter().fold(request, |request, cookie| request.header("cookie", cookie));
    send(request.body(jsapi().to_string())).await
}

/// The payer logs in, from a payment that wants it. Gives what the browser is told to keep.
async fn logs_in(bench: &Bench, asked: &Answer) -> String {
    let authorize = asked.body["action"]["url"].as_str().unwrap_or_else(|| panic!("{asked:?}"));
    let to_login = bench.http.get(authorize).header("referer", PAGE).send().await.unwrap();
    let back = to_login.headers()["location"].to_str().unwrap().to_owned();
    let led_back = bench.http.get(&back).send().await.unwrap();
    assert_eq!(led_back.headers()["location"], PAGE);
    led_back.headers()["set-cookie"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_browser_is_known_by_a_cookie_that_no_script_reads_and_nobody_forges() {
    let bench = Bench::new().await;
    let first = ("C20261130001", &*bench.order("C20261130001", &["jsapi"]).await);
    let told = logs_in(&bench, &asks(&bench, first, "key-1", None).await).await;
    let (cookie, attributes) = told.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/api; Max-Age=86400; HttpOnly; SameSite=Lax");

    // For the next order nobody logs in.
    let second = ("C20261130002", &*bench.order("C20261130002", &["jsapi"]).await);
    let paid = asks(&bench, second, "key-1", Some(cookie)).await;
    assert_eq!(paid.body["action"]["type"], "invoke_jsapi", "{paid:?}");
    let openid = cookie.split_once('=').unwrap().1.split_once(':').unwrap().0;
    assert_eq!(bench.openid(bench.backend.wechat_pay().appid()), openid);

    // Another name under the same signature, another signature, and a cookie of before.
    let third = ("C20261130003", &*bench.order("C20261130003", &["jsapi"]).await);
    let forged = [cookie.replacen(openid, "oSomebodyElse", 1), format!("{cookie}0"), "wechat-payer=".to_owned()];
    for (number, cookie) in forged.iter().enumerate() {
        let sent = asks(&bench, third, &format!("key-{number}"), Some(cookie)).await;
        assert_eq!(sent.body["action"]["type"], "redirect", "{cookie}: {sent:?}");
    }
    bench.advance(24 * 60 * 60 * 1000 + 1).await;
    let fourth = ("C20261130004", &*bench.order("C20261130004", &["jsapi"]).await);
    let sent = asks(&bench, fourth, "key-1", Some(cookie)).await;
    assert_eq!(sent.body["action"]["type"], "redirect", "{sent:?}");
}

#[tokio::test]
async fn a_friend_who_opens_the_link_pays_as_himself() {
    let bench = Bench::new().await;
    let order = ("C20261130005", &*bench.order("C20261130005", &["jsapi"]).await);
    logs_in(&bench, &asks(&bench, order, "key-1", None).await).await;
    // His browser sends no cookie: whoever logged in for this order, it is not known that it was he.
    let sent = asks(&bench, order, "key-2", None).await;
    assert_eq!(sent.body["action"]["type"], "redirect", "{sent:?}");
}

#[tokio::test]
async fn in_the_mini_program_its_own_page_pays() {
    let bench = Bench::with("", |config| config.merchants[0].appids.push(MINI_APPID.to_owned())).await;
    let token = bench.order("M20261130001", &["mini_program"]).await;
    let wanted = json!({ "method": "mini_program", "page_url": PAGE });
    let sent = bench.pay("M20261130001", &token, "key-1", &wanted).await;
    let action = json!({ "type": "open_mini_program", "path": "/pages/pay?order=M20261130001" });
    assert_eq!(sent.body["action"], action, "{sent:?}");

    let path = "/admin/v1/orders/M20261130001/mini-program";
    let refused = bench.shop(Method::POST, path, Some(json!({ "openid": "oSomebodyElse" }))).await;
    assert!(refused.status.is_client_error() || refused.status.is_server_error(), "{refused:?}");
    let openid = bench.openid(MINI_APPID);
    let given = bench.shop(Method::POST, path, Some(json!({ "openid": openid }))).await;
    assert_eq!(given.body["params"]["appId"], MINI_APPID, "{given:?}");
    // Asked for twice, it is one trade, of which there are fresh parameters.
    let again = bench.shop(Method::POST, path, Some(json!({ "openid": openid }))).await;
    assert!(again.body["params"]["package"].is_string(), "{again:?}");
    let page = bench.ask("M20261130001", &token, "").await;
    assert_eq!(page.body["payment"]["action"], action, "{page:?}");

    let call = json!({ "params": again.body["params"], "url": "https://servicewechat.com/wx/1/page-frame.html", "account": "A" });
    let opened = bench.simulated(Method::POST, "/wechat/jsapi", Some(call)).await;
    let pay = json!({ "scan_id": opened.body["scan_id"], "outcome": "pay" });
    let said = bench.simulated(Method::POST, "/wechat/pay", Some(pay)).await;
    assert_eq!(said.body["result"], "paid", "{opened:?} {said:?}");
    bench.until("M20261130001", "paid").await;
    let paid = bench.shop(Method::GET, "/admin/v1/orders/M20261130001", None).await;
    let len = |name: &str| paid.body[name].as_array().unwrap().len();
    assert_eq!((len("paid"), len("trades"), len("needs_attention")), (1, 2, 0), "{paid:?}");
}

#[tokio::test]
async fn a_mini_program_that_is_not_bound_to_the_merchant_is_told_so() {
    let bench = Bench::new().await;
    bench.order("M20261130002", &["mini_program"]).await;
    let path = "/admin/v1/orders/M20261130002/mini-program";
    let openid = bench.openid(MINI_APPID);
    let refused = bench.shop(Method::POST, path, Some(json!({ "openid": openid }))).await;
    assert!(refused.body["detail"].as_str().is_some_and(|detail| detail.contains("WeChat Pay")), "{refused:?}");
    let known =
        bench.shop(Method::POST, "/admin/v1/orders/none-such/mini-program", Some(json!({ "openid": openid }))).await;
    assert_eq!((known.status.as_u16(), &known.body["code"]), (404, &json!("order_not_found")), "{known:?}");
}
