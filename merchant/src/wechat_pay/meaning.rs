//! What a refusal means for the payment, out of its code and its internal number.

use super::error::Refusal;

/// What a refusal means. The codes have several spellings (docs/platform.md, 7.4, and the table of
/// <https://pay.weixin.qq.com/doc/v3/merchant/4012556398>), and the number says more than the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The order is paid already: query it.
    OrderPaid,
    /// Closed, expired or revoked: this number can be paid no more, a new one is needed.
    OrderClosed,
    /// The number is taken, by other parameters or another trade type.
    NumberUsed,
    /// The platform has no such order, or no such refund.
    NotExist,
    /// An order by payment code is reversed, not closed.
    ReverseOnly,
    /// The payer is entering a password: query again later.
    UserPaying,
    /// The payer's code is expired, used or none. The platform's words.
    AuthCodeInvalid(String),
    /// The payer cannot pay this: balance, bank, limit. The platform's words.
    PayerFailed(String),
    /// The merchant may not do this, or its account is limited.
    NoAuth,
    /// Our signature, serial number or clock.
    SignError,
    /// Our request.
    ParamError,
    /// The platform or a bank failed; what became of the request is not known. Query, or send the same request again, letter for
    /// letter.
    System,
    /// Too often: the same request again, later.
    FrequencyLimited,
    /// Anything else: nothing follows from it.
    Other,
}

impl Refusal {
    /// What it means.
    #[must_use]
    pub fn meaning(&self) -> Meaning {
        match (self.number.and_then(of_number), self.of_code()) {
            // "A parameter is wrong" is also said with a code that names which: the payer's code, for one.
            (Some(Meaning::ParamError) | None, by_code) if by_code != Meaning::Other => by_code,
            (Some(by_number), _) => by_number,
            (None, by_code) => by_code,
        }
    }

    fn of_code(&self) -> Meaning {
        let text = || self.message.clone();
        match self.code.as_str() {
            "ORDERPAID" | "ORDER_PAID" => Meaning::OrderPaid,
            "ORDERCLOSED" | "ORDER_CLOSED" | "ORDERREVERSED" | "ORDER_REVERSED" | "ORDER_REVOKED" => {
                Meaning::OrderClosed
            }
            "OUT_TRADE_NO_USED" => Meaning::NumberUsed,
            "ORDERNOTEXIST" | "ORDER_NOT_EXIST" | "RESOURCE_NOT_EXISTS" => Meaning::NotExist,
            "USERPAYING" | "USER_PAYING" | "ACCEPTED" => Meaning::UserPaying,
            "AUTHCODEEXPIRE" | "AUTH_CODE_EXPIRE" | "AUTH_CODE_EXPIRED" | "AUTH_CODE_ERROR" | "AUTH_CODE_INVALID"
            | "AUTHCODE_INVALID" => Meaning::AuthCodeInvalid(text()),
            "NOTENOUGH"
            | "NOT_ENOUGH"
            | "BUYER_MISMATCH"
            | "TRADE_ERROR"
            | "NOTSUPORTCARD"
            | "NOT_SUPPORT_CARD"
            | "USER_ACCOUNT_ABNORMAL"
            | "ACCOUNT_ERROR"
            | "ACCOUNTERROR" => Meaning::PayerFailed(text()),
            "NOAUTH" | "NO_AUTH" | "MCH_NOT_EXISTS" | "MCHID_NOT_EXIST" | "APPID_MCHID_NOT_MATCH" => Meaning::NoAuth,
            "SIGNERROR" | "SIGN_ERROR" => Meaning::SignError,
            "PARAM_ERROR" | "PARAMERROR" | "OPENID_MISMATCH" | "INVALID_TRANSACTIONID" => Meaning::ParamError,
            // A bank that fails has perhaps paid all the same.
            "SYSTEMERROR" | "SYSTEM_ERROR" | "SERVICE_UNAVAILABLE" | "BANKERROR" | "BANK_ERROR" => Meaning::System,
            "RATELIMIT_EXCEEDED"
            | "RATELIMIT_EXCEED"
            | "FREQUENCY_LIMITED"
            | "FREQUENCY_LIMIT_EXCEED"
            | "RATE_LIMITED" => Meaning::FrequencyLimited,
            // Some answers name the rule in their words only.
            "INVALID_REQUEST" => match self.message.as_str() {
                words if words.contains("订单已支付") => Meaning::OrderPaid,
                words if words.contains("订单已关闭") || words.contains("订单已失效") => Meaning::OrderClosed,
                words if words.contains("参数与首次请求时不一致") || words.contains("商户订单号重复") => {
                    Meaning::NumberUsed
                }
                _ => Meaning::Other,
            },
            _ => Meaning::Other,
        }
    }
}

