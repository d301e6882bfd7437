//! The table of `docs/wechat.md` that tells what WeChat says when it does not work: written from here, by what
//! [`read`] makes of each text.

use super::{CAUSES, Cause, Said, has, read};

/// A text, and what is wrong then and sets it right.
struct Row(&'static str, &'static str);

/// docs/platform.md, 1.3, with what its sources say of each.
const ROWS: &[Row] = &[
    Row(
        "调用支付JSAPI缺少参数:total_fee",
        "The `prepay_id` is older than 2 hours, or `appId` is not the one that it was made with, or `package` is not `prepay_id=…`. Answer with new parameters to every request that has `replaces`",
    ),
    Row("该订单已失效", "The order is closed, or its `time_expire` is past: place it anew with another `out_trade_no`"),
    Row(
        "当前页面的URL未注册:https://…",
        "The page is in none of the [payment directories](#the-payment-directory-支付授权目录). iOS compares the address at which the page was entered: enter the cashier by a full load",
    ),
    Row(
        "缺少参数 appId",
        "A parameter is missing, or its name is not spelt as it must be. The cashier refuses such an answer before WeChat sees it",
    ),
    Row(
        "get_brand_wcpay_request:fail_invalid appid",
        "The payment directory, the page's domain and the appid do not belong together",
    ),
    Row("get_brand_wcpay_request:fail_invalid_data", "A parameter has a value that WeChat does not take"),
    Row(
        "支付验证签名失败",
        "`paySign` is not over these parameters with this merchant's key, or a parameter was changed after it was signed",
    ),
    Row("支付场景非法", "The `prepay_id` is of another kind of payment: it must come from JSAPI 下单"),
    Row(
        "chooseWXPay:fail, the permission value is offline verifying",
        "An emulator or the developer tools: try on a phone. With `chooseWXPay`, also a `wx.config` that failed",
    ),
    Row(
        "config:invalid signature",
        "`wx.config` failed. The cashier calls `WeixinJSBridge`, which needs none; so some other script on the page did",
    ),
    Row("config:fail, invalid url domain", "As above: JS接口安全域名 lacks the page's domain"),
    Row(
        "get_brand_wcpay_request:fail_no permission to execute",
        "On an iPhone: the appid or the page may not use this call; look at the payment directory and the appid",
    ),
    Row("getBrandWCPayRequest:fail_nopermission", "WeCom: the corporate app has no right to pay"),
    Row(
        "navigateTo:fail page \"pages/pay\" is not found",
        "The `path` of `open_mini_program` is not among the mini-program's `pages`",
    ),
    Row("navigateTo:fail can not navigateTo a tabbar page", "The pay page must not be one of the mini-program's tabs"),
    Row("getBrandWCPayRequest:fail_nosupport", "WeCom on HarmonyOS cannot"),
    Row(
        "system:access_denied",
        "A mini-program's web-view, where JSAPI is not let through; or the page's address is too long: keep its query short",
    ),
    Row("system:function_not_exist", "This WeChat does not have the function"),
    Row("该商户暂不支持通过外部拉起微信完成支付", "The link was opened outside WeChat"),
    Row(
        "WeixinJSBridge already exists",
        "HarmonyOS: the call did not come from a tap. The cashier only calls from one, so another script on the page, or an old WeChat",
    ),
    Row("invokeMiniProgramAPI:permission denied", "The same, in a mini-program"),
    Row(
        "下单账号与支付账号不一致",
        "The `openid` of the order is another payer's: forget it and answer with the OAuth address again",
    ),
    Row("商家暂时没有此类交易权限", "The merchant may not take such payments: ask WeChat Pay's support"),
    Row("今日收款超出单日收款最大金额", "The merchant's daily limit is reached"),
    Row("该订单已支付", "The order is paid: nothing is to be set right, but your backend did not know"),
    Row(
        "get_brand_wcpay_request:fail",
        "WeChat says no more than that. Some phones say so where others name the payment directory",
    ),
    Row("wx_result_fail", "The same"),
];

/// What WeChat does not say.
const MISSING: [(&str, Cause, &str); 2] = [
    ("no `WeixinJSBridge` within 4 seconds", Cause::NoBridge, "The page is not in WeChat after all, or WeChat is slow"),
    (
        "no JS-SDK in a mini-program",
        Cause::NoSdk,
        "The address of the JS-SDK does not answer, or the page's CSP does not allow it",
    ),
];

const BEGIN: &str = "<!-- What WeChat says, written by src/core/bridge/document.rs -->\n";
const END: &str = "<!-- / -->";

fn table() -> String {
    let mut table = "\n| WeChat says | `cause` | what is wrong, and what sets it right |\n|---|---|---|\n".to_owned();
    for Row(said, remedy) in ROWS {
        let Some(Said::Failed(cause)) = read(said) else { panic!("{said} is no failure") };
        table += &format!("| `{said}` | `{}` | {remedy}. |\n", cause.word());
    }
    for (missing, cause, remedy) in MISSING {
        table += &format!("| ({missing}) | `{}` | {remedy}. |\n", cause.word());
    }
    table + "\n"
}

#[test]
fn the_document_says_what_is_made_of_each_text() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/wechat.md");
    let document = std::fs::read_to_string(path).unwrap();
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    let table = table();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, [before, BEGIN, &table, END, after].concat()).unwrap();
    } else {
        assert!(
            written == table,
            "docs/wechat.md does not say what the bridge does. To write it anew: UPDATE_GOLDEN=1 cargo test --lib document"
        );
    }
}

#[test]
fn every_text_that_is_known_is_in_the_document() {
    /// Not sentences of WeChat's own: the same in Traditional Chinese, as numbers, or in another spelling.
    const VARIANTS: [&str; 19] = [
        "url未註冊",
        "訂單已支付",
        "268449538",
        "268498689",
        "orderpaid",
        "訂單已失效",
        "268447914",
        "expired",
        "帳號不一致",
        "交易權限",
        "單日收款",
        "notsupport",
        "缺少參數",
        "簽名失敗",
        "支付場景非法",
        "permissiondenied",
        "totalfee",
        "nopermission",
        "config:",
    ];
    for (words, cause) in CAUSES {
        let shown =
            ROWS.iter().any(|Row(said, _)| has(&super::fold(said), words) && read(said) == Some(Said::Failed(cause)));
        assert!(shown || VARIANTS.contains(&words), "{words} has no row");
    }
}
