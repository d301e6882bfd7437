//! Money goes back from the console: asked twice before it is, and once however often it is sent.

use reqwest::{Method, StatusCode};
use serde_json::json;
use wechat_cashier_merchant::console::china;

use crate::bench::{ADMIN_KEY, Bench, PAGE, native};
use crate::visit::{Came, Visit, faults, form_of, hidden, paid, text};

/// The simulated refunds end so long after they were asked for.
const UNDER_WAY_MS: i64 = 3_000;

/// Up to the question.
async fn asked(visit: &Visit, order_id: &str, fields: &[(&str, &str)]) -> Came {
    let form = visit.page(&format!("/console/orders/{order_id}/refund?number={order_id}")).await;
    visit.submit(&form, &format!("/console/orders/{order_id}/refund"), fields).await
}

#[tokio::test]
async fn a_part_goes_back_once_however_often_it_is_sent() {
    let bench = Bench::new().await;
    paid(&bench, "C20261130001").await;
    let visit = Visit::by(&bench, ADMIN_KEY).await;
    let came = asked(&visit, "C20261130001", &[("what", "part"), ("amount", "5.20"), ("reason", "退货 <b>")]).await;
    assert_eq!(came.status, StatusCode::OK, "{came:?}");
    let question = text(&came.text);
    for part in ["Refund CN¥5.20?", "C20261130001", "退货 &lt;b&gt;", "Left afterwards CN¥14.79", "Refund CN¥5.20 now"]
    {
        assert!(question.contains(part), "{part} in {question}");
    }
    assert_eq!(bench.backend.order("C20261130001").await.unwrap().refunds.len(), 0, "nothing has moved yet");
    let confirmed = "/console/orders/C20261130001/refund/confirmed";
    let (one, other) = tokio::join!(visit.submit(&came.text, confirmed, &[]), visit.submit(&came.text, confirmed, &[]));
    let later = visit.submit(&came.text, confirmed, &[]).await;
    for came in [&one, &other, &later] {
        let to = "/console/orders/C20261130001?done=refund&number=C20261130001-R1";
        assert_eq!((came.status, came.header("location")), (StatusCode::SEE_OTHER, to), "{came:?}");
    }
    let order = bench.backend.order("C20261130001").await.unwrap();
    let refunds: Vec<_> = order.refunds.iter().map(|refund| (refund.amount, refund.reason.as_deref())).collect();
    assert_eq!(refunds, [(520, Some("退货 <b>"))]);
    let page = text(&visit.page(one.header("location")).await);
    assert!(page.contains("Refund C20261130001-R1 is on its way."), "{page}");
    bench.advance(UNDER_WAY_MS).await;
    bench.backend.settle().await;
    let page = text(&visit.page(one.header("location")).await);
    let list = text(&visit.page("/console/?status=paid").await);
    assert!(list.contains("CN¥19.99 Paid Partly refunded: CN¥5.20"), "{list}");
    assert!(page.contains("Order C20261130001 Paid Partly refunded: CN¥5.20"), "{page}");
    for part in ["Refund C20261130001-R1: the money is back.", "Refunded so far CN¥5.20", "Refund up to CN¥14.79"] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[tokio::test]
async fn a_second_refund_says_until_when_it_waits() {
    let bench = Bench::new().await;
    paid(&bench, "C20261130008").await;
    let visit = Visit::by(&bench, ADMIN_KEY).await;
    let mut to = String::new();
    for amount in ["5", "6"] {
        let question = asked(&visit, "C20261130008", &[("what", "part"), ("amount", amount)]).await;
        let came = visit.submit(&question.text, "/console/orders/C20261130008/refund/confirmed", &[]).await;
        to = came.header("location").to_owned();
    }
    let order = bench.backend.order("C20261130008").await.unwrap();
    let (first, second) = (&order.refunds[0], &order.refunds[1]);
    let due = order.refund_waits(second, bench.backend.clock().now()).unwrap();
    assert_eq!((second.taken_at, due.millis() - first.taken_at.unwrap().millis()), (None, 60_000));
    let (page, at) = (text(&visit.page(&to).await), china(due, false));
    let why = "Refund C20261130008-R2 waits, and WeChat Pay has not been asked for it yet: it takes two refunds of one \
               payment a minute apart only.";
    let until = format!("WeChat Pay will be asked at {at} UTC+8");
    assert!(page.contains(why) && page.matches(&until).count() == 2, "{until} in {page}");
    assert!(page.contains("C20261130008-R2 CN¥6.00 Waiting a minute after the refund before it"), "{page}");
    bench.advance(due.millis() - bench.backend.clock().now().millis()).await;
    bench.backend.settle().await;
    assert!(bench.backend.order("C20261130008").await.unwrap().refunds[1].taken_at.is_some());
    let page = text(&visit.page(&to).await);
    assert!(page.contains("Refund C20261130008-R2 is on its way.") && !page.contains("Waiting"), "{page}");
}

#[tokio::test]
async fn what_is_wrong_with_the_form_is_said_beside_it() {
    let bench = Bench::new().await;
    paid(&bench, "C20261130002").await;
    let visit = Visit::by(&bench, ADMIN_KEY).await;
    let long = "长".repeat(27);
    for (amount, reason, said, at) in [
        ("", "", "Enter an amount greater than zero", "amount"),
        ("0", "", "Enter an amount greater than zero", "amount"),
        ("5,20", "", "Enter an amount greater than zero", "amount"),
        ("5.201", "", "Enter an amount greater than zero", "amount"),
        ("20.00", "", "No more than CN¥19.99 can be refunded.", "amount"),
        ("5", &*long, "longer than 80 bytes", "reason"),
        ("5", "退货 🍵", "a character that WeChat Pay does not take", "reason"),
    ] {
        let came = asked(&visit, "C20261130002", &[("what", "part"), ("amount", amount), ("reason", reason)]).await;
        assert_eq!(came.status, StatusCode::UNPROCESSABLE_ENTITY, "{amount} {reason}: {came:?}");
        assert!(text(&came.text).contains(said), "{said} in {}", text(&came.text));
        assert!(
            came.text.contains(&format!("<a href=\"#{at}\">")) && came.text.contains("<title>Error: "),
            "{}",
            came.text
        );
        // What was typed is still there.
        assert!(came.text.contains(&format!("value=\"{reason}\"")), "{}", came.text);
    }
    assert_eq!(bench.backend.order("C20261130002").await.unwrap().refunds.len(), 0);
}

#[tokio::test]
async fn an_amount_and_all_that_is_left_are_not_both_meant() {
    let bench = Bench::new().await;
    paid(&bench, "C20261130007").await;
    let visit = Visit::by(&bench, ADMIN_KEY).await;
    let form = visit.page("/console/orders/C20261130007/refund?number=C20261130007").await;
    let both = [("what", "whole"), ("amount", "5.20")];
    let asked = asked(&visit, "C20261130007", &both).await;
    let question =
        visit.submit(&form, "/console/orders/C20261130007/refund", &[("what", "whole"), ("amount", " ")]).await;
    assert!(text(&question.text).contains("Refund CN¥19.99?"), "{}", question.text);
    // Also past the question: the hidden fields of another page, and these.
    let mut fields = hidden(form_of(&form, "/console/orders/C20261130007/refund"));
    fields.extend(both.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    let confirmed = visit.post("/console/orders/C20261130007/refund/confirmed", &fields).await;
    for came in [asked, confirmed] {
        assert_eq!(came.status, StatusCode::UNPROCESSABLE_ENTITY, "{came:?}");
        let said = "You typed an amount, and chose all that is left: choose one.";
        assert!(text(&came.text).contains(said), "{}", text(&came.text));
        assert!(came.text.contains("<a href=\"#amount\">") && came.text.contains("value=\"5.20\""), "{}", came.text);
    }
    assert_eq!(bench.backend.order("C20261130007").await.unwrap().refunds.len(), 0);
    // What the question itself sends is one of both.
    let came = visit.submit(&question.text, "/console/orders/C20261130007/refund/confirmed", &[]).await;
    assert_eq!(came.status, StatusCode::SEE_OTHER, "{came:?}");
}

#[tokio::test]
async fn a_form_that_was_used_for_another_refund_is_refused_in_words() {
    let bench = Bench::new().await;
    paid(&bench, "C20261130003").await;
    let visit = Visit::by(&bench, ADMIN_KEY).await;
    let form = visit.page("/console/orders/C20261130003/refund?number=C20261130003").await;
    let (ask, confirmed) = ("/console/orders/C20261130003/refund", "/console/orders/C20261130003/refund/confirmed");
    let whole = visit.submit(&form, ask, &[("what", "part"), ("amount", "1")]).await;
    assert_eq!(visit.submit(&whole.text, confirmed, &[]).await.status, StatusCode::SEE_OTHER);
    // Back, and another amount in the same form.
    let other = visit.submit(&form, ask, &[("what", "part"), ("amount", "2")]).await;
    let came = visit.submit(&other.text, confirmed, &[]).await;
    assert_eq!(came.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(&came.text).contains("The refund was not made. The backend says"), "{}", text(&came.text));
    assert_eq!(bench.backend.order("C20261130003").await.unwrap().refunds.len(), 1);
    // A form without a key of its own is none of ours.
    let token = hidden(form_of(&form, "/console/logout")).remove(0).1;
    let fields = [("token", &*token), ("number", "C20261130003"), ("what", "whole")];
    assert_eq!(visit.post(confirmed, &fields).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn all_of_it_goes_back_and_then_nothing_is_left_to() {
    let bench = Bench::new().await;
    paid(&bench, "C20261130004").await;
    let visit = Visit::by(&bench, ADMIN_KEY).await;
    let came = asked(&visit, "C20261130004", &[("what", "whole")]).await;
    assert!(text(&came.text).contains("Refund CN¥19.99?"), "{}", came.text);
    visit.submit(&came.text, "/console/orders/C20261130004/refund/confirmed", &[]).await;
    bench.advance(UNDER_WAY_MS).await;
    bench.until("C20261130004", "refunded").await;
    // When and how it was paid is still to be seen.
    let order = bench.backend.order("C20261130004").await.unwrap();
    let paid_at = china(order.paying().unwrap().1.success_time, false);
    let back_at = china(order.refunds[0].success_time.unwrap(), false);
    let list = text(&visit.page("/console/").await);
    for part in ["C20261130004 CN¥19.99 Refunded", &format!("{paid_at} QR code (Native)")] {
        assert!(list.contains(part), "{part} in {list}");
    }
    let page = text(&visit.page("/console/orders/C20261130004").await);
    for part in [format!("Paid {paid_at} UTC+8 QR code (Native)"), format!("Refunded so far CN¥19.99 {back_at} UTC+8")]
    {
        assert!(page.contains(&part), "{part} in {page}");
    }
    assert!(!visit.page("/console/orders/C20261130004").await.contains("/refund?number="));
    let came = visit.get("/console/orders/C20261130004/refund?number=C20261130004").await;
    assert_eq!(came.status, StatusCode::UNPROCESSABLE_ENTITY);
    let came = visit.get("/console/orders/C20261130004/refund?number=another").await;
    assert_eq!(came.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_wechat_pay_refuses_is_said_with_its_words() {
    let bench = Bench::new().await;
    paid(&bench, "C20261130005").await;
    let visit = Visit::by(&bench, ADMIN_KEY).await;
    faults(&bench, json!([{ "kind": "refund_closed" }])).await;
    let came = asked(&visit, "C20261130005", &[("what", "whole")]).await;
    let came = visit.submit(&came.text, "/console/orders/C20261130005/refund/confirmed", &[]).await;
    bench.advance(UNDER_WAY_MS).await;
    bench.backend.settle().await;
    let page = text(&visit.page(came.header("location")).await);
    for part in ["did not go through", "WeChat Pay closed a refund", "The money is still yours."] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

/// The payer had two sheets open, and paid both.
async fn paid_twice(bench: &Bench, order_id: &str) {
    let token = bench.order(order_id, &["native", "h5"]).await;
    faults(bench, json!([{ "kind": "paid_after_expiry" }])).await;
    let first = bench.pay(order_id, &token, "key-1", &native()).await;
    let scan = json!({ "text": first.body["action"]["content"], "account": "A" });
    let one = bench.simulated(Method::POST, "/wechat/scan", Some(scan)).await;
    let second = bench.pay(order_id, &token, "key-2", &json!({ "method": "h5", "page_url": PAGE })).await;
    let url = url::Url::parse(second.body["action"]["url"].as_str().unwrap()).unwrap();
    let prepay_id = url.query_pairs().find(|(name, _)| name == "prepay_id").unwrap().1.into_owned();
    let other = bench.simulated(Method::POST, "/wechat/h5", Some(json!({ "prepay_id": prepay_id }))).await;
    for sheet in [one, other] {
        let pay = json!({ "scan_id": sheet.body["scan_id"], "outcome": "pay" });
        let said = bench.simulated(Method::POST, "/wechat/pay", Some(pay)).await;
        assert_eq!(said.body["result"], "paid", "{said:?}");
        bench.until(order_id, "paid").await;
        bench.advance(0).await;
    }
    faults(bench, json!([])).await;
    let mut news = bench.backend.news();
    while bench.backend.order(order_id).await.unwrap().paid.len() < 2 {
        news.recv().await.unwrap();
    }
}

#[tokio::test]
async fn a_second_payment_goes_back_in_one_step() {
    let bench = Bench::new().await;
    paid_twice(&bench, "C20261130006").await;
    let visit = Visit::by(&bench, ADMIN_KEY).await;
    let list = text(&visit.page("/console/?status=noticed").await);
    assert!(list.contains("C20261130006"), "{list}");
    let page = visit.page("/console/orders/C20261130006").await;
    assert!(text(&page).contains("The order was paid twice"), "{}", text(&page));
    let second = bench.backend.order("C20261130006").await.unwrap().paid[1].clone();
    let link = format!("/console/orders/C20261130006/refund?number={second}&amp;whole=1");
    assert!(page.contains(&link), "{link} in {page}");
    let question = visit.page(&link.replace("&amp;", "&")).await;
    assert!(text(&question).contains("Refund CN¥19.99?"), "{question}");
    visit.submit(&question, "/console/orders/C20261130006/refund/confirmed", &[]).await;
    let order = bench.backend.order("C20261130006").await.unwrap();
    let refunds: Vec<_> = order.refunds.iter().map(|refund| (&refund.out_trade_no, refund.amount)).collect();
    assert_eq!(refunds, [(&second, 1999)]);
    bench.until("C20261130006", "paid").await;
    bench.advance(UNDER_WAY_MS).await;
    bench.backend.settle().await;
    // All of the payment that counts is still here.
    let page = text(&visit.page("/console/orders/C20261130006").await);
    assert!(page.contains("Refunded so far CN¥19.99") && !page.contains("Partly refunded"), "{page}");
}
