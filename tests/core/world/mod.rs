//! A simulated world around the core: the shell that carries out its effects, the network, WeChat, the payer and the time,
//! which moves only here. After every event the world checks what must always be so, whatever a test is about; the numbers
//! in its messages are those of the invariants in ARCHITECTURE.md.

mod asked;
mod check;
mod host;
mod offered;
mod places;
mod shell;
mod time;
mod told;

use std::collections::VecDeque;
use std::rc::Rc;

use wechat_cashier::contract::{Failure, Money, OrderAnswer, Payment, PaymentRequest, Timestamp};
use wechat_cashier::core::{
    Call, Effect, Event, Instant, LinkEvent, Options, PageEvent, Passage, Screen, Stamp, State, StreamEvent, Tap,
};

use super::backend::{Backend, Fault, ORDER, settled};
use super::wechat::WeChat;
use host::Host;
use told::Told;

pub(crate) use offered::{GOOD_CODE, drawn};

pub(crate) const PAGE: &str = "https://pay.example/cashier/?order=T20261121001";
pub(crate) const GRACE_MS: u64 = 5 * 60_000;

/// How requests fare from now on.
#[derive(Clone, Debug)]
pub(crate) struct Net {
    pub(crate) up_ms: u64,
    pub(crate) down_ms: u64,
    /// What goes wrong with requests for the order,
    pub(crate) order: Fault,
    /// with closing it, where that is something else,
    pub(crate) close: Option<Fault>,
    /// and for a payment.
    pub(crate) payment: Fault,
}

/// A request on its way or answered.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) stamp: Stamp,
    pub(crate) call: Call,
    sent: Instant,
    arrives: Instant,
    pub(crate) returns: Instant,
    fault: Fault,
    reply: Option<Reply>,
    pub(crate) cancelled: bool,
    /// The page that sent it is gone.
    abandoned: bool,
}

#[derive(Clone, Debug)]
enum Reply {
    Order(Result<OrderAnswer, Failure>),
    Payment(Result<Payment, Failure>),
}

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) now: Instant,
    pub(crate) backend: Backend,
    pub(crate) wechat: WeChat,
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
    /// How often it began to listen.
    pub(crate) listens: usize,
    pub(crate) memory: Option<String>,
    /// Where the payer was sent: back to the shop,
    pub(crate) gone_to: Vec<String>,
    /// or elsewhere.
    pub(crate) left_for: Vec<(String, Passage)>,
    pub(crate) copied: Vec<String>,
    /// The browser copies nothing for pages.
    pub(crate) copies_nothing: bool,
    /// The page around the cashier.
    pub(crate) host: Host,
    /// What was wrong on the screen last.
    shown_error: Option<&'static str>,
    /// Where this page was told to measure.
    pub(crate) measured: Vec<String>,
    pub(crate) told: Told,
    last_stamp: Stamp,
    /// How often the payer was sent to log in with no tap or success in between, over all pages of a tab.
    logins: u32,
    history: VecDeque<Rc<Happened>>,
}

