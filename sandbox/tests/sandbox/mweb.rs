//! H5: the middle page and what it refuses (docs/platform.md, 4).

use serde_json::{Value, json};
use wechat_cashier::contract::OrderStatus;

use crate::bench::{Bench, Page, ask_for, path_of};

const FROM_US: (&str, &str) = ("referer", "http://127.0.0.1:8088/");
const PHONE: (&str, &str) = ("user-agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)");

const NO_REFERER: &str = "商家参数格式有误,请联系商家解决";
const OTHER_SITE: &str = "商家存在未配置的参数,请联系商家解决";
const EXPIRED: &str = "支付请求已失效,请重新发起支付";
const IN_WECHAT: &str = "请在微信外打开订单,进行支付";

/// The middle page's path, and the prepay id in it.
async fn h5(page: &Page<'_>, key: &str) -> (String, String) {
    let payment = page.ask_payment(key, ask_for("h5")).await.json();
    let url = payment["action"]["url"].as_str().unwrap_or_else(|| panic!("{payment}"));
    let prepay_id = url.split_once("prepay_id=").unwrap().1.split('&').next().unwrap();
    (path_of(url), prepay_id.to_owned())
}

async fn opens(bench: &Bench, path: &str) -> bool {
    let answer = bench.visit(path, &[FROM_US, PHONE]).await;
    assert_eq!(answer.status, 200);
    answer.text.contains("/assets/h5.js")
}

async fn sheet(bench: &Bench, prepay_id: &str, account: &str) -> Value {
    bench.post("/wechat/h5", json!({ "prepay_id": prepay_id, "account": account })).await.json()
}

#[tokio::test]
async fn the_address_is_the_platforms_and_leads_back_to_the_page() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let (path, prepay_id) = h5(&page, "key-1").await;
    assert!(path.starts_with("/wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx20"), "{path}");
    assert!(path.contains("&package="));
    let back = "&redirect_url=http%3A%2F%2F127.0.0.1%3A8088%2Fwechat%2Fcashier%2F%3Forder%3D1%26token%3D2";
    assert!(path.ends_with(back), "{path}");
    assert!(opens(&bench, &path).await);
    let bill = sheet(&bench, &prepay_id, "A").await;
    assert_eq!((&bill["result"], &bill["trade_type"]), (&json!("bill"), &json!("MWEB")), "{bill}");
    assert_eq!(bench.post("/wechat/pay", json!({ "scan_id": bill["scan_id"] })).await.json()["result"], "paid");
    assert_eq!(page.status().await.status, OrderStatus::Paid);
    assert_eq!(sheet(&bench, &prepay_id, "A").await["text"], "该订单已支付");
}

#[tokio::test]
async fn where_the_payer_comes_from_is_checked() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let (path, _) = h5(&page, "key-1").await;
    let elsewhere = path.replace("127.0.0.1%3A8088", "shop.example");
    let wechat = "Mozilla/5.0 (Linux; Android 14) Mobile Safari/537.36 MicroMessenger/8.0.55.2780(0x2800373D)";
    let wecom = "Mozilla/5.0 (iPhone) wxwork/4.1.30 MicroMessenger/7.0.1";
    for (path, headers, said) in [
        (&path, vec![PHONE], Some(NO_REFERER)),
        (&path, vec![PHONE, ("referer", "")], Some(NO_REFERER)),
        (&path, vec![PHONE, ("referer", "https://shop.example/")], Some(OTHER_SITE)),
        (&path, vec![PHONE, ("referer", "http://127.0.0.1:9/")], Some(OTHER_SITE)),
        // The whole address or the origin alone, as the page's referrer policy has it.
        (&path, vec![PHONE, ("referer", "http://127.0.0.1:8088/cashier/?order=1")], None),
        (&path, vec![PHONE, FROM_US], None),
        (&elsewhere, vec![PHONE, FROM_US], Some(OTHER_SITE)),
        (&path, vec![("user-agent", wechat), FROM_US], Some(IN_WECHAT)),
        (&path, vec![("user-agent", wecom), FROM_US], None),
    ] {
        let answer = bench.visit(path, &headers).await;
        match said {
            Some(text) => {
                assert!(answer.text.contains(text) && !answer.text.contains("h5.js"), "{headers:?}: {}", answer.text);
            }
            None => assert!(answer.text.contains("h5.js"), "{headers:?}: {}", answer.text),
        }
    }
    let bare = "/wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb";
    assert!(bench.visit(bare, &[PHONE, FROM_US]).await.text.contains(NO_REFERER));
    let unknown = format!("{bare}?prepay_id=wx201410272009395522657a690389285100");
    assert!(bench.visit(&unknown, &[PHONE, FROM_US]).await.text.contains(NO_REFERER));
}

#[tokio::test]
async fn the_address_lives_five_minutes() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let (path, prepay_id) = h5(&page, "key-1").await;
    let payment = page.status().await.payment.unwrap();
    assert_eq!(payment.expires_at.unwrap().millis() - payment.now.millis(), 5 * 60_000);
    bench.advance(5 * 60_000 - 1).await;
    assert!(opens(&bench, &path).await);
    bench.advance(1).await;
    assert!(bench.visit(&path, &[FROM_US, PHONE]).await.text.contains(EXPIRED));
    assert_eq!(sheet(&bench, &prepay_id, "A").await["text"], EXPIRED);
    // Asked for again, there is a new one, under the same number.
    let (path, prepay_id) = h5(&page, "key-2").await;
    assert!(opens(&bench, &path).await);
    assert_eq!(sheet(&bench, &prepay_id, "A").await["result"], "bill");
    assert_eq!(page.seen().await["trades"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_sheet_that_was_opened_in_time_outlives_the_address() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let (_, prepay_id) = h5(&page, "key-1").await;
    let bill = sheet(&bench, &prepay_id, "A").await;
    bench.advance(5 * 60_000).await;
    assert_eq!(bench.post("/wechat/pay", json!({ "scan_id": bill["scan_id"] })).await.json()["result"], "paid");
    assert_eq!(page.status().await.status, OrderStatus::Paid);
}

#[tokio::test]
async fn one_request_is_for_one_account() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let (_, prepay_id) = h5(&page, "key-1").await;
    assert_eq!(sheet(&bench, &prepay_id, "A").await["result"], "bill");
    assert_eq!(sheet(&bench, &prepay_id, "B").await["text"], "签名验证失败");
}

#[tokio::test]
async fn a_code_is_no_prepay_id_and_a_prepay_id_no_code() {
    let bench = Bench::new().await;
    let page = bench.order().await;
    let (_, prepay_id) = h5(&page, "key-1").await;
    assert_eq!(bench.scan(&prepay_id, "A").await.json()["text"], "二维码已过期");
    let native = crate::bench::code(&page.payment("key-2").await);
    assert_eq!(sheet(&bench, &native, "A").await["result"], "refused");
}
