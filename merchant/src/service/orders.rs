//! Reading and writing orders. Whoever changes one reads it, applies facts, and writes it if nobody wrote in between.

use wechat_cashier::contract::{Method, ProblemCode, Timestamp};

use super::{Backend, Problem};
use crate::domain::{Fact, Order, Receipt, Strange, Terms, Trade, TradeState};
use crate::metrics;
use crate::store::{Change, Entry, Filter, Place, Row, Saved, Taken, TransactionId};

/// So often an order is read anew because somebody else wrote in between. Each time another got through.
const TRIES: usize = 16;

/// So many orders are looked through for those that a person has to look at: pages, of so many each. The database has no index of it.
const NOTICED_PAGES: usize = 25;
const NOTICED_PAGE: u32 = 200;

/// Orders of a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// They.
    pub orders: Vec<Order>,
    /// After which the list goes on, if it does.
    pub next: Option<Place>,
}

/// An order as it was read.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub(super) order: Order,
    row: Row,
}

impl Backend {
    /// Reads an order.
    ///
    /// # Errors
    /// `order_not_found`, or the database does not answer.
    pub async fn order(&self, order_id: &str) -> Result<Order, Problem> {
        self.read(order_id).await.map(|read| read.order)
    }

    /// The orders that a number belongs to: an order's id, an `out_trade_no` or a `transaction_id`. One number can be several.
    ///
    /// # Errors
    /// The database does not answer, or an order cannot be read.
    pub async fn find(&self, number: &str) -> Result<Vec<Order>, Problem> {
        let store = self.store();
        let mut ids = vec![number.to_owned()];
        ids.extend(store.order_of(number).await?);
        ids.extend(store.order_of_transaction(number).await?);
        ids.dedup();
        let mut found: Vec<Order> = Vec::new();
        for order_id in ids {
            let is_there = found.iter().any(|order| order.facts.order_id == order_id);
            if !is_there && let Some(row) = store.load(&order_id).await? {
                found.push(read(row)?.order);
            }
        }
        Ok(found)
    }

