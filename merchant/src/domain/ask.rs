//! A page asks for something to pay by: `POST {api}/orders/{order_id}/payments` (docs/contract.md, Idempotency). It is
//! asked anew after each step, of the order as it then is, until something can be given or refused.

use wechat_cashier::contract::{Action, Method, ProblemCode, Timestamp};

use super::next::{CODE_CONFIRM_MS, Step};
use super::{Order, Payment, Status, Terms, Trade, TradeState, plus};

/// What a page asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// By which method.
    pub method: Method,
    /// The page that asks.
    pub page_url: String,
    /// Why no page of this address may ask.
    pub page_refused: Option<String>,
    /// The payment that the new one shall replace.
    pub replaces: Option<String>,
    /// The `Idempotency-Key`.
    pub key: String,
    /// A digest of the body.
    pub body_digest: String,
    /// What the trade is asked for with, but for the openid.
    pub terms: Terms,
    /// Who is going to pay.
    pub payer: Payer,
    /// Why the method does not work here at all.
    pub method_refused: Option<String>,
}

/// Who is going to pay, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Payer {
    /// The page cannot show who it is: it is whoever logged in for this order last.
    #[default]
    OfTheOrder,
    /// The page shows who logged in with it: this openid, under the appid that it logged in with.
    Is(String),
    /// The page would show it, had anybody logged in with it.
    Stranger,
    /// The mini-program's own page asks: this openid, under the mini-program's appid.
    InMiniProgram(String),
}

/// What is to be done for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// This is the answer.
    Given(Payment),
    /// This is to be carried out first.
    Do(Step),
}

/// A refusal in the contract's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub code: ProblemCode,
    /// Why, in words for the merchant's support.
    pub detail: String,
}

/// So many numbers an order may use up. Who replaces codes by hand needs three or four.
const TRADES_MAX: usize = 99;

/// How long what the platform gives can be paid by: a code and a `prepay_id` two hours, an H5 address five minutes
/// (docs/platform.md, 3 and 4).
const CODE_LIFE_MS: i64 = 2 * 60 * 60 * 1000;
const H5_LIFE_MS: i64 = 5 * 60 * 1000;

impl Order {
    /// Whether it can be paid at all, which counts for more than what the request says.
    ///
    /// # Errors
    /// `order_paid`, `order_closed` or `order_expired`.
    pub fn may_pay(&self, now: Timestamp) -> Result<(), Refusal> {
        let id = &self.facts.order_id;
        let refuse = |code, detail| Err(Refusal { code, detail });
        match self.status(now) {
            Status::Paid { .. } => refuse(ProblemCode::OrderPaid, format!("order {id} is paid")),
            Status::Refunded => refuse(ProblemCode::OrderClosed, format!("order {id} was refunded")),
            _ if self.closed_at.is_some() => refuse(ProblemCode::OrderClosed, format!("order {id} was closed")),
            _ if now >= self.facts.expires_at => refuse(ProblemCode::OrderExpired, format!("order {id} has expired")),
            _ => Ok(()),
        }
    }

    /// What to answer a page, or what is to be done before.
    ///
    /// # Errors
    /// The contract's refusals, in the contract's order.
    pub fn ask(&self, ask: &Ask, now: Timestamp) -> Result<Asked, Refusal> {
        self.may_pay(now)?;
        let refuse = |code, detail: String| Err(Refusal { code, detail });
        let known = self.payments.iter().rev().find(|payment| payment.key == ask.key);
        if known.is_some_and(|payment| payment.body_digest != ask.body_digest) {
            let detail = "this Idempotency-Key came before, with another body".to_owned();
            return refuse(ProblemCode::InvalidRequest, detail);
        }
        let id = ask.method.id();
        if self.facts.methods.iter().all(|offer| offer.method != ask.method) {
            return refuse(ProblemCode::MethodUnavailable, format!("this order does not offer the method {id}"));
        }
        if let Some(why) = &ask.method_refused {
            return refuse(ProblemCode::MethodUnavailable, why.clone());
        }
        if let Some(why) = &ask.page_refused {
            return refuse(ProblemCode::InvalidRequest, why.clone());
        }
        let terms = self.terms(ask);
        if let Some(good) = self.good_payment(now).filter(|good| serves(good, ask)) {
            let is_replaced = ask.replaces.as_deref() == Some(good.payment_id.as_str());
            // Nobody pays by what was made for another payer.
            let trade = good.out_trade_no.as_ref().and_then(|number| self.trade(number));
            let is_theirs = trade.is_none_or(|trade| trade.terms == terms);
            // Who is known is not sent to log in; who is asked for money inside the mini-program is in there already.
            let leads_on = good.out_trade_no.is_some() || terms.openid.is_none();
            if leads_on && (known.is_some() || (!is_replaced && is_theirs)) {
                return Ok(Asked::Given(good.clone()));
            }
        }
        self.new_payment(ask, terms, now)
    }

