//! What came out of each day, and who is at it.

use wechat_cashier::contract::Timestamp;

use super::dialect::{Dialect, Value};
use super::session::Session;
use super::{NewWebhook, Reconciliation, StoreError, webhooks};
use crate::domain::plus;

/// Nobody who works has had a lease for so long.
const LEFT_BEHIND_MS: i64 = 24 * 60 * 60 * 1000;

/// The columns of `Kept`, but for the report itself.
const COLUMNS: &str = "sub_mchid, date, state, made_at, next_at, differences";

type Kept = (String, String, String, i64, Option<i64>, i64, String);

pub(super) async fn keep<D: Dialect>(
    mut session: Session<D>,
    kept: &Reconciliation,
    replaces: &[&str],
    told: &[NewWebhook],
) -> Result<bool, StoreError> {
    let places: Vec<String> = (8..).take(replaces.len()).map(|number| format!("${number}")).collect();
    let only = match places.is_empty() {
        true => String::new(),
        false => format!(" WHERE reports.state IN ({})", places.join(", ")),
    };
    let sql = format!(
        "INSERT INTO reports ({COLUMNS}, report) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (sub_mchid, date) DO UPDATE SET state = excluded.state, \
         made_at = excluded.made_at, next_at = excluded.next_at, differences = excluded.differences, \
         report = excluded.report{only}"
    );
    let values = [
        Value::Text(&kept.sub_mchid),
        Value::Text(&kept.date),
        Value::Text(&kept.state),
        Value::Time(Some(kept.made_at)),
        Value::Time(kept.next_at),
        Value::Number(kept.differences),
        Value::Text(&kept.report),
    ];
    let values: Vec<_> = values.into_iter().chain(replaces.iter().map(|state| Value::Text(state))).collect();
    let is_kept = session.execute(sql, &values).await? > 0;
    if is_kept {
        webhooks::add(&mut session, "", told).await?;
    }
    session.commit().await?;
    Ok(is_kept)
}

pub(super) async fn load<D: Dialect>(
    mut session: Session<D>,
    sub_mchid: &str,
    date: &str,
) -> Result<Option<Reconciliation>, StoreError> {
    let sql = format!("SELECT {COLUMNS}, report FROM reports WHERE sub_mchid = $1 AND date = $2");
    let rows = session.fetch::<Kept>(sql, &[Value::Text(sub_mchid), Value::Text(date)]).await?;
    Ok(rows.into_iter().next().map(Reconciliation::from))
}

pub(super) async fn list<D: Dialect>(
    mut session: Session<D>,
    sub_mchid: &str,
    before: &str,
    limit: u32,
) -> Result<Vec<Reconciliation>, StoreError> {
    // Without the reports themselves, which may be long.
    let sql =
        format!("SELECT {COLUMNS}, '' FROM reports WHERE sub_mchid = $1 AND date < $2 ORDER BY date DESC LIMIT $3");
    let values = [Value::Text(sub_mchid), Value::Text(before), Value::Number(limit.into())];
    let rows = session.fetch::<Kept>(sql, &values).await?;
    Ok(rows.into_iter().map(Reconciliation::from).collect())
}

impl From<Kept> for Reconciliation {
    fn from((sub_mchid, date, state, made_at, next_at, differences, report): Kept) -> Self {
        let (made_at, next_at) = (Timestamp::from_millis(made_at), next_at.map(Timestamp::from_millis));
        Self { sub_mchid, date, state, made_at, next_at, differences, report }
    }
}

pub(super) async fn lease<D: Dialect>(
    mut session: Session<D>,
    name: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    // Of two who ask at once the second waits for the first, and then finds its lease.
    let sql = "INSERT INTO leases (name, until) VALUES ($1, $3) \
               ON CONFLICT (name) DO UPDATE SET until = excluded.until WHERE leases.until <= $2";
    let values = [Value::Text(name), Value::Time(Some(now)), Value::Time(Some(until))];
    let is_given = session.execute(sql, &values).await? > 0;
    session.commit().await?;
    Ok(is_given)
}

pub(super) async fn end_lease<D: Dialect>(
    mut session: Session<D>,
    name: &str,
    until: Timestamp,
) -> Result<(), StoreError> {
    // One that has run out may be another's by now.
    let sql = "DELETE FROM leases WHERE (name = $1 AND until = $2) OR until < $3";
    let left_behind = plus(until, -LEFT_BEHIND_MS);
    session.execute(sql, &[Value::Text(name), Value::Time(Some(until)), Value::Time(Some(left_behind))]).await?;
    session.commit().await
}
