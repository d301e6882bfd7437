//! `getBrandWCPayRequest`: what WeChat says to a page that wants to be paid (docs/platform.md, 1.1, 1.3 and 1.5).

use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;
use wechat_cashier::contract::Timestamp;

use super::signature::{Signed, is_the_merchants};
use super::{APP_ID, Bill, Platform, Refusal, Trade, TradeType};

/// How far `timeStamp` may be from the clock: as long as a `prepay_id` lives, since parameters may be minted ahead.
const TIME_STAMP_OFF_S_MAX: i64 = 2 * 60 * 60;

/// The call that a page makes.
#[derive(Clone, Copy, Debug)]
pub struct JsapiCall<'a> {
    /// The parameters, as the page gave them.
    pub params: &'a Map<String, Value>,
    /// The page's address.
    pub url: &'a str,
    /// Whose WeChat it is.
    pub account: &'a str,
    /// The merchant's 支付授权目录; None: wherever the page is.
    pub directories: Option<&'a [String]>,
}

/// WeChat does not open the pay sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JsapiRefusal {
    /// What the page's callback is told, letter for letter.
    pub err_msg: String,
    /// What comes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub err_desc: Option<String>,
    /// What the payer reads.
    pub text: String,
    /// In English.
    pub gloss: String,
}

impl JsapiRefusal {
    /// WeChat's own words in place of a result.
    fn says(err_msg: impl Into<String>, gloss: impl Into<String>) -> Self {
        let err_msg = err_msg.into();
        Self { text: err_msg.clone(), err_msg, err_desc: None, gloss: gloss.into() }
    }

    /// `fail`, and what is the matter beside it.
    fn fails(err_desc: impl Into<String>, gloss: impl Into<String>) -> Self {
        let err_desc = err_desc.into();
        let err_msg = "get_brand_wcpay_request:fail".to_owned();
        Self { text: err_desc.clone(), err_msg, err_desc: Some(err_desc), gloss: gloss.into() }
    }

    /// The `prepay_id` is too old, was replaced, or is of another appid: WeChat says the same of all.
    fn stale(gloss: &str) -> Self {
        Self::says("调用支付JSAPI缺少参数:total_fee", gloss)
    }
}

impl From<Refusal> for JsapiRefusal {
    fn from(refusal: Refusal) -> Self {
        Self::says(refusal.text, refusal.gloss)
    }
}

/// The six parameters. Names are case-sensitive, values are strings.
struct Params<'a> {
    signed: Signed<'a>,
    prepay_id: &'a str,
    pay_sign: &'a str,
}

impl Platform {
    /// A page inside WeChat wants to be paid. `late` is a fault: the sheet counts as opened in time.
    ///
    /// # Errors
    /// With what the callback and the payer are told.
    pub fn jsapi(&mut self, call: JsapiCall<'_>, now: Timestamp, late: bool) -> Result<Bill, JsapiRefusal> {
        let Params { signed, prepay_id, pay_sign } = params(call.params)?;
        let trade = self.jsapi_trade(prepay_id, now, late)?;
        // The appid of the call must be that of the prepay, which tells whose key verifies.
        if signed.app_id != APP_ID {
            return Err(JsapiRefusal::stale("appId is not the appid of the prepay request."));
        }
        if !allows(call.directories, call.url) {
            let said = format!("当前页面的URL未注册:{}", call.url);
            return Err(JsapiRefusal::says(said, "The page is under none of the merchant's pay directories."));
        }
        check_time(signed.time_stamp, now)?;
        if !is_the_merchants(signed, pay_sign) {
            return Err(JsapiRefusal::fails(
                "支付验证签名失败",
                "paySign is not the merchant's over these parameters.",
            ));
        }
        let by = trade.handle.clone();
        self.open(&by, call.account, now, late).map_err(JsapiRefusal::from)
    }

    /// The trade behind a `prepay_id` that still works. One that is decided is known by its state, not by its age.
    fn jsapi_trade(&self, prepay_id: &str, now: Timestamp, late: bool) -> Result<&Trade, JsapiRefusal> {
        let of_jsapi = |trade: &&Trade| trade.trade_type == TradeType::Jsapi;
        let unknown = || JsapiRefusal::stale("There is no such prepay_id.");
        let trade = self.trade_of(prepay_id).filter(of_jsapi).ok_or_else(unknown)?;
        let handle = self.handles.get(prepay_id).ok_or_else(unknown)?;
        let too_old = !late && now >= handle.expires_at && now < trade.time_expire;
        if trade.trade_state.is_open() && (too_old || trade.handle != prepay_id) {
            return Err(JsapiRefusal::stale("The prepay_id is out of date."));
        }
        Ok(trade)
    }
}

