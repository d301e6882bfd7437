//! The browser: carries out what [`core`](crate::core) decides, and tells it what happens.
//!
//! Everything here compiles natively too, so that it is linted and documented like the rest; it runs only in a browser.

mod address;
mod backend;
mod canvas;
mod clock;
mod effects;
mod handles;
mod memory;
mod mounted;
mod page;
mod probe;
mod queue;
mod stream;
mod ways_in;
mod wechat;

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use js_sys::Promise;
use web_sys::{AbortController, HtmlElement};

use crate::contract::{Decode, Failure, HttpAnswer, Order, OrderAnswer, RequestName, decode};
use crate::core::{Environment, Event, HostEvent, News, Options, State, StreamEvent, begin, update};
use crate::text::Words;
use crate::view::Painter;

use backend::{Answer, Backend};
use canvas::{Begin, Canvas};
use clock::Clock;
use handles::Handles;
use memory::Memory;
use queue::{About, Item, Queue};

#[cfg(any(feature = "component", feature = "embed"))]
pub(crate) use canvas::{draw, take_over};
#[cfg(any(feature = "component", feature = "embed"))]
pub(crate) use mounted::prepare;
pub use mounted::{Mounted, mount, resume};
#[cfg(feature = "component")]
pub(crate) use page::is_fresh;
#[cfg(feature = "embed")]
pub(crate) use probe::get;

/// What a cashier in a page is given.
#[derive(Clone)]
pub struct Config {
    /// Sent as `Authorization: Bearer`.
    pub token: Option<String>,
    /// What it says.
    pub words: Words,
    /// WeChat's JS-SDK, loaded only in a mini-program's web-view.
    pub sdk: Sdk,
    /// An answer about the order that is there already. Nothing is asked for that it says.
    pub first: Option<First>,
    /// The first question about the order, where the page has asked it already and there is no answer yet.
    pub early: Option<Early>,
    /// The first question for a payment, where the page has asked it already.
    pub early_payment: Option<EarlyPayment>,
    /// What [`Mounted::told`] gave when an earlier cashier of this order was taken off this page: none of that is told again.
    pub told: Option<String>,
    /// Who is told what happens.
    pub listener: Listener,
    /// The rest. Without an environment, the page finds out where it is opened.
    pub options: Options,
}

/// Where WeChat's JS-SDK is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sdk {
    /// Its address.
    pub src: String,
    /// What it must be, as Subresource Integrity says it. None: whatever comes from there.
    pub integrity: Option<String>,
}

impl Default for Sdk {
    /// WeChat's own address of version 1.6.0; 1.3.2 and later know mini-programs
    /// (<https://developers.weixin.qq.com/miniprogram/dev/component/open-ability/web-view.html>).
    fn default() -> Self {
        Self { src: "https://res.wx.qq.com/open/js/jweixin-1.6.0.js".to_owned(), integrity: None }
    }
}

/// An answer about the order that is there already.
#[derive(Clone, Debug)]
pub struct First {
    /// The answer.
    pub order: Order,
    /// What `performance.now()` was when it was asked for, or earlier: 0 for one that came with the page.
    pub asked_ms: f64,
    /// The payer sees it already: it then counts whatever its age, and is asked about at once where that is more than ten
    /// seconds.
    pub shown: bool,
}

/// The first question about the order, asked by the page before this program was there.
#[derive(Clone, Debug)]
pub struct Early {
    /// A `Response` to come.
    pub answer: Promise,
    /// What `performance.now()` was when it was asked, or a moment before.
    pub asked_ms: f64,
    /// What it can be called off by.
    pub controller: Option<AbortController>,
}

impl Early {
    fn call_off(self) -> Option<Self> {
        if let Some(controller) = self.controller {
            controller.abort();
        }
        None
    }
}

/// The first question for a payment, asked by the page before this program was there, with a key that it kept where the program
/// looks for that of an earlier visit. Whoever asks with this key is given its answer.
#[derive(Clone, Debug)]
pub struct EarlyPayment {
    /// The idempotency key.
    pub key: String,
    /// A `Response` to come.
    pub answer: Promise,
    /// What it can be called off by.
    pub controller: Option<AbortController>,
}

/// Who is told. What it answers counts for [`News::Navigate`] alone: false keeps the cashier here, and the listener leads the
/// payer on. It may do with the cashier what it likes, also drop the [`Mounted`]: then it is told nothing more.
pub type Listener = Rc<dyn Fn(&News) -> bool>;

/// The effect loop of one cashier.
struct Shell {
    clock: Clock,
    backend: Backend,
    memory: Memory,
    sdk: Sdk,
    listener: Listener,
    queue: Queue,
    state: RefCell<State>,
    canvas: RefCell<Canvas>,
    handles: Handles,
    /// What the host has been told of this order, by the cashiers before this one too.
    told: RefCell<String>,
}

thread_local! {
    /// The cashiers of the page. A view must be [`Send`] for Leptos, so it holds no cashier, but where in memory one is; a
    /// `SendWrapper` would do that too, with 6 KB of threads that the page does not have.
    static CASHIERS: RefCell<Vec<Weak<Shell>>> = const { RefCell::new(Vec::new()) };
}

