//! Carries out one step of the domain's, and says what happened.

use tracing::Instrument;

use super::gateway::{Ended, Found, Gateway, Place, Trouble};
use super::{Backend, Problem};
use crate::domain::{Ask, Fact, NotPlaced, Order, Placed, Source, Step, Trade, TradeWord};
use crate::traces;

/// What came of a step.
#[derive(Debug)]
pub(super) struct Carried {
    /// What happened. It is written before anything else is done.
    pub(super) facts: Vec<Fact>,
    /// What went wrong: the caller stops here.
    pub(super) trouble: Option<Trouble>,
}

impl Carried {
    fn happened(fact: Fact) -> Self {
        Self { facts: vec![fact], trouble: None }
    }

    fn failed(out_trade_no: &str, trouble: Trouble) -> Self {
        let (out_trade_no, why) = (out_trade_no.to_owned(), trouble.why.clone());
        tracing::warn!(out_trade_no, why, "WeChat Pay did not do it");
        Self { facts: vec![Fact::Failed { out_trade_no, why }], trouble: Some(trouble) }
    }
}

impl Backend {
    /// Queries, endings and refunds.
    pub(super) async fn carry_out(&self, order: &Order, step: &Step) -> Carried {
        let span = traces::step(step.word(), &order.facts.order_id);
        self.carry(order, step).instrument(span).await
    }

    async fn carry(&self, order: &Order, step: &Step) -> Carried {
        if let Step::Refund { out_refund_no } | Step::QueryRefund { out_refund_no } = step {
            return self.carry_refund(order, step, out_refund_no).await;
        }
        let (Step::Query { out_trade_no }
        | Step::Close { out_trade_no }
        | Step::Reverse { out_trade_no }
        | Step::Supersede { out_trade_no }
        | Step::Place { out_trade_no }
        | Step::Take { out_trade_no, .. }) = step
        else {
            return Carried { facts: Vec::new(), trouble: None };
        };
        let Some((trade, gateway)) = order.trade(out_trade_no).and_then(|trade| Some((trade, self.gateway_of(trade)?)))
        else {
            let why = format!("nothing here serves the method of {out_trade_no}");
            let trouble = Trouble { why, retry_after_s: None, is_lasting: true };
            return Carried::failed(out_trade_no, trouble);
        };
        match step {
            Step::Query { .. } => query(gateway, order, trade).await,
            Step::Supersede { .. } => Carried::happened(Fact::Superseded { out_trade_no: out_trade_no.clone() }),
            _ => end(gateway, order, trade).await,
        }
    }

    /// Something to pay a taken number by.
    pub(super) async fn place(&self, order: &Order, out_trade_no: &str, ask: &Ask) -> Carried {
        let Some((trade, gateway)) = order.trade(out_trade_no).and_then(|trade| Some((trade, self.gateway_of(trade)?)))
        else {
            return Carried { facts: Vec::new(), trouble: None };
        };
        let span = traces::step("place", &order.facts.order_id);
        let placed = match gateway.place(order, trade, &ask.page_url).instrument(span).await {
            Ok(Place::Do(action)) => {
                let number = Some(out_trade_no.to_owned());
                Placed::Payable { payment: order.payment(ask, number, action, self.clock().now()) }
            }
            Ok(Place::IsPaid) => return query(gateway, order, trade).await,
            Ok(Place::Not(why)) => {
                tracing::warn!(out_trade_no, ?why, "not placed");
                Placed::Not(why)
            }
            Err(trouble) => return Carried::failed(out_trade_no, trouble),
        };
        Carried::happened(Fact::Placed { out_trade_no: out_trade_no.to_owned(), placed })
    }

    /// Pays by the payer's code. What is not known now, the next questions tell.
    pub(super) async fn pay_by_code(&self, order: &Order, out_trade_no: &str, auth_code: &str) -> Carried {
        let Some((trade, gateway)) = order.trade(out_trade_no).and_then(|trade| Some((trade, self.gateway_of(trade)?)))
        else {
            return Carried { facts: Vec::new(), trouble: None };
        };
        let span = traces::step("pay by code", &order.facts.order_id);
        match gateway.pay_by_code(order, trade, auth_code).instrument(span).await {
            Ok(super::gateway::CodePaid::Said(report)) => {
                Carried::happened(Fact::Reported { source: Source::Codepay, report })
            }
            Ok(super::gateway::CodePaid::UnderWay) => Carried { facts: Vec::new(), trouble: None },
            Ok(super::gateway::CodePaid::Not(why)) => {
                let placed = Placed::Not(why);
                Carried::happened(Fact::Placed { out_trade_no: out_trade_no.to_owned(), placed })
            }
            Err(trouble) => Carried { trouble: None, ..Carried::failed(out_trade_no, trouble) },
        }
    }
}

async fn query(gateway: &dyn Gateway, order: &Order, trade: &Trade) -> Carried {
    match gateway.query(order, trade).await {
        Ok(Found::Said(report)) => Carried::happened(Fact::Reported { source: Source::Query, report }),
        Ok(Found::Nothing) => Carried::happened(Fact::NotFound { out_trade_no: trade.out_trade_no.clone() }),
        Err(trouble) => Carried::failed(&trade.out_trade_no, trouble),
    }
}

async fn end(gateway: &dyn Gateway, order: &Order, trade: &Trade) -> Carried {
    let out_trade_no = trade.out_trade_no.clone();
    match gateway.end(order, trade).await {
        Ok(Ended::Yes) => Carried::happened(Fact::Ended { out_trade_no }),
        Ok(Ended::Nothing) => Carried::happened(Fact::NotFound { out_trade_no }),
        // The payer was quicker. What came, a question tells; "is paid" alone names no amount.
        Ok(Ended::IsPaid) => {
            let mut carried = query(gateway, order, trade).await;
            let says_so = |fact: &Fact| match fact {
                Fact::Reported { report, .. } => matches!(report.trade_state, TradeWord::Success | TradeWord::Refund),
                _ => false,
            };
            // Its books lag behind: it is tried again later, not at once.
            if !carried.facts.iter().any(says_so) && carried.trouble.is_none() {
                let why = "it is paid, and not found paid".to_owned();
                let lags = Carried::failed(&out_trade_no, Trouble { why, retry_after_s: None, is_lasting: false });
                carried.facts.extend(lags.facts);
                carried.trouble = lags.trouble;
            }
            carried
        }
        Err(trouble) => Carried::failed(&out_trade_no, trouble),
    }
}

/// What is said to a page whose payment was not placed.
pub(super) fn refused(why: &NotPlaced) -> Option<Problem> {
    use wechat_cashier::contract::ProblemCode;
    match why {
        // The next number is tried.
        NotPlaced::NumberUsed => None,
        NotPlaced::CodeRefused(text) | NotPlaced::PayerFailed(text) => Some(Problem::invalid(text.clone())),
        NotPlaced::Unavailable(text) => Some(Problem::new(ProblemCode::MethodUnavailable, text.clone())),
    }
}
