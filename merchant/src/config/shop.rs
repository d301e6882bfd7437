//! One shop: `[shop]`, or a table of `[[shops]]`.

use std::time::Duration;

use wechat_cashier::contract::Method;

use super::given::Given;
use super::reader::Reader;
use super::rules::{is_made, link, origin};
use super::secret::Secret;
use super::secrets::Rule;
use super::shop_keys::ShopKey;
use super::sub_merchant::SubMerchant;
use super::webhooks::Webhooks;
use super::wechat_pay::WechatPay;
use crate::domain::{self, ONE_SHOP};

/// Whose shop it is.
#[derive(Clone, Debug)]
pub struct Shop {
    /// By which it is known here: its orders are kept with it. That of `[shop]` is `shop`.
    pub id: String,
    /// Its name, as payers read it.
    pub name: String,
    /// The address of its picture, absolute or a path of the page's origin.
    pub logo_url: Option<String>,
    /// The keys with which `/admin/v1` is called, the shop's own first.
    pub keys: Vec<ShopKey>,
    /// The key by which the tokens of payers' pages are made; at least 32 bytes.
    pub token_key: Secret,
    /// Where a payer goes when done, for orders that name no address of their own.
    pub return_url: Option<ReturnUrl>,
    /// The ways to pay that an order offers which names none.
    pub methods: Vec<Method>,
    /// How long an order that names no time can be paid.
    pub order_expires_in: Duration,
    /// The origins of its own pages, besides those that all shops have.
    pub origins: Vec<String>,
    /// Where it is told of its orders. None: it is not.
    pub webhooks: Option<Webhooks>,
    /// Its number as a sub-merchant (特约商户), where a service provider takes the money.
    pub sub_mchid: Option<String>,
    /// An appid of its own, under which its payers are known.
    pub sub_appid: Option<String>,
    /// The secret of the service account of that appid.
    pub sub_app_secret: Option<Secret>,
}

/// The table in which a shop stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Table {
    /// `[shop]`, with `[webhooks]` beside it.
    One,
    /// The table of `[[shops]]` at this place. None: none, of which only the keys are wanted.
    OfMany(Option<usize>),
}

impl Table {
    /// A key of it.
    pub(super) fn key(self, part: &str) -> String {
        match self {
            Self::One if part == "webhooks" => part.to_owned(),
            Self::One => format!("shop.{part}"),
            Self::OfMany(Some(at)) => format!("shops[{at}].{part}"),
            Self::OfMany(None) => format!("shops[].{part}"),
        }
    }
}

/// An address with a place for the order's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnUrl(String);

impl ReturnUrl {
    /// The place for the order's id.
    const PLACE: &str = "{order_id}";

    fn parse(text: &str) -> Option<Self> {
        let without = text.replace(Self::PLACE, "");
        (link(&without).is_some() && !without.contains(['{', '}'])).then(|| Self(text.to_owned()))
    }

