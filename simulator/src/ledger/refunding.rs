//! A paid trade is paid back, whole or in parts (<https://pay.weixin.qq.com/doc/v3/merchant/4013071036>, 4013071193).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use wechat_cashier::contract::Timestamp;

use super::prepay::second;
use super::{Key, Ledger, Refund, RefundKey, RefundOrder, RefundStatus, Refused, Trade, TradeState};
use crate::clock::plus;

/// A trade can be paid back for so long, and in so many parts.
const REFUNDABLE_MS: i64 = 365 * 24 * 60 * 60 * 1000;
const REFUNDS_MAX: usize = 50;
/// Of two requests for refunds of one trade, the second comes so much later.
const APART_MS: i64 = 60_000;

/// All refunds.
#[derive(Clone, Debug, Default)]
pub(super) struct Refunds {
    all: BTreeMap<RefundKey, Refund>,
    /// Those under way, by when they end.
    under_way: BTreeSet<(Timestamp, RefundKey)>,
    /// Those that have ended, and whose merchant has still to be told.
    untold: Vec<RefundKey>,
}

impl Refunds {
    /// As they are now: all, and those of which nobody was told.
    pub(super) fn kept(&self) -> (Vec<Refund>, Vec<RefundKey>) {
        (self.all.values().cloned().collect(), self.untold.clone())
    }

    /// Goes on from what was kept.
    pub(super) fn restored(all: Vec<Refund>, untold: Vec<RefundKey>) -> Self {
        let is_under_way = |refund: &&Refund| refund.status == RefundStatus::Processing;
        let under_way = all.iter().filter(is_under_way).map(|refund| (refund.ends.0, refund.key.clone())).collect();
        let all = all.into_iter().map(|refund| (refund.key.clone(), refund)).collect();
        Self { all, under_way, untold }
    }
}

impl Ledger {
    /// The refund that was asked for by the same request before, if there is one.
    ///
    /// # Errors
    /// When the number was used with another request.
    pub fn asked_again(&self, order: &RefundOrder) -> Result<Option<Refund>, Refused> {
        match self.refunds.all.get(&order.key) {
            Some(known) if known.body != order.body => Err(Refused::RefundOtherParameters),
            known => Ok(known.cloned()),
        }
    }

    /// The trade that a request is about, if it can be paid back so.
    ///
    /// # Errors
    /// There is none, it is not paid, or so much cannot be paid back any more.
    pub fn refundable(&self, order: &RefundOrder, now: Timestamp) -> Result<Key, Refused> {
        let mchid = &order.key.mchid;
        let by_id = order.transaction_id.as_ref().map(|id| self.transaction(id).ok_or(Refused::NothingToRefund));
        let by_number = order
            .out_trade_no
            .as_ref()
            .map(|number| self.trades.get(&Key::new(mchid.as_str(), number.as_str())).ok_or(Refused::NothingToRefund));
        let trade = match (by_id.transpose()?, by_number.transpose()?) {
            (Some(one), Some(other)) if one.key != other.key => return Err(Refused::RefundOfAnother),
            (Some(trade), _) | (None, Some(trade)) => trade,
            (None, None) => return Err(Refused::NothingToRefund),
        };
        if trade.key.mchid != *mchid {
            return Err(Refused::RefundOfAnother);
        }
        trade.check_sub(order.sub_mchid.as_deref())?;
        let paid_at = trade.success_time.ok_or(Refused::NothingToRefund)?;
        if order.total != trade.total || order.currency != trade.currency {
            return Err(Refused::RefundAmountDiffers);
        }
        if now > plus(paid_at, REFUNDABLE_MS) {
            return Err(Refused::RefundTooLate);
        }
        match self.left(trade) {
            0 => return Err(Refused::AllRefunded),
            left if order.refund > left => return Err(Refused::RefundTooMuch),
            _ => {}
        }
        if self.refunds_of(&trade.key).count() >= REFUNDS_MAX {
            return Err(Refused::RefundsTooMany);
        }
        if self.refunds_of(&trade.key).any(|refund| now < plus(refund.created_at, APART_MS)) {
            return Err(Refused::RefundTooSoon);
        }
        Ok(trade.key.clone())
    }

    /// A refund begins, and ends so at its time. From here on the trade is one that was paid back.
    pub fn begin_refund(
        &mut self,
        order: RefundOrder,
        of: &Key,
        ends: (Timestamp, RefundStatus),
        now: Timestamp,
    ) -> Refund {
        let refund_id = format!("5030{}{}", second(now), self.digits(10, 11));
        let mut transaction_id = String::new();
        if let Some(trade) = self.trades.get_mut(of) {
            trade.trade_state = TradeState::Refund;
            transaction_id = trade.transaction_id.clone().unwrap_or_default();
        }
        let refund = Refund {
            key: order.key.clone(),
            trade: of.clone(),
            sub_mchid: order.sub_mchid,
            transaction_id,
            refund_id,
            refund: order.refund,
            total: order.total,
            currency: order.currency,
            notify_url: order.notify_url,
            body: order.body,
            created_at: now,
            ends,
            status: RefundStatus::Processing,
            success_time: None,
        };
        self.refunds.under_way.insert((ends.0, order.key.clone()));
        self.refunds.all.insert(order.key, refund.clone());
        refund
    }

