//! The contract: its goldens, its rules for HTTP answers, its document and the examples in its prose.
//!
//! `tests/golden/contract/good/<kind>.<name>.json` is a body as it travels. `…/bad/<kind>.<name>.json` says how a wrong
//! one is to be read (`as`), the body (`json`, or `text` where it is no JSON or must be kept to the letter) and the whole
//! message (`error`). `…/partly/<kind>.<name>.json` has the same, but for the messages (`unreadable`) about what is passed over:
//! it is read all the same.
//!
//! `UPDATE_GOLDEN=1 cargo test --features schema --test contract` writes the messages and `docs/openapi.json` anew.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the answer")]

use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde::Serialize;

use serde_json::{Value, json};
use wechat_cashier::contract::{
    Action, Currency, Decode, DecodeError, Failure, FunnelBatch, FunnelStep, HttpAnswer, JsapiParams, Merchant, Method,
    MethodOffer, Money, Order, OrderAnswer, OrderStatus, Payment, PaymentRequest, Problem, ProblemCode, RequestName,
    RetryAfter, Settled, Timestamp, decode, encode,
};

// ---- Goldens

#[test]
fn every_good_golden_survives_decoding_and_encoding() {
    for (name, text) in goldens("good") {
        let kind = name.split('.').next().unwrap();
        let written = match kind {
            "order" => there_and_back::<Order>(&name, &text),
            "payment" => there_and_back::<Payment>(&name, &text),
            "request" => there_and_back::<PaymentRequest>(&name, &text),
            "batch" => there_and_back::<FunnelBatch>(&name, &text),
            "problem" => {
                check_problem(&name, &text);
                continue;
            }
            _ => panic!("{name}: the part before the first dot is to be order, payment, request, batch or problem"),
        };
        let golden: Value = serde_json::from_str(&text).unwrap();
        // What is empty is absent, and not written again.
        let less = name.contains(".extra_fields") || name.contains("empty");
        if let Err(place) = same(&golden, &written, less) {
            panic!("{name}: something was lost or changed at {place}: {written}");
        }
    }
}

#[test]
fn a_payment_that_cannot_be_read_does_not_hide_the_order() {
    let order: Value = serde_json::from_str(&golden("order.resumed_payment")).unwrap();
    let good = decode::<Order>(&order.to_string()).unwrap();
    assert!(good.payment.is_some());
    for payment in [
        json!("p1"),
        json!({ "payment_id": "p1" }),
        json!({ "payment_id": "p1", "method": "native", "now": order["now"], "action": { "type": "show_qr" } }),
        json!({ "payment_id": "p1", "method": "native", "now": order["now"], "action": { "type": "pay_by_thought" } }),
    ] {
        let mut order = order.clone();
        order["payment"] = payment;
        let read = decode::<Order>(&order.to_string()).unwrap();
        let [unreadable] = &read.unreadable[..] else { panic!("{:?}", read.unreadable) };
        assert!(unreadable.path.starts_with("payment"), "{unreadable}");
        assert_eq!(Order { unreadable: Vec::new(), ..read }, Order { payment: None, ..good.clone() });
    }
}

#[test]
fn what_cannot_be_read_and_does_not_matter_is_passed_over_and_named() {
    let mut wrong = Vec::new();
    for (name, text) in goldens("partly") {
        let mut golden: Value = serde_json::from_str(&text).unwrap();
        let body = golden["json"].to_string();
        let unreadable = match golden["as"].as_str().unwrap() {
            "order" => decode::<Order>(&body).map(|order| order.unreadable),
            "payment" => decode::<Payment>(&body).map(|payment| payment.unreadable),
            "answer" => decode(&body).map(|answer| match answer {
                OrderAnswer::Whole(order) => panic!("{name}: nothing is wrong with {order:?}"),
                OrderAnswer::Settled(settled) => settled.unreadable,
            }),
            other => panic!("{name}: unknown kind {other}"),
        };
        let unreadable = unreadable.unwrap_or_else(|error| panic!("{name} was refused: {error}"));
        assert!(!unreadable.is_empty(), "{name}");
        let messages: Value = unreadable.iter().map(DecodeError::message).collect();
        if golden["unreadable"] == messages {
            continue;
        }
        if updating() {
            golden["unreadable"] = messages;
            fs::write(folder("partly").join(name), pretty(&golden)).unwrap();
        } else {
            wrong.push(format!("{name}\n  expected {}\n  got      {messages}", golden["unreadable"]));
        }
    }
    assert!(wrong.is_empty(), "{}\nIf this is meant: {REGENERATE}", wrong.join("\n"));
}

