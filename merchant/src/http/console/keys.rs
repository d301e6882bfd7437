//! Shops and their keys: the one place where the console asks who may come in, and as whom.

use std::sync::Arc;

use crate::config::ShopKey;
use crate::http::{ShopSite, Site};

/// The key that somebody has typed, and whose it is.
pub(super) fn given<'a>(site: &'a Site, typed: &str) -> Option<(&'a Arc<ShopSite>, &'a ShopKey)> {
    site.shops.by_key(typed.trim().as_bytes())
}

/// A shop's key of this name, as it is now.
pub(super) fn named<'a>(site: &'a Site, shop: &str, name: &str) -> Option<(&'a Arc<ShopSite>, &'a ShopKey)> {
    let shop = site.shops.by_id(shop)?;
    Some((shop, shop.keys.iter().find(|key| key.name == name)?))
}

/// What stands above a page for who is not in: of several shops nobody knows yet whose it is.
pub(super) fn name(site: &Site) -> String {
    site.shops
        .only()
        .map_or_else(|| site.public_url.host_str().unwrap_or_default().to_owned(), |it| it.shop.name.clone())
}
