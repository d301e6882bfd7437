//! `service`, as the tests play it: carries out steps on the model, and turns what comes of them into facts.

use wechat_cashier::contract::{Action, JsapiParams, Method, ProblemCode};
use wechat_cashier_merchant::domain::{
    Asked, Fact, NotPlaced, Order, Payment, Placed, Report, Source, Step, Trade, plus,
};

use crate::asks::Page;
use crate::wechat::{End, Said};
use crate::world::{Line, World};

/// So many steps lead to something to pay by at most. Whoever carries them out gives up after more.
const ROUNDS_MAX: usize = 16;
/// So many steps of one order are carried out at a time.
const WORK_MAX: usize = 6;

/// The caller does not go on: a call failed, or it died.
#[derive(Debug)]
pub(crate) struct Stopped;

impl World {
    /// One call of the platform: what it says, unless the line has it otherwise.
    fn call<T>(&mut self, step: &Step, number: &str, does: impl FnOnce(&mut Self) -> T) -> Result<(T, Line), Stopped> {
        let line = if self.lines.is_empty() { Line::Well } else { self.lines.remove(0) };
        self.calls.push(step.clone());
        if line == Line::NoRequest {
            return Err(self.failed(number));
        }
        if matches!(step, Step::Query { .. }) {
            self.asked_at.insert(number.to_owned(), self.now);
        }
        let said = does(self);
        match line {
            Line::NoAnswer => Err(self.failed(number)),
            Line::Dies => Err(Stopped),
            line => Ok((said, line)),
        }
    }

    /// The same where something else is said of a call that failed.
    pub(crate) fn call_or<T>(
        &mut self,
        step: &Step,
        failed: Fact,
        does: impl FnOnce(&mut Self) -> T,
    ) -> Result<T, Stopped> {
        let line = if self.lines.is_empty() { Line::Well } else { self.lines.remove(0) };
        self.calls.push(step.clone());
        if line == Line::NoRequest {
            self.apply(failed);
            return Err(Stopped);
        }
        let said = does(self);
        match line {
            Line::NoAnswer => {
                self.apply(failed);
                Err(Stopped)
            }
            Line::Dies => Err(Stopped),
            _ => Ok(said),
        }
    }

    fn failed(&mut self, number: &str) -> Stopped {
        self.apply(Fact::Failed { out_trade_no: number.to_owned(), why: "no answer".to_owned() });
        Stopped
    }

    /// Queries, endings, and what needs no platform.
    pub(crate) fn carry_out(&mut self, step: &Step) -> Result<(), Stopped> {
        self.check_step(step);
        match step {
            Step::Query { out_trade_no } => self.query(step, out_trade_no),
            Step::Close { out_trade_no } | Step::Reverse { out_trade_no } => {
                let reverses = matches!(step, Step::Reverse { .. });
                let number = out_trade_no.clone();
                if self.crosses && reverses && self.pay(&number) {
                    let report = self.wechat.query(&number).unwrap();
                    self.late.push((plus(self.now, 3_000), Fact::Reported { source: Source::Query, report }));
                }
                match self.call(step, out_trade_no, |world| world.wechat.end(&number, reverses))?.0 {
                    End::Yes => self.apply(Fact::Ended { out_trade_no: number }),
                    End::Nothing => self.apply(Fact::NotFound { out_trade_no: number }),
                    // "Is paid" names no amount, no appid, no mchid: nothing is believed of it. A question tells.
                    // Where that does not say so yet, the end has failed: otherwise it would be due again at once, for ever.
                    End::IsPaid => {
                        self.query(&Step::Query { out_trade_no: number.clone() }, &number)?;
                        if self.order.trade(&number).is_some_and(Trade::is_open) {
                            return Err(self.failed(&number));
                        }
                    }
                }
                Ok(())
            }
            Step::Supersede { out_trade_no } => {
                self.apply(Fact::Superseded { out_trade_no: out_trade_no.clone() });
                Ok(())
            }
            Step::Refund { out_refund_no } | Step::QueryRefund { out_refund_no } => {
                self.carry_refund(step, out_refund_no)
            }
            other => panic!("{other:?} is not for this"),
        }
    }

    fn query(&mut self, step: &Step, number: &str) -> Result<(), Stopped> {
        let (said, line) = self.call(step, number, |world| world.wechat.query(number))?;
        let fact = match said {
            Some(report) => Fact::Reported { source: Source::Query, report },
            None => Fact::NotFound { out_trade_no: number.to_owned() },
        };
        if line == Line::Late {
            let after_ms = 500 + 1_300 * i64::try_from(self.calls.len() % 10).unwrap();
            self.late.push((plus(self.now, after_ms), fact));
            return Err(Stopped);
        }
        self.apply(fact);
        Ok(())
    }

    /// Does what is due, a few steps at most. Gives how many.
    pub(crate) fn work(&mut self) -> usize {
        for done in 0..WORK_MAX {
            let Some(step) = self.order.due(self.now) else { return done };
            if self.carry_out(&step).is_err() {
                return done + 1;
            }
        }
        WORK_MAX
    }

    /// A page has the order verified.
    pub(crate) fn verify(&mut self) {
        if let Some(step) = self.order.verify(self.now) {
            let _: Result<(), Stopped> = self.carry_out(&step);
        }
        self.look();
    }

    /// Nobody shall pay it any more.
    pub(crate) fn close(&mut self) {
        if matches!(self.status(), wechat_cashier_merchant::domain::Status::Pending) {
            self.apply(Fact::Closed);
        }
        self.work();
    }

