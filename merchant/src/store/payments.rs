//! Orders by the time at which they were paid, and paid back.

use wechat_cashier::contract::Timestamp;

use super::dialect::{Dialect, Value};
use super::orders::{COLUMNS, Kept};
use super::session::Session;
use super::{PaymentId, Row, StoreError};

pub(super) async fn moved_between<D: Dialect>(
    mut session: Session<D>,
    from: Timestamp,
    before: Timestamp,
    after: &str,
    limit: u32,
) -> Result<Vec<Row>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM orders WHERE order_id > $3 AND order_id IN \
         (SELECT order_id FROM transaction_ids WHERE success_time >= $1 AND success_time < $2 \
         UNION ALL SELECT order_id FROM refund_times WHERE at >= $1 AND at < $2) \
         ORDER BY order_id LIMIT $4"
    );
    let values = [Value::Time(Some(from)), Value::Time(Some(before)), Value::Text(after), Value::Number(limit.into())];
    let rows = session.fetch::<Kept>(sql, &values).await?;
    Ok(rows.into_iter().map(Row::from).collect())
}

pub(super) async fn untimed<D: Dialect>(mut session: Session<D>, limit: u32) -> Result<Vec<PaymentId>, StoreError> {
    let sql = "SELECT transaction_id, order_id FROM transaction_ids WHERE success_time IS NULL LIMIT $1";
    let rows = session.fetch::<(String, String)>(sql, &[Value::Number(limit.into())]).await?;
    let of = |(transaction_id, order_id)| PaymentId { transaction_id, order_id };
    Ok(rows.into_iter().map(of).collect())
}

pub(super) async fn time<D: Dialect>(
    mut session: Session<D>,
    payments: &[(PaymentId, Timestamp)],
) -> Result<(), StoreError> {
    for (payment, at) in payments {
        let sql = "UPDATE transaction_ids SET success_time = $2 WHERE transaction_id = $1";
        session.execute(sql, &[Value::Text(&payment.transaction_id), Value::Time(Some(*at))]).await?;
    }
    session.commit().await
}

pub(super) async fn first_order<D: Dialect>(
    mut session: Session<D>,
    shops: &[&str],
) -> Result<Option<Timestamp>, StoreError> {
    let first = "SELECT created_at FROM orders ORDER BY created_at, order_id LIMIT 1";
    let first_of = "SELECT created_at FROM orders WHERE shop = $1 ORDER BY created_at, order_id LIMIT 1";
    let mut rows = Vec::new();
    if shops.is_empty() {
        rows = session.fetch::<(i64,)>(first, &[]).await?;
    }
    for shop in shops {
        rows.extend(session.fetch::<(i64,)>(first_of, &[Value::Text(shop)]).await?);
    }
    Ok(rows.iter().map(|(created_at,)| Timestamp::from_millis(*created_at)).min())
}
