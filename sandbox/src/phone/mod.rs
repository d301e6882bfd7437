//! The payer's phone: a page, and the calls behind it.

mod picture;
mod routes;

pub(crate) use routes::router;

use wechat_cashier::contract::Timestamp;

use crate::faults::Fault;
use crate::platform::{Bill, Outcome, PayText, Refusal};
use crate::state::State;

impl State {
    /// An account scans the text of a code.
    ///
    /// # Errors
    /// With what WeChat says to the payer.
    pub fn scan(&mut self, text: &str, account: &str, now: Timestamp) -> Result<Bill, Refusal> {
        let order_id = self.platform.order_of(text).unwrap_or_default().to_owned();
        if self.faults.take(&order_id, |fault| (*fault == Fault::SecondAccount).then_some(())).is_some() {
            self.platform.open_by_stranger(text);
        }
        let late = self.faults.has(&order_id, &Fault::PaidAfterExpiry);
        self.platform.scan(text, account, now, late)
    }

    /// The payer acts on an open pay sheet.
    ///
    /// # Errors
    /// With what WeChat says to the payer.
    pub fn pay(&mut self, scan_id: &str, outcome: Outcome, now: Timestamp) -> Result<PayText, Refusal> {
        let code_url = self.platform.scanned(scan_id).unwrap_or_default().to_owned();
        let order_id = self.platform.order_of(&code_url).unwrap_or_default().to_owned();
        let late = self.faults.has(&order_id, &Fault::PaidAfterExpiry);
        let said = self.platform.pay(scan_id, outcome, now, late)?;
        if outcome == Outcome::Pay {
            self.faults.take(&order_id, |fault| (*fault == Fault::PaidAfterExpiry).then_some(()));
            let delay_ms = self.faults.take(&order_id, |fault| match fault {
                Fault::NotifyLate { ms } => Some(*ms),
                _ => None,
            });
            if let Some(ms) = delay_ms {
                self.platform.delay_notify(&code_url, ms);
            }
        }
        Ok(said)
    }
}