/// docs/platform.md, 7.4.
fn of_number(number: u64) -> Option<Meaning> {
    Some(match number {
        268_449_538 | 268_498_689 => Meaning::OrderPaid,
        268_447_914 => Meaning::OrderClosed,
        268_498_688 => Meaning::NumberUsed,
        268_512_771 => Meaning::NotExist,
        268_449_641 => Meaning::ReverseOnly,
        268_443_701 | 268_443_715 | 268_445_527 | 268_448_010 => Meaning::NoAuth,
        268_443_699 => Meaning::SignError,
        268_435_461 | 268_435_464 | 268_443_704 | 268_443_705 | 268_447_843 | 268_447_845 | 268_501_013
        | 270_924_358 => Meaning::ParamError,
        268_447_840 => Meaning::FrequencyLimited,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::error::Refusal;
    use super::Meaning;

    fn meaning(code: &str, message: &str, number: Option<u64>) -> Meaning {
        let (code, message) = (code.to_owned(), message.to_owned());
        Refusal { status: 400, code, message, field: None, number, request_id: None }.meaning()
    }

    #[test]
    fn every_spelling_means_the_same() {
        for (codes, means) in [
            (["ORDERPAID", "ORDER_PAID"], Meaning::OrderPaid),
            (["ORDERNOTEXIST", "ORDER_NOT_EXIST"], Meaning::NotExist),
            (["ORDERCLOSED", "ORDER_CLOSED"], Meaning::OrderClosed),
            (["NOAUTH", "NO_AUTH"], Meaning::NoAuth),
            (["SYSTEMERROR", "SYSTEM_ERROR"], Meaning::System),
            (["FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED"], Meaning::FrequencyLimited),
        ] {
            for code in codes {
                assert_eq!(meaning(code, "", None), means, "{code}");
            }
        }
    }

    #[test]
    fn the_number_says_more_than_the_code() {
        assert_eq!(meaning("INVALID_REQUEST", "", Some(268_449_538)), Meaning::OrderPaid);
        assert_eq!(meaning("INVALID_REQUEST", "", Some(268_449_641)), Meaning::ReverseOnly);
        assert_eq!(meaning("ORDER_NOT_EXIST", "", Some(1)), Meaning::NotExist);
        let unknown = meaning("AUTH_CODE_ERROR", "付款码无效", Some(268_435_461));
        assert_eq!(unknown, Meaning::AuthCodeInvalid("付款码无效".to_owned()));
        assert_eq!(meaning("INVALID_REQUEST", "", Some(268_435_461)), Meaning::ParamError);
        let expired = Meaning::AuthCodeInvalid("付款码已过期".to_owned());
        assert_eq!(meaning("AUTH_CODE_INVALID", "付款码已过期", Some(268_435_461)), expired);
        assert_eq!(meaning("INVALID_REQUEST", "", Some(268_435_461)), Meaning::ParamError);
    }

    #[test]
    fn what_is_not_known_means_nothing() {
        assert_eq!(meaning("INVALID_REQUEST", "参数错误", None), Meaning::Other);
        assert_eq!(meaning("order_paid", "", None), Meaning::Other);
        assert_eq!(meaning("INVALID_REQUEST", "该订单已支付", None), Meaning::OrderPaid);
        assert_eq!(meaning("NOT_ENOUGH", "余额不足", None), Meaning::PayerFailed("余额不足".to_owned()));
    }
}