/// An event and what came of it.
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
            allowed_origins: vec!["https://shop.example".to_owned(), "https://qr.95516.com".to_owned()],
            seed: 1,
            ..Options::default()
        };
        let state = State::new(options.clone());
        Self {
            now: Instant::from_millis(1_000),
            backend: Backend::default(),
            wechat: WeChat::default(),
            net: Net { up_ms: 20, down_ms: 30, order: Fault::None, close: None, payment: Fault::None },
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
            listens: 0,
            memory: None,
            gone_to: Vec::new(),
            left_for: Vec::new(),
            copied: Vec::new(),
            copies_nothing: false,
            host: Host::default(),
            shown_error: None,
            measured: Vec::new(),
            told: Told::default(),
            last_stamp: Stamp::default(),
            logins: 0,
            history: VecDeque::new(),
        }
    }

    // ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// The page is there, with these options; news of it may come before the cashier starts.
    pub(crate) fn load(&mut self) {
        self.state = State::new(self.options.clone());
        self.wechat.begin(self.now);
    }

    /// The cashier begins.
    pub(crate) fn start(&mut self) {
        if self.sent.is_empty() {
            self.load();
        }
        self.told.remembered = self.memory.is_some();
        self.told.keys_allowed = 1 + usize::from(self.told.remembered);
        let told = self.host.told.clone();
        self.tell(Event::Start { remembered: self.memory.clone(), told });
    }

    /// The page is loaded again: what was under way is dropped, what was remembered is not.
    pub(crate) fn reload(&mut self) {
        self.host = Host { keeps: self.host.keeps, ..Host::default() };
        self.begin_again();
    }

    /// The element is taken out of the page and put in again, or renewed with another `api` or `return`: another cashier takes
    /// the place of this one, and the page has been told what it has been told.
    pub(crate) fn put_in_again(&mut self) {
        self.put_in_again_after(0);
    }

    /// So many milliseconds after it was taken out.
    pub(crate) fn put_in_again_after(&mut self, ms: u64) {
        self.now = self.now + ms;
        self.host.told = Some(self.state.told());
        self.host.report = None;
        // The address has been read.
        self.options.returned = false;
        self.begin_again();
    }

    fn begin_again(&mut self) {
        for request in &mut self.wire {
            (request.cancelled, request.abandoned) = (true, true);
        }
        self.wire.retain(|request| request.reply.is_none());
        self.answered.clear();
        self.shown_error = None;
        self.measured.clear();
        (self.wake, self.listening, self.frozen, self.visible) = (None, None, false, true);
        self.options.seed += 1;
        self.told = Told::default();
        self.last_stamp = Stamp::default();
        self.sent.clear();
        self.start();
        // The login's code was taken out of the address.
        self.options.login_url = None;
    }

    /// The page that the payer was sent away to leads back to this one, as an address that the shell has read.
    pub(crate) fn comes_back(&mut self) {
        self.options.returned = true;
        self.reload();
    }

    /// The same address is opened in another browser, which remembers nothing (field problem 52).
    pub(crate) fn opens_elsewhere(&mut self) {
        (self.memory, self.logins) = (None, 0);
        self.comes_back();
    }

    /// The payer has logged in, and the page is loaded with the login's code.
    pub(crate) fn logs_in(&mut self) {
        let count = self.backend.minted.len();
        self.options.login_url = Some(format!("{PAGE}&code=c{count}&state=s{count}"));
        self.reload();
    }

    // ── What happens ─────────────────────────────────────────────────────────────────────────────────────────────────

    pub(crate) fn tap(&mut self, tap: Tap) {
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

    /// WeChat answers the latest call.
    pub(crate) fn says(&mut self, said: &str) {
        let stamp = self.wechat.calls.last().expect("a call").stamp;
        self.event(Event::Called { stamp, said: said.to_owned() });
    }

    /// WeChat's way is there, or is not, however it stands with it.
    pub(crate) fn link(&mut self, news: LinkEvent) {
        if news == LinkEvent::Ready {
            self.wechat.there_after_ms = Some(self.now.since(self.wechat.started));
        }
        self.event(Event::Link(news));
    }

    /// The event stream says something. What comes when nobody listens any more tells the page nothing.
    pub(crate) fn stream(&mut self, news: StreamEvent) {
        if let (Some(_), StreamEvent::Order(Ok(answer))) = (&self.listening, &news) {
            self.hear_answer(answer, None);
        }
        self.event(Event::Stream(news));
    }

    pub(crate) fn stream_tells_truth(&mut self) {
        let order = self.backend.order(self.now);
        self.stream(StreamEvent::Order(Ok(OrderAnswer::Whole(Box::new(order)))));
    }

    /// It tells the truth in an order of which little can be read.
    pub(crate) fn stream_tells_little(&mut self, amount: Option<Money>) {
        let answer = settled(&self.backend.order(self.now), amount);
        self.stream(StreamEvent::Order(answer));
    }

    /// Somebody else's page asks for a payment by the way at hand.
    pub(crate) fn other_page_asks_for_a_new_code(&mut self) {
        let count = self.backend.minted.len();
        let offered = self.backend.methods.first().map(|way| way.method.clone());
        let method = self.screen.way.as_ref().map(|way| way.method.clone()).or(offered).unwrap();
        let asked = PaymentRequest { method, page_url: PAGE.to_owned(), replaces: None, auth_code: None };
        self.backend.mint(&format!("other-{count}"), asked, self.now);
    }
}

/// So many milliseconds after a point in server time.
pub(crate) fn after(at: Timestamp, ms: i64) -> Timestamp {
    Timestamp::from_millis(at.millis() + ms)
}
