//! Other numbers for the plan, tried by arithmetic alone: how the core's were found, and what they are held against.

use fastrand::Rng;

use super::CODE_MS;
use super::payer::Payer;
use super::plain;
use super::tally::Tally;

/// A plan for a code, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers {
    /// The first wait after the code appeared,
    pub(crate) first: u64,
    /// those while most people pay,
    pub(crate) then: u64,
    /// which is until so long after the code appeared,
    pub(crate) until: u64,
    /// and those after that.
    pub(crate) late: u64,
}

impl Numbers {
    /// The core's (`src/core/polling.rs`).
    pub(crate) const OURS: Self = Self { first: 6_500, then: 2_450, until: 60_000, late: 5_000 };

    fn wait_ms(self, age_ms: u64) -> u64 {
        match age_ms {
            0 => self.first,
            age if age < self.until => self.then,
            _ => self.late,
        }
    }

    /// Plays so many orders of payers who watch.
    pub(crate) fn play(self, orders: u64) -> Tally {
        let mut tally = Tally::default();
        for order in 0..orders {
            let payer = Payer::watching(&mut Rng::with_seed(order));
            let mut rng = Rng::with_seed(order);
            tally.add(plain::play(&payer, |open_ms| {
                let ms = self.wait_ms(open_ms.saturating_sub(CODE_MS));
                rng.u64(ms - ms / 5..=ms + ms / 5)
            }));
        }
        tally
    }
}

/// Those near the core's, for the chart.
pub(crate) fn neighbours() -> Vec<Numbers> {
    let mut all = Vec::new();
    for first in [2_000, 5_000, 6_000, 6_500, 7_000, 8_000, 10_000] {
        for then in [1_500, 2_000, 2_250, 2_450, 2_750, 3_000, 4_000] {
            for late in [5_000, 10_000] {
                for until in [30_000, 60_000] {
                    all.push(Numbers { first, then, until, late });
                }
            }
        }
    }
    all
}
