//! How many visits came how far: counts that only grow by sums, so that instances need not know of each other.

use super::dialect::{Dialect, Value};
use super::session::Session;
use super::{FunnelCount, StoreError};

type Kept = (String, String, String, String, i64);

/// So many are written by one statement.
const AT_ONCE: usize = 200;

pub(super) async fn count<D: Dialect>(
    mut session: Session<D>,
    counts: &[FunnelCount],
    forget_before: &str,
) -> Result<(), StoreError> {
    for counts in counts.chunks(AT_ONCE) {
        let row = |at: usize| format!("(${}, ${}, ${}, ${}, ${})", at + 1, at + 2, at + 3, at + 4, at + 5);
        let rows: Vec<String> = (0..counts.len()).map(|number| row(number * 5)).collect();
        let sql = format!(
            "INSERT INTO funnel (day, stage, method, surface, visits) VALUES {} \
             ON CONFLICT (day, stage, method, surface) DO UPDATE SET visits = funnel.visits + excluded.visits",
            rows.join(", ")
        );
        let values: Vec<_> = counts
            .iter()
            .flat_map(|FunnelCount { day, stage, method, surface, visits }| {
                let [day, stage, method, surface] = [day, stage, method, surface].map(|text| Value::Text(text));
                [day, stage, method, surface, Value::Number(*visits)]
            })
            .collect();
        session.execute(sql, &values).await?;
    }
    session.execute("DELETE FROM funnel WHERE day < $1", &[Value::Text(forget_before)]).await?;
    session.commit().await
}

pub(super) async fn list<D: Dialect>(
    mut session: Session<D>,
    from: &str,
    to: &str,
) -> Result<Vec<FunnelCount>, StoreError> {
    let sql = "SELECT day, stage, method, surface, visits FROM funnel WHERE day >= $1 AND day <= $2 \
               ORDER BY day, stage, method, surface";
    let rows = session.fetch::<Kept>(sql, &[Value::Text(from), Value::Text(to)]).await?;
    Ok(rows.into_iter().map(FunnelCount::from).collect())
}

impl From<Kept> for FunnelCount {
    fn from((day, stage, method, surface, visits): Kept) -> Self {
        Self { day, stage, method, surface, visits }
    }
}
