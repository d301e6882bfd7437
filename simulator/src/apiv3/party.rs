//! For whom a merchant asks: for itself, or for one of its sub-merchants (服务商模式).
//!
//! The words and numbers are those of wechatpay-skills, 排障手册 (the table and 八); which status and code stand beside them is in the
//! README, "Where the sources disagree".

use super::error::ApiError;
use crate::config::{Merchant, Product, SubMerchant};
use crate::ledger::TradeType;

/// A call for merchants of their own: a service provider has to say for whom it asks, and cannot here.
pub(super) fn own(merchant: &Merchant) -> Result<(), ApiError> {
    if merchant.is_partner() { Err(ApiError::no_sub()) } else { Ok(()) }
}

/// The sub-merchant that a service provider names.
pub(super) fn sub<'a>(merchant: &'a Merchant, sub_mchid: &str) -> Result<&'a SubMerchant, ApiError> {
    if !merchant.is_partner() {
        return Err(ApiError::no_partner());
    }
    if sub_mchid == merchant.mchid {
        return Err(ApiError::own_sub());
    }
    merchant.sub_merchant(sub_mchid).ok_or_else(ApiError::no_relation)
}

/// The one that is named in a call that both kinds of merchant make: a service provider has to, another must not.
pub(super) fn of_either<'a>(merchant: &'a Merchant, named: Option<&str>) -> Result<Option<&'a SubMerchant>, ApiError> {
    match named {
        Some(sub_mchid) => sub(merchant, sub_mchid).map(Some),
        None => own(merchant).map(|()| None),
    }
}

/// Whether a sub-merchant lets its service provider order by this product.
pub(super) fn authorises(sub: &SubMerchant, trade_type: TradeType) -> Result<(), ApiError> {
    let product = match trade_type {
        TradeType::Native => Product::Native,
        TradeType::Jsapi => Product::Jsapi,
        TradeType::Mweb => Product::H5,
        TradeType::Micropay => Product::Codepay,
    };
    let has = sub.products.as_ref().is_none_or(|products| products.contains(&product));
    if has { Ok(()) } else { Err(ApiError::no_product()) }
}
