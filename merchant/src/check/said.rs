//! What a failure says of the configuration, in one line that names the key.

use crate::wechat_pay::{Error, Meaning, Refusal, Unverified};

/// What a failed download of certificates says of the APIv3 key.
pub(super) enum Failure {
    /// It deciphered them; only who signed the answer is not known by it.
    Deciphered,
    /// It is wrong.
    Wrong(String),
    /// The merchant has none.
    NoCertificates,
    /// Nothing.
    Other(String),
}

/// Of a query.
pub(super) fn of_signature(error: &Error) -> String {
    match error {
        Error::NotVerified { why, status, claims } => {
            let claims = claims.as_deref().unwrap_or("nothing");
            if *status == 401 {
                return of_unauthorized(claims);
            }
            match why {
                Unverified::Serial(serial) => format!(
                    "wechat_pay.public_keys: WeChat Pay signs with {serial}, which is not among them. The id and the file \
                     are on the merchant platform, under API security (it says: {claims})"
                ),
                Unverified::Signature => {
                    "wechat_pay.public_keys: the file is not the public key of its id: WeChat Pay's signature does not fit".to_owned()
                }
                why => format!("an answer is not WeChat Pay's: {why} (it says: {claims})"),
            }
        }
        Error::Refused(refusal) if refusal.meaning() == Meaning::NoAuth => {
            format!("wechat_pay.mchid: WeChat Pay refuses the merchant: {refusal}")
        }
        Error::Refused(refusal) if refusal.meaning() == Meaning::SignError => of_unauthorized(&refusal.to_string()),
        error => error.to_string(),
    }
}

/// Of a 401, which is not signed: its words are a hint.
///
/// Seen are 商户证书序列号有误 for the serial number, a text with `timestamp` for the clock, and 签名错误 or 错误的签名 for the rest
/// (docs/platform.md, 7.4; <https://github.com/fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat/issues/158>).
fn of_unauthorized(claims: &str) -> String {
    if claims.contains("序列号") {
        format!(
            "wechat_pay.serial_no: it is not the serial number of this merchant's API certificate, or not of the one to which \
             private_key_file belongs (WeChat Pay says: {claims})"
        )
    } else if claims.contains("timestamp") || claims.contains("时间") {
        format!("clock: WeChat Pay finds the time of the signature wrong (it says: {claims})")
    } else {
        format!(
            "wechat_pay.private_key_file: it is not the key of the certificate serial_no, or mchid is not the certificate's \
             merchant (WeChat Pay says: {claims})"
        )
    }
}

/// Of the certificates of a merchant who verifies by them.
pub(super) fn of_certificates(error: &Error) -> String {
    match of_apiv3_key(error) {
        Failure::Wrong(text) | Failure::Other(text) => text,
        Failure::NoCertificates => {
            "wechat_pay.certificates: this merchant has none; take WeChat Pay's public key (wechat_pay.public_keys)"
                .to_owned()
        }
        Failure::Deciphered => format!("an answer is not verified: {error}"),
    }
}

/// Of a download of certificates.
///
/// Merchants since October 2024 have none: 404 `RESOURCE_NOT_EXISTS`
/// (<https://github.com/wechatpay-apiv3/wechatpay-java/issues/306>).
pub(super) fn of_apiv3_key(error: &Error) -> Failure {
    match error {
        // Only after everything was deciphered is asked who has signed.
        Error::NotVerified { why: Unverified::Serial(_), status: 200, .. } => Failure::Deciphered,
        Error::NotVerified { status: 404, .. } => Failure::NoCertificates,
        Error::Refused(refusal) if refusal.status == 404 => Failure::NoCertificates,
        Error::Unreadable { why } if why.contains("APIv3 key") => Failure::Wrong(
            "wechat_pay.apiv3_key_file: it is not the APIv3 key that is set at WeChat Pay: a certificate cannot be deciphered with it"
                .to_owned(),
        ),
        error => Failure::Other(of_signature(error)),
    }
}

/// Of a query for a sub-merchant (<https://pay.weixin.qq.com/doc/v3/partner/4012085801>).
pub(super) fn of_sub_merchant(key: &str, sub_mchid: &str, refusal: &Refusal) -> String {
    match refusal.number {
        Some(268_443_705) => format!("{key}: {sub_mchid} is the service provider's own number ({refusal})"),
        _ if refusal.message.contains("普通商户") => format!(
            "wechat_pay.mode: the merchant wechat_pay.mchid is no service provider, and takes the money itself: \"direct\" ({refusal})"
        ),
        _ if refusal.message.contains("受理关系") || refusal.meaning() == Meaning::NoAuth => format!(
            "{key}: {sub_mchid} is no sub-merchant of wechat_pay.mchid, or the relation is not confirmed on the merchant platform ({refusal})"
        ),
        _ => format!("{key}: WeChat Pay does not take {sub_mchid} ({refusal})"),
    }
}

/// Of an order.
pub(super) fn of_order(error: &Error) -> String {
    match error {
        Error::Refused(refusal) if refusal.code == "APPID_MCHID_NOT_MATCH" || refusal.number == Some(268_445_527) => {
            format!(
                "wechat_pay.appid: it is not bound to the merchant mchid; bind it on the merchant platform ({refusal})"
            )
        }
        Error::Refused(refusal) if refusal.message.contains("sub_appid") => {
            format!(
                "sub_appid: it is not bound to the sub-merchant; bind it on the sub-merchant's platform ({refusal})"
            )
        }
        Error::Refused(refusal) if refusal.meaning() == Meaning::NoAuth => {
            format!("Native is not on for this merchant, so that nothing can be said of the appid ({refusal})")
        }
        error => error.to_string(),
    }
}

/// Of a refused exchange of a code.
pub(super) fn of_app_secret(errcode: i64) -> String {
    match errcode {
        40013 => "wechat_pay.appid: WeChat knows no service account with it (40013)".to_owned(),
        40164 => {
            "this machine's address is not on the service account's list of addresses (IP白名单, 40164)".to_owned()
        }
        _ => format!("wechat_pay.app_secret_file: it is not the secret of the appid ({errcode})"),
    }
}

/// The cause that says most, without the address that stands in the outer ones.
#[expect(clippy::needless_pass_by_value, reason = "an error is mapped, and is wanted no more")]
pub(super) fn innermost(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
