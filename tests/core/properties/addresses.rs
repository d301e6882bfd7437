//! Whatever texts a backend may send.

use proptest::prelude::*;

use wechat_cashier::core::Body;

use super::{CASES, check};
use crate::world::World;

/// Invariant 8, for whatever text a backend may send.
#[test]
fn no_text_leads_off_the_allow_list() {
    let host = prop::sample::select(vec![
        "pay.example",
        "shop.example",
        "wx.tenpay.com",
        "open.weixin.qq.com",
        "evil.example",
        "shop.example.evil.example",
        "shop.example@evil.example",
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
    let address = prop_oneof![
        4 => (scheme, host, "[ -~\\t\\n]{0,12}").prop_map(|(scheme, host, rest)| [scheme, host, &rest].concat()),
        1 => any::<String>(),
        1 => "[a-z]{1,8}:[ -~]{0,20}",
    ];
    let content = prop_oneof![
        2 => "weixin://[ -~]{0,20}",
        1 => "(wei|WEI|we1)xin:/?/?[ -~]{0,20}",
        1 => any::<String>(),
        1 => (490..530usize).prop_map(|len| ["weixin://", &"x".repeat(len)].concat()),
        1 => (10..200usize).prop_map(|len| ["weixin://", &"码".repeat(len)].concat()),
    ];
    check(4 * CASES, &(address.clone(), address, content), |(return_url, events_url, content)| {
        let mut world = World::new();
        world.backend.return_url = Some(return_url);
        world.backend.telemetry_url = Some(events_url.clone());
        world.backend.events_url = Some(events_url);
        world.backend.content = Some(content.clone());
        // The world checks every address gone to, listened to or offered, and every code drawn.
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
