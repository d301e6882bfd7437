//! Carries out what the domain decides, over the store and those who take the money.
//!
//! | file | what |
//! |---|---|
//! | `orders.rs` | reading an order, and writing what happened to it |
//! | `pay.rs` | what pages ask: something to pay by, to verify, to close |
//! | `carry.rs` | one step of the domain's, carried out |
//! | `refunds.rs` | money that goes back |
//! | `work.rs` | what is due later |
//! | `bills.rs` | a day compared with WeChat Pay's bill |
//! | `catch_up.rs` | which day is, and when |
//! | `notified.rs` | what WeChat Pay says of its own accord |
//! | `login.rs` | the payer's openid |
//! | `mini_program.rs` | what the mini-program's page pays by |
//! | `gateway.rs` | who takes the money, as a trait |
//! | `wechat.rs`, `wechat_orders.rs`, `wechat_refund.rs`, `wechat_keys.rs`, `wechat_logins.rs`, `wechat_words.rs` | WeChat Pay as one of them |
//! | `books.rs` | whose numbers have a bill |
//! | `instances.rs` | other instances on the same database |
//! | `webhooks.rs` | telling the shop |
//! | `telemetry.rs` | how payers fare |
//! | `locks.rs`, `alone.rs`, `quota.rs` | one thing at a time for each order, here and over all instances, and not too many questions |

mod alone;
mod bills;
mod books;
mod carry;
mod catch_up;
mod error;
mod gateway;
mod instances;
mod locks;
mod login;
mod mini_program;
mod notified;
mod orders;
mod pay;
mod quota;
mod refunds;
mod telemetry;
mod webhooks;
mod wechat;
mod wechat_keys;
mod wechat_logins;
mod wechat_orders;
mod wechat_refund;
mod wechat_words;
mod work;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, OwnedMutexGuard, Semaphore, broadcast, watch};
use wechat_cashier::contract::{Method, Timestamp};

pub use error::Problem;
pub use gateway::{CodePaid, Ended, Found, Gateway, Place, RefundFound, Refunding, Trouble};
pub use login::CameBack;
pub use notified::Heard;
pub use orders::Listed;
pub use wechat::WeChatPay;
pub use wechat_keys::KeyFault;
pub(crate) use wechat_logins::LOGIN_PATH;

use crate::clock::Clock;
use crate::domain::{Ask, Order, Terms, Trade};
use crate::reconcile::Report;
use crate::store::Store;
use crate::webhook::Receivers;
use locks::Locks;
use quota::Quota;
use telemetry::Counting;
use webhooks::Telling;

/// How many news of orders a slow listener may miss before it reads the order anew in any case.
const NEWS_KEPT: usize = 1024;
/// How many reports of days a slow listener may miss.
const REPORTS_KEPT: usize = 128;

/// The backend: a handle, cheap to clone.
#[derive(Clone, Debug)]
pub struct Backend(Arc<Inner>);

/// What a backend is made of.
#[derive(Debug)]
pub struct Parts {
    /// Where orders are kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// WeChat Pay.
    pub wechat_pay: WeChatPay,
    /// Methods of the merchant's own, by their ids.
    pub own_methods: HashMap<String, Arc<dyn Gateway>>,
    /// How many questions a second go to the platform, over all orders.
    pub queries_per_second: u32,
    /// Where each shop is told of its orders.
    pub receivers: Receivers,
    /// How long after 10:00 in China the day before is compared with WeChat Pay's bill. None: only when it is asked for.
    pub reconciliation: Option<Duration>,
}

struct Inner {
    parts: Parts,
    locks: Locks,
    quota: Quota,
    /// How many instances are on this database, this one too. None: not known yet.
    alive: watch::Sender<Option<u32>>,
    /// The ids of orders that have changed.
    news: broadcast::Sender<Arc<str>>,
    /// Something may be due earlier than the worker thought.
    earlier: Notify,
    /// Held while what is due is taken, so that who waits for it does not look in between.
    taking: tokio::sync::Mutex<()>,
    /// What works at due orders side by side.
    hands: Arc<Semaphore>,
    telling: Telling,
    counting: Counting,
    /// Held while a day is compared with its bill: one at a time.
    reconciling: tokio::sync::Mutex<()>,
    /// Before this time no day is due, in milliseconds since 1970.
    bills_at: AtomicI64,
    reports: broadcast::Sender<Arc<Report>>,
    stopping: watch::Sender<bool>,
    leaving: AtomicBool,
    refused_notifications: AtomicU64,
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backend").field("parts", &self.parts).finish_non_exhaustive()
    }
}

