//! What begins a payment: the bodies of `native`, `jsapi`, `h5` and `codepay`, and what they answer.
//!
//! A body is written once, to a text. Whoever keeps that text and sends it again begins the same payment again, letter for letter:
//! the platform gives a fresh code for the same parameters and refuses others
//! (<https://pay.weixin.qq.com/doc/v3/merchant/4012791877>).

mod answer;
mod json;

use std::fmt;

use serde::Deserialize;
use wechat_cashier::contract::Timestamp;

pub(super) use self::answer::read;
pub use self::answer::{Prepaid, TradeType};
use self::json::{AmountBody, Body, H5Info, PayerBody, Scene, Store};
use super::payee::{Ids, Sub};

/// What every payment of an order has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order<'a> {
    /// The appid of the official account or mini-program; the service provider's, where there is a sub-merchant.
    pub appid: &'a str,
    /// The merchant's number, or the service provider's.
    pub mchid: &'a str,
    /// The sub-merchant whose order it is.
    pub sub: Option<Sub<'a>>,
    /// What is bought, for the payer's bill: see [`fitting`].
    pub description: &'a str,
    /// The merchant's number of this payment: 6 to 32 of `[0-9A-Za-z_\-|*]`.
    pub out_trade_no: &'a str,
    /// What is to be paid, in fen.
    pub total: i64,
    /// `CNY`.
    pub currency: &'a str,
    /// Comes back with the payment: 128 characters at most.
    pub attach: Option<&'a str>,
}

/// A payment that the payer makes on a phone: what its three ways have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prepay<'a> {
    /// The order.
    pub order: Order<'a>,
    /// Where notifications go: https, no query.
    pub notify_url: &'a str,
    /// Until when it can be paid; whole seconds are sent. One minute ahead at least.
    pub time_expire: Option<Timestamp>,
    /// The payer's address, if known.
    pub payer_client_ip: Option<&'a str>,
}

/// Where a payer's code was scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Till<'a> {
    /// The shop's number.
    pub store_id: &'a str,
    /// The till's number.
    pub device_id: Option<&'a str>,
    /// The till's address.
    pub device_ip: Option<&'a str>,
}

/// The field of a body that the platform would refuse, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyFault {
    /// Such as `out_trade_no`.
    pub field: &'static str,
    /// What it must be.
    pub rule: &'static str,
}

impl fmt::Display for BodyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.rule)
    }
}

impl std::error::Error for BodyFault {}

