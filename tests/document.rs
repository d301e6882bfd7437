//! `docs/wechat.md`, where it says what the cashier does: its tables of places and of causes are written from here, by what
//! is offered and by the screens as they are drawn. (`src/core/bridge/document.rs` writes the table of WeChat's texts.)
//!
//! `UPDATE_GOLDEN=1 cargo test --lib --test document` writes them anew.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the answer")]

use std::fs;

use leptos::prelude::*;
use wechat_cashier::contract::{Currency, Method, MethodOffer, Money};
use wechat_cashier::core::{App, Bill, Body, Cause, Device, Environment, Screen, Stage, Surface, Tap, Trouble};
use wechat_cashier::text::{Lang, Text};
use wechat_cashier::view::ScreenView;

#[test]
fn the_document_says_what_happens_where() {
    check("What happens where", &places());
}

#[test]
fn the_document_says_what_the_payer_sees_of_each_cause() {
    check("What the payer sees", &causes());
}

/// The rows that stand for more than one place.
#[test]
fn places_that_share_a_row_are_the_same() {
    let offers = all_methods();
    let ways = |app, device| Environment { app, device, framed: false }.ways(Surface::Payer, &offers);
    assert_eq!(ways(App::WeChat, Device::Tablet), ways(App::WeChat, Device::Phone));
    assert_eq!(ways(App::MiniProgram, Device::Tablet), ways(App::MiniProgram, Device::Phone));
    assert_eq!(ways(App::Qq, Device::Tablet), ways(App::Browser, Device::Tablet));
    assert_eq!(ways(App::WeCom, Device::Tablet), ways(App::Browser, Device::Tablet));
    assert_eq!(ways(App::Qq, Device::Desktop), ways(App::Browser, Device::Desktop));
}

/// What the document quotes as “English” (Chinese) are texts of the cashier's.
#[test]
fn the_document_quotes_the_cashiers_own_words() {
    let document = {
        let _nobody_writes = WRITING.lock().unwrap();
        fs::read_to_string(PATH).unwrap()
    };
    let mut checked = 0;
    for rest in document.split('“').skip(1) {
        let Some((english, rest)) = rest.split_once("” (") else { continue };
        let Some((chinese, _)) = rest.split_once(')') else { continue };
        if english.contains('\n') || chinese.is_ascii() {
            continue;
        }
        let says = |text: &Text, lang: Lang, words: &str| lang.say(*text).replace("{}", "…") == words;
        let is_one = Text::ALL.iter().any(|text| says(text, Lang::En, english) && says(text, Lang::ZhCn, chinese));
        assert!(is_one, "docs/wechat.md: the cashier does not say “{english}” ({chinese})");
        checked += 1;
    }
    assert!(checked >= 10, "only {checked} quotes found");
}

// ---- The tables

fn places() -> String {
    use {App::*, Device::*};
    let payers = [
        ("WeChat on a phone or a tablet", WeChat, Phone),
        ("WeChat for Windows, Mac or Linux", WeChatDesktop, Desktop),
        ("A mini-program's web-view on a phone or a tablet", MiniProgram, Phone),
        ("A mini-program's web-view on a computer", MiniProgram, Desktop),
        ("WeCom (企业微信) on a phone", WeCom, Phone),
        ("WeCom on a computer", WeCom, Desktop),
        ("Alipay's app", Alipay, Phone),
        ("UnionPay's app (云闪付), and banks' that speak for it", UnionPay, Phone),
        ("QQ on a phone", Qq, Phone),
        ("A phone's browser", Browser, Phone),
        ("A tablet's browser, WeCom and QQ on it", Browser, Tablet),
        ("A computer's browser, and QQ there", Browser, Desktop),
    ];
    let mut places: Vec<_> = payers.map(|(name, app, device)| (name, app, device, Surface::Payer)).into();
    places.push(("A counter's screen (`surface=counter`)", Browser, Desktop, Surface::Counter));
    places.push(("A till (`surface=till`)", Browser, Desktop, Surface::Till));
    let mut table = "\n| opened in | ways, the best first | what the payer sees first |\n|---|---|---|\n".to_owned();
    let offers = all_methods();
    for (name, app, device, surface) in places {
        let environment = Environment { app, device, framed: false };
        let ways = environment.ways(surface, &offers);
        let names: Vec<String> = ways.iter().map(|way| ["`", way.method.id(), "`"].concat()).collect();
        table += &format!("| {name} | {} | {} |\n", names.join(", "), first_sight(ways[0], environment.in_hand()));
    }
    table + "\n"
}

