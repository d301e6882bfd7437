//! What WeChat Pay says of its own accord.

use std::sync::atomic::Ordering;

use axum::http::HeaderMap;

use super::wechat::Tells;
use super::{Backend, Problem};
use crate::domain::{Fact, Report, Source};
use crate::metrics;
use crate::store::Entry;

/// What is answered to a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It is written down: it need not come again.
    Yes,
    /// It is not WeChat Pay's, or cannot be read. The text says why, and holds nothing secret.
    Refused(String),
    /// It cannot be written down now: it has to come again.
    Later,
}

impl Backend {
    /// Verifies a notification, and writes down what it says before it is answered.
    pub async fn notified(&self, headers: &HeaderMap, body: &[u8]) -> Heard {
        let tells = match self.wechat_pay().notification(headers, body) {
            Ok(Some(tells)) => tells,
            Ok(None) => {
                metrics::notified("taken");
                return Heard::Yes;
            }
            Err(why) => {
                metrics::notified("refused");
                self.0.refused_notifications.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(why, "a notification was refused");
                return Heard::Refused(why);
            }
        };
        let written = match tells {
            Tells::Payment(report) => self.take_in(report).await,
            Tells::Refund(report) => {
                let number = report.out_trade_no.clone();
                self.take_in_fact(&number, Fact::RefundReported { source: Source::Notification, report }).await
            }
        };
        match written {
            Ok(()) => {
                metrics::notified("taken");
                Heard::Yes
            }
            Err(problem) => {
                metrics::notified("later");
                tracing::error!(why = problem.detail, "a notification could not be written down");
                Heard::Later
            }
        }
    }

    /// Takes in what the platform of a method of the merchant's own tells. Its gateway has verified it.
    ///
    /// # Errors
    /// It cannot be written down now.
    pub async fn told(&self, report: Report) -> Result<(), Problem> {
        self.take_in(report).await
    }

    async fn take_in(&self, report: Report) -> Result<(), Problem> {
        let number = report.out_trade_no.clone();
        self.take_in_fact(&number, Fact::Reported { source: Source::Notification, report }).await
    }

    async fn take_in_fact(&self, out_trade_no: &str, fact: Fact) -> Result<(), Problem> {
        let Some(order_id) = self.store().order_of(out_trade_no).await? else {
            tracing::error!(out_trade_no, "alarm: WeChat Pay tells of a number that is no order's");
            let body = match &fact {
                Fact::Reported { report, .. } => serde_json::to_string(report),
                fact => serde_json::to_string(fact),
            };
            let entry =
                Entry { at: self.clock().now(), kind: "notification".to_owned(), body: body.unwrap_or_default() };
            return Ok(self.store().keep_unmatched(&entry).await?);
        };
        self.change(&order_id, |_, _| vec![fact.clone()]).await.map(|_| ())
    }
}
