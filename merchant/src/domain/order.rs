//! The order, and what its status is.

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{MethodOffer, Money, Timestamp};

use super::{Oddity, Payment, Receipt, Refund, RefundState, SecondPayment, Trade, TradeState};

/// One order of the shop's: what it asked for, and all that happened since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// What the shop asked for. It never changes.
    pub facts: Facts,
    /// The earliest first.
    pub trades: Vec<Trade>,
    /// The earliest first; the last is the one that counts.
    pub payments: Vec<Payment>,
    /// Since when the shop or the payer's page wants no payment any more.
    pub closed_at: Option<Timestamp>,
    /// The payer, since they logged in with WeChat.
    pub openid: Option<String>,
    /// The numbers of the paid trades, in the order in which this backend heard of them.
    pub paid: Vec<String>,
    /// What a person has to look at.
    pub oddities: Vec<Oddity>,
    /// What goes back, the earliest first.
    #[serde(default)]
    pub refunds: Vec<Refund>,
}

/// The id of the shop where there is one alone, which has no id of its own.
pub const ONE_SHOP: &str = "shop";

/// The shop of an order that was kept before there could be several.
fn one_shop() -> String {
    ONE_SHOP.to_owned()
}

/// A sub-merchant (特约商户) of a service provider's, as it is named at the platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sub {
    /// `sub_mchid`.
    pub mchid: String,
    /// `sub_appid`: an appid of its own, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appid: Option<String>,
}

/// What the shop asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Which shop.
    #[serde(default = "one_shop")]
    pub shop: String,
    /// The shop's number for it.
    pub order_id: String,
    /// How much.
    pub amount: Money,
    /// What for, in the payer's words.
    pub description: String,
    /// Ways to pay.
    pub methods: Vec<MethodOffer>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it can be paid.
    pub expires_at: Timestamp,
    /// Where the payer goes when done.
    pub return_url: Option<String>,
    /// Whose it is at the platform: the merchant's number, or the service provider's.
    pub mchid: String,
    /// The sub-merchant for whom the service provider takes the money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<Sub>,
    /// Where its pages tell how payers fare.
    #[serde(default)]
    pub telemetry_url: Option<String>,
    /// What is done about a second payment, by the configuration of the time at which it was made.
    #[serde(default)]
    pub refund_second_payment: SecondPayment,
}

/// The order's status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not paid yet.
    Pending,
    /// Paid, first by this trade.
    Paid {
        /// Its number.
        out_trade_no: String,
        /// When, by WeChat Pay's clock.
        paid_at: Timestamp,
    },
    /// Can no longer be paid: no trade is open.
    Closed,
    /// Was paid, and all of it went back.
    Refunded,
}

impl Status {
    /// In the contract's words.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Paid { .. } => "paid",
            Self::Closed => "closed",
            Self::Refunded => "refunded",
        }
    }
}

/// Why an order's id cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderIdFault {
    /// Fewer than 6 or more than 28 characters.
    Length,
    /// A character other than `[0-9A-Za-z_-]`.
    Character,
}

impl Order {
    /// A new one.
    #[must_use]
    pub fn new(facts: Facts) -> Self {
        Self {
            facts,
            trades: Vec::new(),
            payments: Vec::new(),
            closed_at: None,
            openid: None,
            paid: Vec::new(),
            oddities: Vec::new(),
            refunds: Vec::new(),
        }
    }

    /// Whether a text can be an order's id: an `out_trade_no` is made of it, which has 6 to 32 of
    /// `[0-9A-Za-z_\-|*]` (docs/platform.md, 3), and a further number of the order has up to four characters more.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check_id(order_id: &str) -> Result<(), OrderIdFault> {
        if !(6..=28).contains(&order_id.len()) {
            return Err(OrderIdFault::Length);
        }
        match order_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
            true => Ok(()),
            false => Err(OrderIdFault::Character),
        }
    }

    /// What is to be said of it at `now`. Paid wins over all but refunded, and only what WeChat Pay said counts.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> Status {
        match self.paying() {
            Some((trade, receipt)) if !receipt.refunded => {
                return Status::Paid { out_trade_no: trade.out_trade_no.clone(), paid_at: receipt.success_time };
            }
            Some(_) => return Status::Refunded,
            None => {}
        }
        match self.is_over(now) && !self.trades.iter().any(Trade::is_open) {
            true => Status::Closed,
            false => Status::Pending,
        }
    }

    /// The trade that pays the order; once all of it went back, the one that did.
    #[must_use]
    pub fn paying(&self) -> Option<(&Trade, &Receipt)> {
        let paid = || {
            self.paid.iter().filter_map(|number| {
                let trade = self.trade(number)?;
                Some((trade, trade.receipt()?))
            })
        };
        paid().find(|(_, receipt)| !receipt.refunded).or_else(|| paid().next())
    }

    /// Whether nobody shall pay it any more, because it was closed or its time is up.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.closed_at.is_some() || now >= self.facts.expires_at
    }

    /// Whether a trade by payment code was reversed: all of it went back, or would have if it was paid without a word of it coming here.
    /// What went back by refunds has numbers of its own.
    #[must_use]
    pub fn is_reversed(&self, trade: &Trade) -> bool {
        let is_undone = match &trade.state {
            TradeState::Paid(receipt) => receipt.refunded,
            state => *state == TradeState::Closed,
        };
        let is_back = |refund: &Refund| refund.state == RefundState::Success;
        is_undone && trade.is_by_code() && !self.refunds_of(&trade.out_trade_no).any(is_back)
    }

    /// The trade under a number.
    #[must_use]
    pub fn trade(&self, out_trade_no: &str) -> Option<&Trade> {
        self.trades.iter().find(|trade| trade.out_trade_no == out_trade_no)
    }

    pub(super) fn trade_mut(&mut self, out_trade_no: &str) -> Option<&mut Trade> {
        self.trades.iter_mut().find(|trade| trade.out_trade_no == out_trade_no)
    }

    /// The payment that can be paid by at `now`: the latest, if it is still good.
    #[must_use]
    pub fn good_payment(&self, now: Timestamp) -> Option<&Payment> {
        let payment = self.payments.last().filter(|payment| now < payment.expires_at && !self.is_over(now))?;
        let is_good = match &payment.out_trade_no {
            Some(number) => self.trade(number).is_some_and(|trade| trade.is_open() && trade.ending.is_none()),
            // Once the payer is known, there is nothing to log in for.
            None => !payment.is_login || self.openid.is_none(),
        };
        is_good.then_some(payment)
    }
}
