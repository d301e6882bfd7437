//! Each page, with data.

use reqwest::{Method, StatusCode};
use serde_json::json;
use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::day::Day;

use crate::bench::{ADMIN_KEY, Bench, READ_KEY};
use crate::receiver::Receiver;
use crate::visit::{Visit, faults, paid, text};

const HOUR_MS: i64 = 60 * 60 * 1000;

#[tokio::test]
async fn orders_are_listed_filtered_and_found() {
    let bench = Bench::new().await;
    for n in 1..=51 {
        bench.order(&format!("L202611300{n:02}"), &["native"]).await;
        bench.advance(1_000).await;
    }
    paid(&bench, "P20261130001").await;
    let visit = Visit::by(&bench, READ_KEY).await;
    let page = visit.page("/console/").await;
    let said = text(&page);
    for part in
        ["Orders", "P20261130001 CN¥19.99 Paid 乌龙茶 250 g", "L20261130051", "QR code (Native)", "Created (UTC+8)"]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(!said.contains("L20261130002") && said.contains("L20261130003"), "{said}");
    let older = page.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let said = text(&visit.page(older).await);
    assert!(said.contains("L20261130002") && said.contains("L20261130001") && !said.contains("L20261130003"), "{said}");
    let said = text(&visit.page("/console/?status=paid").await);
    assert!(said.contains("P20261130001") && !said.contains("L2026"), "{said}");
    let said = text(&visit.page("/console/?status=noticed").await);
    assert!(said.contains("There are no such orders."), "{said}");
    let order = bench.backend.order("P20261130001").await.unwrap();
    let transaction_id = &order.trades[0].receipt().unwrap().transaction_id;
    for number in ["P20261130001", transaction_id] {
        let came = visit.get(&format!("/console/?number={number}")).await;
        let to = "/console/orders/P20261130001";
        assert_eq!((came.status, came.header("location")), (StatusCode::SEE_OTHER, to), "{number}");
    }
    let page = visit.page("/console/?number=nobody%3Cb%3E").await;
    assert!(text(&page).contains("No order has this number."), "{page}");
    for link in [
        "<a href=\"/console/unmatched\">If WeChat Pay told of it, it is under “Fits no order”.</a>",
        "<a href=\"/console/days\">Payments that are in a bill only are under Reconciliation.</a>",
    ] {
        assert!(page.contains(link), "{link} in {page}");
    }
    assert_eq!(visit.get("/console/?status=other").await.status, StatusCode::NOT_FOUND);
    assert_eq!(visit.get("/console/?after=other").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_order_is_told_from_its_making_to_its_payment() {
    let mut receiver = Receiver::that_says(&[]).await;
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    faults(&bench, json!([{ "kind": "notify_lost" }])).await;
    let token = bench.order("O20261130001", &["native"]).await;
    let payment = bench.pay("O20261130001", &token, "key-1", &crate::bench::native()).await;
    bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    // A question finds it, later than it was paid.
    bench.advance(6_000).await;
    bench.until("O20261130001", "paid").await;
    assert_eq!(receiver.next().await.kind(), "order.paid");
    bench.backend.settle().await;
    let visit = Visit::by(&bench, ADMIN_KEY).await;
    let said = text(&visit.page("/console/orders/O20261130001").await);
    for part in [
        "Order O20261130001",
        "The shop made the order",
        "A number was taken",
        "WeChat Pay gave something to pay by: QR code (Native)",
        "Asked, WeChat Pay says: paid",
        "By WeChat Pay’s clock:",
        "Paid (order.paid)",
        "Send again",
        "All times are China time (UTC+8).",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let order = bench.backend.order("O20261130001").await.unwrap();
    assert!(said.contains(&order.trades[0].receipt().unwrap().transaction_id), "{said}");
    // Sent again, it arrives under the same id.
    let page = visit.page("/console/orders/O20261130001").await;
    let action = page.split("action=\"").find(|part| part.starts_with("/console/webhooks/")).unwrap();
    let action = action.split('"').next().unwrap();
    let came = visit.submit(&page, action, &[]).await;
    assert_eq!(came.header("location"), "/console/orders/O20261130001?done=resent");
    assert!(action.contains(&receiver.next().await.id));
    let said = text(&visit.page("/console/webhooks").await);
    for part in ["Paid (order.paid)", "O20261130001", "Delivered"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let said = text(&visit.page("/console/webhooks?state=given_up").await);
    assert!(said.contains("Nothing was told."), "{said}");
}

#[tokio::test]
async fn an_order_is_closed_for_good() {
    let bench = Bench::new().await;
    bench.order("O20261130002", &["native"]).await;
    let visit = Visit::by(&bench, ADMIN_KEY).await;
    let page = visit.page("/console/orders/O20261130002").await;
    let came = visit.submit(&page, "/console/orders/O20261130002/close", &[]).await;
    let said = text(&visit.page(came.header("location")).await);
    assert!(said.contains("The order is closed.") && said.contains("The shop or the payer’s page closed"), "{said}");
}

#[tokio::test]
async fn what_fits_no_order_is_listed() {
    let bench = Bench::new().await;
    let visit = Visit::by(&bench, READ_KEY).await;
    let page = visit.page("/console/unmatched").await;
    assert!(text(&page).contains("All notifications of WeChat Pay belong to an order here."), "{page}");
    let link = "<a href=\"/console/days\">Payments that are in a bill only are under Reconciliation.</a>";
    assert!(page.contains(link), "{page}");
    faults(&bench, json!([{ "kind": "notify_other_order", "times": 1 }])).await;
    let token = bench.order("U20261130001", &["native"]).await;
    let payment = bench.pay("U20261130001", &token, "key-1", &crate::bench::native()).await;
    bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    bench.advance(0).await;
    let entries = bench.backend.store().list_unmatched(9).await.unwrap();
    assert_eq!(entries.len(), 1);
    let said = text(&visit.page("/console/unmatched").await);
    assert!(said.contains("CN¥19.99") && said.contains("As it came"), "{said}");
}

#[tokio::test]
async fn a_day_that_differs_is_named_with_what_to_do() {
    let mut receiver = Receiver::that_says(&[]).await;
    let bench = Bench::with(&receiver.table(""), |_| {}).await;
    let day = Day::of(bench.backend.clock().now()).plus(1);
    let turn = async |then: i64| bench.advance(then - bench.backend.clock().now().millis()).await;
    turn(day.begin().millis() + 12 * HOUR_MS).await;
    paid(&bench, "D20261130001").await;
    faults(&bench, json!([{ "kind": "bill_line_foreign", "as_out_trade_no": "foreign-1" }])).await;
    let mut reports = bench.backend.reports();
    turn(day.end().millis() + 10 * HOUR_MS + 10 * 60_000).await;
    while reports.recv().await.unwrap().date != day {}
    let visit = Visit::by(&bench, ADMIN_KEY).await;
    let said = text(&visit.page("/console/days").await);
    assert!(said.contains(&format!("{day} Differs 1")), "{said}");
    while receiver.next().await.kind() != "reconciliation.different" {}
    let page = visit.page("/console/webhooks").await;
    assert!(page.contains(&format!("<a href=\"/console/days/{day}\" class=\"number\">{day}</a>")), "{page}");
    assert!(text(&page).contains("Order or day"), "{page}");
    let page = visit.page(&format!("/console/days/{day}")).await;
    let said = text(&page);
    for part in ["In the bill, not here", "foreign-1", "Another system uses the same merchant number", "CN¥19.99"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let health = visit.page("/console/health").await;
    let said = text(&health);
    let line = format!("Last day compared {day} Differs Days that differ, of the last 92 1 Show");
    assert!(said.contains(&line) && health.contains("<a href=\"/console/days\">Show</a>"), "{line} in {health}");
    let csv = visit.get(&format!("/console/days/{day}.csv")).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.text.contains("missing_here"), "{}", csv.text);
    let json: serde_json::Value =
        serde_json::from_str(&visit.page(&format!("/console/days/{day}.json")).await).unwrap();
    assert_eq!(json["state"], "different");
    faults(&bench, json!([])).await;
    let came = visit.submit(&page, "/console/days", &[]).await;
    assert_eq!(came.header("location"), format!("/console/days/{day}?done=1"));
    let said = text(&visit.page(came.header("location")).await);
    assert!(
        said.contains("The day was compared just now.") && said.contains("Bill and orders say the same."),
        "{said}"
    );
    assert_eq!(visit.get("/console/days/2020-01-01").await.status, StatusCode::NOT_FOUND);
    assert_eq!(visit.get("/console/days/none").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn health_says_what_answers_and_what_did_not() {
    let bench = Bench::new().await;
    paid(&bench, "H20261130001").await;
    let visit = Visit::by(&bench, READ_KEY).await;
    let said = text(&visit.page("/console/health").await);
    for part in ["Database Answers", "Reachable Answers", env!("CARGO_PKG_VERSION"), "PUB_KEY_ID_", "does not expire"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(said.contains("Last day compared – Days that differ, of the last 92 0"), "{said}");
    assert!(said.contains("Notifications refused 0") && said.contains("no webhooks.url is set"), "{said}");
    let forged = bench.http.post(format!("{}/wechat-pay/notifications", bench.merchant)).body("{}");
    assert!(forged.send().await.unwrap().status().is_client_error());
    let said = text(&visit.page("/console/health").await);
    assert!(said.contains("Notifications refused 1"), "{said}");
}

#[tokio::test]
async fn what_a_shop_writes_into_an_order_stays_text() {
    let bench = Bench::new().await;
    let hostile = "</td><script>alert(1)</script><img src=x onerror=alert(2)>\"'&";
    let order = json!({
        "order_id": "X20261130001", "amount": { "value": 1, "currency": "CNY" }, "description": hostile,
    });
    assert_eq!(bench.shop(Method::POST, "/admin/v1/orders", Some(order)).await.status, 201);
    let visit = Visit::by(&bench, ADMIN_KEY).await;
    for path in ["/console/", "/console/orders/X20261130001", "/console/?number=%3Cscript%3E%22"] {
        let page = visit.page(path).await;
        for mark in ["<script", "<img", "onerror=alert(2)>"] {
            assert!(!page.contains(mark), "{mark} in {path}: {page}");
        }
    }
    let page = visit.page("/console/").await;
    assert!(page.contains("&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
}

#[tokio::test]
async fn each_reads_their_language_and_may_choose() {
    let bench = Bench::new().await;
    bench.order("Z20261130001", &["native"]).await;
    let visit = Visit::new(&bench).reading("fr, zh-TW;q=0.9, en;q=0.1");
    let door = visit.page("/console/login").await;
    assert!(door.contains("<html lang=\"zh-CN\">") && text(&door).contains("管理密钥"), "{door}");
    visit.log_in(READ_KEY).await;
    let page = visit.page("/console/orders/Z20261130001").await;
    assert!(text(&page).contains("¥19.99") && text(&page).contains("北京时间"), "{}", text(&page));
    let came = visit.submit(&page, "/console/language", &[("to", "en")]).await;
    assert_eq!(came.header("location"), "/console/orders/Z20261130001");
    assert!(came.header("set-cookie").starts_with("console-language=en; Path=/console; "), "{came:?}");
    let page = visit.page("/console/orders/Z20261130001").await;
    assert!(page.contains("<html lang=\"en\">") && text(&page).contains("CN¥19.99"), "{page}");
}

#[tokio::test]
async fn times_are_chinas() {
    let bench = Bench::new().await;
    let noon = Timestamp::parse("2031-01-31T16:30:00Z").unwrap();
    bench.advance(noon.millis() - bench.backend.clock().now().millis()).await;
    bench.order("T20310201001", &["native"]).await;
    let visit = Visit::by(&bench, READ_KEY).await;
    let page = visit.page("/console/orders/T20310201001").await;
    assert!(page.contains("<time datetime=\"2031-01-31T16:30:00Z\">2031-02-01 00:30:00"), "{page}");
}
