//! Every screen in every language, as rendered HTML: what only a browser decides (layout, colours, motion) is not here.

#![expect(clippy::unwrap_used, reason = "a test says so what it takes for granted")]

#[path = "screens/gallery.rs"]
mod gallery;

use leptos::prelude::*;
use wechat_cashier::contract::{Currency, DecodeError, Method, MethodOffer, Money, ProblemCode};
use wechat_cashier::core::{Bill, Body, Cause, CodeProblem, Notice, Screen, Stage, Tap, Trouble};
use wechat_cashier::text::{Lang, Text, Words, fill};
use wechat_cashier::view::{QrShape, ScreenView};

const CODE: &str = "weixin://wxpay/bizpayurl?pr=Zim81N5zz";

fn money(value: i64, code: &str) -> Money {
    Money { value, currency: Currency::new(code).unwrap() }
}

fn screen(body: Body) -> Screen {
    let bill = Bill {
        order_id: "T20261121001".to_owned(),
        merchant: "Tea <House>".to_owned(),
        logo_url: None,
        description: "Oolong tea, 250 g".to_owned(),
        amount: money(1999, "CNY"),
    };
    Screen {
        bill: Some(bill),
        way: Some(Method::Native.into()),
        ways: Vec::new(),
        suggest: false,
        notice: None,
        return_to: body.is_the_end().then(|| "https://shop.example/orders/1".to_owned()),
        staff: false,
        body,
    }
}

fn merchants(id: &str, label: &str) -> MethodOffer {
    MethodOffer { method: Method::Merchant(id.to_owned()), label: Some(label.to_owned()), icon_url: None }
}

fn scan(left_s: Option<u64>) -> Body {
    Body::Scan { content: CODE.to_owned(), left_s, in_hand: false }
}

/// The HTML without the comments that Leptos marks places with.
fn html(screen: Screen, lang: impl Into<Words>) -> String {
    let words = lang.into();
    let owner = Owner::new();
    let html = owner.with(|| {
        let screen = RwSignal::new(screen);
        view! { <ScreenView screen words=words on_tap=Callback::new(|_: Tap| ()) /> }.to_html()
    });
    let mut plain = String::new();
    for (index, part) in html.split("<!").enumerate() {
        plain.push_str(if index == 0 { part } else { part.split_once('>').map_or("", |(_, rest)| rest) });
    }
    plain
}

fn buttons(html: &str) -> usize {
    html.matches("<button").count()
}

