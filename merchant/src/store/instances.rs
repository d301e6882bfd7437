//! Several programs on one database: which of them live, and what the others wrote. All times here are of the database's
//! clock, which they share; nothing rests on it but how soon news come.

use wechat_cashier::contract::Timestamp;

use super::dialect::{Dialect, Value};
use super::session::Session;
use super::{Changed, StoreError, Written};

/// So many changed orders are told of at once at most. Whoever is told of so many asks on.
const TOLD_MOST: usize = 1_000;

/// Writes that an instance lives, forgets those that were not seen for `within_ms` and those whose names begin with `ghosts`, and
/// gives how many there are now.
pub(super) async fn meet<D: Dialect>(
    mut session: Session<D>,
    instance: &str,
    within_ms: i64,
    ghosts: Option<&str>,
) -> Result<u32, StoreError> {
    let now = D::NOW_MS;
    if let Some(ghosts) = ghosts {
        let sql = "DELETE FROM instances WHERE substr(instance, 1, length($1)) = $1";
        session.execute(sql, &[Value::Text(ghosts)]).await?;
    }
    let sql = format!(
        "INSERT INTO instances (instance, seen_at) VALUES ($1, {now}) \
         ON CONFLICT (instance) DO UPDATE SET seen_at = excluded.seen_at"
    );
    session.execute(sql, &[Value::Text(instance)]).await?;
    session.execute(format!("DELETE FROM instances WHERE seen_at < {now} - $1"), &[Value::Number(within_ms)]).await?;
    let rows = session.fetch::<(i64,)>("SELECT COUNT(*) FROM instances", &[]).await?;
    session.commit().await?;
    // Its own row is one of them.
    Ok(rows.first().map_or(1, |(count,)| u32::try_from(*count).unwrap_or(u32::MAX)).max(1))
}

/// The instance goes.
pub(super) async fn leave<D: Dialect>(mut session: Session<D>, instance: &str) -> Result<(), StoreError> {
    session.execute("DELETE FROM instances WHERE instance = $1", &[Value::Text(instance)]).await?;
    session.commit().await
}

/// The orders that were written at `since` or later.
pub(super) async fn changed<D: Dialect>(
    mut session: Session<D>,
    since: Option<Timestamp>,
) -> Result<Changed, StoreError> {
    // The time first: what is written after it is found by the next question.
    let now = session.fetch::<(i64,)>(format!("SELECT {now}", now = D::NOW_MS), &[]).await?;
    let now = Timestamp::from_millis(now.first().map_or(0, |(now,)| *now));
    let Some(since) = since else { return Ok(Changed { now, orders: Vec::new(), more: false }) };
    let sql = format!(
        "SELECT order_id, version, changed_at FROM orders WHERE changed_at >= $1 ORDER BY changed_at LIMIT {TOLD_MOST}"
    );
    let rows = session.fetch(sql, &[Value::Time(Some(since))]).await?;
    let written = |(order_id, version, changed_at): (String, i64, i64)| Written {
        order_id,
        version,
        changed_at: Timestamp::from_millis(changed_at),
    };
    let orders: Vec<_> = rows.into_iter().map(written).collect();
    let more = orders.len() >= TOLD_MOST;
    Ok(Changed { now, orders, more })
}
