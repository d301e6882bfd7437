//! The payer's phone: pages, and the calls behind them.

mod inside;
mod middle;
mod oauth;
mod other;
mod picture;
mod routes;
mod settings;

pub(crate) use settings::OauthTo;
pub use settings::PhoneSettings;

use axum::Router;
use wechat_cashier::contract::Timestamp;

use crate::faults::Fault;
use crate::platform::{Bill, JsapiCall, JsapiRefusal, Outcome, PayText, Refusal, TradeType};
use crate::sandbox::Sandbox;
use crate::state::State;

pub(crate) fn router() -> Router<Sandbox> {
    Router::new()
        .merge(routes::router())
        .merge(inside::router())
        .merge(middle::router())
        .merge(oauth::router())
        .merge(other::router())
        .merge(settings::router())
}

impl State {
    /// An account scans the text of a code.
    ///
    /// # Errors
    /// With what the wallet says to the payer.
    pub fn scan(&mut self, text: &str, account: &str, now: Timestamp) -> Result<Bill, Refusal> {
        let late = self.before_opening(text);
        self.platform.scan(text, account, now, late)
    }

    /// A pay sheet opens by what a page has brought to the phone.
    ///
    /// # Errors
    /// With what the wallet says to the payer.
    pub fn open_sheet(&mut self, by: &str, account: &str, now: Timestamp) -> Result<Bill, Refusal> {
        let late = self.before_opening(by);
        self.platform.open(by, account, now, late)
    }

    /// A page inside WeChat wants to be paid.
    ///
    /// # Errors
    /// With what the page's callback and the payer are told.
    pub fn jsapi(&mut self, call: JsapiCall<'_>, now: Timestamp) -> Result<Bill, JsapiRefusal> {
        let package = call.params.get("package").and_then(|package| package.as_str()).unwrap_or_default();
        let late = self.before_opening(package.strip_prefix("prepay_id=").unwrap_or(package));
        self.platform.jsapi(call, now, late)
    }

    /// The faults that a sheet meets before it opens. True: it counts as opened in time.
    fn before_opening(&mut self, by: &str) -> bool {
        let order_id = self.platform.order_of(by).unwrap_or_default().to_owned();
        if self.faults.take(&order_id, |fault| (*fault == Fault::SecondAccount).then_some(())).is_some() {
            self.platform.open_by_stranger(by);
        }
        self.faults.has(&order_id, &Fault::PaidAfterExpiry)
    }

    /// The payer acts on an open pay sheet.
    ///
    /// # Errors
    /// With what the wallet says to the payer.
    pub fn pay(&mut self, scan_id: &str, outcome: Outcome, now: Timestamp) -> Result<PayText, Refusal> {
        let by = self.platform.scanned(scan_id).unwrap_or_default().to_owned();
        let order_id = self.platform.order_of(&by).unwrap_or_default().to_owned();
        let late = self.faults.has(&order_id, &Fault::PaidAfterExpiry);
        let said = self.platform.pay(scan_id, outcome, now, late)?;
        let by_code = self.platform.trade_of(&by).is_some_and(|trade| trade.trade_type == TradeType::Micropay);
        if by_code && outcome != Outcome::WrongPassword {
            self.hear_of_code(&order_id);
        }
        if outcome == Outcome::Pay {
            self.faults.take(&order_id, |fault| (*fault == Fault::PaidAfterExpiry).then_some(()));
        }
        // A till is not told but asks, so there is nothing to be late.
        if outcome == Outcome::Pay && !by_code {
            let delay_ms = self.faults.take(&order_id, |fault| match fault {
                Fault::NotifyLate { ms } => Some(*ms),
                _ => None,
            });
            if let Some(ms) = delay_ms {
                self.platform.delay_notify(&by, ms);
            }
        }
        Ok(said)
    }
}
