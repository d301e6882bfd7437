//! What the platform sends on its own (<https://pay.weixin.qq.com/doc/v3/merchant/4012071382>).

use std::fmt;

use axum::http::HeaderMap;
use serde::Deserialize;
use wechat_cashier::contract::Timestamp;

use super::account::Account;
use super::cipher::{AEAD_AES_256_GCM, Enciphered};
use super::platform_keys::PlatformKeys;
use super::refund::Refund;
use super::transaction::Transaction;
use super::verify::{Unverified, verify};

/// A notification of a payment or a refund: the platform's, for this merchant, and of these minutes. The same one may come again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The notification's own number: the same when it comes again.
    pub id: String,
    /// `TRANSACTION.SUCCESS`, as a rule, or `REFUND.SUCCESS`, `REFUND.CLOSED`, `REFUND.ABNORMAL`.
    pub event_type: String,
    /// When it was made, if that can be read.
    pub create_time: Option<Timestamp>,
    /// What it tells. Whose it is and how much, the caller compares with its order.
    pub told: Told,
}

/// What a notification tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// A payment.
    Payment(Transaction),
    /// A refund.
    Refund(Refund),
}

/// Why a notification is not taken. No text of it holds anything of the message but a serial number or an event's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is not believed.
    Unverified(Unverified),
    /// It is the platform's, and not of its form.
    Unreadable(&'static str),
    /// Its resource cannot be deciphered: the APIv3 key is another, as a rule.
    Cipher,
    /// It is the platform's, and about something else than a payment or a refund: the event.
    OtherEvent(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unverified(why) => why.fmt(f),
            Self::Unreadable(why) => write!(f, "the notification cannot be read: {why}"),
            Self::Cipher => f.write_str("the notification cannot be deciphered with the APIv3 key"),
            Self::OtherEvent(event) => write!(f, "a notification of {event}, not of a payment or a refund"),
        }
    }
}

impl std::error::Error for Refused {}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    #[serde(default)]
    create_time: String,
    event_type: String,
    resource: Enciphered,
}

/// A notification whose signature is right, and what it brings.
pub(super) struct Opened {
    pub(super) id: String,
    pub(super) event_type: String,
    pub(super) create_time: Option<Timestamp>,
    pub(super) plaintext: Vec<u8>,
}

/// Verifies, then reads, then deciphers.
pub(super) fn open(
    account: &Account,
    keys: &PlatformKeys,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<Opened, Refused> {
    verify(keys, headers, body, now).map_err(Refused::Unverified)?;
    let Envelope { id, create_time, event_type, resource } =
        serde_json::from_slice(body).map_err(|_| Refused::Unreadable("it is no JSON of a notification"))?;
    if resource.algorithm != AEAD_AES_256_GCM {
        return Err(Refused::Unreadable("its algorithm is not AEAD_AES_256_GCM"));
    }
    let plaintext = account.cipher.open(&resource).ok_or(Refused::Cipher)?;
    Ok(Opened { id, event_type, create_time: Timestamp::parse(&create_time), plaintext })
}

pub(super) fn read(
    account: &Account,
    keys: &PlatformKeys,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<Notification, Refused> {
    let Opened { id, event_type, create_time, plaintext } = open(account, keys, headers, body, now)?;
    let told = match event_type.split('.').next() {
        Some("TRANSACTION") => Told::Payment(
            serde_json::from_slice(&plaintext)
                .map_err(|_| Refused::Unreadable("what is deciphered is no JSON of a payment"))?,
        ),
        Some("REFUND") => Told::Refund(
            serde_json::from_slice(&plaintext)
                .map_err(|_| Refused::Unreadable("what is deciphered is no JSON of a refund"))?,
        ),
        _ => return Err(Refused::OtherEvent(event_type.chars().take(64).collect())),
    };
    Ok(Notification { id, event_type, create_time, told })
}
