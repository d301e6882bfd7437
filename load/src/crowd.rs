//! Who comes when.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use fastrand::Rng;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};

use crate::calls::World;
use crate::figures::Figures;
use crate::page;

/// So many pages, of which so many a second are paid.
pub(crate) struct Crowd {
    pub(crate) pages: usize,
    pub(crate) payments: f64,
    pub(crate) name: String,
}

/// The populations of docs/polling.md, as medians in seconds and σ of lognormal distributions: those who pay,
const PAYS: (f64, f64) = (18.0, 0.67);
/// and those who look, and leave.
const LEAVES: (f64, f64) = (45.0, 1.0);
/// Nobody of them stays longer, in seconds: the run is no longer either.
const STAYS_AT_MOST: f64 = 300.0;
/// How often the open pages are counted.
const COUNT_EACH: Duration = Duration::from_millis(500);

impl Crowd {
    /// They come within `before`; what they do in the time after that is measured.
    pub(crate) async fn come(self, world: &World, before: Duration, seconds: Duration) -> Figures {
        let begun = Instant::now();
        let (measured, ends) = (begun + before, begun + before + seconds);
        let open = Rc::new(Cell::new(0_usize));
        let number = Cell::new(0_u32);
        let order_id = || {
            number.set(number.get() + 1);
            format!("{}-{}", self.name, number.get())
        };
        // Little's law: so many of them are open at a time, and the rest look and leave.
        let payers = self.payments * PAYS.0 * (PAYS.1 * PAYS.1 / 2.0).exp();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of pages")]
        let lookers = self.pages.saturating_sub(payers.round() as usize);

        let paying = async {
            let mut pages = FuturesUnordered::new();
            let mut each = interval_at(begun, Duration::from_secs_f64(1.0 / self.payments.max(0.01)));
            // Those who could not come in time come all the same.
            each.set_missed_tick_behavior(MissedTickBehavior::Burst);
            loop {
                tokio::select! {
                    _ = each.tick(), if self.payments > 0.0 => {
                        let id = order_id();
                        let pays_after = drawn(PAYS);
                        pages.push(page::visit(world, id, Some(pays_after), STAYS_AT_MOST, Rc::clone(&open)));
                    }
                    _ = pages.next(), if !pages.is_empty() => {}
                }
            }
        };
        let looking = async {
            let mut pages = FuturesUnordered::new();
            for at in 0..lookers {
                let (id, open) = (order_id(), Rc::clone(&open));
                let share = f64::from(u32::try_from(at).unwrap_or(0)) / f64::from(u32::try_from(lookers).unwrap_or(1));
                let comes = begun + before.mul_f64(0.8 * share);
                let next = &order_id;
                pages.push(async move {
                    sleep_until(comes).await;
                    let mut id = id;
                    loop {
                        page::visit(world, id, None, drawn(LEAVES), Rc::clone(&open)).await;
                        id = next();
                    }
                });
            }
            while pages.next().await.is_some() {}
        };
        let watching = async {
            sleep_until(measured).await;
            *world.figures.borrow_mut() = Some(Figures::default());
            let mut each = interval_at(measured, COUNT_EACH);
            loop {
                each.tick().await;
                world.note(|figures| figures.open.push(open.get()));
            }
        };
        let _: Result<_, _> = timeout(ends - begun, async { tokio::join!(paying, looking, watching) }).await;
        let figures = world.figures.borrow_mut().take().unwrap_or_default();
        figures.over(seconds)
    }
}

/// So many seconds, of a lognormal distribution.
fn drawn((median, sigma): (f64, f64)) -> f64 {
    let mut rng = Rng::new();
    // Box and Muller's way to the normal one.
    let radius = (-2.0 * (1.0 - rng.f64()).ln()).sqrt();
    let normal = radius * (std::f64::consts::TAU * rng.f64()).cos();
    (median * (sigma * normal).exp()).min(STAYS_AT_MOST)
}
