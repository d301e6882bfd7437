//! A service provider: one merchant number, whose keys sign, and a sub-merchant for each shop, who is paid.

use reqwest::Method;
use serde_json::{Value, json};
use wechat_cashier_merchant::day::Day;
use wechat_cashier_merchant::domain::plus;
use wechat_cashier_simulator::config::Merchant;

use crate::bench::{Answer, Bench, PAGE, native, secret, send};

const BOOKS: &str = "1900000311";
const NOODLES: &str = "1900000312";
/// The bookshop's own.
const BOOKS_APPID: &str = "wx9b5e27d40c81fa36";
const PROVIDER: &str = "1900000300";
const PROVIDER_APPID: &str = "wx3c8d1f60a9b274e5";

/// A bookshop with an appid of its own, and a noodle shop without.
async fn two() -> Bench {
    let shops = format!(
        r#"
[[shops]]
id = "books"
name = "湖畔书店"
admin_key_file = "books.admin.key"
token_key_file = "books.token.key"
sub_mchid = "{BOOKS}"
sub_appid = "{BOOKS_APPID}"
sub_app_secret_file = "sub.app.secret"
[[shops]]
id = "noodles"
name = "街角面馆"
admin_key_file = "noodles.admin.key"
token_key_file = "noodles.token.key"
sub_mchid = "{NOODLES}"
"#
    );
    Bench::of_shops(&shops, "mode = \"partner\"", |simulated| {
        let provider = Merchant { public_key_percent: 100, ..Merchant::demo_partner() };
        simulated.merchants = vec![provider];
    })
    .await
}

fn admin(id: &str) -> String {
    secret(&format!("{id}.admin.key"))
}

fn by(method: &str) -> Value {
    json!({ "method": method, "page_url": PAGE })
}

async fn order(bench: &Bench, id: &str, order_id: &str) -> String {
    bench.order_by(&admin(id), order_id, &["native", "jsapi", "h5", "payment_code"]).await
}

async fn read(bench: &Bench, id: &str, path: &str) -> Value {
    bench.by(&admin(id), Method::GET, &format!("/admin/v1{path}"), None).await.body
}

/// An order that is paid by a code that was scanned.
async fn paid(bench: &Bench, id: &str, order_id: &str) -> String {
    let token = order(bench, id, order_id).await;
    let payment = bench.pay(order_id, &token, "key-1", &native()).await;
    assert_eq!(payment.status, 201, "{payment:?}");
    let said = bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    assert_eq!(said.body["result"], "paid", "{said:?}");
    bench.until(order_id, "paid").await;
    token
}

async fn confirm(bench: &Bench, opened: &Answer) {
    assert_eq!(opened.status, 200, "{opened:?}");
    let pay = json!({ "scan_id": opened.body["scan_id"], "outcome": "pay" });
    let said = bench.simulated(Method::POST, "/wechat/pay", Some(pay)).await;
    assert_eq!(said.body["result"], "paid", "{said:?}");
}

async fn faults(bench: &Bench, faults: Value) {
    let set = bench.simulated(Method::PUT, "/simulator/faults", Some(faults)).await;
    assert!(set.status.is_success(), "{set:?}");
}

#[tokio::test]
async fn a_code_is_paid_to_the_sub_merchant_of_the_shop() {
    let bench = two().await;
    paid(&bench, "books", "BOOKS-000001").await;
    paid(&bench, "noodles", "NOODLES-0001").await;
    for (order_id, sub_mchid, sub_appid) in
        [("BOOKS-000001", BOOKS, json!(BOOKS_APPID)), ("NOODLES-0001", NOODLES, Value::Null)]
    {
        let trade = bench.trade(order_id).await;
        assert_eq!((&trade["sub_mchid"], &trade["sub_appid"]), (&json!(sub_mchid), &sub_appid), "{trade}");
        let facts = bench.backend.order(order_id).await.unwrap().facts;
        assert_eq!((facts.mchid.as_str(), facts.sub.unwrap().mchid.as_str()), (PROVIDER, sub_mchid));
    }
    // Told by a notification, and each to its shop.
    let told = read(&bench, "books", "/orders/BOOKS-000001").await;
    let reported = told["journal"].as_array().unwrap().iter().find(|entry| entry["kind"] == "reported").unwrap();
    assert_eq!(reported["body"]["reported"]["source"], "notification", "{told}");
    assert_eq!(told["needs_attention"], json!([]));
    assert_eq!(read(&bench, "noodles", "/orders/BOOKS-000001").await["code"], "order_not_found");
}