/// Each screen with the texts it must have and how many things there are to press.
fn screens() -> Vec<(Body, Vec<Text>, usize)> {
    let refused = |code| Trouble::Refused { code, detail: Some("said the backend".to_owned()), told: String::new() };
    let mut screens = vec![
        (Body::Loading, vec![Text::Loading], 0),
        (scan(Some(899)), vec![Text::ScanHint, Text::ScanOnly, Text::TimeLeft, Text::HavePaid, Text::NewCode], 2),
        (
            Body::Scan { content: CODE.to_owned(), left_s: None, in_hand: true },
            vec![Text::ScanElsewhere, Text::ScanOnly, Text::HavePaid, Text::NewCode, Text::CopyLink],
            3,
        ),
        (Body::Pay { stage: Stage::Preparing, cancelled: false }, vec![Text::PayPreparing], 1),
        (Body::Pay { stage: Stage::Ready, cancelled: false }, vec![Text::PayTitle, Text::PayThere], 1),
        (Body::Pay { stage: Stage::Ready, cancelled: true }, vec![Text::Cancelled, Text::CancelledText], 1),
        (
            Body::Pay { stage: Stage::Opening, cancelled: false },
            vec![Text::PayOpening, Text::PayOpeningText, Text::HavePaid, Text::Retry],
            2,
        ),
        (Body::Returned, vec![Text::Returned, Text::ReturnedText, Text::Finished, Text::PayAgain], 2),
        (Body::TakeCode { problem: None }, vec![Text::TakeCode, Text::TakeCodeText, Text::CodeField], 1),
        (Body::TakeCode { problem: Some(CodeProblem::Malformed) }, vec![Text::CodeMalformed, Text::CodeField], 1),
        (Body::TakeCode { problem: Some(CodeProblem::NotConfirmed) }, vec![Text::CodeNotConfirmed], 1),
        (Body::TakeCode { problem: Some(CodeProblem::Refused { detail: None }) }, vec![Text::CodeRefused], 1),
        (Body::AwaitPayer { left_s: Some(45) }, vec![Text::AwaitPayer, Text::AwaitPayerText], 0),
        (Body::Confirming { can_go_back: true }, vec![Text::Confirming, Text::ConfirmingText, Text::Back], 1),
        (Body::Confirming { can_go_back: false }, vec![Text::Confirming, Text::ConfirmingText, Text::Retry], 1),
        (
            Body::Paid { late: false, leave_in_s: Some(5) },
            vec![Text::Paid, Text::PaidText, Text::Return, Text::Stay],
            1,
        ),
        (Body::Paid { late: true, leave_in_s: None }, vec![Text::Paid, Text::PaidLate, Text::Return], 0),
        (
            Body::Expired { renewable: true },
            vec![Text::CodeExpired, Text::CodeExpiredText, Text::NewCode, Text::HavePaid],
            2,
        ),
        (Body::Expired { renewable: false }, vec![Text::OrderExpired, Text::OrderOverText, Text::HavePaid], 1),
        (Body::Closed, vec![Text::Closed, Text::OrderOverText, Text::HavePaid], 1),
        (Body::Refunded, vec![Text::Refunded, Text::RefundedText, Text::Return], 0),
        (Body::Trouble(Trouble::MissingOrder), vec![Text::MissingOrder, Text::MissingOrderText, Text::SupportCode], 1),
        (
            Body::Trouble(Trouble::Unreachable { told: String::new() }),
            vec![Text::Unreachable, Text::UnreachableText, Text::Retry],
            2,
        ),
        (
            Body::Trouble(Trouble::NoMethod { told: String::new() }),
            vec![Text::NoMethod, Text::NoMethodText, Text::Retry, Text::CopyLink],
            3,
        ),
        (
            Body::Trouble(Trouble::AmountChanged { shown: money(1999, "CNY"), came: money(2999, "CNY") }),
            vec![Text::AmountChanged, Text::AmountChangedText, Text::SupportCode],
            1,
        ),
        (
            Body::Trouble(Trouble::NotAllowed { address: "https://evil.example/".to_owned() }),
            vec![Text::Faulty, Text::FaultyText, Text::Copy],
            2,
        ),
        (
            Body::Trouble(Trouble::Unreadable {
                error: DecodeError { path: "amount.value".to_owned(), reason: "expected …".to_owned() },
                told: String::new(),
            }),
            vec![Text::Faulty, Text::FaultyText, Text::Copy],
            2,
        ),
    ];
    screens
        .extend(ProblemCode::ALL.map(|code| (Body::Trouble(refused(code)), vec![Text::SupportCode, Text::Retry], 2)));
    screens.extend(Cause::ALL.map(|cause| {
        let trouble = Trouble::Wechat { cause, said: "get_brand_wcpay_request:fail".to_owned() };
        (Body::Trouble(trouble), vec![Text::SupportCode, Text::Retry, Text::HavePaid], 3)
    }));
    screens.push((Body::Trouble(Trouble::LoginLoop), vec![Text::LoginLoop, Text::LoginLoopText, Text::Retry], 2));
    screens
}

#[test]
fn every_screen_says_what_it_must_in_every_language() {
    for lang in Lang::ALL {
        for (body, texts, presses) in screens() {
            let html = html(screen(body.clone()), lang);
            let what = format!("{} in {}: {html}", body.name(), lang.tag());
            assert!(html.contains(&format!("data-screen=\"{}\"", body.name())), "{what}");
            assert!(html.contains(&format!("lang=\"{}\"", lang.tag())), "{what}");
            for text in texts {
                assert!(html.contains(lang.say(text)), "{text:?} is missing. {what}");
            }
            assert_eq!(buttons(&html), presses, "{what}");
            assert!(!html.contains("{}"), "a value was not put in. {what}");
            assert_eq!(html.matches("<path").count() > 0 && html.contains("data-qr"), body.name() == "scan", "{what}");
        }
    }
}

