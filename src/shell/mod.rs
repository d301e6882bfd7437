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
mod stream;
mod wechat;

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use gloo_timers::callback::Timeout;
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

use crate::core::{Effect, Environment, Event, Instant, Options, Stamp, State, update};
use crate::text::Lang;
use crate::view::Painter;

use backend::{Backend, Request};
use canvas::Canvas;
use clock::Clock;
use memory::Memory;
use stream::Stream;

/// What a cashier in a page is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The backend's URL prefix, such as `/api`: `{api}/orders/…`.
    pub api: String,
    /// Sent as `Authorization: Bearer`.
    pub token: Option<String>,
    /// The language.
    pub lang: Lang,
    /// WeChat's JS-SDK, loaded only in a mini-program's web-view.
    pub sdk: Sdk,
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

/// The event that the host page gets on the cashier's element, bubbling, once the order is paid.
pub const PAID_EVENT: &str = "cashier-paid";

/// Puts a cashier into `element`, in place of what is there, and starts it. Dropping what this returns takes it away: no
/// request, timer or listener of it stays.
#[must_use = "dropping it takes the cashier away"]
pub fn mount(element: HtmlElement, config: Config) -> Mounted {
    element.set_inner_html("");
    let shell = Shell::new(element, config);
    shell.start();
    Mounted { shell }
}

/// A cashier in a page.
pub struct Mounted {
    shell: Rc<Shell>,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.shell.handles.take();
        self.shell.canvas.borrow_mut().clear();
    }
}

/// The effect loop of one cashier.
struct Shell {
    element: HtmlElement,
    clock: Clock,
    backend: Backend,
    memory: Memory,
    sdk: Sdk,
    state: RefCell<State>,
    canvas: RefCell<Canvas>,
    handles: RefCell<Handles>,
}

/// What is under way. Dropping any of it calls it off.
#[derive(Default)]
struct Handles {
    wake: Option<Timeout>,
    /// At most one for the order and one for a payment.
    requests: Vec<(Stamp, Request)>,
    stream: Option<Stream>,
    link: wechat::Connection,
    page: Option<page::Listeners>,
}

impl Shell {
    fn new(element: HtmlElement, Config { api, token, lang, sdk, mut options }: Config) -> Rc<Self> {
        options.environment.get_or_insert_with(|| Environment::of(&probe::probes()));
        let memory = Memory::of(&api, &options.order_id);
        let backend = Backend::new(&api, &options.order_id, token, options.seed);
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
                canvas: Canvas::new(element.clone(), Painter::new(lang, on_tap)).into(),
                element,
                clock: Clock::new(),
                backend,
                memory,
                sdk,
                state: State::new(options).into(),
                handles: RefCell::default(),
            }
        })
    }

    fn start(self: &Rc<Self>) {
        self.handles.borrow_mut().page = Some(page::listen(self));
        for news in page::at_start() {
            self.dispatch(Event::Page(news));
        }
        self.dispatch(Event::Start { remembered: self.memory.get() });
    }

    /// The one way in: every event of the browser comes through here, and leaves a screen.
    fn dispatch(self: &Rc<Self>, event: Event) {
        let now = self.clock.now();
        let effects = update(&mut self.state.borrow_mut(), event, now);
        for effect in effects {
            self.carry_out(effect, now);
        }
        let screen = self.state.borrow().screen(now);
        self.canvas.borrow_mut().show(screen);
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
            // The host page loads what measures; nothing here does.
            Effect::Measure(_) => {}
            Effect::Paid => {
                let init = CustomEventInit::new();
                init.set_bubbles(true);
                init.set_composed(true);
                if let Ok(event) = CustomEvent::new_with_event_init_dict(PAID_EVENT, &init) {
                    // Fails only for an event that is being dispatched already; this one is new.
                    let _ = self.element.dispatch_event(&event);
                }
            }
        }
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
