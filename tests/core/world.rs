//! A simulated world around the core: the shell that carries out its effects, the network, the payer and the time, which
//! moves only here. After every event the world checks what must always be so, whatever a test is about; the numbers in
//! its messages are those of the invariants in DESIGN.md section 4.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use wechat_cashier::contract::{Failure, Money, Order, OrderStatus, Payment, ProblemCode, RetryAfter, Timestamp};
use wechat_cashier::core::{
    Body, Call, Effect, Event, Instant, Notice, Options, PageEvent, Screen, Stamp, State, StreamEvent, Surface, Tap,
    Trouble, update,
};

use super::backend::{Backend, Fault, ORDER};

pub(crate) const PAGE: &str = "https://pay.example/cashier/?order=T20261121001";
pub(crate) const GRACE_MS: u64 = 5 * 60_000;
/// No two requests for the order come closer than this.
const GAP_MS: u64 = 1_000;
/// So many events are told when something fails.
const HISTORY: usize = 20;

/// How requests fare from now on.
#[derive(Clone, Debug)]
pub(crate) struct Net {
    pub(crate) up_ms: u64,
    pub(crate) down_ms: u64,
    /// What goes wrong with requests for the order,
    pub(crate) order: Fault,
    /// and for a payment.
    pub(crate) payment: Fault,
}

/// A request on its way or answered.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    stamp: Stamp,
    call: Call,
    arrives: Instant,
    returns: Instant,
    fault: Fault,
    reply: Option<Reply>,
    pub(crate) cancelled: bool,
    /// The page that sent it is gone.
    abandoned: bool,
}

#[derive(Clone, Debug)]
enum Reply {
    Order(Result<Box<Order>, Failure>),
    Payment(Result<Payment, Failure>),
}

/// What this page was told since it was loaded, kept apart from the core's own memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) paid: bool,
    amount: Option<Money>,
    amount_changed: bool,
    /// The earliest that the page may take the order for over.
    over_since: Option<Instant>,
    /// Until when the backend asked not to be asked: for the order, for a payment.
    held_until: [Instant; 2],
    /// For each code, the last request that had gone out when the page learned of it.
    known_since: BTreeMap<String, Stamp>,
    replaced: BTreeSet<String>,
    /// A request for the order was answered, in whatever way.
    order_answered: bool,
    /// Keys whose request failed.
    failed_keys: BTreeSet<String>,
    /// Idempotency keys used, and how many may be.
    pub(crate) keys: BTreeSet<String>,
    keys_allowed: usize,
    /// When requests for the order went out.
    pub(crate) asked_at: Vec<Instant>,
    /// `Effect::Paid`s.
    pub(crate) announced: u32,
    wakes: VecDeque<Instant>,
}

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) now: Instant,
    pub(crate) backend: Backend,
    pub(crate) net: Net,
    pub(crate) options: Options,
    pub(crate) state: State,
    /// What the payer sees.
    pub(crate) screen: Screen,
    pub(crate) visible: bool,
    /// The browser runs no timers.
    pub(crate) frozen: bool,
    pub(crate) wire: Vec<Request>,
    /// Every request of this visit, as it went out.
    pub(crate) sent: Vec<(Instant, Call)>,
    /// Answers that came, so that one can come again.
    pub(crate) answered: Vec<Event>,
    pub(crate) wake: Option<Instant>,
    pub(crate) listening: Option<String>,
    pub(crate) memory: Option<String>,
    pub(crate) gone_to: Vec<String>,
    pub(crate) told: Told,
    history: VecDeque<Happened>,
}

/// An event and what came of it.
#[derive(Clone)]
struct Happened {
    at: Instant,
    event: Event,
    effects: Vec<Effect>,
    shown: Screen,
}

