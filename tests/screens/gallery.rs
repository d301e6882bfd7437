//! Every screen as HTML in one file, for what only a browser decides of a picture: whether it can be read, reached and seen
//! (`tests/e2e/support/gallery.mjs`). One that only looks needs no order, no backend and no clock.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use wechat_cashier::contract::{DecodeError, Method, MethodOffer, ProblemCode};
use wechat_cashier::core::{Body, Cause, CodeProblem, Notice, Screen, Stage, Trouble};
use wechat_cashier::text::Lang;

use super::{CODE, html, merchants, money, scan, screen, screens};

/// `{lang: {name: {html, counter}}}`; `counter` is false for a screen that no counter shows.
#[test]
fn the_gallery_is_written() {
    let mut gallery = Map::new();
    for lang in Lang::ALL {
        let mut hall = Map::new();
        for (name, screen) in pictures() {
            let stands = stands_on_a_counter(&screen);
            let picture = json!({
                "html": html(screen.clone(), lang),
                "counter": stands.then(|| html(Screen { ways: Vec::new(), return_to: None, ..screen }, lang)),
            });
            assert!(hall.insert(name.clone(), picture).is_none(), "two are called {name}");
        }
        gallery.insert(lang.tag().to_owned(), Value::Object(hall));
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gallery.json");
    fs::write(file, Value::Object(gallery).to_string()).unwrap();
}

/// What is in no picture is looked at by nobody.
#[test]
fn no_screen_is_missing_from_the_gallery() {
    let pictures = pictures();
    let all = |of: &dyn Fn(&Screen) -> Option<String>| -> BTreeSet<_> {
        pictures.iter().filter_map(|(_, screen)| of(screen)).collect()
    };
    let troubles = all(&|screen| match &screen.body {
        Body::Trouble(trouble) => Some(trouble.code().to_owned()),
        _ => None,
    });
    for code in ProblemCode::ALL.map(ProblemCode::word).into_iter().chain(Cause::ALL.map(Cause::word)) {
        assert!(troubles.contains(code), "{code} is missing");
    }
    let notices = all(&|screen| screen.notice.as_ref().map(|notice| format!("{notice:?}")));
    assert_eq!(notices.len(), notices_over().len());
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/core/screen.rs")).unwrap();
    let (_, names) = source.split_once("pub fn name(&self)").unwrap();
    let (names, _) = names.split_once("\n    }\n").unwrap();
    let names: BTreeSet<_> = names.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert_eq!(all(&|screen| Some(screen.body.name().to_owned())), names);
}

/// All screens by their names: those of the words, and those that have more on them than one word tells.
fn pictures() -> Vec<(String, Screen)> {
    let mut pictures: Vec<_> = screens().into_iter().map(|(body, ..)| (name(&body), with_ways(screen(body)))).collect();
    pictures.push(("idle".to_owned(), Screen { bill: None, way: None, ..screen(Body::Idle) }));
    pictures.push(("loading-first".to_owned(), Screen { bill: None, ..screen(Body::Loading) }));
    pictures.push(("scan-short".to_owned(), with_ways(screen(scan(Some(42))))));
    let here = Screen {
        way: Some(Method::Jsapi.into()),
        ..with_ways(screen(Body::Pay { stage: Stage::Ready, cancelled: false }))
    };
    pictures.push(("pay-here".to_owned(), here));
    pictures.push(("scan-unionpay".to_owned(), Screen { way: Some(unionpay()), ..with_ways(screen(scan(Some(899)))) }));
    let unknown = Some(CodeProblem::Refused { detail: Some("付款码已过期，请刷新后重试".to_owned()) });
    pictures.push(("take-code-detail".to_owned(), with_ways(screen(Body::TakeCode { problem: unknown }))));
    for (name, body) in [
        ("scan", scan(Some(899))),
        ("pay", Body::Pay { stage: Stage::Ready, cancelled: false }),
        ("returned", Body::Returned),
        ("take-code", Body::TakeCode { problem: None }),
        ("paid", Body::Paid { late: true, leave_in_s: Some(5) }),
    ] {
        let open = Screen { suggest: true, ..with_ways(screen(body.clone())) };
        pictures.push((format!("{name}-ways-open"), open));
        let mut long = with_ways(screen(body));
        if let Some(bill) = &mut long.bill {
            bill.description = "Weißer-Pfirsich-Oolong-Teebeutelgroßhandelspackung".repeat(2);
            bill.amount = money(12_345_678_901, "CNY");
            bill.logo_url = Some("data:image/gif;base64,R0lGODlhAQABAAAAACw=".to_owned());
        }
        pictures.push((format!("{name}-long"), long));
    }
    for (name, notice) in notices_over() {
        pictures.push((format!("scan-{name}"), Screen { notice: Some(notice), ..with_ways(screen(scan(Some(899)))) }));
    }
    pictures
}

fn notices_over() -> Vec<(&'static str, Notice)> {
    let error = DecodeError { path: "amount.value".to_owned(), reason: "expected an integer".to_owned() };
    vec![
        ("offline", Notice::Offline),
        ("unreachable", Notice::Unreachable),
        ("refused", Notice::Refused(ProblemCode::RateLimited)),
        ("unreadable", Notice::Unreadable(error)),
        ("not-received", Notice::NotReceived),
        ("copied", Notice::Copied),
        (
            "copy-by-hand",
            Notice::CopyByHand("https://shop.example/cashier/?order=T20261121001&token=0123456789".to_owned()),
        ),
    ]
}

fn unionpay() -> MethodOffer {
    merchants("unionpay", "云闪付 UnionPay")
}

/// As far as the payer can still choose.
fn with_ways(screen: Screen) -> Screen {
    let choosing = match &screen.body {
        Body::Idle
        | Body::Loading
        | Body::Confirming { .. }
        | Body::AwaitPayer { .. }
        | Body::Paid { .. }
        | Body::Expired { renewable: false }
        | Body::Closed
        | Body::Refunded => false,
        Body::Trouble(trouble) => !trouble.is_final(),
        _ => true,
    };
    let ways = if choosing {
        vec![Method::Native.into(), Method::H5.into(), merchants("alipay", "支付宝 Alipay"), unionpay()]
    } else {
        Vec::new()
    };
    let suggest = matches!(screen.body, Body::Trouble(_));
    let way = match &screen.body {
        Body::Pay { .. } | Body::Returned => Some(Method::H5.into()),
        Body::TakeCode { .. } | Body::AwaitPayer { .. } => Some(Method::PaymentCode.into()),
        _ => screen.way.clone(),
    };
    Screen { ways, suggest, way, ..screen }
}

/// Without ways and a way back, that is: what an element with `layout="counter"` comes to show.
fn stands_on_a_counter(screen: &Screen) -> bool {
    !matches!(
        screen.body,
        Body::Pay { .. }
            | Body::Returned
            | Body::TakeCode { .. }
            | Body::AwaitPayer { .. }
            | Body::Scan { in_hand: true, .. }
    ) && !matches!(screen.body, Body::Trouble(Trouble::MissingOrder | Trouble::Wechat { .. } | Trouble::LoginLoop))
        && screen.way.as_ref().is_none_or(|way| way.method == Method::Native)
}

fn name(body: &Body) -> String {
    let more = match body {
        Body::Scan { left_s: None, in_hand: true, .. } => "-in-hand",
        Body::Scan { content, .. } if content == CODE => "",
        Body::Pay { cancelled: true, .. } => "-cancelled",
        Body::Pay { stage, .. } => return format!("pay-{}", stage.word()),
        Body::TakeCode { problem: Some(CodeProblem::Malformed) } => "-malformed",
        Body::TakeCode { problem: Some(CodeProblem::NotConfirmed) } => "-not-confirmed",
        Body::TakeCode { problem: Some(CodeProblem::Refused { .. }) } => "-refused",
        Body::Confirming { can_go_back: false } => "-for-good",
        Body::Paid { late: true, .. } => "-late",
        Body::Expired { renewable: true } => "-renewable",
        Body::Trouble(trouble) => return format!("trouble-{}", trouble.code()),
        _ => "",
    };
    [body.name(), more].concat()
}
