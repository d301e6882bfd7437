//! Which shop is told where.

use std::collections::HashMap;

use super::{Kind, Receiver};
use crate::config::Shop;

/// The receivers of the shops, by their ids.
#[derive(Debug, Default)]
pub struct Receivers(HashMap<String, Option<Receiver>>);

impl Receivers {
    /// Those that the configuration names.
    ///
    /// # Errors
    /// A secret that is none, or no TLS on this machine.
    pub fn new(shops: &[Shop]) -> Result<Self, String> {
        let of = |shop: &Shop| Ok((shop.id.clone(), shop.webhooks.as_ref().map(Receiver::new).transpose()?));
        shops.iter().map(of).collect::<Result<_, _>>().map(Self)
    }

    /// Where a shop is told.
    #[must_use]
    pub fn of(&self, shop: &str) -> Option<&Receiver> {
        self.0.get(shop)?.as_ref()
    }

    /// Whether a shop is to hear of such events. For one that is not known here everything is kept: while a configuration is
    /// changed on one instance after the other, another one knows it.
    #[must_use]
    pub fn wants(&self, shop: &str, kind: Kind) -> bool {
        match self.0.get(shop) {
            Some(receiver) => receiver.as_ref().is_some_and(|receiver| receiver.wants(kind)),
            None => true,
        }
    }

    /// The shops that are told.
    #[must_use]
    pub fn shops(&self) -> Vec<&str> {
        self.0.iter().filter(|(_, receiver)| receiver.is_some()).map(|(shop, _)| shop.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_a_shop_that_is_not_known_here_everything_is_kept_and_nothing_sent() {
        let receivers = Receivers([("tea".to_owned(), None)].into());
        assert!(receivers.wants("cake", Kind::Paid) && receivers.wants("cake", Kind::DayDiffers));
        assert!(!receivers.wants("tea", Kind::Paid), "it is known, and has no receiver");
        assert!(receivers.shops().is_empty() && receivers.of("cake").is_none());
    }
}
