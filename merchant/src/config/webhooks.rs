//! Where a shop is told of its orders: `[webhooks]`, or `[shops.webhooks]`.

use std::time::Duration;

use url::Url;

use super::reader::Reader;
use super::rules::{ADDRESS, address};
use super::secret::Secret;
use super::secrets::Rule;
use crate::webhook::{Kind, Signer};

/// Where the shop is told of its orders, and of what.
#[derive(Clone, Debug)]
pub struct Webhooks {
    /// The shop's receiver.
    pub url: Url,
    /// What messages are signed with: the secret in force, and while it is changed the one of before.
    pub secrets: Vec<Secret>,
    /// The types that are sent.
    pub types: Vec<Kind>,
    /// How long the receiver may take to answer.
    pub timeout: Duration,
}

impl Webhooks {
    /// None where no key of the table is set: the shop is told nothing.
    pub(super) fn read(reader: &mut Reader<'_>, table: &str) -> Option<Self> {
        let part = |part: &str| format!("{table}.{part}");
        let keys = ["url", "secret", "secret_file", "old_secret", "old_secret_file", "types", "timeout_ms"];
        let is_wanted = keys.into_iter().any(|key| reader.given(&part(key)).is_some());
        let url = reader.optional(&part("url"), ADDRESS, |given| address(given.text()?));
        if is_wanted && reader.given(&part("url")).is_none() {
            reader.missing(&part("url"), ADDRESS);
        }
        let (secret, old_secret) = (part("secret"), part("old_secret"));
        let secret = if is_wanted { reader.required_secret(&rule(&secret)) } else { reader.secret(&rule(&secret)) };
        let old_secret = reader.secret(&rule(&old_secret));
        if let (Some(new), Some(old)) = (&secret, &old_secret)
            && new.is(old.expose().as_bytes())
        {
            let other = format!("another secret than {}", part("secret_file"));
            reader.fault(&part("old_secret_file"), other, "the same");
        }
        let words = Kind::ALL.map(Kind::word).join(", ");
        let types = reader.some(&part("types"), &["one of ", &words].concat(), Kind::of_word);
        let span = "a number of milliseconds, from 100 to 30000";
        let timeout = reader.or(&part("timeout_ms"), span, 15_000, |given| {
            given.number().filter(|millis| (100..=30_000).contains(millis)).map(Duration::from_millis)
        });
        Some(Self {
            url: url?,
            secrets: [Some(secret?), old_secret].into_iter().flatten().collect(),
            types: types.unwrap_or_else(|| Kind::ALL.to_vec()),
            timeout: timeout?,
        })
    }
}

/// A secret of Standard Webhooks.
fn rule(key: &str) -> Rule<'_> {
    Rule {
        key,
        expected: "a secret of the form whsec_ and base64 of 24 to 64 bytes, such as `echo whsec_$(openssl rand -base64 32)` makes",
        inline: false,
        refused: Signer::refuses,
    }
}
