//! The shell: gives the core its events, and carries out what it wants.

use std::rc::Rc;

use wechat_cashier::contract::{Action, JsapiParams, Method, OrderStatus};
use wechat_cashier::core::{
    App, Body, Call, Effect, Event, HostEvent, NAVIGABLE_ORIGINS, News, Passage, Stage, Surface, Tap, update,
};

use super::check::is_allowed;
use super::{Happened, PAGE, Request, World};
use crate::backend::Fault;
use crate::wechat::What;

/// So many events are told when something fails.
const HISTORY: usize = 20;
/// No two requests for the order come closer than this.
const GAP_MS: u64 = 1_000;

impl World {
    /// Something happens to the page. An answer to a request that comes this way is one that is not waited for.
    pub(crate) fn event(&mut self, event: Event) {
        match &event {
            Event::Tap(tap) => self.hear_tap(tap),
            Event::Order { .. } | Event::Payment { .. } => {}
            other => self.hear(other),
        }
        self.tell(event);
    }

    /// Gives the core an event, carries out what it wants and checks what must always be so.
    pub(super) fn tell(&mut self, event: Event) {
        let was_final = self.state.is_final();
        let before = self.screen.body.clone();
        let effects = update(&mut self.state, event.clone(), self.now);
        self.screen = self.state.screen(self.now);
        if self.history.len() >= HISTORY {
            self.history.pop_front();
        }
        let happened = Rc::new(Happened { at: self.now, event, effects, shown: self.screen.clone() });
        self.history.push_back(Rc::clone(&happened));
        // The page may take the order for expired earlier than it is by as long as an answer took to come.
        if self.told.amount.is_some() && self.backend.has_expired(self.now + 20_000) {
            self.told.over_since.get_or_insert(self.now);
        }
        self.host.was_paid |= self.is_paid();
        let mut told = false;
        for effect in &happened.effects {
            let tells = matches!(effect, Effect::Tell(_));
            assert!(tells || !told, "told before all else is done{}", self.story());
            told |= tells;
            self.carry_out(effect.clone(), &happened.event, &before, was_final);
        }
        self.check_errors(&happened.effects);
        self.check();
        self.host_answers();
    }

    fn carry_out(&mut self, effect: Effect, event: &Event, before: &Body, was_final: bool) {
        match effect {
            Effect::Send { stamp, call, timeout_ms } => {
                assert!(!was_final && !self.state.is_final(), "4: a request after the end{}", self.story());
                assert!(stamp > self.last_stamp, "stamps grow{}", self.story());
                self.last_stamp = stamp;
                self.check_send(&call);
                self.send(stamp, call, timeout_ms);
            }
            Effect::Cancel(stamp) => {
                let request = self.wire.iter_mut().find(|request| request.stamp == stamp && !request.cancelled);
                request.expect("only what is under way is cancelled").cancelled = true;
            }
            Effect::Wake(at) => {
                assert!(at.is_none_or(|at| at > self.now), "3: a wake that is not ahead: {at:?}{}", self.story());
                self.wake = at;
            }
            Effect::Listen(address) => {
                assert!(self.is_listened_to(&address), "8: listens to {address}{}", self.story());
                self.listening = Some(address);
                self.listens += 1;
            }
            Effect::Deafen => self.listening = None,
            Effect::Remember(text) => self.memory = text,
            Effect::Go { url, passage } => {
                assert!(is_allowed(&url), "8: goes to {url}{}", self.story());
                let answered = matches!(event, Event::Host(HostEvent::Navigation { stamp, kept: false })
                    if self.host.answering == Some((*stamp, url.clone(), passage)));
                assert!(answered, "goes where the host was not asked about{}", self.story());
                if passage == Passage::Shop {
                    self.gone_to.push(url);
                } else {
                    self.left_for.push((url, passage));
                }
            }
            Effect::Connect(link) => self.wechat.connect(link, self.now),
            Effect::Invoke { stamp, params } => {
                self.check_call(event, before);
                self.check_sheet(&params);
                self.call(stamp, What::Sheet(params));
            }
            Effect::OpenMiniProgram { stamp, path } => {
                self.check_call(event, before);
                self.call(stamp, What::MiniProgram(path));
            }
            Effect::Copy(text) => {
                let uncopied = self.copies_nothing.then(|| text.clone());
                self.copied.push(text);
                self.wechat.coming.push((self.now + 5, Event::Copied(uncopied)));
            }
            Effect::Tell(news) => {
                if let News::Measure(address) = &news {
                    let wechats = NAVIGABLE_ORIGINS.iter().any(|origin| address.starts_with(origin));
                    assert!(self.is_listened_to(address) && !wechats, "8: measures for {address}{}", self.story());
                    self.measured.push(address.clone());
                    assert_eq!(self.measured.len(), 1, "measures twice{}", self.story());
                }
                if let News::Navigate { url, passage, .. } = &news {
                    assert!(is_allowed(url), "8: is about to go to {url}{}", self.story());
                    self.check_go(url, *passage, event, before);
                }
                self.hear_news(news);
            }
        }
    }

