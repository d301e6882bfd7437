//! What a payer's page shows: good for one order, one purpose, and a time.

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use wechat_cashier::contract::Timestamp;

use crate::config::Secret;

/// What a token is for; the one does not open what the other does. One for events stands in addresses, which logs keep: it opens nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// All calls of the contract.
    Order,
    /// The stream of events.
    Events,
    /// Not an order's at all, but the payer's: who logged in with this browser.
    Payer,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Events => "events",
            Self::Payer => "payer",
        }
    }
}

/// Makes and checks tokens: `{seconds since 1970}.{HMAC-SHA256 over purpose, order and time}`.
pub struct Tokens(hmac::Key);

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(***)")
    }
}

impl Tokens {
    /// What is said of a token whose time is up.
    pub(super) const EXPIRED: &str = "the token has expired";

    /// With the shop's key.
    #[must_use]
    pub fn new(key: &Secret) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key.expose().as_bytes()))
    }

    /// One for an order, good until a time.
    #[must_use]
    pub fn mint(&self, purpose: Purpose, order_id: &str, expires_at: Timestamp) -> String {
        let seconds = expires_at.millis().div_euclid(1000);
        let mac = hmac::sign(&self.0, message(purpose, order_id, seconds).as_bytes());
        format!("{seconds}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac))
    }

    /// Another key that follows from the shop's, for what is no token. `what` has no line feed; no token's message begins so.
    pub(super) fn derived(&self, what: &str) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&self.0, format!("derived\n{what}\n").as_bytes()).as_ref())
    }

    /// Whether a token opens this order now.
    ///
    /// # Errors
    /// Why not, in words for the merchant's support.
    pub fn check(&self, purpose: Purpose, order_id: &str, token: &str, now: Timestamp) -> Result<(), &'static str> {
        let wrong = "the token is not this order's";
        let (seconds, mac) = token.split_once('.').ok_or(wrong)?;
        let seconds: i64 = seconds.parse().map_err(|_| wrong)?;
        let mac = BASE64_URL_SAFE_NO_PAD.decode(mac).map_err(|_| wrong)?;
        // In a time that tells nothing of where they differ.
        hmac::verify(&self.0, message(purpose, order_id, seconds).as_bytes(), &mac).map_err(|_| wrong)?;
        match now.millis() < seconds.saturating_mul(1000) {
            true => Ok(()),
            false => Err(Self::EXPIRED),
        }
    }
}

/// No part can run into the next: an order's id has no line feed.
fn message(purpose: Purpose, order_id: &str, seconds: i64) -> String {
    format!("{}\n{order_id}\n{seconds}\n", purpose.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(key: &str) -> Tokens {
        Tokens::new(&Secret::new(key.to_owned()))
    }

    #[test]
    fn a_token_is_good_for_one_order_one_purpose_and_a_time() {
        let at = Timestamp::from_millis;
        let tokens_ = tokens("0123456789abcdef0123456789abcdef");
        let token = tokens_.mint(Purpose::Order, "T20261121001", at(10_000));
        let check = |purpose, order, token: &str, now| tokens_.check(purpose, order, token, at(now)).is_ok();
        assert!(check(Purpose::Order, "T20261121001", &token, 9_999));
        assert!(!check(Purpose::Order, "T20261121001", &token, 10_000));
        assert!(!check(Purpose::Order, "T20261121002", &token, 9_999));
        assert!(!check(Purpose::Events, "T20261121001", &token, 9_999));
        let longer = token.replacen("10.", "99.", 1);
        for wrong in [&longer[..], "", ".", "10.", "10.!!", &token[..token.len() - 1]] {
            assert!(!check(Purpose::Order, "T20261121001", wrong, 9_999), "{wrong}");
        }
        assert!(
            tokens("another key of the same length..").check(Purpose::Order, "T20261121001", &token, at(0)).is_err()
        );
    }
}