impl World {
    pub(crate) fn new() -> Self {
        let options = Options {
            order_id: ORDER.to_owned(),
            page_url: PAGE.to_owned(),
            allowed_origins: vec!["https://shop.example".to_owned()],
            seed: 1,
            ..Options::default()
        };
        let state = State::new(options.clone());
        Self {
            now: Instant::from_millis(1_000),
            backend: Backend::default(),
            net: Net { up_ms: 20, down_ms: 30, order: Fault::None, payment: Fault::None },
            screen: state.screen(Instant::ZERO),
            options,
            state,
            visible: true,
            frozen: false,
            wire: Vec::new(),
            sent: Vec::new(),
            answered: Vec::new(),
            wake: None,
            listening: None,
            memory: None,
            gone_to: Vec::new(),
            told: Told::default(),
            history: VecDeque::new(),
        }
    }

    /// A page whose code is drawn.
    pub(crate) fn scanning() -> Self {
        let mut world = Self::new();
        world.start();
        world.run(200);
        world.scan();
        world
    }

    /// The page is there, with these options; news of it may come before the cashier starts.
    pub(crate) fn load(&mut self) {
        self.state = State::new(self.options.clone());
    }

    /// The cashier begins.
    pub(crate) fn start(&mut self) {
        if self.sent.is_empty() {
            self.load();
        }
        self.told.keys_allowed = 1 + usize::from(self.memory.is_some());
        self.event(Event::Start { remembered: self.memory.clone() });
    }

    /// The page is loaded again: what was under way is dropped, what was remembered is not.
    pub(crate) fn reload(&mut self) {
        for request in &mut self.wire {
            (request.cancelled, request.abandoned) = (true, true);
        }
        self.wire.retain(|request| request.reply.is_none());
        self.answered.clear();
        (self.wake, self.listening, self.frozen, self.visible) = (None, None, false, true);
        self.options.seed += 1;
        self.told = Told::default();
        self.sent.clear();
        self.start();
    }

    // ── Time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// Lets so much time pass, and everything happen that is due in it.
    pub(crate) fn run(&mut self, ms: u64) {
        let end = self.now + ms;
        while let Some((at, due)) = self.next_due().filter(|(at, _)| *at <= end) {
            self.check_drawn(at);
            self.now = self.now.max(at);
            self.happen(due);
        }
        self.check_drawn(end);
        self.now = end;
    }

    /// Lets time pass until the screen is as wanted, for so long at most. Says whether it came to be.
    pub(crate) fn run_until(&mut self, most_ms: u64, wanted: impl Fn(&Self) -> bool) -> bool {
        let end = self.now + most_ms;
        while !wanted(self) && self.now < end {
            let next = self.next_due().map_or(end, |(at, _)| at.max(self.now));
            self.run(next.min(end).since(self.now).max(1));
        }
        wanted(self)
    }

