//! The one thing that every route holds: the platform, the merchant, and what the sandbox keeps of its own.

use std::fmt;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use axum::Router;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::service::Backend;
use wechat_cashier_simulator::Simulator;

use crate::log::RequestLog;
use crate::running::{Made, Running, ask, call, start};
use crate::setup::{self, Keys};
use crate::state::State;
use crate::store::{Store, move_aside};
use crate::wallet::Wallet;

/// How often the clock's consequences are looked for: what the merchant does has consequences at the platform, and the
/// other way round.
const ROUNDS: usize = 3;

/// How the sandbox is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens: the merchant and the platform call each other there.
    pub address: SocketAddr,
    /// Where the built page is. None: `/cashier/` says what to run.
    pub dist: Option<PathBuf>,
    /// The merchant's database, one file of SQLite's; what else is kept is beside it. None: in a folder that is deleted at the end.
    pub state: Option<PathBuf>,
}

/// The sandbox: a handle, cheap to clone.
#[derive(Clone, Debug)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    made: Arc<Made>,
    simulator: Simulator,
    platform: Router,
    merchant: RwLock<Arc<Running>>,
    kept: Mutex<Kept>,
    wallet: Wallet,
    log: RequestLog,
    dist: Option<PathBuf>,
    /// Deleted with the last handle.
    _folder: Option<tempfile::TempDir>,
}

struct Kept {
    state: State,
    store: Option<Store>,
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("address", &self.made.address).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Opens the sandbox. The texts are for whoever started it: a file was unreadable, and why.
    ///
    /// # Errors
    /// When a file is there but cannot be opened, or cannot be moved aside.
    pub async fn open(config: Config) -> io::Result<(Self, Vec<String>)> {
        let Config { address, dist, state } = config;
        let mut notices = Vec::new();
        let folder = if state.is_none() { Some(tempfile::tempdir()?) } else { None };
        let database = match (&state, &folder) {
            (Some(file), _) => file.clone(),
            (None, Some(folder)) => folder.path().join("orders.db"),
            (None, None) => return Err(io::Error::other("no place for the orders")),
        };
        let (store, kept) = match &state {
            Some(file) => {
                let (store, kept, notice) = Store::open(&beside(file, ".kept.json"))?;
                notices.extend(notice);
                (Some(store), kept)
            }
            None => (None, Value::Null),
        };
        let simulator = Simulator::new(setup::platform(address)).map_err(io::Error::other)?;
        let platform = wechat_cashier_simulator::router(simulator.clone());
        let wallet = Wallet::default();
        let own: State = serde_json::from_value(kept["sandbox"].clone()).unwrap_or_default();
        wallet.set(serde_json::from_value(kept["wallet"].clone()).unwrap_or_default());
        simulator.restore(&kept["platform"]);
        // Tokens stay good over a restart.
        let keys = kept["keys"].as_array().and_then(|keys| {
            let key = |at: usize| keys.get(at)?.as_str().map(str::to_owned);
            let look = key(3).unwrap_or_else(|| Keys::new().look);
            Some(Keys { admin: key(0)?, look, token: key(1)?, webhook: key(2)? })
        });
        let keys = keys.unwrap_or_else(Keys::new);
        let (_, told) = call(&platform, Method::GET, "/simulator/platform", None, None).await;
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        let public_key = (text("public_key_id"), text("public_key_pem"));
        let made = Arc::new(Made { address, database, keys, public_key });
        let running = match start(Arc::clone(&made), simulator.clone(), wallet.clone()).await {
            Ok(running) => running,
            Err(error) if state.is_some() && made.database.exists() => {
                notices.push(move_aside(&made.database, &error)?);
                start(Arc::clone(&made), simulator.clone(), wallet.clone()).await.map_err(io::Error::other)?
            }
            Err(error) => return Err(io::Error::other(error)),
        };
        let inner = Inner {
            made,
            simulator,
            platform,
            merchant: RwLock::new(Arc::new(running)),
            kept: Mutex::new(Kept { state: own, store }),
            wallet,
            log: RequestLog::default(),
            dist,
            _folder: folder,
        };
        Ok((Self(Arc::new(inner)), notices))
    }