#[tokio::test]
async fn what_no_notification_came_for_is_asked_and_what_nobody_pays_is_closed() {
    let bench = two().await;
    faults(&bench, json!([{ "kind": "notify_lost" }])).await;
    let token = order(&bench, "books", "BOOKS-000011").await;
    let payment = bench.pay("BOOKS-000011", &token, "key-1", &native()).await;
    bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    bench.advance(3_000).await;
    assert_eq!(bench.ask("BOOKS-000011", &token, "?verify=1").await.body["status"], "paid");
    // Another way closes the one before.
    let token = order(&bench, "noodles", "NOODLES-0011").await;
    bench.pay("NOODLES-0011", &token, "key-1", &native()).await;
    let second = bench.pay("NOODLES-0011", &token, "key-2", &by("h5")).await;
    assert_eq!(second.status, 201, "{second:?}");
    assert_eq!(bench.trade("NOODLES-0011").await["trade_state"], "CLOSED");
    let closed = bench.by(&admin("noodles"), Method::POST, "/admin/v1/orders/NOODLES-0011/close", None).await;
    assert_eq!(closed.body["status"], "closed", "{closed:?}");
    assert_eq!(bench.trade("NOODLES-0011-2").await["trade_state"], "CLOSED");
}

#[tokio::test]
async fn from_a_phones_browser_the_payer_goes_by_h5() {
    let bench = two().await;
    let token = order(&bench, "noodles", "NOODLES-0021").await;
    let payment = bench.pay("NOODLES-0021", &token, "key-1", &by("h5")).await;
    let url = payment.body["action"]["url"].as_str().unwrap_or_else(|| panic!("{payment:?}"));
    let url = url::Url::parse(url).unwrap();
    let (_, prepay_id) = url.query_pairs().find(|(key, _)| key == "prepay_id").unwrap();
    let call = json!({ "prepay_id": prepay_id });
    confirm(&bench, &bench.simulated(Method::POST, "/wechat/h5", Some(call)).await).await;
    bench.until("NOODLES-0021", "paid").await;
}

/// A payer logs in, and pays by signed parameters. Gives those.
async fn pays_inside_wechat(bench: &Bench, id: &str, order_id: &str, appid: &str) -> Value {
    let token = order(bench, id, order_id).await;
    let sent = bench.pay(order_id, &token, "key-1", &by("jsapi")).await;
    let authorize = sent.body["action"]["url"].as_str().unwrap_or_else(|| panic!("{sent:?}"));
    assert!(authorize.contains(&format!("appid={appid}&")), "{authorize}");
    let to_login = bench.http.get(authorize).header("referer", PAGE).send().await.unwrap();
    let back = to_login.headers()["location"].to_str().unwrap().to_owned();
    let led_back = bench.http.get(&back).send().await.unwrap();
    assert_eq!(led_back.headers()["location"], PAGE);
    let openid = bench.backend.order(order_id).await.unwrap().openid;
    assert_eq!(openid, Some(bench.openid(appid)));

    let payment = bench.pay(order_id, &token, "key-2", &by("jsapi")).await;
    assert_eq!(payment.body["action"]["type"], "invoke_jsapi", "{payment:?}");
    let params = payment.body["action"]["params"].clone();
    let call = json!({ "params": params, "url": PAGE });
    confirm(bench, &bench.simulated(Method::POST, "/wechat/jsapi", Some(call)).await).await;
    bench.until(order_id, "paid").await;
    params
}

