//! The one thing that every route holds.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::watch;
use wechat_cashier::contract::Timestamp;

use crate::clock::real_now;
use crate::log::RequestLog;
use crate::state::State;
use crate::store::Store;
use crate::telemetry::Telemetry;

/// How the sandbox is set up.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Where the built page is. None: `/cashier/` says what to run.
    pub dist: Option<PathBuf>,
    /// Where the state is kept. None: in memory.
    pub state: Option<PathBuf>,
}

/// The sandbox: a handle, cheap to clone.
#[derive(Clone, Debug)]
pub struct Sandbox(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: Mutex<Kept>,
    /// Goes up after each change; the events and the schedule wait for it.
    changes: watch::Sender<u64>,
    stopping: watch::Sender<bool>,
    log: RequestLog,
    telemetry: Telemetry,
    dist: Option<PathBuf>,
}

#[derive(Debug)]
struct Kept {
    state: State,
    store: Option<Store>,
}

impl Sandbox {
    /// Opens the sandbox. The text, if any, is for whoever started it: the state file was unreadable, and why.
    ///
    /// # Errors
    /// When the state file is there but cannot be opened, or cannot be moved aside.
    pub fn open(config: Config) -> io::Result<(Self, Option<String>)> {
        let (store, state, notice) = match &config.state {
            Some(path) => {
                let (store, state, notice) = Store::open(path)?;
                (Some(store), state, notice)
            }
            None => (None, State::default(), None),
        };
        let inner = Inner {
            state: Mutex::new(Kept { state, store }),
            changes: watch::Sender::new(0),
            stopping: watch::Sender::new(false),
            log: RequestLog::default(),
            telemetry: Telemetry::default(),
            dist: config.dist,
        };
        Ok((Self(Arc::new(inner)), notice))
    }

    /// Looks at the state.
    pub fn read<T>(&self, look: impl FnOnce(&State, Timestamp) -> T) -> T {
        let kept = self.lock();
        let now = kept.state.clock.now(real_now());
        look(&kept.state, now)
    }

    /// Changes the state, does what became due by that, and writes it all down before it returns: what is answered
    /// afterwards is not lost by a kill.
    pub fn change<T>(&self, act: impl FnOnce(&mut State, Timestamp) -> T) -> T {
        let mut kept = self.lock();
        let Kept { state, store } = &mut *kept;
        let now = state.clock.now(real_now());
        let result = act(state, now);
        state.due(state.clock.now(real_now()));
        if let Some(store) = store
            && let Err(error) = store.save(state)
        {
            eprintln!("the state could not be written: {error}");
        }
        drop(kept);
        self.0.changes.send_modify(|count| *count += 1);
        result
    }

    /// Runs what becomes due as time passes, until the last handle is gone.
    pub fn spawn_schedule(&self) {
        tokio::spawn(schedule(Arc::downgrade(&self.0), self.0.changes.subscribe()));
    }

    /// Ends the streams of events, so that a graceful stop need not wait for pages to leave.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.0.stopping.subscribe()
    }

    pub(crate) fn log(&self) -> &RequestLog {
        &self.0.log
    }

    pub(crate) fn telemetry(&self) -> &Telemetry {
        &self.0.telemetry
    }

    pub(crate) fn dist(&self) -> Option<&PathBuf> {
        self.0.dist.as_ref()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // A handler that panicked has left a state that is still whole: every change is made of steps that are.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn schedule(sandbox: Weak<Inner>, mut changes: watch::Receiver<u64>) {
    loop {
        changes.mark_unchanged();
        let wait_ms = {
            let Some(sandbox) = sandbox.upgrade().map(Sandbox) else { return };
            sandbox.read(|state, now| {
                let next = state.due_at().filter(|_| !state.clock.is_frozen())?;
                u64::try_from(next.millis() - now.millis()).ok().or(Some(0))
            })
        };
        let passed = async {
            match wait_ms {
                Some(millis) => tokio::time::sleep(Duration::from_millis(millis)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = passed => match sandbox.upgrade().map(Sandbox) {
                Some(sandbox) => sandbox.change(|_, _| ()),
                None => return,
            },
            changed = changes.changed() => if changed.is_err() { return },
        }
    }
}
