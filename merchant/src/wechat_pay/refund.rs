//! Refunds: asked for, asked about, and as the platform tells of them
//! (<https://pay.weixin.qq.com/doc/v3/merchant/4013071036>, 4013071041, 4013071196).

use axum::http::Method;
use serde::{Deserialize, Serialize};
use wechat_cashier::contract::Timestamp;

use super::client::escaped;
use super::error::Error;
use super::payee::Payee;
use super::verify::Unverified;

/// The target of the calls.
const TARGET: &str = "/v3/refund/domestic/refunds";

/// A refund to be asked for. Sent again under the same number with the same values it is the same refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct NewRefund<'a> {
    /// The platform's number of the payment.
    pub transaction_id: &'a str,
    /// The merchant's number of the refund.
    pub out_refund_no: &'a str,
    /// Why, in words for the payer: 80 bytes at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
    /// Where the end is told.
    pub notify_url: &'a str,
    /// How much of how much.
    pub amount: NewAmount<'a>,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_mchid: Option<&'a str>,
    #[serde(flatten)]
    refund: &'a NewRefund<'a>,
}

/// Amounts in the currency's smallest unit (fen).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct NewAmount<'a> {
    /// What goes back.
    pub refund: i64,
    /// What the order asked for.
    pub total: i64,
    /// The order's currency.
    pub currency: &'a str,
}

/// A refund as the platform tells of it. Fields that are not known here are passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The merchant's number, which only a notification has; a service provider's is called `sp_mchid`.
    #[serde(default, alias = "sp_mchid", skip_serializing_if = "Option::is_none")]
    pub mchid: Option<String>,
    /// The sub-merchant's number, which only a notification has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_mchid: Option<String>,
    /// The platform's number of the refund.
    pub refund_id: String,
    /// The merchant's.
    pub out_refund_no: String,
    /// The platform's number of the payment.
    pub transaction_id: String,
    /// The merchant's number of the order.
    pub out_trade_no: String,
    /// Its state; in a notification this is called `refund_status`.
    #[serde(alias = "refund_status")]
    pub status: RefundStatus,
    /// When the money went back, in RFC 3339, as it came. See [`Refund::went_back_at`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success_time: Option<String>,
    /// Where it went, in words, in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_received_account: Option<String>,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<RefundAmount>,
}

/// Amounts in the currency's smallest unit (fen).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundAmount {
    /// What the order asked for.
    pub total: i64,
    /// What goes back.
    pub refund: i64,
    /// The order's currency, which a notification does not have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// The state of a refund at the platform. In JSON, its word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RefundStatus {
    /// The money went back.
    Success,
    /// Closed: the money stays.
    Closed,
    /// Under way.
    Processing,
    /// The payer's account does not take it: a person has to say where it goes.
    Abnormal,
    /// A word that is not known here. Nothing follows from it.
    #[serde(untagged)]
    Unknown(String),
}

impl Refund {
    /// When the money went back. None where `success_time` is missing or no time.
    #[must_use]
    pub fn went_back_at(&self) -> Option<Timestamp> {
        self.success_time.as_deref().and_then(Timestamp::parse)
    }
}

impl Payee<'_> {
    /// Asks for money to go back. That the platform has taken the request does not mean that it has gone: see the status.
    ///
    /// # Errors
    /// See [`Error`]. After all but a refusal the refund may exist: send the same again, under the same number alone.
    pub async fn refund(&self, refund: &NewRefund<'_>) -> Result<Refund, Error> {
        let body = Body { sub_mchid: self.sub.map(|sub| sub.mchid), refund };
        let body = serde_json::to_string(&body).map_err(|_| Error::NotSent { why: "no request can be written" })?;
        let answer: Refund = self.client.exchange.call(Method::POST, TARGET, Some(&body)).await?.json()?;
        self.is_of(&answer, refund.out_refund_no)?;
        if answer.transaction_id != refund.transaction_id {
            return Err(Error::unverified(Unverified::OtherOrder));
        }
        Ok(answer)
    }

    /// Asks what became of a refund.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn query_refund(&self, out_refund_no: &str) -> Result<Refund, Error> {
        let of = self.sub.map(|sub| format!("?sub_mchid={}", escaped(sub.mchid))).unwrap_or_default();
        let target = format!("{TARGET}/{}{of}", escaped(out_refund_no));
        let answer: Refund = self.client.exchange.call(Method::GET, &target, None).await?.json()?;
        self.is_of(&answer, out_refund_no)?;
        Ok(answer)
    }

    /// What is signed may be an answer to another question.
    fn is_of(&self, answer: &Refund, out_refund_no: &str) -> Result<(), Error> {
        let is_ours = answer.mchid.as_deref().is_none_or(|mchid| self.is(mchid, answer.sub_mchid.as_deref()));
        match answer.out_refund_no == out_refund_no && is_ours {
            true => Ok(()),
            false => Err(Error::unverified(Unverified::OtherOrder)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Refund, RefundStatus};

    #[test]
    fn an_answer_and_a_notification_are_read_alike() {
        let answer = r#"{"refund_id":"50000000382019052709732678859","out_refund_no":"A-1-R1","transaction_id":"4200",
            "out_trade_no":"A-1","channel":"ORIGINAL","create_time":"2026-11-30T10:00:00+08:00","status":"PROCESSING",
            "amount":{"total":100,"refund":40,"payer_total":100,"payer_refund":40,"currency":"CNY","from":[]}}"#;
        let answer: Refund = serde_json::from_str(answer).unwrap();
        assert_eq!((answer.status, answer.mchid.as_deref()), (RefundStatus::Processing, None));
        assert_eq!(answer.amount.unwrap().currency.as_deref(), Some("CNY"));
        let told = r#"{"mchid":"1900000100","transaction_id":"4200","out_trade_no":"A-1","refund_id":"5000",
            "out_refund_no":"A-1-R1","refund_status":"LOST","success_time":"2018-06-08T10:34:56+08:00",
            "amount":{"total":100,"refund":40,"payer_total":100,"payer_refund":40}}"#;
        let told: Refund = serde_json::from_str(told).unwrap();
        assert_eq!(
            (&told.status, told.mchid.as_deref()),
            (&RefundStatus::Unknown("LOST".to_owned()), Some("1900000100"))
        );
        assert_eq!(told.went_back_at().unwrap().to_rfc3339().as_deref(), Some("2018-06-08T02:34:56Z"));
    }
}
