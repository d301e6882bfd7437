//! The shop's keys and name: the one place where the console asks who may come in, and as whom.

use crate::config::ShopKey;
use crate::http::Site;

/// The key that somebody has typed.
pub(super) fn given<'a>(site: &'a Site, typed: &str) -> Option<&'a ShopKey> {
    site.key_given(typed.trim().as_bytes())
}

/// The key of this name, as it is now.
pub(super) fn named<'a>(site: &'a Site, name: &str) -> Option<&'a ShopKey> {
    site.keys.iter().find(|key| key.name == name)
}

/// What the shop is called.
pub(super) fn shop(site: &Site) -> &str {
    &site.shop.name
}
