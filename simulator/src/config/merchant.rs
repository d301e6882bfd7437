//! A merchant, as the platform knows it.

use std::fmt;

use serde::Deserialize;

use super::SubMerchant;

/// A merchant, as the platform knows it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merchant {
    /// 商户号.
    pub mchid: String,
    /// As the payer sees it.
    #[serde(default)]
    pub name: String,
    /// The appids that are bound to it.
    pub appids: Vec<String>,
    /// The serial number of its API certificate: 40 hexadecimal digits.
    pub serial_no: String,
    /// The public key of that certificate: PEM, or the name of a file with it.
    pub public_key: String,
    /// 32 characters.
    pub apiv3_key: String,
    /// What it verifies the platform by.
    #[serde(default)]
    pub verifies_by: VerifiesBy,
    /// Of a hundred notifications so many are signed in public-key mode, while it changes over.
    #[serde(default = "half")]
    pub public_key_percent: u8,
    /// Its H5 domains, with the port if there is one; sub-domains count as well. None: any.
    #[serde(default)]
    pub h5_domains: Option<Vec<String>>,
    /// Its 支付授权目录: whole addresses that end with a slash. None: any.
    #[serde(default)]
    pub pay_directories: Option<Vec<String>>,
    /// Its OAuth domains, with the port if there is one. None: any.
    #[serde(default)]
    pub oauth_domains: Option<Vec<String>>,
    /// The AppSecret of its service account, the same for all of its appids here.
    #[serde(default)]
    pub app_secret: String,
    /// Those for whom it asks. With any it is a service provider (服务商), and no merchant of its own.
    #[serde(default, rename = "sub_merchant")]
    pub sub_merchants: Vec<SubMerchant>,
}

/// What a merchant verifies the platform by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerifiesBy {
    /// 微信支付公钥 only: there are no certificates to download.
    PublicKey,
    /// Platform certificates only.
    Certificate,
    /// Both, while it changes over from certificates: an answer follows the request's `Wechatpay-Serial`.
    #[default]
    Both,
}

const fn half() -> u8 {
    50
}

/// Secrets stay out of what is printed.
impl fmt::Debug for Merchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merchant")
            .field("mchid", &self.mchid)
            .field("serial_no", &self.serial_no)
            .finish_non_exhaustive()
    }
}

impl Merchant {
    /// The private key of the merchant of the demo, PEM. It is public, and good for nothing else.
    pub const DEMO_PRIVATE_KEY: &str = include_str!("../keys/demo_merchant.pem");

    /// The merchant of the demo.
    pub fn demo() -> Self {
        Self {
            mchid: "1900000109".to_owned(),
            name: "清叶茶舍 Tea House".to_owned(),
            appids: vec!["wx7e0a5b3c19d2f846".to_owned()],
            serial_no: "5F3A1C9E7B2D4068A1C3E5F708192A3B4C5D6E7F".to_owned(),
            public_key: include_str!("../keys/demo_merchant_public.pem").to_owned(),
            apiv3_key: "demo-apiv3-key-of-32-characters!".to_owned(),
            verifies_by: VerifiesBy::Both,
            public_key_percent: half(),
            h5_domains: None,
            pay_directories: None,
            oauth_domains: None,
            app_secret: "c0ffee00c0ffee00c0ffee00c0ffee00".to_owned(),
            sub_merchants: Vec::new(),
        }
    }

    /// The private key of the service provider of the demo, PEM. It is public as well.
    pub const DEMO_PARTNER_PRIVATE_KEY: &str = include_str!("../keys/demo_partner.pem");

    /// The service provider of the demo, for two sub-merchants: one with an appid of its own, one without.
    pub fn demo_partner() -> Self {
        Self {
            mchid: "1900000300".to_owned(),
            name: "云帆服务 Cloud Sail".to_owned(),
            appids: vec!["wx3c8d1f60a9b274e5".to_owned()],
            serial_no: "D733570101F14B93F23F1995328DACA46B0BD106".to_owned(),
            public_key: include_str!("../keys/demo_partner_public.pem").to_owned(),
            apiv3_key: "demo-partner-apiv3-key-32-chars!".to_owned(),
            app_secret: "5a11b0a75a11b0a75a11b0a75a11b0a7".to_owned(),
            sub_merchants: vec![
                SubMerchant {
                    name: "湖畔书店 Lakeside Books".to_owned(),
                    sub_appids: vec!["wx9b5e27d40c81fa36".to_owned()],
                    app_secret: "b00c5b00c5b00c5b00c5b00c5b00c5b0".to_owned(),
                    ..SubMerchant::new("1900000311")
                },
                SubMerchant { name: "街角面馆 Corner Noodles".to_owned(), ..SubMerchant::new("1900000312") },
            ],
            ..Self::demo()
        }
    }

    /// Whether it asks for others.
    pub fn is_partner(&self) -> bool {
        !self.sub_merchants.is_empty()
    }

    /// The sub-merchant of this number, if there is a relation (受理关系).
    pub fn sub_merchant(&self, sub_mchid: &str) -> Option<&SubMerchant> {
        self.sub_merchants.iter().find(|sub| sub.sub_mchid == sub_mchid)
    }
}
