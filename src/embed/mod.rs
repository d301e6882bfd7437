//! What JavaScript calls: the cashier behind `<wechat-cashier>` and the hosted page. Browser only.
//!
//! The scripts beside this file do what must be done before the wasm is there, or without it: `load.js` brings it, `host.js`
//! asks for the order meanwhile and dispatches what is told, `element.js` is the custom element, `page.js` the hosted page.
#![allow(unsafe_code, reason = "what wasm_bindgen writes for an export")]

use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, HtmlElement};

use crate::contract::{Method, Money, OrderAnswer, decode};
use crate::core::{News, Options, Passage, Report, ReportedError, Stage, Surface, WayBack};
use crate::shell::{Config, Early, EarlyPayment, First, Mounted, Sdk, draw, get, prepare, take_over};
use crate::text::Words;

/// A cashier in the page, and a first answer that it does not begin with. `end()` takes it away, and `free()` what is left of
/// it then.
#[wasm_bindgen]
pub struct Cashier(Mounted, Option<String>);

#[wasm_bindgen]
impl Cashier {
    /// Puts a cashier into `place`, which waits for `start()`. `options` is read as `src/embed/host.js` writes it; `tell` is
    /// called with what is told: a name, a `detail`, and whether it can be answered with false.
    #[wasm_bindgen(constructor)]
    pub fn new(place: &HtmlElement, options: &JsValue, tell: Function) -> Self {
        let config = config(options, tell);
        // What was drawn before the program was there is its first screen.
        let drawn = text(options, "drawn").is_some();
        let begin = if drawn { take_over } else { draw };
        let passed_over = text(options, "first").filter(|_| drawn || config.first.is_none());
        Self(prepare(place, config, begin), passed_over)
    }

    /// Starts, once.
    pub fn start(&self) {
        self.0.start();
        if let Some(first) = &self.1 {
            // The host is told why it counts for nothing.
            self.0.bring(first.clone(), None);
        }
    }

    /// Asks about the order now.
    pub fn refresh(&self) {
        self.0.refresh();
    }

    /// As the payer's "try again".
    pub fn retry(&self) {
        self.0.retry();
    }

    /// Has the backend close the order.
    pub fn close(&self) {
        self.0.close();
    }

    /// Requests carry this token from now on.
    pub fn token(&self, token: String) {
        self.0.set_token(Some(token).filter(|token| !token.is_empty()));
    }

    /// Brings an answer about the order, as JSON, and what `performance.now()` was when it was asked for, if that is known.
    /// An empty one is none.
    pub fn first(&self, text: String, asked: Option<f64>) {
        if !text.is_empty() {
            self.0.bring(text, asked);
        }
    }

    /// Offers these ways to pay, by their ids.
    pub fn methods(&self, ids: &JsValue) {
        self.0.set_methods(texts(ids));
    }

    /// Says everything in these words, of the language of this tag.
    pub fn words(&self, tag: &str, list: &JsValue) {
        self.0.set_words(Words::new(tag, texts(list)));
    }

    /// How the order stands.
    pub fn status(&self) -> String {
        self.0.status().to_owned()
    }

    /// What has been told of the order, for the next cashier of the same order (`told` in its options).
    pub fn told(&self) -> String {
        self.0.told()
    }

    /// Whether a fault has ended it in its midst. To be asked in a microtask.
    pub fn died(&self) -> bool {
        self.0.has_died()
    }

    /// Takes it away: no request, timer or listener of it stays, whatever it was in the midst of.
    pub fn end(&self) {
        self.0.end();
    }
}

fn config(options: &JsValue, tell: Function) -> Config {
    let text = |name: &str| text(options, name);
    let list = |name: &str| texts(&get(options, name));
    let early = early(options);
    Config {
        token: text("token"),
        words: Words::new(&text("lang").unwrap_or_default(), list("words")),
        sdk: text("sdk").map(|src| Sdk { src, integrity: text("sdkIntegrity") }).unwrap_or_default(),
        // Where the question is under way, the answer that the page brings was passed over.
        first: if early.is_none() { first(options) } else { None },
        early,
        early_payment: early_payment(options),
        told: text("told"),
        listener: Rc::new(move |news| told(&tell, news)),
        options: Options {
            api: text("api").unwrap_or_default(),
            order_id: text("order").unwrap_or_default(),
            surface: match text("surface").as_deref() {
                Some("till") => Surface::Till,
                Some("counter") => Surface::Counter,
                _ => Surface::Payer,
            },
            allowed_origins: list("origins").iter().map(|origin| origin.trim_end_matches('/').to_owned()).collect(),
            methods: list("methods"),
            way_back: match (get(options, "return").as_f64(), text("return")) {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few seconds")]
                (Some(after_ms), _) if after_ms >= 0.0 => WayBack::After(after_ms as u64),
                // Not a number of seconds: nobody is led away sooner than they can read.
                (Some(_), _) => WayBack::default(),
                (None, Some(_)) => WayBack::ByHand,
                (None, None) => WayBack::None,
            },
            seed: js_sys::Math::random().to_bits() ^ js_sys::Date::now().to_bits().rotate_left(32),
            ..Options::default()
        }
        .with_page_address(),
    }
}