    /// `http://127.0.0.1:8088`: where it listens.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.0.made.address)
    }

    /// The time, for merchant and platform alike.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.simulator.now()
    }

    pub(crate) fn simulator(&self) -> &Simulator {
        &self.0.simulator
    }

    pub(crate) fn wallet(&self) -> &Wallet {
        &self.0.wallet
    }

    pub(crate) fn backend(&self) -> Backend {
        self.running().backend.clone()
    }

    /// What the shop is told is signed with.
    pub(crate) fn webhook_secret(&self) -> &str {
        &self.0.made.keys.webhook
    }

    /// What the shop and its people have to come in by.
    pub(crate) fn keys(&self) -> &Keys {
        &self.0.made.keys
    }

    /// The merchant's backend answers.
    pub(crate) async fn ask_merchant(&self, request: axum::extract::Request) -> Response {
        ask(&self.running().routes, request).await
    }

    /// The simulated platform answers.
    pub(crate) async fn ask_platform(&self, request: axum::extract::Request) -> Response {
        ask(&self.0.platform, request).await
    }

    /// The shop calls its backend, by its key.
    pub(crate) async fn shop_calls(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        call(&self.running().routes, method, path, body, Some(&self.0.made.keys.admin)).await
    }

    /// A call of the phone's, or of a test's, at the platform.
    pub(crate) async fn platform_call(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        call(&self.0.platform, method, path, body, None).await
    }

    /// Looks at what the sandbox keeps.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock().state)
    }

    /// Changes what the sandbox keeps, and writes it down before it returns.
    pub(crate) fn change<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let mut kept = self.lock();
        let result = act(&mut kept.state);
        self.save(&mut kept);
        result
    }

    /// Writes down what the platform keeps. The merchant writes for itself.
    pub(crate) fn keep(&self) {
        self.save(&mut self.lock());
    }

    fn save(&self, Kept { state, store }: &mut Kept) {
        let Some(store) = store else { return };
        let keys = &self.0.made.keys;
        let kept = json!({
            "sandbox": state,
            "wallet": self.0.wallet.all(),
            "platform": self.0.simulator.kept(),
            "keys": [keys.admin, keys.token, keys.webhook, keys.look],
        });
        if let Err(error) = store.save(&kept) {
            eprintln!("the state could not be written: {error}");
        }
    }

    /// Ends when all is done that is due: notifications are delivered, the merchant has asked and closed.
    pub(crate) async fn settle(&self) {
        for _ in 0..ROUNDS {
            self.0.simulator.settled().await;
            self.backend().settle().await;
        }
        self.keep();
    }

    /// Forgets everything. Order ids go on, so that what a browser has stored for an old order is not taken for a new one's.
    pub(crate) async fn reset(&self) -> Result<(), String> {
        self.stop_merchant().await;
        for end in ["", "-wal", "-shm"] {
            // What is not there need not go.
            let _ = fs::remove_file(beside(&self.0.made.database, end));
        }
        self.0.simulator.forget();
        self.0.wallet.set(Default::default());
        self.change(|state| *state = state.emptied());
        self.0.log.forget_all();
        let Inner { made, simulator, wallet, .. } = &*self.0;
        let (made, simulator, wallet) = (Arc::clone(made), simulator.clone(), wallet.clone());
        // Opening a database is a future that the compiler does not see to be `Send`, and a route's has to be.
        let runtime = Handle::current();
        let started = spawn_blocking(move || runtime.block_on(start(made, simulator, wallet))).await;
        let running = started.map_err(|error| error.to_string())??;
        *self.0.merchant.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(running);
        Ok(())
    }

    /// Ends the streams of events and the work, so that a graceful stop need not wait for pages to leave.
    pub fn stop(&self) {
        self.running().backend.stop();
    }

    pub(crate) fn log(&self) -> &RequestLog {
        &self.0.log
    }

    pub(crate) fn dist(&self) -> Option<&PathBuf> {
        self.0.dist.as_ref()
    }

    /// Ends the work, and lets go of the database.
    pub async fn close(&self) {
        self.stop_merchant().await;
    }

    async fn stop_merchant(&self) {
        let running = self.running();
        running.backend.stop();
        let work = running.work.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(work) = work {
            // A worker that panicked has nothing under way.
            let _ = work.await;
        }
        running.backend.store().close().await;
    }

    fn running(&self) -> Arc<Running> {
        Arc::clone(&self.0.merchant.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // A handler that panicked has left a state that is still whole: every change is made of steps that are.
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