    fn call(&mut self, stamp: wechat_cashier::core::Stamp, what: What) {
        assert!(stamp > self.last_stamp, "stamps grow{}", self.story());
        self.last_stamp = stamp;
        self.told.calling = Some(stamp);
        self.wechat.opened(stamp, what, self.now);
    }

    fn send(&mut self, stamp: wechat_cashier::core::Stamp, call: Call, timeout_ms: u32) {
        let fault = match &call {
            Call::Order { .. } => &self.net.order,
            Call::Close => self.net.close.as_ref().unwrap_or(&self.net.order),
            Call::Payment { .. } => &self.net.payment,
        };
        let arrives = self.now + self.net.up_ms;
        let mut request = Request {
            stamp,
            call: call.clone(),
            sent: self.now,
            arrives,
            returns: arrives + self.net.down_ms,
            fault: fault.clone(),
            reply: None,
            cancelled: false,
            abandoned: false,
        };
        let times_out = self.now + u64::from(timeout_ms);
        if request.returns > times_out {
            // It may have arrived all the same.
            request.returns = times_out;
            request.arrives = request.arrives.min(times_out);
            request.fault = Fault::AnswerLost;
        }
        if is_about_order(&call) {
            self.told.asked_at.push(self.now);
        }
        self.sent.push((self.now, call));
        self.wire.push(request);
    }

    // ── What must be so of what goes out ─────────────────────────────────────────────────────────────────────────────

    fn check_send(&mut self, call: &Call) {
        let awake = self.visible || self.options.surface != Surface::Payer;
        let kind = usize::from(matches!(call, Call::Payment { .. }));
        let under_way = self.under_way().filter(|request| is_about_order(&request.call) == is_about_order(call));
        assert_eq!(under_way.count(), 0, "4: two requests of a kind at once{}", self.story());
        assert!(self.now >= self.told.held_until[kind], "Retry-After is passed{}", self.story());
        match call {
            Call::Order { .. } | Call::Close => {
                assert!(awake || !self.told.order_answered, "4: asks while hidden{}", self.story());
                let near = self.told.asked_at.last().is_some_and(|last| self.now.since(*last) < GAP_MS);
                assert!(!near, "4: two requests for the order within a second{}", self.story());
            }
            Call::Payment { key, request } => {
                let again = self.told.failed_keys.contains(key);
                assert!(awake || !again, "4: asks for a payment again while hidden{}", self.story());
                if let Some(known) = self.told.keys.get(key) {
                    assert_eq!(known, request, "one key, two questions{}", self.story());
                } else {
                    let pending = self.told.status == Some(OrderStatus::Pending);
                    assert!(pending, "9: a payment begun for an order that is not pending{}", self.story());
                    let begins_by_tap =
                        matches!(request.method, Method::H5 | Method::PaymentCode | Method::Merchant(_));
                    // The remembered key stood for what is dead or forgotten.
                    let of_before = self.told.remembered && self.told.keys.len() == 1;
                    assert!(
                        !begins_by_tap || self.told.wanted || of_before,
                        "a payment asked for that nobody tapped for{}",
                        self.story()
                    );
                    self.told.wanted = false;
                    self.told.keys.insert(key.clone(), request.clone());
                }
                // A counter's code is renewed by itself.
                let renewed =
                    request.replaces.as_ref().and_then(|id| self.backend.minted.iter().find(|minted| minted.id == *id));
                let renews = self.options.surface == Surface::Counter
                    && renewed.is_some_and(|minted| self.backend.clock(self.now + 20_000) >= self.deadline(minted));
                if renews {
                    self.told.allow();
                }
                let allowed = self.told.keys.len() <= self.told.keys_allowed;
                assert!(allowed, "more payments asked for than the payer wanted{}", self.story());
                let offered = self.screen.way.as_ref().map(|way| &way.method);
                assert_eq!(offered, Some(&request.method), "asks for another way than is shown{}", self.story());
                assert_eq!(request.auth_code.is_some(), request.method == Method::PaymentCode, "{}", self.story());
                assert_ne!(request.replaces.as_deref(), Some(""));
            }
        }
    }

