//! The mini-program's native page asks for money: its server knows the payer's openid under the mini-program's appid.

use wechat_cashier::contract::{Action, JsapiParams, Method, ProblemCode};

use super::carry::refused;
use super::gateway::{Gateway, Place};
use super::{Backend, Problem};
use crate::domain::{Ask, Asked, Fact, Payer, Placed, Step, Terms};

/// As many as lead a page to something to pay by.
const STEPS_MAX: usize = 16;

impl Backend {
    /// What `wx.requestPayment` wants. The page in the web-view goes on seeing that the payer is in the mini-program.
    ///
    /// # Errors
    /// The contract's refusals.
    pub async fn pay_in_mini_program(&self, order_id: &str, openid: &str) -> Result<JsapiParams, Problem> {
        let _alone = self.alone_with(order_id).await?;
        let mut order = self.order(order_id).await?;
        let mut ask = Ask {
            method: Method::MiniProgram,
            page_url: String::new(),
            page_refused: None,
            replaces: None,
            key: format!("mini-program {openid}"),
            body_digest: String::new(),
            terms: Terms::default(),
            payer: Payer::InMiniProgram(openid.to_owned()),
            method_refused: None,
        };
        ask.terms = self.terms(&order, &ask);
        ask.method_refused = self.refuses(&order, &ask.method);
        for _ in 0..STEPS_MAX {
            let number = match order.ask(&ask, self.clock().now())? {
                Asked::Given(payment) => payment.out_trade_no.unwrap_or_default(),
                Asked::Do(Step::Place { out_trade_no }) => out_trade_no,
                Asked::Do(step) => {
                    order = self.step(order, step, &ask, None).await?;
                    continue;
                }
            };
            let Some(trade) = order.trade(&number) else { break };
            let now = self.clock().now();
            let (placed, params) = match self.wechat_pay().place(&order, trade, &ask.page_url).await? {
                Place::Do(Action::InvokeJsapi { params }) => {
                    let action = Action::OpenMiniProgram { path: self.mini_program_path(&order) };
                    let payment = order.payment(&ask, Some(number.clone()), action, now);
                    (Placed::Payable { payment }, Some(params))
                }
                Place::Do(_) => break,
                Place::IsPaid => {
                    let step = Step::Query { out_trade_no: number };
                    order = self.step(order, step, &ask, None).await?;
                    continue;
                }
                Place::Not(why) => (Placed::Not(why), None),
            };
            let refusal = match &placed {
                Placed::Not(why) => refused(why),
                Placed::Payable { .. } => None,
            };
            let fact = Fact::Placed { out_trade_no: number, placed };
            order = self.change(order_id, |_, _| vec![fact.clone()]).await?;
            match (params, refusal) {
                (Some(params), _) => return Ok(params),
                (None, Some(refusal)) => return Err(refusal),
                (None, None) => {}
            }
        }
        tracing::error!(order_id, "asking for something to pay by in the mini-program came to no end");
        Err(Problem::new(ProblemCode::UpstreamUnavailable, "WeChat Pay did not give anything to pay by"))
    }
}