    /// WeChat Pay tells of it.
    pub(crate) fn notify(&mut self, report: Report) {
        self.apply(Fact::Reported { source: Source::Notification, report });
    }

    /// A payer pays by the latest code of a number. WeChat Pay would like to tell, unless it was by the payer's code.
    pub(crate) fn pay(&mut self, number: &str) -> bool {
        let is_paid = self.wechat.pay(number, self.now);
        if is_paid && self.wechat.numbers[number].method != Method::PaymentCode {
            let report = self.wechat.query(number).unwrap();
            self.notifications.push(report);
        }
        is_paid
    }

    /// Gives a page something to pay by.
    pub(crate) fn ask(&mut self, page: &Page) -> Result<Payment, ProblemCode> {
        for _ in 0..ROUNDS_MAX {
            let step = match self.order.ask(&page.ask, self.now).map_err(|refusal| refusal.code)? {
                Asked::Given(payment) => {
                    self.given.push(payment.clone());
                    self.check();
                    return Ok(payment);
                }
                Asked::Do(step) => step,
            };
            self.step(&step, page)?;
            if page.ask.method == Method::PaymentCode
                && let Some(payment) = self.order.payments.iter().rev().find(|payment| payment.key == page.ask.key)
            {
                let payment = payment.clone();
                self.given.push(payment.clone());
                self.check();
                return Ok(payment);
            }
        }
        panic!("asking comes to no end: {page:?} {:?} {:?}", self.calls, self.order);
    }

    fn step(&mut self, step: &Step, page: &Page) -> Result<(), ProblemCode> {
        let stopped = |_: Stopped| ProblemCode::UpstreamUnavailable;
        match step {
            Step::Take { out_trade_no, method, terms } => {
                let request = format!("{} {terms:?}", method.id());
                let trade = Order::taken(out_trade_no.clone(), method.clone(), terms.clone(), request, self.now);
                let payment = trade
                    .is_by_code()
                    .then(|| self.order.payment(&page.ask, Some(out_trade_no.clone()), Action::Wait {}, self.now));
                let is_by_code = trade.is_by_code();
                self.apply(Fact::Taken { trade, payment });
                if is_by_code { self.codepay(step, out_trade_no) } else { Ok(()) }
            }
            Step::Place { out_trade_no } => self.place(step, out_trade_no, page),
            Step::LogIn => {
                let action = Action::Redirect { url: "https://open.weixin.qq.com/connect/oauth2/authorize".to_owned() };
                let payment = self.order.payment(&page.ask, None, action, self.now);
                self.apply(Fact::Sent { payment });
                Ok(())
            }
            Step::OpenMiniProgram => {
                let action = Action::OpenMiniProgram { path: "pages/pay".to_owned() };
                let payment = self.order.payment(&page.ask, None, action, self.now);
                self.apply(Fact::Sent { payment });
                Ok(())
            }
            step => self.carry_out(step).map_err(stopped),
        }
    }

    fn place(&mut self, step: &Step, number: &str, page: &Page) -> Result<(), ProblemCode> {
        self.check_step(step);
        let stopped = |_: Stopped| ProblemCode::UpstreamUnavailable;
        let (order, now) = (self.order.clone(), self.now);
        let trade = order.trade(number).unwrap();
        let said = self.call(step, number, |world| world.wechat.place(&order, trade, now)).map_err(stopped)?.0;
        let placed = match said {
            Said::Code(count) => {
                let action = action(&trade.method, number, count);
                Placed::Payable { payment: self.order.payment(&page.ask, Some(number.to_owned()), action, now) }
            }
            Said::IsPaid => {
                let query = Step::Query { out_trade_no: number.to_owned() };
                return self.query(&query, number).map_err(stopped);
            }
            Said::NumberUsed => Placed::Not(NotPlaced::NumberUsed),
        };
        self.apply(Fact::Placed { out_trade_no: number.to_owned(), placed });
        Ok(())
    }

    /// What the answer does not tell, the next questions do.
    fn codepay(&mut self, step: &Step, number: &str) -> Result<(), ProblemCode> {
        let (order, now) = (self.order.clone(), self.now);
        let trade = order.trade(number).unwrap();
        if self.wechat.is_elsewhere(number) {
            // Whether such a request came there would only a person find out.
            self.lines.clear();
        }
        match self.call(step, number, |world| world.wechat.codepay(&order, trade, now)) {
            Ok((Ok(report), _)) => self.apply(Fact::Reported { source: Source::Codepay, report }),
            Ok((Err(why), _)) => {
                // A number that is used up is no fault of the code's: the next is tried.
                let is_refused = why != NotPlaced::NumberUsed;
                self.apply(Fact::Placed { out_trade_no: number.to_owned(), placed: Placed::Not(why) });
                return if is_refused { Err(ProblemCode::InvalidRequest) } else { Ok(()) };
            }
            Err(Stopped) => {}
        }
        Ok(())
    }
}

fn action(method: &Method, number: &str, count: usize) -> Action {
    match method {
        Method::Native => Action::ShowQr { content: format!("weixin://wxpay/bizpayurl?pr={number}.{count}") },
        Method::H5 => Action::Redirect { url: format!("https://wx.tenpay.com/checkmweb?prepay_id={number}.{count}") },
        _ => Action::InvokeJsapi {
            params: JsapiParams {
                app_id: crate::world::APPID.to_owned(),
                time_stamp: "1795255200".to_owned(),
                nonce_str: "e61463f8efa94090b1f366cccfbbb444".to_owned(),
                package: format!("prepay_id={number}.{count}"),
                sign_type: "RSA".to_owned(),
                pay_sign: "oR9d8PuhnIc+".to_owned(),
            },
        },
    }
}
