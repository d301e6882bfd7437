//! What must always be so.

use wechat_cashier::contract::{Method, Timestamp};
use wechat_cashier::core::{App, Body, Instant, Screen, Stage, Status, Surface, Trouble};

use super::{GRACE_MS, World};
use crate::backend::Minted;

impl World {
    pub(super) fn check(&self) {
        let Screen { bill, body, return_to, .. } = &self.screen;
        let is_paid = matches!(body, Body::Paid { .. });
        assert!(!is_paid || self.told.paid, "1: paid, and nobody said so{}", self.story());
        let reported = self.screen.report().status == Status::Paid;
        assert_eq!(is_paid, reported, "1: told as it is shown{}", self.story());
        let announced = self.host.paid();
        assert!(!is_paid || announced == 1, "2: paid is shown and not announced{}", self.story());
        assert!(announced <= usize::from(self.host.was_paid), "2: announced, and never shown{}", self.story());
        let report = self.host.report.as_ref();
        assert!(report.is_none_or(|report| *report == self.screen.report()), "the host knows less{}", self.story());
        if self.state.is_final() {
            let named = self.screen.way.as_ref().map(|way| &way.method);
            assert_eq!(named, self.told.paid_by.as_ref(), "1: names a way that the backend did not{}", self.story());
        }
        self.check_life();

        let amount = bill.as_ref().map(|bill| bill.amount);
        assert_eq!(amount, self.told.amount, "7: the amount first told{}", self.story());
        let stopped = matches!(body, Body::Trouble(Trouble::AmountChanged { .. }));
        assert_eq!(stopped, self.told.amount_changed, "7: another amount stops it{}", self.story());

        assert!(return_to.as_deref().is_none_or(is_allowed), "8: offers {return_to:?}{}", self.story());
        self.check_ways();
        if let Body::Scan { content, left_s, .. } = body {
            let minted = self.drawn(content);
            let start = if minted.asked.method == Method::Native { "weixin://" } else { "https://qr.95516.com/" };
            assert!(content.starts_with(start) && content.len() <= 512, "8: draws {content}{}", self.story());
            assert!(!self.told.replaced.contains(&minted.id), "6: a code known to be replaced{}", self.story());
            self.check_alive(content, self.now);
            let truly_left_ms = self.deadline(minted).millis() - self.backend.clock(self.now).millis();
            let left_ms = left_s.map_or(0, |left_s| i64::try_from(left_s).unwrap() * 1_000);
            assert!(left_ms < truly_left_ms + 1_000, "6: more time left than there is{}", self.story());
        }
    }

    /// Invariants 3 and 4: something is always about to happen, until the end.
    fn check_life(&self) {
        let awake = self.visible || self.options.surface != Surface::Payer;
        let resting = self.state.is_resting(self.now);
        let asks = self.under_way().next().is_some();
        if self.state.is_final() {
            assert!(!asks, "4: something is under way after the end{}", self.story());
            let left = self.memory.as_deref().is_none_or(|text| text == "wc2\nleft\n");
            assert!(self.screen.bill.is_none() || left, "remembers an end{}", self.story());
            return;
        }
        assert!(resting || !awake || self.wake.is_some() || asks, "3: nothing is armed or under way{}", self.story());
        if resting {
            let long_over = self.told.over_since.is_some_and(|since| self.now.since(since) >= GRACE_MS);
            assert!(long_over, "3: rests although the order may still be paid{}", self.story());
            let body = &self.screen.body;
            let says_so = matches!(body, Body::Expired { renewable: false } | Body::Closed);
            assert!(asks || says_so, "3: rests, and the screen says that something is going on{}", self.story());
        }
    }

