//! `getBrandWCPayRequest`: what WeChat says to a page that wants to be paid (docs/platform.md, 1.1, 1.3 and 1.5).

use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;
use wechat_cashier::contract::Timestamp;

use crate::ledger::{Bill, Ledger, Refusal, Trade, TradeType};
use crate::merchants::Merchants;

/// How far `timeStamp` may be from the clock: as long as a `prepay_id` lives, since parameters may be minted ahead.
const TIME_STAMP_OFF_S_MAX: i64 = 2 * 60 * 60;

/// The call that a page makes.
#[derive(Clone, Copy, Debug)]
pub(super) struct JsapiCall<'a> {
    /// The parameters, as the page gave them.
    pub(super) params: &'a Map<String, Value>,
    /// The page's address.
    pub(super) url: &'a str,
    /// Whose WeChat it is.
    pub(super) account: &'a str,
    /// A fault: the sheet counts as opened in time.
    pub(super) late: bool,
}

/// WeChat does not open the pay sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct JsapiRefusal {
    /// What the page's callback is told, letter for letter.
    pub(super) err_msg: String,
    /// What comes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) err_desc: Option<String>,
    /// What the payer reads.
    pub(super) text: String,
    /// In English.
    pub(super) gloss: String,
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
    app_id: &'a str,
    time_stamp: &'a str,
    nonce_str: &'a str,
    package: &'a str,
    prepay_id: &'a str,
    pay_sign: &'a str,
}

impl Params<'_> {
    /// The text under the signature: `signType` is not part of it (docs/platform.md, 1.1).
    fn message(&self) -> String {
        let Self { app_id, time_stamp, nonce_str, package, .. } = self;
        format!("{app_id}\n{time_stamp}\n{nonce_str}\n{package}\n")
    }
}

/// A page inside WeChat wants to be paid.
pub(super) fn open(
    ledger: &mut Ledger,
    merchants: &Merchants,
    call: JsapiCall<'_>,
    now: Timestamp,
) -> Result<Bill, JsapiRefusal> {
    let params = params(call.params)?;
    let trade = trade(ledger, params.prepay_id, now, call.late)?;
    let unknown = || JsapiRefusal::stale("There is no such prepay_id.");
    let known = merchants.get(&trade.key.mchid).ok_or_else(unknown)?;
    // The appid of the call must be that of the payer's openid in the prepay: a service provider's page or its sub-merchant's. It is the
    // one who has ordered that signs, the service provider.
    if !trade.awaited().any(|(appid, _)| appid == params.app_id) {
        return Err(JsapiRefusal::stale("appId is not the appid of the prepay request."));
    }
    let sub = trade.sub.as_ref().and_then(|sub| known.merchant.sub_merchant(&sub.mchid));
    // One of the two suffices (wechatpay-skills, 排障手册, 八).
    let subs = sub.and_then(|sub| sub.pay_directories.as_deref());
    let is_subs = || subs.is_some_and(|directories| allows(Some(directories), call.url));
    if !allows(known.merchant.pay_directories.as_deref(), call.url) && !is_subs() {
        let said = format!("当前页面的URL未注册:{}", call.url);
        return Err(JsapiRefusal::says(said, "The page is under none of the merchant's pay directories."));
    }
    check_time(params.time_stamp, now)?;
    if !known.key.verifies(params.message().as_bytes(), params.pay_sign) {
        return Err(JsapiRefusal::fails("支付验证签名失败", "paySign is not the merchant's over these parameters."));
    }
    let by = trade.handle.clone();
    ledger.open(&by, call.account, now, call.late).map_err(JsapiRefusal::from)
}

/// The trade behind a `prepay_id` that still works. One that is decided is known by its state, not by its age.
fn trade(ledger: &Ledger, prepay_id: &str, now: Timestamp, late: bool) -> Result<Trade, JsapiRefusal> {
    let unknown = || JsapiRefusal::stale("There is no such prepay_id.");
    let trade = ledger.trade_of(prepay_id).filter(|trade| trade.trade_type == TradeType::Jsapi).ok_or_else(unknown)?;
    let handle = ledger.handle(prepay_id).ok_or_else(unknown)?;
    let too_old = !late && now >= handle.expires_at && now < trade.time_expire;
    if trade.trade_state.is_open() && (too_old || trade.handle != prepay_id) {
        return Err(JsapiRefusal::stale("The prepay_id is out of date."));
    }
    Ok(trade.clone())
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
    // MD5 and HMAC-SHA256 are of the older API; an order of APIv3 is signed by RSA.
    if sign_type != "RSA" {
        return Err(JsapiRefusal::fails("参数 signType 错误", format!("signType is {sign_type}, not RSA.")));
    }
    let prepay_id = package.strip_prefix("prepay_id=").filter(|id| !id.is_empty());
    let prepay_id = prepay_id.ok_or_else(|| JsapiRefusal::stale("package is not prepay_id= and a prepay id."))?;
    Ok(Params { app_id, time_stamp, nonce_str, package, prepay_id, pay_sign })
}

/// Seconds, near the clock. WeChat's words for this are in no source; these are the simulator's.
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

/// Whether a page may pay here: an entry without a path stands for the domain and every page on it, a deeper one for its own pages only.
/// Case matters, the query does not (docs/platform.md, 1.5).
fn allows(directories: Option<&[String]>, url: &str) -> bool {
    let Some(directories) = directories else { return true };
    let Ok(url) = Url::parse(url) else { return false };
    let site = url.origin().ascii_serialization();
    let directory = url.path().rfind('/').and_then(|slash| url.path().get(..=slash)).unwrap_or("/");
    directories.iter().any(|allowed| {
        let path = allowed.strip_prefix(site.as_str());
        path == Some("/") || path == Some(directory)
    })
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn a_directory_is_matched_as_the_platform_does() {
        const PAGE: &str = "https://shop.example:8443/pay/cashier/?order=1&token=2";
        let allowed = |directories: &[&str], url| {
            let directories: Vec<_> = directories.iter().map(|&directory| directory.to_owned()).collect();
            allows(Some(&directories), url)
        };
        assert!(allows(None, "nothing"));
        assert!(allowed(&["https://shop.example:8443/"], PAGE));
        assert!(allowed(&["https://other.example/", "https://shop.example:8443/pay/cashier/"], PAGE));
        for other in [
            "https://shop.example/",
            "http://shop.example:8443/",
            "https://shop.example:8443/pay/",
            "https://shop.example:8443/pay/cashier/sub/",
            "https://shop.example:8443/Pay/cashier/",
            "https://shop.example:8443/pay/cashier",
            "https://shop.example:8443",
        ] {
            assert!(!allowed(&[other], PAGE), "{other}");
        }
        assert!(!allowed(&[], PAGE));
        assert!(!allowed(&["https://shop.example:8443/"], "nothing"));
    }
}
