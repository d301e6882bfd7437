//! For whom a service provider's trade is, and who may pay it (服务商模式).

use serde::{Deserialize, Serialize};

use super::openid::openid;
use super::{Ledger, Order, Refused, Trade};

/// The sub-merchant (特约商户) of a service provider's trade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sub {
    /// Its own 商户号.
    pub mchid: String,
    /// Its own appid, if the order has named one.
    pub appid: Option<String>,
    /// The only payer who can pay, under that appid, if the order has named one so (JSAPI).
    pub openid: Option<String>,
}

impl Trade {
    /// Whether it is this sub-merchant's, or, without one, the merchant's own.
    pub fn is_for(&self, sub_mchid: Option<&str>) -> bool {
        self.sub.as_ref().map(|sub| sub.mchid.as_str()) == sub_mchid
    }

    /// The same as an error.
    pub(super) fn check_sub(&self, sub_mchid: Option<&str>) -> Result<(), Refused> {
        if self.is_for(sub_mchid) { Ok(()) } else { Err(Refused::OtherSub) }
    }

    /// The payer as the order has named it: an openid under an appid, or two that are one account's.
    pub fn awaited(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.openid.as_deref().map(|of| (self.appid.as_str(), of));
        let subs = self.sub.as_ref().and_then(|sub| Some((sub.appid.as_deref()?, sub.openid.as_deref()?)));
        own.into_iter().chain(subs)
    }

    /// Whether the order was made for another account than this one.
    pub(super) fn is_for_another(&self, account: &str) -> bool {
        self.awaited().any(|(appid, of)| openid(appid, account) != of)
    }
}

impl Ledger {
    /// Whether the openids of an order are those of one account, each under its own appid. What is said of one that is the other
    /// appid's is in wechatpay-skills, 排障手册 (八, openid 相关).
    pub(super) fn check_payer(&self, order: &Order) -> Result<(), Refused> {
        let sub = order.sub.as_ref();
        let sub_appid = sub.and_then(|sub| sub.appid.as_deref());
        let is_of = |appid: Option<&str>, of: &str| appid.is_some_and(|appid| self.account_of(appid, of).is_some());
        let mut payer = None;
        if let Some(of) = order.openid.as_deref() {
            let wrong = if is_of(sub_appid, of) { Refused::OpenidOfOtherAppid } else { Refused::OpenidUnknown };
            payer = Some(self.account_of(&order.appid, of).ok_or(wrong)?);
        }
        let sub_openid = sub.and_then(|sub| sub.openid.as_deref());
        if let (Some(appid), Some(of)) = (sub_appid, sub_openid) {
            let is_other = is_of(Some(&order.appid), of);
            let wrong = if is_other { Refused::SubOpenidOfOtherAppid } else { Refused::OpenidUnknown };
            let account = self.account_of(appid, of).ok_or(wrong)?;
            if payer.is_some_and(|payer| payer != account) {
                return Err(Refused::SubOpenidOfOtherAppid);
            }
        }
        Ok(())
    }
}
