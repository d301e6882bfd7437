//! One page with its cashier, and its payer.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, sleep_until};
use wechat_cashier::contract::{Action, OrderAnswer, Payment, encode};
use wechat_cashier::core::{self, Call, Effect, Event, Options, Stamp, State, update};

use crate::calls::World;
use crate::figures::Kind;

/// Later than any page is open.
const A_LONG_WAY_OFF: Duration = Duration::from_secs(24 * 60 * 60);

/// A page from its beginning to its end: until it is paid and shown so, or until `leaves_after` seconds.
pub(crate) async fn visit(
    world: &World,
    order_id: String,
    pays_after: Option<f64>,
    leaves_after: f64,
    open: Rc<Cell<usize>>,
) {
    let Some(token) = world.order(&order_id).await else { return };
    let options = Options {
        api: format!("{}/api", world.merchant),
        page_url: format!("{}/pay/?order={order_id}", world.shop),
        order_id: order_id.clone(),
        seed: fastrand::u64(..),
        ..Options::default()
    };
    let began = Instant::now();
    let page = Page {
        world,
        order_id,
        token,
        began,
        leaves_at: began + Duration::from_secs_f64(leaves_after),
        pays_after: pays_after.map(Duration::from_secs_f64),
        state: State::new(options),
        wake: None,
        requests: FuturesUnordered::new(),
        code: None,
        paid_at: None,
    };
    let _here = Here::new(open);
    page.live().await;
}

/// Counted as long as it is there, however it ends.
struct Here(Rc<Cell<usize>>);

impl Here {
    fn new(open: Rc<Cell<usize>>) -> Self {
        open.set(open.get() + 1);
        Self(open)
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}

struct Page<'a> {
    world: &'a World,
    order_id: String,
    token: String,
    began: Instant,
    leaves_at: Instant,
    pays_after: Option<Duration>,
    state: State,
    wake: Option<Instant>,
    requests: FuturesUnordered<LocalBoxFuture<'a, Came>>,
    /// What there is to scan, and when the payer does.
    code: Option<(String, Instant)>,
    /// When WeChat said to the payer that it is paid.
    paid_at: Option<Instant>,
}

/// What came back.
#[expect(clippy::large_enum_variant, reason = "each is taken at once")]
enum Came {
    Answer(Box<Event>),
    /// The payer's phone says that it is paid, or that it is not.
    Paid(bool),
}

impl Page<'_> {
    async fn live(mut self) {
        self.tell(Event::Start { remembered: None, told: None });
        loop {
            if self.state.is_final() {
                if let Some(paid_at) = self.paid_at {
                    self.world.note(|figures| figures.shown(paid_at.elapsed()));
                }
                return;
            }
            let never = self.began + A_LONG_WAY_OFF;
            let wakes = pin!(sleep_until(self.wake.unwrap_or(never)));
            let pays = pin!(sleep_until(self.code.as_ref().map_or(never, |(_, at)| *at)));
            tokio::select! {
                Some(came) = self.requests.next() => self.came(came),
                () = wakes => {
                    self.wake = None;
                    self.tell(Event::Wake);
                }
                () = pays => self.pay(),
                () = sleep_until(self.leaves_at) => return,
            }
        }
    }

    fn came(&mut self, came: Came) {
        match came {
            Came::Answer(event) => {
                if let Event::Payment { result: Ok(payment), .. } = &*event {
                    self.shown(payment);
                }
                self.tell(*event);
            }
            Came::Paid(is_paid) => {
                self.world.note(|figures| match is_paid {
                    true => figures.paid += 1,
                    false => figures.unpaid += 1,
                });
                self.paid_at = is_paid.then(Instant::now);
            }
        }
    }

    fn shown(&mut self, payment: &Payment) {
        let Action::ShowQr { content } = &payment.action else { return };
        // Who has paid does not pay the next code.
        let Some(pays_after) = self.pays_after.take() else { return };
        self.code = Some((content.clone(), Instant::now() + pays_after));
    }

    fn pay(&mut self) {
        let (world, Some((code_url, _))) = (self.world, self.code.take()) else { return };
        self.requests.push(Box::pin(async move { Came::Paid(world.pay(&code_url).await) }));
    }

    fn tell(&mut self, event: Event) {
        let millis = |at: Instant| u64::try_from((at - self.began).as_millis()).unwrap_or(u64::MAX);
        let now = core::Instant::from_millis(millis(Instant::now()));
        for effect in update(&mut self.state, event, now) {
            match effect {
                Effect::Wake(at) => self.wake = at.map(|at| self.began + Duration::from_millis(at.millis())),
                Effect::Send { stamp, call, .. } => self.send(stamp, call),
                // Streams of events are not opened: that all pages poll is what is measured. What is not wanted any more the
                // core knows by its stamp, and nothing else is for a page that nobody sees.
                _ => {}
            }
        }
    }

    fn send(&mut self, stamp: Stamp, call: Call) {
        let (world, order_id, token) = (self.world, self.order_id.clone(), self.token.clone());
        self.requests.push(match call {
            Call::Payment { key, request } => Box::pin(async move {
                let body = encode(&request).unwrap_or_default();
                let path = format!("{order_id}/payments");
                let asked = world.call(Kind::Payment, &token, &path, Some((&key, body))).await;
                let result = asked.map_err(|(name, why)| name.unreachable(&why)).and_then(|it| it.read::<Payment>());
                Came::Answer(Box::new(Event::Payment { stamp, result }))
            }),
            Call::Order { verify, .. } => Box::pin(async move {
                let (kind, query) = if verify { (Kind::Verify, "?verify=1") } else { (Kind::Order, "") };
                let asked = world.call(kind, &token, &format!("{order_id}{query}"), None).await;
                let result = asked.map_err(|(name, why)| name.unreachable(&why));
                let result = result.and_then(|it| it.read::<OrderAnswer>());
                Came::Answer(Box::new(Event::Order { stamp, result }))
            }),
            Call::Close => return,
        });
    }
}
