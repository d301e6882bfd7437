//! Which shop: found by its key, by a token that it gave out, or by an order.
//!
//! A shop sees its own orders alone. What another has is answered as what nobody has.

use std::sync::Arc;

use wechat_cashier::contract::{MethodOffer, ProblemCode, Timestamp};

use super::{Purpose, Served, Tokens};
use crate::config::{self, ReturnUrl, ShopKey};
use crate::domain::{Order, Shop};
use crate::service::Problem;

/// What HTTP has to know of one shop.
#[derive(Debug)]
pub struct ShopSite {
    /// Its id.
    pub id: String,
    /// Who sells.
    pub shop: Shop,
    /// The keys with which `/admin/v1` is called.
    pub keys: Vec<ShopKey>,
    /// What payers' pages show.
    pub tokens: Tokens,
    /// What an order offers that does not say.
    pub methods: Vec<MethodOffer>,
    /// How long an order lives that does not say, in seconds.
    pub order_expires_in_s: u32,
    /// Where a payer goes when done, for orders that name no address of their own.
    pub return_url: Option<ReturnUrl>,
    /// The origins of its own pages with a cashier in them, besides those of all shops.
    pub origins: Vec<String>,
}

/// The shops.
#[derive(Clone, Debug)]
pub struct Shops(Vec<Arc<ShopSite>>);

impl From<&config::Shop> for ShopSite {
    fn from(shop: &config::Shop) -> Self {
        Self {
            id: shop.id.clone(),
            shop: Shop { name: shop.name.clone(), logo_url: shop.logo_url.clone() },
            keys: shop.keys.clone(),
            tokens: Tokens::new(&shop.token_key),
            methods: shop.methods.iter().cloned().map(Into::into).collect(),
            order_expires_in_s: u32::try_from(shop.order_expires_in.as_secs()).unwrap_or(u32::MAX),
            return_url: shop.return_url.clone(),
            origins: shop.origins.clone(),
        }
    }
}

impl ShopSite {
    /// Whether an order is this shop's.
    pub(super) fn has(&self, order: &Order) -> bool {
        self.id == order.facts.shop
    }

    fn lists(&self, origin: &str) -> bool {
        self.origins.iter().any(|listed| listed == origin)
    }
}

impl Shops {
    /// Those of a configuration.
    #[must_use]
    pub fn new(shops: &[config::Shop]) -> Self {
        Self(shops.iter().map(|shop| Arc::new(shop.into())).collect())
    }

    /// The shop whose key it is, and the key. All are looked at, so that the time tells nothing of which it was.
    pub(super) fn by_key(&self, given: &[u8]) -> Option<(&Arc<ShopSite>, &ShopKey)> {
        let keys = self.0.iter().flat_map(|shop| shop.keys.iter().map(move |key| (shop, key)));
        keys.fold(None, |found, (shop, known)| if known.key.is(given) { Some((shop, known)) } else { found })
    }

    /// The shop whose token opens the order of this id now, if that order is the shop's.
    ///
    /// # Errors
    /// Why no shop's does, in words for the merchant's support.
    pub(super) fn by_token(
        &self,
        purpose: Purpose,
        order_id: &str,
        token: &str,
        now: Timestamp,
    ) -> Result<&Arc<ShopSite>, &'static str> {
        let mut refused = "the token is not this order's";
        for shop in &self.0 {
            match shop.tokens.check(purpose, order_id, token, now) {
                Ok(()) => return Ok(shop),
                // Of the shop whose token it is.
                Err(why) if why == Tokens::EXPIRED => refused = why,
                Err(_) => {}
            }
        }
        Err(refused)
    }

    /// The shop of this id.
    pub(super) fn by_id(&self, id: &str) -> Option<&Arc<ShopSite>> {
        self.0.iter().find(|shop| shop.id == id)
    }

    /// The origins that any of them has of its own.
    pub(super) fn origins(&self) -> impl Iterator<Item = &String> {
        self.0.iter().flat_map(|shop| &shop.origins)
    }

    /// Whether pages of this origin are other shops' alone.
    pub(super) fn is_others(&self, origin: &str, shop: &ShopSite) -> bool {
        !shop.lists(origin) && self.0.iter().any(|other| other.lists(origin))
    }

    /// The one, if there is but one.
    pub(super) fn only(&self) -> Option<&Arc<ShopSite>> {
        self.0.first().filter(|_| !self.are_many())
    }

    /// Whether there is more than one.
    pub(super) fn are_many(&self) -> bool {
        self.0.len() > 1
    }
}

impl Served {
    /// An order of this shop's, for who has its key.
    pub(super) async fn order_of(&self, shop: &ShopSite, order_id: &str) -> Result<Order, Problem> {
        let order = self.backend.order(order_id).await?;
        if shop.has(&order) { Ok(order) } else { Err(Problem::no_order(order_id)) }
    }

    /// An order of this shop's, for who has a token that the shop's key has signed.
    pub(super) async fn order_by_token(&self, shop: &ShopSite, order_id: &str) -> Result<Order, Problem> {
        let order = self.backend.order(order_id).await?;
        let wrong = || Problem::new(ProblemCode::Unauthorized, "the token is not this order's");
        if shop.has(&order) { Ok(order) } else { Err(wrong()) }
    }
}