fn texts(list: &JsValue) -> Vec<String> {
    list.dyn_ref::<Array>().map_or_else(Vec::new, |list| list.iter().filter_map(|text| text.as_string()).collect())
}

fn text(options: &JsValue, name: &str) -> Option<String> {
    get(options, name).as_string().filter(|text| !text.is_empty())
}

/// One that cannot be read is as good as none.
fn first(options: &JsValue) -> Option<First> {
    let drawn = text(options, "drawn");
    let shown = drawn.is_some();
    let order = decode(&drawn.or(text(options, "first"))?).and_then(OrderAnswer::whole).ok()?;
    Some(First { order: *order, asked_ms: get(options, "asked").as_f64()?, shown })
}

fn early(options: &JsValue) -> Option<Early> {
    let answer = get(options, "early").dyn_into::<Promise>().ok()?;
    let controller = get(options, "controller").dyn_into::<AbortController>().ok();
    Some(Early { answer, asked_ms: get(options, "asked").as_f64()?, controller })
}

fn early_payment(options: &JsValue) -> Option<EarlyPayment> {
    let payment = get(options, "payment");
    let answer = get(&payment, "answer").dyn_into::<Promise>().ok()?;
    let controller = get(&payment, "controller").dyn_into::<AbortController>().ok();
    Some(EarlyPayment { key: text(&payment, "key")?, answer, controller })
}

/// Passes on what is told: a name for it, and what belongs to it (`docs/embedding.md`, events).
fn told(tell: &Function, news: &News) -> bool {
    let (name, detail) = match news {
        News::Ready => ("ready", JsValue::UNDEFINED),
        News::Expired => ("expired", JsValue::UNDEFINED),
        News::Closed => ("closed", JsValue::UNDEFINED),
        News::Status { report: Report { status, screen, method, stage }, previous } => {
            let fields = [
                ("status", status.word().into()),
                ("screen", (*screen).into()),
                ("method", word(method.as_ref().map(Method::id))),
                ("stage", word(stage.map(Stage::word))),
                ("previous", previous.word().into()),
            ];
            ("status", object(fields))
        }
        News::Paid { amount, paid_by } => {
            let amount = amount.as_ref().map_or(JsValue::NULL, money);
            ("paid", object([("amount", amount), ("paid_by", word(paid_by.as_ref().map(Method::id)))]))
        }
        News::Error(ReportedError { code, detail, fatal }) => {
            let detail = word(detail.as_deref());
            ("error", object([("code", (*code).into()), ("detail", detail), ("fatal", (*fatal).into())]))
        }
        News::Measure(url) => ("measure", object([("url", url.into())])),
        News::Navigate { url, passage, .. } => {
            let reason = match passage {
                Passage::Shop => "shop",
                Passage::Pay => "pay",
                Passage::Login => "login",
                Passage::Unframe => "unframe",
            };
            ("navigate", object([("url", url.into()), ("reason", reason.into())]))
        }
    };
    let asks = matches!(news, News::Navigate { .. });
    let answer = tell.call3(&JsValue::UNDEFINED, &name.into(), &detail, &asks.into());
    // What a listener throws is the page's own trouble, and no reason to stay or to stop.
    !answer.is_ok_and(|answer| answer == false)
}

fn money(money: &Money) -> JsValue {
    #[expect(clippy::cast_precision_loss, reason = "the contract keeps amounts below 2^53")]
    let value = money.value as f64;
    object([("value", value.into()), ("currency", money.currency.code().into())])
}

fn word(word: Option<&str>) -> JsValue {
    word.map_or(JsValue::NULL, JsValue::from_str)
}

fn object(fields: impl IntoIterator<Item = (&'static str, JsValue)>) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a plain property of a plain object cannot fail.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}
