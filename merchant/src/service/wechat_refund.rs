//! Refunds at WeChat Pay: the domain's in APIv3's calls, and what comes of them.

use super::gateway::{RefundFound, Refunding, Trouble};
use super::wechat::WeChatPay;
use crate::domain::{self, Order, RefundReport, RefundWord, SecondPayment};
use crate::wechat_pay::{Error, Meaning, NewAmount, NewRefund, Refund, RefundStatus, Refusal};

impl WeChatPay {
    /// What is done about second payments.
    pub(crate) fn refund_second_payment(&self) -> SecondPayment {
        self.settings().refund_second_payment
    }

    pub(super) async fn refunding(&self, order: &Order, refund: &domain::Refund) -> Result<Refunding, Trouble> {
        let trade = order.trade(&refund.out_trade_no);
        let Some((trade, receipt)) = trade.and_then(|trade| Some((trade, trade.receipt()?))) else {
            return Ok(Refunding::Not("it is not paid".to_owned()));
        };
        let asked = NewRefund {
            transaction_id: &receipt.transaction_id,
            out_refund_no: &refund.out_refund_no,
            reason: refund.reason.as_deref(),
            notify_url: self.settings().notify_url.as_str(),
            amount: NewAmount {
                refund: refund.amount,
                total: order.facts.amount.value,
                currency: order.facts.amount.currency.code(),
            },
        };
        let answered = match self.payee(order, trade) {
            Ok(payee) => payee.refund(&asked).await,
            Err(error) => Err(error),
        };
        match answered {
            Ok(refund) => Ok(Refunding::Said(report(refund))),
            Err(Error::Refused(refusal)) => match is_for_good(&refusal) {
                true => Ok(Refunding::Not(refusal.to_string())),
                false if is_held_up(&refusal) => Ok(Refunding::HeldUp(refusal.to_string())),
                false => Err(self.trouble(&Error::Refused(refusal))),
            },
            Err(error) => Err(self.trouble(&error)),
        }
    }

    pub(super) async fn refund_found(&self, order: &Order, refund: &domain::Refund) -> Result<RefundFound, Trouble> {
        let Some(trade) = order.trade(&refund.out_trade_no) else { return Ok(RefundFound::Nothing) };
        let answered = match self.payee(order, trade) {
            Ok(payee) => payee.query_refund(&refund.out_refund_no).await,
            Err(error) => Err(error),
        };
        match answered {
            Ok(refund) => Ok(RefundFound::Said(report(refund))),
            Err(Error::Refused(refusal)) if refusal.meaning() == Meaning::NotExist => Ok(RefundFound::Nothing),
            Err(error) => Err(self.trouble(&error)),
        }
    }
}

/// Whether the same request will be refused again, whatever a person does: it breaks a rule, or the payer's account is gone.
fn is_for_good(refusal: &Refusal) -> bool {
    let breaks_a_rule = ["INVALID_REQUEST", "USER_ACCOUNT_ABNORMAL"].contains(&refusal.code.as_str());
    breaks_a_rule && refusal.meaning() != Meaning::FrequencyLimited
        || matches!(refusal.meaning(), Meaning::ParamError | Meaning::NotExist)
}

/// Whether a person can help: the merchant's account has too little in it, or the merchant may not do this.
fn is_held_up(refusal: &Refusal) -> bool {
    ["NOT_ENOUGH", "NOTENOUGH"].contains(&refusal.code.as_str()) || refusal.meaning() == Meaning::NoAuth
}

pub(super) fn report(refund: Refund) -> RefundReport {
    let success_time = refund.went_back_at();
    let Refund { mchid, sub_mchid, refund_id, out_refund_no, transaction_id, out_trade_no, status, amount, .. } =
        refund;
    RefundReport {
        mchid,
        sub_mchid,
        out_trade_no,
        transaction_id,
        out_refund_no,
        refund_id,
        status: match status {
            RefundStatus::Success => RefundWord::Success,
            RefundStatus::Closed => RefundWord::Closed,
            RefundStatus::Processing => RefundWord::Processing,
            RefundStatus::Abnormal => RefundWord::Abnormal,
            RefundStatus::Unknown(word) => RefundWord::Unknown(word),
        },
        success_time,
        amount: amount.map(|amount| domain::RefundAmount {
            total: amount.total,
            refund: amount.refund,
            currency: amount.currency,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_for_good, is_held_up};
    use crate::wechat_pay::Refusal;

    #[test]
    fn what_is_refused_for_good_is_not_what_a_person_can_mend() {
        let refusal = |code: &str, number| Refusal {
            status: 400,
            code: code.to_owned(),
            message: String::new(),
            field: None,
            number,
            request_id: None,
        };
        for code in ["INVALID_REQUEST", "PARAM_ERROR", "RESOURCE_NOT_EXISTS", "USER_ACCOUNT_ABNORMAL"] {
            let refusal = refusal(code, None);
            assert_eq!((is_for_good(&refusal), is_held_up(&refusal)), (true, false), "{code}");
        }
        for code in ["NOT_ENOUGH", "NO_AUTH"] {
            let refusal = refusal(code, None);
            assert_eq!((is_for_good(&refusal), is_held_up(&refusal)), (false, true), "{code}");
        }
        for code in ["SYSTEM_ERROR", "FREQUENCY_LIMITED", "SIGN_ERROR", "BIZ_ERR_NEED_RETRY"] {
            let refusal = refusal(code, None);
            assert_eq!((is_for_good(&refusal), is_held_up(&refusal)), (false, false), "{code}");
        }
        assert!(!is_for_good(&refusal("INVALID_REQUEST", Some(268_447_840))));
    }
}
