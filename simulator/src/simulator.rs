//! The one thing that every room holds.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::watch;
use wechat_cashier::contract::Timestamp;

use crate::clock::{Clock, real_now};
use crate::config::{Config, ConfigError, SignatureClock};
use crate::merchants::{Merchants, PlatformKeys};
use crate::state::State;

/// So long an answer to a notification may take (docs/platform.md, 7.2).
const NOTIFY_ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// The simulator: a handle, cheap to clone.
#[derive(Clone, Debug)]
pub struct Simulator(Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    config: Config,
    merchants: Merchants,
    http: reqwest::Client,
    state: Mutex<State>,
    /// Goes up after each change; what waits for one listens here.
    changes: watch::Sender<u64>,
}

impl Simulator {
    /// Sets one up. Nothing runs yet: see [`crate::router`].
    ///
    /// # Errors
    /// When the configuration cannot be used.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        if !(config.speed.is_finite() && config.speed > 0.0) {
            return Err(ConfigError("speed must be more than 0".to_owned()));
        }
        if ![200, 202].contains(&config.user_paying_status) {
            return Err(ConfigError("user_paying_status must be 200 or 202".to_owned()));
        }
        // A notification is never led elsewhere: a redirect is no acknowledgement.
        let http = reqwest::Client::builder()
            .timeout(NOTIFY_ANSWER_WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| ConfigError(format!("no HTTP client: {error}")))?;
        let real = real_now();
        let keys = Arc::new(PlatformKeys::new(&config, real)?);
        let seed = config.seed.unwrap_or_else(|| fastrand::u64(..));
        let state = Mutex::new(State::new(seed, Clock::new(real, config.speed), keys));
        let merchants = Merchants::new(&config)?;
        let (changes, _) = watch::channel(0);
        Ok(Self(Arc::new(Inner { config, merchants, http, state, changes })))
    }

    /// How it is set up.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn merchants(&self) -> &Merchants {
        &self.0.merchants
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    pub(crate) fn keys(&self) -> Arc<PlatformKeys> {
        self.lock().keys.clone()
    }

    /// The time that signatures state, and that requests are held against.
    pub(crate) fn signing_now(&self) -> Timestamp {
        match self.0.config.signature_clock {
            SignatureClock::Machine => real_now(),
            SignatureClock::Simulator => self.read(|_, now| now),
        }
    }

    /// Looks at the state.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State, Timestamp) -> T) -> T {
        let state = self.lock();
        let now = state.clock.now(real_now());
        look(&state, now)
    }

    /// Changes the state, plans what follows from it, and wakes who waits for a change.
    pub(crate) fn change<T>(&self, act: impl FnOnce(&mut State, Timestamp) -> T) -> T {
        let mut state = self.lock();
        let now = state.clock.now(real_now());
        let result = act(&mut state, now);
        let now = state.clock.now(real_now());
        state.plan_notices(now);
        drop(state);
        self.0.changes.send_modify(|count| *count += 1);
        result
    }

    /// Forgets everything but keys and merchants.
    pub(crate) fn reset(&self) {
        let seed = self.config().seed.unwrap_or_else(|| fastrand::u64(..));
        self.change(|state, _| {
            let keys = state.keys.clone();
            *state = State::new(seed, Clock::new(real_now(), self.config().speed), keys);
        });
    }

    /// A second certificate, which signs from now on.
    pub(crate) fn renew_certificate(&self) -> Result<(), ConfigError> {
        self.change(|state, now| {
            let mut keys = PlatformKeys::clone(&state.keys);
            keys.renew(now)?;
            state.keys = Arc::new(keys);
            Ok(())
        })
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    pub(crate) fn downgrade(&self) -> Weak<Inner> {
        Arc::downgrade(&self.0)
    }

    pub(crate) fn upgrade(weak: &Weak<Inner>) -> Option<Self> {
        weak.upgrade().map(Self)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A handler that panicked has left a state that is still whole: every change is made of steps that are.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
