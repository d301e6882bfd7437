//! What goes wrong in the store.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use sqlx::migrate::MigrateError;

use super::LIMIT;

/// Why a call of the store failed.
///
/// No text of it has a password or a kept value, `Debug` included: databases tell of rows in the details of their errors.
pub struct StoreError(Cause);

enum Cause {
    /// The database did not answer in time.
    Late,
    Sql(sqlx::Error),
}

impl StoreError {
    pub(super) const fn late() -> Self {
        Self(Cause::Late)
    }

    /// Whether trying again may help: the connection was lost, the database was busy, full or stopping, or it took too long.
    /// What was to be written may be written then, see [`Store`](super::Store).
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match &self.0 {
            Cause::Late => true,
            Cause::Sql(error) => is_passing(error),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self(Cause::Sql(error))
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Late | Cause::Sql(sqlx::Error::PoolTimedOut) => {
                write!(f, "the database did not answer within {} s", LIMIT.as_secs())
            }
            Cause::Sql(error) => write!(f, "{error}"),
        }
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreError({self}, passing: {})", self.is_passing())
    }
}

// Without a source: the text of the cause is in its own.
impl Error for StoreError {}

/// Why a store was not opened. Names the database without its password.
pub struct OpenError {
    place: String,
    fault: Fault,
}

enum Fault {
    Address(Cow<'static, str>),
    Tables(MigrateError),
    Store(StoreError),
}

impl OpenError {
    pub(super) fn address(place: impl Into<String>, fault: impl Into<Cow<'static, str>>) -> Self {
        Self { place: place.into(), fault: Fault::Address(fault.into()) }
    }

    pub(super) fn store(place: &str, error: impl Into<StoreError>) -> Self {
        Self { place: place.to_owned(), fault: Fault::Store(error.into()) }
    }

    pub(super) fn tables(place: &str, error: MigrateError) -> Self {
        let fault = match error {
            MigrateError::Execute(error) => Fault::Store(error.into()),
            error => Fault::Tables(error),
        };
        Self { place: place.to_owned(), fault }
    }

    /// Whether trying again may help, as with a database that is starting.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match &self.fault {
            Fault::Store(error) => error.is_passing(),
            Fault::Tables(MigrateError::ExecuteMigration(error, _)) => is_passing(error),
            Fault::Address(_) | Fault::Tables(_) => false,
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store {}: ", self.place)?;
        match &self.fault {
            Fault::Address(fault) => write!(f, "{fault}"),
            Fault::Store(error) => write!(f, "{error}"),
            Fault::Tables(MigrateError::VersionMissing(_)) => {
                write!(f, "a newer version of this program has written it, and its tables are unknown to this one")
            }
            Fault::Tables(error) => write!(f, "{error}"),
        }
    }
}

impl fmt::Debug for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenError({self})")
    }
}

impl Error for OpenError {}

fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        // A connection on which something unexpected came is not used again, another one may do.
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| passes(&code)),
        _ => false,
    }
}

/// Of codes as both databases give them: five signs are PostgreSQL's, a shorter number is SQLite's.
fn passes(code: &str) -> bool {
    if code.len() == 5 {
        // https://www.postgresql.org/docs/current/errcodes-appendix.html
        // The connection; serialization and deadlocks; no room; stopped by an operator or a limit; a fault of the system.
        let classes = ["08", "40", "53", "57", "58"];
        // A lock not free; a server that only follows; a transaction that stood idle.
        let codes = ["55P03", "25006", "25P03"];
        return classes.iter().any(|class| code.starts_with(class)) || codes.contains(&code);
    }
    // https://www.sqlite.org/rescode.html; the low byte of the extended code is the primary one: BUSY, LOCKED, NOMEM, INTERRUPT,
    // IOERR, FULL, CANTOPEN, PROTOCOL.
    code.parse().is_ok_and(|code: u32| [5, 6, 7, 9, 10, 13, 14, 15].contains(&(code & 0xff)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_whether_trying_again_helps() {
        for passing in ["57P01", "40001", "40P01", "08006", "53300", "25006", "5", "517", "13", "778"] {
            assert!(passes(passing), "{passing}");
        }
        // A broken reference, no such table, a wrong password; a file that is no database, one that may not be written.
        for lasting in ["23503", "42P01", "28P01", "787", "26", "8", "1"] {
            assert!(!passes(lasting), "{lasting}");
        }
    }
}
