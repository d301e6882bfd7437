//! What the shop is told: written with an order, claimed when it is due, kept with what came of it.

use wechat_cashier::contract::Timestamp;

use super::dialect::{Dialect, Value};
use super::outbox::{NewWebhook, Tried, Webhook, WebhookFilter, WebhookState};
use super::session::Session;
use super::{StoreError, orders};

/// The columns of `Kept`.
const COLUMNS: &str =
    "id, shop, order_id, type, body, created_at, state, next_at, tries, last_at, last_status, last_error, delivered_at";

type Kept = (
    String,
    String,
    Option<String>,
    String,
    String,
    i64,
    String,
    Option<i64>,
    i64,
    Option<i64>,
    Option<i64>,
    Option<String>,
    Option<i64>,
);

impl From<Kept> for Webhook {
    fn from(kept: Kept) -> Self {
        let (id, shop, order_id, kind, body, created_at, state, next_at, tries, last_at, status, last_error, arrived) =
            kept;
        let at = |millis: Option<i64>| millis.map(Timestamp::from_millis);
        Self {
            id,
            shop,
            order_id,
            kind,
            body,
            created_at: Timestamp::from_millis(created_at),
            state: WebhookState::of_word(&state).unwrap_or(WebhookState::GivenUp),
            next_at: at(next_at),
            tries: u32::try_from(tries).unwrap_or(u32::MAX),
            last_at: at(last_at),
            last_status: status.and_then(|status| u16::try_from(status).ok()),
            last_error,
            delivered_at: at(arrived),
        }
    }
}

/// Adds what is told to the transaction that writes what it is about: an order, or, by an empty number, something else. One of a known id is known to the shop, or will be.
pub(super) async fn add<D: Dialect>(
    session: &mut Session<D>,
    order_id: &str,
    told: &[NewWebhook],
) -> Result<(), StoreError> {
    let sql = "INSERT INTO webhooks (id, order_id, type, body, created_at, state, next_at, tries, shop) \
               VALUES ($1, NULLIF($2, ''), $3, $4, $5, $6, $5, 0, $7) ON CONFLICT DO NOTHING";
    for NewWebhook { id, shop, kind, body, created_at } in told {
        let values = [
            Value::Text(id),
            Value::Text(order_id),
            Value::Text(kind),
            Value::Text(body),
            Value::Time(Some(*created_at)),
            Value::Text(WebhookState::Waiting.word()),
            Value::Text(shop),
        ];
        session.execute(sql, &values).await?;
    }
    Ok(())
}

/// `shop IN (…)`, of values that begin at a place.
fn of_shops(shops: &[&str], first: usize) -> String {
    let places: Vec<String> = (first..).take(shops.len()).map(|number| format!("${number}")).collect();
    format!("shop IN ({})", places.join(", "))
}

pub(super) async fn claim_due<D: Dialect>(
    mut session: Session<D>,
    shops: &[&str],
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
) -> Result<Vec<Webhook>, StoreError> {
    if shops.is_empty() {
        session.roll_back().await;
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM webhooks WHERE next_at <= $1 AND {of_shops} ORDER BY next_at, number LIMIT $2{skip_locked}",
        of_shops = of_shops(shops, 3),
        skip_locked = D::SKIP_LOCKED,
    );
    let limit = Value::Number(limit.min(orders::MOST_CLAIMED).into());
    let values = [Value::Time(Some(now)), limit];
    let values: Vec<_> = values.into_iter().chain(shops.iter().map(|shop| Value::Text(shop))).collect();
    let due = session.fetch::<Kept>(sql, &values).await?;
    let mut due: Vec<Webhook> = due.into_iter().map(Webhook::from).collect();
    if due.is_empty() {
        session.roll_back().await;
        return Ok(due);
    }
    let places: Vec<String> = (2..).take(due.len()).map(|number| format!("${number}")).collect();
    let sql = format!("UPDATE webhooks SET next_at = $1 WHERE id IN ({})", places.join(", "));
    let until = Value::Time(Some(lease_until));
    let values: Vec<_> = [until].into_iter().chain(due.iter().map(|told| Value::Text(&told.id))).collect();
    session.execute(sql, &values).await?;
    session.commit().await?;
    for told in &mut due {
        told.next_at = Some(lease_until);
    }
    Ok(due)
}