    /// The address for one order, whose id is percent-encoded.
    #[must_use]
    pub fn of(&self, order_id: &str) -> String {
        let id: String = order_id
            .bytes()
            .map(|byte| match byte {
                b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
                _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect();
        self.0.replace(Self::PLACE, &id)
    }
}

/// The shortest key that a machine takes long to guess.
const LEAST_KEY: usize = 32;

impl Shop {
    /// Reads one, which is paid by this merchant at WeChat Pay.
    pub(super) fn read(reader: &mut Reader<'_>, table: Table, merchant: Option<&WechatPay>) -> Option<Self> {
        let part = |part: &str| table.key(part);
        let id = match table {
            Table::One => Some(ONE_SHOP.to_owned()),
            Table::OfMany(_) => reader.required(&part("id"), "an id of 1 to 32 of [0-9a-z-]", |given| {
                let is_sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
                given.text().filter(|text| is_made(text, 1..=32, is_sign)).map(ToOwned::to_owned)
            }),
        };
        let words = "the shop's name, as payers read it, at most 64 characters";
        let name = reader.required(&part("name"), words, |given| short(given, 64));
        let logo = "an https:// address, or a path of the page's origin";
        let logo_url = reader.optional(&part("logo_url"), logo, |given| link(given.text()?));
        let admin_key = reader.required_secret(&key(&part("admin_key")));
        let more_keys = ShopKey::read_all(reader, &part("keys"), key);
        let token_key = reader.required_secret(&key(&part("token_key")));
        let place = "an https:// address or a path of the page's origin, with {order_id} for the order's id";
        let return_url = reader.optional(&part("return_url"), place, |given| ReturnUrl::parse(given.text()?));
        let methods = methods(reader, &part("methods"), merchant.map(|it| it.methods.as_slice()));
        let span = "a number of seconds, from 60 to 604800 (7 days)";
        // At least a minute, and after seven days WeChat Pay closes an order by itself: docs/platform.md, 3.
        let order_expires_in = reader.or(&part("order_expires_in_s"), span, 900, |given| {
            given.number().filter(|seconds| (60..=604_800).contains(seconds)).map(Duration::from_secs)
        });
        let origins = match table {
            Table::One => None,
            Table::OfMany(_) => {
                let page = "the origin of a page, such as https://shop.example";
                let parse = |text: &str| origin(text).map(|url| url.origin().ascii_serialization());
                reader.list(&part("origins"), page, parse)
            }
        };
        let webhooks = Webhooks::read(reader, &part("webhooks"));
        let sub = SubMerchant::read(reader, table, merchant.map(|it| it.mode));
        Some(Self {
            id: id?,
            name: name?,
            logo_url,
            keys: [ShopKey::whole(admin_key?)].into_iter().chain(more_keys?).collect(),
            token_key: token_key?,
            return_url,
            methods: methods?,
            order_expires_in: order_expires_in?,
            origins: origins.unwrap_or_default(),
            webhooks,
            sub_mchid: sub.mchid,
            sub_appid: sub.appid,
            sub_app_secret: sub.app_secret,
        })
    }

    /// What it is at the platform, where a service provider takes the money.
    #[must_use]
    pub fn sub(&self) -> Option<domain::Sub> {
        Some(domain::Sub { mchid: self.sub_mchid.clone()?, appid: self.sub_appid.clone() })
    }

    /// Its secrets but those of webhooks, by their keys in this table.
    pub(super) fn secrets(&self, table: Table) -> Vec<(String, &Secret)> {
        let name = |at: usize| match at.checked_sub(1) {
            None => table.key("admin_key_file"),
            Some(at) => table.key(&format!("keys[{at}].key_file")),
        };
        let keys = self.keys.iter().enumerate().map(|(at, key)| (name(at), &key.key));
        keys.chain([(table.key("token_key_file"), &self.token_key)]).collect()
    }
}

/// A key that a machine made.
fn key(key: &str) -> Rule<'_> {
    Rule {
        key,
        expected: "a key of at least 32 bytes, such as `openssl rand -hex 32` makes",
        inline: false,
        refused: |text| (text.len() < LEAST_KEY).then(|| format!("one of {} bytes", text.len())),
    }
}

/// The default methods of an order: those of WeChat Pay must be on; an id that is none of WeChat Pay's is the merchant's own.
fn methods(reader: &mut Reader<'_>, key: &str, offered: Option<&[Method]>) -> Option<Vec<Method>> {
    let id = "a method's id, such as native";
    let listed = reader.some(key, id, |id| is_id(id).then(|| Method::from(id.to_owned())));
    let Some(listed) = listed else {
        return offered.map(<[_]>::to_vec);
    };
    for (at, method) in listed.iter().enumerate() {
        let off = offered.is_some_and(|offered| !offered.contains(method));
        if off && !matches!(method, Method::Merchant(_)) {
            let came = format!("{:?}, which is not in wechat_pay.methods", method.id());
            reader.fault(&format!("{key}[{at}]"), "a method that is on", came);
        }
        if listed[..at].contains(method) {
            reader.fault(&format!("{key}[{at}]"), "each method once", format!("{:?} again", method.id()));
        }
    }
    Some(listed)
}

/// Whether a text can be a method's id.
pub(super) fn is_id(text: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    is_made(text, 1..=32, sign)
}

/// A text that is there, at most so many characters long.
pub(super) fn short(given: &Given, most: usize) -> Option<String> {
    given.text().filter(|text| text.chars().count() <= most).map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_stands_in_the_return_address_as_one_part_of_it() {
        let url = ReturnUrl::parse("https://shop.example/orders/{order_id}?from=pay").unwrap();
        assert_eq!(url.of("T1"), "https://shop.example/orders/T1?from=pay");
        assert_eq!(url.of("../a b/茶?#"), "https://shop.example/orders/..%2Fa%20b%2F%E8%8C%B6%3F%23?from=pay");
        assert_eq!(ReturnUrl::parse("/orders/{order_id}").unwrap().of("a"), "/orders/a");
        assert_eq!(ReturnUrl::parse("https://shop.example/{order}"), None);
        assert_eq!(ReturnUrl::parse("http://shop.example/{order_id}"), None);
        assert_eq!(ReturnUrl::parse("{order_id}"), None);
    }
}
