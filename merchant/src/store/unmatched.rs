//! What fits no order, kept for a person.

use super::dialect::{Dialect, Value};
use super::session::Session;
use super::{Entry, StoreError};

pub(super) async fn keep<D: Dialect>(mut session: Session<D>, entry: &Entry) -> Result<(), StoreError> {
    let sql = "INSERT INTO unmatched (at, kind, body) VALUES ($1, $2, $3)";
    let values = [Value::Time(Some(entry.at)), Value::Text(&entry.kind), Value::Text(&entry.body)];
    session.execute(sql, &values).await?;
    session.commit().await
}

pub(super) async fn list<D: Dialect>(mut session: Session<D>, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let sql = "SELECT at, kind, body FROM unmatched ORDER BY id DESC LIMIT $1";
    let rows = session.fetch(sql, &[Value::Number(limit.into())]).await?;
    Ok(rows.into_iter().map(|kept: (i64, String, String)| Entry::from(kept)).collect())
}