fn params(params: &Map<String, Value>) -> Result<Params<'_>, JsapiRefusal> {
    let text = |name: &str| match params.get(name) {
        Some(Value::String(value)) if !value.is_empty() => Ok(value.as_str()),
        Some(Value::String(_)) | None => Err(JsapiRefusal::fails(
            format!("缺少参数 {name}"),
            format!("{name} is missing; names are case-sensitive."),
        )),
        Some(other) => {
            Err(JsapiRefusal::fails(format!("参数 {name} 类型错误"), format!("{name} must be a string, not {other}.")))
        }
    };
    let app_id = text("appId")?;
    let time_stamp = text("timeStamp")?;
    let nonce_str = text("nonceStr")?;
    let package = text("package")?;
    let sign_type = text("signType")?;
    let pay_sign = text("paySign")?;
    if nonce_str.chars().count() > 32 {
        return Err(JsapiRefusal::fails("参数 nonceStr 错误", "nonceStr has more than 32 characters."));
    }
    // MD5 and HMAC-SHA256 are of the older API; this merchant has an APIv3 key only.
    if sign_type != "RSA" {
        return Err(JsapiRefusal::fails("参数 signType 错误", format!("signType is {sign_type}, not RSA.")));
    }
    let prepay_id = package.strip_prefix("prepay_id=").filter(|id| !id.is_empty());
    let prepay_id = prepay_id.ok_or_else(|| JsapiRefusal::stale("package is not prepay_id= and a prepay id."))?;
    Ok(Params { signed: Signed { app_id, time_stamp, nonce_str, package }, prepay_id, pay_sign })
}

/// Seconds, near the clock. WeChat's words for this are in no source; these are the sandbox's.
fn check_time(time_stamp: &str, now: Timestamp) -> Result<(), JsapiRefusal> {
    let wrong = |gloss: &str| JsapiRefusal::fails("参数 timeStamp 错误", gloss);
    let is_digits = time_stamp.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = time_stamp.parse::<i64>().ok().filter(|_| is_digits).ok_or_else(|| wrong("It is not a number."))?;
    let off_s = seconds.saturating_sub(now.millis() / 1000).saturating_abs();
    if off_s <= TIME_STAMP_OFF_S_MAX {
        return Ok(());
    }
    let in_millis = (seconds / 1000).saturating_sub(now.millis() / 1000).saturating_abs() <= TIME_STAMP_OFF_S_MAX;
    Err(wrong(if in_millis { "timeStamp is in milliseconds." } else { "timeStamp is hours off." }))
}

/// Whether a page may pay here: `/` stands for the domain and every page on it, a deeper directory for its own pages
/// only. Case matters, the query does not (docs/platform.md, 1.5).
fn allows(directories: Option<&[String]>, url: &str) -> bool {
    let Some(directories) = directories else { return true };
    let Ok(url) = Url::parse(url) else { return false };
    let directory = url.path().rfind('/').and_then(|slash| url.path().get(..=slash)).unwrap_or("/");
    directories.iter().any(|allowed| allowed == "/" || allowed == directory)
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn a_directory_is_matched_as_the_platform_does() {
        let allowed = |directories: &[&str], url| {
            let directories: Vec<_> = directories.iter().map(|&directory| directory.to_owned()).collect();
            allows(Some(&directories), url)
        };
        const PAGE: &str = "http://127.0.0.1:8088/wechat/cashier/?order=1&token=2";
        assert!(allows(None, "nothing"));
        assert!(allowed(&["/"], PAGE));
        assert!(allowed(&["/wechat/cashier/"], PAGE));
        assert!(allowed(&["/elsewhere/", "/wechat/cashier/"], PAGE));
        assert!(allowed(&["/wechat/cashier/"], "http://127.0.0.1/wechat/cashier/index.html#top"));
        // Neither the parent nor the child, nor another case, nor without its end.
        for other in ["/wechat/", "/wechat/cashier/sub/", "/WeChat/cashier/", "/wechat/cashier"] {
            assert!(!allowed(&[other], PAGE), "{other}");
        }
        assert!(!allowed(&[], PAGE));
        assert!(!allowed(&["/"], "nothing"));
    }
}
