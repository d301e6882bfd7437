//! Whatever texts a backend may send.

use proptest::prelude::*;

use wechat_cashier::contract::Action;
use wechat_cashier::core::{App, Body, Device, Tap};

use super::{CASES, check};
use crate::backend::own;
use crate::world::World;

/// Addresses, most of them hostile.
fn address() -> impl Strategy<Value = String> + Clone {
    let host = prop::sample::select(vec![
        "pay.example",
        "shop.example",
        "wx.tenpay.com",
        "open.weixin.qq.com",
        "evil.example",
        "shop.example.evil.example",
        "shop.example@evil.example",
        "evil.example@shop.example",
        ":secret@pay.example",
        "user@wx.tenpay.com",
        "evil.example#shop.example",
        "evil.example\\@shop.example",
        "shop.example:8443",
        "xn--shp-2na.example",
        "SHOP.example",
        "shop。example",
        "[::1]",
        "",
    ]);
    let scheme = prop::sample::select(vec![
        "https://",
        "http://",
        "//",
        "\\\\",
        "https:",
        "javascript:",
        "data:text/html,",
        "blob:https://",
        "file://",
        "weixin://",
        "ftp://",
        "\thttps://",
        "java\nscript://",
        "https:\\\\",
        "view-source:https://",
        "filesystem:https://",
        "",
    ]);
    prop_oneof![
        4 => (scheme, host, "[ -~\\t\\n]{0,12}").prop_map(|(scheme, host, rest)| [scheme, host, &rest].concat()),
        1 => any::<String>(),
        1 => "[a-z]{1,8}:[ -~]{0,20}",
        1 => prop::sample::select(vec!["null", " undefined ", "NaN", ""]).prop_map(ToOwned::to_owned),
    ]
}

/// Invariant 8, for whatever text a backend may send. The world checks every address gone to, listened to, measured for or
/// offered, and every code drawn: `https:` of a listed origin, with no user in it.
#[test]
fn no_text_leads_off_the_allow_list() {
    let content = prop_oneof![
        2 => "weixin://[ -~]{0,20}",
        1 => "(wei|WEI|we1)xin:/?/?[ -~]{0,20}",
        1 => any::<String>(),
        1 => (490..530usize).prop_map(|len| ["weixin://", &"x".repeat(len)].concat()),
        1 => (10..200usize).prop_map(|len| ["weixin://", &"码".repeat(len)].concat()),
    ];
    check(4 * CASES, &(address(), address(), content), |(return_url, events_url, content)| {
        let mut world = World::new();
        world.backend.return_url = Some(return_url);
        world.backend.telemetry_url = Some(events_url.clone());
        world.backend.events_url = Some(events_url);
        world.backend.content = Some(content.clone());
        world.start();
        world.run(5_000);
        let drawable = content.starts_with("weixin://") && (10..=512).contains(&content.len());
        prop_assert_eq!(matches!(world.body(), Body::Scan { .. }), drawable);
        world.backend.pay(true, world.now);
        world.stream_tells_truth();
        world.run(60_000);
        prop_assert!(world.is_paid(), "paid is shown, wherever the way back leads");
        prop_assert_eq!(world.gone_to.len(), usize::from(world.screen.return_to.is_some()));
        Ok(())
    });
}

/// And for where payments lead, by each way that leads somewhere.
#[test]
fn no_payment_leads_off_the_allow_list() {
    let way = prop::sample::select(vec!["h5", "jsapi", "alipay"]);
    check(2 * CASES, &(way, address()), |(way, url)| {
        let app = if way == "jsapi" { App::WeChat } else { App::Browser };
        let mut world = World::opened_in(app, Device::Phone).offering([way]);
        world.backend.action = Some(Action::Redirect { url });
        world.start();
        world.run(200);
        world.tap(Tap::Pay);
        world.run(5_000);
        if let Some((to, _)) = world.left_for.last() {
            let wechats_own = to.starts_with("https://wx.tenpay.com/");
            let listed = ["https://shop.example/", "https://qr.95516.com/"].iter().any(|origin| to.starts_with(origin));
            prop_assert!(way != "h5" || wechats_own || listed, "H5 goes to {}", to);
        }
        Ok(())
    });
}

/// And for what is shown as a picture: of the web, or written out in the address.
#[test]
fn no_text_is_a_picture_of_another_scheme() {
    check(CASES, &(address(), address()), |(logo, icon)| {
        let mut world = World::new();
        world.backend.logo_url = Some(logo);
        world.backend.methods = vec![own("unionpay", "x")];
        world.backend.methods[0].icon_url = Some(icon);
        world.start();
        world.run(200);
        let logo = world.screen.bill.as_ref().and_then(|bill| bill.logo_url.clone());
        let icon = world.screen.way.as_ref().and_then(|way| way.icon_url.clone());
        for shown in logo.into_iter().chain(icon) {
            let to = url::Url::parse(crate::world::PAGE).unwrap().join(&shown).unwrap();
            let of_web = matches!(to.scheme(), "http" | "https") && to.username().is_empty() && to.password().is_none();
            prop_assert!(of_web || shown.starts_with("data:image/"), "shows {}", shown);
        }
        Ok(())
    });
}
