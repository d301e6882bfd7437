//! What the payer's phone says.

use serde::Serialize;

/// What the payer's phone says: WeChat's words, where a source has them, and what they mean in English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PayText {
    /// As the payer reads it.
    pub text: &'static str,
    /// In English, for who does not read Chinese.
    pub gloss: &'static str,
}

const fn say(text: &'static str, gloss: &'static str) -> PayText {
    PayText { text, gloss }
}

pub(super) const CODE_DEAD: PayText = say("二维码已过期", "The code has expired.");
pub(super) const OTHER_ACCOUNT: PayText = say(
    "商家订单信息有误,请重新下单支付",
    "The merchant's order is wrong, order again. (Another account has opened this code.)",
);
pub(super) const ALREADY_PAID: PayText = say("该订单已支付", "This order is paid already.");
pub(super) const ORDER_DEAD: PayText = say("该订单已失效", "This order is no longer valid.");
pub(super) const PAID: PayText = say("支付成功", "Paid.");
pub(super) const CANCELLED: PayText = say("已取消支付", "Cancelled. Nothing was paid.");
pub(super) const WRONG_PASSWORD: PayText = say("支付密码错误,请重试", "Wrong password, try again. Nothing was paid.");
pub(super) const NOT_SCANNED: PayText = say("请先扫描二维码", "Scan a code first.");

// docs/platform.md, 1.3.
pub(super) const NOT_THE_PAYER: PayText =
    say("下单账号与支付账号不一致", "The order was made for another WeChat account.");

// docs/platform.md, 4.
pub(crate) const H5_EXPIRED: PayText =
    say("支付请求已失效,请重新发起支付", "The pay request is older than five minutes, or another took its place.");
pub(super) const H5_OTHER_ACCOUNT: PayText =
    say("签名验证失败", "The signature does not verify. (Another account has opened this request.)");
pub(crate) const H5_NO_REFERER: PayText =
    say("商家参数格式有误,请联系商家解决", "The request came without a Referer, or without its parameters.");
pub(crate) const H5_OTHER_SITE: PayText = say(
    "商家存在未配置的参数,请联系商家解决",
    "The page that asks, or the one to come back to, is not under the merchant's H5 domain.",
);
pub(crate) const H5_IN_WECHAT: PayText =
    say("请在微信外打开订单,进行支付", "Open the order outside WeChat to pay by H5.");
