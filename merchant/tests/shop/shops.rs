//! Several shops in one backend: each sees its own orders alone, and its payers see it alone.

use reqwest::{Method, Response};
use serde_json::{Value, json};
use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::config::Secret;
use wechat_cashier_merchant::day::Day;
use wechat_cashier_merchant::domain::plus;
use wechat_cashier_merchant::http::{Purpose, Tokens};

use crate::bench::{Answer, Bench, PAGE, native, secret, send};
use crate::receiver::Receiver;

/// A shop's table, with more lines of it.
fn shop(id: &str, name: &str, more: &str) -> String {
    format!(
        r#"
[[shops]]
id = "{id}"
name = "{name}"
admin_key_file = "{id}.admin.key"
token_key_file = "{id}.token.key"
{more}"#
    )
}

fn webhooks(id: &str, receiver: &Receiver) -> String {
    receiver
        .table("")
        .replace("[webhooks]", "[shops.webhooks]")
        .replace("webhook.secret", &format!("{id}.webhook.secret"))
}

/// A shop for tea and one for cake, each with more lines.
async fn two_with(tea: &str, cake: &str) -> Bench {
    let tea = shop("tea", "清叶茶舍", &["origins = [\"https://tea.example\"]\n", tea].concat());
    let cake = shop("cake", "Cake & Co", &["origins = [\"https://cake.example\"]\n", cake].concat());
    Bench::of_shops(&[tea, cake].concat(), "", |_| {}).await
}

async fn two() -> Bench {
    two_with("", "").await
}

fn admin(id: &str) -> String {
    secret(&format!("{id}.admin.key"))
}

impl Bench {
    /// A shop reads something.
    async fn read_by(&self, id: &str, path: &str) -> Answer {
        self.by(&admin(id), Method::GET, &format!("/admin/v1{path}"), None).await
    }

    /// An order of a shop's that is paid. Gives its token.
    async fn paid_of(&self, id: &str, order_id: &str) -> String {
        let token = self.order_by(&admin(id), order_id, &["native"]).await;
        let payment = self.pay(order_id, &token, "key-1", &native()).await;
        let said = self.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
        assert_eq!(said.body["result"], "paid", "{said:?}");
        self.until(order_id, "paid").await;
        token
    }
}