/// What the payer sees of a way that is begun with: texts that its screen has, and what comes of it.
fn first_sight(way: &MethodOffer, in_hand: bool) -> String {
    let button = Body::Pay { stage: Stage::Ready, cancelled: false };
    let (body, texts, then): (Body, &[Text], &str) = match way.method {
        Method::Native => {
            let hint = if in_hand { Text::ScanElsewhere } else { Text::ScanHint };
            (Body::Scan { content: "weixin://wxpay/bizpayurl?pr=1".to_owned(), left_s: None, in_hand }, &[hint], "A QR")
        }
        Method::Jsapi => (button, &[Text::PayNow], "opens WeChat's payment sheet over the page"),
        Method::H5 => (button, &[Text::PayNow], "opens WeChat; back on the page, the payer is asked what came of it"),
        Method::MiniProgram => (button, &[Text::PayNow], "opens the mini-program's own pay page"),
        Method::PaymentCode => {
            (Body::TakeCode { problem: None }, &[Text::TakeCode], "A field that takes the scanner's 18 digits")
        }
        Method::Merchant(_) => (button, &[Text::PayNow], "goes to what your backend answers, or draws it as a QR"),
    };
    let drawn = screen(body, way.clone());
    let quotes: Vec<String> = texts.iter().map(|text| quote(&drawn, *text)).collect();
    let button = matches!(drawn.body, Body::Pay { .. });
    if button {
        format!("A button, {}, that {then}.", quotes.join(", "))
    } else {
        format!("{then}: {}.", quotes.join(", "))
    }
}

fn causes() -> String {
    let mut table = "\n| `cause` | what the payer sees |\n|---|---|\n".to_owned();
    for cause in Cause::ALL {
        let body = match cause {
            // What the core makes of it.
            Cause::AlreadyPaid => Body::Confirming { can_go_back: true },
            _ => Body::Trouble(Trouble::Wechat { cause, said: "get_brand_wcpay_request:fail".to_owned() }),
        };
        let screen = screen(body, Method::Jsapi.into());
        let [english, chinese] = [Lang::En, Lang::ZhCn].map(|lang| {
            let html = html(&screen, lang);
            [text_of(&html, "wc-title"), text_of(&html, "wc-text")].join("<br>")
        });
        table += &format!("| `{}` | {english}<br>{chinese} |\n", cause.word());
    }
    table + "\n"
}

// ---- Helpers

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/wechat.md");
const END: &str = "<!-- / -->";

fn check(what: &str, table: &str) {
    let begin = format!("<!-- {what}, written by tests/document.rs -->\n");
    // The tests run side by side: each reads what it writes to right before.
    let _one_at_a_time = WRITING.lock().unwrap();
    let document = fs::read_to_string(PATH).unwrap();
    let (before, rest) = document.split_once(&begin).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(PATH, [before, &begin, table, END, after].concat()).unwrap();
    } else {
        assert!(
            written == table,
            "docs/wechat.md ({what}) is not what the cashier does. To write it anew: UPDATE_GOLDEN=1 cargo test --test document"
        );
    }
}

static WRITING: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// A text that the screen has, in both languages.
fn quote(screen: &Screen, text: Text) -> String {
    let [english, chinese] = [Lang::En, Lang::ZhCn].map(|lang| {
        let html = html(screen, lang);
        let words = lang.say(text);
        assert!(words.split("{}").all(|part| html.contains(part)), "{words} is not on the screen: {html}");
        words.replace("{}", "…")
    });
    format!("“{english}” ({chinese})")
}

/// The text of the first element of this class.
fn text_of<'a>(html: &'a str, class: &str) -> &'a str {
    let (_, rest) = html.split_once(&format!("class=\"{class}\"")).unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split_once('<').unwrap().0
}

fn html(screen: &Screen, lang: Lang) -> String {
    let owner = Owner::new();
    let html = owner.with(|| {
        let screen = RwSignal::new(screen.clone());
        view! { <ScreenView screen words=lang on_tap=Callback::new(|_: Tap| ()) /> }.to_html()
    });
    // Leptos marks places with comments.
    let mut plain = String::new();
    for (index, part) in html.split("<!").enumerate() {
        plain.push_str(if index == 0 { part } else { part.split_once('>').map_or("", |(_, rest)| rest) });
    }
    plain
}

fn screen(body: Body, way: MethodOffer) -> Screen {
    let bill = Bill {
        order_id: "T20261121001".to_owned(),
        merchant: "Tea House".to_owned(),
        logo_url: None,
        description: "Oolong tea, 250 g".to_owned(),
        amount: Money { value: 1999, currency: Currency::new("CNY").unwrap() },
    };
    let (ways, staff) = (Vec::new(), false);
    Screen { bill: Some(bill), way: Some(way), body, ways, suggest: false, notice: None, return_to: None, staff }
}

/// All of WeChat Pay's, and three of the merchant's own.
fn all_methods() -> Vec<MethodOffer> {
    let ids = ["native", "jsapi", "h5", "mini_program", "payment_code", "alipay", "unionpay", "ecny"];
    let offer =
        |id: &str| MethodOffer { method: Method::from(id.to_owned()), label: Some(id.to_owned()), icon_url: None };
    ids.map(offer).into()
}
