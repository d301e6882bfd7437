//! The signature of the parameters that a page hands to WeChat (docs/platform.md, 1.1 and 7.6).

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::pkcs8::DecodePublicKey;
use rsa::signature::Verifier;
use sha2::Sha256;

/// What `paySign` signs. `signType` is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The appid of the prepay request.
    pub app_id: &'a str,
    /// Seconds since 1970.
    pub time_stamp: &'a str,
    /// Any text of at most 32 characters.
    pub nonce_str: &'a str,
    /// `prepay_id=` and the prepay id.
    pub package: &'a str,
}

impl Signed<'_> {
    /// The text under the signature: a line for each, and each line has its end.
    pub fn message(&self) -> String {
        let Self { app_id, time_stamp, nonce_str, package } = self;
        format!("{app_id}\n{time_stamp}\n{nonce_str}\n{package}\n")
    }
}

/// A merchant's public key, as the platform keeps it.
#[derive(Clone, Debug)]
pub(crate) struct PublicKey(VerifyingKey<Sha256>);

impl PublicKey {
    pub(crate) fn from_pem(pem: &str) -> Option<Self> {
        rsa::PublicKey::from_public_key_pem(pem).ok().map(|key| Self(VerifyingKey::new(key)))
    }

    pub(crate) fn verifies(&self, signed: Signed<'_>, pay_sign: &str) -> bool {
        let Ok(bytes) = BASE64_STANDARD.decode(pay_sign) else { return false };
        let Ok(signature) = Signature::try_from(bytes.as_slice()) else { return false };
        self.0.verify(signed.message().as_bytes(), &signature).is_ok()
    }
}

/// The key that the sandbox's merchant has left with the platform.
static MERCHANT: LazyLock<Option<PublicKey>> =
    LazyLock::new(|| PublicKey::from_pem(include_str!("../keys/merchant_public.pem")));

/// Whether the merchant has signed this.
pub(super) fn is_the_merchants(signed: Signed<'_>, pay_sign: &str) -> bool {
    MERCHANT.as_ref().is_some_and(|key| key.verifies(signed, pay_sign))
}

#[cfg(test)]
mod tests {
    use super::{PublicKey, Signed};

    /// The example of the platform's own documentation (docs/platform.md, 7.6 a), under the key that it publishes with
    /// it (<https://pay.weixin.qq.com/doc/v3/merchant/4012365339>).
    const PUBLISHED: Signed<'_> = Signed {
        app_id: "wx2421b1c4370ec43b",
        time_stamp: "1554208460",
        nonce_str: "593BEC0C930BF1AFEB40B4A08C8FB242",
        package: "prepay_id=wx201410272009395522657a690389285100",
    };
    const PAY_SIGN: &str = concat!(
        "mI35pfNEQV6777ke/1T+LJLQDNTm7yeoUJH+j/adPGhmCCi0PbgkvYQTRcXH0uibcLVtvFLdGLpmoYO9FV6lBBsTAjuhh5YO",
        "vQi0e2g3e0yytitiNET9FEuqM0pjnKfRW4K6LIZDdbWJv9KhZUx3DrJa5TL7OJ7VdADVivxVySIlPVKjGwuCXzuXSJes0UcI",
        "LgWQUMyha5/3nYofuHtS7r+KYyMuxD+oJ9VM1Qdxk4UIG59CP5Y3wtYIFybyF3bdu1caHTRRX+DLyMXyYA/IrTmiW01c4RPj",
        "pHBX5Dk1sZyY1zVsWNsvMHr2e1NTWtBxKJ+qk5N61J7caYoepHFaxw==",
    );

    fn published_key() -> PublicKey {
        PublicKey::from_pem(include_str!("../keys/published_demo_public.pem")).unwrap()
    }

    #[test]
    fn the_published_example_verifies() {
        assert!(published_key().verifies(PUBLISHED, PAY_SIGN));
    }

    #[test]
    fn one_field_changed_and_it_does_not() {
        let key = published_key();
        for changed in [
            Signed { app_id: "wx2421b1c4370ec43c", ..PUBLISHED },
            Signed { time_stamp: "1554208461", ..PUBLISHED },
            Signed { nonce_str: "593BEC0C930BF1AFEB40B4A08C8FB243", ..PUBLISHED },
            // What an app signs: the bare id.
            Signed { package: "wx201410272009395522657a690389285100", ..PUBLISHED },
        ] {
            assert!(!key.verifies(changed, PAY_SIGN), "{changed:?}");
        }
        for broken in ["", "mI35", "not base64!", &PAY_SIGN.replace('m', "n")] {
            assert!(!key.verifies(PUBLISHED, broken), "{broken}");
        }
    }

    #[test]
    fn another_merchants_key_does_not_fit() {
        assert!(!super::is_the_merchants(PUBLISHED, PAY_SIGN));
    }
}
