//! How facts change refunds. Like all facts, they may come twice, late and in any order.

use wechat_cashier::contract::Timestamp;

use super::fit::misfit;
use super::{Refund, RefundReport, RefundState, RefundWord};
use crate::domain::{Order, Source, Strange, TradeState};

impl Order {
    /// It is wanted. Whatever the reason, no more is asked back than there is.
    pub(in crate::domain) fn refund_asked(&mut self, refund: Refund) {
        let is_known = self.refund(&refund.out_refund_no).is_some()
            || refund.key.is_some() && self.refunds.iter().any(|known| known.key == refund.key);
        if !is_known && (1..=self.left(&refund.out_trade_no)).contains(&refund.amount) {
            self.refunds.push(refund);
        }
    }

    pub(in crate::domain) fn refund_reported(&mut self, source: Source, report: RefundReport, at: Timestamp) {
        let number = report.out_trade_no.clone();
        let Some(refund) = self.refund(&report.out_refund_no) else {
            // The merchant's own pages at the platform can pay back too, and so can another system of its.
            return self.strange(at, number, Strange::RefundSeen);
        };
        if let Some(misfit) = misfit(self, refund, &report) {
            let number = refund.out_trade_no.clone();
            if source != Source::Notification
                && let Some(refund) = self.refund_mut(&report.out_refund_no).filter(|refund| refund.is_under_way())
            {
                refund.failed(at);
            }
            return self.strange(at, number, Strange::RefundMisfit { source, misfit, report });
        }
        let before = refund.state;
        let after = match (&report.status, before) {
            (RefundWord::Success, _) => RefundState::Success,
            // Only money that went back is said after the end. It was closed once, or abnormal: that is said again late.
            (_, RefundState::Success) => before,
            (RefundWord::Closed, _) => RefundState::Closed,
            (_, RefundState::Closed) => before,
            (RefundWord::Abnormal, _) => RefundState::Abnormal,
            // A person may have it sent again: the end is heard of.
            (RefundWord::Processing, RefundState::Abnormal) => before,
            (RefundWord::Processing, _) => RefundState::Processing,
            (RefundWord::Unknown(word), _) => {
                let word = word.clone();
                self.strange(at, number.clone(), Strange::UnknownState { word });
                match before {
                    RefundState::Asked | RefundState::Doubtful | RefundState::Refused => RefundState::Processing,
                    known => known,
                }
            }
        };
        let contradicts = matches!(
            (before, &report.status),
            (RefundState::Closed, RefundWord::Success) | (RefundState::Success, RefundWord::Closed)
        );
        let out_refund_no = report.out_refund_no.clone();
        if let Some(refund) = self.refund_mut(&out_refund_no) {
            refund.state = after;
            refund.taken_at.get_or_insert(at);
            refund.refund_id.get_or_insert_with(|| report.refund_id.clone());
            if after == RefundState::Success {
                refund.success_time = refund.success_time.or(report.success_time);
            }
            if source != Source::Notification {
                refund.failures = 0;
            }
            if source == Source::Query {
                refund.queried_at = Some(at);
            }
        }
        if contradicts {
            self.strange(at, number.clone(), Strange::RefundContradiction { report });
        }
        if before != after {
            match after {
                RefundState::Abnormal => self.strange(at, number.clone(), Strange::RefundAbnormal { out_refund_no }),
                RefundState::Closed => self.strange(at, number.clone(), Strange::RefundClosed { out_refund_no }),
                _ => {}
            }
        }
        self.went_back(&number);
    }

    /// WeChat Pay did not take it. A request before it, of which nothing was heard, may still come there.
    pub(in crate::domain) fn refund_refused(&mut self, out_refund_no: &str, why: String, at: Timestamp) {
        let Some(refund) = self.refund_mut(out_refund_no).filter(|refund| refund.state == RefundState::Asked) else {
            return;
        };
        if refund.failures > 0 {
            refund.state = RefundState::Doubtful;
            refund.why = Some(why);
            return;
        }
        self.refund_never_came(out_refund_no, why, at);
    }

    /// WeChat Pay has no refund of this number.
    pub(in crate::domain) fn refund_not_found(&mut self, out_refund_no: &str, at: Timestamp) {
        let Some(refund) = self.refund_mut(out_refund_no) else { return };
        refund.queried_at = Some(at);
        match refund.state {
            RefundState::Doubtful => {
                let why = refund.why.clone().unwrap_or_default();
                self.refund_never_came(out_refund_no, why, at);
            }
            // What it had cannot be gone: its books lag behind.
            RefundState::Asked | RefundState::Processing | RefundState::Abnormal => refund.failed(at),
            RefundState::Success | RefundState::Closed | RefundState::Refused => {}
        }
    }

    /// It is not known what came of a request or a question. What WeChat Pay says a person can help: no money in the
    /// merchant's account, as a rule.
    pub(in crate::domain) fn refund_failed(
        &mut self,
        out_refund_no: &str,
        needs_a_person: Option<String>,
        at: Timestamp,
    ) {
        let Some(refund) = self.refund_mut(out_refund_no).filter(|refund| refund.is_under_way()) else { return };
        refund.failed(at);
        let number = refund.out_trade_no.clone();
        if let Some(why) = needs_a_person {
            let out_refund_no = out_refund_no.to_owned();
            self.strange(at, number, Strange::RefundHeldUp { out_refund_no, why });
        }
    }

    fn refund_never_came(&mut self, out_refund_no: &str, why: String, at: Timestamp) {
        let Some(refund) = self.refund_mut(out_refund_no) else { return };
        refund.state = RefundState::Refused;
        refund.why = Some(why.clone());
        let (number, out_refund_no) = (refund.out_trade_no.clone(), out_refund_no.to_owned());
        self.strange(at, number, Strange::RefundRefused { out_refund_no, why });
    }

    /// Whether all of a trade's money went back.
    fn went_back(&mut self, out_trade_no: &str) {
        let back = self.refunds_of(out_trade_no).filter(|refund| refund.state == RefundState::Success);
        let back = back.fold(0_i64, |sum, refund| sum.saturating_add(refund.amount));
        let is_all = back >= self.facts.amount.value;
        if let Some(trade) = self.trade_mut(out_trade_no)
            && let TradeState::Paid(receipt) = &mut trade.state
        {
            receipt.refunded |= is_all;
        }
    }

    fn refund_mut(&mut self, out_refund_no: &str) -> Option<&mut Refund> {
        self.refunds.iter_mut().find(|refund| refund.out_refund_no == out_refund_no)
    }
}
