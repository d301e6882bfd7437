//! A refund as it is asked for, by the shop's program or by a person at the console: the same rules, and the same digest for the
//! same wish, so that what comes twice goes back once.

use aws_lc_rs::digest;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use wechat_cashier::contract::Money;

use crate::domain::{RefundAsk, RefundOf};
use crate::service::Problem;

/// WeChat Pay's bound for a reason, in bytes (<https://pay.weixin.qq.com/doc/v3/merchant/4013071036>).
pub(super) const REASON_BYTES_MAX: usize = 80;

/// What the backend is asked.
pub(super) fn refund_ask(
    key: String,
    of: RefundOf,
    amount: Option<Money>,
    reason: Option<String>,
) -> Result<RefundAsk, Problem> {
    if let Some(reason) = &reason {
        check_reason(reason)?;
    }
    let body_digest = digest_of(&of, amount.as_ref(), reason.as_deref());
    Ok(RefundAsk { key, body_digest, of, amount, reason })
}

pub(super) fn check_reason(reason: &str) -> Result<(), Problem> {
    let bytes = reason.len();
    if !(1..=REASON_BYTES_MAX).contains(&bytes) {
        return Err(Problem::invalid(format!("reason: expected 1 to {REASON_BYTES_MAX} bytes, got {bytes}")));
    }
    // As with a description (docs/platform.md, 7.4).
    match reason.chars().find(|char| char.len_utf8() > 3 || char.is_control()) {
        Some(wide) => {
            let detail = format!("reason: WeChat Pay does not take the character {}", wide.escape_unicode());
            Err(Problem::invalid(detail))
        }
        None => Ok(()),
    }
}

/// The same values, whatever their order and white space.
fn digest_of(of: &RefundOf, amount: Option<&Money>, reason: Option<&str>) -> String {
    let amount = amount.map(|amount| format!("{} {}", amount.value, amount.currency.code()));
    let (kind, number) = match of {
        RefundOf::ThePayment => ("the payment", None),
        RefundOf::TheSecondPayment => ("the second payment", None),
        RefundOf::Number(number) => ("the number", Some(number.as_str())),
    };
    let mut context = digest::Context::new(&digest::SHA256);
    for part in [Some(kind), number, amount.as_deref(), reason] {
        let part = part.unwrap_or_default();
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part.as_bytes());
    }
    BASE64_URL_SAFE_NO_PAD.encode(context.finish())
}
