//! The hosted page: reads what the address and the page say, and puts the cashier into `#cashier`.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use wechat_cashier::core::{Options, Surface};
use wechat_cashier::shell::{Config, Sdk, mount};
use wechat_cashier::text::{Lang, Text};

fn main() {
    let Some(element) = document().get_element_by_id("cashier") else { return };
    let Ok(element) = element.dyn_into() else { return };
    let config = config();
    if let Some(root) = document().document_element() {
        // An attribute of that name is always allowed.
        let _ = root.set_attribute("lang", config.lang.tag());
    }
    document().set_title(config.lang.say(Text::WechatPay));
    // The page lives as long as the cashier.
    core::mem::forget(mount(element, config));
}

/// From the address: `order`, `token`, `lang`, `surface`. From the page's own markup, never from the address, where anyone
/// could put an address of theirs: `<meta name="cashier-api" content="/api">`, `<meta name="cashier-origins" content="…">`,
/// `<meta name="cashier-jssdk" content="…">` and `<meta name="cashier-jssdk-integrity" content="…">`.
fn config() -> Config {
    let options = Options::default().with_page_address();
    let query = web_sys::Url::new(&options.page_url).map(|url| url.search_params());
    let asked = |name: &str| query.as_ref().ok().and_then(|query| query.get(name)).filter(|value| !value.is_empty());
    let origins = meta("cashier-origins").unwrap_or_default();
    Config {
        api: meta("cashier-api").unwrap_or_else(|| "/api".to_owned()),
        token: asked("token"),
        lang: lang(asked("lang")),
        sdk: meta("cashier-jssdk")
            .map(|src| Sdk { src, integrity: meta("cashier-jssdk-integrity") })
            .unwrap_or_default(),
        options: Options {
            order_id: asked("order").unwrap_or_default(),
            surface: match asked("surface").as_deref() {
                Some("till") => Surface::Till,
                Some("counter") => Surface::Counter,
                _ => Surface::Payer,
            },
            allowed_origins: origins
                .split(' ')
                .filter(|origin| !origin.is_empty())
                .map(|origin| origin.strip_suffix('/').unwrap_or(origin).to_owned())
                .collect(),
            seed: js_sys::Math::random().to_bits() ^ js_sys::Date::now().to_bits().rotate_left(32),
            ..options
        },
    }
}

/// The language asked for, or the first of the browser's that is there, or English for readers of none.
fn lang(asked: Option<String>) -> Lang {
    let browser = leptos::prelude::window().navigator().languages();
    let wanted = asked.into_iter().chain(browser.iter().filter_map(|tag| tag.as_string()));
    wanted.filter_map(|tag| Lang::serving(&tag)).next().unwrap_or(Lang::En)
}

fn meta(name: &str) -> Option<String> {
    let element = document().query_selector(&["meta[name=", name, "]"].concat()).ok()??;
    element.get_attribute("content").filter(|content| !content.is_empty())
}