    /// Orders, the one made last first, as many as are wanted at most.
    ///
    /// # Errors
    /// The database does not answer, or an order cannot be read.
    pub async fn list(&self, filter: &Filter, limit: u32) -> Result<Listed, Problem> {
        // One more tells whether there are more.
        let mut rows = self.store().list(filter, limit.saturating_add(1)).await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| is_more).map(Row::place);
        let orders = rows.into_iter().map(|row| read(row).map(|read| read.order)).collect::<Result<_, _>>()?;
        Ok(Listed { orders, next })
    }

    /// Of the orders of a list those that a person has to look at, as many as are wanted at most. It looks at so many orders and no
    /// more: a list that goes on may have none on this page.
    ///
    /// # Errors
    /// The database does not answer, or an order cannot be read.
    pub async fn list_noticed(&self, filter: &Filter, limit: usize) -> Result<Listed, Problem> {
        let mut found = Listed { orders: Vec::new(), next: filter.before.clone() };
        for _ in 0..NOTICED_PAGES {
            let filter = Filter { before: found.next.take(), ..filter.clone() };
            let Listed { orders, next } = self.list(&filter, NOTICED_PAGE).await?;
            for order in orders {
                let is_noticed = !order.oddities.is_empty();
                let place = Place { created_at: order.facts.created_at, order_id: order.facts.order_id.clone() };
                found.orders.extend(is_noticed.then_some(order));
                if found.orders.len() >= limit {
                    found.next = Some(place);
                    return Ok(found);
                }
            }
            found.next = next;
            if found.next.is_none() {
                break;
            }
        }
        Ok(found)
    }

    pub(super) async fn read(&self, order_id: &str) -> Result<Read, Problem> {
        let row = self.store().load(order_id).await?.ok_or_else(|| Problem::no_order(order_id))?;
        read(row)
    }

    /// Keeps a new order.
    ///
    /// # Errors
    /// `invalid_request` if there is one of this id already, or the database does not answer.
    pub async fn insert(&self, order: &Order) -> Result<(), Problem> {
        let now = self.clock().now();
        let mut change = Change::of(row(order, 0, now)?);
        change.entries.push(Entry { at: now, kind: "created".to_owned(), body: json(&order.facts)? });
        match self.store().insert(&change).await? {
            Saved::Yes => {
                self.announce(&order.facts.order_id);
                Ok(())
            }
            Saved::Stale | Saved::Taken(_) => {
                let detail = format!("there is an order {} already", order.facts.order_id);
                Err(Problem::invalid(detail))
            }
        }
    }

    /// Applies what happened to an order, as it is read, and writes it. `happened` is asked again whenever somebody else
    /// wrote in between.
    pub(super) async fn change(
        &self,
        order_id: &str,
        mut happened: impl FnMut(&Order, Timestamp) -> Vec<Fact> + Send,
    ) -> Result<Order, Problem> {
        for _ in 0..TRIES {
            let Read { order: before, row: known } = self.read(order_id).await?;
            let now = self.clock().now();
            let facts = happened(&before, now);
            let mut order = before.clone();
            let mut entries = Vec::with_capacity(facts.len());
            for fact in facts {
                entries.push(Entry { at: now, kind: fact.kind().to_owned(), body: json(&fact)? });
                order.apply(fact, now);
            }
            let mut change = Change::of(row(&order, known.version, now)?);
            if order == before && change.row.next_at == known.next_at && change.row.status == known.status {
                return Ok(order);
            }
            change.entries = entries;
            name_what_is_unique(&before, &order, &mut change);
            change.webhooks = self.to_tell(&known.status, &before, &order, now);
            change.refunded_at = went_back(&before, &order, now);
            match self.store().save(&change).await? {
                Saved::Yes => {
                    tell(&before, &order);
                    metrics::changed(&before, &order);
                    self.announce(order_id);
                    if !change.webhooks.is_empty() {
                        self.is_to_be_told();
                    }
                    return Ok(order);
                }
                // A number of another order's, such as "A-2" of the order "A" where there is an order "A-2": it is kept as
                // one that cannot be used.
                Saved::Taken(Taken::OutTradeNo) => self.skip_number(order_id).await?,
                Saved::Taken(taken) => {
                    tracing::error!(order_id, ?taken, "what has to be unique is not");
                    let detail = "another order has a part of this one";
                    return Err(Problem::new(ProblemCode::UpstreamUnavailable, detail));
                }
                Saved::Stale => {}
            }
        }
        Err(Problem::new(ProblemCode::UpstreamUnavailable, "too many at once change this order"))
    }

    async fn skip_number(&self, order_id: &str) -> Result<(), Problem> {
        let Read { mut order, row: known } = self.read(order_id).await?;
        let now = self.clock().now();
        let number = order.next_number();
        tracing::warn!(order_id, out_trade_no = number, "the number is another order's");
        let mut trade = Order::taken(number, Method::Native, Terms::default(), String::new(), now);
        trade.state = TradeState::Refused;
        order.trades.push(trade);
        // Whether it was written or not: the order is read anew.
        // The rest of its row stays: what has come by time alone is told by who writes it next.
        let _: Saved = self.store().save(&Change::of(Row { doc: json(&order)?, ..known })).await?;
        Ok(())
    }
}

pub(super) fn read(row: Row) -> Result<Read, Problem> {
    match serde_json::from_str(&row.doc) {
        Ok(order) => Ok(Read { order, row }),
        Err(error) => {
            tracing::error!(order_id = row.order_id, error = %error, "the order's document cannot be read");
            Err(Problem::new(ProblemCode::UpstreamUnavailable, "the order cannot be read"))
        }
    }
}

fn row(order: &Order, version: i64, now: Timestamp) -> Result<Row, Problem> {
    Ok(Row {
        order_id: order.facts.order_id.clone(),
        shop: order.facts.shop.clone(),
        version,
        status: order.status(now).word().to_owned(),
        next_at: order.next_at(now),
        created_at: order.facts.created_at,
        doc: json(order)?,
    })
}

