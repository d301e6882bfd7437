//! The contract's ground rules over HTTP (docs/contract.md): what every answer has, who is refused and how, one payment for one
//! wish, events.

use reqwest::header::{HeaderMap, HeaderName};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::bench::{Bench, native};

const LISTED: &str = "https://shop.example";

/// An answer with its headers.
#[derive(Debug)]
struct Said {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Said {
    fn header(&self, name: &'static str) -> &str {
        let name = HeaderName::from_static(name);
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status and code.
    fn refusal(&self) -> (u16, &str) {
        (self.status.as_u16(), self.body["code"].as_str().unwrap_or_default())
    }
}

/// Every answer goes through here, so that the rules for all of them are held at all of them.
async fn said(request: RequestBuilder) -> Said {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    let said = Said { status, headers, body };
    assert!(said.header("cache-control").contains("no-store"), "{said:?}");
    if status.is_client_error() || status.is_server_error() {
        assert_eq!(said.header("content-type"), "application/problem+json", "{said:?}");
        // That of a HEAD has no body.
        if said.body != Value::Null {
            assert_eq!(said.body["status"], status.as_u16(), "{said:?}");
            for part in ["type", "title", "detail"] {
                assert!(said.body[part].as_str().is_some_and(|text| !text.is_empty()), "{part}: {said:?}");
            }
        }
    }
    said
}

impl Bench {
    fn at(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.merchant))
    }

    fn payments(&self, order_id: &str, token: &str) -> RequestBuilder {
        let path = format!("/api/orders/{order_id}/payments");
        self.at(Method::POST, &path).bearer_auth(token).header("content-type", "application/json")
    }

    /// Asks for something to pay by, and gives what came.
    async fn wish(&self, order_id: &str, token: &str, key: &str, body: &Value) -> Said {
        said(self.payments(order_id, token).header("idempotency-key", key).body(body.to_string())).await
    }
}

