//! The simulated WeChat Pay's clock, for the merchant as well: a test moves two hours in one call and waits for nothing.

use futures_util::future::BoxFuture;
use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::clock::Clock;
use wechat_cashier_simulator::Simulator;

/// The merchant's clock is the platform's.
#[derive(Clone, Debug)]
pub(crate) struct SharedClock(pub(crate) Simulator);

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn until(&self, at: Timestamp) -> BoxFuture<'_, ()> {
        Box::pin(self.0.until(at))
    }
}
