//! Who logged in with this browser: a cookie of this backend's own origin, signed, which scripts cannot read.

use axum::http::{HeaderMap, HeaderValue, header};
use wechat_cashier::contract::Timestamp;

use super::{Purpose, Served, ShopSite};
use crate::domain::{Order, Payer, plus};

/// The name begins so; the shop's id follows, whose key has signed it.
const NAME: &str = "wechat-payer-";

/// To log in again costs the payer nothing, and whoever has the phone next is not taken for them for long.
const LIFE_S: i64 = 24 * 60 * 60;

impl Served {
    /// Who asks. A page of another origin sends no cookie, and so tells nothing; one of this origin without a cookie is a
    /// browser with which nobody has logged in, whoever did so for the order before.
    pub(super) fn payer(&self, shop: &ShopSite, order: &Order, headers: &HeaderMap) -> Payer {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let named = cookies.flat_map(|all| all.split(';')).filter_map(|one| one.trim().split_once('='));
        let now = self.backend.clock().now();
        let mut openids = named
            .filter(|(name, _)| name.strip_prefix(NAME) == Some(&shop.id))
            .filter_map(|(_, value)| self.openid_of(shop, order, value, now));
        let own = self.site.public_url.origin().ascii_serialization();
        match openids.next() {
            Some(openid) => Payer::Is(openid.to_owned()),
            None if text(header::ORIGIN) == Some(&own) => Payer::Stranger,
            None => Payer::OfTheOrder,
        }
    }

    fn openid_of<'a>(&self, shop: &ShopSite, order: &Order, value: &'a str, now: Timestamp) -> Option<&'a str> {
        let (openid, token) = value.split_once(':')?;
        shop.tokens.check(Purpose::Payer, &self.subject(order, openid), token, now).ok().map(|()| openid)
    }

    /// An openid means something under one appid only.
    fn subject(&self, order: &Order, openid: &str) -> String {
        format!("{} {openid}", self.backend.wechat_pay().login_appid(order))
    }

    /// `Set-Cookie` for who has just logged in.
    pub(super) fn remember(&self, shop: &ShopSite, order: &Order, openid: &str) -> Option<HeaderValue> {
        let expires_at = plus(self.backend.clock().now(), LIFE_S * 1000);
        let token = shop.tokens.mint(Purpose::Payer, &self.subject(order, openid), expires_at);
        let secure = if self.site.public_url.scheme() == "https" { "; Secure" } else { "" };
        let (path, id) = (&self.site.api_prefix, &shop.id);
        let cookie =
            format!("{NAME}{id}={openid}:{token}; Path={path}; Max-Age={LIFE_S}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&cookie).ok()
    }
}
