//! How the world is at the start.

use proptest::prelude::*;

use wechat_cashier::contract::MethodOffer;
use wechat_cashier::core::{App, Device, Environment, PageEvent, Surface};

use crate::backend::every_method;
use crate::wechat::{CANCEL, FAIL, OK};
use crate::world::{PAGE, World, after};

/// How the world is at the start.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    seed: u64,
    environment: Environment,
    surface: Surface,
    methods: Vec<MethodOffer>,
    wechat: WechatSetting,
    knows_payer: bool,
    learns_payer: bool,
    logged_in: bool,
    returned: bool,
    hidden: bool,
    events: bool,
    resumes: bool,
    replays: bool,
    life_ms: i64,
    code_life_ms: Option<i64>,
    code_wait_ms: u64,
    ahead_ms: i64,
    remembered: Option<&'static str>,
}

#[derive(Clone, Debug)]
struct WechatSetting {
    there_after_ms: Option<u64>,
    sdk_fails: bool,
    says: Option<(u64, &'static str)>,
}

/// What WeChat says to a call, as far as the world can tell that it is an answer.
pub(super) const SAID: [&str; 10] = [
    OK,
    CANCEL,
    FAIL,
    "getBrandWCPayRequest:OK",
    "chooseWXPay:cancel",
    "get_brand_wcpay_request:fail\n调用支付JSAPI缺少参数:total_fee",
    "get_brand_wcpay_request:cancel\n下单账号与支付账号不一致",
    "get_brand_wcpay_request:cancel\n268449538\n该订单已支付",
    "system:access_denied",
    "navigateTo:ok",
];

const REMEMBERED: [Option<&str>; 10] = [
    None,
    None,
    None,
    Some("wc2\n\nnative\nwc1-170-1"),
    Some("wc2\n\nh5\nwc1-170-1"),
    Some("wc2\naway\nh5"),
    Some("wc2\nlogin\njsapi\nwc1-170-2\np1"),
    Some("wc2\naway login\nalipay"),
    Some("wc2\n\npayment_code"),
    Some("nonsense"),
];

/// Any of the methods, most often all, never none.
pub(super) fn methods() -> impl Strategy<Value = Vec<MethodOffer>> {
    let some = prop::sample::subsequence(every_method(), 1..=7);
    prop_oneof![2 => Just(every_method()), 3 => some]
}

fn environment() -> impl Strategy<Value = Environment> {
    let app = prop::sample::select(vec![
        App::WeChat,
        App::WeChat,
        App::WeChat,
        App::WeChatDesktop,
        App::WeCom,
        App::MiniProgram,
        App::MiniProgram,
        App::Alipay,
        App::UnionPay,
        App::Qq,
        App::Browser,
        App::Browser,
        App::Browser,
    ]);
    let device = prop::sample::select(vec![Device::Phone, Device::Phone, Device::Tablet, Device::Desktop]);
    (app, device, prop::bool::weighted(0.1)).prop_map(|(app, device, framed)| Environment { app, device, framed })
}

fn wechat() -> impl Strategy<Value = WechatSetting> {
    let there = prop_oneof![5 => Just(Some(0)), 3 => (0..12_000u64).prop_map(Some), 1 => Just(None)];
    let says = prop::option::weighted(0.5, (0..20_000u64, prop::sample::select(SAID.to_vec())));
    (there, prop::bool::weighted(0.15), says).prop_map(|(there_after_ms, sdk_fails, says)| WechatSetting {
        there_after_ms,
        sdk_fails,
        says,
    })
}

prop_compose! {
    fn place()(
        environment in environment(),
        surface in prop::sample::select(vec![
            Surface::Payer, Surface::Payer, Surface::Payer, Surface::Payer, Surface::Till, Surface::Counter,
        ]),
        methods in methods(),
        wechat in wechat(),
        knows_payer in prop::bool::weighted(0.7),
        learns_payer in prop::bool::weighted(0.8),
        logged_in in prop::bool::weighted(0.2),
        returned in prop::bool::weighted(0.1),
    ) -> (Environment, Surface, Vec<MethodOffer>, WechatSetting, [bool; 4]) {
        (environment, surface, methods, wechat, [knows_payer, learns_payer, logged_in, returned])
    }
}

prop_compose! {
    pub(super) fn setting()(
        seed: u64,
        place in place(),
        hidden in prop::bool::weighted(0.1),
        events in prop::bool::weighted(0.4),
        [resumes, replays] in any::<[bool; 2]>(),
        life_ms in prop_oneof![20_000..1_000_000i64, -1_000..60_000i64],
        code_life_ms in prop::option::of(1_000..120_000i64),
        code_wait_ms in prop::sample::select(vec![45_000u64, 30_000]),
        ahead_ms in -200_000_000..200_000_000i64,
        remembered in prop::sample::select(REMEMBERED.to_vec()),
    ) -> Setting {
        let (environment, surface, methods, wechat, [knows_payer, learns_payer, logged_in, returned]) = place;
        Setting {
            seed, environment, surface, methods, wechat, knows_payer, learns_payer, logged_in, returned, hidden, events,
            resumes, replays, life_ms, code_life_ms, code_wait_ms, ahead_ms, remembered,
        }
    }
}

pub(super) fn begin(setting: &Setting) -> World {
    let mut world = World::new();
    world.options.seed = setting.seed % (1 << 40);
    world.options.environment = Some(setting.environment);
    world.options.surface = setting.surface;
    world.options.returned = setting.returned;
    world.options.login_url = setting.logged_in.then(|| format!("{PAGE}&code=c0&state=s0"));
    world.options.code_wait_ms = setting.code_wait_ms;
    world.wechat.there_after_ms = setting.wechat.there_after_ms;
    world.wechat.sdk_fails = setting.wechat.sdk_fails;
    world.wechat.says = setting.wechat.says.map(|(ms, said)| (ms, said.to_owned())).into_iter().collect();
    world.backend.methods.clone_from(&setting.methods);
    (world.backend.knows_payer, world.backend.learns_payer) = (setting.knows_payer, setting.learns_payer);
    world.backend.epoch_ms += setting.ahead_ms;
    world.backend.expires_at = after(world.backend.clock(world.now), setting.life_ms);
    world.backend.code_life_ms = setting.code_life_ms;
    world.backend.resumes = setting.resumes;
    world.backend.replays_stored_answers = setting.replays;
    world.backend.events_url = setting.events.then(|| "/events".to_owned());
    world.backend.telemetry_url = setting.events.then(|| "/telemetry".to_owned());
    world.memory = setting.remembered.map(ToOwned::to_owned);
    world.load();
    if setting.hidden {
        world.page(PageEvent::Hidden);
    }
    world.start();
    world.options.login_url = None;
    world
}