#[tokio::test]
async fn what_cannot_be_served_is_refused_in_the_contracts_words() {
    let bench = Bench::new().await;
    let token = &bench.order("T20261130001", &["native"]).await;
    let order = "/api/orders/T20261130001";
    let get = |path: &str| bench.at(Method::GET, path).bearer_auth(token);

    for (request, status, code) in [
        (get("/nothing"), 404, "order_not_found"),
        (get("/api"), 404, "order_not_found"),
        (get("/api/orders/"), 404, "order_not_found"),
        (get(&format!("{order}/nothing")), 404, "order_not_found"),
        (get("/api/orders/T20261130999"), 404, "order_not_found"),
        (get(&format!("/api/orders/{}", "9".repeat(5_000))), 404, "order_not_found"),
        (get("/api/orders/%00"), 404, "order_not_found"),
        (get("/api/orders/..%2f..%2fetc"), 404, "order_not_found"),
        (get("/api/orders/%ff"), 422, "invalid_request"),
        (get(&format!("{order}?verify=2")), 422, "invalid_request"),
        (get(&format!("{order}?verify=")), 422, "invalid_request"),
        (get(&format!("{order}?verify=1&verify=1")), 422, "invalid_request"),
        (get(&format!("{order}?verify=null&verify=null")), 422, "invalid_request"),
        (bench.at(Method::GET, "/admin/v1/orders/%ff").bearer_auth(crate::bench::ADMIN_KEY), 422, "invalid_request"),
    ] {
        let answer = said(request).await;
        assert_eq!(answer.refusal(), (status, code), "{answer:?}");
    }
    for (method, path, allowed) in [
        (Method::PUT, order.to_owned(), "GET,HEAD"),
        (Method::DELETE, format!("{order}/payments"), "POST"),
        (Method::GET, format!("{order}/close"), "POST"),
        (Method::POST, format!("{order}/events"), "GET,HEAD"),
    ] {
        let answer = said(bench.at(method, &path).bearer_auth(token)).await;
        assert_eq!(answer.refusal(), (405, "invalid_request"), "{answer:?}");
        assert_eq!(answer.header("allow"), allowed, "{answer:?}");
    }
    // What is to be ignored is.
    assert_eq!(said(get(&format!("{order}?n=17&m=%ff&n=18"))).await.status, 200);
    let head = said(bench.at(Method::HEAD, order).bearer_auth(token)).await;
    assert_eq!((head.status.as_u16(), head.header("content-type")), (200, "application/json"));
    // Whoever the request says that this is, addresses are the configuration's.
    let elsewhere = said(get(order).header("host", "evil.example")).await;
    assert!(elsewhere.body["events_url"].as_str().unwrap().starts_with(&bench.merchant), "{elsewhere:?}");
    // What is too long for HTTP itself never comes to the backend, and is the caller's fault.
    let long = "9".repeat(600_000);
    let answer = raw(&bench, &format!("GET {order}?n={} HTTP/1.1\r\nhost: a\r\n\r\n", &long[..70_000])).await;
    assert!(answer.starts_with("HTTP/1.1 414 "), "{answer}");
    let answer = raw(&bench, &format!("GET {order} HTTP/1.1\r\nhost: a\r\nx: {long}\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

/// What is answered to bytes that no client of ours would send.
async fn raw(bench: &Bench, bytes: &str) -> String {
    let address = bench.merchant.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    // The answer may come before all of it is sent, and the connection end.
    let _ = stream.write_all(bytes.as_bytes()).await;
    let mut answer = [0; 64];
    let read = stream.read(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[tokio::test]
async fn every_answer_of_the_contract_can_be_read_by_listed_pages_alone() {
    let bench = Bench::new().await;
    let token = &bench.order("T20261130001", &["native"]).await;
    for (path, token) in [
        ("/api/orders/T20261130001", token.as_str()),
        ("/api/orders/T20261130001", "wrong"),
        ("/api/orders/T20261130999", ""),
        ("/api/orders/T20261130001/close", token),
        ("/api/nothing", token),
    ] {
        let answer = said(bench.at(Method::GET, path).bearer_auth(token).header("origin", LISTED)).await;
        assert_eq!(answer.header("access-control-allow-origin"), LISTED, "{path}: {answer:?}");
        let exposed = answer.header("access-control-expose-headers").to_lowercase();
        assert!(exposed.contains("retry-after") && exposed.contains("date"), "{answer:?}");
        let answer =
            said(bench.at(Method::GET, path).bearer_auth(token).header("origin", "https://evil.example")).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}: {answer:?}");
    }
    // The shop calls from its server; no page of any origin may.
    let admin = said(bench.at(Method::GET, "/admin/v1/orders/T20261130001").header("origin", LISTED)).await;
    assert_eq!((admin.refusal().0, admin.header("access-control-allow-origin")), (401, ""), "{admin:?}");

    let preflight = |origin| {
        let asked = bench.at(Method::OPTIONS, "/api/orders/T20261130001/payments").header("origin", origin);
        let asked = asked.header("access-control-request-method", "POST");
        said(asked.header("access-control-request-headers", "authorization,content-type,idempotency-key"))
    };
    let allowed = preflight(LISTED).await;
    assert_eq!((allowed.status.as_u16(), allowed.header("access-control-allow-origin")), (204, LISTED));
    assert_eq!(allowed.header("access-control-allow-methods"), "GET,POST");
    assert_eq!(allowed.header("access-control-allow-headers"), "authorization,content-type,idempotency-key");
    assert_eq!(allowed.header("access-control-max-age"), "7200");
    let refused = preflight("https://evil.example").await;
    assert_eq!(refused.header("access-control-allow-origin"), "", "{refused:?}");
}

#[tokio::test]
async fn a_token_opens_one_order_and_a_ticket_its_events_alone() {
    let bench = Bench::new().await;
    let token = &bench.order("T20261130001", &["native"]).await;
    let others = &bench.order("T20261130002", &["native"]).await;
    let order = "/api/orders/T20261130001";
    let asked = said(bench.at(Method::GET, order).bearer_auth(token)).await;
    let events = asked.body["events_url"].as_str().unwrap().strip_prefix(&bench.merchant).unwrap().to_owned();
    let ticket = events.split_once("ticket=").unwrap().1.to_owned();

    for (method, below) in
        [(Method::GET, ""), (Method::POST, "/payments"), (Method::POST, "/close"), (Method::GET, "/events")]
    {
        let call = || bench.at(method.clone(), &format!("{order}{below}"));
        let with_ticket = bench.at(method.clone(), &format!("{order}{below}?ticket={others}"));
        for request in
            [call(), call().bearer_auth("wrong"), call().bearer_auth(others), call().bearer_auth(&ticket), with_ticket]
        {
            let answer = said(request).await;
            assert_eq!(answer.refusal(), (401, "unauthorized"), "{below}: {answer:?}");
        }
        let unknown = said(bench.at(method, &format!("/api/orders/T20261130999{below}"))).await;
        assert_eq!(unknown.refusal(), (404, "order_not_found"), "{below}: {unknown:?}");
    }
    // In an address, where logs keep it, it opens nothing else.
    let answer = said(bench.at(Method::GET, &format!("{order}?ticket={ticket}"))).await;
    assert_eq!(answer.refusal(), (401, "unauthorized"), "{answer:?}");
    assert_eq!(bench.at(Method::GET, &events).send().await.unwrap().status(), 200);

    bench.advance(15 * 60 * 1000 + 24 * 60 * 60 * 1000 + 1000).await;
    for path in [order, &events] {
        let answer = said(bench.at(Method::GET, path).bearer_auth(token)).await;
        assert_eq!(answer.refusal(), (401, "unauthorized"), "{answer:?}");
        assert_eq!(answer.body["detail"], "the token has expired");
    }
}

#[tokio::test]
async fn the_first_row_that_fits_is_the_answer() {
    let bench = Bench::new().await;
    let id = "T20261130001";
    let token = &bench.order(id, &["native", "h5"]).await;
    let wish = async |key: &str, body: Value| bench.wish(id, token, key, &body).await;
    let with = |name: &str, value: Value| {
        let mut body = native();
        body[name] = value;
        body
    };

    // 6
    let no_key = said(bench.payments(id, token).body(native().to_string())).await;
    assert_eq!(no_key.refusal(), (422, "invalid_request"), "{no_key:?}");
    let two = bench.payments(id, token).header("idempotency-key", "a").header("idempotency-key", "a");
    assert_eq!(said(two.body(native().to_string())).await.refusal(), (422, "invalid_request"));
    for key in ["", "a_b", "a b", "ключ", &"9".repeat(65)] {
        assert_eq!(wish(key, native()).await.refusal(), (422, "invalid_request"), "{key}");
    }
    let huge = |bytes| format!("{{\"method\":\"native\",\"page_url\":\"{}\"}}", "9".repeat(bytes));
    for body in
        ["", "{", "[]", "null", "{} {}", "{\"method\":1}", "{\"method\":\"native\"}", &huge(20_000), &huge(3_000_000)]
    {
        let asked = bench.payments(id, token).header("idempotency-key", "key-0").body(body.to_owned());
        let answer = said(asked).await;
        assert_eq!(answer.refusal(), (422, "invalid_request"), "{answer:?}");
    }
    // 8, 9
    assert_eq!(wish("key-0", with("method", json!("jsapi"))).await.refusal(), (422, "method_unavailable"));
    for page in ["https://evil.example/", "/pay", "javascript:alert(1)", "", "https://shop.example.evil.example/"] {
        let answer = wish("key-0", with("page_url", json!(page))).await;
        assert_eq!(answer.refusal(), (422, "invalid_request"), "{page}: {answer:?}");
    }

    // 14: none is good
    let first = wish("key-1", native()).await;
    assert_eq!(first.status, 201, "{first:?}");
    let p1 = &first.body["payment_id"];
    // 10, and what the same body is
    bench.advance(1_000).await;
    let same =
        json!({ "replaces": null, "page_url": native()["page_url"], "auth_code": "", "more": [1], "method": "native" });
    let again = wish("key-1", same).await;
    assert_eq!((&again.body["payment_id"], &again.body["action"]), (p1, &first.body["action"]));
    assert_ne!(again.body["now"], first.body["now"]);
    // 7
    for other in
        [with("page_url", json!(format!("{LISTED}/other"))), with("replaces", json!("p9")), with("method", json!("h5"))]
    {
        assert_eq!(wish("key-1", other).await.refusal(), (422, "invalid_request"));
    }
    // 13
    assert_eq!(wish("key-2", native()).await.body["payment_id"], *p1);
    assert_eq!(wish("key-3", with("replaces", json!("unknown"))).await.body["payment_id"], *p1);
    // 12: the old one must stop working
    let replaced = wish("key-4", with("replaces", p1.clone())).await;
    assert_eq!(replaced.status, 201, "{replaced:?}");
    assert_ne!(replaced.body["payment_id"], *p1);
    assert_ne!(replaced.body["action"], first.body["action"]);
    // 10: the one that has replaced it since
    assert_eq!(wish("key-1", native()).await.body["payment_id"], replaced.body["payment_id"]);
    // 14: another method's takes its place
    let h5 = wish("key-5", with("method", json!("h5"))).await;
    assert_eq!((h5.status.as_u16(), &h5.body["action"]["type"]), (201, &json!("redirect")), "{h5:?}");
    // 11: no payment by its method is good
    let anew = wish("key-1", native()).await;
    assert_eq!(anew.status, 201, "{anew:?}");
    assert_ne!(anew.body["payment_id"], replaced.body["payment_id"]);

    // 3: whatever is wrong with the rest
    bench.scan_and_pay(anew.body["action"]["content"].as_str().unwrap()).await;
    bench.until(id, "paid").await;
    ended(&bench, id, token, "order_paid").await;
}

/// Rows 3 to 5: to a key that is known, to a new one, to none, and to what cannot be read.
async fn ended(bench: &Bench, id: &str, token: &str, code: &str) {
    for key in ["key-1", "key-9", "a_b"] {
        assert_eq!(bench.wish(id, token, key, &native()).await.refusal(), (409, code), "{key}");
    }
    assert_eq!(said(bench.payments(id, token).body("{".repeat(3_000_000))).await.refusal(), (409, code));
    // 1 and 2 come before.
    assert_eq!(bench.wish(id, "wrong", "key-1", &native()).await.refusal(), (401, "unauthorized"));
}

#[tokio::test]
async fn what_is_closed_or_expired_says_so_whatever_is_asked() {
    let bench = Bench::new().await;
    let token = &bench.order("T20261130001", &["native"]).await;
    assert_eq!(bench.wish("T20261130001", token, "key-1", &native()).await.status, 201);
    let close = || bench.at(Method::POST, "/api/orders/T20261130001/close").bearer_auth(token);
    for _ in 0..2 {
        let closed = said(close()).await;
        assert_eq!((closed.status.as_u16(), &closed.body["status"]), (200, &json!("closed")), "{closed:?}");
    }
    ended(&bench, "T20261130001", token, "order_closed").await;

    let token = &bench.order("T20261130002", &["native"]).await;
    assert_eq!(bench.wish("T20261130002", token, "key-1", &native()).await.status, 201);
    bench.advance(15 * 60 * 1000 + 1000).await;
    ended(&bench, "T20261130002", token, "order_expired").await;
}

#[tokio::test]
async fn two_requests_with_one_key_at_a_time_make_one_payment() {
    let bench = Bench::new().await;
    let token = &bench.order("T20261130001", &["native"]).await;
    let wish = || async { bench.wish("T20261130001", token, "key-1", &native()).await };
    let (a, b, c) = tokio::join!(wish(), wish(), wish());
    assert_eq!([a.status, b.status, c.status], [StatusCode::CREATED; 3]);
    assert_eq!((&a.body["payment_id"], &a.body["action"]), (&b.body["payment_id"], &b.body["action"]));
    assert_eq!(b.body["payment_id"], c.body["payment_id"]);
}

#[tokio::test]
async fn a_stream_says_the_order_at_once_and_when_it_is_paid() {
    let bench = Bench::new().await;
    let token = &bench.order("T20261130001", &["native"]).await;
    let asked = bench.ask("T20261130001", token, "").await;
    let mut stream = bench.http.get(asked.body["events_url"].as_str().unwrap()).send().await.unwrap();
    let header = |name| stream.headers()[HeaderName::from_static(name)].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/event-stream");
    assert_eq!(header("cache-control"), "no-store, no-transform");
    assert_eq!(header("x-accel-buffering"), "no");

    let mut came = String::new();
    let first = event(&mut stream, &mut came).await;
    assert_eq!((&first["order_id"], &first["status"]), (&json!("T20261130001"), &json!("pending")));
    let payment = bench.wish("T20261130001", token, "key-1", &native()).await;
    bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    // Each change is one event; the last of them says that it is paid.
    let mut seen = vec![];
    while seen.last() != Some(&json!("paid")) {
        seen.push(event(&mut stream, &mut came).await["status"].clone());
    }
    assert_eq!(seen[..seen.len() - 1].iter().filter(|status| **status != "pending").count(), 0, "{seen:?}");
}

/// The next event's data, which is one line without a name.
pub(crate) async fn event(stream: &mut reqwest::Response, came: &mut String) -> Value {
    loop {
        if let Some((event, rest)) = came.split_once("\n\n") {
            let (event, rest) = (event.to_owned(), rest.to_owned());
            *came = rest;
            if event.starts_with(':') {
                continue;
            }
            return serde_json::from_str(event.strip_prefix("data: ").unwrap_or_else(|| panic!("{event}"))).unwrap();
        }
        came.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
    }
}
