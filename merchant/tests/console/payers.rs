//! How payers fare: the chart of what pages told, in numbers and words.

use reqwest::StatusCode;
use serde_json::{Value, json};
use wechat_cashier_merchant::day::Day;

use crate::bench::{Bench, READ_KEY, secret, send};
use crate::shops::SHOPS;
use crate::visit::{Visit, text};

/// The page of one visit tells that these happened.
async fn tell(bench: &Bench, visit: &str, method: &str, names: &[&str]) {
    let event = |(at_ms, name): (usize, &&str)| match *name {
        "error" => json!({ "name": name, "at_ms": at_ms, "method": method, "code": "offline" }),
        _ => json!({ "name": name, "at_ms": at_ms, "method": method }),
    };
    let events: Vec<Value> = names.iter().enumerate().map(event).collect();
    let batch = json!({
        "v": 1, "batch_id": format!("{visit}-1"), "visit": visit, "lang": "en", "layout": "page", "sent_at_ms": 9, "dropped": 0,
        "events": events,
    });
    let answer = send(bench.http.post(format!("{}/api/telemetry", bench.merchant)).body(batch.to_string())).await;
    assert_eq!(answer.status, 204, "{answer:?}");
}

/// Eight payers: five by a code, of whom one is seen to say that it is paid, two in WeChat, one with a method of nobody's.
async fn eight(bench: &Bench) {
    tell(bench, "v1", "native", &["shown", "method", "qr", "paid"]).await;
    tell(bench, "v2", "native", &["shown", "method", "qr", "confirming", "paid"]).await;
    tell(bench, "v3", "native", &["shown", "method", "qr", "abandoned"]).await;
    tell(bench, "v4", "native", &["shown", "method", "qr", "error", "expired"]).await;
    tell(bench, "v5", "native", &["shown", "method"]).await;
    tell(bench, "v6", "jsapi", &["shown", "method", "opened", "paid"]).await;
    tell(bench, "v7", "jsapi", &["shown", "method", "closed"]).await;
    tell(bench, "v8", "a_way_of_nobody", &["shown", "method"]).await;
}

#[tokio::test]
async fn payers_are_counted_by_how_far_they_came_and_by_method() {
    let bench = Bench::new().await;
    eight(&bench).await;
    let visit = Visit::by(&bench, READ_KEY).await;
    let page = visit.page("/console/payers").await;
    let said = text(&page);
    for part in [
        "Visits 8 Paid, of those shown the cashier 37.5% Met an error and did not pay 12.5%",
        "Shown Saw the cashier 8 Method",
        "Method chosen Had a way to pay at hand 8 100% of the step before",
        "Begun Saw a code, or opened WeChat or a wallet 5 62.5% of the step before",
        "Confirming The payer or WeChat said that it is paid 1 20% of the step before",
        "Paid The page saw that the order is paid 3 60% of those begun",
        "Closed The order was closed 1 12.5% of those shown",
        "Expired The time to pay was over 1 12.5% of those shown",
        "Abandoned The page was left while the order was open 1 12.5% of those shown",
        "Failed Met an error, and did not pay 1 12.5% of those shown",
        // The one that most had first.
        "Failed QR code (Native) 5 5 100% 4 80% 1 25% 2 50% 0 0% 1 20% 1 20% 1 20% In WeChat (JSAPI) 2 2 100% 1 50% 0 0% 1 100% 1 50%",
        "Another 1 1 100% 0 0% 0 0 0 0%",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(!said.contains("switched off"), "{said}");
    // Bars are as long as the count, and styled by the sheet alone.
    for part in ["viewBox=\"0 0 1000 1\"", "width=\"1000\"", "width=\"625\"", "width=\"125\"", "<caption>"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("style=") && !page.contains("<script"), "{page}");

    let by_code = text(&visit.page("/console/payers?method=native").await);
    let table = "Another 1 1 100%";
    assert!(by_code.contains("Visits 5 Paid, of those shown the cashier 40%") && by_code.contains(table), "{by_code}");
    let nobody = visit.page("/console/payers?method=%3Cb%3E").await;
    assert!(text(&nobody).contains("No page told of a payer with this method") && !nobody.contains("<b>"), "{nobody}");
}

#[tokio::test]
async fn days_are_those_of_the_form() {
    let bench = Bench::new().await;
    let visit = Visit::by(&bench, READ_KEY).await;
    let today = Day::of(bench.backend.clock().now());
    let page = visit.page("/console/payers").await;
    assert!(text(&page).contains("No page told of a payer on these days."), "{page}");
    for (id, day) in [("from", today.plus(-6)), ("to", today)] {
        let field = page.split(&format!("id=\"{id}\"")).nth(1).unwrap().split('>').next().unwrap();
        assert!(field.contains(&format!("value=\"{day}\"")) && field.contains(&format!("max=\"{today}\"")), "{field}");
    }
    tell(&bench, "v1", "native", &["shown"]).await;
    let shown = |from: i64, to: i64| format!("/console/payers?from={}&to={}&method=", today.plus(from), today.plus(to));
    assert!(text(&visit.page(&shown(-91, 0)).await).contains("Shown Saw the cashier 1"));
    assert!(text(&visit.page(&shown(-91, -1)).await).contains("No page told of a payer on these days."));
    for wrong in [shown(0, -1), shown(-92, 0), "/console/payers?from=yesterday".into(), "/console/payers?to=".into()] {
        let came = visit.get(&wrong).await;
        assert_eq!(came.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        let said = text(&came.text);
        assert!(said.contains("the first no later than the last, and 92 days at most."), "{said}");
        assert!(said.starts_with("Error: ") && came.text.contains("aria-invalid=\"true\""), "{}", came.text);
    }
}

#[tokio::test]
async fn it_is_said_in_chinese_too() {
    let bench = Bench::new().await;
    eight(&bench).await;
    let visit = Visit::new(&bench).reading("zh-CN");
    visit.log_in(READ_KEY).await;
    let said = text(&visit.page("/console/payers").await);
    for part in ["支付转化", "访问次数 8", "已支付 页面得知订单已支付 3 占开始支付的 60%", "扫码支付（Native） 5"]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[tokio::test]
async fn telemetry_that_is_off_is_said_beside_what_was_counted_before() {
    let bench = Bench::new().await;
    eight(&bench).await;
    let off = bench.otherwise(|config| config.telemetry.enabled = false).await;
    let here = Visit::by(&bench, READ_KEY).await;
    // What this instance heard is written once it is asked.
    here.page("/console/payers").await;
    let said = text(&here.goes_to(&off).page("/console/payers").await);
    assert!(said.contains("Telemetry is switched off") && said.contains("Shown Saw the cashier 8"), "{said}");
}

#[tokio::test]
async fn of_several_shops_none_sees_the_payers_of_another() {
    let bench = Bench::of_shops(SHOPS, "", |_| {}).await;
    eight(&bench).await;
    let tea = Visit::by(&bench, &secret("tea.admin.key")).await;
    let page = tea.page("/console/payers").await;
    let said = text(&page);
    assert!(said.contains("pages do not say whose payer they tell of"), "{said}");
    assert!(!said.contains("Saw the cashier") && !page.contains("action=\"/console/payers\""), "{page}");
}
