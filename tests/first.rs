//! The first picture: its scripts (`src/embed/first/`) are held to the program that takes over from them.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its files fails")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use leptos::prelude::*;
use serde_json::{Value, json};
use wechat_cashier::contract::{Method, OrderAnswer, decode};
use wechat_cashier::core::{Body, Call, Effect, Environment, Instant, Options, Probes, State, begin};
use wechat_cashier::text::Lang;
use wechat_cashier::view::Painter;

#[test]
fn scripts_have_the_same_rules() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/embed/first/rules.js");
    let want = wechat_cashier::first::rules();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &want).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, want, "rules.js is out of date: UPDATE_GOLDEN=1 cargo test --test first");
}

const LANGS: [Lang; 3] = Lang::ALL;
const PAGE: &str = "https://shop.example/pay/?order=T20261121001";

/// One thing that may come, and what the core shows of it: a plain picture with a code for a computer, or anything else.
struct Case {
    answer: String,
    methods: Vec<&'static str>,
    age_ms: u64,
    lang: Lang,
    /// What an earlier visit of the tab kept: that a code was asked for.
    kept: Option<&'static str>,
}

impl Case {
    fn of(answer: String) -> Self {
        Self { answer, methods: Vec::new(), age_ms: 40, lang: Lang::En, kept: None }
    }

    /// What is compared: the picture as HTML, where the core shows a code of WeChat's to scan, with more than a minute left.
    fn json(self, order_id: &str) -> Value {
        let (picture, asks) = self.seen(order_id, Environment::default()).unwrap_or_default();
        let Self { answer, methods, age_ms, lang, kept } = self;
        json!({
            "order": order_id, "answer": answer, "methods": methods, "age": age_ms, "lang": lang.tag(), "picture": picture, "asks": asks,
            "again": kept.is_some(),
        })
    }

    /// The picture, and whether a Native payment is asked for.
    fn seen(&self, order_id: &str, environment: Environment) -> Option<(Option<String>, bool)> {
        let order = decode::<OrderAnswer>(&self.answer).and_then(OrderAnswer::whole).ok()?;
        let options = Options {
            order_id: order_id.to_owned(),
            api: "/api".to_owned(),
            page_url: PAGE.to_owned(),
            environment: Some(environment),
            methods: self.methods.iter().map(|id| (*id).to_owned()).collect(),
            ..Options::default()
        };
        let now = Instant::from_millis(self.age_ms);
        let mut state = State::new(options);
        let kept = self.kept.map(str::to_owned);
        let effects = begin(&mut state, [], kept, None, Some(*order), true, now);
        let asks = effects.iter().any(|effect| match effect {
            Effect::Send { call: Call::Payment { request, key }, .. } => {
                let is_of_before = self.kept.is_none_or(|kept| kept.ends_with(&format!("\n{key}")));
                request.method == Method::Native && request.replaces.is_none() && is_of_before
            }
            _ => false,
        });
        let screen = state.screen(now);
        let is_native = screen.way.as_ref().is_some_and(|way| way.method == Method::Native);
        let scans = matches!(screen.body, Body::Scan { in_hand: false, left_s: Some(61..), .. });
        let picture = (is_native && scans && screen.notice.is_none()).then(|| {
            let view = Painter::new(self.lang.into(), Arc::new(|_| ())).paint(&screen);
            Owner::new().with(|| view.to_html())
        });
        Some((picture, asks))
    }
}