#[tokio::test]
async fn inside_wechat_the_payer_is_known_by_the_shops_own_appid_or_by_the_providers() {
    let bench = two().await;
    let of_books = pays_inside_wechat(&bench, "books", "BOOKS-000031", BOOKS_APPID).await;
    assert_eq!(of_books["appId"], BOOKS_APPID);
    let of_noodles = pays_inside_wechat(&bench, "noodles", "NOODLES-0031", PROVIDER_APPID).await;
    assert_eq!(of_noodles["appId"], PROVIDER_APPID);
    let request = |order_id: &'static str| {
        let bench = &bench;
        async move {
            let order = bench.backend.order(order_id).await.unwrap();
            serde_json::from_str::<Value>(&order.trades[0].request).unwrap()
        }
    };
    let (books, noodles) = (request("BOOKS-000031").await, request("NOODLES-0031").await);
    assert_eq!(books["payer"], json!({ "sub_openid": bench.openid(BOOKS_APPID) }));
    assert_eq!((&books["sp_appid"], &books["sub_appid"]), (&json!(PROVIDER_APPID), &json!(BOOKS_APPID)));
    assert_eq!(noodles["payer"], json!({ "sp_openid": bench.openid(PROVIDER_APPID) }));
    assert_eq!((&noodles["sub_mchid"], noodles.get("sub_appid")), (&json!(NOODLES), None));
}

#[tokio::test]
async fn at_a_till_the_payers_code_pays_and_a_password_that_nobody_types_is_taken_back() {
    let bench = two().await;
    let code = async || bench.simulated(Method::GET, "/wechat/payment-code?account=A", None).await.body["code"].clone();
    let till = |code: Value| json!({ "method": "payment_code", "page_url": PAGE, "auth_code": code });
    for (id, order_id) in [("books", "BOOKS-000041"), ("noodles", "NOODLES-0041")] {
        let token = order(&bench, id, order_id).await;
        bench.pay(order_id, &token, "key-1", &till(code().await)).await;
        assert_eq!(bench.ask(order_id, &token, "").await.body["status"], "paid", "{id}");
    }
    bench.simulated(Method::PUT, "/wechat/phone", Some(json!({ "ask_password": true }))).await;
    for (id, order_id) in [("books", "BOOKS-000042"), ("noodles", "NOODLES-0042")] {
        let token = order(&bench, id, order_id).await;
        bench.pay(order_id, &token, "key-1", &till(code().await)).await;
        assert_eq!(bench.trade(order_id).await["trade_state"], "USERPAYING");
        for _ in 0..10 {
            bench.advance(5_000).await;
            bench.backend.do_what_is_due(order_id).await.unwrap();
        }
        assert_eq!(bench.trade(order_id).await["trade_state"], "REVOKED", "{id}");
    }
}

#[tokio::test]
async fn money_goes_back_from_the_sub_merchant() {
    let bench = two().await;
    for (id, order_id) in [("books", "BOOKS-000051"), ("noodles", "NOODLES-0051")] {
        paid(&bench, id, order_id).await;
        let url = format!("{}/admin/v1/orders/{order_id}/refunds", bench.merchant);
        let request = bench.http.post(&url).bearer_auth(admin(id)).header("idempotency-key", "all");
        let asked = send(request.body("{}")).await;
        assert_eq!((asked.status.as_u16(), &asked.body["state"]), (201, &json!("processing")), "{asked:?}");
        // Told by a notification.
        bench.advance(10_000).await;
        bench.until(order_id, "refunded").await;
        let told = read(&bench, id, &format!("/orders/{order_id}")).await;
        assert_eq!((&told["refunds"][0]["state"], &told["needs_attention"]), (&json!("success"), &json!([])), "{told}");
    }
    // Without one, by a question.
    paid(&bench, "books", "BOOKS-000052").await;
    faults(&bench, json!([{ "kind": "notify_lost" }])).await;
    let url = format!("{}/admin/v1/orders/BOOKS-000052/refunds", bench.merchant);
    let request = bench.http.post(&url).bearer_auth(admin("books")).header("idempotency-key", "all");
    send(request.body("{}")).await;
    for _ in 0..5 {
        bench.advance(5_000).await;
        bench.backend.settle().await;
    }
    bench.until("BOOKS-000052", "refunded").await;
}

#[tokio::test]
async fn a_notification_that_names_another_sub_merchant_is_kept_for_a_person_and_pays_nothing() {
    let bench = two().await;
    faults(&bench, json!([{ "kind": "notify_other_sub_merchant", "as_sub_mchid": NOODLES }])).await;
    let token = order(&bench, "books", "BOOKS-000061").await;
    let payment = bench.pay("BOOKS-000061", &token, "key-1", &native()).await;
    bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    bench.advance(1_000).await;
    let told = read(&bench, "books", "/orders/BOOKS-000061").await;
    assert_eq!(told["status"], "pending", "{told}");
    let misfit = &told["needs_attention"][0]["what"]["misfit"];
    assert_eq!(misfit["misfit"], json!({ "field": "sub_mchid", "expected": BOOKS, "got": NOODLES }), "{told}");
    assert_eq!(misfit["source"], "notification");
    // What is so is found by asking.
    faults(&bench, json!([])).await;
    bench.advance(3_000).await;
    assert_eq!(bench.ask("BOOKS-000061", &token, "?verify=1").await.body["status"], "paid");
}

