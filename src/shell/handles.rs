//! What is under way. Dropping any of it calls it off.

use std::cell::Cell;

use gloo_timers::callback::Timeout;

use crate::core::Stamp;

use super::backend::UnderWay;
use super::stream::Stream;
use super::{page, wechat};

/// What is under way. Each is put and taken whole, and nothing is ever borrowed: so it can be let go of even when a fault has
/// ended the program in its midst.
#[derive(Default)]
pub(super) struct Handles {
    /// The one moment to come back at.
    pub(super) wake: Cell<Option<Timeout>>,
    pub(super) stream: Cell<Option<Stream>>,
    pub(super) link: Cell<wechat::Connection>,
    pub(super) page: Cell<page::Listeners>,
    /// At most one for the order and one for a payment.
    requests: Cell<Vec<(Stamp, UnderWay)>>,
}

impl Handles {
    /// A request is under way.
    pub(super) fn sent(&self, stamp: Stamp, request: UnderWay) {
        let mut requests = self.requests.take();
        requests.push((stamp, request));
        self.requests.set(requests);
    }

    /// The answer to this request has come, or is no longer wanted. False: it was not waited for.
    pub(super) fn answered(&self, stamp: Stamp) -> bool {
        let mut requests = self.requests.take();
        let index = requests.iter().position(|(under_way, _)| *under_way == stamp);
        let answered = index.map(|index| requests.swap_remove(index));
        self.requests.set(requests);
        answered.is_some()
    }

    /// All of it is called off.
    pub(super) fn let_go(&self) {
        drop((self.wake.take(), self.stream.take(), self.link.take(), self.page.take(), self.requests.take()));
    }
}
