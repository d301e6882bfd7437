//! Who the merchants are, and how strict and how reliable the simulated platform is: one TOML file.

mod merchant;
mod sub_merchant;

pub use merchant::{Merchant, VerifiesBy};
pub use sub_merchant::{Product, SubMerchant};

use std::fmt;
use std::path::Path;

use serde::Deserialize;

/// How the simulator is set up.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// What is random comes from this number; None: from the machine.
    pub seed: Option<u64>,
    /// How many times as fast as real time the clock runs.
    pub speed: f64,
    /// Which time signatures state and requests are held against.
    pub signature_clock: SignatureClock,
    /// The currencies that orders may have. The real platform's mainland API takes CNY only.
    pub currencies: Vec<String>,
    /// `notify_url` may be `http` where it leads to loopback.
    pub http_on_loopback: bool,
    /// So many APIv3 requests a merchant may make in one second; None: any number.
    pub requests_per_second: Option<u32>,
    /// Of a hundred notifications, so many have a `WECHATPAY/SIGNTEST/` probe before them.
    pub sign_tests_percent: u8,
    /// The status of the answer to a payment by code whose payer is asked for the password: 200 or 202. The sources disagree.
    pub user_paying_status: u16,
    /// A refund ends so many seconds after it was asked for, in simulated time.
    pub refund_after_s: u32,
    /// Answers to requests whose signature was not verified are signed as well. The real ones are not.
    pub sign_unverified: bool,
    /// Where browsers find the middle page of H5: scheme, host and port. None: where the merchant has called.
    pub origin: Option<String>,
    /// The platform's own keys.
    pub platform: PlatformFiles,
    /// The merchants.
    #[serde(rename = "merchant")]
    pub merchants: Vec<Merchant>,
}

/// Which time signatures state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureClock {
    /// The simulator's, for merchants whose clock is moved along with it.
    #[default]
    Simulator,
    /// The machine's, for merchants who know of no other while the simulator's clock runs fast.
    Machine,
}

/// The platform's own keys, PEM files; without them the demo keys of this repository.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlatformFiles {
    /// `PUB_KEY_ID_` and digits.
    pub public_key_id: Option<String>,
    /// The private key of public-key mode.
    pub public_key_mode_key: Option<String>,
    /// The private key under the platform certificate.
    pub certificate_key: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            seed: None,
            speed: 1.0,
            signature_clock: SignatureClock::Simulator,
            currencies: vec!["CNY".to_owned()],
            http_on_loopback: true,
            requests_per_second: None,
            sign_tests_percent: 1,
            user_paying_status: 202,
            refund_after_s: 3,
            sign_unverified: false,
            origin: None,
            platform: PlatformFiles::default(),
            merchants: vec![Merchant::demo(), Merchant::demo_partner()],
        }
    }
}

/// What is wrong with a configuration, in one line that names the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub(crate) String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads a TOML file. Paths in it are from the file's own folder.
    ///
    /// # Errors
    /// With the key that is wrong, and why.
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let text =
            std::fs::read_to_string(path).map_err(|error| ConfigError(format!("{}: {error}", path.display())))?;
        let mut config = Self::from_toml(&text)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let platform = [&mut config.platform.public_key_mode_key, &mut config.platform.certificate_key];
        for pem in platform.into_iter().flatten() {
            *pem = read_pem(pem, folder)?;
        }
        for merchant in &mut config.merchants {
            merchant.public_key = read_pem(&merchant.public_key, folder)?;
        }
        Ok(config)
    }

    /// Reads TOML in which every PEM is written out.
    ///
    /// # Errors
    /// With the key that is wrong, and why.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError(error.to_string().trim().replace('\n', " ")))
    }
}

/// A PEM, or the name of a file with one.
fn read_pem(text: &str, folder: &Path) -> Result<String, ConfigError> {
    if text.contains("-----BEGIN") {
        return Ok(text.to_owned());
    }
    let path = folder.join(text);
    std::fs::read_to_string(&path).map_err(|error| ConfigError(format!("{}: {error}", path.display())))
}