    /// What a trade for this page is asked for with: of the payer, only what its method wants to know.
    fn terms(&self, ask: &Ask) -> Terms {
        Terms {
            openid: match (&ask.method, &ask.payer) {
                (Method::Jsapi, Payer::OfTheOrder) => self.openid.clone(),
                (Method::Jsapi, Payer::Is(openid)) | (Method::MiniProgram, Payer::InMiniProgram(openid)) => {
                    Some(openid.clone())
                }
                _ => None,
            },
            payer_client_ip: ask.terms.payer_client_ip.clone().filter(|_| ask.method == Method::H5),
            appid: ask.terms.appid.clone(),
            sub_appid: ask.terms.sub_appid.clone(),
        }
    }

    /// No trade but the one that is given may be payable.
    fn new_payment(&self, ask: &Ask, terms: Terms, now: Timestamp) -> Result<Asked, Refusal> {
        match ask.method {
            Method::Jsapi if terms.openid.is_none() => return Ok(Asked::Do(Step::LogIn)),
            Method::MiniProgram if terms.openid.is_none() => return Ok(Asked::Do(Step::OpenMiniProgram)),
            _ => {}
        }
        let fits = |trade: &Trade| {
            trade.method == ask.method && trade.terms == terms && trade.ending.is_none() && !trade.is_by_code()
        };
        if let Some(other) = self.trades.iter().find(|trade| trade.is_open() && !fits(trade)) {
            let out_trade_no = other.out_trade_no.clone();
            if other.is_put_off(now) {
                let detail = format!("it is not known yet what became of {out_trade_no}");
                return Err(Refusal { code: ProblemCode::UpstreamUnavailable, detail });
            }
            return Ok(Asked::Do(match other.ending {
                None => Step::Supersede { out_trade_no },
                Some(ending) => other.end(ending.since),
            }));
        }
        if let Some(trade) = self.trades.iter().find(|trade| trade.is_open()) {
            return Ok(Asked::Do(Step::Place { out_trade_no: trade.out_trade_no.clone() }));
        }
        if self.trades.len() >= TRADES_MAX {
            let detail = format!("order {} has used up its {TRADES_MAX} numbers", self.facts.order_id);
            return Err(Refusal { code: ProblemCode::InvalidRequest, detail });
        }
        Ok(Asked::Do(Step::Take { out_trade_no: self.next_number(), method: ask.method.clone(), terms }))
    }

    /// The number that its next trade takes. The first is its id: that is what a person looks for at the platform.
    #[must_use]
    pub fn next_number(&self) -> String {
        match self.trades.len() {
            0 => self.facts.order_id.clone(),
            taken => format!("{}-{}", self.facts.order_id, taken + 1),
        }
    }

    /// A payment of this order that is made now.
    #[must_use]
    pub fn payment(&self, ask: &Ask, out_trade_no: Option<String>, action: Action, now: Timestamp) -> Payment {
        let life_ms = match ask.method {
            Method::H5 => H5_LIFE_MS,
            Method::PaymentCode => CODE_CONFIRM_MS,
            _ => CODE_LIFE_MS,
        };
        Payment {
            payment_id: format!("{}-p{}", self.facts.order_id, self.payments.len() + 1),
            method: ask.method.clone(),
            key: ask.key.clone(),
            body_digest: ask.body_digest.clone(),
            page_url: ask.page_url.clone(),
            is_login: out_trade_no.is_none() && ask.method == Method::Jsapi,
            out_trade_no,
            made_at: now,
            expires_at: plus(now, life_ms).min(self.facts.expires_at),
            action,
        }
    }

    /// A number that is taken for it now.
    #[must_use]
    pub fn taken(out_trade_no: String, method: Method, terms: Terms, request: String, now: Timestamp) -> Trade {
        Trade {
            out_trade_no,
            method,
            terms,
            request,
            taken_at: now,
            state: TradeState::Taken,
            ending: None,
            queried_at: None,
            failures: 0,
            failed_at: None,
            shown_at: None,
            missing_since: None,
            said_paid_at: None,
        }
    }
}

/// Whether a good payment is what the page asks for. A redirect leads back to the page that it was made for.
fn serves(good: &Payment, ask: &Ask) -> bool {
    let leads_back = !matches!(good.action, Action::Redirect { .. }) || good.page_url == ask.page_url;
    good.method == ask.method && leads_back
}
