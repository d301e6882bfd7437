//! H5: the middle page on `wx.tenpay.com`, which checks where the payer comes from (docs/platform.md, 4).

use url::Url;
use wechat_cashier::contract::Timestamp;

use super::text;
use super::{Platform, Refusal, TradeType};

/// What comes with a visit to the middle page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkmweb<'a> {
    /// Of the prepay.
    pub prepay_id: &'a str,
    /// Where to come back to, if the merchant has said so.
    pub redirect_url: Option<&'a str>,
    /// The page that leads here, as far as the browser tells.
    pub referer: Option<&'a str>,
    /// What the browser says of itself.
    pub user_agent: &'a str,
    /// The merchant's H5 domain; here the sandbox's own host and port.
    pub domain: &'a str,
}

impl Platform {
    /// Whether the middle page opens WeChat.
    ///
    /// # Errors
    /// With what the page shows in place of that.
    pub fn checkmweb(&self, visit: Checkmweb<'_>, now: Timestamp) -> Result<(), Refusal> {
        let referer = visit.referer.filter(|referer| !referer.is_empty()).ok_or(text::H5_NO_REFERER)?;
        if visit.prepay_id.is_empty() {
            return Err(text::H5_NO_REFERER);
        }
        let is_ours = |address: &str| host(address).as_deref() == Some(visit.domain);
        if !is_ours(referer) || visit.redirect_url.is_some_and(|back| !is_ours(back)) {
            return Err(text::H5_OTHER_SITE);
        }
        let is_mweb = |trade_type| trade_type == TradeType::Mweb;
        let known = self.trade_of(visit.prepay_id).filter(|trade| is_mweb(trade.trade_type));
        let handle = self.handles.get(visit.prepay_id);
        match (known, handle) {
            (Some(trade), Some(handle)) if trade.handle == visit.prepay_id && now < handle.expires_at => {}
            _ => return Err(text::H5_EXPIRED),
        }
        // WeCom calls itself MicroMessenger as well, but may open WeChat (docs/platform.md, 1.6).
        if visit.user_agent.contains("MicroMessenger") && !visit.user_agent.contains("wxwork") {
            return Err(text::H5_IN_WECHAT);
        }
        Ok(())
    }
}

/// Host and port, as a `Host` header would have them.
fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}
