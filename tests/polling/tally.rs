//! What became of many orders.

use std::sync::LazyLock;
use std::thread;

use fastrand::Rng;

use super::payer::Payer;
use super::{Outcome, Plan};

/// Of each kind. More take longer than a test may.
pub(crate) const FEW_ORDERS: u64 = 10_000;

/// What became of many orders.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    orders: u64,
    asked: u64,
    verified: u64,
    open_ms: u64,
    delays_ms: Vec<u32>,
}

impl Tally {
    pub(crate) fn add(&mut self, outcome: Outcome) {
        self.orders += 1;
        self.asked += u64::from(outcome.asked);
        self.verified += u64::from(outcome.verified);
        self.open_ms += outcome.open_ms;
        self.delays_ms.extend(outcome.delay_ms.map(|ms| u32::try_from(ms).unwrap()));
    }

    fn join(&mut self, other: Self) {
        self.orders += other.orders;
        self.asked += other.asked;
        self.verified += other.verified;
        self.open_ms += other.open_ms;
        self.delays_ms.extend(other.delays_ms);
    }

    /// Requests for an order, the first among them.
    pub(crate) fn asked(&self) -> f64 {
        ratio(self.asked, self.orders)
    }

    /// How many of them had WeChat asked.
    pub(crate) fn verified(&self) -> f64 {
        ratio(self.verified, self.orders)
    }

    /// The mean wait for "paid", in seconds.
    pub(crate) fn mean(&self) -> f64 {
        let all: u64 = self.delays_ms.iter().copied().map(u64::from).sum();
        ratio(all, self.delays_ms.len() as u64) / 1000.0
    }

    /// What nineteen of twenty do not wait longer for "paid" than, in seconds.
    pub(crate) fn p95(&self) -> f64 {
        let mut delays = self.delays_ms.clone();
        let rank = delays.len() * 19 / 20;
        f64::from(*delays.select_nth_unstable(rank).1) / 1000.0
    }

    /// Requests per second of a page that is open: what so many open orders come to in a steady state.
    pub(crate) fn rate(&self) -> f64 {
        ratio(self.asked, self.open_ms) * 1000.0
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn ratio(of: u64, by: u64) -> f64 {
    of as f64 / by as f64
}

/// One for each of `Plan::ALL`.
pub(crate) type ByPlan = [Tally; Plan::ALL.len()];

/// What became of the orders of each kind of payer.
pub(crate) struct Populations {
    pub(crate) watching: ByPlan,
    pub(crate) returning: ByPlan,
    pub(crate) saying: ByPlan,
}

impl Populations {
    pub(crate) fn play(orders: u64) -> Self {
        Self {
            watching: play(orders, Payer::watching),
            returning: play(orders, Payer::returning),
            saying: play(orders, Payer::saying),
        }
    }

    /// As many as tests have the time for, once for all of them.
    pub(crate) fn few() -> &'static Self {
        static FEW: LazyLock<Populations> = LazyLock::new(|| Populations::play(FEW_ORDERS));
        &FEW
    }
}

/// Plays so many orders by each plan, on all processors. Payers and jitter are the same every time, and the payers for each
/// plan.
pub(crate) fn play(orders: u64, draw: impl Fn(&mut Rng) -> Payer + Sync) -> ByPlan {
    let threads = thread::available_parallelism().map_or(1, usize::from) as u64;
    let mut tallies = ByPlan::default();
    thread::scope(|scope| {
        let draw = &draw;
        let part = |first| {
            move || {
                let mut tallies = ByPlan::default();
                let mut order = first;
                while order < orders {
                    let payer = draw(&mut Rng::with_seed(order));
                    for (tally, plan) in tallies.iter_mut().zip(Plan::ALL) {
                        tally.add(plan.play(&payer, order));
                    }
                    order += threads;
                }
                tallies
            }
        };
        let parts: Vec<_> = (0..threads).map(|first| scope.spawn(part(first))).collect();
        for part in parts {
            for (tally, part) in tallies.iter_mut().zip(part.join().unwrap()) {
                tally.join(part);
            }
        }
    });
    tallies
}
