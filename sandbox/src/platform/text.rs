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