/// Adds a cashier of the page, and says where it is. As long as it is listed, no other is there.
fn enter(shell: &Weak<Shell>) -> usize {
    CASHIERS.with_borrow_mut(|cashiers| {
        cashiers.retain(|known| known.strong_count() > 0);
        cashiers.push(shell.clone());
    });
    shell.as_ptr().addr()
}

/// The cashier that is there, if it is still in the page.
fn at(address: usize) -> Option<Rc<Shell>> {
    CASHIERS.with_borrow(|cashiers| cashiers.iter().find(|known| known.as_ptr().addr() == address)?.upgrade())
}

impl Shell {
    fn new(element: HtmlElement, config: Config, begin: Begin) -> (Rc<Self>, Option<First>) {
        let Config { token, words, sdk, first, early, early_payment, told, listener, mut options } = config;
        options.environment.get_or_insert_with(|| Environment::of(&probe::probes()));
        // What is known is not asked.
        let early = early.and_then(|early| if first.is_none() { Some(early) } else { early.call_off() });
        // The clock's beginning is when the first question went out, be it by the page itself.
        let asked_ms = first.as_ref().map(|first| first.asked_ms).or(early.as_ref().map(|early| early.asked_ms));
        let clock = Clock::new(asked_ms);
        let memory = Memory::of(&options.api, &options.order_id);
        let backend = Backend::new(&options.api, &options.order_id, token, (early, early_payment), options.seed);
        let shell = Rc::new_cyclic(|shell: &Weak<Self>| {
            let address = enter(shell);
            let on_tap = Arc::new(move |tap| {
                // Not at once: the tap's own button may be gone from the page when the core has answered. But within the same
                // task, so that what it opens in WeChat counts as the payer's own will.
                if let Some(shell) = at(address) {
                    shell.later(Item::Event(Event::Tap(tap)));
                }
            });
            Self {
                canvas: Canvas::new(element, Painter::new(words, on_tap), begin).into(),
                clock,
                backend,
                memory,
                sdk,
                listener,
                queue: Queue::default(),
                state: State::new(options).into(),
                handles: Handles::default(),
                told: told.unwrap_or_default().into(),
            }
        });
        (shell, first)
    }

    /// Has the core take in an event, when its turn comes.
    fn dispatch(self: &Rc<Self>, event: Event) {
        self.push(Item::Event(event));
    }

    /// The one way in: whatever happens comes through here, and is taken in after what is being carried out.
    fn push(self: &Rc<Self>, item: Item) {
        if !self.queue.add(item) {
            return;
        }
        while let Some(item) = self.queue.next() {
            self.take(item);
        }
        if self.queue.is_gone() {
            // What was begun after it was taken away, and what could not be let go of in the midst of it.
            self.let_go();
        }
    }

    /// Carries out one item whole.
    fn take(self: &Rc<Self>, item: Item) {
        let event = match item {
            Item::Start(first) => return self.begin(first),
            Item::Words(words) => return self.canvas.borrow_mut().say(words),
            Item::Focus => return self.canvas.borrow().focus(),
            Item::Event(event) => event,
            // Its time was over before, or nobody waits for it any more.
            Item::Answer { stamp, .. } if !self.handles.answered(stamp) => return,
            Item::Answer { about: About::Order, stamp, answer } => {
                Event::Order { stamp, result: read(answer.map(Answer::take)) }
            }
            Item::Answer { about: About::Payment, stamp, answer } => {
                Event::Payment { stamp, result: read(answer.map(Answer::take)) }
            }
            Item::Message { url, text } => {
                let text = text.as_string().unwrap_or_default();
                let answer = decode(&text).map_err(|error| RequestName::new("GET", &url).unreadable(error));
                Event::Stream(StreamEvent::Order(answer))
            }
            Item::First { text, asked_ms } => {
                let asked = asked_ms.and_then(|asked_ms| self.clock.at(asked_ms));
                Event::Host(HostEvent::First { order: decode(&text).and_then(OrderAnswer::whole), asked })
            }
            Item::Token(token) => {
                self.backend.set_token(token);
                Event::Host(HostEvent::Token)
            }
        };
        let now = self.clock.now();
        let effects = update(&mut self.state.borrow_mut(), event, now);
        self.follow(effects, now);
    }

    fn begin(self: &Rc<Self>, first: Option<Box<First>>) {
        self.handles.page.set(page::listen(self));
        let now = self.clock.now();
        let news = page::at_start().into_iter().map(Event::Page);
        // The clock began when it was asked for.
        let shown = first.as_ref().is_some_and(|first| first.shown);
        let first = first.map(|first| first.order);
        let told = Some(self.told.borrow().clone()).filter(|told| !told.is_empty());
        let effects = begin(&mut self.state.borrow_mut(), news, self.memory.get(), told, first, shown, now);
        self.follow(effects, now);
    }

    /// Nothing is taken in any more, and nothing is told: no request, timer or listener of it stays.
    fn end(&self) {
        self.queue.end();
        self.let_go();
    }

    /// What is being carried out, or a fault that has ended that in its midst, may hold the screen.
    fn let_go(&self) {
        self.handles.let_go();
        if let Ok(mut canvas) = self.canvas.try_borrow_mut() {
            canvas.clear();
        }
    }
}

fn read<T: Decode>(answer: Result<HttpAnswer, Failure>) -> Result<T, Failure> {
    answer.and_then(|answer| answer.read())
}
