//! Where the page is opened, and which ways to pay are offered there: on real user agents, by rule, and as properties.

use proptest::prelude::*;
use wechat_cashier::contract::{Method, MethodOffer};
use wechat_cashier::core::{App, Device, Environment, Probes, Surface};

// ---- Real user agents

/// A line of `tests/data/user-agents.tsv`: what is seen, and what it is to be taken for.
struct Row {
    /// The app, the device, and the first way when all are offered.
    expected: [&'static str; 3],
    source: &'static str,
    probes: Probes,
}

fn rows() -> Vec<Row> {
    include_str!("data/user-agents.tsv").lines().filter(|line| !line.starts_with('#')).map(row).collect()
}

fn row(line: &'static str) -> Row {
    let [app, device, way, probes, source, user_agent] = *line.split('\t').collect::<Vec<_>>() else {
        panic!("six columns are needed: {line}")
    };
    const KNOWN: [&str; 4] = ["mini_program", "bridge", "touch", "framed"];
    let probes: Vec<&str> = probes.split(' ').filter(|probe| *probe != "-").collect();
    assert!(probes.iter().all(|probe| KNOWN.contains(probe)), "unknown probe: {line}");
    let [mini_program, bridge, touch, framed] = KNOWN.map(|probe| probes.contains(&probe));
    Row {
        expected: [app, device, way],
        source,
        probes: Probes { user_agent: user_agent.to_owned(), mini_program, bridge, touch, framed },
    }
}

#[test]
fn real_user_agents_are_told_apart() {
    let rows = rows();
    assert!(rows.len() >= 90, "only {} user agents", rows.len());
    let mut wrong = Vec::new();
    for Row { expected, source, probes } in rows {
        let (environment, offers) = (Environment::of(&probes), all_methods());
        assert_eq!(environment.framed, probes.framed);
        let ways = environment.ways(Surface::Payer, &offers);
        let got =
            [format!("{:?}", environment.app), format!("{:?}", environment.device), ways[0].method.id().to_owned()];
        if got != expected {
            wrong.push(format!("{expected:?} expected, got {got:?}: {source}: {}", probes.user_agent));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_environment_is_among_the_user_agents() {
    let seen: Vec<_> = rows().iter().map(|row| (row.expected[0], row.expected[1])).collect();
    for app in APPS {
        assert!(seen.iter().any(|(name, _)| *name == format!("{app:?}")), "no user agent of {app:?}");
    }
    for device in DEVICES {
        assert!(seen.iter().any(|(_, name)| *name == format!("{device:?}")), "no user agent on {device:?}");
    }
}

// ---- By rule

#[test]
fn a_faked_or_missing_version_changes_nothing() {
    for version in ["8.0.60(0x18003c31)", "1.0.0", "7.0.1", "0", "99.9", "", "x"] {
        let agent = ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Mobile/15E148 MicroMessenger/", version];
        assert_eq!(seen(&agent.concat()).app, App::WeChat, "{version}");
    }
}

#[test]
fn words_are_found_in_any_case() {
    for row in rows() {
        let lower = Probes { user_agent: row.probes.user_agent.to_ascii_lowercase(), ..row.probes.clone() };
        assert_eq!(Environment::of(&lower), Environment::of(&row.probes), "{}", lower.user_agent);
    }
}

#[test]
fn wechat_on_an_ipad_that_calls_itself_a_mac_is_wechat() {
    let user_agent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        MicroMessenger/8.0.60(0x18003c31) NetType/WIFI Language/zh_CN"
        .to_owned();
    let ipad = Environment::of(&Probes { user_agent: user_agent.clone(), touch: true, ..Probes::default() });
    assert_eq!((ipad.app, ipad.device), (App::WeChat, Device::Tablet));
    let mac = seen(&user_agent);
    assert_eq!((mac.app, mac.device), (App::WeChatDesktop, Device::Desktop));
}

#[test]
fn the_bridge_tells_wechat_and_a_desktop_still_gets_the_qr() {
    let bridge = |user_agent: &str| {
        Environment::of(&Probes { user_agent: user_agent.to_owned(), bridge: true, ..Probes::default() })
    };
    assert_eq!(bridge("Mozilla/5.0 (Linux; Android 14; K) Chrome/126.0.0.0 Mobile Safari/537.36").app, App::WeChat);
    assert_eq!(bridge("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0").app, App::WeChatDesktop);
    // The app that names itself is believed: a page may have made a bridge of its own.
    assert_eq!(bridge("Mozilla/5.0 (iPhone) Mobile/15E148 AlipayClient/10.8.30.6000").app, App::Alipay);
}

#[test]
fn the_developer_tools_play_a_phone_on_a_computer() {
    let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0.0.0 MicroMessenger/8.0.47 wechatdevtools/1.06";
    assert_eq!(seen(agent).app, App::WeChat);
}

#[test]
fn a_bank_that_speaks_unionpay_is_unionpay() {
    // UnionPay's rule for other apps: `UnionPay/<version> <app>` in the user agent.
    assert_eq!(seen("Mozilla/5.0 (iPhone) Mobile/15E148 UnionPay/1.0 ICBCeLife").app, App::UnionPay);
}

#[test]
fn either_of_alipays_words_will_do_and_others_apps_have_one_of_them_too() {
    for (words, app) in [
        ("AlipayClient/10.5.36.6000", App::Alipay),
        ("AliApp(AP/10.5.36.6000)", App::Alipay),
        ("AliApp(TB/10.28.10)", App::Browser),
        ("AliApp(DingTalk/7.0.40)", App::Browser),
    ] {
        assert_eq!(seen(&["Mozilla/5.0 (iPhone) Mobile/15E148 ", words].concat()).app, app, "{words}");
    }
}

#[test]
fn other_apps_mini_programs_are_not_wechats() {
    assert_eq!(seen("Mozilla/5.0 (iPhone) Mobile/15E148 SomeApp/1.0 miniProgram").app, App::Browser);
    let probe = Probes { mini_program: true, ..Probes::default() };
    let qq = "Mozilla/5.0 (iPhone) Mobile/15E148 QQ/9.3.0.612 miniProgram miniprogramhtmlwebview";
    assert_eq!(Environment::of(&Probes { user_agent: qq.to_owned(), ..probe.clone() }).app, App::Qq);
    assert_eq!(Environment::of(&probe).app, App::MiniProgram);
}

#[test]
fn a_harmonyos_tablet_is_one_though_it_says_mobile() {
    // https://open.seeyoncloud.com: a page in an app of its own.
    let agent = "Mozilla/5.0 (Tablet; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 \
        Safari/537.36  ArkWeb/4.1.6.1 Mobile WebOffice/1.0 (M3Harmony/Android CMP 1.0)";
    assert_eq!(seen(agent).device, Device::Tablet);
}

#[test]
fn wechat_for_mac_is_no_ipad() {
    let user_agent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) MicroMessenger/6.8.0 MacWechat/3.8.5".to_owned();
    let mac = Environment::of(&Probes { user_agent, touch: true, ..Probes::default() });
    assert_eq!(mac, environment(App::WeChatDesktop, Device::Desktop));
}

#[test]
fn an_empty_user_agent_is_a_desktop_browser() {
    assert_eq!(seen(""), Environment::default());
    assert_eq!(Environment::default(), environment(App::Browser, Device::Desktop));
}

#[test]
fn the_ways_are_offered_in_the_order_that_works_best() {
    use {App::*, Device::*};
    for (app, device, expected) in [
        (WeChat, Phone, "jsapi native alipay unionpay ecny"),
        (WeChat, Tablet, "jsapi native alipay unionpay ecny"),
        (WeChatDesktop, Desktop, "native alipay unionpay ecny"),
        (WeCom, Phone, "h5 native alipay unionpay ecny"),
        (WeCom, Tablet, "native h5 alipay unionpay ecny"),
        (WeCom, Desktop, "native alipay unionpay ecny"),
        (MiniProgram, Phone, "mini_program native alipay unionpay ecny"),
        (MiniProgram, Desktop, "native mini_program alipay unionpay ecny"),
        (Alipay, Phone, "alipay native h5 unionpay ecny"),
        (UnionPay, Phone, "unionpay native h5 alipay ecny"),
        (Qq, Phone, "h5 native alipay unionpay ecny"),
        (Qq, Desktop, "native alipay unionpay ecny h5"),
        (Browser, Phone, "h5 native alipay unionpay ecny"),
        (Browser, Tablet, "native h5 alipay unionpay ecny"),
        (Browser, Desktop, "native alipay unionpay ecny h5"),
    ] {
        let environment = environment(app, device);
        assert_eq!(ids(&environment.ways(Surface::Payer, &all_methods())), expected, "{app:?} {device:?}");
        assert_eq!(
            ids(&environment.ways(Surface::Till, &all_methods())),
            "payment_code native alipay unionpay ecny",
            "{app:?} {device:?} at a till"
        );
        assert_eq!(
            ids(&environment.ways(Surface::Counter, &all_methods())),
            "native alipay unionpay ecny",
            "{app:?} {device:?} on a counter"
        );
    }
}

#[test]
fn an_apps_own_method_is_known_by_how_its_id_begins() {
    let offers = ["ecny", "alipay_hk", "cloud_quickpass", "UnionPay-QR", "AlipayPlus"].map(merchants);
    let alipay = environment(App::Alipay, Device::Phone).ways(Surface::Payer, &offers);
    assert_eq!(ids(&alipay), "alipay_hk AlipayPlus ecny cloud_quickpass UnionPay-QR");
    let unionpay = environment(App::UnionPay, Device::Phone).ways(Surface::Payer, &offers);
    assert_eq!(ids(&unionpay), "cloud_quickpass UnionPay-QR ecny alipay_hk AlipayPlus");
}

#[test]
fn a_payment_code_away_from_a_till_is_the_last_resort() {
    let code = [Method::PaymentCode.into()];
    let phone = environment(App::Browser, Device::Phone);
    assert_eq!(ids(&phone.ways(Surface::Payer, &code)), "payment_code");
    assert_eq!(ids(&phone.ways(Surface::Counter, &code)), "", "nobody types at a counter's screen");
    let useless_beside_it = [Method::PaymentCode.into(), Method::Jsapi.into()];
    assert_eq!(ids(&phone.ways(Surface::Payer, &useless_beside_it)), "payment_code");
    let better_beside_it = [Method::PaymentCode.into(), Method::Native.into()];
    assert_eq!(ids(&phone.ways(Surface::Payer, &better_beside_it)), "native");
}

#[test]
fn a_method_of_the_merchants_own_needs_a_label() {
    let nameless = |label: Option<&str>| MethodOffer { label: label.map(str::to_owned), ..merchants("ecny") };
    for label in [None, Some(""), Some("  ")] {
        let offers = [nameless(label)];
        assert_eq!(ids(&Environment::default().ways(Surface::Payer, &offers)), "", "{label:?}");
    }
    let named_later = [nameless(None), merchants("ecny")];
    assert_eq!(ids(&Environment::default().ways(Surface::Payer, &named_later)), "ecny");
}

#[test]
fn only_a_phone_cannot_scan_its_own_screen() {
    for app in APPS {
        assert!(environment(app, Device::Phone).in_hand());
        assert!(!environment(app, Device::Tablet).in_hand());
        assert!(!environment(app, Device::Desktop).in_hand());
    }
}

// ---- As properties

fn surfaces() -> impl Strategy<Value = Surface> {
    prop::sample::select(vec![Surface::Payer, Surface::Counter, Surface::Till])
}

fn environments() -> impl Strategy<Value = Environment> {
    (prop::sample::select(APPS.to_vec()), prop::sample::select(DEVICES.to_vec()), any::<bool>())
        .prop_map(|(app, device, framed)| Environment { app, device, framed })
}

fn offers() -> impl Strategy<Value = Vec<MethodOffer>> {
    let id = prop_oneof![
        prop::sample::select(vec![
            "native",
            "jsapi",
            "h5",
            "mini_program",
            "payment_code",
            "alipay",
            "cloud",
            "unionpay"
        ])
        .prop_map(str::to_owned),
        "[a-z]{0,8}",
        any::<String>(),
    ];
    let offer = (id, prop::option::of(any::<String>()), prop::option::of(any::<String>()))
        .prop_map(|(id, label, icon_url)| MethodOffer { method: Method::from(id), label, icon_url });
    prop::collection::vec(offer, 0..12)
}

/// Words of real user agents, in any order and number, and anything else.
fn agents() -> impl Strategy<Value = String> {
    let words = rows().iter().map(|row| row.probes.user_agent.clone()).collect::<Vec<_>>().join(" ");
    let words = words.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let word = prop_oneof![8 => prop::sample::select(words), 1 => any::<String>()];
    prop::collection::vec(word, 0..24).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_offered_can_work(environment in environments(), surface in surfaces(), offers in offers()) {
        let ways = environment.ways(surface, &offers);
        for (index, way) in ways.iter().enumerate() {
            prop_assert!(offers.contains(*way), "{:?} was not offered", way);
            prop_assert!(!ways[..index].iter().any(|other| other.method == way.method), "{:?} twice", way);
            if matches!(way.method, Method::Merchant(_)) {
                prop_assert!(way.label.is_some());
            }
        }
        let has = |ways: &[&MethodOffer], method: &Method| ways.iter().any(|way| way.method == *method);
        prop_assert!(!has(&ways, &Method::H5) || !matches!(environment.app, App::WeChat | App::WeChatDesktop | App::MiniProgram));
        prop_assert!(!has(&ways, &Method::Jsapi) || environment.app == App::WeChat);
        prop_assert!(!has(&ways, &Method::MiniProgram) || environment.app == App::MiniProgram);
        prop_assert_eq!(has(&ways, &Method::Native), offers.iter().any(|offer| offer.method == Method::Native), "the QR is always within reach");
    }

    /// Nothing that can work is dropped: each of the merchant's own with a label is there, on every surface.
    #[test]
    fn the_merchants_own_are_all_there(environment in environments(), surface in surfaces(), offers in offers()) {
        let ways = environment.ways(surface, &offers);
        for offer in &offers {
            let label = offer.label.as_deref().unwrap_or_default().trim_ascii();
            if matches!(offer.method, Method::Merchant(_)) && !label.is_empty() {
                prop_assert!(ways.iter().any(|way| way.method == offer.method), "{:?} is missing", offer);
            }
        }
    }

    #[test]
    fn any_user_agent_has_an_environment(user_agent in agents(), mini_program: bool, bridge: bool, touch: bool, framed: bool) {
        let environment = Environment::of(&Probes { user_agent, mini_program, bridge, touch, framed });
        prop_assert_eq!(environment.framed, framed);
        let offers = all_methods();
        let ways = environment.ways(Surface::Payer, &offers);
        prop_assert!(!ways.is_empty());
        prop_assert!(ways.iter().any(|way| way.method == Method::Native));
        // JSAPI is not offered where it is known not to work.
        if environment.app == App::WeChatDesktop {
            prop_assert_eq!(environment.device, Device::Desktop);
        }
    }
}

// ---- Helpers

const APPS: [App; 8] =
    [App::WeChat, App::WeChatDesktop, App::WeCom, App::MiniProgram, App::Alipay, App::UnionPay, App::Qq, App::Browser];

const DEVICES: [Device; 3] = [Device::Phone, Device::Tablet, Device::Desktop];

fn environment(app: App, device: Device) -> Environment {
    Environment { app, device, framed: false }
}

fn seen(user_agent: &str) -> Environment {
    Environment::of(&Probes { user_agent: user_agent.to_owned(), ..Probes::default() })
}

fn merchants(id: &str) -> MethodOffer {
    MethodOffer { method: Method::Merchant(id.to_owned()), label: Some(id.to_owned()), icon_url: None }
}

/// All of WeChat Pay's, the other way about, and three of the merchant's own.
fn all_methods() -> Vec<MethodOffer> {
    let wechats = ["payment_code", "mini_program", "h5", "jsapi", "native"];
    let mut offers: Vec<MethodOffer> = wechats.iter().map(|id| Method::from((*id).to_owned()).into()).collect();
    offers.extend(["alipay", "unionpay", "ecny"].map(merchants));
    offers
}

fn ids(ways: &[&MethodOffer]) -> String {
    ways.iter().map(|way| way.method.id()).collect::<Vec<_>>().join(" ")
}