    fn next_due(&self) -> Option<(Instant, Due)> {
        let on_wire = self.wire.iter().enumerate().map(|(index, request)| {
            if request.reply.is_none() {
                (request.arrives, Due::Arrives(index))
            } else {
                (request.returns, Due::Returns(index))
            }
        });
        let wake = self.wake.filter(|_| !self.frozen).map(|at| (at, Due::Wake));
        on_wire.chain(wake).min_by_key(|(at, _)| *at)
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Arrives(index) => {
                let request = &mut self.wire[index];
                let reply = match &request.call {
                    Call::Order { verify } => {
                        let told = self.backend.answer_order(*verify, &request.fault, self.now);
                        Reply::Order(lost(told, &request.fault))
                    }
                    Call::Payment { key, request: body } => {
                        let told = self.backend.answer_payment(key, body, &request.fault, self.now);
                        Reply::Payment(lost(told, &request.fault))
                    }
                };
                request.reply = Some(reply);
                if request.abandoned {
                    self.wire.remove(index);
                }
            }
            Due::Returns(index) => {
                let request = self.wire.remove(index);
                let stamp = request.stamp;
                let event = match request.reply.unwrap() {
                    Reply::Order(result) => Event::Order { stamp, result },
                    Reply::Payment(result) => Event::Payment { stamp, result },
                };
                if !request.cancelled {
                    match (&request.call, &event) {
                        (Call::Order { .. }, _) => self.told.order_answered = true,
                        (Call::Payment { key, .. }, Event::Payment { result: Err(_), .. }) => {
                            self.told.failed_keys.insert(key.clone());
                        }
                        (Call::Payment { .. }, _) => {}
                    }
                    self.hear(&event);
                    self.answered.push(event.clone());
                }
                self.event(event);
            }
            Due::Wake => {
                self.wake = None;
                self.told.wakes.push_back(self.now);
                if self.told.wakes.len() > 20 {
                    let first = self.told.wakes.pop_front().unwrap();
                    assert!(self.now.since(first) >= 1_000, "3: more than 20 wakes in a second{}", self.story());
                }
                self.event(Event::Wake);
            }
        }
    }

    // ── What happens ─────────────────────────────────────────────────────────────────────────────────────────────────

    pub(crate) fn tap(&mut self, tap: Tap) {
        let before = self.screen.body.clone();
        let asks = match &tap {
            Tap::Again => {
                matches!(before, Body::Scan { .. } | Body::Expired { renewable: true } | Body::Confirming { .. })
            }
            Tap::Retry => !matches!(before, Body::Scan { .. } | Body::Loading),
            _ => false,
        };
        self.told.keys_allowed += usize::from(asks);
        self.event(Event::Tap(tap));
    }

    pub(crate) fn page(&mut self, news: PageEvent) {
        match news {
            PageEvent::Hidden => self.visible = false,
            PageEvent::Visible | PageEvent::Restored => (self.visible, self.frozen) = (true, false),
            PageEvent::Online | PageEvent::Offline => {}
        }
        self.event(Event::Page(news));
    }

    /// A wake that nobody armed, or that comes early; the shell's timer is then spent.
    pub(crate) fn stray_wake(&mut self) {
        self.wake = None;
        self.event(Event::Wake);
    }

    /// The event stream says something. What comes when nobody listens any more tells the page nothing.
    pub(crate) fn stream(&mut self, news: StreamEvent) {
        if let (Some(_), StreamEvent::Order(Ok(order))) = (&self.listening, &news) {
            self.hear_order(order, None);
        }
        if news == StreamEvent::Lost {
            self.listening = None;
        }
        self.event(Event::Stream(news));
    }

    pub(crate) fn stream_tells_truth(&mut self) {
        let order = self.backend.order(self.now);
        self.stream(StreamEvent::Order(Ok(Box::new(order))));
    }

    /// Somebody else's page asks for a new code.
    pub(crate) fn other_page_asks_for_a_new_code(&mut self) {
        let count = self.backend.minted.len();
        self.backend.mint(&format!("other-{count}"), None, self.now);
    }

    /// Notes what an answer that is waited for tells the page.
    fn hear(&mut self, event: &Event) {
        match event {
            Event::Order { stamp, result: Ok(order) } => self.hear_order(order, Some(*stamp)),
            Event::Order { result: Err(failure), .. } => self.hear_no(failure, 0),
            Event::Payment { result: Ok(payment), .. } => self.hear_payment(&payment.payment_id, true),
            Event::Payment { result: Err(failure), .. } => self.hear_no(failure, 1),
            _ => {}
        }
    }

    fn hear_order(&mut self, order: &Order, stamp: Option<Stamp>) {
        if order.order_id != ORDER || self.state.is_final() {
            return;
        }
        self.told.paid |= order.status == OrderStatus::Paid;
        self.told.amount_changed |= *self.told.amount.get_or_insert(order.amount) != order.amount;
        if order.status == OrderStatus::Closed {
            self.told.over_since.get_or_insert(self.now);
        }
        let Some(latest) = &order.payment else { return };
        let place = self.backend.minted.iter().position(|minted| minted.id == latest.payment_id);
        for (older, minted) in self.backend.minted.iter().enumerate() {
            let asked_since =
                self.told.known_since.get(&minted.content).zip(stamp).is_some_and(|(known, asked)| *known < asked);
            if Some(older) < place && asked_since {
                self.told.replaced.insert(minted.content.clone());
            }
        }
        if stamp.is_some() {
            self.hear_payment(&latest.payment_id, false);
        }
    }

    fn hear_payment(&mut self, id: &str, asked_for: bool) {
        let last = self.last_stamp();
        if let Some(minted) = self.backend.minted.iter().find(|minted| minted.id == id) {
            self.told.known_since.insert(minted.content.clone(), last);
            // To a key that it knows the backend gives the payment it made then, dead or not. That is its latest word, and
            // the next answer about the order sets it right.
            if asked_for {
                self.told.replaced.remove(&minted.content);
            }
        }
    }

    fn hear_no(&mut self, failure: &Failure, kind: usize) {
        let Failure::Refused { problem, retry_after } = failure else { return };
        if kind == 1 && matches!(problem.code, ProblemCode::OrderClosed | ProblemCode::OrderExpired) {
            self.told.over_since.get_or_insert(self.now);
        }
        // A payment that is refused for good is not held back, but asked for again only by a tap.
        let passing = matches!(
            problem.code,
            ProblemCode::RateLimited | ProblemCode::UpstreamUnavailable | ProblemCode::ServerError
        );
        if kind == 0 || passing {
            let until = match retry_after {
                Some(RetryAfter::Millis(ms)) => self.now + *ms,
                Some(RetryAfter::At(at)) if self.told.amount.is_some() => {
                    self.now + u64::try_from(at.millis() - self.backend.clock(self.now).millis()).unwrap_or(0)
                }
                _ => Instant::ZERO,
            };
            let held = &mut self.told.held_until[kind];
            *held = (*held).max(until);
        }
    }

    /// Gives the core an event, carries out what it wants and checks what must always be so.
    pub(crate) fn event(&mut self, event: Event) {
        let was_final = self.state.is_final();
        let effects = update(&mut self.state, event.clone(), self.now);
        self.screen = self.state.screen(self.now);
        if self.history.len() >= HISTORY {
            self.history.pop_front();
        }
        let shown = self.screen.clone();
        self.history.push_back(Happened { at: self.now, event, effects: effects.clone(), shown });
        // The page may take the order for expired earlier than it is by as long as an answer took to come.
        if self.told.amount.is_some() && self.backend.has_expired(self.now + 20_000) {
            self.told.over_since.get_or_insert(self.now);
        }
        for effect in effects {
            self.carry_out(effect, was_final);
        }
        self.check();
    }

    fn carry_out(&mut self, effect: Effect, was_final: bool) {
        match effect {
            Effect::Send { stamp, call, timeout_ms } => {
                assert!(!was_final && !self.state.is_final(), "4: a request after the end{}", self.story());
                assert!(stamp > self.last_stamp(), "stamps grow{}", self.story());
                self.check_send(&call);
                let fault = if matches!(call, Call::Order { .. }) { &self.net.order } else { &self.net.payment };
                let arrives = self.now + self.net.up_ms;
                let mut request = Request {
                    stamp,
                    call: call.clone(),
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
                if let Call::Order { .. } = call {
                    self.told.asked_at.push(self.now);
                }
                self.sent.push((self.now, call));
                self.wire.push(request);
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
                assert!(is_allowed(&address), "8: listens to {address}{}", self.story());
                self.listening = Some(address);
            }
            Effect::Deafen => self.listening = None,
            Effect::Remember(text) => self.memory = text,
            Effect::Go { url, .. } => {
                assert!(is_allowed(&url), "8: goes to {url}{}", self.story());
                assert!(self.visible && matches!(self.state.status(), Some(OrderStatus::Paid)), "{}", self.story());
                self.gone_to.push(url);
            }
            Effect::Paid => self.told.announced += 1,
            other => panic!("{other:?}"),
        }
    }

    fn check_send(&mut self, call: &Call) {
        let awake = self.visible || self.options.surface == Surface::Counter;
        let kind = usize::from(matches!(call, Call::Payment { .. }));
        let under_way =
            self.under_way().filter(|request| core::mem::discriminant(&request.call) == core::mem::discriminant(call));
        assert_eq!(under_way.count(), 0, "4: two requests of a kind at once{}", self.story());
        assert!(self.now >= self.told.held_until[kind], "Retry-After is passed{}", self.story());
        match call {
            Call::Order { .. } => {
                assert!(awake || !self.told.order_answered, "4: asks while hidden{}", self.story());
                let near = self.told.asked_at.last().is_some_and(|last| self.now.since(*last) < GAP_MS);
                assert!(!near, "4: two requests for the order within a second{}", self.story());
            }
            Call::Payment { key, request } => {
                self.told.keys.insert(key.clone());
                assert!(
                    awake || !self.told.failed_keys.contains(key),
                    "4: asks for a payment again while hidden{}",
                    self.story()
                );
                assert!(
                    self.told.keys.len() <= self.told.keys_allowed,
                    "more payments asked for than the payer wanted{}",
                    self.story()
                );
                assert_ne!(request.replaces.as_deref(), Some(""));
            }
        }
    }

    // ── What must always be so ───────────────────────────────────────────────────────────────────────────────────────

    fn check(&self) {
        let Screen { bill, body, return_to, .. } = &self.screen;
        let is_paid = matches!(body, Body::Paid { .. });
        assert!(!is_paid || self.told.paid, "1: paid, and nobody said so{}", self.story());
        assert!(self.told.announced <= 1, "2: announced twice{}", self.story());
        assert_eq!(is_paid, self.told.announced == 1, "2: announced if and only if it is shown{}", self.story());

        let awake = self.visible || self.options.surface == Surface::Counter;
        let resting = self.state.is_resting(self.now);
        if !self.state.is_final() && !resting && awake {
            let lives = self.wake.is_some() || self.under_way().next().is_some();
            assert!(lives, "3: nothing is armed and nothing under way{}", self.story());
        }
        if resting && !self.state.is_final() {
            let long_over = self.told.over_since.is_some_and(|since| self.now.since(since) >= GRACE_MS);
            assert!(long_over, "3: rests although the order may still be paid{}", self.story());
            let asks = self.under_way().next().is_some();
            assert!(
                asks || !matches!(body, Body::Loading | Body::Scan { .. } | Body::Confirming { .. }),
                "3: rests, and the screen says that something is going on{}",
                self.story()
            );
        }
        assert!(
            !self.state.is_final() || self.under_way().next().is_none(),
            "4: something is under way after the end{}",
            self.story()
        );

        let amount = bill.as_ref().map(|bill| bill.amount);
        assert_eq!(amount, self.told.amount, "7: the amount first told{}", self.story());
        let stopped = matches!(body, Body::Trouble(Trouble::AmountChanged { .. }));
        assert_eq!(stopped, self.told.amount_changed, "7: another amount stops it{}", self.story());

        assert!(return_to.as_deref().is_none_or(is_allowed), "8: offers {return_to:?}{}", self.story());
        if let Body::Scan { content, left_s, .. } = body {
            assert!(content.starts_with("weixin://") && content.len() <= 512, "8: draws {content}{}", self.story());
            assert!(!self.told.replaced.contains(content), "6: a code known to be replaced{}", self.story());
            self.check_alive(content, self.now);
            let truly_left_ms = self.deadline(content).millis() - self.backend.clock(self.now).millis();
            let left_ms = left_s.map_or(0, |left_s| i64::try_from(left_s).unwrap() * 1_000);
            assert!(left_ms < truly_left_ms + 1_000, "6: more time left than there is{}", self.story());
        }
    }

    /// What is drawn stays on the screen until the next event, unless the browser sleeps.
    fn check_drawn(&self, until: Instant) {
        if let Body::Scan { content, .. } = &self.screen.body
            && !self.frozen
            && until > self.now
        {
            self.check_alive(content, Instant::from_millis(until.millis() - 1));
        }
    }

    fn check_alive(&self, content: &str, at: Instant) {
        let alive = self.backend.clock(at) < self.deadline(content);
        assert!(alive, "6: a code that expired by the server's clock{}", self.story());
    }

    /// When a code truly ends.
    fn deadline(&self, content: &str) -> Timestamp {
        let minted = self.backend.by_content(content).expect("a code of this backend");
        minted.expires_at.into_iter().chain([self.backend.expires_at]).min().unwrap()
    }

    // ── What the tests ask ───────────────────────────────────────────────────────────────────────────────────────────

    /// Requests whose answers are waited for.
    pub(crate) fn under_way(&self) -> impl Iterator<Item = &Request> {
        self.wire.iter().filter(|request| !request.cancelled)
    }

    fn last_stamp(&self) -> Stamp {
        Stamp(u32::try_from(self.sent.len()).unwrap())
    }

    /// When the requests for the order went out, and whether with `verify`.
    pub(crate) fn order_requests(&self) -> Vec<(Instant, bool)> {
        self.sent
            .iter()
            .filter_map(|(at, call)| match call {
                Call::Order { verify } => Some((*at, *verify)),
                Call::Payment { .. } => None,
            })
            .collect()
    }

    /// Key and `replaces` of the requests for payments.
    pub(crate) fn payment_requests(&self) -> Vec<(String, Option<String>)> {
        self.sent
            .iter()
            .filter_map(|(_, call)| match call {
                Call::Payment { key, request } => Some((key.clone(), request.replaces.clone())),
                Call::Order { .. } => None,
            })
            .collect()
    }

    pub(crate) fn body(&self) -> &Body {
        &self.screen.body
    }

    /// The code on the screen, which there must be.
    pub(crate) fn scan(&self) -> String {
        match &self.screen.body {
            Body::Scan { content, .. } => content.clone(),
            other => panic!("no code on the screen, but {other:?}{}", self.story()),
        }
    }

    pub(crate) fn is_paid(&self) -> bool {
        matches!(self.screen.body, Body::Paid { .. })
    }

    /// How much longer the backend wants to be left alone about the order.
    pub(crate) fn held_ms(&self) -> u64 {
        self.told.held_until[0].since(self.now)
    }

    /// And about payments.
    pub(crate) fn payment_held_ms(&self) -> u64 {
        self.told.held_until[1].since(self.now)
    }

    /// What the view offers on this screen.
    pub(crate) fn offered(&self) -> Vec<Tap> {
        let mut taps = match &self.screen.body {
            Body::Scan { .. } | Body::Expired { renewable: true } => vec![Tap::HavePaid, Tap::Again],
            Body::Confirming { can_go_back: true } => vec![Tap::Back],
            Body::Confirming { can_go_back: false } => vec![Tap::Retry],
            Body::Expired { renewable: false } | Body::Closed => vec![Tap::HavePaid],
            Body::Trouble(trouble) if !trouble.is_final() => vec![Tap::Retry],
            _ => vec![],
        };
        if matches!(self.screen.notice, Some(Notice::Unreachable | Notice::Refused(_) | Notice::Unreadable(_))) {
            taps.push(Tap::Retry);
        }
        taps
    }

    /// The end of what happened, for a message.
    pub(crate) fn story(&self) -> String {
        let mut story = "\nThe story so far:".to_owned();
        for Happened { at, event, effects, shown } in &self.history {
            let event: String = format!("{event:?}").chars().take(400).collect();
            story += &format!("\n{:>9} {event}", at.millis());
            for effect in effects {
                story += &format!("\n{:>9}   {effect:?}", "");
            }
            story += &format!("\n{:>9}   shows {:?} {:?}", "", shown.body, shown.notice);
        }
        story
    }
}

#[derive(Clone, Copy)]
enum Due {
    Arrives(usize),
    Returns(usize),
    Wake,
}

fn lost<T>(told: Result<T, Failure>, fault: &Fault) -> Result<T, Failure> {
    if *fault == Fault::AnswerLost { Err(Failure::TimedOut) } else { told }
}

/// The allow-list once more, in other words than the core's.
pub(crate) fn is_allowed(address: &str) -> bool {
    let url = url::Url::parse(address).unwrap();
    let host = url.host_str().unwrap_or_default();
    let listed = ["pay.example", "shop.example", "wx.tenpay.com", "open.weixin.qq.com"].contains(&host);
    url.scheme() == "https" && listed && url.port_or_known_default() == Some(443)
}

/// So many milliseconds after a point in server time.
pub(crate) fn after(at: Timestamp, ms: i64) -> Timestamp {
    Timestamp::from_millis(at.millis() + ms)
}
