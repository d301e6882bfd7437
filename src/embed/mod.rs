//! What JavaScript calls: the cashier behind `<wechat-cashier>` and the hosted page. Browser only.
//!
//! The scripts beside this file do what must be done before the wasm is there, or without it: `load.js` brings it, `host.js`
//! turns what is told into DOM events, `element.js` is the custom element, `page.js` the hosted page.
#![allow(unsafe_code, reason = "what wasm_bindgen writes for an export")]

use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, HtmlElement};

use crate::contract::Method;
use crate::core::{Options, Passage, Report, ReportedError, Stage, Surface, WayBack};
use crate::shell::{Config, Early, Mounted, News, Sdk, get, mount};
use crate::text::Words;

/// A cashier in the page. `free()` takes it away.
#[wasm_bindgen]
pub struct Cashier(Mounted);

#[wasm_bindgen]
impl Cashier {
    /// Puts a cashier into `place`. `options` is read as `src/embed/host.js` writes it; `tell` is called with what is told.
    #[wasm_bindgen(constructor)]
    pub fn new(place: HtmlElement, options: &JsValue, tell: Function) -> Self {
        Self(mount(place, config(options, tell)))
    }

    /// Asks about the order now.
    pub fn refresh(&self) {
        self.0.refresh();
    }

    /// Whether it can go on: an error that came out of its midst has left it with a part taken out.
    pub fn is_well(&self) -> bool {
        self.0.is_well()
    }

    /// As the payer's "try again".
    pub fn retry(&self) {
        self.0.retry();
    }

    /// Has the backend close the order.
    pub fn close(&self) {
        self.0.close();
    }
}

fn config(options: &JsValue, tell: Function) -> Config {
    let text = |name: &str| get(options, name).as_string().filter(|text| !text.is_empty());
    let texts = |name: &str| -> Vec<String> {
        let list = get(options, name);
        list.dyn_ref::<Array>().map_or_else(Vec::new, |list| list.iter().filter_map(|text| text.as_string()).collect())
    };
    Config {
        api: text("api").unwrap_or_default(),
        token: text("token"),
        words: Words::new(&text("lang").unwrap_or_default(), texts("words")),
        sdk: text("sdk").map(|src| Sdk { src, integrity: text("sdkIntegrity") }).unwrap_or_default(),
        early: early(options),
        listener: Rc::new(move |news| told(&tell, news)),
        options: Options {
            order_id: text("order").unwrap_or_default(),
            surface: match text("surface").as_deref() {
                Some("till") => Surface::Till,
                Some("counter") => Surface::Counter,
                _ => Surface::Payer,
            },
            allowed_origins: texts("origins").iter().map(|origin| origin.trim_end_matches('/').to_owned()).collect(),
            methods: texts("methods"),
            way_back: match (get(options, "return").as_f64(), text("return")) {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few seconds")]
                (Some(after_ms), _) if after_ms >= 0.0 => WayBack::After(after_ms as u64),
                // Not a number of seconds: nobody is led away sooner than they can read.
                (Some(_), _) => WayBack::default(),
                (None, Some(_)) => WayBack::ByHand,
                (None, None) => WayBack::None,
            },
            seed: js_sys::Math::random().to_bits() ^ js_sys::Date::now().to_bits().rotate_left(32),
            ..Options::default().with_page_address()
        },
    }
}

fn early(options: &JsValue) -> Option<Early> {
    let answer = get(options, "early").dyn_into::<Promise>().ok()?;
    let controller = get(options, "controller").dyn_into::<AbortController>().ok();
    Some(Early { answer, asked_ms: get(options, "asked").as_f64()?, controller })
}

/// Passes on what is told: a word for it, and what belongs to it.
fn told(tell: &Function, news: News<'_>) -> bool {
    let mut amount = None;
    let words: Vec<Option<&str>> = match &news {
        News::Report(Report { status, screen, method, stage, error }) => {
            let (code, detail, fatal) = match error {
                Some(ReportedError { code, detail, fatal }) => {
                    (Some(*code), detail.as_deref(), fatal.then_some("fatal"))
                }
                None => (None, None, None),
            };
            let method = method.as_ref().map(Method::id);
            vec![
                Some("report"),
                Some(status.word()),
                Some(*screen),
                method,
                stage.map(Stage::word),
                code,
                detail,
                fatal,
            ]
        }
        News::Measure(url) => vec![Some("measure"), Some(url)],
        News::Paid(money) => {
            #[expect(clippy::cast_precision_loss, reason = "the contract keeps amounts below 2^53")]
            let value = money.value as f64;
            amount = Some(value);
            vec![Some("paid"), Some(money.currency.code())]
        }
        News::Go { url, passage } => {
            let reason = match passage {
                Passage::Shop => "shop",
                Passage::Pay => "pay",
                Passage::Login => "login",
                Passage::Unframe => "unframe",
            };
            vec![Some("go"), Some(url), Some(reason)]
        }
    };
    let words: Array = words.into_iter().map(|word| word.map_or(JsValue::NULL, JsValue::from_str)).collect();
    if let Some(amount) = amount {
        words.push(&amount.into());
    }
    // What a listener throws is the page's own trouble, and no reason to stay or to stop.
    !tell.apply(&JsValue::UNDEFINED, &words).is_ok_and(|answer| answer == false)
}
