//! Where the page is opened, and which ways to pay can work there.
//!
//! A user agent can be faked, and version numbers in it are: WeChat for Windows and Mac and WeCom name old ones, WeChat
//! for HarmonyOS began again at 1.0 (docs/platform.md, 1.6 and 2.1). So no number is read, and what is found out here
//! only chooses what to offer first; the payer can choose otherwise.

use crate::contract::{Method, MethodOffer};

use super::Surface;

/// What the shell can see of where the page is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probes {
    /// `navigator.userAgent`.
    pub user_agent: String,
    /// Whether `window.__wxjs_environment` is `miniprogram`.
    pub mini_program: bool,
    /// Whether `WeixinJSBridge` is there.
    pub bridge: bool,
    /// Whether `navigator.maxTouchPoints` is more than 1: an iPad calls itself a Mac.
    pub touch: bool,
    /// Whether the page is in a frame.
    pub framed: bool,
}

/// The app that shows the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum App {
    /// WeChat on a phone or a tablet.
    WeChat,
    /// WeChat for Windows, Mac or Linux, where `getBrandWCPayRequest` does not work (docs/platform.md, 1.6).
    WeChatDesktop,
    /// WeCom (企业微信), on any device: it names itself WeChat too, but its payers have no openid (docs/platform.md, 5).
    WeCom,
    /// A web-view in a WeChat mini-program, where neither JSAPI nor H5 is let through (docs/platform.md, 1.6).
    MiniProgram,
    /// Alipay (支付宝).
    Alipay,
    /// UnionPay (云闪付), or a bank's app that speaks for it.
    UnionPay,
    /// QQ; QQ Browser is a browser.
    Qq,
    /// Any browser, and apps that are not told from one.
    #[default]
    Browser,
}

/// What the payer holds or sits at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Device {
    /// A phone.
    Phone,
    /// A tablet: its screen can be scanned with a phone.
    Tablet,
    /// A computer.
    #[default]
    Desktop,
}

/// Where the page is opened. By default a browser on a desktop, not framed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Environment {
    /// The app that shows the page.
    pub app: App,
    /// What the payer holds or sits at.
    pub device: Device,
    /// Whether the page is in a frame.
    pub framed: bool,
}

impl Environment {
    /// What the probes say.
    pub fn of(probes: &Probes) -> Self {
        Self { app: app(probes), device: device(probes), framed: probes.framed }
    }

    /// The ways to pay that can work here, the best first. Never one that cannot work here at all.
    pub fn ways(self, surface: Surface, offers: &[MethodOffer]) -> Vec<&MethodOffer> {
        let mut ways = Vec::new();
        for &place in self.places(surface) {
            take(&mut ways, offers, place);
        }
        // A payer can read the digits off a phone and type them, which is better than nothing.
        if ways.is_empty() && surface != Surface::Counter {
            take(&mut ways, offers, Place::PaymentCode);
        }
        ways
    }

    /// Whether the payer holds the screen in the hand, so that its own camera cannot scan it.
    pub fn in_hand(self) -> bool {
        self.device == Device::Phone
    }

    /// The order in which ways are offered here.
    fn places(self, surface: Surface) -> &'static [Place] {
        use Place::{Alipay, H5, Jsapi, MiniProgram, Native, Own, PaymentCode, UnionPay};
        match surface {
            Surface::Till => return &[PaymentCode, Native, Own],
            // Nobody touches it.
            Surface::Counter => return &[Native, Own],
            Surface::Payer => {}
        }
        match (self.app, self.device) {
            // H5 would say "请在微信外打开订单" (docs/platform.md, 4, field problem 49).
            (App::WeChat, _) => &[Jsapi, Native, Own],
            // On a computer `wx.requestPayment` is not there for every payer
            // (<https://developers.weixin.qq.com/community/pay/doc/00086673014f807a45315eab661000>).
            (App::MiniProgram, Device::Desktop) => &[Native, MiniProgram, Own],
            // Of WeChat's own, only `wx.requestPayment` in a native page (docs/platform.md, 1.6, field problem 14).
            (App::MiniProgram, _) => &[MiniProgram, Native, Own],
            (App::Alipay, _) => &[Alipay, Native, H5, Own],
            (App::UnionPay, _) => &[UnionPay, Native, H5, Own],
            (App::WeChatDesktop, _) | (App::WeCom, Device::Desktop) => &[Native, Own],
            // H5 needs WeChat on the device; it is there for a phone whose browser asks for desktop pages.
            (App::Browser | App::Qq, Device::Desktop) => &[Native, Own, H5],
            (App::Browser | App::Qq | App::WeCom, Device::Tablet) => &[Native, H5, Own],
            (App::Browser | App::Qq | App::WeCom, Device::Phone) => &[H5, Native, Own],
        }
    }
}

