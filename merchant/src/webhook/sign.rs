//! Secrets, and what is signed with them: HMAC-SHA256 over `{id}.{timestamp}.{body}`, the symmetric scheme `v1` of Standard
//! Webhooks.

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use wechat_cashier::contract::Timestamp;

const PREFIX: &str = "whsec_";
const VERSION: &str = "v1,";

/// How many bytes a secret has, by the specification.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// How far a message's time may be from a receiver's, in seconds: an old one that was overheard is worth nothing later.
const TOLERANCE_S: i64 = 5 * 60;

/// Signs, with each secret there is; and verifies, with any of them.
pub struct Signer(Vec<hmac::Key>);

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(***)")
    }
}

impl Signer {
    /// With secrets in the form `whsec_…`: the one in force, and while it is changed the one of before.
    ///
    /// # Errors
    /// What is wrong with one of them, without the secret.
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Result<Self, String> {
        secrets.into_iter().map(key).collect::<Result<_, _>>().map(Self)
    }

    /// What is wrong with a secret, without the secret. None: nothing.
    #[must_use]
    pub fn refuses(secret: &str) -> Option<String> {
        key(secret).err()
    }

    /// `webhook-signature` of a message that is sent at a time: a signature for each secret.
    #[must_use]
    pub fn sign(&self, id: &str, at: Timestamp, body: &str) -> String {
        let signed = signed(id, &seconds(at).to_string(), body.as_bytes());
        let signatures = self.0.iter().map(|key| {
            let signature = BASE64_STANDARD.encode(hmac::sign(key, &signed));
            [VERSION, &signature].concat()
        });
        signatures.collect::<Vec<_>>().join(" ")
    }

    /// Whether a message that came at `now` is signed with one of the secrets and new, for receivers in Rust.
    ///
    /// # Errors
    /// Why it is not.
    pub fn verify(
        &self,
        (id, timestamp, signatures): (&str, &str, &str),
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), &'static str> {
        let sent_at: i64 = timestamp.parse().map_err(|_| "webhook-timestamp is no number")?;
        if sent_at.abs_diff(seconds(now)) > TOLERANCE_S.unsigned_abs() {
            return Err("webhook-timestamp is not of now");
        }
        let signed = signed(id, timestamp, body);
        let known = signatures.split(' ').filter_map(|signature| signature.strip_prefix(VERSION));
        let mut known = known.filter_map(|signature| BASE64_STANDARD.decode(signature).ok());
        // In a time that tells nothing of where they differ.
        let is_ours = |signature: Vec<u8>| self.0.iter().any(|key| hmac::verify(key, &signed, &signature).is_ok());
        if known.any(is_ours) { Ok(()) } else { Err("webhook-signature is none of this secret") }
    }
}

/// `webhook-timestamp`.
pub(super) fn seconds(at: Timestamp) -> i64 {
    at.millis().div_euclid(1000)
}

fn signed(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat()
}

fn key(secret: &str) -> Result<hmac::Key, String> {
    let text = secret.strip_prefix(PREFIX).ok_or("something that does not begin with whsec_")?;
    let bytes = BASE64_STANDARD.decode(text).map_err(|_| "something that is no base64 behind whsec_")?;
    match SECRET_BYTES.contains(&bytes.len()) {
        true => Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes)),
        false => Err(format!("one of {} bytes", bytes.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const OTHER: &str = "whsec_b3RoZXItc2VjcmV0LW9mLXRoZS10ZXN0cy0wMQ==";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const TIMESTAMP: &str = "1614265330";
    const BODY: &str = r#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000 + 999)
    }

    fn signer(secrets: &[&'static str]) -> Signer {
        Signer::new(secrets.iter().copied()).unwrap()
    }

    #[test]
    fn the_published_example_is_signed_alike() {
        assert_eq!(signer(&[SECRET]).sign(ID, at(1_614_265_330), BODY), SIGNATURE);
    }

    #[test]
    fn while_a_secret_is_changed_both_verify() {
        let both = signer(&[OTHER, SECRET]).sign(ID, at(1_614_265_330), BODY);
        assert!(both.ends_with(&format!(" {SIGNATURE}")), "{both}");
        for secret in [SECRET, OTHER] {
            let verified = signer(&[secret]).verify((ID, TIMESTAMP, &both), BODY.as_bytes(), at(1_614_265_330));
            assert_eq!(verified, Ok(()));
        }
    }

    #[test]
    fn what_was_changed_or_is_old_is_refused() {
        let signer_ = signer(&[SECRET]);
        let verify = |id: &str, timestamp: &str, signatures: &str, body: &str, now| {
            signer_.verify((id, timestamp, signatures), body.as_bytes(), at(now)).is_ok()
        };
        let now = 1_614_265_330;
        assert!(verify(ID, TIMESTAMP, SIGNATURE, BODY, now));
        assert!(verify(ID, TIMESTAMP, &format!("v1a,AAAA v1,!! {SIGNATURE}"), BODY, now + 300));
        assert!(!verify(ID, TIMESTAMP, SIGNATURE, BODY, now + 301));
        assert!(!verify(ID, TIMESTAMP, SIGNATURE, BODY, now - 301));
        assert!(!verify("msg_other", TIMESTAMP, SIGNATURE, BODY, now));
        assert!(!verify(ID, "1614265331", SIGNATURE, BODY, now));
        assert!(!verify(ID, "now", SIGNATURE, BODY, now));
        assert!(!verify(ID, TIMESTAMP, SIGNATURE, r#"{"test": 2432232315}"#, now));
        assert!(!verify(ID, TIMESTAMP, "", BODY, now));
        assert!(!verify(ID, TIMESTAMP, &SIGNATURE.replace("v1,", "v2,"), BODY, now));
        assert!(signer(&[OTHER]).verify((ID, TIMESTAMP, SIGNATURE), BODY.as_bytes(), at(now)).is_err());
    }

    #[test]
    fn what_is_no_secret_is_named_without_it() {
        assert_eq!(Signer::refuses(SECRET), None);
        let short = "whsec_c2hvcnQ=";
        for wrong in ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_MfKQ9r8GKYqr!", short] {
            let refused = Signer::refuses(wrong).unwrap();
            assert!(!refused.contains("MfKQ") && !refused.contains("c2hv"), "{refused}");
        }
        assert_eq!(format!("{:?}", signer(&[SECRET])), "Signer(***)");
    }
}