impl Backend {
    /// One that does nothing by itself until [`Backend::work`] runs.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let quota = Quota::new(parts.queries_per_second, parts.clock.now());
        let counting = Counting::new(parts.own_methods.keys().cloned().collect());
        Self(Arc::new(Inner {
            parts,
            locks: Locks::default(),
            quota,
            alive: watch::Sender::new(None),
            news: broadcast::Sender::new(NEWS_KEPT),
            earlier: Notify::new(),
            taking: tokio::sync::Mutex::default(),
            hands: Arc::new(Semaphore::new(work::AT_ONCE)),
            telling: Telling::default(),
            counting,
            reconciling: tokio::sync::Mutex::default(),
            bills_at: AtomicI64::new(i64::MIN),
            reports: broadcast::Sender::new(REPORTS_KEPT),
            stopping: watch::Sender::new(false),
            leaving: AtomicBool::new(false),
            refused_notifications: AtomicU64::new(0),
        }))
    }

    /// Where orders are kept.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        &*self.0.parts.store
    }

    /// The time.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.parts.clock
    }

    /// WeChat Pay.
    #[must_use]
    pub fn wechat_pay(&self) -> &WeChatPay {
        &self.0.parts.wechat_pay
    }

    /// How many instances are on this database, this one too. None: not known yet.
    #[must_use]
    pub fn instances(&self) -> watch::Receiver<Option<u32>> {
        self.0.alive.subscribe()
    }

    /// The ids of orders that change from now on.
    #[must_use]
    pub fn news(&self) -> broadcast::Receiver<Arc<str>> {
        self.0.news.subscribe()
    }

    /// From now on it is not ready: whoever sends requests here sends them elsewhere. It goes on all the same.
    pub fn leave(&self) {
        self.0.leaving.store(true, Ordering::Relaxed);
    }

    /// Whether it is about to stop.
    #[must_use]
    pub fn is_leaving(&self) -> bool {
        self.0.leaving.load(Ordering::Relaxed)
    }

    /// Ends streams of events and the work under way.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
    }

    /// Becomes true when the backend is to stop.
    #[must_use]
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.0.stopping.subscribe()
    }

    /// How many notifications were refused since the start.
    #[must_use]
    pub fn refused_notifications(&self) -> u64 {
        self.0.refused_notifications.load(Ordering::Relaxed)
    }

    pub(super) fn announce(&self, order_id: &str) {
        // Nobody may be listening.
        let _ = self.0.news.send(order_id.into());
        self.0.earlier.notify_one();
    }

    async fn turn(&self, order_id: &str) -> OwnedMutexGuard<()> {
        self.0.locks.turn(order_id).await
    }

    /// Whether the platform may be asked another question now.
    fn may_ask(&self, now: Timestamp) -> bool {
        self.0.quota.take(now)
    }

    fn gateway_of(&self, trade: &Trade) -> Option<&dyn Gateway> {
        self.gateway(&trade.method)
    }

    fn gateway(&self, method: &Method) -> Option<&dyn Gateway> {
        match method {
            Method::Merchant(id) => self.0.parts.own_methods.get(id).map(|gateway| &**gateway),
            _ => Some(&self.0.parts.wechat_pay),
        }
    }

    fn terms(&self, order: &Order, ask: &Ask) -> Terms {
        let terms = self.gateway(&ask.method).map(|gateway| gateway.terms(order, &ask.method)).unwrap_or_default();
        Terms { payer_client_ip: ask.terms.payer_client_ip.clone(), ..terms }
    }

    fn refuses(&self, order: &Order, method: &Method) -> Option<String> {
        match self.gateway(method) {
            Some(gateway) => gateway.refuses(order, method),
            None => Some(format!("this shop does not serve the method {}", method.id())),
        }
    }

    fn mini_program_path(&self, order: &Order) -> String {
        self.wechat_pay().mini_program_path(&order.facts.order_id)
    }
}