#[tokio::test]
async fn each_sub_merchant_has_its_own_bill() {
    let bench = two().await;
    let day = Day::of(bench.backend.clock().now()).plus(1);
    let turn_to = async |day: Day, hour: i64| {
        let then = plus(day.begin(), hour * 3_600_000);
        bench.advance(then.millis() - bench.backend.clock().now().millis()).await;
    };
    turn_to(day, 12).await;
    paid(&bench, "books", "BOOKS-000071").await;
    paid(&bench, "books", "BOOKS-000072").await;
    paid(&bench, "noodles", "NOODLES-0071").await;
    faults(&bench, json!([{ "kind": "bill_line_missing", "out_trade_no": "BOOKS-000071" }])).await;
    turn_to(day.plus(1), 11).await;
    bench.backend.settle().await;
    let report = async |id: &str| read(&bench, id, &format!("/reconciliations/{day}")).await;
    let (books, noodles) = (report("books").await, report("noodles").await);
    assert_eq!((&books["state"], &books["sub_mchid"]), (&json!("different"), &json!(BOOKS)), "{books}");
    assert_eq!(books["compared"]["differences"][0]["out_trade_no"], "BOOKS-000071");
    assert_eq!(books["compared"]["here"]["payments"], 2);
    assert_eq!((&noodles["state"], &noodles["sub_mchid"]), (&json!("ok"), &json!(NOODLES)), "{noodles}");
    assert_eq!(
        (&noodles["compared"]["there"], &noodles["compared"]["here"]["payments"]),
        (&noodles["compared"]["here"], &json!(1))
    );
    for (id, state) in [("books", "different"), ("noodles", "ok")] {
        assert_eq!(read(&bench, id, "/reconciliations").await["reconciliations"][0]["state"], state);
    }
    // Missed for a month, both are caught up with.
    turn_to(day.plus(30), 11).await;
    bench.backend.settle().await;
    for id in ["books", "noodles"] {
        let listed = read(&bench, id, "/reconciliations").await;
        assert!(listed["reconciliations"].as_array().unwrap().len() >= 30, "{id}: {listed}");
    }
    faults(&bench, json!([])).await;
    let again = bench.by(&admin("books"), Method::POST, &format!("/admin/v1/reconciliations/{day}"), None).await;
    assert_eq!(again.body["state"], "ok", "{again:?}");
}

#[tokio::test]
async fn of_an_order_of_another_merchant_number_nothing_is_asked_and_nothing_concluded() {
    let bench = Bench::new().await;
    let token = bench.order("OTHER-000001", &["native"]).await;
    bench.pay("OTHER-000001", &token, "key-1", &native()).await;
    // As after a change of the configuration: the order was made with other keys.
    let other = "UPDATE orders SET doc = replace(doc, '\"mchid\":\"1900000109\"', '\"mchid\":\"1900000999\"')";
    let mut database = bench.database().await;
    assert_eq!(sqlx::query(other).execute(&mut database).await.unwrap().rows_affected(), 1);
    bench.advance(3_000).await;
    assert_eq!(bench.ask("OTHER-000001", &token, "?verify=1").await.body["status"], "pending");
    let refused = bench.pay("OTHER-000001", &token, "key-2", &by("h5")).await;
    assert!(refused.status.is_client_error(), "{refused:?}");
    bench.advance(20 * 60 * 1000).await;
    bench.backend.settle().await;
    let told = bench.shop(Method::GET, "/admin/v1/orders/OTHER-000001", None).await.body;
    assert_eq!((&told["status"], &told["trades"][0]["state"]), (&json!("pending"), &json!("open")), "{told}");
    let why = told["journal"].as_array().unwrap().iter().find(|entry| entry["kind"] == "failed").unwrap();
    assert!(why["body"]["failed"]["why"].as_str().unwrap().contains("another merchant number"), "{told}");
}
