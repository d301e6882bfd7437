//! What one notification is made of.

use serde_json::{Value, json};
use wechat_cashier::contract::Timestamp;

use crate::clock::{beijing, plus};
use crate::config::VerifiesBy;
use crate::crypto::{Sealed, seal};
use crate::faults::Fault;
use crate::ledger::Notice;
use crate::merchants::{Known, PlatformKeys};
use crate::sign::{NO_SERIAL, SIGN_TEST, Stamp, spoilt};

/// A notification, ready to be sent.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) body: String,
    pub(super) stamp: Stamp,
}

/// What is random in a message.
#[derive(Clone, Debug)]
pub(super) struct Random {
    /// 12 characters.
    pub(super) seal_nonce: String,
    /// 32 characters.
    pub(super) sign_nonce: String,
    /// 0 to 99.
    pub(super) percent: u8,
}

impl Message {
    /// Encrypts and signs, with the faults that struck. None when the merchant's APIv3 key has not 32 bytes.
    pub(super) fn new(
        notice: &Notice,
        to: &Known,
        faults: &[Fault],
        keys: &PlatformKeys,
        random: &Random,
        now: Timestamp,
    ) -> Option<Self> {
        let plaintext = falsified(notice.view.clone(), faults).to_string();
        let key = to.merchant.apiv3_key.as_bytes();
        let sealed = seal(key, &random.seal_nonce, notice.original_type(), plaintext.as_bytes())?;
        let body = envelope(notice, &sealed).to_string();
        let has = |fault: &Fault| faults.contains(fault);
        let at = if has(&Fault::NotifyOldTimestamp) { plus(now, -60 * 60 * 1000) } else { now };
        let in_public_key_mode = match to.merchant.verifies_by {
            VerifiesBy::PublicKey => true,
            VerifiesBy::Certificate => false,
            VerifiesBy::Both => random.percent < to.merchant.public_key_percent,
        };
        let by = if in_public_key_mode { VerifiesBy::PublicKey } else { to.merchant.verifies_by };
        let (serial, key) = keys.default_for(by);
        let mut stamp = Stamp::new(serial, key, &random.sign_nonce, &body, at);
        if has(&Fault::NotifyWrongSerial) {
            stamp.serial = NO_SERIAL.to_owned();
        }
        if has(&Fault::NotifyBadSignature) {
            stamp.signature = spoilt(&stamp.signature);
        }
        Some(Self { body, stamp })
    }

    /// The same with the mark of a probe in place of the signature's beginning.
    pub(super) fn as_probe(&self) -> Self {
        let mut probe = self.clone();
        probe.stamp.signature = format!("{SIGN_TEST}{}", self.stamp.signature);
        probe
    }
}

/// <https://pay.weixin.qq.com/doc/v3/merchant/4012791861>; of a refund 4013071196.
fn envelope(notice: &Notice, sealed: &Sealed) -> Value {
    json!({
        "id": notice.id,
        "create_time": beijing(notice.create_time),
        "resource_type": "encrypt-resource",
        "event_type": notice.event.0,
        "summary": notice.event.1,
        "resource": {
            "original_type": notice.original_type(),
            "algorithm": sealed.algorithm,
            "ciphertext": sealed.ciphertext,
            "associated_data": sealed.associated_data,
            "nonce": sealed.nonce,
        },
    })
}

fn falsified(mut view: Value, faults: &[Fault]) -> Value {
    for fault in faults {
        match fault {
            Fault::NotifyWrongAmount { total } if view["amount"]["refund"].is_i64() => {
                let wrong = total.unwrap_or_else(|| view["amount"]["refund"].as_i64().unwrap_or(0) + 1);
                view["amount"]["refund"] = wrong.into();
                view["amount"]["payer_refund"] = wrong.into();
            }
            Fault::NotifyWrongAmount { total } => {
                let wrong = total.unwrap_or_else(|| view["amount"]["total"].as_i64().unwrap_or(0) + 1);
                view["amount"]["total"] = wrong.into();
                view["amount"]["payer_total"] = wrong.into();
            }
            Fault::NotifyOtherMerchant => {
                let name = if view["sp_mchid"].is_string() { "sp_mchid" } else { "mchid" };
                view[name] = "1900009999".into();
            }
            Fault::NotifyOtherSubMerchant { as_sub_mchid } if view["sub_mchid"].is_string() => {
                view["sub_mchid"] = as_sub_mchid.as_deref().unwrap_or("1900009998").into();
            }
            Fault::NotifyOtherOrder { as_out_trade_no } => {
                view["out_trade_no"] = as_out_trade_no.as_deref().unwrap_or("nobody-s-order").into();
            }
            _ => {}
        }
    }
    view
}
