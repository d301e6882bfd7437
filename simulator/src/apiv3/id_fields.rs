//! The fields that say who asks and for whom, of a merchant of its own and of a service provider:
//! pay.weixin.qq.com/docs/partner/apis/partner-mini-program-payment/partner-mini-prepay.html (orders),
//! …/partner-code-payment-v3/partner/partner-code-pay.html and partner-reverse.html (payment codes).

use super::fields::IDENTITY;
use super::schema::{Field, Kind, may, must};

const ID: Kind = Kind::Text(1, 32);
const MCHID: Field = must("mchid", "直连商户号", ID);
const SP_MCHID: Field = must("sp_mchid", "服务商户号", ID);
const SUB_MCHID: Field = must("sub_mchid", "子商户号", ID);

/// Of an order and a reversal.
pub(super) const DIRECT: &[Field] = &[must("appid", "公众号ID", ID), MCHID];

/// The same of a service provider's.
pub(super) const PARTNER: &[Field] =
    &[must("sp_appid", "服务商应用ID", ID), SP_MCHID, may("sub_appid", "子商户应用ID", ID), SUB_MCHID];

pub(super) const CLOSE: &[Field] = &[MCHID];

pub(super) const PARTNER_CLOSE: &[Field] = &[SP_MCHID, SUB_MCHID];

const OPENID: Kind = Kind::Text(1, 128);

/// JSAPI's payer.
pub(super) const PAYER: &[Field] =
    &[must("payer", "支付者", Kind::Object(&[must("openid", "用户标识", OPENID), IDENTITY]))];

/// The same of a service provider's: one of the two has to be there.
pub(super) const PARTNER_PAYER: &[Field] = &[must(
    "payer",
    "支付者",
    Kind::Object(&[may("sp_openid", "用户服务标识", OPENID), may("sub_openid", "用户子标识", OPENID), IDENTITY]),
)];