fn ids(answer: &Answer) -> Vec<&str> {
    answer.body["orders"].as_array().unwrap().iter().map(|order| order["order_id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn each_shop_sees_its_own_orders_alone() {
    let bench = two().await;
    bench.paid_of("tea", "TEA-000001").await;
    bench.order_by(&admin("tea"), "TEA-000002", &["native"]).await;
    bench.order_by(&admin("cake"), "CAKE-000001", &["native", "mini_program"]).await;
    assert_eq!(ids(&bench.read_by("tea", "/orders").await).len(), 2);
    assert_eq!(ids(&bench.read_by("cake", "/orders").await), ["CAKE-000001"]);
    assert_eq!(ids(&bench.read_by("tea", "/orders?status=paid").await), ["TEA-000001"]);
    assert_eq!(ids(&bench.read_by("cake", "/orders?status=paid").await), Vec::<&str>::new());
    let transaction = bench.trade("TEA-000001").await["transaction_id"].as_str().unwrap().to_owned();
    for number in ["TEA-000001", &transaction] {
        let found = format!("/orders?number={number}");
        assert_eq!(ids(&bench.read_by("tea", &found).await), ["TEA-000001"]);
        assert_eq!(ids(&bench.read_by("cake", &found).await), Vec::<&str>::new());
    }

    // Another's is not found, whatever is asked of it, and as one that nobody has.
    let openid = json!({ "openid": "oSomebody" });
    for (method, path, body) in [
        (Method::GET, "", None),
        (Method::POST, "/close", None),
        (Method::POST, "/refunds", Some(json!({}))),
        (Method::POST, "/refund-second-payment", None),
        (Method::POST, "/mini-program", Some(openid)),
    ] {
        let mut answers = Vec::new();
        for order_id in ["TEA-000001", "NONE-00001"] {
            let url = format!("{}/admin/v1/orders/{order_id}{path}", bench.merchant);
            let request = bench.http.request(method.clone(), url).bearer_auth(admin("cake"));
            let request = request.header("idempotency-key", "key-1");
            let answer = send(request.body(body.clone().map(|body| body.to_string()).unwrap_or_default())).await;
            assert_eq!((answer.status.as_u16(), &answer.body["code"]), (404, &json!("order_not_found")), "{answer:?}");
            answers.push(answer.body.to_string().replace(order_id, ""));
        }
        assert_eq!(answers[0], answers[1]);
    }
    assert_eq!(bench.read_by("tea", "/orders/TEA-000001").await.body["status"], "paid");
}

#[tokio::test]
async fn a_number_that_another_shop_has_is_refused_and_nothing_is_told_of_it() {
    let bench = two().await;
    bench.order_by(&admin("tea"), "20261130001", &["native"]).await;
    let wanted = |value: i64| {
        json!({
            "order_id": "20261130001",
            "amount": { "value": value, "currency": "CNY" },
            "description": "乌龙茶 250 g",
            "methods": ["native"],
        })
    };
    // The same order, and another.
    for value in [1999, 5] {
        let refused = bench.by(&admin("cake"), Method::POST, "/admin/v1/orders", Some(wanted(value))).await;
        assert_eq!((refused.status.as_u16(), &refused.body["code"]), (422, &json!("invalid_request")), "{refused:?}");
        assert_eq!(
            refused.body["detail"],
            "order_id: this id cannot be used here; let the numbers of each shop begin with letters of its own"
        );
    }
    let again = bench.by(&admin("tea"), Method::POST, "/admin/v1/orders", Some(wanted(1999))).await;
    assert_eq!(again.status, 200, "{again:?}");
    assert_eq!(ids(&bench.read_by("cake", "/orders").await), Vec::<&str>::new());
}

#[tokio::test]
async fn a_key_is_good_for_its_shop_and_its_part() {
    let keys = "[[shops.keys]]\nname = \"bookkeeping\"\nkey_file = \"tea.read.key\"\nscopes = [\"read\"]\n";
    let bench = two_with(keys, "").await;
    bench.order_by(&admin("tea"), "TEA-000011", &["native"]).await;
    bench.order_by(&admin("cake"), "CAKE-000011", &["native"]).await;
    let by = async |path: &str, method| bench.by(&secret("tea.read.key"), method, path, None).await.status.as_u16();
    assert_eq!(by("/admin/v1/orders/TEA-000011", Method::GET).await, 200);
    assert_eq!(by("/admin/v1/orders/CAKE-000011", Method::GET).await, 404);
    assert_eq!(by("/admin/v1/orders/TEA-000011/close", Method::POST).await, 401);
    // A key of the tokens is none of the shop's.
    let other = bench.by(&secret("tea.token.key"), Method::GET, "/admin/v1/orders", None).await;
    assert_eq!(other.status, 401, "{other:?}");
}

#[tokio::test]
async fn a_page_shows_its_own_shop() {
    let tea = "logo_url = \"/tea.svg\"\nmethods = [\"native\"]\norder_expires_in_s = 600\n\
               return_url = \"https://tea.example/orders/{order_id}\"\n";
    let bench = two_with(tea, "").await;
    let least = |order_id: &str| json!({ "order_id": order_id, "amount": { "value": 1999, "currency": "CNY" }, "description": "乌龙茶 250 g" });
    let made = bench.by(&admin("tea"), Method::POST, "/admin/v1/orders", Some(least("TEA-000021"))).await.body;
    let merchant = json!({ "name": "清叶茶舍", "logo_url": "/tea.svg" });
    assert_eq!(made["order"]["merchant"], merchant, "{made}");
    assert_eq!(made["order"]["return_url"], "https://tea.example/orders/TEA-000021");
    assert_eq!(made["order"]["methods"].as_array().unwrap().len(), 1);
    let until = |order: &Value| Timestamp::parse(order["order"]["expires_at"].as_str().unwrap()).unwrap();
    let now = bench.backend.clock().now().millis() / 1000 * 1000;
    assert_eq!(until(&made).millis() - now, 600_000);
    let other = bench.by(&admin("cake"), Method::POST, "/admin/v1/orders", Some(least("CAKE-000021"))).await.body;
    assert_eq!(other["order"]["merchant"]["name"], "Cake & Co");
    assert_eq!((&other["order"]["return_url"], until(&other).millis() - now), (&Value::Null, 900_000));
    assert_eq!(other["order"]["methods"].as_array().unwrap().len(), 5);

    let html = async |order: &Value| {
        let asked = bench.http.get(order["cashier_url"].as_str().unwrap()).send();
        asked.await.unwrap().text().await.unwrap()
    };
    let (tea, cake) = (html(&made).await, html(&other).await);
    assert!(tea.contains("清叶茶舍") && tea.contains("https://tea.example") && !tea.contains("cake.example"), "{tea}");
    assert!(cake.contains("Cake & Co") && cake.contains("https://cake.example") && !cake.contains("tea.example"));
}

#[tokio::test]
async fn a_token_of_another_shop_opens_nothing() {
    let bench = two().await;
    let token = bench.order_by(&admin("tea"), "TEA-000031", &["native"]).await;
    assert_eq!(bench.ask("TEA-000031", &token, "").await.status, 200);
    let expires_at = plus(bench.backend.clock().now(), 60_000);
    let mint = |id: &str, purpose| {
        Tokens::new(&Secret::new(secret(&format!("{id}.token.key")))).mint(purpose, "TEA-000031", expires_at)
    };
    // As the shop for cake could make one, if it knew its key.
    let others = mint("cake", Purpose::Order);
    for query in ["", "?verify=1"] {
        let refused = bench.ask("TEA-000031", &others, query).await;
        assert_eq!((refused.status.as_u16(), &refused.body["code"]), (401, &json!("unauthorized")), "{refused:?}");
    }
    let refused = bench.pay("TEA-000031", &others, "key-1", &native()).await;
    assert_eq!(refused.status, 401, "{refused:?}");
    let api = format!("{}/api/orders/TEA-000031", bench.merchant);
    let closed = send(bench.http.post(format!("{api}/close")).bearer_auth(&others)).await;
    assert_eq!(closed.status, 401, "{closed:?}");
    let ticket = mint("cake", Purpose::Events);
    let heard = send(bench.http.get(format!("{api}/events?ticket={ticket}"))).await;
    assert_eq!(heard.status, 401, "{heard:?}");
    let page = bench.http.get(format!("{}/cashier/?order=TEA-000031&token={others}", bench.merchant)).send().await;
    assert!(!page.unwrap().text().await.unwrap().contains("清叶茶舍"));
    let ticket = mint("tea", Purpose::Events);
    let heard = bench.http.get(format!("{api}/events?ticket={ticket}")).send().await.unwrap();
    assert_eq!(heard.status(), 200);
    assert_eq!(bench.ask("TEA-000031", &token, "").await.body["status"], "pending", "nothing was done");
}

fn allowed(answer: &Response) -> Option<&str> {
    answer.headers().get("access-control-allow-origin").map(|origin| origin.to_str().unwrap())
}

#[tokio::test]
async fn pages_of_its_own_origins_may_ask_and_those_of_others_may_not() {
    let bench = two().await;
    let token = bench.order_by(&admin("tea"), "TEA-000041", &["native"]).await;
    let url = format!("{}/api/orders/TEA-000041", bench.merchant);
    // Before a call nobody knows of which order it will be.
    for origin in ["https://tea.example", "https://cake.example", "https://shop.example"] {
        let asked = bench.http.request(Method::OPTIONS, format!("{url}/payments")).header("origin", origin);
        let asked = asked.header("access-control-request-method", "POST").send().await.unwrap();
        assert_eq!((asked.status().as_u16(), allowed(&asked)), (204, Some(origin)));
    }
    let asks =
        async |origin: &str| bench.http.get(&url).bearer_auth(&token).header("origin", origin).send().await.unwrap();
    for origin in ["https://tea.example", "https://shop.example", &bench.merchant] {
        let answer = asks(origin).await;
        assert_eq!(answer.status(), 200, "{origin}");
    }
    assert_eq!(allowed(&asks("https://tea.example").await), Some("https://tea.example"));
    let refused = asks("https://cake.example").await;
    assert_eq!(refused.status(), 401);
    let text = refused.text().await.unwrap();
    assert!(text.contains("https://cake.example is another shop's") && !text.contains("1999"), "{text}");
    assert_eq!(allowed(&asks("https://evil.example").await), None);

    // Money least of all: neither the page that asks nor the one that the payer comes back to may be another shop's.
    let pays = |origin: &str, page: &str, key: &str| {
        let request = bench.http.post(format!("{url}/payments")).bearer_auth(&token).header("origin", origin);
        let request = request.header("idempotency-key", key.to_owned()).header("content-type", "application/json");
        send(request.body(json!({ "method": "native", "page_url": page }).to_string()))
    };
    let refused = pays("https://cake.example", "https://tea.example/pay", "key-1").await;
    assert_eq!(refused.status, 401, "{refused:?}");
    let refused = pays("https://tea.example", "https://cake.example/pay", "key-2").await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (422, &json!("invalid_request")), "{refused:?}");
    let given = pays("https://tea.example", "https://tea.example/pay", "key-3").await;
    assert_eq!(given.status, 201, "{given:?}");
}

#[tokio::test]
async fn who_logged_in_for_one_shop_is_a_stranger_to_the_other() {
    let bench = two().await;
    let asks = async |id: &str, order_id: &str, cookie: Option<&str>| {
        let token = bench.order_by(&admin(id), order_id, &["jsapi"]).await;
        let url = format!("{}/api/orders/{order_id}/payments", bench.merchant);
        let request = bench.http.post(url).bearer_auth(&token).header("idempotency-key", "key-1");
        let request = request.header("content-type", "application/json").header("origin", &bench.merchant);
        let request = cookie.into_iter().fold(request, |request, cookie| request.header("cookie", cookie));
        send(request.body(json!({ "method": "jsapi", "page_url": PAGE }).to_string())).await
    };
    let sent = asks("tea", "TEA-000051", None).await;
    let authorize = sent.body["action"]["url"].as_str().unwrap();
    let to_login = bench.http.get(authorize).header("referer", PAGE).send().await.unwrap();
    let back = bench.http.get(to_login.headers()["location"].to_str().unwrap()).send().await.unwrap();
    let cookie = back.headers()["set-cookie"].to_str().unwrap().split_once(';').unwrap().0;
    assert!(cookie.starts_with("wechat-payer-tea="), "{cookie}");
    let known = asks("tea", "TEA-000052", Some(cookie)).await;
    assert_eq!(known.body["action"]["type"], "invoke_jsapi", "{known:?}");
    let stranger = asks("cake", "CAKE-000051", Some(cookie)).await;
    assert_eq!(stranger.body["action"]["type"], "redirect", "{stranger:?}");
    let forged = cookie.replace("-tea=", "-cake=");
    let stranger = asks("cake", "CAKE-000052", Some(&forged)).await;
    assert_eq!(stranger.body["action"]["type"], "redirect", "{stranger:?}");
}

#[tokio::test]
async fn each_shop_is_told_of_its_own_orders_at_its_own_address() {
    let (mut tea, mut cake) = (Receiver::that_says(&[]).await, Receiver::that_says(&[]).await);
    let bench = two_with(&webhooks("tea", &tea), &webhooks("cake", &cake)).await;
    bench.paid_of("tea", "TEA-000061").await;
    let came = tea.next().await;
    assert!(came.is_signed_with(&secret("tea.webhook.secret"), &bench), "{came:?}");
    assert!(!came.is_signed_with(&secret("cake.webhook.secret"), &bench), "{came:?}");
    assert_eq!(came.body()["data"]["order_id"], "TEA-000061");
    bench.paid_of("cake", "CAKE-000061").await;
    let other = cake.next().await;
    assert!(other.is_signed_with(&secret("cake.webhook.secret"), &bench), "{other:?}");
    bench.backend.settle().await;
    assert_eq!((tea.rest().len(), cake.rest().len()), (0, 0));

    // What the other was told, a shop neither reads nor has sent again.
    let told = bench.read_by("tea", "/webhooks").await;
    let told: Vec<_> = told.body["webhooks"].as_array().unwrap().iter().map(|told| told["id"].clone()).collect();
    assert_eq!(told, [json!(came.id)]);
    let of_order = bench.read_by("tea", "/webhooks?order_id=CAKE-000061").await;
    assert_eq!(of_order.body["webhooks"], json!([]));
    let resend = format!("/admin/v1/webhooks/{}/resend", other.id);
    assert_eq!(bench.by(&admin("tea"), Method::POST, &resend, None).await.status, 404);
    assert_eq!(bench.by(&admin("cake"), Method::POST, &resend, None).await.status, 200);
    assert_eq!(cake.next().await.id, other.id);
    let tried = bench.by(&admin("tea"), Method::POST, "/admin/v1/webhooks/test", None).await;
    assert_eq!(tried.body["delivered"], true, "{tried:?}");
    assert_eq!((tea.next().await.kind(), cake.rest().len()), ("webhook.test".to_owned(), 0));
}

#[tokio::test]
async fn a_shop_without_a_receiver_is_told_nothing_and_holds_up_nobody() {
    let mut cake = Receiver::that_says(&[]).await;
    let bench = two_with("", &webhooks("cake", &cake)).await;
    bench.paid_of("tea", "TEA-000071").await;
    bench.paid_of("cake", "CAKE-000071").await;
    assert_eq!(cake.next().await.body()["data"]["order_id"], "CAKE-000071");
    assert_eq!(bench.read_by("tea", "/webhooks").await.body["webhooks"], json!([]));
    let refused = bench.by(&admin("tea"), Method::POST, "/admin/v1/webhooks/test", None).await;
    assert_eq!(refused.status, 422, "{refused:?}");
}

#[tokio::test]
async fn of_a_day_each_shop_is_told_what_is_its_own_and_what_is_nobodys() {
    let (mut tea, mut cake) = (Receiver::that_says(&[]).await, Receiver::that_says(&[]).await);
    let bench = two_with(&webhooks("tea", &tea), &webhooks("cake", &cake)).await;
    let day = Day::of(bench.backend.clock().now()).plus(1);
    let turn_to = async |day: Day, hour: i64| {
        let then = plus(day.begin(), hour * 3_600_000);
        bench.advance(then.millis() - bench.backend.clock().now().millis()).await;
    };
    turn_to(day, 12).await;
    bench.paid_of("tea", "TEA-000081").await;
    bench.paid_of("tea", "TEA-000082").await;
    bench.paid_of("cake", "CAKE-000081").await;
    let missing = json!({ "kind": "bill_line_missing", "out_trade_no": "TEA-000081" });
    let foreign = json!({ "kind": "bill_line_foreign", "as_out_trade_no": "X-1" });
    bench.simulated(Method::PUT, "/simulator/faults", Some(json!([missing, foreign]))).await;
    turn_to(day.plus(1), 11).await;
    bench.backend.settle().await;

    let report = async |id: &str| bench.read_by(id, &format!("/reconciliations/{day}")).await.body;
    let numbers = |report: &Value| -> Vec<String> {
        let differences = report["compared"]["differences"].as_array().unwrap_or_else(|| panic!("{report}"));
        differences.iter().map(|of| of["out_trade_no"].as_str().unwrap().to_owned()).collect()
    };
    let (of_tea, of_cake) = (report("tea").await, report("cake").await);
    assert_eq!(numbers(&of_tea), ["X-1", "TEA-000081"]);
    assert_eq!(numbers(&of_cake), ["X-1"]);
    assert_eq!(of_tea["compared"]["kinds"], json!({ "missing_here": 1, "missing_there": 1 }), "{of_tea}");
    assert_eq!(of_tea["compared"]["here"]["paid"], json!({ "CNY": 2 * 1999 }));
    assert_eq!(of_cake["compared"]["here"]["paid"], json!({ "CNY": 1999 }));
    assert!(!of_cake.to_string().contains("tea") && !of_cake.to_string().contains("TEA"), "{of_cake}");
    let csv = bench.read_by("cake", &format!("/reconciliations/{day}.csv")).await.body;
    assert!(csv.as_str().is_some_and(|csv| csv.contains("X-1") && !csv.contains("TEA")), "{csv}");
    let listed = bench.read_by("cake", "/reconciliations").await.body["reconciliations"][0].clone();
    assert_eq!((&listed["state"], &listed["differences"]), (&json!("different"), &json!(1)));

    for (receiver, count) in [(&mut tea, 2), (&mut cake, 1)] {
        let mut came = receiver.next().await;
        while came.kind() != "reconciliation.different" {
            came = receiver.next().await;
        }
        assert_eq!(came.body()["data"]["differences"], count, "{came:?}");
    }

    // Nothing is nobody's, and the shop for cake has nothing that differs.
    bench.simulated(Method::PUT, "/simulator/faults", Some(json!([missing]))).await;
    let again = bench.by(&admin("cake"), Method::POST, &format!("/admin/v1/reconciliations/{day}"), None).await;
    assert_eq!(again.body["state"], "ok", "{again:?}");
    assert_eq!(report("tea").await["state"], "different");
    let listed = bench.read_by("cake", "/reconciliations").await.body["reconciliations"][0].clone();
    assert_eq!((&listed["state"], &listed["differences"]), (&json!("ok"), &json!(0)));
}
