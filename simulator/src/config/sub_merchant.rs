//! A sub-merchant (特约商户), as a service provider has it.

use std::fmt;

use serde::Deserialize;

/// A sub-merchant (特约商户) of a service provider. That it stands there is the relation between them (受理关系).
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubMerchant {
    /// Its own 商户号.
    pub sub_mchid: String,
    /// As the payer sees it.
    #[serde(default)]
    pub name: String,
    /// The appids that are bound to it. Without any, orders for it name the service provider's alone.
    #[serde(default)]
    pub sub_appids: Vec<String>,
    /// The AppSecret of its service account, the same for all of its appids here.
    #[serde(default)]
    pub app_secret: String,
    /// Its OAuth domains, with the port if there is one. None: any.
    #[serde(default)]
    pub oauth_domains: Option<Vec<String>>,
    /// Its 支付授权目录. They are allowed beside the service provider's; None: it has none of its own.
    #[serde(default)]
    pub pay_directories: Option<Vec<String>>,
    /// The products for which it has authorised the service provider. None: all.
    #[serde(default)]
    pub products: Option<Vec<Product>>,
}

/// A product that a sub-merchant authorises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Product {
    /// A QR that the payer scans.
    Native,
    /// In WeChat, and mini-programs.
    Jsapi,
    /// In a phone's own browser.
    H5,
    /// The payer's code, read at a till.
    Codepay,
}

/// Its secret stays out of what is printed.
impl fmt::Debug for SubMerchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubMerchant")
            .field("sub_mchid", &self.sub_mchid)
            .field("sub_appids", &self.sub_appids)
            .finish_non_exhaustive()
    }
}

impl SubMerchant {
    /// One that has authorised everything and has no appid.
    pub fn new(sub_mchid: impl Into<String>) -> Self {
        Self {
            sub_mchid: sub_mchid.into(),
            name: String::new(),
            sub_appids: Vec::new(),
            app_secret: String::new(),
            oauth_domains: None,
            pay_directories: None,
            products: None,
        }
    }
}
