//! The cookie of who is in. It holds the shop's id and the key's name, a time and a signature over both and over the key itself: any instance can
//! check it, and it is void when the key is another one. Nothing is kept of it on the server; going out takes it from the browser.

use std::sync::Arc;

use aws_lc_rs::{constant_time, hmac};
use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use wechat_cashier::contract::Timestamp;

use super::keys;
use crate::config::{Scope, ShopKey};
use crate::domain::plus;
use crate::http::{ShopSite, Site};

/// So long somebody is in.
const LIFE_S: i64 = 12 * 60 * 60;

/// Somebody who is in.
#[derive(Clone, Debug)]
pub(super) struct Session {
    /// Whose key it is.
    pub(super) shop: Arc<ShopSite>,
    /// The key's name.
    pub(super) key: String,
    /// What it is good for.
    pub(super) scopes: Vec<Scope>,
    /// What the forms of this session show.
    pub(super) token: String,
}

/// What a browser shows.
#[derive(Clone, Debug)]
pub(super) enum Entered {
    /// Nothing.
    No,
    /// A cookie that is not good any more.
    Ended,
    /// A good one.
    Yes(Session),
}

/// Who shows these headers at `now`.
pub(super) fn of(site: &Site, headers: &HeaderMap, now: Timestamp) -> Entered {
    match cookie(headers, name(site)) {
        None | Some("") => Entered::No,
        Some(value) => read(site, value, now).map_or(Entered::Ended, Entered::Yes),
    }
}

fn read(site: &Site, value: &str, now: Timestamp) -> Option<Session> {
    let (signed, mac) = value.rsplit_once('.')?;
    let [shop, name, seconds, _] = signed.split('.').collect::<Vec<_>>().try_into().ok()?;
    let (shop, key) = keys::named(site, shop, name)?;
    let mac = BASE64_URL_SAFE_NO_PAD.decode(mac).ok()?;
    hmac::verify(&signing(shop, key), signed.as_bytes(), &mac).ok()?;
    let seconds: i64 = seconds.parse().ok()?;
    let is_good = now.millis() < seconds.saturating_mul(1000);
    is_good.then(|| Session {
        shop: Arc::clone(shop),
        key: key.name.clone(),
        scopes: key.scopes.clone(),
        token: token(shop, key, value),
    })
}

/// `Set-Cookie` for who has shown this key.
pub(super) fn begin(site: &Site, shop: &ShopSite, key: &ShopKey, now: Timestamp) -> Option<HeaderValue> {
    let seconds = plus(now, LIFE_S * 1000).millis().div_euclid(1000);
    // Each session has forms of its own.
    let mut nonce = [0; 16];
    aws_lc_rs::rand::fill(&mut nonce).ok()?;
    let signed = format!("{}.{}.{seconds}.{}", shop.id, key.name, BASE64_URL_SAFE_NO_PAD.encode(nonce));
    let mac = BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&signing(shop, key), signed.as_bytes()));
    set(site, &format!("{signed}.{mac}"), LIFE_S)
}

/// `Set-Cookie` for who goes out.
pub(super) fn end(site: &Site) -> Option<HeaderValue> {
    set(site, "", 0)
}

fn set(site: &Site, value: &str, life_s: i64) -> Option<HeaderValue> {
    // The prefix wants the whole site; nothing else of it is the console's.
    let more = if is_secure(site) { "Path=/; Secure" } else { "Path=/console" };
    let cookie = format!("{}={value}; {more}; Max-Age={life_s}; HttpOnly; SameSite=Strict", name(site));
    let mut cookie = HeaderValue::from_str(&cookie).ok()?;
    cookie.set_sensitive(true);
    Some(cookie)
}

/// The configuration takes `http` for this machine alone.
pub(super) fn is_secure(site: &Site) -> bool {
    site.public_url.scheme() == "https"
}

fn name(site: &Site) -> &'static str {
    if is_secure(site) { "__Host-console" } else { "console" }
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut named = all.flat_map(|all| all.split(';')).filter_map(|one| one.trim().split_once('='));
    named.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// It follows from the shop's token key and from the key with which somebody came in: with another of either nothing is good.
fn signing(shop: &ShopSite, key: &ShopKey) -> hmac::Key {
    let console = shop.tokens.derived("console");
    hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&console, key.key.expose().as_bytes()).as_ref())
}

fn token(shop: &ShopSite, key: &ShopKey, value: &str) -> String {
    // No session's text has a line feed.
    BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&signing(shop, key), format!("form\n{value}").as_bytes()))
}

impl Session {
    /// Whether a form shows this session's token, in a time that tells nothing of where they differ.
    pub(super) fn is_token(&self, shown: &str) -> bool {
        constant_time::verify_slices_are_equal(self.token.as_bytes(), shown.as_bytes()).is_ok()
    }
}
