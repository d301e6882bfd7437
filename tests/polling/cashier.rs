//! The core before one payer: a shell with virtual time.

use wechat_cashier::core::{Call, Effect, Event, Instant, Options, PageEvent, Stamp, State, StreamEvent, Tap, update};

use super::payer::Payer;
use super::{DOWN_MS, Outcome, UP_MS, order};

/// A backend that sends events sends one so often at least, in milliseconds (docs/contract.md, "Events").
const EVENT_MS: u64 = 45_000;

/// Plays one order.
pub(crate) fn play(payer: &Payer, seed: u64, events: bool) -> Outcome {
    let options = Options {
        order_id: order::ID.to_owned(),
        api: "/api".to_owned(),
        page_url: "https://pay.example/cashier?order=T1".to_owned(),
        seed,
        ..Options::default()
    };
    let page = Page {
        payer,
        events,
        state: State::new(options),
        now: 0,
        wake: None,
        request: None,
        stream: None,
        outcome: Outcome::default(),
    };
    page.play()
}

struct Page<'a> {
    payer: &'a Payer,
    events: bool,
    state: State,
    now: u64,
    wake: Option<u64>,
    /// The question under way, and when it was sent.
    request: Option<(Stamp, u64)>,
    /// The event stream, if it is listened to, and when it says its next.
    stream: Option<(StreamState, u64)>,
    outcome: Outcome,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StreamState {
    Opening,
    Open,
}

/// What happens next.
#[derive(Clone, Copy)]
enum Due {
    Wake,
    Answer,
    Event,
    Hides,
    Shows,
    Says,
    Closes,
}

impl Page<'_> {
    fn play(mut self) -> Outcome {
        self.tell(Event::Start { remembered: None, told: None });
        loop {
            let (at, due) = self.next();
            self.now = at;
            match due {
                Due::Closes => break,
                Due::Wake => {
                    self.wake = None;
                    self.tell(Event::Wake);
                }
                Due::Answer => self.answer(),
                Due::Event => self.says(),
                Due::Hides => self.tell(Event::Page(PageEvent::Hidden)),
                Due::Shows => self.tell(Event::Page(PageEvent::Visible)),
                Due::Says => self.tell(Event::Tap(Tap::HavePaid)),
            }
            if self.state.is_final() {
                self.outcome.delay_ms = self.payer.waited_ms(self.now);
                break;
            }
        }
        self.outcome.open_ms = self.now;
        self.outcome
    }

    fn next(&self) -> (u64, Due) {
        let payer = self.payer;
        // What the payer does is told once, and before anything else of the same time.
        let once = |at: Option<u64>, due| at.filter(|at| *at > self.now).map(|at| (at, due));
        let dues = [
            once(payer.away.map(|(from, _)| from), Due::Hides),
            once(payer.away.map(|(_, to)| to), Due::Shows),
            once(payer.says_at, Due::Says),
            self.request.map(|(_, sent)| (sent + UP_MS + DOWN_MS, Due::Answer)),
            self.stream.map(|(_, at)| (at, Due::Event)),
            self.wake.map(|at| (at, Due::Wake)),
        ];
        let closes = (payer.closes_at, Due::Closes);
        dues.into_iter().flatten().fold(closes, |first, due| if due.0 < first.0 { due } else { first })
    }

    fn answer(&mut self) {
        let Some((stamp, sent)) = self.request.take() else { return };
        let arrived = sent + UP_MS;
        let answer = order::answer(arrived, self.payer.has_paid(arrived), self.events);
        self.tell(Event::Order { stamp, result: Ok(answer) });
    }

    /// A stream says how the order stands when it opens, when it is paid, and every now and then.
    fn says(&mut self) {
        let Some((state, _)) = self.stream else { return };
        let said = self.now - DOWN_MS;
        let next = self.now + EVENT_MS;
        let paid = self.payer.pays_at.map(|paid| paid + DOWN_MS).filter(|at| *at > self.now);
        self.stream = Some((StreamState::Open, paid.map_or(next, |at| at.min(next))));
        if state == StreamState::Opening {
            self.tell(Event::Stream(StreamEvent::Opened));
        }
        let order = order::answer(said, self.payer.has_paid(said), true);
        self.tell(Event::Stream(StreamEvent::Order(Ok(order))));
    }

    fn tell(&mut self, event: Event) {
        for effect in update(&mut self.state, event, Instant::from_millis(self.now)) {
            match effect {
                Effect::Wake(at) => self.wake = at.map(|at| at.millis().max(self.now)),
                Effect::Send { stamp, call: Call::Order { verify, .. }, .. } => {
                    self.outcome.asked += 1;
                    self.outcome.verified += u32::from(verify);
                    self.request = Some((stamp, self.now));
                }
                Effect::Cancel(stamp) => self.request = self.request.filter(|(under_way, _)| *under_way != stamp),
                Effect::Listen(_) => self.stream = Some((StreamState::Opening, self.now + UP_MS + DOWN_MS)),
                Effect::Deafen => self.stream = None,
                _ => {}
            }
        }
    }
}
