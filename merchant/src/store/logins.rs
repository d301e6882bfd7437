//! Logins under way: kept when the payer is sent off, taken once.

use wechat_cashier::contract::Timestamp;

use super::dialect::{Dialect, Value};
use super::session::Session;
use super::{Login, StoreError};

/// How many that have expired are swept away at once: enough to get ahead of what comes, and little work for one payer.
const SWEPT: i64 = 100;

pub(super) async fn keep<D: Dialect>(
    mut session: Session<D>,
    state_hash: &str,
    login: &Login,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO logins (state_hash, order_id, page_url, expires_at) VALUES ($1, $2, $3, $4)";
    let values = [
        Value::Text(state_hash),
        Value::Text(&login.order_id),
        Value::Text(&login.page_url),
        Value::Time(Some(login.expires_at)),
    ];
    session.execute(sql, &values).await?;
    session.commit().await
}

pub(super) async fn take<D: Dialect>(
    mut session: Session<D>,
    state_hash: &str,
    now: Timestamp,
) -> Result<Option<Login>, StoreError> {
    let sql = "DELETE FROM logins WHERE state_hash = $1 RETURNING order_id, page_url, expires_at";
    let taken = session.fetch::<(String, String, i64)>(sql, &[Value::Text(state_hash)]).await?;
    // Without those that another sweeps: two that wait for each other would cost one of the payers the login.
    let sweep = format!(
        "DELETE FROM logins WHERE state_hash IN \
         (SELECT state_hash FROM logins WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2{skip_locked})",
        skip_locked = D::SKIP_LOCKED,
    );
    session.execute(sweep, &[Value::Time(Some(now)), Value::Number(SWEPT)]).await?;
    session.commit().await?;
    Ok(taken.into_iter().map(Login::from).find(|login| login.expires_at > now))
}

impl From<(String, String, i64)> for Login {
    fn from((order_id, page_url, expires_at): (String, String, i64)) -> Self {
        Self { order_id, page_url, expires_at: Timestamp::from_millis(expires_at) }
    }
}
