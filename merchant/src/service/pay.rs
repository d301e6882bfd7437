//! A page asks for something to pay by, has the order verified, or closes it.

use wechat_cashier::contract::{Action, Method, ProblemCode};

use super::carry::{Carried, refused};
use super::{Backend, Problem};
use crate::domain::{Ask, Asked, Fact, Order, Payment, Placed, Status, Step};

/// So many steps lead to something to pay by: another trade is ended in three, and a number that is used up costs two.
const STEPS_MAX: usize = 16;

impl Backend {
    /// Gives a page something to pay by.
    ///
    /// # Errors
    /// The contract's refusals.
    pub async fn pay(&self, order_id: &str, ask: Ask, auth_code: Option<&str>) -> Result<Payment, Problem> {
        let _alone = self.alone_with(order_id).await?;
        let mut ask = ask;
        let mut order = self.order(order_id).await?;
        ask.terms = self.terms(&order, &ask);
        ask.method_refused = self.refuses(&order, &ask.method);
        for _ in 0..STEPS_MAX {
            let step = match order.ask(&ask, self.clock().now())? {
                Asked::Given(payment) => return Ok(payment),
                Asked::Do(step) => step,
            };
            let logs_in = step == Step::LogIn;
            order = self.step(order, step, &ask, auth_code).await?;
            // Under way or done: the till asks for the order from here on. And who has to log in is sent there, though
            // another may have logged in for this order before.
            if (ask.method == Method::PaymentCode || logs_in)
                && let Some(payment) = order.payments.iter().rev().find(|payment| payment.key == ask.key)
            {
                return Ok(payment.clone());
            }
        }
        tracing::error!(order_id, "asking for something to pay by came to no end");
        Err(Problem::new(ProblemCode::UpstreamUnavailable, "WeChat Pay did not give anything to pay by"))
    }

    pub(super) async fn step(
        &self,
        order: Order,
        step: Step,
        ask: &Ask,
        auth_code: Option<&str>,
    ) -> Result<Order, Problem> {
        let order_id = order.facts.order_id.clone();
        let carried = match step {
            Step::Take { out_trade_no, method, terms } => {
                return self.take(order, out_trade_no, method, terms, ask, auth_code).await;
            }
            Step::Place { out_trade_no } => self.place(&order, &out_trade_no, ask).await,
            Step::LogIn => Carried { facts: vec![self.log_in(&order, ask).await?], trouble: None },
            Step::OpenMiniProgram => {
                let path = self.mini_program_path(&order);
                let payment = order.payment(ask, None, Action::OpenMiniProgram { path }, self.clock().now());
                Carried { facts: vec![Fact::Sent { payment }], trouble: None }
            }
            step => self.carry_out(&order, &step).await,
        };
        self.wrote(&order_id, carried).await
    }

    /// Writes what came of a step, and stops there if it went wrong.
    async fn wrote(&self, order_id: &str, carried: Carried) -> Result<Order, Problem> {
        let Carried { facts, trouble } = carried;
        let refusal = facts.iter().find_map(|fact| match fact {
            Fact::Placed { placed: Placed::Not(why), .. } => refused(why),
            _ => None,
        });
        let order = self.change(order_id, |_, _| facts.clone()).await?;
        match (refusal, trouble) {
            (Some(refusal), _) => Err(refusal),
            (None, Some(trouble)) => {
                // What is paid needs nobody's answer any more.
                order.may_pay(self.clock().now())?;
                Err(trouble.into())
            }
            (None, None) => Ok(order),
        }
    }

    /// The number is written before the platform hears of it: whatever happens then, it is known and asked about.
    async fn take(
        &self,
        order: Order,
        out_trade_no: String,
        method: Method,
        terms: crate::domain::Terms,
        ask: &Ask,
        auth_code: Option<&str>,
    ) -> Result<Order, Problem> {
        let order_id = order.facts.order_id.clone();
        let now = self.clock().now();
        let mut trade = Order::taken(out_trade_no.clone(), method, terms, String::new(), now);
        if let Some(gateway) = self.gateway_of(&trade) {
            trade.request = gateway.request(&order, &trade).map_err(|why| {
                tracing::error!(order_id, why, "no request can be made of this order");
                Problem::new(ProblemCode::MethodUnavailable, why)
            })?;
        }
        let by_code = trade.is_by_code();
        let payment = by_code.then(|| order.payment(ask, Some(out_trade_no.clone()), Action::Wait {}, now));
        let order = self
            .change(&order_id, |order, _| match order.next_number() == trade.out_trade_no {
                true => vec![Fact::Taken { trade: trade.clone(), payment: payment.clone() }],
                // Somebody else took it in between.
                false => Vec::new(),
            })
            .await?;
        let is_ours = order.trade(&out_trade_no).is_some_and(|taken| *taken == trade);
        match auth_code.filter(|_| by_code && is_ours) {
            Some(auth_code) => {
                let carried = self.pay_by_code(&order, &out_trade_no, auth_code).await;
                let order = self.wrote(&order_id, carried).await?;
                Ok(order)
            }
            None => Ok(order),
        }
    }

    /// The order as it is, after WeChat Pay was asked if that was not done just now.
    ///
    /// # Errors
    /// The database does not answer, or there is no such order. That WeChat Pay does not answer is no error: the order is
    /// as it is known.
    pub async fn verified(&self, order_id: &str) -> Result<Order, Problem> {
        let order = self.order(order_id).await?;
        if order.verify(self.clock().now()).is_none() {
            return Ok(order);
        }
        let _turn = self.turn(order_id).await;
        let order = self.order(order_id).await?;
        let now = self.clock().now();
        let Some(step) = order.verify(now).filter(|_| self.may_ask(now)) else { return Ok(order) };
        let Carried { facts, .. } = self.carry_out(&order, &step).await;
        self.change(order_id, |_, _| facts.clone()).await
    }

    /// Nobody shall pay it any more: every open trade is ended now, and what cannot be ended now later.
    ///
    /// # Errors
    /// The database does not answer, or there is no such order.
    pub async fn close(&self, order_id: &str) -> Result<Order, Problem> {
        let _turn = self.turn(order_id).await;
        let mut order = self
            .change(order_id, |order, now| match order.status(now) {
                Status::Pending if order.closed_at.is_none() => vec![Fact::Closed],
                _ => Vec::new(),
            })
            .await?;
        for _ in 0..STEPS_MAX {
            let Some(step) = order.due(self.clock().now()) else { break };
            let Carried { facts, trouble } = self.carry_out(&order, &step).await;
            order = self.change(order_id, |_, _| facts.clone()).await?;
            if trouble.is_some() {
                break;
            }
        }
        Ok(order)
    }
}
