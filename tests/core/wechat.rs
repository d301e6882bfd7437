//! WeChat around the page: when it can be called, and what it says to calls.

use wechat_cashier::contract::JsapiParams;
use wechat_cashier::core::{Event, Instant, Link, LinkEvent, Stamp};

/// What WeChat says that answers no call for payment (docs/platform.md, 1.3).
pub(crate) const NOISE: [&str; 4] = ["pre_verify_jsapi:ok", "checkJsApi:ok", "config:ok", ""];

pub(crate) const OK: &str = "get_brand_wcpay_request:ok";
pub(crate) const CANCEL: &str = "get_brand_wcpay_request:cancel";
pub(crate) const FAIL: &str = "get_brand_wcpay_request:fail";

/// WeChat around the page.
#[derive(Clone, Debug)]
pub(crate) struct WeChat {
    /// Milliseconds after the page's start that `WeixinJSBridge` is there, or after asking for it the JS-SDK. None: never.
    pub(crate) there_after_ms: Option<u64>,
    /// The JS-SDK cannot be loaded.
    pub(crate) sdk_fails: bool,
    /// What it says to every call, and how many milliseconds after.
    pub(crate) says: Vec<(u64, String)>,
    /// The calls of this visit.
    pub(crate) calls: Vec<Opened>,
    pub(super) started: Instant,
    /// What was last looked for, and is listened for.
    pub(crate) link: Option<Link>,
    /// What is on its way to the page.
    pub(super) coming: Vec<(Instant, Event)>,
}

/// A call that the page made.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) at: Instant,
    pub(crate) stamp: Stamp,
    pub(crate) what: What,
}

/// What a call opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Sheet(JsapiParams),
    MiniProgram(String),
}

impl Default for WeChat {
    fn default() -> Self {
        Self {
            there_after_ms: Some(30),
            sdk_fails: false,
            says: Vec::new(),
            calls: Vec::new(),
            started: Instant::ZERO,
            link: None,
            coming: Vec::new(),
        }
    }
}

impl WeChat {
    /// A page begins; nothing of the one before comes to it.
    pub(super) fn begin(&mut self, now: Instant) {
        (self.started, self.link) = (now, None);
        self.calls.clear();
        self.coming.clear();
    }

    /// The page looks for the way to WeChat, and listens for this one alone from now on.
    pub(super) fn connect(&mut self, link: Link, now: Instant) {
        self.link = Some(link);
        self.coming.retain(|(_, event)| !matches!(event, Event::Link(_)));
        let news = match link {
            Link::Sdk if self.sdk_fails => LinkEvent::Failed,
            Link::Sdk | Link::Bridge => LinkEvent::Ready,
        };
        let at = match (link, self.there_after_ms) {
            (_, None) => return,
            (Link::Bridge, Some(ms)) => now.max(self.started + ms),
            (Link::Sdk, Some(ms)) => now + ms,
        };
        self.coming.push((at, Event::Link(news)));
    }

    /// Whether a call would be taken.
    pub(super) fn is_there(&self, now: Instant) -> bool {
        self.link.is_some() && self.there_after_ms.is_some_and(|ms| self.started + ms <= now)
    }

    pub(super) fn opened(&mut self, stamp: Stamp, what: What, now: Instant) {
        self.calls.push(Opened { at: now, stamp, what });
        let answers = self.says.iter().map(|(ms, said)| (now + *ms, Event::Called { stamp, said: said.clone() }));
        self.coming.extend(answers);
    }
}