/// A place in the order of ways: a method, or some of the merchant's own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Native,
    Jsapi,
    H5,
    MiniProgram,
    PaymentCode,
    Own,
    /// The merchant's own for this app, by how its id begins.
    Alipay,
    UnionPay,
}

impl Place {
    fn is_for(self, method: &Method) -> bool {
        match (self, method) {
            (Self::Native, Method::Native)
            | (Self::Jsapi, Method::Jsapi)
            | (Self::H5, Method::H5)
            | (Self::MiniProgram, Method::MiniProgram)
            | (Self::PaymentCode, Method::PaymentCode)
            | (Self::Own, Method::Merchant(_)) => true,
            (Self::Alipay, Method::Merchant(id)) => begins(id, "alipay"),
            (Self::UnionPay, Method::Merchant(id)) => begins(id, "unionpay") || begins(id, "cloud"),
            _ => false,
        }
    }
}

/// Takes up what is offered for this place, each method once. A method of the merchant's own with no label cannot be
/// shown and is passed over (`docs/contract.md`).
fn take<'a>(ways: &mut Vec<&'a MethodOffer>, offers: &'a [MethodOffer], place: Place) {
    for offer in offers {
        let shown = match &offer.method {
            Method::Merchant(_) => offer.label.as_deref().is_some_and(|label| !label.trim_ascii().is_empty()),
            _ => true,
        };
        if shown && place.is_for(&offer.method) && !ways.iter().any(|way| way.method == offer.method) {
            ways.push(offer);
        }
    }
}

/// What a user agent says of the app, what counts most first (docs/platform.md, 2.1).
const APPS: [(&str, App); 6] = [
    ("wxwork", App::WeCom),
    ("MicroMessenger", App::WeChat),
    ("AlipayClient", App::Alipay),
    // AP alone is Alipay: AliApp(TB/…) is Taobao, AliApp(DingTalk/…) is DingTalk.
    ("AliApp(AP/", App::Alipay),
    ("UnionPay", App::UnionPay),
    // With the blank: X5 calls itself MQQBrowser in WeChat as well as in QQ Browser.
    (" QQ/", App::Qq),
];

fn app(probes: &Probes) -> App {
    let agent = probes.user_agent.as_str();
    let app = APPS.iter().find(|(word, _)| has(agent, word)).map_or(App::Browser, |&(_, app)| app);
    match app {
        // They have mini-programs of their own, whose user agents say miniProgram too.
        App::Alipay | App::UnionPay | App::Qq => app,
        _ if probes.mini_program || (app != App::Browser && has(agent, "miniProgram")) => App::MiniProgram,
        App::WeCom => app,
        // The bridge is WeChat's, whatever a changed user agent says.
        App::Browser if !probes.bridge => App::Browser,
        // WeChat for Windows, Mac and Linux; but WeChat's developer tools play a phone.
        _ if device(probes) == Device::Desktop && !has(agent, "wechatdevtools") => App::WeChatDesktop,
        _ => App::WeChat,
    }
}

/// What a user agent says of the device, what counts most first. One that says none of it is a desktop's: Windows, Linux,
/// and HarmonyOS, which says (PC; OpenHarmony 5.0), (Tablet; …) or (Phone; …) and not always Android.
const DEVICES: [(&str, Device); 7] = [
    ("iPad", Device::Tablet),
    // HarmonyOS's tablets say Mobile in some apps.
    ("(Tablet;", Device::Tablet),
    ("MacWechat", Device::Desktop),
    ("Macintosh", Device::Desktop),
    ("Mobile", Device::Phone),
    ("iPhone", Device::Phone),
    // A phone's says Mobile too.
    ("Android", Device::Tablet),
];

/// What the user agent of a computer's own browser has none of.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn agents() -> impl Iterator<Item = &'static str> {
    let apps = APPS.iter().map(|(word, _)| *word);
    apps.chain(DEVICES.iter().filter(|(word, _)| *word != "Macintosh").map(|(word, _)| *word))
}

fn device(probes: &Probes) -> Device {
    let agent = probes.user_agent.as_str();
    match DEVICES.iter().find(|(word, _)| has(agent, word)) {
        // An iPad asks for desktop pages as a Mac, and no Mac has a touch screen.
        Some(("Macintosh", _)) if probes.touch => Device::Tablet,
        Some(&(_, device)) => device,
        None => Device::Desktop,
    }
}

/// Whether the text has these words somewhere, in whatever ASCII case.
pub(super) fn has(text: &str, words: &str) -> bool {
    text.as_bytes().windows(words.len()).any(|part| part.eq_ignore_ascii_case(words.as_bytes()))
}

fn begins(text: &str, words: &str) -> bool {
    text.as_bytes().get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words.as_bytes()))
}
