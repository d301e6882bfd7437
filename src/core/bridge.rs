//! What WeChat answers to a call for payment, read for what it means to the payer.
//!
//! No answer settles anything: `ok` is "not absolutely reliable" by WeChat's own word, and the order's state comes from
//! the backend alone (docs/platform.md, 1.3, field problem 11).

use super::environment::has;

/// What went wrong in WeChat, as far as the payer can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The parameters are out of date: new ones may work.
    Stale,
    /// The page's address is under none of the merchant's payment directories (支付授权目录).
    UrlNotRegistered,
    /// Something else that the merchant must set right.
    Setup,
    /// Here this cannot be paid by JSAPI.
    NotSupported,
    /// HarmonyOS did not see the tap that this call came from.
    NoGesture,
    /// The order was made for another WeChat account.
    OtherAccount,
    /// The merchant may not take this payment, or no more today.
    Limit,
    /// The order is paid already.
    AlreadyPaid,
    /// `WeixinJSBridge` never came.
    NoBridge,
    /// WeChat's JS-SDK did not load.
    NoSdk,
    /// WeChat said no more than that it failed.
    Failed,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 11] = [
        Self::Stale,
        Self::UrlNotRegistered,
        Self::Setup,
        Self::NotSupported,
        Self::NoGesture,
        Self::OtherAccount,
        Self::Limit,
        Self::AlreadyPaid,
        Self::NoBridge,
        Self::NoSdk,
        Self::Failed,
    ];

    /// A word for the merchant's support.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::UrlNotRegistered => "url_not_registered",
            Self::Setup => "setup",
            Self::NotSupported => "not_supported",
            Self::NoGesture => "no_gesture",
            Self::OtherAccount => "other_account",
            Self::Limit => "limit",
            Self::AlreadyPaid => "already_paid",
            Self::NoBridge => "no_bridge",
            Self::NoSdk => "no_sdk",
            Self::Failed => "failed",
        }
    }
}

/// An answer of WeChat's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It says that the payer has paid; the backend is to be asked.
    Ok,
    /// The payer left.
    Cancelled,
    /// It did not work.
    Failed(Cause),
}

/// Names of the call in answers, as [`fold`] leaves them: `get_brand_wcpay_request`, `getBrandWCPayRequest`, and
/// `chooseWXPay` of the JS-SDK (docs/platform.md, 1.3, field problem 10).
const CALLS: [&str; 2] = ["getbrandwcpayrequest", "choosewxpay"];

/// What is in a text, as [`fold`] leaves it, and what it means; what counts most first. From docs/platform.md, 1.3
/// where nothing else is said; the Traditional spellings are there in case WeChat uses them where it is set to that,
/// which no source says.
const CAUSES: [(&str, Cause); 42] = [
    // First, because an address follows it.
    ("url未注册", Cause::UrlNotRegistered),
    ("url未註冊", Cause::UrlNotRegistered),
    ("订单已支付", Cause::AlreadyPaid),
    ("訂單已支付", Cause::AlreadyPaid),
    // The numbers and words of APIv3 and V2 for the same (docs/platform.md, 7.4).
    ("268449538", Cause::AlreadyPaid),
    ("268498689", Cause::AlreadyPaid),
    ("orderpaid", Cause::AlreadyPaid),
    // Says that a field is missing, means that the prepay_id is out of date (field problem 8).
    ("totalfee", Cause::Stale),
    ("订单已失效", Cause::Stale),
    ("訂單已失效", Cause::Stale),
    ("268447914", Cause::Stale),
    ("expired", Cause::Stale),
    ("账号不一致", Cause::OtherAccount),
    ("帳號不一致", Cause::OtherAccount),
    ("交易权限", Cause::Limit),
    ("交易權限", Cause::Limit),
    ("单日收款", Cause::Limit),
    ("單日收款", Cause::Limit),
    // HarmonyOS, where the call did not come from a tap (docs/platform.md, 1.6, field problem 16). Before "permission
    // denied".
    ("invokeminiprogramapi", Cause::NoGesture),
    ("weixinjsbridgealreadyexists", Cause::NoGesture),
    // In a mini-program's web-view, or for an address too long (field problems 14 and 15).
    ("accessdenied", Cause::NotSupported),
    ("nosupport", Cause::NotSupported),
    ("notsupport", Cause::NotSupported),
    ("functionnotexist", Cause::NotSupported),
    ("外部拉起微信", Cause::NotSupported),
    ("缺少参数", Cause::Setup),
    ("缺少參數", Cause::Setup),
    ("invalidappid", Cause::Setup),
    ("invaliddata", Cause::Setup),
    ("invalidsignature", Cause::Setup),
    ("invalidurldomain", Cause::Setup),
    ("签名失败", Cause::Setup),
    ("簽名失敗", Cause::Setup),
    ("支付场景非法", Cause::Setup),
    ("支付場景非法", Cause::Setup),
    ("nopermission", Cause::Setup),
    ("permissiondenied", Cause::Setup),
    // An emulator, or wx.config failed (field problem 17).
    ("offlineverifying", Cause::Setup),
    ("config:", Cause::Setup),
    // The mini-program's native pay page is not there, or is one of its tabs.
    ("isnotfound", Cause::Setup),
    ("tabbarpage", Cause::Setup),
    ("wxresultfail", Cause::Failed),
];

/// Reads an answer to `getBrandWCPayRequest`, or why the JS-SDK would not open a mini-program's page.
///
/// `said` is its texts (`err_msg` or `errMsg`, `err_code`, `err_desc`), one to a line. None: it is no answer to this call,
/// such as `pre_verify_jsapi:ok`, which WeChat 8.0.16 sends before the answer (docs/platform.md, 1.3); that is still to
/// come.
pub(super) fn read(said: &str) -> Option<Said> {
    let folded = fold(said);
    let result = folded.lines().find_map(|line| {
        let (name, result) = line.split_once(':')?;
        CALLS.contains(&name).then_some(result)
    });
    // An answer to some other call, if it went well, says nothing of this one.
    let cause = CAUSES
        .iter()
        .find(|(words, _)| folded.lines().any(|line| has(line, words) && (result.is_some() || !line.ends_with(":ok"))));
    let cause = cause.map(|&(_, cause)| cause);
    let Some(result) = result else { return cause.map(Said::Failed) };
    if result == "ok" {
        return Some(Said::Ok);
    }
    match cause {
        // Closing the dialog that tells what is wrong counts as leaving (docs/platform.md, 1.3): the cause is worth
        // more.
        Some(cause) => Some(Said::Failed(cause)),
        _ if result.starts_with("cancel") => Some(Said::Cancelled),
        _ => Some(Said::Failed(Cause::Failed)),
    }
}

/// In lower case and without `_` and blanks, which are used one for another (`fail_no permission to execute`).
fn fold(said: &str) -> String {
    let mut folded = String::with_capacity(said.len());
    for char in said.chars() {
        match char {
            '_' | ' ' | '\t' | '\r' => {}
            _ => folded.push(char.to_ascii_lowercase()),
        }
    }
    folded
}

#[cfg(test)]
mod document;
#[cfg(test)]
mod tests;
