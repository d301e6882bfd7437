//! The check of the parameters of `getBrandWCPayRequest` before WeChat gets them: what it says of a wrong one misleads
//! (`缺少参数:total_fee` for a bad `package`), and an integrator should read what is wrong (field problems 7 and 8).

use crate::contract::{DecodeError, JsapiParams};

/// The longest `nonceStr`, in characters (docs/platform.md, 1.1).
const NONCE_MAX: usize = 32;

/// What `package` begins with (docs/platform.md, 1.1).
const PACKAGE: &str = "prepay_id=";

/// Signatures: `RSA` is APIv3's, the others are V2's (docs/platform.md, 1.1).
const SIGN_TYPES: [&str; 3] = ["RSA", "MD5", "HMAC-SHA256"];

/// How much of a wrong value is quoted, in characters.
const QUOTED_CHARS: usize = 40;

/// Whether WeChat can take the parameters (docs/platform.md, 1.1,
/// <https://pay.weixin.qq.com/doc/v3/merchant/4012791857>). The six keys are there and are texts: the contract saw to it.
///
/// # Errors
/// Names the first wrong one, what was expected and what came.
pub(super) fn check(params: &JsapiParams) -> Result<(), DecodeError> {
    let prepay_id = params.package.strip_prefix(PACKAGE);
    let nonce = params.nonce_str.chars().count();
    if !is_there(&params.app_id) {
        wrong("appId", "an appid", &params.app_id)
    } else if !is_digits(&params.time_stamp, 10) {
        // JavaScript's Date.now(), in the place of seconds.
        let unit = if is_digits(&params.time_stamp, 13) { "milliseconds " } else { "" };
        let got = [unit, &quoted(&params.time_stamp)].concat();
        refuse("timeStamp", &["expected seconds since 1970, got ", &got])
    } else if nonce == 0 || nonce > NONCE_MAX {
        wrong("nonceStr", "1 to 32 characters", &params.nonce_str)
    } else if !prepay_id.is_some_and(is_there) {
        wrong("package", "`prepay_id=` and the prepay id", &params.package)
    } else if !SIGN_TYPES.contains(&params.sign_type.as_str()) {
        wrong("signType", "RSA, MD5 or HMAC-SHA256", &params.sign_type)
    } else if !is_there(&params.pay_sign) {
        wrong("paySign", "a signature", &params.pay_sign)
    } else {
        Ok(())
    }
}

/// Whether this is a value, and not what a script makes of one that it does not have.
fn is_there(value: &str) -> bool {
    !matches!(value.trim_ascii(), "" | "undefined" | "null" | "None")
}