    /// The way at hand is one that the order offers and that works here, and the screen is one of its own.
    fn check_ways(&self) {
        let Screen { way, ways, body, .. } = &self.screen;
        let app = self.options.environment.unwrap_or_default().app;
        let surface = self.options.surface;
        // Once it is over, the way is the one by which it was paid, wherever that was.
        let at_hand = way.as_ref().filter(|_| !self.state.is_final());
        for offer in at_hand.into_iter().chain(ways) {
            let works = match &offer.method {
                Method::Native => true,
                Method::Jsapi => app == App::WeChat && surface == Surface::Payer,
                Method::MiniProgram => app == App::MiniProgram && surface == Surface::Payer,
                // Field problem 49.
                Method::H5 => {
                    !matches!(app, App::WeChat | App::WeChatDesktop | App::MiniProgram) && surface == Surface::Payer
                }
                // Elsewhere only where nothing else is offered.
                Method::PaymentCode => match surface {
                    Surface::Till => true,
                    Surface::Payer => !ways.contains(offer) || ways.len() == 1,
                    Surface::Counter => false,
                },
                Method::Merchant(_) => offer.label.as_ref().is_some_and(|label| !label.trim().is_empty()),
            };
            assert!(works, "{offer:?} does not work here{}", self.story());
        }
        let Some(way) = way else { return };
        let at_hand = ways.iter().filter(|other| other.method == way.method).count();
        assert!(at_hand <= 1, "a way twice{}", self.story());
        assert!(ways.is_empty() || ways.len() > at_hand, "nothing to choose{}", self.story());
        let its_own = match body {
            Body::Scan { .. } => matches!(way.method, Method::Native | Method::Merchant(_)),
            Body::Pay { .. } => !matches!(way.method, Method::Native | Method::PaymentCode),
            Body::TakeCode { .. } | Body::AwaitPayer { .. } => way.method == Method::PaymentCode,
            _ => true,
        };
        assert!(its_own, "a screen of another way{}", self.story());
        if let Body::Pay { stage: Stage::Ready, .. } = body {
            let needs_wechat = matches!(way.method, Method::Jsapi | Method::MiniProgram);
            let framed = self.options.environment.is_some_and(|environment| environment.framed);
            let there = framed || self.wechat.is_there(self.now);
            let logs_in = self.host.was_sent_to_log_in();
            assert!(!needs_wechat || there || logs_in, "1: a button with no WeChat behind it{}", self.story());
        }
        let confirming = matches!(body, Body::Confirming { .. } | Body::AwaitPayer { .. });
        assert!(!confirming || ways.is_empty(), "55: another way while one is being confirmed{}", self.story());
    }

    /// What is drawn stays on the screen until the next event, unless the browser sleeps.
    pub(super) fn check_drawn(&self, until: Instant) {
        if let Body::Scan { content, .. } = &self.screen.body
            && !self.frozen
            && until > self.now
        {
            self.check_alive(content, Instant::from_millis(until.millis() - 1));
        }
    }

    fn check_alive(&self, content: &str, at: Instant) {
        let alive = self.backend.clock(at) < self.deadline(self.drawn(content));
        assert!(alive, "6: a code that expired by the server's clock{}", self.story());
    }

    fn drawn(&self, content: &str) -> &Minted {
        self.backend.by_content(content).expect("a code of this backend")
    }

    /// When a payment truly ends.
    pub(super) fn deadline(&self, minted: &Minted) -> Timestamp {
        minted.expires_at.into_iter().chain([self.backend.expires_at]).min().unwrap()
    }
}

impl World {
    /// The backend's own origin sends events too.
    pub(super) fn is_listened_to(&self, address: &str) -> bool {
        let origin = |address: &str| url::Url::parse(address).map(|url| url.origin());
        let of_backend = !self.options.api.is_empty() && origin(address) == origin(&self.options.api);
        of_backend || is_allowed(address)
    }
}

/// The allow-list once more, in other words than the core's.
pub(crate) fn is_allowed(address: &str) -> bool {
    let url = url::Url::parse(address).unwrap();
    let host = url.host_str().unwrap_or_default();
    let listed = ["pay.example", "shop.example", "qr.95516.com", "wx.tenpay.com", "open.weixin.qq.com"].contains(&host);
    let plain = url.username().is_empty() && url.password().is_none();
    url.scheme() == "https" && plain && listed && url.port_or_known_default() == Some(443)
}
