//! Who is paid, and the calls about its orders: a merchant for itself (直连商户), or a service provider (服务商) for one of its
//! sub-merchants (特约商户), by other paths and with the ids of both (<https://pay.weixin.qq.com/doc/v3/partner/4012085801>).

use axum::http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::client::{Client, escaped};
use super::error::Error;
use super::prepay::{self, Prepaid, TradeType};
use super::transaction::Transaction;
use super::verify::Unverified;

/// A sub-merchant, for whom a service provider calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sub<'a> {
    /// Its number (`sub_mchid`).
    pub mchid: &'a str,
    /// An appid of its own under which the order is made (`sub_appid`).
    pub appid: Option<&'a str>,
}

/// The calls about orders of one payee.
#[derive(Clone, Copy, Debug)]
pub struct Payee<'a> {
    pub(super) client: &'a Client,
    pub(super) sub: Option<Sub<'a>>,
}

/// The ids of a payee, as bodies name them.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Ids<'a> {
    Own {
        #[serde(skip_serializing_if = "Option::is_none")]
        appid: Option<&'a str>,
        mchid: &'a str,
    },
    Sub {
        #[serde(skip_serializing_if = "Option::is_none")]
        sp_appid: Option<&'a str>,
        sp_mchid: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        sub_appid: Option<&'a str>,
        sub_mchid: &'a str,
    },
}

impl<'a> Ids<'a> {
    /// With appids, where the call wants any.
    pub(super) fn new(appid: Option<&'a str>, mchid: &'a str, sub: Option<Sub<'a>>) -> Self {
        match sub {
            None => Self::Own { appid, mchid },
            Some(sub) => Self::Sub {
                sp_appid: appid,
                sp_mchid: mchid,
                sub_appid: sub.appid.filter(|_| appid.is_some()),
                sub_mchid: sub.mchid,
            },
        }
    }
}

#[derive(Deserialize)]
struct Reversed {
    #[serde(alias = "sp_mchid")]
    mchid: String,
    sub_mchid: Option<String>,
    out_trade_no: String,
}

impl Payee<'_> {
    /// Begins a payment, or begins it again: with the same body, letter for letter, the platform gives a fresh code.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn prepay(&self, trade_type: TradeType, body: &str) -> Result<Prepaid, Error> {
        let target = self.path(trade_type.word());
        let answer = self.client.exchange.call(Method::POST, &target, Some(body)).await?;
        prepay::read(trade_type, answer.json()?)
    }

    /// Charges a payer's code. The answer may be a payment that the payer has yet to confirm: in the state
    /// [`USERPAYING`](super::TradeState::UserPaying), or refused with [`Meaning::UserPaying`](super::Meaning::UserPaying).
    ///
    /// # Errors
    /// See [`Error`]. After all but a refusal the payment may exist: query it.
    pub async fn codepay(&self, body: &str) -> Result<Transaction, Error> {
        let answer = self.client.exchange.call(Method::POST, &self.path("codepay"), Some(body)).await?;
        let transaction: Transaction = answer.json()?;
        let ours = prepay::out_trade_no(body).unwrap_or_else(|| transaction.out_trade_no.clone());
        self.believed(transaction, &ours)
    }

    /// Asks what became of an order.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn query(&self, out_trade_no: &str) -> Result<Transaction, Error> {
        let mchid = escaped(self.client.mchid());
        let whose = match self.sub {
            None => format!("mchid={mchid}"),
            Some(sub) => format!("sp_mchid={mchid}&sub_mchid={}", escaped(sub.mchid)),
        };
        let target = format!("{}?{whose}", self.order(out_trade_no));
        let transaction = self.client.exchange.call(Method::GET, &target, None).await?.json()?;
        self.believed(transaction, out_trade_no)
    }

    /// Closes an order, so that nobody pays it any more. Closing it twice is no error.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn close(&self, out_trade_no: &str) -> Result<(), Error> {
        let target = self.order(out_trade_no) + "/close";
        let body = self.ids(None).to_string();
        let answer = self.client.exchange.call(Method::POST, &target, Some(&body)).await?;
        if answer.status == StatusCode::NO_CONTENT {
            Ok(())
        } else {
            Err(Error::unreadable(format!("closing is answered by {}, not 204", answer.status.as_u16())))
        }
    }

    /// Reverses an order by payment code: closes it, and **gives the money back if it is paid**. Not sooner than 15 s after the
    /// payment was begun.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn reverse(&self, out_trade_no: &str, appid: &str) -> Result<(), Error> {
        let target = self.order(out_trade_no) + "/reverse";
        let body = self.ids(Some(appid)).to_string();
        let answer = self.client.exchange.call(Method::POST, &target, Some(&body)).await?;
        if answer.status == StatusCode::NO_CONTENT {
            return Ok(());
        }
        let Reversed { mchid, sub_mchid, out_trade_no: of } = answer.json()?;
        match of == out_trade_no && self.is(&mchid, sub_mchid.as_deref()) {
            true => Ok(()),
            false => Err(Error::unverified(Unverified::OtherOrder)),
        }
    }

    /// Whether these are the numbers of this payee.
    pub(super) fn is(&self, mchid: &str, sub_mchid: Option<&str>) -> bool {
        mchid == self.client.mchid() && sub_mchid == self.sub.map(|sub| sub.mchid)
    }

    /// What is signed may be an answer to another question.
    fn believed(&self, transaction: Transaction, out_trade_no: &str) -> Result<Transaction, Error> {
        let is_ours = self.is(&transaction.mchid, transaction.sub_mchid.as_deref());
        match transaction.out_trade_no == out_trade_no && is_ours {
            true => Ok(transaction),
            false => Err(Error::unverified(Unverified::OtherOrder)),
        }
    }

    fn ids(&self, appid: Option<&str>) -> Value {
        json!(Ids::new(appid, self.client.mchid(), self.sub))
    }

    /// The path of a call.
    fn path(&self, call: &str) -> String {
        let partner = if self.sub.is_some() { "/partner" } else { "" };
        format!("/v3/pay{partner}/transactions/{call}")
    }

    fn order(&self, out_trade_no: &str) -> String {
        self.path(&format!("out-trade-no/{}", escaped(out_trade_no)))
    }
}
