//! Time, which moves only here, and what is due in it.

use wechat_cashier::contract::{Failure, Order, OrderAnswer};
use wechat_cashier::core::{Call, Event, Instant};

use super::{Reply, World};
use crate::backend::{Fault, OF_ORDER, OF_PAYMENT, settled};

#[derive(Clone, Copy)]
enum Due {
    Arrives(usize),
    Returns(usize),
    Wechat(usize),
    Wake,
}

impl World {
    /// Lets so much time pass, and everything happen that is due in it.
    pub(crate) fn run(&mut self, ms: u64) {
        let end = self.now + ms;
        while let Some((at, due)) = self.next_due().filter(|(at, _)| *at <= end) {
            self.check_drawn(at);
            self.now = self.now.max(at);
            self.happen(due);
        }
        self.check_drawn(end);
        self.now = end;
    }

    /// Lets time pass until the screen is as wanted, for so long at most. Says whether it came to be.
    pub(crate) fn run_until(&mut self, most_ms: u64, wanted: impl Fn(&Self) -> bool) -> bool {
        let end = self.now + most_ms;
        while !wanted(self) && self.now < end {
            let next = self.next_due().map_or(end, |(at, _)| at.max(self.now));
            self.run(next.min(end).since(self.now).max(1));
        }
        wanted(self)
    }

    fn next_due(&self) -> Option<(Instant, Due)> {
        let on_wire = self.wire.iter().enumerate().map(|(index, request)| {
            if request.reply.is_none() {
                (request.arrives, Due::Arrives(index))
            } else {
                (request.returns, Due::Returns(index))
            }
        });
        let wake = self.wake.filter(|_| !self.frozen).map(|at| (at, Due::Wake));
        let wechat = self.wechat.coming.iter().enumerate().map(|(index, (at, _))| (*at, Due::Wechat(index)));
        on_wire.chain(wake).chain(wechat.filter(|_| !self.frozen)).min_by_key(|(at, _)| *at)
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Arrives(index) => {
                let request = &mut self.wire[index];
                let reply = match &request.call {
                    Call::Order { verify, .. } => {
                        let told = self.backend.answer_order(*verify, &request.fault, self.now);
                        Reply::Order(lost(
                            told.and_then(|order| read(*order, &request.fault)),
                            &request.fault,
                            OF_ORDER,
                        ))
                    }
                    Call::Close => {
                        if matches!(request.fault, Fault::None | Fault::AnswerLost | Fault::Settled) {
                            self.backend.close();
                        }
                        let told = self.backend.answer_order(true, &request.fault, self.now);
                        Reply::Order(lost(
                            told.and_then(|order| read(*order, &request.fault)),
                            &request.fault,
                            OF_ORDER,
                        ))
                    }
                    Call::Payment { key, request: body } => {
                        let told = self.backend.answer_payment(key, body, &request.fault, self.now);
                        Reply::Payment(lost(told, &request.fault, OF_PAYMENT))
                    }
                };
                request.reply = Some(reply);
                if request.abandoned {
                    self.wire.remove(index);
                }
            }
            Due::Returns(index) => self.returns(index),
            Due::Wechat(index) => {
                let (_, event) = self.wechat.coming.remove(index);
                self.event(event);
            }
            Due::Wake => {
                self.wake = None;
                self.told.wakes.push_back(self.now);
                if self.told.wakes.len() > 20 {
                    let first = self.told.wakes.pop_front().unwrap();
                    assert!(self.now.since(first) >= 1_000, "3: more than 20 wakes in a second{}", self.story());
                }
                self.event(Event::Wake);
            }
        }
    }

    /// The request that this answers comes back with it, whatever the backend would say.
    pub(crate) fn answers(&mut self, answer: Event) {
        let (Event::Order { stamp, .. } | Event::Payment { stamp, .. }) = &answer else { return };
        let index = self.wire.iter().position(|request| request.stamp == *stamp);
        self.wire.remove(index.expect("a request under way"));
        self.hear(&answer);
        self.tell(answer);
    }

    fn returns(&mut self, index: usize) {
        let request = self.wire.remove(index);
        let stamp = request.stamp;
        let event = match request.reply.unwrap() {
            Reply::Order(result) => Event::Order { stamp, result },
            Reply::Payment(result) => Event::Payment { stamp, result },
        };
        if request.cancelled {
            return self.tell(event);
        }
        match (&request.call, &event) {
            (Call::Order { verify, .. }, _) => {
                self.told.order_answered = true;
                let answered = matches!(event, Event::Order { result: Ok(_), .. });
                if answered && *verify && self.told.doubt.is_some_and(|since| request.sent >= since) {
                    self.told.doubt = None;
                }
            }
            (Call::Payment { key, .. }, Event::Payment { result: Err(_), .. }) => {
                self.told.failed_keys.insert(key.clone());
            }
            (Call::Close | Call::Payment { .. }, _) => {}
        }
        self.hear(&event);
        self.answered.push(event.clone());
        self.tell(event);
    }
}

/// What the cashier reads of this answer.
fn read(order: Order, fault: &Fault) -> Result<OrderAnswer, Failure> {
    if *fault == Fault::Settled { settled(&order, None) } else { Ok(OrderAnswer::Whole(Box::new(order))) }
}

fn lost<T>(told: Result<T, Failure>, fault: &Fault, request: &str) -> Result<T, Failure> {
    if *fault == Fault::AnswerLost { Err(Failure::TimedOut { detail: request.to_owned() }) } else { told }
}