    /// Invariant 5.
    fn check_call(&self, event: &Event, before: &Body) {
        assert_eq!(event, &Event::Tap(Tap::Pay), "5: a call that no tap began{}", self.story());
        let offered = matches!(before, Body::Pay { stage: Stage::Ready, .. });
        assert!(offered, "5: a call by a button that was not offered{}", self.story());
        assert_eq!(self.told.calling, None, "5: two calls at a time{}", self.story());
        assert!(self.wechat.is_there(self.now), "5: a call before WeChat is there{}", self.story());
        assert_eq!(self.told.doubt, None, "5: a call before the order was asked about{}", self.story());
    }

    fn check_sheet(&self, params: &JsapiParams) {
        let environment = self.options.environment.unwrap_or_default();
        assert!(environment.app == App::WeChat && !environment.framed, "5: a call out of place{}", self.story());
        let minted = self.backend.by_params(params).expect("parameters of this backend");
        assert!(!self.told.replaced.contains(&minted.id), "6: parameters known to be replaced{}", self.story());
        let alive = self.backend.clock(self.now) < self.deadline(minted);
        assert!(alive, "6: parameters that expired by the server's clock{}", self.story());
    }

    fn check_go(&mut self, url: &str, passage: Passage, event: &Event, before: &Body) {
        match passage {
            Passage::Shop => {
                let paid = self.told.status == Some(OrderStatus::Paid);
                let by_tap = matches!(event, Event::Tap(Tap::Leave));
                assert!(by_tap || (self.visible && paid), "goes back unpaid or unseen{}", self.story());
            }
            Passage::Pay => {
                assert!(matches!(event, Event::Payment { .. }), "goes to pay unasked{}", self.story());
                let latest = self.backend.minted.iter().rev().find(|minted| {
                    matches!(&minted.action, Action::Redirect { url: to } if url::Url::parse(PAGE).unwrap().join(to).unwrap().as_str() == url)
                });
                let method = latest.map(|minted| minted.asked.method.clone());
                assert!(method.is_some(), "8: goes where nobody sent it{}", self.story());
                // Field problem 49.
                let app = self.options.environment.unwrap_or_default().app;
                let in_wechat = matches!(app, App::WeChat | App::WeChatDesktop | App::MiniProgram);
                assert!(!(in_wechat && method == Some(Method::H5)), "H5 inside WeChat{}", self.story());
            }
            Passage::Login => {
                self.logins += 1;
                assert!(self.logins <= 1, "18: sent to log in twice{}", self.story());
            }
            Passage::Unframe => {
                assert_eq!(event, &Event::Tap(Tap::Pay), "2: leaves its frame untapped{}", self.story());
                assert!(matches!(before, Body::Pay { stage: Stage::Ready, .. }), "{}", self.story());
                assert!(self.options.environment.unwrap_or_default().framed && url == PAGE, "{}", self.story());
            }
        }
    }
}

/// Of these, one at a time is under way.
fn is_about_order(call: &Call) -> bool {
    matches!(call, Call::Order { .. } | Call::Close)
}
