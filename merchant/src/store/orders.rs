//! Orders: written by version, claimed when they are due, listed.

use wechat_cashier::contract::Timestamp;

use super::dialect::{Dialect, Value};
use super::session::Session;
use super::{Change, Entry, Filter, Row, Saved, StoreError, Taken, TransactionId, webhooks};

/// The columns of `Kept`.
pub(super) const COLUMNS: &str = "order_id, shop, version, status, next_at, created_at, doc";

/// How many are claimed at once at most: each is a value of one query, of which SQLite takes 32,766.
pub(super) const MOST_CLAIMED: u32 = 1000;

pub(super) type Kept = (String, String, i64, String, Option<i64>, i64, String);

impl From<Kept> for Row {
    fn from((order_id, shop, version, status, next_at, created_at, doc): Kept) -> Self {
        let (next_at, created_at) = (next_at.map(Timestamp::from_millis), Timestamp::from_millis(created_at));
        Self { order_id, shop, version, status, next_at, created_at, doc }
    }
}

pub(super) async fn insert<D: Dialect>(mut session: Session<D>, change: &Change) -> Result<Saved, StoreError> {
    let row = &change.row;
    let sql = format!(
        "INSERT INTO orders ({COLUMNS}, changed_at) VALUES ($1, $2, 0, $3, $4, $5, $6, {now}) ON CONFLICT DO NOTHING",
        now = D::NOW_MS,
    );
    let values = [
        Value::Text(&row.order_id),
        Value::Text(&row.shop),
        Value::Text(&row.status),
        Value::Time(row.next_at),
        Value::Time(Some(row.created_at)),
        Value::Text(&row.doc),
    ];
    if session.execute(sql, &values).await? == 0 {
        session.roll_back().await;
        return Ok(Saved::Taken(Taken::OrderId));
    }
    finish(session, change).await
}

pub(super) async fn save<D: Dialect>(mut session: Session<D>, change: &Change) -> Result<Saved, StoreError> {
    let row = &change.row;
    // PostgreSQL waits here for another who writes the same order, and then looks at the version again.
    let sql = format!(
        "UPDATE orders SET version = version + 1, status = $3, next_at = $4, doc = $5, changed_at = {now} \
         WHERE order_id = $1 AND version = $2",
        now = D::NOW_MS,
    );
    let values = [
        Value::Text(&row.order_id),
        Value::Number(row.version),
        Value::Text(&row.status),
        Value::Time(row.next_at),
        Value::Text(&row.doc),
    ];
    if session.execute(sql, &values).await? == 0 {
        session.roll_back().await;
        return Ok(Saved::Stale);
    }
    finish(session, change).await
}

/// Writes what belongs to an order whose row is written, and commits.
async fn finish<D: Dialect>(mut session: Session<D>, change: &Change) -> Result<Saved, StoreError> {
    let unique = [
        (&change.out_trade_nos, Taken::OutTradeNo, "INSERT INTO out_trade_nos (order_id, out_trade_no)"),
        (&change.idempotency_keys, Taken::IdempotencyKey, "INSERT INTO idempotency_keys (order_id, idempotency_key)"),
    ];
    let order_id = Value::Text(&change.row.order_id);
    for (keys, taken, sql) in unique {
        for key in keys {
            // Not by an error, which each database words in its own way; PostgreSQL waits for another who writes the same.
            let sql = format!("{sql} VALUES ($1, $2) ON CONFLICT DO NOTHING");
            if session.execute(sql, &[order_id, Value::Text(key)]).await? == 0 {
                session.roll_back().await;
                return Ok(Saved::Taken(taken));
            }
        }
    }
    for TransactionId { transaction_id, success_time } in &change.transaction_ids {
        let sql = "INSERT INTO transaction_ids (order_id, transaction_id, success_time) VALUES ($1, $2, $3) \
                   ON CONFLICT DO NOTHING";
        if session.execute(sql, &[order_id, Value::Text(transaction_id), Value::Time(*success_time)]).await? == 0 {
            session.roll_back().await;
            return Ok(Saved::Taken(Taken::TransactionId));
        }
    }
    for at in &change.refunded_at {
        let sql = "INSERT INTO refund_times (order_id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        session.execute(sql, &[order_id, Value::Time(Some(*at))]).await?;
    }
    for Entry { at, kind, body } in &change.entries {
        let values = [order_id, Value::Time(Some(*at)), Value::Text(kind), Value::Text(body)];
        session.execute("INSERT INTO entries (order_id, at, kind, body) VALUES ($1, $2, $3, $4)", &values).await?;
    }
    webhooks::add(&mut session, &change.row.order_id, &change.webhooks).await?;
    session.commit().await?;
    Ok(Saved::Yes)
}