#[test]
fn of_an_order_that_is_settled_whatever_can_be_read_is_kept() {
    let settled = |text: &str| match decode(text).unwrap() {
        OrderAnswer::Settled(settled) => *settled,
        OrderAnswer::Whole(order) => panic!("{order:?}"),
    };
    let mut paid: Value = serde_json::from_str(&golden("order.paid")).unwrap();
    let Order { order_id, paid_at, amount, description, merchant, .. } = decode(&paid.to_string()).unwrap();
    paid["now"] = Value::Null;
    paid["return_url"] = json!("/orders/1");
    let read = settled(&paid.to_string());
    let now = "now: expected a time in RFC 3339, such as \"2026-11-21T10:00:00.250Z\", got null";
    assert_eq!(read.unreadable.iter().map(DecodeError::message).collect::<Vec<_>>(), [now]);
    let expected = Settled {
        order_id,
        status: OrderStatus::Paid,
        paid_at,
        paid_by: Some(Method::Native),
        amount: Some(amount),
        description: Some(description),
        merchant: Some(merchant),
        return_url: Some("/orders/1".to_owned()),
        unreadable: read.unreadable.clone(),
    };
    assert_eq!(read, expected);
    let refunded = settled(r#"{"status":"refunded","order_id":"T1","amount":1999}"#);
    assert_eq!((refunded.status, refunded.amount), (OrderStatus::Refunded, None));
    assert_eq!((refunded.description, refunded.merchant), (None, None));
    // Of no order in particular.
    for order_id in [r#""order_id":"","#, r#""order_id":7,"#, ""] {
        let text = format!(r#"{{{order_id}"status":"paid","amount":1999}}"#);
        decode::<OrderAnswer>(&text).unwrap_err();
    }
    // Of an order that is not, an answer with the same fault says nothing.
    for status in ["pending", "closed", "SUCCESS", "Paid"] {
        paid["status"] = json!(status);
        assert_eq!(decode::<OrderAnswer>(&paid.to_string()).unwrap_err().message(), now);
    }
    assert!(matches!(decode(&golden("order.paid")), Ok(OrderAnswer::Whole(_))));
}

#[test]
fn a_status_that_is_not_known_keeps_its_word_to_a_length() {
    let status = |word: &str| decode::<OrderStatus>(&json!(word).to_string()).unwrap();
    assert_eq!(status("SUCCESS"), OrderStatus::Unknown("SUCCESS".to_owned()));
    assert_eq!(status("processing").word(), "processing");
    assert_eq!(status(&"付".repeat(1000)).word(), "付".repeat(64));
}

#[test]
fn every_bad_golden_is_refused_with_its_message() {
    let mut wrong = Vec::new();
    for (name, text) in goldens("bad") {
        let mut golden: Value = serde_json::from_str(&text).unwrap();
        let body = match &golden["text"] {
            Value::String(text) => text.clone(),
            _ => golden["json"].to_string(),
        };
        let refused = match golden["as"].as_str().unwrap() {
            "order" => decode::<Order>(&body).err(),
            "payment" => decode::<Payment>(&body).err(),
            "request" => decode::<PaymentRequest>(&body).err(),
            "batch" => decode::<FunnelBatch>(&body).err(),
            "answer" => decode::<OrderAnswer>(&body).err(),
            other => panic!("{name}: unknown kind {other}"),
        };
        let message = refused.unwrap_or_else(|| panic!("{name} was accepted")).to_string();
        if golden["error"] == message.as_str() {
            continue;
        }
        if updating() {
            golden["error"] = message.into();
            fs::write(folder("bad").join(name), pretty(&golden)).unwrap();
        } else {
            wrong.push(format!("{name}\n  expected {}\n  got      {message:?}", golden["error"]));
        }
    }
    assert!(wrong.is_empty(), "{}\nIf this is meant: {REGENERATE}", wrong.join("\n"));
}

#[test]
fn a_message_names_the_place_what_was_expected_and_what_came() {
    for (name, text) in goldens("bad") {
        let golden: Value = serde_json::from_str(&text).unwrap();
        let message = golden["error"].as_str().unwrap();
        let says = message.contains("expected") || message.contains("missing field `");
        assert!(says, "{name}: {message}");
        for rust in ["struct", "unit value", "enum", "variant", "map,", "sequence,"] {
            assert!(!message.contains(&format!(" {rust} ")), "{name} speaks Rust: {message}");
        }
    }
}

#[test]
fn goldens_mean_what_they_say() {
    let order = |name: &str| decode::<Order>(&golden(&format!("order.{name}"))).unwrap();
    let payment = |name: &str| decode::<Payment>(&golden(&format!("payment.{name}"))).unwrap();

    assert_eq!(order("minimal").status, OrderStatus::Pending);
    assert_eq!(order("paid").status, OrderStatus::Paid);
    assert_eq!(order("paid").paid_at, Timestamp::parse("2026-11-21T10:03:12Z"));
    assert_eq!(order("closed").status, OrderStatus::Closed);
    assert_eq!(order("refunded").status, OrderStatus::Refunded);
    assert_eq!(order("unknown_status").status, OrderStatus::Unknown("being_looked_at".to_owned()));
    assert_eq!(order("extra_fields"), order("minimal"));
    assert_eq!(order("nulls_for_optional"), order("minimal"));
    assert_eq!(order("empty_texts_for_optional"), order("minimal"));
    assert_eq!(payment("expires_at_empty"), payment("without_expires_at"));
    assert_eq!(order("paid").paid_by, Some(Method::Native));
    assert_eq!(order("refunded").paid_by, Some(Method::Merchant("alipay".to_owned())));
    assert_eq!(order("offsets"), order("minimal"));
    assert_eq!(order("full").payment, Some(payment("show_qr")));
    assert_eq!(order("jpy").amount, Money { value: 1980, currency: Currency::new("JPY").unwrap() });
    assert_eq!(order("idr").amount, Money { value: 5_000_000, currency: Currency::new("IDR").unwrap() });
    assert_eq!(order("kwd").amount, Money { value: 12345, currency: Currency::new("KWD").unwrap() });
    let methods = order("methods").methods;
    let own = |id: &str| Method::Merchant(id.to_owned());
    assert_eq!(
        methods.iter().map(|offer| offer.method.clone()).collect::<Vec<_>>(),
        [
            Method::Native,
            Method::Jsapi,
            Method::H5,
            Method::MiniProgram,
            Method::PaymentCode,
            own("pay_at_counter"),
            Method::Native,
            own("alipay"),
            Method::H5,
            Method::Jsapi,
        ]
    );
    assert_eq!(methods[6].label.as_deref(), Some("微信支付"));

    assert_eq!(payment("without_expires_at").expires_at, None);
    assert_eq!(payment("extra_fields"), payment("show_qr"));
    assert_eq!(payment("wait").action, Action::Wait {});
    let Action::InvokeJsapi { params } = payment("invoke_jsapi").action else { panic!("not jsapi") };
    assert_eq!((params.time_stamp.as_str(), params.sign_type.as_str()), ("1795255200", "RSA"));
}

#[test]
fn a_batch_means_what_it_says() {
    let batch = |name: &str| FunnelBatch::read(golden(&format!("batch.{name}")).as_bytes()).unwrap();
    let steps = |name: &str| batch(name).events.iter().map(|event| event.name).collect::<Vec<_>>();
    assert_eq!(
        steps("paid"),
        [FunnelStep::Shown, FunnelStep::Method, FunnelStep::Qr, FunnelStep::Confirming, FunnelStep::Paid]
    );
    assert_eq!(batch("extra_fields"), batch("paid"));
    assert_eq!(steps("unknown_name"), [FunnelStep::Shown, FunnelStep::Unknown]);
    let offline = batch("offline");
    assert_eq!((offline.dropped, offline.sent_at_ms), (3, 86_460_000));
    assert_eq!(offline.events[1].code.as_deref(), Some("stopped"));
    assert!(offline.events[1].fatal && !offline.events[0].fatal);
    assert_eq!(FunnelBatch::read(b"\xff").unwrap_err().to_string(), "expected UTF-8");
}

#[test]
fn a_whole_number_is_an_integer_however_it_is_written() {
    // JSON.parse makes one number of all three; so does JSON Schema's `integer`.
    for text in ["1999", "1999.0", "1.999e3"] {
        let money: Money = decode(&format!(r#"{{"value":{text},"currency":"CNY"}}"#)).unwrap();
        assert_eq!(money.value, 1999, "{text}");
    }
    for text in ["0.0", "-0", "-1.0", "1e-400", "9007199254740992.0", "1e300"] {
        assert!(decode::<Money>(&format!(r#"{{"value":{text},"currency":"CNY"}}"#)).is_err(), "{text}");
    }
}

#[test]
fn a_text_that_is_no_json_is_quoted_only_at_its_beginning() {
    let page = format!("<html>{}", "支付".repeat(1000));
    let message = decode::<Order>(&page).unwrap_err().to_string();
    assert!(message.starts_with("expected JSON, got `<html>支付") && message.chars().count() < 80, "{message}");
}

// ---- HTTP answers

fn answer(status: u16, content_type: &str, body: &str) -> HttpAnswer {
    let content_type = (!content_type.is_empty()).then(|| content_type.to_owned());
    let request = RequestName::new("GET", "https://pay.shop.example/api/orders/T1?verify=1#x");
    HttpAnswer { request, status, content_type, retry_after: None, body: body.to_owned() }
}

fn refusal(answer: &HttpAnswer) -> (Problem, Option<RetryAfter>) {
    match answer.read::<Order>() {
        Err(Failure::Refused { problem, retry_after, .. }) => (problem, retry_after),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn json_by_any_of_its_names_is_read() {
    let body = golden("order.minimal");
    for content_type in [
        "application/json",
        "application/json;charset=utf-8",
        "application/json ; charset=UTF-8",
        "Application/JSON",
        "application/vnd.shop.v1+json",
        "application/hal+JSON; profile=\"x\"",
    ] {
        for status in [200, 201, 203] {
            assert!(answer(status, content_type, &body).read::<Order>().is_ok(), "{status} {content_type}");
        }
    }
}

#[test]
fn a_success_that_is_not_json_is_unreadable() {
    let unreadable = |answer: HttpAnswer| match answer.read::<Order>() {
        Err(Failure::Unreadable { error, .. }) => error.to_string(),
        other => panic!("not unreadable: {other:?}"),
    };
    let expected = "expected an answer of type application/json, got ";
    // A captive portal, or a single-page application's catch-all.
    let portal = answer(200, "text/html; charset=utf-8", "<!DOCTYPE html>");
    assert_eq!(unreadable(portal), format!("{expected}text/html; charset=utf-8"));
    // Even when the body would do: a server that does not know what it sends is not to be trusted with money.
    assert_eq!(unreadable(answer(200, "text/plain", &golden("order.paid"))), format!("{expected}text/plain"));
    assert_eq!(unreadable(answer(200, "application/jsonp", "f()")), format!("{expected}application/jsonp"));
    assert_eq!(unreadable(answer(204, "", "")), format!("{expected}none"));
    assert_eq!(unreadable(answer(200, "application/json", "")), "expected JSON, got an empty answer");
    assert_eq!(unreadable(answer(200, "application/json", r#"{"order_id":7}"#)), "order_id: expected a string, got 7");
}

#[test]
fn a_refusal_says_why_in_its_code() {
    let body = r#"{"code":"order_closed","detail":"closed at 10:00","title":"Closed"}"#;
    for content_type in ["application/problem+json", "application/problem+json; charset=utf-8", "application/json"] {
        let (problem, _) = refusal(&answer(409, content_type, body));
        let expected =
            Problem { code: ProblemCode::OrderClosed, status: 409, detail: Some("closed at 10:00".to_owned()) };
        assert_eq!(problem, expected);
    }
    // The code counts, not the status beside it.
    assert_eq!(refusal(&answer(400, "application/problem+json", body)).0.code, ProblemCode::OrderClosed);
    let titled = refusal(&answer(409, "application/problem+json", r#"{"code":"order_paid","title":"Paid"}"#)).0;
    assert_eq!((titled.code, titled.detail.as_deref()), (ProblemCode::OrderPaid, Some("Paid")));
}

#[test]
fn a_refusal_without_a_known_code_is_judged_by_its_status() {
    for (status, code) in [
        (302, ProblemCode::InvalidRequest),
        (400, ProblemCode::InvalidRequest),
        (401, ProblemCode::Unauthorized),
        (403, ProblemCode::Unauthorized),
        (404, ProblemCode::OrderNotFound),
        (405, ProblemCode::InvalidRequest),
        (409, ProblemCode::InvalidRequest),
        (410, ProblemCode::OrderNotFound),
        (422, ProblemCode::InvalidRequest),
        (429, ProblemCode::RateLimited),
        (500, ProblemCode::ServerError),
        (502, ProblemCode::ServerError),
        (503, ProblemCode::ServerError),
        (504, ProblemCode::ServerError),
    ] {
        let html = "<html><body>nginx</body></html>";
        for (content_type, body) in [
            ("", ""),
            ("text/html", html),
            ("application/json", html),
            ("application/problem+json", "{}"),
            ("application/problem+json", "null"),
            ("application/problem+json", "[]"),
            ("application/problem+json", r#"{"code":"teapot"}"#),
            ("application/problem+json", r#"{"code":"server_error"}"#),
            ("application/problem+json", r#"{"code":40001}"#),
        ] {
            let (problem, retry_after) = refusal(&answer(status, content_type, body));
            let expected = Problem { code, status, detail: None };
            assert_eq!((problem, retry_after), (expected, None), "{status} {content_type} {body}");
        }
    }
    // An error page that pretends to be no problem is not searched for a code.
    assert_eq!(refusal(&answer(503, "text/html", r#"{"code":"order_paid"}"#)).0.code, ProblemCode::ServerError);
    let unknown = refusal(&answer(409, "application/json", r#"{"code":"teapot","detail":"short and stout"}"#)).0;
    assert_eq!(unknown.detail.as_deref(), Some("short and stout"));
}

#[test]
fn a_failure_tells_a_developer_which_call_it_was_and_what_came() {
    let detail = |status, content_type, body| match answer(status, content_type, body).read::<Order>() {
        Err(failure) => failure.detail().to_owned(),
        Ok(order) => panic!("{order:?}"),
    };
    let page = "<!doctype html>\r\n<title>\u{7}404   Not\tFound</title>";
    for (status, content_type, body, expected) in [
        // A wrong api prefix, in the words of several servers.
        (
            404,
            "text/html",
            page,
            "404 text/html: \"<!doctype html> <title> 404 Not Found</title>\"; is the api prefix right, or a proxy missing?",
        ),
        (405, "text/html", "", "405 text/html: \"\"; is the api prefix right, or a proxy missing?"),
        (404, "", "", "404 no content type: \"\"; is the api prefix right, or a proxy missing?"),
        (502, "text/html", "<h1>nginx</h1>", "502 text/html: \"<h1>nginx</h1>\""),
        (403, "application/json", r#"{"errcode":40001}"#, "403 application/json: \"{\"errcode\":40001}\""),
    ] {
        let expected = format!("GET https://pay.shop.example/api/orders/T1 → {expected}");
        assert_eq!(detail(status, content_type, body), expected);
    }
    // What the backend says itself comes first, and the rest behind it.
    for (status, content_type, body, expected) in [
        (
            409,
            "application/problem+json",
            r#"{"code":"order_paid","detail":"Paid."}"#,
            "Paid. (… → 409 application/problem+json)",
        ),
        (404, "application/json", r#"{"code":"order_not_found","title":"No."}"#, "No. (… → 404 application/json)"),
        (
            404,
            "application/json",
            r#"{"detail":"Not Found"}"#,
            "Not Found (… → 404 application/json; is the api prefix right, or a proxy missing?)",
        ),
        (422, "application/json", r#"{"code":7,"detail":"Bad"}"#, "Bad (… → 422 application/json)"),
        (
            200,
            "text/html",
            "<p>",
            "expected an answer of type application/json, got text/html (… → 200 text/html: \"<p>\"; is the api prefix right, or a proxy missing?)",
        ),
        (
            200,
            "application/json",
            r#"{"code":0,"data":{}}"#,
            "missing field `order_id` (… → 200 application/json: \"{\"code\":0,\"data\":{}}\")",
        ),
        (200, "application/json", r#"{"order_id":7}"#, "order_id: expected a string, got 7 (… → 200 application/json)"),
    ] {
        let expected = expected.replace('…', "GET https://pay.shop.example/api/orders/T1");
        assert_eq!(detail(status, content_type, body), expected);
    }
    let long = detail(500, "text/plain", &"支付 ".repeat(1000));
    assert!(long.ends_with("付…\"") && long.chars().count() < 160, "{long}");
    for url in ["/events?ticket=x", "/events#x", "/events#x?ticket=x", "/events?ticket=x#x"] {
        assert_eq!(RequestName::new("GET", url).text(), "GET /events");
    }
    let name = RequestName::new("POST", "/api/orders/T1/payments");
    assert_eq!(name.unreachable("TypeError: x").detail(), "POST /api/orders/T1/payments → no answer: TypeError: x");
    let elsewhere = RequestName::new("GET", "https://pay.example/api/orders/T1");
    let told = "GET https://pay.example/api/orders/T1 → no answer: TypeError: x; has it CORS headers?";
    assert_eq!(elsewhere.unreachable("TypeError: x").detail(), told);
    assert_eq!(name.not_sent("TypeError: x").detail(), "POST /api/orders/T1/payments → not sent: TypeError: x");
    assert_eq!(name.timed_out(15_000).detail(), "POST /api/orders/T1/payments → no answer in 15 s");
    let error = decode::<Order>("{}").unwrap_err();
    assert_eq!(name.unreadable(error).detail(), "missing field `order_id` (POST /api/orders/T1/payments)");
}

#[test]
fn retry_after_is_seconds_or_a_date_or_nothing() {
    let read = |text: &str| {
        let mut refused = answer(429, "", "");
        refused.retry_after = Some(text.to_owned());
        refusal(&refused).1
    };
    assert_eq!(read("3"), Some(RetryAfter::Millis(3000)));
    assert_eq!(read(" 0 "), Some(RetryAfter::Millis(0)));
    assert_eq!(read("4294967295"), Some(RetryAfter::Millis(4_294_967_295_000)));
    let at = Timestamp::parse("2026-11-21T10:00:05Z").map(RetryAfter::At);
    assert_eq!(read("Sat, 21 Nov 2026 10:00:05 GMT"), at);
    assert_eq!(read("Saturday, 21-Nov-26 10:00:05 GMT"), at);
    assert_eq!(read("Sat Nov 21 10:00:05 2026"), at);
    for rubbish in ["", "soon", "-1", "1.5", "99999999999", "3 seconds", "2026-11-21T10:00:05Z", "Sat, 21 Nov 2026"] {
        assert_eq!(read(rubbish), None, "{rubbish}");
    }
}

// ---- Times

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn a_time_is_what_another_reader_makes_of_it(
        text in "([0-9]{4}|19[0-9]{2}|2[04]00)-(0[0-9]|1[0-3])-([0-2][0-9]|3[0-2])[Tt ]([01][0-9]|2[0-4])(:[0-6][0-9]){2}(\\.[0-9]{0,5})?(Z|z|[+-][0-2][0-9]:[0-6][0-9]|)"
    ) {
        use time::{OffsetDateTime, format_description::well_known::Rfc3339};
        // Leap seconds: another takes them at the end of a month alone, and for a nanosecond less than the next second.
        prop_assume!(!text[17..].starts_with("60"));
        let theirs = OffsetDateTime::parse(&text, &Rfc3339).ok();
        let theirs = theirs.map(|at| Timestamp::from_millis(at.unix_timestamp() * 1000 + i64::from(at.millisecond())));
        prop_assert_eq!(Timestamp::parse(&text), theirs);
    }
}

#[test]
fn a_time_is_the_same_however_it_is_written() {
    let at = Timestamp::parse("2026-11-21T10:00:00.250Z").unwrap();
    for text in [
        "2026-11-21T10:00:00.25Z",
        "2026-11-21t10:00:00.250z",
        "2026-11-21T10:00:00.250999999Z",
        "2026-11-21T10:00:00.250999999999999999Z",
        "2026-11-21T18:00:00.250+08:00",
        "2026-11-22T09:59:00.250+23:59",
        "2026-11-20T10:01:00.250-23:59",
        "2026-11-21T10:00:00.250-00:00",
    ] {
        assert_eq!(Timestamp::parse(text), Some(at), "{text}");
    }
    assert_eq!(Timestamp::parse("1969-12-31T23:59:59.999Z"), Some(Timestamp::from_millis(-1)));
    for text in ["", "now", "2026-11-21", "2026-11-21T10:00Z", "2026-11-21T10:00:00", " 2026-11-21T10:00:00Z"] {
        assert_eq!(Timestamp::parse(text), None, "{text}");
    }
    for text in ["2026-11-21T10:00:00Z ", "2026-11-31T10:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T10:00:00,5Z"] {
        assert_eq!(Timestamp::parse(text), None, "{text}");
    }
    let before_the_leap_second = Timestamp::parse("2016-12-31T23:59:59.5Z");
    for text in ["2016-12-31T23:59:60.5Z", "2017-01-01T07:59:60.5+08:00", "2016-12-31T15:59:60.5-08:00"] {
        assert_eq!(Timestamp::parse(text), before_the_leap_second, "{text}");
    }
    assert_eq!(Timestamp::from_millis(i64::MAX).to_rfc3339(), None);
    assert_eq!(Timestamp::from_millis(i64::MIN).to_rfc3339(), None);
}

// ---- Properties

fn instants() -> impl Strategy<Value = Timestamp> {
    // From the year 0 to 9999, and mostly about now.
    prop_oneof![-62_167_219_200_000..253_402_300_800_000_i64, 1_790_000_000_000..1_800_000_000_000_i64]
        .prop_map(Timestamp::from_millis)
}

fn methods() -> impl Strategy<Value = Method> {
    const KNOWN: [&str; 8] = ["native", "jsapi", "h5", "mini_program", "payment_code", "alipay", "", "NATIVE"];
    prop_oneof![prop::sample::select(&KNOWN[..]).prop_map(str::to_owned), any::<String>()].prop_map(Method::from)
}

/// A text that is there, and no template's slip.
fn texts() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| [&text, "a1"].concat())
}

fn offers() -> impl Strategy<Value = MethodOffer> {
    (methods(), prop::option::of(texts()), prop::option::of(texts())).prop_map(|(method, label, icon_url)| {
        let own = matches!(method, Method::Merchant(_)).then(|| "a1".to_owned());
        MethodOffer { method, label: label.or(own), icon_url }
    })
}

fn actions() -> impl Strategy<Value = Action> {
    let params = any::<[String; 6]>().prop_map(|[app_id, time_stamp, nonce_str, package, sign_type, pay_sign]| {
        Action::InvokeJsapi { params: JsapiParams { app_id, time_stamp, nonce_str, package, sign_type, pay_sign } }
    });
    prop_oneof![
        texts().prop_map(|content| Action::ShowQr { content }),
        params,
        texts().prop_map(|url| Action::Redirect { url }),
        texts().prop_map(|path| Action::OpenMiniProgram { path }),
        Just(Action::Wait {}),
    ]
}

fn payments() -> impl Strategy<Value = Payment> {
    (any::<String>(), methods(), instants(), prop::option::of(instants()), actions()).prop_map(
        |(payment_id, method, now, expires_at, action)| Payment {
            payment_id,
            method,
            now,
            expires_at,
            action,
            unreadable: Vec::new(),
        },
    )
}

fn orders() -> impl Strategy<Value = Order> {
    let known = vec![OrderStatus::Pending, OrderStatus::Paid, OrderStatus::Closed, OrderStatus::Refunded];
    let unknown = "[a-zA-Z_]{1,64}".prop_map(|word| OrderStatus::Unknown(["X", &word[1..]].concat()));
    let status = prop_oneof![prop::sample::select(known), unknown];
    let currencies = prop::sample::select(Currency::all().collect::<Vec<_>>());
    let amount = (1..9_007_199_254_740_992_i64, currencies).prop_map(|(value, currency)| Money { value, currency });
    let merchant =
        (any::<String>(), prop::option::of(texts())).prop_map(|(name, logo_url)| Merchant { name, logo_url });
    let paid = (prop::option::of(instants()), prop::option::of(texts().prop_map(Method::from)));
    let times = (paid, instants(), instants());
    let addresses = [(); 3].map(|()| prop::option::of(texts()));
    let more = (prop::collection::vec(offers(), 0..6), prop::option::of(payments()), addresses);
    ((any::<String>(), any::<String>()), status, amount, merchant, times, more).prop_map(
        |((order_id, description), status, amount, merchant, ((paid_at, paid_by), now, expires_at), more)| {
            let (methods, payment, [return_url, events_url, telemetry_url]) = more;
            Order {
                order_id,
                status,
                paid_at,
                paid_by,
                amount,
                description,
                merchant,
                now,
                expires_at,
                methods,
                payment,
                return_url,
                events_url,
                telemetry_url,
                unreadable: Vec::new(),
            }
        },
    )
}

/// JSON of any shape, with the contract's own names often enough that decoding gets somewhere.
fn any_json() -> impl Strategy<Value = Value> {
    const NAMES: [&str; 11] =
        ["order_id", "status", "amount", "value", "currency", "action", "type", "params", "now", "methods", "id"];
    const WORDS: [&str; 7] = ["pending", "paid", "CNY", "2026-11-21T10:00:00Z", "show_qr", "invoke_jsapi", "native"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(&WORDS[..]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        let names = prop_oneof![prop::sample::select(&NAMES[..]).prop_map(str::to_owned), any::<String>()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(names, inner, 0..8).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn decode_as_everything(text: &str) -> [Result<(), DecodeError>; 5] {
    [
        decode::<Order>(text).map(drop),
        decode::<OrderAnswer>(text).map(drop),
        decode::<Payment>(text).map(drop),
        decode::<PaymentRequest>(text).map(drop),
        decode::<FunnelBatch>(text).map(drop),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_order_encodes_and_decodes_to_itself(order in orders()) {
        prop_assert_eq!(decode::<Order>(&encode(&order).unwrap()).unwrap(), order);
    }

    #[test]
    fn a_payment_encodes_and_decodes_to_itself(payment in payments()) {
        prop_assert_eq!(decode::<Payment>(&encode(&payment).unwrap()).unwrap(), payment);
    }

    #[test]
    fn a_request_encodes_and_decodes_to_itself(
        method in methods(), page_url: String, replaces in prop::option::of(texts()),
        auth_code in prop::option::of(texts()),
    ) {
        let request = PaymentRequest { method, page_url, replaces, auth_code };
        prop_assert_eq!(decode::<PaymentRequest>(&encode(&request).unwrap()).unwrap(), request);
    }

    #[test]
    fn decoding_never_panics_on_any_text(text: String) {
        decode_as_everything(&text).into_iter().for_each(drop);
    }

    #[test]
    fn decoding_never_panics_on_any_json(json in any_json()) {
        for result in decode_as_everything(&json.to_string()) {
            prop_assert!(result.is_ok() || !result.unwrap_err().to_string().is_empty());
        }
    }

    /// A golden with one value replaced is refused at that place, or read; nowhere else is blamed.
    #[test]
    fn one_wrong_value_is_blamed_where_it_is(at in any::<prop::sample::Index>(), wrong in any_json()) {
        let mut order: Value = serde_json::from_str(&golden("order.full")).unwrap();
        let fields: Vec<String> = order.as_object().unwrap().keys().cloned().collect();
        let field = at.get(&fields);
        order[field] = wrong;
        if let Err(error) = decode::<Order>(&order.to_string()) {
            prop_assert!(error.path.starts_with(field.as_str()), "{} is blamed for {}", error, field);
        }
    }

    /// Which it is and that it is paid: whatever else an answer says, or does not, it is paid.
    #[test]
    fn what_is_paid_is_paid(
        order_id in texts(), refunded: bool, cuts in prop::collection::vec((any::<prop::sample::Index>(), any_json()), 0..4),
        more in prop::collection::hash_map(any::<String>(), any_json(), 0..4),
    ) {
        let mut order: Value = serde_json::from_str(&golden("order.full")).unwrap();
        let names: Vec<String> = order.as_object().unwrap().keys().cloned().collect();
        for (name, json) in more {
            order[name] = json;
        }
        for (at, json) in cuts {
            order[at.get(&names)] = json;
        }
        order["order_id"] = order_id.clone().into();
        order["status"] = if refunded { "refunded" } else { "paid" }.into();
        let read = answer(200, "application/json", &order.to_string()).read();
        let (id, status) = match read.unwrap() {
            OrderAnswer::Whole(order) => (order.order_id, order.status),
            OrderAnswer::Settled(settled) => (settled.order_id, settled.status),
        };
        prop_assert_eq!((id, status), (order_id, if refunded { OrderStatus::Refunded } else { OrderStatus::Paid }));
    }

    /// An optional field may hold anything: the answer is read, and either the field with it or it is named.
    #[test]
    fn an_optional_field_never_refuses_an_answer(at in any::<prop::sample::Index>(), json in any_json()) {
        const OPTIONAL: [&str; 12] = [
            "/paid_at", "/paid_by", "/payment", "/return_url", "/events_url", "/telemetry_url", "/merchant/logo_url",
            "/methods/0", "/methods/3/label", "/methods/3/icon_url", "/payment/expires_at", "/payment/action",
        ];
        let mut order: Value = serde_json::from_str(&golden("order.full")).unwrap();
        (order["paid_at"], order["paid_by"]) = (json!(null), json!(null));
        let place = at.get(&OPTIONAL);
        *order.pointer_mut(place).unwrap() = json;
        let read = decode::<Order>(&order.to_string());
        prop_assert!(read.is_ok(), "{:?}", read);
        let path = place[1..].replace("/0", "[0]").replace("/3/", "[3].").replace('/', ".");
        let whole = Order { unreadable: Vec::new(), ..read.clone().unwrap() };
        for error in read.unwrap().unreadable {
            // Without a label the method itself cannot be shown.
            let path = path.trim_end_matches(".label");
            prop_assert!(error.path.starts_with(path), "{} for {}", error, path);
        }
        prop_assert_eq!(decode::<Order>(&encode(&whole).unwrap()).unwrap(), whole);
    }

    #[test]
    fn reading_an_answer_never_panics(
        status: u16, content_type: Option<String>, retry_after: Option<String>, body: String, json: bool,
    ) {
        let content_type = if json { Some("application/json".to_owned()) } else { content_type };
        let request = RequestName::new("GET", &body);
        let read = HttpAnswer { request, status, content_type, retry_after, body }.read::<Order>();
        prop_assert!(read.is_err());
    }
}

// ---- The document and the prose

const REGENERATE: &str = "UPDATE_GOLDEN=1 cargo test --features schema --test contract";

#[cfg(feature = "schema")]
#[test]
fn the_openapi_document_is_that_of_the_types() {
    let path = root().join("docs/openapi.json");
    let expected = wechat_cashier::contract::openapi();
    if updating() {
        fs::write(&path, pretty(&expected)).unwrap();
    }
    // As values, for the order of the fields depends on what else is built (`preserve_order`).
    let written: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap_or_default()).unwrap_or_default();
    assert!(written == expected, "docs/openapi.json is not that of the types any more. To write it anew: {REGENERATE}");
}

/// `docs/openapi.json` is checked only with the feature `schema`. A test of the workspace has it because the sandbox
/// asks for it, and cargo joins the features of all that it builds; so the sandbox must go on asking.
#[cfg(not(feature = "schema"))]
#[test]
fn the_openapi_document_is_checked_in_a_test_of_the_workspace() {
    let manifest = fs::read_to_string(root().join("sandbox/Cargo.toml")).unwrap();
    let asks = manifest.lines().any(|line| line.starts_with("wechat-cashier") && line.contains("\"schema\""));
    assert!(asks, "sandbox/Cargo.toml must depend on wechat-cashier with the feature schema, or nothing checks it");
}

#[test]
fn the_examples_in_the_prose_are_of_the_contract() {
    let prose = fs::read_to_string(root().join("docs/contract.md")).unwrap();
    let mut checked = 0;
    let mut blocks = prose.split("\n```");
    blocks.next();
    // What is inside a fence alternates with what is outside.
    for block in blocks.step_by(2) {
        let (info, text) = block.split_once('\n').unwrap();
        let Some(kind) = info.strip_prefix("json") else { continue };
        let decoded = match kind.trim() {
            "order" => decode::<Order>(text).map(drop),
            "payment" => decode::<Payment>(text).map(drop),
            "request" => decode::<PaymentRequest>(text).map(drop),
            "batch" => decode::<FunnelBatch>(text).map(drop),
            "problem" => {
                check_problem(text, text);
                Ok(())
            }
            other => panic!("docs/contract.md: a block of JSON must say what it is, not {other:?}:\n{text}"),
        };
        if let Err(error) = decoded {
            panic!("docs/contract.md: {error}\n{text}");
        }
        checked += 1;
    }
    assert!(checked >= 8, "only {checked} examples found");
}

#[test]
fn the_prose_names_every_word_of_the_contract() {
    let prose = fs::read_to_string(root().join("docs/contract.md")).unwrap();
    let mut words: Vec<String> =
        ProblemCode::ALL.iter().map(|code| format!("| {} | `{}`", code.http_status(), code.word())).collect();
    words.extend(FunnelStep::ALL.iter().map(|step| format!("| `{}`", step.word())));
    for file in [
        "good/order.full",
        "good/order.paid",
        "good/batch.paid",
        "good/payment.show_qr",
        "good/request.replaces",
        "good/request.payment_code",
    ] {
        let golden: Value = serde_json::from_str(&read(&format!("{file}.json"))).unwrap();
        words.extend(golden.as_object().unwrap().keys().map(|field| format!("| `{field}`")));
    }
    for word in
        ["pending", "paid", "closed", "refunded", "show_qr", "invoke_jsapi", "redirect", "open_mini_program", "wait"]
    {
        words.push(format!("| `{word}`"));
    }
    for word in words {
        assert!(prose.contains(&word), "docs/contract.md lacks a table row that begins {word}");
    }
}

// ---- Helpers

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folder(name: &str) -> PathBuf {
    root().join("tests/golden/contract").join(name)
}

fn read(file: &str) -> String {
    fs::read_to_string(folder("").join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn golden(name: &str) -> String {
    read(&format!("good/{name}.json"))
}

/// Every golden of a folder, by name; there must be some.
fn goldens(name: &str) -> Vec<(String, String)> {
    let mut names: Vec<String> =
        fs::read_dir(folder(name)).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(
        names.len() > if name == "partly" { 10 } else { 40 },
        "{} goldens in {name}: some are missing",
        names.len()
    );
    names.into_iter().map(|file| (file.clone(), read(&format!("{name}/{file}")))).collect()
}

fn updating() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// Decodes, encodes and decodes again; answers what was encoded.
fn there_and_back<T: Decode + Serialize + PartialEq + Debug>(name: &str, text: &str) -> Value {
    let value: T = decode(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let written = encode(&value).unwrap();
    assert_eq!(decode::<T>(&written).as_ref(), Ok(&value), "{name}");
    serde_json::from_str(&written).unwrap()
}

fn check_problem(name: &str, text: &str) {
    let body: Value = serde_json::from_str(text).unwrap();
    let status = u16::try_from(body["status"].as_u64().unwrap()).unwrap();
    let (problem, _) = refusal(&answer(status, "application/problem+json", text));
    assert_eq!(body["code"], problem.code.word(), "{name}");
    assert_eq!(status, problem.code.http_status(), "{name}");
    assert_eq!(body["detail"].as_str(), problem.detail.as_deref(), "{name}");
}

/// Whether `written` says all that `golden` says, but for nulls, the other way to write a time or a method, and, if there are
/// fields that are extra or empty, those. Answers where not.
fn same(golden: &Value, written: &Value, extra: bool) -> Result<(), String> {
    match (golden, written) {
        (Value::Object(golden), Value::Object(written)) => {
            for (field, value) in golden {
                match written.get(field) {
                    Some(other) => same(value, other, extra).map_err(|place| format!("{field}.{place}"))?,
                    None if extra || value.is_null() => {}
                    None => return Err(field.clone()),
                }
            }
            written.keys().find(|field| !golden.contains_key(*field)).map_or(Ok(()), |field| Err(field.clone()))
        }
        (Value::Array(golden), Value::Array(written)) if golden.len() == written.len() => {
            golden.iter().zip(written).try_for_each(|(golden, written)| same(golden, written, extra))
        }
        (Value::Object(offer), Value::String(id)) if (extra || offer.len() == 1) && offer["id"] == id.as_str() => {
            Ok(())
        }
        (Value::String(golden), Value::String(written)) => {
            let times = (Timestamp::parse(golden), Timestamp::parse(written));
            let same = golden == written
                || matches!(times, (Some(golden), Some(written)) if golden == written)
                // A step of the funnel that is not known.
                || (golden == "being_looked_at" && written == "unknown");
            if same { Ok(()) } else { Err(golden.clone()) }
        }
        _ if golden == written => Ok(()),
        _ => Err(json!([golden, written]).to_string()),
    }
}
