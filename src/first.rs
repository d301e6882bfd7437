//! What the scripts of the first picture (`src/embed/first/`) know of the rules: written out for them, so that each is
//! said once. `tests/first.rs` writes it.

use crate::contract::{Currency, Method, MethodOffer};
use crate::core::{Environment, KEPT, KEY_START, QR_CONTENT_MAX, QR_SCHEME, RETURNED, Surface, agents, kept_question};
use crate::text::{Lang, Text};
use crate::view::{DRESSED_MAX, FOLDED_FROM, LONG_AMOUNTS, PARTS, SHORT_S, SIGNS};

/// The texts on the picture.
const TEXTS: [Text; 10] = [
    Text::WechatPay,
    Text::AmountDue,
    Text::Ways,
    Text::OrderNumber,
    Text::ScanHint,
    Text::ScanOnly,
    Text::QrAlt,
    Text::TimeLeft,
    Text::HavePaid,
    Text::NewCode,
];

/// The parts that are not on the picture.
const NOT_THERE: [&str; 4] = ["text", "link", "way", "notice"];

/// The contract's own ways to pay.
static METHODS: [Method; 5] = [Method::Native, Method::H5, Method::Jsapi, Method::MiniProgram, Method::PaymentCode];

/// Their ids: of those that are offered on a computer, and of the others.
fn by_place() -> (Vec<&'static str>, Vec<&'static str>) {
    let offers = METHODS.each_ref().map(|method| MethodOffer::from(method.clone()));
    let ways = Environment::default().ways(Surface::Payer, &offers);
    METHODS.iter().map(Method::id).partition(|id| ways.iter().any(|way| way.method.id() == *id))
}

/// One, where all are the same.
fn differing<'a>(signs: &'a [&'a str]) -> &'a [&'a str] {
    if signs.iter().all(|sign| sign == &signs[0]) { &signs[..1] } else { signs }
}

/// The module `src/embed/first/rules.js`.
pub fn rules() -> String {
    let (here, elsewhere) = by_place();
    let quoted = |texts: &[&str]| texts.iter().map(|text| format!("'{text}'")).collect::<Vec<_>>().join(", ");
    let parts: Vec<_> = PARTS.into_iter().filter(|part| !NOT_THERE.contains(part)).collect();
    let agents: Vec<_> = agents().map(|word| word.replace('/', "\\/").replace('(', "\\(")).collect();
    let agents = agents.join("|");
    let money = SIGNS.iter().filter_map(|(code, signs)| {
        Some(format!("{code}: [{}, {}]", Currency::new(code)?.exponent(), quoted(differing(signs))))
    });
    let names: Vec<_> =
        TEXTS.iter().enumerate().map(|(at, text)| format!("export const {} = {at};", text.key())).collect();
    let places = TEXTS.map(|text| (text as usize).to_string());
    let said =
        Lang::ALL.map(|lang| format!("'{}': [{}]", lang.tag(), quoted(&TEXTS.map(|text| lang.say(text))))).join(", ");
    [
        "// Written by tests/first.rs out of src/first.rs: UPDATE_GOLDEN=1 cargo test --test first".to_owned(),
        "/** What the user agent of a computer's own browser has none of. */".to_owned(),
        format!("export const AGENTS = /{agents}/i;"),
        format!("export const CODE_START = '{QR_SCHEME}';"),
        format!("export const CODE_MAX = {QR_CONTENT_MAX};"),
        format!("export const RETURNED = '{RETURNED}';"),
        "/** What is kept for an order has a name that begins so. */".to_owned(),
        format!("export const KEPT = '{KEPT}';"),
        "/** And what is kept of a payment that was asked for, but for the key of the question. */".to_owned(),
        format!("export const KEPT_QUESTION = {:?};", kept_question("")),
        format!("export const KEY_START = '{KEY_START}';"),
        "/** Of the contract's own ways to pay, those that do not work on a computer, and all. */".to_owned(),
        format!("export const ELSEWHERE = [{}];", quoted(&elsewhere)),
        format!("export const KNOWN = [{}, ...ELSEWHERE];", quoted(&here)),
        "/** Of the currencies that the first picture writes, the exponent of ISO 4217, and the sign, in each language where it differs. */".to_owned(),
        format!("export const MONEY = {{ {} }};", money.collect::<Vec<_>>().join(", ")),
        format!("export const DRESSED_MAX = {DRESSED_MAX};"),
        "/** An amount of more signs is written smaller. */".to_owned(),
        format!("export const LONG = [{}];", LONG_AMOUNTS.map(|most| most.to_string()).join(", ")),
        format!("export const FOLDED_FROM = {FOLDED_FROM};"),
        format!("export const SHORT_S = {SHORT_S};"),
        format!("export const PARTS = [{}];", quoted(&parts)),
        "// The texts of the picture: which of these lists each is. A number, so that no name of it reaches the payer.".to_owned(),
        names.join("\n"),
        "/** Where they are in the list of words. */".to_owned(),
        format!("export const WORDS = [{}];", places.join(", ")),
        "/** The built-in ones, which are then not waited for. */".to_owned(),
        format!("export const SAID = {{ {said} }};"),
    ]
    .join("\n")
        + "\n"
}