pub(super) async fn load<D: Dialect>(mut session: Session<D>, order_id: &str) -> Result<Option<Row>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM orders WHERE order_id = $1");
    let rows = session.fetch::<Kept>(sql, &[Value::Text(order_id)]).await?;
    Ok(rows.into_iter().next().map(Row::from))
}

pub(super) async fn of_number<D: Dialect>(
    mut session: Session<D>,
    out_trade_no: &str,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT order_id FROM out_trade_nos WHERE out_trade_no = $1";
    let rows = session.fetch::<(String,)>(sql, &[Value::Text(out_trade_no)]).await?;
    Ok(rows.into_iter().next().map(|(order_id,)| order_id))
}

pub(super) async fn of_transaction<D: Dialect>(
    mut session: Session<D>,
    transaction_id: &str,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT order_id FROM transaction_ids WHERE transaction_id = $1";
    let rows = session.fetch::<(String,)>(sql, &[Value::Text(transaction_id)]).await?;
    Ok(rows.into_iter().next().map(|(order_id,)| order_id))
}

pub(super) async fn claim_due<D: Dialect>(
    mut session: Session<D>,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
) -> Result<Vec<Row>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM orders WHERE next_at <= $1 ORDER BY next_at LIMIT $2{skip_locked}",
        skip_locked = D::SKIP_LOCKED,
    );
    let limit = Value::Number(limit.min(MOST_CLAIMED).into());
    let due = session.fetch::<Kept>(sql, &[Value::Time(Some(now)), limit]).await?;
    let mut rows: Vec<Row> = due.into_iter().map(Row::from).collect();
    if rows.is_empty() {
        session.roll_back().await;
        return Ok(rows);
    }
    let places: Vec<String> = (2..).take(rows.len()).map(|number| format!("${number}")).collect();
    let sql = format!("UPDATE orders SET next_at = $1 WHERE order_id IN ({})", places.join(", "));
    let until = Value::Time(Some(lease_until));
    let values: Vec<_> = [until].into_iter().chain(rows.iter().map(|row| Value::Text(&row.order_id))).collect();
    session.execute(sql, &values).await?;
    session.commit().await?;
    for row in &mut rows {
        row.next_at = Some(lease_until);
    }
    Ok(rows)
}

pub(super) async fn next_due<D: Dialect>(mut session: Session<D>) -> Result<Option<Timestamp>, StoreError> {
    // A `min` would be the same but has a row also where there is none.
    let sql = "SELECT next_at FROM orders WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1";
    let rows = session.fetch::<(i64,)>(sql, &[]).await?;
    Ok(rows.first().map(|(next_at,)| Timestamp::from_millis(*next_at)))
}

pub(super) async fn entries<D: Dialect>(mut session: Session<D>, order_id: &str) -> Result<Vec<Entry>, StoreError> {
    let sql = "SELECT at, kind, body FROM entries WHERE order_id = $1 ORDER BY id";
    let rows = session.fetch(sql, &[Value::Text(order_id)]).await?;
    Ok(rows.into_iter().map(|kept: (i64, String, String)| Entry::from(kept)).collect())
}

impl From<(i64, String, String)> for Entry {
    fn from((at, kind, body): (i64, String, String)) -> Self {
        Self { at: Timestamp::from_millis(at), kind, body }
    }
}

pub(super) async fn list<D: Dialect>(
    mut session: Session<D>,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<Row>, StoreError> {
    let (end, before) = (Timestamp::from_millis(i64::MAX), filter.before.as_ref());
    let mut values = vec![
        Value::Number(limit.into()),
        Value::Time(Some(filter.created_from.unwrap_or(Timestamp::from_millis(i64::MIN)))),
        Value::Time(Some(filter.created_before.unwrap_or(end))),
        Value::Time(Some(before.map_or(end, |place| place.created_at))),
        Value::Text(before.map_or("", |place| &place.order_id)),
    ];
    let mut more = String::new();
    for (column, wanted) in [("shop", &filter.shop), ("status", &filter.status)] {
        if let Some(wanted) = wanted {
            values.push(Value::Text(wanted));
            more += &format!("AND {column} = ${} ", values.len());
        }
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM orders WHERE created_at >= $2 AND created_at < $3 AND (created_at, order_id) < ($4, $5) \
         {more}ORDER BY created_at DESC, order_id DESC LIMIT $1"
    );
    let rows = session.fetch::<Kept>(sql, &values).await?;
    Ok(rows.into_iter().map(Row::from).collect())
}
