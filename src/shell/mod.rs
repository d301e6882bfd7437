//! The browser: carries out what [`core`](crate::core) decides, and tells it what happens.
//!
//! Everything here compiles natively too, so that it is linted and documented like the rest; it runs only in a browser.

mod address;
mod backend;
mod canvas;
mod clock;
mod memory;
mod page;
mod probe;
mod resume;
mod stream;
mod wechat;

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use gloo_timers::callback::Timeout;
use js_sys::Promise;
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, HtmlElement};

use crate::core::{Effect, Environment, Event, HostEvent, Instant, News, Options, Stamp, State, update};
use crate::text::Words;
use crate::view::Painter;

use backend::{Backend, UnderWay};
use canvas::Canvas;
use clock::Clock;
use memory::Memory;
use stream::Stream;

pub(crate) use clock::now_ms;
pub(crate) use page::is_fresh;
pub(crate) use probe::get;
pub use resume::{First, resume};

/// What a cashier in a page is given.
#[derive(Clone)]
pub struct Config {
    /// The backend's URL prefix, such as `/api`: `{api}/orders/…`.
    pub api: String,
    /// Sent as `Authorization: Bearer`.
    pub token: Option<String>,
    /// What it says.
    pub words: Words,
    /// WeChat's JS-SDK, loaded only in a mini-program's web-view.
    pub sdk: Sdk,
    /// The first question about the order, where the page has asked it already.
    pub early: Option<Early>,
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

/// Who is told. What it answers counts for [`News::Navigate`] alone. It may drop the [`Mounted`].
pub type Listener = Rc<dyn Fn(&News) -> bool>;

/// Puts a cashier into `element`, in place of what is there, and starts it. Dropping what this returns takes it away: no
/// request, timer or listener of it stays.
#[must_use = "dropping it takes the cashier away"]
pub fn mount(element: HtmlElement, config: Config) -> Mounted {
    // Not by `innerHTML`, which pages with Trusted Types do not let anyone write.
    element.set_text_content(None);
    let asked_ms = config.early.as_ref().map(|early| early.asked_ms);
    let shell = Shell::new(element, config, asked_ms);
    shell.start();
    Mounted { shell }
}

/// A cashier in a page.
pub struct Mounted {
    shell: Rc<Shell>,
}

impl Mounted {
    /// Whether it can go on: an error that came out of its midst has left it with a part taken out.
    pub fn is_well(&self) -> bool {
        self.shell.state.try_borrow_mut().is_ok() && self.shell.canvas.try_borrow_mut().is_ok()
    }

    /// Asks about the order now, and has the platform asked.
    pub fn refresh(&self) {
        self.shell.dispatch(Event::Host(HostEvent::Refresh));
    }

    /// As the payer's "try again".
    pub fn retry(&self) {
        self.shell.dispatch(Event::Host(HostEvent::Retry));
    }

    /// Has the backend close the order, where it offers that: the payer gives up.
    pub fn close(&self) {
        self.shell.dispatch(Event::Host(HostEvent::Close));
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.shell.handles.take();
        self.shell.canvas.borrow_mut().clear();
    }
}

/// The effect loop of one cashier.
struct Shell {
    clock: Clock,
    backend: Backend,
    memory: Memory,
    sdk: Sdk,
    listener: Listener,
    state: RefCell<State>,
    canvas: RefCell<Canvas>,
    handles: RefCell<Handles>,
}

/// What is under way. Dropping any of it calls it off.
#[derive(Default)]
struct Handles {
    wake: Option<Timeout>,
    /// At most one for the order and one for a payment.
    requests: Vec<(Stamp, UnderWay)>,
    stream: Option<Stream>,
    link: wechat::Connection,
    page: Option<page::Listeners>,
}

impl Shell {
    /// `asked_ms`: what `performance.now()` was when the first question went out, if it has.
    fn new(
        element: HtmlElement,
        Config { api, token, words, sdk, early, listener, mut options }: Config,
        asked_ms: Option<f64>,
    ) -> Rc<Self> {
        options.environment.get_or_insert_with(|| Environment::of(&probe::probes()));
        let clock = Clock::new(asked_ms);
        let memory = Memory::of(&api, &options.order_id);
        let backend = Backend::new(&api, &options.order_id, token, early, options.seed);
        Rc::new_cyclic(|shell: &Weak<Self>| {
            let shell = SendWrapper::new(shell.clone());
            let on_tap = Arc::new(move |tap| {
                let shell = shell.clone();
                // Not at once: the tap's own button may be gone from the page when the core has answered. But within the same
                // task, so that what it opens in WeChat counts as the payer's own will.
                spawn_local(async move {
                    if let Some(shell) = shell.upgrade() {
                        shell.dispatch(Event::Tap(tap));
                    }
                });
            });
            Self {
                canvas: Canvas::new(element, Painter::new(words, on_tap)).into(),
                clock,
                backend,
                memory,
                sdk,
                listener,
                state: State::new(options).into(),
                handles: RefCell::default(),
            }
        })
    }

