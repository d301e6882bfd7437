//! What others have published, against the simulator's signatures and cipher.

use wechat_cashier_simulator::crypto::{PublicKey, Sealed, SigningKey, open, seal};

/// The example of the platform's own documentation (docs/platform.md, 7.6 a), under the key that it publishes with it
/// (<https://pay.weixin.qq.com/doc/v3/merchant/4012365339>).
const PAY_SIGN_MESSAGE: &str = "wx2421b1c4370ec43b\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\nprepay_id=wx201410272009395522657a690389285100\n";
const PAY_SIGN: &str = concat!(
    "mI35pfNEQV6777ke/1T+LJLQDNTm7yeoUJH+j/adPGhmCCi0PbgkvYQTRcXH0uibcLVtvFLdGLpmoYO9FV6lBBsTAjuhh5YO",
    "vQi0e2g3e0yytitiNET9FEuqM0pjnKfRW4K6LIZDdbWJv9KhZUx3DrJa5TL7OJ7VdADVivxVySIlPVKjGwuCXzuXSJes0UcI",
    "LgWQUMyha5/3nYofuHtS7r+KYyMuxD+oJ9VM1Qdxk4UIG59CP5Y3wtYIFybyF3bdu1caHTRRX+DLyMXyYA/IrTmiW01c4RPj",
    "pHBX5Dk1sZyY1zVsWNsvMHr2e1NTWtBxKJ+qk5N61J7caYoepHFaxw==",
);

#[test]
fn the_documented_pay_sign_verifies() {
    let key = PublicKey::from_pem(include_str!("../../src/keys/published_demo_public.pem")).unwrap();
    assert!(key.verifies(PAY_SIGN_MESSAGE.as_bytes(), PAY_SIGN));
    for changed in ["wx2421b1c4370ec43c", "prepay_id=", ""] {
        assert!(!key.verifies(changed.as_bytes(), PAY_SIGN));
    }
    for broken in ["", "mI35", "not base64!", &PAY_SIGN.replace('m', "n")] {
        assert!(!key.verifies(PAY_SIGN_MESSAGE.as_bytes(), broken), "{broken}");
    }
}

/// `core/auth/signers/sha256withrsa_signer_test.go` of github.com/wechatpay-apiv3/wechatpay-go, Apache-2.0.
#[test]
fn the_official_go_librarys_signature_is_ours() {
    let signature = concat!(
        "BKyAfU4iMCuvXMXS0Wzam3V/cnxZ+JaqigPM5OhljS2iOT95OO6Fsuml2JkFANJU9K6q9bLlDhPXuoVz+pp4hAm6",
        "pHU4ld815U4jsKu1RkyaII+1CYBUYC8TK0XtJ8FwUXXz8vZHh58rrAVN1XwNyvD1vfpxrMT4SL536GLwvpUHlCqIMzoZUguLli/K8V29QiOh",
        "uH6IEqLNJn8e9b3nwNcQ7be3CzYGpDAKBfDGPCqCv8Rw5zndhlffk2FEA70G4hvMwe51qMN/RAJbknXG23bSlObuTCN7Ndj1aJGH6/L+hdwf",
        "LpUtJm4QYVazzW7DFD27EpSQEqA8bX9+8m1rLg==",
    );
    let key = SigningKey::from_pem(include_str!("vectors/wechatpay_go_testing_key.pem")).unwrap();
    assert_eq!(key.sign(b"source"), signature);
    assert!(PublicKey::from_pem(key.public_pem()).unwrap().verifies(b"source", signature));
}

/// `AeadAesCipherTest.java` of github.com/wechatpay-apiv3/wechatpay-java, Apache-2.0.
#[test]
fn the_official_java_librarys_ciphertext_is_ours() {
    let key = b"a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";
    let sealed = Sealed {
        algorithm: "AEAD_AES_256_GCM".to_owned(),
        nonce: "uluk4a9R25RW".to_owned(),
        associated_data: "associatedData".to_owned(),
        ciphertext: "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=".to_owned(),
    };
    assert_eq!(open(key, &sealed).as_deref(), Some(b"message".as_slice()));
    assert_eq!(seal(key, "uluk4a9R25RW", "associatedData", b"message").as_ref(), Some(&sealed));
    assert_eq!(seal(&key[..16], "uluk4a9R25RW", "", b""), None);
    assert_eq!(seal(key, "uluk4a9R25R", "", b""), None);
    for changed in [
        Sealed { associated_data: "AssociatedData".to_owned(), ..sealed.clone() },
        Sealed { nonce: "uluk4a9R25RX".to_owned(), ..sealed.clone() },
        Sealed { ciphertext: "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwA=".to_owned(), ..sealed.clone() },
    ] {
        assert_eq!(open(key, &changed), None, "{changed:?}");
    }
}
