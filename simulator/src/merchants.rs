//! The merchants with their keys read, and the platform's own keys.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use wechat_cashier::contract::Timestamp;

use crate::clock::plus;
use crate::config::{Config, ConfigError, Merchant, SubMerchant, VerifiesBy};
use crate::crypto::{Certificate, PublicKey, SigningKey};

const DEMO_PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000001092026113000000000000001";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const CERTIFICATE_LIFE_MS: i64 = 5 * 365 * DAY_MS;

/// A merchant, and its key to verify its requests with.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) merchant: Merchant,
    pub(crate) key: PublicKey,
}

/// Whose an appid is: what OAuth asks about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account<'a> {
    pub(crate) oauth_domains: Option<&'a [String]>,
    pub(crate) app_secret: &'a str,
}

/// The merchants, by `mchid`.
#[derive(Debug)]
pub(crate) struct Merchants(BTreeMap<String, Known>);

impl Merchants {
    pub(crate) fn new(config: &Config) -> Result<Self, ConfigError> {
        let known = config.merchants.iter().map(|merchant| {
            let wrong = |what: &str| ConfigError(format!("merchant {}: {what}", merchant.mchid));
            let key =
                PublicKey::from_pem(&merchant.public_key).ok_or_else(|| wrong("public_key is no RSA public key"))?;
            if merchant.apiv3_key.len() != 32 {
                return Err(wrong("apiv3_key has not 32 characters"));
            }
            let mut subs = BTreeSet::from([merchant.mchid.as_str()]);
            if !merchant.sub_merchants.iter().all(|sub| subs.insert(&sub.sub_mchid)) {
                return Err(wrong("a sub_mchid is its own, or is there twice"));
            }
            Ok((merchant.mchid.clone(), Known { merchant: merchant.clone(), key }))
        });
        known.collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn get(&self, mchid: &str) -> Option<&Known> {
        self.0.get(mchid)
    }

    /// The service account of this appid: a merchant's, or a sub-merchant's.
    pub(crate) fn of_appid(&self, appid: &str) -> Option<Account<'_>> {
        let is_bound = |appids: &[String]| appids.iter().any(|own| own == appid);
        self.0.values().find_map(|Known { merchant, .. }| {
            if is_bound(&merchant.appids) {
                let Merchant { oauth_domains, app_secret, .. } = merchant;
                return Some(Account { oauth_domains: oauth_domains.as_deref(), app_secret });
            }
            let sub = merchant.sub_merchants.iter().find(|sub| is_bound(&sub.sub_appids))?;
            let SubMerchant { oauth_domains, app_secret, .. } = sub;
            Some(Account { oauth_domains: oauth_domains.as_deref(), app_secret })
        })
    }

    /// As the payer sees who is paid: the sub-merchant, where there is one.
    pub(crate) fn name_of(&self, mchid: &str, sub_mchid: Option<&str>) -> String {
        let Some(Known { merchant, .. }) = self.get(mchid) else { return String::new() };
        let sub = sub_mchid.and_then(|sub_mchid| merchant.sub_merchant(sub_mchid));
        sub.map_or(&merchant.name, |sub| &sub.name).clone()
    }
}

/// The platform's keys.
#[derive(Clone, Debug)]
pub(crate) struct PlatformKeys {
    pub(crate) public_key_id: String,
    pub(crate) public_key: Arc<SigningKey>,
    /// The newest first. All are valid; only the first signs, unless a request names another.
    pub(crate) certificates: Vec<Arc<Certificate>>,
}

impl PlatformKeys {
    pub(crate) fn new(config: &Config, now: Timestamp) -> Result<Self, ConfigError> {
        let files = &config.platform;
        let read = |text: &Option<String>, demo: &str, key: &str| {
            let pem = text.as_deref().unwrap_or(demo);
            SigningKey::from_pem(pem).ok_or_else(|| ConfigError(format!("platform.{key} is no RSA private key")))
        };
        let demo = include_str!("keys/demo_platform_public_key_mode.pem");
        let public_key = Arc::new(read(&files.public_key_mode_key, demo, "public_key_mode_key")?);
        let demo = include_str!("keys/demo_platform_certificate.pem");
        let key = read(&files.certificate_key, demo, "certificate_key")?;
        let public_key_id = files.public_key_id.clone().unwrap_or_else(|| DEMO_PUBLIC_KEY_ID.to_owned());
        Ok(Self { public_key_id, public_key, certificates: vec![certificate(key, plus(now, -DAY_MS))?] })
    }

    /// A second certificate, which signs from now on. The first stays valid.
    pub(crate) fn renew(&mut self, now: Timestamp) -> Result<(), ConfigError> {
        let pem = match self.certificates.len() % 2 {
            1 => include_str!("keys/demo_platform_certificate_next.pem"),
            _ => include_str!("keys/demo_platform_certificate.pem"),
        };
        let key = SigningKey::from_pem(pem).ok_or_else(|| ConfigError("a demo key cannot be read".to_owned()))?;
        self.certificates.insert(0, certificate(key, now)?);
        Ok(())
    }

    /// The key of this serial number, as far as this merchant verifies by it.
    pub(crate) fn by_serial(&self, serial: &str, by: VerifiesBy) -> Option<(&str, &SigningKey)> {
        if serial == self.public_key_id {
            return (by != VerifiesBy::Certificate).then_some((self.public_key_id.as_str(), &self.public_key));
        }
        let found = self.certificates.iter().find(|certificate| certificate.serial_no == serial)?;
        (by != VerifiesBy::PublicKey).then_some((found.serial_no.as_str(), &found.key))
    }

    /// The key that signs where no serial number is asked for.
    pub(crate) fn default_for(&self, by: VerifiesBy) -> (&str, &SigningKey) {
        match (by, self.certificates.first()) {
            (VerifiesBy::Certificate | VerifiesBy::Both, Some(newest)) => (&newest.serial_no, &newest.key),
            _ => (&self.public_key_id, &self.public_key),
        }
    }
}

fn certificate(key: SigningKey, from: Timestamp) -> Result<Arc<Certificate>, ConfigError> {
    let made = Certificate::self_signed(key, from, plus(from, CERTIFICATE_LIFE_MS));
    made.map(Arc::new)
        .ok_or_else(|| ConfigError("the clock is outside the years that a certificate can state".to_owned()))
}