fn golden(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/contract/good").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// All answers of the golden files: of orders as they are, of payments within the order that has one.
fn answers() -> Vec<(String, String)> {
    let mut answers = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/contract");
    for folder in ["good", "partly", "bad"] {
        for file in fs::read_dir(root.join(folder)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            let payment = serde_json::from_str::<Value>(&text).ok().filter(|_| name.starts_with("payment."));
            let text = match payment {
                Some(payment) => with(&golden("order.resumed_payment.json"), &["payment"], Some(payment)).to_string(),
                None => text,
            };
            answers.push((name, text));
        }
    }
    answers.sort();
    answers
}

/// The order with this in a place of it; with none, without that place.
fn with(order: &Value, path: &[&str], value: Option<Value>) -> Value {
    let mut order = order.clone();
    let (last, above) = path.split_last().unwrap();
    let place = above.iter().fold(&mut order, |at, name| &mut at[*name]);
    match value {
        Some(value) => place[*last] = value,
        None => drop(place.as_object_mut().unwrap().remove(*last)),
    }
    order
}

/// An order that has everything, of which each place is changed in turn.
fn plain() -> Value {
    let order = golden("order.resumed_payment.json");
    let order = with(&order, &["merchant", "logo_url"], Some("/logo.png".into()));
    let order =
        with(&order, &["methods"], Some(json!(["native", { "id": "alipay", "label": "支付宝" }, "h5", "jsapi"])));
    with(&order, &["payment", "expires_at"], Some("2026-11-21T10:14:00Z".into()))
}

const PLACES: [&[&str]; 20] = [
    &["order_id"],
    &["status"],
    &["amount"],
    &["amount", "value"],
    &["amount", "currency"],
    &["description"],
    &["merchant"],
    &["merchant", "name"],
    &["merchant", "logo_url"],
    &["now"],
    &["expires_at"],
    &["methods"],
    &["payment"],
    &["payment", "payment_id"],
    &["payment", "method"],
    &["payment", "now"],
    &["payment", "expires_at"],
    &["payment", "action"],
    &["payment", "action", "type"],
    &["payment", "action", "content"],
];

/// What a field may have in it.
fn values() -> Vec<Value> {
    let texts = [
        "",
        " ",
        "\u{3000}",
        "x",
        "null",
        " undefined ",
        "NaN",
        "0",
        "1999",
        "native",
        "h5",
        "alipay",
        "show_qr",
        "redirect",
        "pending",
        "paid",
        "closed",
        "refunded",
        "CNY",
        "cny",
        "RMB",
        "JPY",
        "KRW",
        "USD",
        "KWD",
        "constructor",
        "T20261121001",
        "t20261121001",
        "2026-11-21T10:13:00Z",
        "2026-11-21T10:00:00.123456789+08:00",
        "2026-11-21t10:00:00z",
        "2026-02-30T10:00:00Z",
        "2026-11-21T10:00:00",
        "2026-11-21 10:00:00Z",
        "2026-11-21T24:00:00Z",
        "2026-12-31T23:59:60Z",
        "2027-01-01T00:00:00-23:59",
        "2026-11-21T10:00:00+24:00",
        "9999-12-31T23:59:59Z",
        "0000-01-01T00:00:00Z",
        "2026-11-21T18:14:00+08:00",
        "weixin://",
        "weixin://wxpay/bizpayurl?pr=Zim81N5zz",
        "WEIXIN://wxpay/x",
        " weixin://wxpay/x",
        "weixin://支付/é",
        "https://evil.example/",
        "/logo.png",
        "logo.png",
        "https://cdn.example/logo.png",
        "//cdn.example/x",
        "https://user@cdn.example/x",
        "http:///x",
        "javascript:alert(1)",
        "data:image/png;base64,AA==",
        "data:text/html,x",
        "blob:https://shop.example/1",
        "https://[",
        "Tea <House> & \"Co\"",
        "茶",
        "👩‍🍳 Café",
    ];
    let mut values: Vec<Value> = texts.into_iter().map(Value::from).collect();
    values.push(
        "A merchant with a name that is longer than two lines of a phone's screen can hold, so it is folded".into(),
    );
    values.push("一".repeat(33).into());
    values.push(format!("weixin://{}", "x".repeat(503)).into());
    values.push(format!("weixin://{}", "x".repeat(504)).into());
    values.push(format!("weixin://{}", "é".repeat(252)).into());
    values.extend([
        json!(null),
        json!(true),
        json!([]),
        json!({}),
        json!(["native"]),
        json!([null, 5, "native"]),
        json!(["h5"]),
    ]);
    values.extend([json!([{ "id": "native", "label": 5 }]), json!([{ "id": "alipay", "label": " " }, "native"])]);
    values.extend([
        json!(["alipay", "native"]),
        json!([{ "id": "alipay", "label": "\u{3000}" }, "native", "native"]),
        json!([["native"]]),
    ]);
    values.extend([
        json!([{ "id": 5, "label": "x" }, { "label": "x" }, "native"]),
        json!([{ "id": "", "label": "x" }, "native"]),
    ]);
    values.extend([
        json!(["payment_code", "native", "mini_program"]),
        json!({ "id": "native" }),
        json!({ "name": "x", "logo_url": 5 }),
    ]);
    values.extend([
        0.into(),
        1.into(),
        (-1).into(),
        json!(1.5),
        json!(1e3),
        json!(1e15),
        999_999_999_999_999_i64.into(),
    ]);
    values.extend([
        1_000_000_000_000_000_i64.into(),
        9_007_199_254_740_991_i64.into(),
        9_007_199_254_740_992_i64.into(),
    ]);
    values.extend([json!({ "value": 5, "currency": "JPY" }), json!({ "value": 123_456_789, "currency": "HKD" })]);
    values.extend([json!({ "type": "show_qr" }), json!({ "type": "wait" }), json!("2026-11-21T10:01:00Z")]);
    values
}

fn cases() -> Vec<Value> {
    let mut cases = Vec::new();
    for (_, answer) in answers() {
        for lang in LANGS {
            cases.push(Case { lang, ..Case::of(answer.clone()) }.json("T20261121001"));
        }
    }
    let order = plain();
    for path in PLACES {
        for value in values().into_iter().map(Some).chain([None]) {
            let answer = with(&order, path, value);
            for answer in [answer.clone(), with(&answer, &["payment"], None)] {
                // A place within a payment is none without it.
                if answer["payment"].is_object() || path[0] != "payment" {
                    let kept = Some("wc2\n\nnative\nwc1-17-1");
                    cases.push(Case { kept, ..Case::of(answer.to_string()) }.json("T20261121001"));
                }
            }
            if path[0] != "payment" {
                cases.push(Case::of(with(&answer, &["payment"], None).to_string()).json("T20261121001"));
            }
            cases.push(Case::of(answer.to_string()).json("T20261121001"));
        }
    }
    for lang in LANGS {
        for currency in ["CNY", "HKD", "USD", "JPY", "EUR", "GBP", "AUD", "CAD", "NZD", "KRW", "TWD"] {
            for value in [1_i64, 10, 1999, 100_000, 123_456_789, 99_999_999_999, 999_999_999_999_999] {
                let amount = json!({ "value": value, "currency": currency });
                let answer = with(&order, &["amount"], Some(amount)).to_string();
                cases.push(Case { lang, ..Case::of(answer) }.json("T20261121001"));
            }
        }
    }
    let offers: [Vec<&str>; 8] = [
        vec![],
        vec!["native"],
        vec!["native", "alipay"],
        vec!["alipay", "native"],
        vec!["h5", "native"],
        vec!["jsapi", "native"],
        vec!["jsapi"],
        vec!["native", "native", "other"],
    ];
    for methods in offers {
        cases.push(Case { methods, ..Case::of(order.to_string()) }.json("T20261121001"));
    }
    // The code dies 14 minutes after it was asked for at the earliest.
    for age_ms in
        [0, 1, 999, 1000, 1001, 9_999, 10_000, 600_000, 778_999, 779_000, 780_000, 839_000, 840_000, 10_000_000]
    {
        cases.push(Case { age_ms, ..Case::of(order.to_string()) }.json("T20261121001"));
    }
    for length in (10..=512).step_by(11) {
        for shift in 0..3 {
            let letters =
                (0..length - 9).map(|at| char::from(b'!' + ((at * at * 7 + at * (shift + 5) + length) % 90) as u8));
            let content = format!("weixin://{}", letters.collect::<String>());
            let answer = with(&order, &["payment", "action", "content"], Some(content.into())).to_string();
            cases.push(Case::of(answer).json("T20261121001"));
        }
    }
    cases.push(Case::of(order.to_string()).json("another"));
    cases.push(Case::of(order.to_string()).json(""));
    cases
}

/// `tests/e2e/first.test.mjs` has the scripts draw each of them.
#[test]
fn the_cases_are_written() {
    let cases = cases();
    let drawn = cases.iter().filter(|case| !case["picture"].is_null()).count();
    assert!(drawn > 500 && cases.len() - drawn > 500, "{drawn} of {}", cases.len());
    let agents: Vec<Value> =
        include_str!("data/user-agents.tsv").lines().filter(|line| !line.starts_with('#')).map(agent).collect();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("first.json");
    fs::write(file, json!({ "page": PAGE, "cases": cases, "agents": agents }).to_string()).unwrap();
}

/// A user agent, and whether the core shows the plain picture there.
fn agent(line: &str) -> Value {
    let columns: Vec<&str> = line.split('\t').collect();
    let probes: Vec<&str> = columns[3].split(' ').collect();
    let has = |probe| probes.contains(&probe);
    let probes = Probes {
        user_agent: columns[5].to_owned(),
        mini_program: has("mini_program"),
        bridge: has("bridge"),
        touch: has("touch"),
        framed: has("framed"),
    };
    let (picture, _) = Case::of(plain().to_string()).seen("T20261121001", Environment::of(&probes)).unwrap_or_default();
    json!({
        "agent": probes.user_agent, "mini_program": probes.mini_program, "bridge": probes.bridge, "touch": probes.touch,
        "picture": picture,
    })
}