    fn start(self: &Rc<Self>) {
        self.handles.borrow_mut().page = Some(page::listen(self));
        for news in page::at_start() {
            self.dispatch_at(Event::Page(news), Instant::ZERO);
        }
        // The clock's beginning is when the first question went out, be it by the page itself.
        self.dispatch_at(Event::Start { remembered: self.memory.get(), told: None }, Instant::ZERO);
    }

    /// The one way in: every event of the browser comes through here, and leaves a screen.
    fn dispatch(self: &Rc<Self>, event: Event) {
        self.dispatch_at(event, self.clock.now());
    }

    fn dispatch_at(self: &Rc<Self>, event: Event, now: Instant) {
        let effects = update(&mut self.state.borrow_mut(), event, now);
        self.follow(effects, now);
    }

    /// What follows from an event.
    fn follow(self: &Rc<Self>, effects: Vec<Effect>, now: Instant) {
        let mut news = Vec::new();
        for effect in effects {
            match effect {
                Effect::Tell(told) => news.push(told),
                effect => self.carry_out(effect, now),
            }
        }
        let screen = self.state.borrow().screen(now);
        self.canvas.borrow_mut().show(screen);
        for news in news {
            let goes_on = (self.listener)(&news);
            if let News::Navigate { stamp, .. } = news {
                self.dispatch(Event::Host(HostEvent::Navigation { stamp, kept: !goes_on }));
            }
        }
    }

    fn carry_out(self: &Rc<Self>, effect: Effect, now: Instant) {
        match effect {
            Effect::Send { stamp, call, timeout_ms } => {
                let request = self.backend.send(self, stamp, call, timeout_ms);
                self.handles.borrow_mut().requests.push((stamp, request));
            }
            Effect::Cancel(stamp) => drop(self.answered(stamp)),
            Effect::Wake(at) => {
                let timer = at.map(|at| {
                    let shell = Rc::downgrade(self);
                    let wait_ms = u32::try_from(at.since(now)).unwrap_or(u32::MAX).min(WAIT_MAX_MS);
                    Timeout::new(wait_ms, move || {
                        if let Some(shell) = shell.upgrade() {
                            shell.dispatch(Event::Wake);
                        }
                    })
                });
                self.handles.borrow_mut().wake = timer;
            }
            Effect::Listen(url) => {
                let stream = Stream::open(self, &url);
                self.handles.borrow_mut().stream = stream;
            }
            Effect::Deafen => self.handles.borrow_mut().stream = None,
            Effect::Remember(text) => self.memory.set(text.as_deref()),
            Effect::Go { url, passage } => page::go(&url, passage),
            Effect::Connect(link) => {
                let connection = wechat::connect(self, link, &self.sdk);
                self.handles.borrow_mut().link = connection;
            }
            Effect::Invoke { stamp, params } => {
                wechat::invoke(self, stamp, &params);
            }
            Effect::OpenMiniProgram { stamp, path } => {
                wechat::open_mini_program(self, stamp, &path);
            }
            Effect::Copy(text) => {
                let shell = Rc::downgrade(self);
                spawn_local(async move {
                    let copied = page::copy(&text).await;
                    if let Some(shell) = shell.upgrade() {
                        shell.dispatch(Event::Copied(Some(text).filter(|_| !copied)));
                    }
                });
            }
            // Told once the screen says it.
            Effect::Tell(_) => {}
        }
    }

    /// Does this while the state is held, so that a fault in the midst of it is known ([`Mounted::is_well`]).
    fn held<T>(&self, work: impl FnOnce() -> T) -> T {
        let _held = self.state.borrow_mut();
        work()
    }

    /// The answer to this request has come. False: it is no longer wanted.
    fn answered(&self, stamp: Stamp) -> bool {
        let requests = &mut self.handles.borrow_mut().requests;
        let index = requests.iter().position(|(under_way, _)| *under_way == stamp);
        index.map(|index| requests.swap_remove(index)).is_some()
    }
}

/// The longest that `setTimeout` waits, in milliseconds; the core is told then and waits on.
const WAIT_MAX_MS: u32 = i32::MAX as u32;