pub(super) async fn next_due<D: Dialect>(
    mut session: Session<D>,
    shops: &[&str],
) -> Result<Option<Timestamp>, StoreError> {
    if shops.is_empty() {
        return Ok(None);
    }
    let of_shops = of_shops(shops, 1);
    let sql = format!("SELECT next_at FROM webhooks WHERE next_at IS NOT NULL AND {of_shops} ORDER BY next_at LIMIT 1");
    let values: Vec<_> = shops.iter().map(|shop| Value::Text(shop)).collect();
    let rows = session.fetch::<(i64,)>(sql, &values).await?;
    Ok(rows.first().map(|(next_at,)| Timestamp::from_millis(*next_at)))
}

pub(super) async fn finish<D: Dialect>(
    mut session: Session<D>,
    id: &str,
    lease_until: Timestamp,
    tried: &Tried,
) -> Result<bool, StoreError> {
    let sql = "UPDATE webhooks SET tries = tries + 1, state = $3, next_at = $4, last_at = $5, last_status = $6, \
               last_error = $7, delivered_at = $8 WHERE id = $1 AND next_at = $2";
    let delivered_at = (tried.state == WebhookState::Delivered).then_some(tried.at);
    let values = [
        Value::Text(id),
        Value::Time(Some(lease_until)),
        Value::Text(tried.state.word()),
        Value::Time(tried.next_at),
        Value::Time(Some(tried.at)),
        Value::SomeNumber(tried.status.map(i64::from)),
        Value::SomeText(tried.error.as_deref()),
        Value::Time(delivered_at),
    ];
    let rows = session.execute(sql, &values).await?;
    session.commit().await?;
    Ok(rows > 0)
}

pub(super) async fn list<D: Dialect>(
    mut session: Session<D>,
    filter: &WebhookFilter,
    limit: u32,
) -> Result<Vec<Webhook>, StoreError> {
    let wanted = [
        (filter.shop.as_deref(), "shop = $"),
        (filter.state.map(WebhookState::word), "state = $"),
        (filter.order_id.as_deref(), "order_id = $"),
        // With none of that id there is nothing before it.
        (filter.before.as_deref(), "number < (SELECT number FROM webhooks WHERE id = $)"),
    ];
    let (mut values, mut conditions) = (vec![Value::Number(limit.into())], vec!["TRUE".to_owned()]);
    for (value, condition) in wanted {
        let Some(value) = value else { continue };
        values.push(Value::Text(value));
        conditions.push(condition.replace('$', &format!("${}", values.len())));
    }
    let conditions = conditions.join(" AND ");
    let sql = format!("SELECT {COLUMNS} FROM webhooks WHERE {conditions} ORDER BY number DESC LIMIT $1");
    let rows = session.fetch::<Kept>(sql, &values).await?;
    Ok(rows.into_iter().map(Webhook::from).collect())
}

pub(super) async fn send_again<D: Dialect>(
    mut session: Session<D>,
    shop: &str,
    id: &str,
    now: Timestamp,
) -> Result<Option<Webhook>, StoreError> {
    // As if it had never been tried, but for what was answered last.
    let sql = format!(
        "UPDATE webhooks SET state = $3, next_at = $2, tries = 0, delivered_at = NULL WHERE id = $1 AND shop = $4 \
         RETURNING {COLUMNS}"
    );
    let state = Value::Text(WebhookState::Waiting.word());
    let values = [Value::Text(id), Value::Time(Some(now)), state, Value::Text(shop)];
    let rows = session.fetch::<Kept>(sql, &values).await?;
    session.commit().await?;
    Ok(rows.into_iter().next().map(Webhook::from))
}
