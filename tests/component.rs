//! `<Cashier/>` as a server renders it. What the browser makes of that is in `tests/e2e/leptos.test.mjs`.

#![expect(clippy::unwrap_used, reason = "a test says so what it takes for granted")]

use leptos::prelude::*;
use wechat_cashier::contract::{Order, OrderStatus, decode};
use wechat_cashier::text::{Lang, Text};
use wechat_cashier::view::QrShape;
use wechat_cashier::{Cashier, Control, Layout, STYLE, Theme};

const CODE: &str = "weixin://wxpay/bizpayurl?pr=Zim81N5zz";
const PHONE: &str =
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36";

/// An order of which the backend says that its payment goes on by this code.
fn resumed() -> Order {
    decode(include_str!("golden/contract/good/order.resumed_payment.json")).unwrap()
}

fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    Owner::new().with(|| view().to_html())
}

fn of(order: &str, first: impl Into<Option<Order>>) -> String {
    let first = first.into();
    html(|| view! { <Cashier order first words=Lang::En /> })
}

#[test]
fn the_qr_of_the_first_answer_is_in_the_html() {
    let html = of("T20261121001", resumed());
    let root = r#"<div data-layout="panel" data-theme="auto" class="wc-root"><section class="wc" part="card" lang="en" dir="ltr" data-screen="scan">"#;
    assert!(html.contains(root), "{html}");
    assert!(html.contains(&format!("data-qr=\"{CODE}\"")), "{html}");
    assert!(html.contains(&QrShape::of(CODE).unwrap().path), "{html}");
    for words in ["Tea House", "19.99", "Oolong tea, 250 g", "T20261121001", Lang::En.say(Text::ScanHint), "10:00"] {
        assert!(html.contains(words), "no {words}: {html}");
    }
}

#[test]
fn without_a_first_answer_it_loads() {
    for first in [None, Some(Order { order_id: "another".to_owned(), ..resumed() })] {
        let html = of("T20261121001", first);
        assert!(html.contains(r#"data-screen="loading""#), "{html}");
        assert!(!html.contains("data-qr") && !html.contains("Tea House"), "{html}");
    }
}

#[test]
fn without_an_order_it_says_so_and_a_counter_is_idle() {
    assert!(of("", None).contains(r#"data-screen="trouble""#));
    let counter = html(|| view! { <Cashier order="" layout=Layout::Counter theme=Theme::Dark words=Lang::En /> });
    assert!(counter.contains(r#"data-screen="idle""#), "{counter}");
    assert!(counter.contains(r#"data-layout="counter" data-theme="dark""#), "{counter}");
}

#[test]
fn a_paid_order_leads_back_to_the_shop_where_the_page_is_known() {
    let first = Order {
        status: OrderStatus::Paid,
        payment: None,
        return_url: Some("https://shop.example/orders/1".to_owned()),
        ..resumed()
    };
    let page = "https://shop.example/pay/T20261121001";
    let html = html(|| view! { <Cashier order="T20261121001" first page_url=page.to_owned() words=Lang::ZhCn /> });
    assert!(
        html.contains(r#"data-screen="paid""#) && html.contains(r#"href="https://shop.example/orders/1""#),
        "{html}"
    );
}

#[test]
fn a_phone_is_served_what_a_phone_needs() {
    let mut first = resumed();
    first.methods = decode(r#"["native", "h5"]"#).unwrap();
    first.payment = None;
    let html = html(|| view! { <Cashier order="T20261121001" first user_agent=PHONE.to_owned() words=Lang::En /> });
    assert!(html.contains(r#"data-screen="pay""#), "{html}");
    assert!(html.contains(r#"data-tap="pay""#), "{html}");
}

#[test]
fn no_style_stands_in_the_html() {
    // `style-src 'self'` lets none in.
    assert!(!of("T20261121001", resumed()).contains("style="));
}

#[test]
fn what_a_server_says_is_escaped() {
    let first = Order { description: "<script>\"&'".to_owned(), ..resumed() };
    let html = of("T20261121001", first);
    assert!(html.contains("&lt;script&gt;&quot;&amp;'") && !html.contains("<script"), "{html}");
}

#[test]
fn a_control_of_nothing_does_nothing() {
    Owner::new().with(|| {
        let control = Control::new();
        let html = view! { <Cashier order="T20261121001" control first=None /> }.to_html();
        assert!(html.contains("wc-root"));
        control.refresh();
        control.retry();
        control.close();
    });
}

#[test]
fn a_server_may_render_on_one_thread_and_clean_up_on_another() {
    let owner = std::thread::spawn(|| {
        let owner = Owner::new();
        let control = owner.with(Control::new);
        owner.with(|| view! { <Cashier order="T20261121001" control first=resumed() /> }.to_html());
        owner
    });
    let owner = owner.join().unwrap();
    owner.cleanup();
}

#[test]
fn a_first_answer_survives_the_way_to_the_browser() {
    for text in [
        include_str!("golden/contract/good/order.resumed_payment.json"),
        include_str!("golden/contract/good/order.full.json"),
        include_str!("golden/contract/good/order.greatest_amount.json"),
    ] {
        let order: Order = decode(text).unwrap();
        let there = serde_json::to_string(&Some(&order)).unwrap();
        assert_eq!(serde_json::from_str::<Option<Order>>(&there).unwrap(), Some(order));
    }
}

#[test]
fn the_style_is_whole() {
    assert!(!STYLE.contains("@import"), "cargo xtask test writes style/bundle.css");
    for class in [".wc", ".wc-qr", ".wc-button", ".wc-shimmer"] {
        assert!(STYLE.contains(class), "no {class}");
    }
}