/// Whoever paid by the shop's Alipay is not told that it was by WeChat Pay.
#[test]
fn once_it_is_paid_no_way_is_named_but_the_one_that_the_backend_says() {
    let named = |body: Body, way| !html(Screen { way, ..screen(body) }, Lang::En).contains(r#"part="method"></p>"#);
    let unlabelled = || MethodOffer { method: Method::from("alipay".to_owned()), label: None, icon_url: None };
    for body in [Body::Paid { late: false, leave_in_s: None }, Body::Refunded] {
        assert!(named(body.clone(), Some(Method::Native.into())));
        assert!(!named(body.clone(), None) && !named(body, Some(unlabelled())));
    }
    assert!(named(Body::Loading, None), "before that it is the one at hand, or the first");
}

/// At a till it is not the payer who reads.
#[test]
fn a_till_speaks_to_staff() {
    for lang in Lang::ALL {
        let (amount, paid) = (if lang == Lang::ZhCn { "¥19.99" } else { "CN¥19.99" }, Lang::say(lang, Text::TillPaid));
        let ends = [
            (Body::Paid { late: false, leave_in_s: None }, Text::TillPaidText, Text::PaidText),
            (Body::Paid { late: true, leave_in_s: None }, Text::TillPaidLate, Text::PaidLate),
            (Body::Expired { renewable: false }, Text::TillOverText, Text::OrderOverText),
            (Body::Closed, Text::TillOverText, Text::OrderOverText),
        ];
        for (body, said, unsaid) in ends {
            let html = html(Screen { staff: true, ..screen(body.clone()) }, lang);
            assert!(html.contains(lang.say(said)) && !html.contains(lang.say(unsaid)), "{html}");
            let is_paid = matches!(body, Body::Paid { .. });
            assert_eq!(
                html.matches(&format!(">{}<", fill(paid, amount))).count(),
                if is_paid { 2 } else { 0 },
                "{html}"
            );
        }
    }
}

/// Nobody at a till is to ask the shop: they are the shop.
#[test]
fn a_trouble_at_a_till_speaks_to_staff() {
    let shop = [
        (Lang::En, vec![" the shop", "you have paid"]),
        (Lang::ZhCn, vec!["商家", "您"]),
        (Lang::ZhHk, vec!["商戶", "您"]),
    ];
    for (lang, payers) in shop {
        for (body, ..) in screens() {
            let Body::Trouble(trouble) = &body else { continue };
            let html = html(Screen { staff: true, return_to: None, ..screen(body.clone()) }, lang);
            let (_, text) = html.split_once(r#"class="wc-text""#).unwrap();
            let (text, _) = text.split_once("</p>").unwrap();
            let asks = |word: &&str| text.contains(*word);
            // It is the staff's own network.
            if !matches!(trouble, Trouble::Unreachable { .. }) {
                assert!(!payers.iter().any(asks), "{}: {text}", trouble.code());
            }
            if !trouble.is_final() {
                assert!(html.contains(r#"data-tap="retry""#));
            } else {
                assert!(!text.contains(lang.say(Text::Retry)), "there is no such button: {text}");
            }
        }
    }
}

/// A broken picture must have something to give way to, also where no program ever comes.
#[test]
fn every_picture_stands_beside_what_stands_in_for_it() {
    let mut screen = screen(Body::Returned);
    screen.bill.as_mut().unwrap().logo_url = Some("/logo.png".to_owned());
    let icon = |id, label| MethodOffer { icon_url: Some(format!("/{id}.svg")), ..merchants(id, label) };
    screen.ways = vec![Method::Native.into(), icon("alipay", "支付宝"), icon("unionpay", "云闪付")];
    let html = html(screen, Lang::ZhCn);
    let pictures: Vec<&str> = html.split("<img").skip(1).collect();
    assert_eq!(pictures.len(), 3, "{html}");
    for picture in pictures {
        let (attributes, rest) = picture.split_once('>').unwrap();
        assert!(!attributes.contains("data-loaded") && attributes.contains("alt=\"\""), "{html}");
        assert!(rest.starts_with("<p class=\"wc-logo\"") || rest.starts_with("<svg class=\"wc-icon\""), "{html}");
    }
}

#[test]
fn what_is_long_and_the_merchants_is_folded_and_all_there() {
    for (words, long) in [
        ("Oolong tea, 250 g", false),
        (&*"x".repeat(64), false),
        (&*"x".repeat(65), true),
        (&*"茶".repeat(32), false),
        (&*"茶".repeat(33), true),
    ] {
        let mut screen = screen(scan(None));
        let bill = screen.bill.as_mut().unwrap();
        (bill.merchant, bill.description) = (words.to_owned(), words.to_owned());
        let html = html(screen, Lang::En);
        for class in ["name", "description"] {
            let (_, element) = html.split_once(&format!(" class=\"wc-{class}\"")).unwrap();
            let (_, inside) = element.split_once('>').unwrap();
            let before = if long { "<summary><p dir=\"auto\">" } else { "" };
            assert!(inside.starts_with(&format!("{before}{words}<")), "{class}: {html}");
        }
    }
}

#[test]
fn a_card_is_written_as_its_words_are() {
    let said = |tag: &str| html(screen(Body::Closed), Words::by(tag, |text| Lang::En.say(text)));
    for (tag, dir) in
        [("ar", "rtl"), ("ar-EG", "rtl"), ("he", "rtl"), ("FA", "rtl"), ("en", "ltr"), ("zh-CN", "ltr"), ("art", "ltr")]
    {
        assert!(said(tag).contains(&format!(" dir=\"{dir}\" data-screen")), "{tag}: {}", said(tag));
    }
}

/// Field problem 3: WeChat on iOS shows none.
#[test]
fn no_screen_is_in_a_frame() {
    for (body, ..) in screens() {
        let html = html(screen(body), Lang::ZhCn);
        assert!(["<iframe", "<frame", "<object", "<embed"].iter().all(|tag| !html.contains(tag)), "{html}");
    }
}

#[test]
fn the_bill_is_on_every_screen_and_what_the_merchant_wrote_stays_text() {
    for (body, ..) in screens() {
        let html = html(screen(body), Lang::En);
        for words in ["Tea &lt;House&gt;", "CN¥19.99", "Oolong tea, 250 g", "T20261121001"] {
            assert!(html.contains(words), "{words}: {html}");
        }
    }
}

#[test]
fn an_amount_is_called_due_only_while_it_is() {
    for (body, ..) in screens() {
        let due = matches!(
            body,
            Body::Loading
                | Body::Scan { .. }
                | Body::Pay { .. }
                | Body::Returned
                | Body::TakeCode { .. }
                | Body::AwaitPayer { .. }
                | Body::Confirming { .. }
                | Body::Expired { renewable: true }
        );
        let html = html(screen(body.clone()), Lang::En);
        assert_eq!(html.contains(Lang::En.say(Text::AmountDue)), due, "{body:?}");
        assert_eq!(html.contains(Lang::En.say(Text::AmountPaid)), matches!(body, Body::Paid { .. }), "{body:?}");
    }
}

#[test]
fn amounts_have_the_currencys_own_decimals() {
    for (value, code, text) in [(1999, "CNY", "CN¥19.99"), (1999, "JPY", "¥1,999"), (1999, "KWD", "KWD\u{a0}1.999")] {
        let mut screen = screen(Body::Closed);
        screen.bill.as_mut().unwrap().amount = money(value, code);
        let html = html(screen, Lang::En);
        assert!(html.contains(text), "{text}: {html}");
    }
}

#[test]
fn a_screen_with_no_bill_keeps_its_place() {
    let html = html(Screen { bill: None, ..screen(Body::Loading) }, Lang::ZhCn);
    assert_eq!(html.matches("wc-bar").count(), 5, "{html}");
    assert!(html.contains("data-screen=\"loading\""), "{html}");
}

#[test]
fn notices_are_laid_over_and_said() {
    let notices = [
        (Notice::Offline, Text::NoticeOffline, 1),
        (Notice::Unreachable, Text::NoticeUnreachable, 1),
        (Notice::NotReceived, Text::NoticeNotReceived, 0),
        (Notice::Copied, Text::NoticeCopied, 0),
        (Notice::CopyByHand("https://shop.example/pay".to_owned()), Text::NoticeCopyByHand, 0),
    ];
    for lang in Lang::ALL {
        for (notice, text, presses) in notices.clone() {
            let mut screen = screen(Body::Closed);
            let without = buttons(&html(screen.clone(), lang));
            screen.notice = Some(notice);
            let html = html(screen, lang);
            assert!(html.contains(&fill(lang.say(text), "https://shop.example/pay")), "{html}");
            assert_eq!(buttons(&html), without + presses, "{html}");
        }
        let mut screen = screen(Body::Closed);
        screen.notice = Some(Notice::Refused(ProblemCode::RateLimited));
        assert!(html(screen, lang).contains(&fill(lang.say(Text::NoticeRefused), "rate_limited")));
    }
}

#[test]
fn an_expired_code_is_not_in_the_page() {
    for body in [Body::Expired { renewable: true }, Body::Confirming { can_go_back: true }, Body::Closed] {
        let html = html(screen(body), Lang::En);
        assert!(!html.contains("weixin") && !html.contains("wc-qr"), "{html}");
    }
}

#[test]
fn the_qr_is_dark_on_white_with_its_quiet_zone() {
    let html = html(screen(scan(None)), Lang::En);
    let shape = QrShape::of(CODE).unwrap();
    assert!(html.contains(&format!("viewBox=\"0 0 {0} {0}\"", shape.side)), "{html}");
    assert!(html.contains("fill=\"#fff\"") && html.contains("fill=\"#000\""), "{html}");
    assert!(html.contains(&shape.path), "{html}");
    let numbers = shape.path.split(['M', ' ', 'h', 'v', 'z', '-']).filter_map(|number| number.parse::<usize>().ok());
    assert!(numbers.max() < Some(shape.side - 3), "no module in the quiet zone");
}

#[test]
fn the_pay_button_says_the_amount_and_waits_until_it_can_be_tapped() {
    for lang in Lang::ALL {
        for (stage, disabled) in [(Stage::Preparing, true), (Stage::Ready, false)] {
            let html = html(screen(Body::Pay { stage, cancelled: false }), lang);
            let amount = if lang == Lang::ZhCn { "¥19.99" } else { "CN¥19.99" };
            assert!(html.contains(&fill(lang.say(Text::PayNow), amount)), "{html}");
            assert_eq!(html.contains("disabled"), disabled, "{html}");
            assert_eq!(html.contains("data-tap=\"pay\""), !disabled, "{html}");
        }
    }
}

#[test]
fn a_way_inside_wechat_says_that_the_payer_stays() {
    for (method, text) in
        [(Method::Jsapi, Text::PayHere), (Method::MiniProgram, Text::PayHere), (Method::H5, Text::PayThere)]
    {
        let screen = Screen { way: Some(method.into()), ..screen(Body::Pay { stage: Stage::Ready, cancelled: false }) };
        assert!(html(screen, Lang::En).contains(Lang::En.say(text)));
    }
}

#[test]
fn the_merchants_own_methods_are_called_by_their_names() {
    let screen = Screen { way: Some(merchants("unionpay", "云闪付")), ..screen(scan(Some(899))) };
    let html = html(screen, Lang::ZhCn);
    assert!(html.contains("请打开云闪付扫一扫付款"), "{html}");
    assert!(html.contains("<p class=\"wc-method\" part=\"method\">云闪付</p>"), "{html}");
    assert!(html.contains("aria-label=\"二维码：请打开云闪付扫一扫付款\""), "{html}");
    assert_eq!(
        html.matches("请打开云闪付扫一扫付款").count(),
        3,
        "the title, the QR's name, and what is read out: {html}"
    );
}

#[test]
fn the_other_ways_are_folded_until_they_are_suggested() {
    let icon = MethodOffer { icon_url: Some("/alipay.svg".to_owned()), ..merchants("alipay", "支付宝 <1>") };
    let ways = vec![Method::Native.into(), Method::Jsapi.into(), Method::H5.into(), Method::PaymentCode.into(), icon];
    for lang in Lang::ALL {
        for suggest in [false, true] {
            let html = html(Screen { ways: ways.clone(), suggest, ..screen(Body::Returned) }, lang);
            assert_eq!(html.matches("data-tap=\"choose\"").count(), ways.len() - 1, "{html}");
            assert_eq!(html.matches("aria-current=\"true\"").count(), 1, "the one at hand: {html}");
            assert_eq!(html.contains("<details class=\"wc-ways\" part=\"ways\" open"), suggest, "{html}");
            for text in [Text::Ways, Text::WayNative, Text::WayJsapi, Text::WayH5, Text::WayCode] {
                assert!(html.contains(lang.say(text)), "{text:?}: {html}");
            }
            assert!(html.contains("支付宝 &lt;1&gt;") && html.contains("src=\"/alipay.svg\""), "{html}");
        }
    }
    assert!(!html(screen(Body::Returned), Lang::En).contains("wc-ways\""), "nothing to choose, nothing shown");
}

#[test]
fn a_refused_code_says_why_in_the_backends_words() {
    let problem = Some(CodeProblem::Refused { detail: Some("付款码 <已过期>".to_owned()) });
    let html = html(screen(Body::TakeCode { problem }), Lang::ZhCn);
    assert!(html.contains("付款码 &lt;已过期&gt;"), "{html}");
    assert!(html.contains("autofocus") && html.contains("inputmode=\"numeric\""), "{html}");
    assert!(html.contains(&fill(Lang::ZhCn.say(Text::TakePayment), "¥19.99")), "{html}");
}

#[test]
fn what_wechat_said_is_there_for_support() {
    let said = "当前页面的URL未注册:https://shop.example/pay/";
    let trouble = Trouble::Wechat { cause: Cause::UrlNotRegistered, said: said.to_owned() };
    let html = html(screen(Body::Trouble(trouble)), Lang::ZhCn);
    for words in [said, "url_not_registered", Lang::ZhCn.say(Text::NotRegistered)] {
        assert!(html.contains(words), "{words}: {html}");
    }
}

/// What a page around an element may style by `::part()` (`docs/embedding.md`).
#[test]
fn every_screen_has_its_parts() {
    let everywhere = ["card", "bill", "merchant", "logo", "amount", "description", "order", "stage", "method", "title"];
    for (body, ..) in screens() {
        let screen =
            Screen { ways: vec![Method::Native.into()], notice: Some(Notice::Offline), ..screen(body.clone()) };
        let html = html(screen, Lang::En);
        let own: &[&str] = match body {
            Body::Scan { left_s: Some(_), .. } => &["qr", "time", "button", "small"],
            Body::TakeCode { .. } => &["field", "button", "text"],
            Body::Trouble(_) => &["text", "small"],
            _ => &[],
        };
        for part in everywhere.iter().chain(own).chain(&["actions", "ways", "way", "notice", "link"]) {
            assert!(html.contains(&format!("part=\"{part}\"")), "{body:?} has no part {part}: {html}");
        }
    }
}

#[test]
fn no_text_is_empty_or_the_same_by_mistake() {
    for text in Text::ALL.iter().copied() {
        let [cn, hk, en] = Lang::ALL.map(|lang| lang.say(text));
        assert!(![cn, hk, en].contains(&""), "{text:?}");
        assert_ne!(cn, en, "{text:?}");
        assert!(en.is_ascii() || en.contains(['…', '’', '“']), "{text:?}: {en}");
        let values = [cn, hk, en].map(|words| words.matches("{}").count());
        assert!(values.iter().all(|count| *count == values[0]), "{text:?} takes a value in some languages only");
        assert!(!hk.contains(['请', '单', '码', '为', '订']), "{text:?} has simplified characters: {hk}");
    }
}
