//! The platform's certificates (<https://pay.weixin.qq.com/doc/v3/merchant/4012551764>).

use serde_json::json;
use wechat_cashier::contract::Timestamp;

use super::calls::Done;
use super::error::ApiError;
use crate::clock::beijing;
use crate::config::{Merchant, VerifiesBy};
use crate::crypto::seal;
use crate::simulator::Simulator;

/// Those that are valid now, sealed with the merchant's key.
pub(super) fn certificates(simulator: &Simulator, merchant: &Merchant) -> Result<Done, ApiError> {
    if merchant.verifies_by == VerifiesBy::PublicKey {
        let said = "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。";
        return Err(ApiError::new(404, "RESOURCE_NOT_EXISTS", said, 268_435_461));
    }
    let keys = simulator.keys();
    let valid = |now: Timestamp| {
        let of = keys.certificates.iter().filter(move |one| one.effective_time <= now && now < one.expire_time);
        of.collect::<Vec<_>>()
    };
    let now = simulator.read(|_, now| now);
    let nonces: Vec<String> = simulator.change(|state, _| {
        let mut text = || std::iter::repeat_with(|| state.random.alphanumeric()).take(12).collect();
        keys.certificates.iter().map(|_| text()).collect()
    });
    let list = valid(now).into_iter().zip(nonces).filter_map(|(one, nonce)| {
        let sealed = seal(merchant.apiv3_key.as_bytes(), &nonce, "certificate", one.pem.as_bytes())?;
        Some(json!({
            "serial_no": one.serial_no,
            "effective_time": beijing(one.effective_time),
            "expire_time": beijing(one.expire_time),
            "encrypt_certificate": sealed,
        }))
    });
    Done::ok(json!({ "data": list.collect::<Vec<_>>() }))
}