    /// Ends what is due.
    pub fn end_refunds(&mut self, now: Timestamp) {
        let refunds = &mut self.refunds;
        while let Some((at, key)) = refunds.under_way.pop_first() {
            if at > now {
                refunds.under_way.insert((at, key));
                return;
            }
            let Some(refund) = refunds.all.get_mut(&key) else { continue };
            refund.end(refund.ends.1, at);
            if refund.notify_url.is_some() {
                refunds.untold.push(key);
            }
        }
    }

    /// When the next one ends.
    pub fn refund_due_at(&self) -> Option<Timestamp> {
        self.refunds.under_way.first().map(|(at, _)| *at)
    }

    /// The merchant says where the money of an abnormal one goes. It goes there.
    ///
    /// # Errors
    /// There is none of this number and id, it is for another sub-merchant, or it is not abnormal.
    pub fn mend_refund(
        &mut self,
        key: &RefundKey,
        sub_mchid: Option<&str>,
        refund_id: &str,
        ends_at: Timestamp,
    ) -> Result<Refund, Refused> {
        let refund = self.refunds.all.get_mut(key).filter(|refund| refund.refund_id == refund_id);
        let refund = refund.ok_or(Refused::RefundNotExist)?;
        refund.check_sub(sub_mchid)?;
        if refund.status != RefundStatus::Abnormal {
            return Err(Refused::RefundNotAbnormal);
        }
        refund.status = RefundStatus::Processing;
        refund.ends = (ends_at, RefundStatus::Success);
        self.refunds.under_way.insert((ends_at, key.clone()));
        Ok(refund.clone())
    }

    /// A refund, for the sub-merchant that it is said to be for.
    ///
    /// # Errors
    /// There is none of this number, or it is for another sub-merchant.
    pub fn refund_for(&self, key: &RefundKey, sub_mchid: Option<&str>) -> Result<&Refund, Refused> {
        let refund = self.refund(key).ok_or(Refused::RefundNotExist)?;
        refund.check_sub(sub_mchid).map(|()| refund)
    }

    /// A refund.
    pub fn refund(&self, key: &RefundKey) -> Option<&Refund> {
        self.refunds.all.get(key)
    }

    /// A trade's refunds.
    pub fn refunds_of(&self, trade: &Key) -> impl Iterator<Item = &Refund> {
        self.refunds.all.values().filter(move |refund| refund.trade == *trade)
    }

    /// All of them.
    pub fn refunds(&self) -> impl Iterator<Item = &Refund> {
        self.refunds.all.values()
    }

    /// Takes the refunds that have ended since the last call and whose merchant is told of it.
    pub fn take_untold_refunds(&mut self) -> Vec<Refund> {
        let untold = std::mem::take(&mut self.refunds.untold);
        untold.iter().filter_map(|key| self.refunds.all.get(key).cloned()).collect()
    }

    /// Pays a paid trade back, all that is left of it, as its merchant can on the platform's own pages, and as a reversal
    /// does. False when there is nothing to pay back.
    pub fn pay_back(&mut self, key: &Key, now: Timestamp) -> bool {
        let Some(trade) = self.trades.get(key).filter(|trade| self.left(trade) > 0) else { return false };
        let order = RefundOrder {
            key: RefundKey { mchid: key.mchid.clone(), out_refund_no: String::new() },
            sub_mchid: trade.sub.as_ref().map(|sub| sub.mchid.clone()),
            transaction_id: None,
            out_trade_no: None,
            refund: self.left(trade),
            total: trade.total,
            currency: trade.currency.clone(),
            notify_url: None,
            body: Value::Null,
        };
        let out_refund_no = format!("platform-{}", self.digits(10, 20));
        let order = RefundOrder { key: RefundKey { out_refund_no, ..order.key }, ..order };
        self.begin_refund(order, key, (now, RefundStatus::Success), now);
        self.end_refunds(now);
        true
    }

    fn left(&self, trade: &Trade) -> i64 {
        match trade.trade_state {
            TradeState::Success => trade.total,
            TradeState::Refund => {
                let gone = self.refunds_of(&trade.key).filter(|refund| refund.status != RefundStatus::Closed);
                trade.total - gone.map(|refund| refund.refund).sum::<i64>()
            }
            _ => 0,
        }
    }
}