fn is_digits(value: &str, count: usize) -> bool {
    value.len() == count && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn wrong(field: &str, expected: &str, got: &str) -> Result<(), DecodeError> {
    refuse(field, &["expected ", expected, ", got ", &quoted(got)])
}

fn refuse(field: &str, reason: &[&str]) -> Result<(), DecodeError> {
    Err(DecodeError { path: ["action.params.", field].concat(), reason: reason.concat() })
}

fn quoted(value: &str) -> String {
    if value.is_empty() {
        return "an empty text".to_owned();
    }
    let start: String = value.chars().take(QUOTED_CHARS).collect();
    ["`", &start, "`"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Payment, decode};

    fn good() -> JsapiParams {
        JsapiParams {
            app_id: "wx2421b1c4370ec43b".to_owned(),
            time_stamp: "1554208460".to_owned(),
            nonce_str: "593BEC0C930BF1AFEB40B4A08C8FB242".to_owned(),
            package: "prepay_id=wx201410272009395522657a690389285100".to_owned(),
            sign_type: "RSA".to_owned(),
            pay_sign: "mI35pfNEQV6777ke/1T+LJLQ".to_owned(),
        }
    }

    fn message(change: impl FnOnce(&mut JsapiParams)) -> String {
        let mut params = good();
        change(&mut params);
        check(&params).unwrap_err().message()
    }

    #[test]
    fn what_wechat_takes_is_let_through() {
        assert_eq!(check(&good()), Ok(()));
        for sign_type in ["RSA", "MD5", "HMAC-SHA256"] {
            assert_eq!(check(&JsapiParams { sign_type: sign_type.to_owned(), ..good() }), Ok(()));
        }
        assert_eq!(check(&JsapiParams { nonce_str: "n".to_owned(), ..good() }), Ok(()));
    }

    #[test]
    fn a_wrong_one_is_named_with_what_came() {
        type Change = fn(&mut JsapiParams);
        let table: [(Change, &str); 18] = [
            (|p| p.app_id.clear(), "appId: expected an appid, got an empty text"),
            (|p| p.app_id = "undefined".into(), "appId: expected an appid, got `undefined`"),
            (
                |p| p.time_stamp = "1700000000000".into(),
                "timeStamp: expected seconds since 1970, got milliseconds `1700000000000`",
            ),
            (|p| p.time_stamp.clear(), "timeStamp: expected seconds since 1970, got an empty text"),
            (|p| p.time_stamp = "170000000x".into(), "timeStamp: expected seconds since 1970, got `170000000x`"),
            (|p| p.time_stamp = "17000000.0".into(), "timeStamp: expected seconds since 1970, got `17000000.0`"),
            (
                |p| p.time_stamp = "2026-11-21T10:00:00Z".into(),
                "timeStamp: expected seconds since 1970, got `2026-11-21T10:00:00Z`",
            ),
            (|p| p.nonce_str.clear(), "nonceStr: expected 1 to 32 characters, got an empty text"),
            (
                |p| p.nonce_str = "n".repeat(33),
                "nonceStr: expected 1 to 32 characters, got `nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn`",
            ),
            (
                |p| p.package = "wx201410272009395522657a690389285100".into(),
                "package: expected `prepay_id=` and the prepay id, got `wx201410272009395522657a690389285100`",
            ),
            (|p| p.package = "prepay_id=".into(), "package: expected `prepay_id=` and the prepay id, got `prepay_id=`"),
            (
                |p| p.package = "prepay_id=undefined".into(),
                "package: expected `prepay_id=` and the prepay id, got `prepay_id=undefined`",
            ),
            (
                |p| p.package = "prepay_id=null".into(),
                "package: expected `prepay_id=` and the prepay id, got `prepay_id=null`",
            ),
            (|p| p.pay_sign = "None".into(), "paySign: expected a signature, got `None`"),
            (|p| p.app_id = "  ".into(), "appId: expected an appid, got `  `"),
            (|p| p.sign_type = "rsa".into(), "signType: expected RSA, MD5 or HMAC-SHA256, got `rsa`"),
            (|p| p.sign_type.clear(), "signType: expected RSA, MD5 or HMAC-SHA256, got an empty text"),
            (|p| p.pay_sign.clear(), "paySign: expected a signature, got an empty text"),
        ];
        for (change, expected) in table {
            assert_eq!(message(change), ["action.params.", expected].concat());
        }
    }

    #[test]
    fn no_more_of_a_wrong_value_is_quoted_than_it_is_known_by() {
        let long = message(|params| params.package = "签".repeat(500));
        assert!(long.ends_with(&["got `", &"签".repeat(QUOTED_CHARS), "`"].concat()), "{long}");
    }

    /// `timestamp` is `chooseWXPay`'s spelling (field problem 7).
    #[test]
    fn a_key_in_the_wrong_case_is_named_by_the_contract() {
        let text = r#"{"payment_id": "p1", "method": "jsapi", "now": "2026-11-21T10:00:00Z", "action": {"type":
            "invoke_jsapi", "params": {"appId": "wx1", "timestamp": "1554208460", "nonceStr": "n",
            "package": "prepay_id=wx1", "signType": "RSA", "paySign": "s"}}}"#;
        assert_eq!(decode::<Payment>(text).unwrap_err().message(), "action.params: missing field `timeStamp`");
    }
}