pub(super) fn json(value: &impl serde::Serialize) -> Result<String, Problem> {
    serde_json::to_string(value)
        .map_err(|error| Problem::new(ProblemCode::UpstreamUnavailable, format!("it cannot be written: {error}")))
}

fn name_what_is_unique(before: &Order, after: &Order, change: &mut Change) {
    let is_ours = |trade: &&Trade| trade.state != TradeState::Refused;
    let is_new = |trade: &&Trade| before.trade(&trade.out_trade_no).is_none();
    change.out_trade_nos =
        after.trades.iter().filter(is_new).filter(is_ours).map(|trade| trade.out_trade_no.clone()).collect();
    let known: Vec<_> = before.payments.iter().map(|payment| &payment.key).collect();
    let mut keys: Vec<_> = after.payments.iter().map(|payment| payment.key.clone()).collect();
    keys.retain(|key| !known.contains(&key));
    keys.dedup();
    change.idempotency_keys = keys;
    let receipts = after.paid.iter().skip(before.paid.len());
    let id = |receipt: &Receipt| TransactionId {
        transaction_id: receipt.transaction_id.clone(),
        success_time: Some(receipt.success_time),
    };
    change.transaction_ids = receipts.filter_map(|number| after.trade(number)?.receipt().map(id)).collect();
}

/// When money went back by this change: orders are found by it. A reversed payment by code may have been paid, whether or not that
/// was heard.
fn went_back(before: &Order, after: &Order, now: Timestamp) -> Vec<Timestamp> {
    let was_reversed = |trade: &Trade| before.trade(&trade.out_trade_no).is_some_and(|trade| before.is_reversed(trade));
    let is_reversed = after.trades.iter().any(|trade| after.is_reversed(trade) && !was_reversed(trade));
    let taken = |order: &Order| order.refunds.iter().filter(|refund| refund.taken_at.is_some()).count();
    (is_reversed || taken(after) > taken(before)).then_some(now).into_iter().collect()
}

/// What a person has to know is in the log at once.
fn tell(before: &Order, after: &Order) {
    let order_id = &after.facts.order_id;
    for odd in after.oddities.iter().skip(before.oddities.len()) {
        let out_trade_no = &odd.out_trade_no;
        match &odd.what {
            Strange::Misfit { misfit, .. } => tracing::error!(
                order_id,
                out_trade_no,
                field = misfit.field,
                expected = misfit.expected,
                got = misfit.got,
                "alarm: WeChat Pay says something that is not of this order"
            ),
            Strange::PaidTwice { receipt } => tracing::error!(
                order_id,
                out_trade_no,
                transaction_id = receipt.transaction_id,
                "alarm: the order was paid twice; this money has to go back"
            ),
            Strange::RefundMisfit { misfit, .. } => tracing::error!(
                order_id,
                out_trade_no,
                field = misfit.field,
                expected = misfit.expected,
                got = misfit.got,
                "alarm: WeChat Pay says something of a refund that is not of this order"
            ),
            Strange::RefundAbnormal { out_refund_no } => tracing::error!(
                order_id,
                out_trade_no,
                out_refund_no,
                "alarm: the payer's bank does not take the refund; a person has to say at the platform where it goes"
            ),
            what => tracing::warn!(order_id, out_trade_no, ?what, "needs attention"),
        }
    }
    for number in after.paid.iter().skip(before.paid.len()) {
        tracing::info!(order_id, out_trade_no = number, "paid");
    }
    for refund in &after.refunds {
        let (out_refund_no, amount, state) = (&refund.out_refund_no, refund.amount, refund.state.word());
        if before.refund(out_refund_no).is_none_or(|known| known.state != refund.state) {
            tracing::info!(order_id, out_refund_no, amount, state, "a refund");
        }
    }
}