impl Prepay<'_> {
    /// The body of `native`.
    ///
    /// # Errors
    /// The first field that the platform would refuse.
    pub fn native(&self) -> Result<String, BodyFault> {
        self.body(None, None)
    }

    /// The body of `jsapi`: `openid` is the payer's, under the appid that [`Order::payers_appid`] names.
    ///
    /// # Errors
    /// The first field that the platform would refuse.
    pub fn jsapi(&self, openid: &str) -> Result<String, BodyFault> {
        let is_an_openid = (1..=128).contains(&openid.len()) && openid.bytes().all(|byte| byte.is_ascii_graphic());
        check(is_an_openid, "payer.openid", "128 characters at most, no spaces")?;
        let openid = Some(openid);
        let payer = match self.order.sub {
            None => PayerBody { openid, ..PayerBody::default() },
            Some(Sub { appid: None, .. }) => PayerBody { sp_openid: openid, ..PayerBody::default() },
            Some(Sub { appid: Some(_), .. }) => PayerBody { sub_openid: openid, ..PayerBody::default() },
        };
        self.body(Some(payer), None)
    }

    /// The body of `h5`, which needs the payer's address.
    ///
    /// # Errors
    /// The first field that the platform would refuse.
    pub fn h5(&self) -> Result<String, BodyFault> {
        check(self.payer_client_ip.is_some(), "scene_info.payer_client_ip", "is needed for H5")?;
        self.body(None, Some(H5Info { r#type: "Wap" }))
    }

    fn body(&self, payer: Option<PayerBody<'_>>, h5_info: Option<H5Info>) -> Result<String, BodyFault> {
        let Self { order, notify_url, time_expire, payer_client_ip } = self;
        let is_an_address =
            notify_url.len() <= 255 && notify_url.starts_with("http") && !notify_url.contains(['?', '#']);
        check(is_an_address, "notify_url", "255 characters at most, no query")?;
        let time_expire =
            time_expire.map(|at| in_beijing(at).ok_or(fault("time_expire", "a year of four digits"))).transpose()?;
        let scene_info = payer_client_ip.map(|payer_client_ip| Scene {
            payer_client_ip: Some(payer_client_ip),
            h5_info,
            ..Scene::default()
        });
        order.written(Some(notify_url), time_expire, payer, scene_info)
    }
}

impl Order<'_> {
    /// The appid under which the payer's openid is, and under which the page opens the payment: the sub-merchant's own, where the
    /// order is made under one.
    #[must_use]
    pub fn payers_appid(&self) -> &str {
        self.sub.and_then(|sub| sub.appid).unwrap_or(self.appid)
    }

    /// The body of `codepay`. It holds the payer's code: it is a secret for the minute that the code is valid.
    ///
    /// # Errors
    /// The first field that the platform would refuse.
    pub fn codepay(&self, auth_code: &str, till: Till<'_>) -> Result<String, BodyFault> {
        let is_a_code = auth_code.len() == 18 && auth_code.bytes().all(|byte| byte.is_ascii_digit());
        let begins = matches!(auth_code.as_bytes(), [b'1', b'0'..=b'5', ..]);
        check(is_a_code && begins, "payer.auth_code", "18 digits that begin with 10 to 15")?;
        let Till { store_id, device_id, device_ip } = till;
        let scene_info = Scene { device_id, device_ip, store_info: Some(Store { id: store_id }), ..Scene::default() };
        self.written(
            None,
            None,
            Some(PayerBody { auth_code: Some(auth_code), ..PayerBody::default() }),
            Some(scene_info),
        )
    }

    fn written(
        &self,
        notify_url: Option<&str>,
        time_expire: Option<String>,
        payer: Option<PayerBody<'_>>,
        scene_info: Option<Scene<'_>>,
    ) -> Result<String, BodyFault> {
        let Self { appid, mchid, sub, description, out_trade_no, total, currency, attach } = *self;
        check((1..=32).contains(&appid.len()), "appid", "32 characters at most")?;
        check((1..=32).contains(&mchid.len()), "mchid", "32 digits at most")?;
        let sub_mchid = sub.map_or(mchid, |sub| sub.mchid);
        check((1..=32).contains(&sub_mchid.len()), "sub_mchid", "32 digits at most")?;
        check(
            is_text(description, 127) && !description.is_empty(),
            "description",
            "1 to 127 characters, none beyond U+FFFF",
        )?;
        check(is_out_trade_no(out_trade_no), "out_trade_no", r"6 to 32 of [0-9A-Za-z_\-|*]")?;
        check(total >= 1, "amount.total", "1 fen at least")?;
        check(currency.len() == 3, "amount.currency", "three letters")?;
        check(
            attach.is_none_or(|attach| is_text(attach, 128)),
            "attach",
            "128 characters at most, none beyond U+FFFF",
        )?;
        let amount = AmountBody { total, currency };
        let body = Body {
            ids: Ids::new(Some(appid), mchid, sub),
            description,
            out_trade_no,
            time_expire,
            attach,
            notify_url,
            amount,
            payer,
            scene_info,
        };
        serde_json::to_string(&body).map_err(|_| fault("body", "cannot be written"))
    }
}

/// A text as `description` takes it: without what the platform refuses (letters beyond U+FFFF, such as emoji
/// (<https://wechatpay-api.gitbook.io/wechatpay-api-v3/wei-xin-zhi-fu-api-v3-jie-kou-gui-fan>), and control characters), and
/// cut to 127 bytes, since it is not written whether the platform counts bytes or characters.
#[must_use]
pub fn fitting(text: &str) -> String {
    let allowed: String = text.chars().filter(|char| char.len_utf8() < 4 && !char.is_control()).collect();
    let allowed = allowed.trim();
    allowed[..allowed.floor_char_boundary(127)].trim_end().to_owned()
}

/// The out_trade_no of a body that was written here.
pub(super) fn out_trade_no(body: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        out_trade_no: String,
    }
    serde_json::from_str::<Named>(body).ok().map(|named| named.out_trade_no)
}

fn is_out_trade_no(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'|' | b'*');
    (6..=32).contains(&text.len()) && text.bytes().all(is_allowed)
}

fn is_text(text: &str, max: usize) -> bool {
    text.chars().count() <= max && text.chars().all(|char| char.len_utf8() < 4 && !char.is_control())
}

/// As the platform writes times: `yyyy-MM-DDTHH:mm:ss+08:00`.
fn in_beijing(at: Timestamp) -> Option<String> {
    const AHEAD_MS: i64 = 8 * 60 * 60 * 1000;
    let whole = at.millis().div_euclid(1000).checked_mul(1000)?.checked_add(AHEAD_MS)?;
    Some(Timestamp::from_millis(whole).to_rfc3339()?.replace('Z', "+08:00"))
}

fn fault(field: &'static str, rule: &'static str) -> BodyFault {
    BodyFault { field, rule }
}

fn check(is_right: bool, field: &'static str, rule: &'static str) -> Result<(), BodyFault> {
    if is_right { Ok(()) } else { Err(fault(field, rule)) }
}
