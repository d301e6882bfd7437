//! Refunds: the shop asks for one, and its steps are carried out.

use wechat_cashier::contract::ProblemCode;

use super::carry::Carried;
use super::gateway::{Gateway, RefundFound, Refunding, Trouble};
use super::{Backend, Problem};
use crate::domain::{Fact, Order, Refund, RefundAsk, RefundAsked, Source, Step};

impl Backend {
    /// Gives money back. It is written before the platform hears of it: whatever happens then, it is asked for under this
    /// number until the platform has said what becomes of it.
    ///
    /// # Errors
    /// Nothing can go back, the key came with another body, there is no such order, or the database does not answer. That
    /// the platform does not answer, or has to be left alone for a minute, is no error: the refund is then in the state
    /// `asked`.
    pub async fn refund(&self, order_id: &str, ask: &RefundAsk) -> Result<(Order, Refund), Problem> {
        let _turn = self.turn(order_id).await;
        let mut asked = None;
        let order = self
            .change(order_id, |order, now| match asked.insert(order.ask_refund(ask, now)) {
                Ok(RefundAsked::New(refund)) => vec![Fact::RefundAsked { refund: refund.clone() }],
                Ok(RefundAsked::Known(_)) | Err(_) => Vec::new(),
            })
            .await?;
        let (number, is_new) = match asked {
            Some(Ok(RefundAsked::New(refund))) => (refund.out_refund_no, true),
            Some(Ok(RefundAsked::Known(refund))) => (refund.out_refund_no, false),
            Some(Err(refusal)) => return Err(refusal.into()),
            None => return Err(lost()),
        };
        let order = match is_new && order.is_refund_due(&number, self.clock().now()) {
            true => {
                let step = Step::Refund { out_refund_no: number.clone() };
                let Carried { facts, .. } = self.carry_out(&order, &step).await;
                self.change(order_id, |_, _| facts.clone()).await?
            }
            false => order,
        };
        let refund = order.refund(&number).cloned().ok_or_else(lost)?;
        Ok((order, refund))
    }

    /// A request for a refund, or a question about one.
    pub(super) async fn carry_refund(&self, order: &Order, step: &Step, out_refund_no: &str) -> Carried {
        let refund = order.refund(out_refund_no);
        let gateway = refund.and_then(|refund| self.gateway_of(order.trade(&refund.out_trade_no)?));
        let (Some(refund), Some(gateway)) = (refund, gateway) else {
            let why = format!("nothing here serves the method of {out_refund_no}");
            return failed(out_refund_no, why, true, None);
        };
        match step {
            Step::Refund { .. } => send(gateway, order, refund).await,
            _ => query(gateway, order, refund).await,
        }
    }
}

async fn send(gateway: &dyn Gateway, order: &Order, refund: &Refund) -> Carried {
    let out_refund_no = refund.out_refund_no.clone();
    match gateway.refund(order, refund).await {
        Ok(Refunding::Said(report)) => {
            Carried { facts: vec![Fact::RefundReported { source: Source::Refund, report }], trouble: None }
        }
        Ok(Refunding::Not(why)) => Carried { facts: vec![Fact::RefundRefused { out_refund_no, why }], trouble: None },
        Ok(Refunding::HeldUp(why)) => {
            let trouble = Trouble { why: why.clone(), retry_after_s: None, is_lasting: true };
            failed(&out_refund_no, why, true, Some(trouble))
        }
        Err(trouble) => failed(&out_refund_no, trouble.why.clone(), false, Some(trouble)),
    }
}

async fn query(gateway: &dyn Gateway, order: &Order, refund: &Refund) -> Carried {
    let out_refund_no = refund.out_refund_no.clone();
    match gateway.query_refund(order, refund).await {
        Ok(RefundFound::Said(report)) => {
            Carried { facts: vec![Fact::RefundReported { source: Source::Query, report }], trouble: None }
        }
        Ok(RefundFound::Nothing) => Carried { facts: vec![Fact::RefundNotFound { out_refund_no }], trouble: None },
        Err(trouble) => failed(&out_refund_no, trouble.why.clone(), false, Some(trouble)),
    }
}

fn failed(out_refund_no: &str, why: String, needs_a_person: bool, trouble: Option<Trouble>) -> Carried {
    tracing::warn!(out_refund_no, why, "the refund was not done");
    let out_refund_no = out_refund_no.to_owned();
    Carried { facts: vec![Fact::RefundFailed { out_refund_no, why, needs_a_person }], trouble }
}

fn lost() -> Problem {
    Problem::new(ProblemCode::UpstreamUnavailable, "the refund could not be read again")
}
