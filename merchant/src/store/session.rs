//! One connection while it is used.

use sqlx::Pool;
use sqlx::pool::PoolConnection;
use tokio::time::{Instant, timeout_at};

use super::dialect::{Columns, Dialect, Sql, Value};
use super::{LIMIT, StoreError};

/// A connection of the pool, for reading or with a transaction begun.
///
/// One that is dropped in the middle, by a fault, by the limit of time or with the future that held it, is closed and not
/// used again: the database then takes back what was not committed, and nobody waits for a server that is silent.
pub(super) struct Session<D: Dialect> {
    connection: PoolConnection<D>,
    deadline: Instant,
    writes: bool,
    /// Nothing is under way on the connection.
    at_rest: bool,
}

impl<D: Dialect> Session<D> {
    /// One for reading; each query is for itself.
    pub(super) async fn read(pool: &Pool<D>) -> Result<Self, StoreError> {
        let deadline = Instant::now() + LIMIT;
        let connection = timeout_at(deadline, pool.acquire()).await.map_err(|_| StoreError::late())??;
        Ok(Self { connection, deadline, writes: false, at_rest: true })
    }

    /// One in which all is written at its end, or nothing.
    pub(super) async fn write(pool: &Pool<D>) -> Result<Self, StoreError> {
        let mut session = Self::read(pool).await?;
        session.writes = true;
        session.execute(D::BEGIN, &[]).await?;
        Ok(session)
    }

    /// Runs a query; how many rows it wrote.
    pub(super) async fn execute(&mut self, sql: impl Into<Sql>, values: &[Value<'_>]) -> Result<u64, StoreError> {
        self.at_rest = false;
        let query = D::execute(&mut self.connection, sql.into(), values);
        let rows = timeout_at(self.deadline, query).await.map_err(|_| StoreError::late())??;
        self.at_rest = !self.writes;
        Ok(rows)
    }

    /// Runs a query for its rows.
    pub(super) async fn fetch<C: Columns>(
        &mut self,
        sql: impl Into<Sql>,
        values: &[Value<'_>],
    ) -> Result<Vec<C>, StoreError> {
        self.at_rest = false;
        let query = D::fetch(&mut self.connection, sql.into(), values);
        let rows = timeout_at(self.deadline, query).await.map_err(|_| StoreError::late())??;
        self.at_rest = !self.writes;
        Ok(rows)
    }

    /// Keeps what was written.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        self.execute("COMMIT", &[]).await?;
        self.at_rest = true;
        Ok(())
    }

    /// Forgets what was written. Where it fails the connection is closed, which comes to the same.
    pub(super) async fn roll_back(mut self) {
        self.at_rest = self.execute("ROLLBACK", &[]).await.is_ok();
    }
}

impl<D: Dialect> Drop for Session<D> {
    fn drop(&mut self) {
        if !self.at_rest {
            self.connection.close_on_drop();
        }
    }
}
