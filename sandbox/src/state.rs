//! All that survives a restart.

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::Timestamp;

use crate::clock::Clock;
use crate::faults::{Fault, Faults};
use crate::merchant::Merchant;
use crate::phone::PhoneSettings;
use crate::platform::Platform;

/// All that survives a restart. The request log does not: its times are of one process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The clock's offset, and where it is held.
    pub clock: Clock,
    /// What the merchant knows.
    pub merchant: Merchant,
    /// What the platform knows.
    pub platform: Platform,
    /// What goes wrong.
    pub faults: Faults,
    /// How the payer's phone is set up.
    pub phone: PhoneSettings,
}

impl State {
    /// Does all that is due by `now`, the earliest first: it delivers notifies, plans again those that were
    /// lost, and gives up payments by code.
    /// Whether time passed or was moved makes no difference.
    pub fn due(&mut self, now: Timestamp) {
        while let Some(notification) = self.platform.notify_due(now) {
            let lost = self.faults.take(&notification.attach, |fault| (*fault == Fault::NotifyLost).then_some(()));
            let acknowledged = lost.is_none() && self.merchant.notified(&notification, &mut self.platform);
            self.platform.notify_answered(&notification.out_trade_no, acknowledged);
        }
        self.give_up_codes(now);
    }

    /// When there is something to do again.
    pub fn due_at(&self) -> Option<Timestamp> {
        self.platform.notify_due_at().into_iter().chain(self.code_due_at()).min()
    }
}
