//! Who pays, when, and what the page sees of it.

use fastrand::Rng;

use super::{CODE_MS, LIFE_MS};

/// Half of all who pay have paid so long after the code appeared, in milliseconds.
pub(crate) const MEDIAN_MS: f64 = 18_000.0;
/// The lognormal's spread: two in three pay within a factor of two of the median, nineteen in twenty within 54 s.
pub(crate) const SIGMA: f64 = 0.67;

/// One payer before one page. Times are milliseconds of the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Payer {
    /// When it is paid and the backend knows; None: never.
    pub(crate) pays_at: Option<u64>,
    /// From when to when the page is hidden.
    pub(crate) away: Option<(u64, u64)>,
    /// When the payer says "I have paid".
    pub(crate) says_at: Option<u64>,
    /// Whether the wait is counted from then, for those who had to say so.
    pub(crate) doubts: bool,
    /// When the page is closed, paid or not.
    pub(crate) closes_at: u64,
}

impl Payer {
    /// Looks at the code until it is paid: the population of the targets.
    pub(crate) fn watching(rng: &mut Rng) -> Self {
        let pays_at = Some(CODE_MS + lognormal_ms(rng, MEDIAN_MS, SIGMA).min(LIFE_MS - 1_000));
        Self { pays_at, away: None, says_at: None, doubts: false, closes_at: 4 * LIFE_MS / 3 }
    }

    /// Leaves for another app or tab, and is back some seconds after having paid, or a little before.
    pub(crate) fn returning(rng: &mut Rng) -> Self {
        let payer = Self::watching(rng);
        let paid = payer.pays_at.unwrap_or(0);
        Self { away: Some((paid / 3, around(paid, rng).max(paid / 3 + 100))), ..payer }
    }

    /// Says "I have paid" some seconds after it is so, or a little before.
    pub(crate) fn saying(rng: &mut Rng) -> Self {
        let payer = Self::watching(rng);
        Self { says_at: payer.pays_at.map(|paid| around(paid, rng)), doubts: true, ..payer }
    }

    /// Anybody: seven in ten look at the code until it is paid, one of ten of them says so after three seconds without an answer; one
    /// in ten pays in another app or tab; two in ten never pay, of whom one closes the page within minutes, and one leaves it
    /// open for good, every second of those in a hidden tab.
    pub(crate) fn any(rng: &mut Rng) -> Self {
        let watching = Self::watching(rng);
        match rng.u32(0..100) {
            0..7 => Self { says_at: watching.pays_at.map(|paid| paid + 3_000), ..watching },
            7..70 => watching,
            70..80 => Self::returning(rng),
            80..90 => {
                let closes_at = CODE_MS + lognormal_ms(rng, 45_000.0, 1.0).min(LIFE_MS);
                Self { pays_at: None, closes_at, ..watching }
            }
            90..95 => Self { pays_at: None, ..watching },
            _ => {
                let away = Some((CODE_MS + rng.u64(10_000..60_000), u64::MAX));
                Self { pays_at: None, away, ..watching }
            }
        }
    }

    /// Whether the page is hidden then.
    pub(crate) fn is_away(&self, at: u64) -> bool {
        self.away.is_some_and(|(from, to)| (from..to).contains(&at))
    }

    /// Whether it is paid by then.
    pub(crate) fn has_paid(&self, at: u64) -> bool {
        self.pays_at.is_some_and(|paid| paid <= at)
    }

    /// What the payer, looking at the page, waited from having paid until the page said so; None for one who is only counted
    /// from having said so, and had no need to.
    pub(crate) fn waited_ms(&self, shown_at: u64) -> Option<u64> {
        let looks = self.away.filter(|(from, _)| *from <= shown_at).map_or(0, |(_, to)| to);
        let doubts = self.says_at.filter(|_| self.doubts).unwrap_or(0);
        let since = self.pays_at?.max(looks).max(doubts);
        (shown_at >= doubts).then(|| shown_at.saturating_sub(since))
    }
}

/// From four seconds before to eight after.
fn around(paid: u64, rng: &mut Rng) -> u64 {
    (paid + rng.u64(0..12_000)).saturating_sub(4_000).max(CODE_MS)
}

/// In milliseconds, by the method of Box and Muller.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, and rounded to a millisecond")]
fn lognormal_ms(rng: &mut Rng, median_ms: f64, sigma: f64) -> u64 {
    let normal = (-2.0 * (1.0 - rng.f64()).ln()).sqrt() * (core::f64::consts::TAU * rng.f64()).cos();
    (median_ms * (sigma * normal).exp()) as u64
}
