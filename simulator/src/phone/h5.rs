//! H5: the middle page of `wx.tenpay.com`, which checks where the payer comes from (docs/platform.md, 4).

use url::Url;
use wechat_cashier::contract::Timestamp;

use crate::ledger::{H5_EXPIRED, H5_IN_WECHAT, H5_NO_REFERER, H5_OTHER_SITE, Ledger, Refusal, TradeType, h5_package};
use crate::merchants::Merchants;

/// What comes with a visit to the middle page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Visit<'a> {
    /// Of the prepay.
    pub(super) prepay_id: &'a str,
    /// As it stood in the `h5_url`.
    pub(super) package: &'a str,
    /// Where to come back to, if the merchant has said so.
    pub(super) redirect_url: Option<&'a str>,
    /// The page that leads here, as far as the browser tells.
    pub(super) referer: Option<&'a str>,
    /// What the browser says of itself.
    pub(super) user_agent: &'a str,
}

/// Whether the middle page opens WeChat. The error is what the page shows in place of that.
pub(super) fn check(ledger: &Ledger, merchants: &Merchants, visit: Visit<'_>, now: Timestamp) -> Result<(), Refusal> {
    let referer = visit.referer.filter(|referer| !referer.is_empty()).ok_or(H5_NO_REFERER)?;
    if visit.prepay_id.is_empty() || h5_package(visit.prepay_id) != visit.package {
        return Err(H5_NO_REFERER);
    }
    let known = ledger.trade_of(visit.prepay_id).filter(|trade| trade.trade_type == TradeType::Mweb);
    let (Some(trade), Some(handle)) = (known, ledger.handle(visit.prepay_id)) else { return Err(H5_EXPIRED) };
    let domains = merchants.get(&trade.key.mchid).and_then(|known| known.merchant.h5_domains.as_deref());
    if !is_under(referer, domains) || visit.redirect_url.is_some_and(|back| !is_under(back, domains)) {
        return Err(H5_OTHER_SITE);
    }
    if trade.handle != visit.prepay_id || now >= handle.expires_at {
        return Err(H5_EXPIRED);
    }
    // WeCom calls itself MicroMessenger as well, but may open WeChat (docs/platform.md, 1.6).
    if visit.user_agent.contains("MicroMessenger") && !visit.user_agent.contains("wxwork") {
        return Err(H5_IN_WECHAT);
    }
    Ok(())
}

/// Whether an address is under one of these domains, or under a sub-domain of one.
pub(super) fn is_under(address: &str, domains: Option<&[String]>) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let Some(host) = url.host_str() else { return false };
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let Some(domains) = domains else { return true };
    domains
        .iter()
        .any(|domain| host == *domain || host.strip_suffix(domain.as_str()).is_some_and(|sub| sub.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::is_under;

    #[test]
    fn sub_domains_count() {
        let domains = ["shop.example".to_owned(), "127.0.0.1:8080".to_owned()];
        let under = |address| is_under(address, Some(&domains));
        assert!(under("https://shop.example/pay"));
        assert!(under("https://m.shop.example/pay"));
        assert!(under("http://127.0.0.1:8080/pay"));
        for other in ["https://myshop.example/", "https://shop.example.org/", "http://127.0.0.1:8081/", "nothing"] {
            assert!(!under(other), "{other}");
        }
        assert!(is_under("https://anywhere.example/", None));
        assert!(!is_under("nothing", None));
    }
}
