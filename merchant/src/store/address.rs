//! Which database an address means, and how it is named without its password.

use std::path::PathBuf;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;
use url::Url;

use super::OpenError;

/// A database.
pub(super) enum Address {
    /// The file.
    Sqlite(PathBuf),
    /// How to connect, and what errors call it.
    Postgres(Box<PgConnectOptions>, String),
}

/// What may follow the `?` of a PostgreSQL address. Others would be passed over and logged with their value, which of a
/// misspelt `password` is the password.
const PARAMETERS: [&str; 17] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "user",
];

impl Address {
    pub(super) fn parse(address: &str) -> Result<Self, OpenError> {
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return postgres(address);
        }
        let path = ["sqlite://", "sqlite:"].iter().find_map(|prefix| address.strip_prefix(prefix)).unwrap_or(address);
        if path.contains("://") {
            return Err(OpenError::address("at an unknown kind of address", "expected sqlite:, postgres: or a path"));
        }
        if path.is_empty() || path.contains(":memory:") || path.ends_with('/') {
            return Err(OpenError::address(path, "expected the path of a file"));
        }
        if path.contains('?') {
            return Err(OpenError::address(path, "a path takes no parameters"));
        }
        Ok(Self::Sqlite(path.into()))
    }
}

fn postgres(address: &str) -> Result<Address, OpenError> {
    let refused = |fault: &str| OpenError::address("at postgres://…", fault.to_owned());
    // A password with a `/`, `?` or `#` as it is ends what stands before the `@` too early, and shows in what comes after.
    let host_and_rest = address.split_once("://").map_or("", |(_, rest)| rest);
    let rest = host_and_rest.find(['/', '?', '#']).map_or("", |end| &host_and_rest[end..]);
    if rest.contains(['@', '#']) {
        return Err(refused("write a / ? # or @ of the user, password or database as %2F %3F %23 or %40"));
    }
    let mut url = Url::parse(address).map_err(|error| refused(&error.to_string()))?;
    let unknown = url.query_pairs().map(|(key, _)| key).find(|key| !PARAMETERS.contains(&&**key));
    if let Some(key) = unknown {
        return Err(refused(&format!("unknown parameter {key:?}")));
    }
    // Its text may hold the value that it is about.
    let options = PgConnectOptions::from_str(address).map_err(|_| refused("a parameter has no such value"))?;

    let host = url.query_pairs().find(|(key, _)| key == "host").map(|(_, host)| format!("?host={host}"));
    // Refused only where there is no host, and then there is no password.
    let _ = url.set_password(None);
    url.set_query(None);
    let name = format!("{url}{}", host.unwrap_or_default());
    // To be found in the server's list of its clients.
    let named = options.get_application_name().is_some();
    let options = if named { options } else { options.application_name(env!("CARGO_PKG_NAME")) };
    Ok(Address::Postgres(Box::new(options), name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(address: &str) -> String {
        match Address::parse(address) {
            Err(error) => format!("{error} {error:?}"),
            Ok(Address::Sqlite(path)) => panic!("{address} is the file {}", path.display()),
            Ok(Address::Postgres(_, name)) => panic!("{address} is {name}"),
        }
    }

    fn name(address: &str) -> String {
        match Address::parse(address) {
            Ok(Address::Postgres(_, name)) => name,
            Ok(Address::Sqlite(path)) => path.display().to_string(),
            Err(error) => panic!("{address}: {error}"),
        }
    }

    #[test]
    fn a_file_is_named_with_or_without_sqlite() {
        assert_eq!(name("sqlite:///var/lib/orders.db"), "/var/lib/orders.db");
        assert_eq!(name("sqlite://orders.db"), "orders.db");
        assert_eq!(name("sqlite:orders.db"), "orders.db");
        assert_eq!(name("./orders.db"), "./orders.db");
    }

    #[test]
    fn what_is_no_file_is_refused() {
        for address in ["", "sqlite:", "sqlite::memory:", "/var/lib/", "orders.db?mode=ro", "mysql://host/orders"] {
            fault(address);
        }
    }

    #[test]
    fn a_server_is_named_without_its_password() {
        assert_eq!(name("postgres://me:hunter2@db.example:5433/shop"), "postgres://me@db.example:5433/shop");
        assert_eq!(name("postgresql://me@db.example/shop?sslmode=require"), "postgresql://me@db.example/shop");
        assert_eq!(name("postgres://db.example/shop?user=me&password=hunter2"), "postgres://db.example/shop");
        assert_eq!(name("postgres:///shop?host=/run/postgresql"), "postgres:///shop?host=/run/postgresql");
    }

    #[test]
    fn no_fault_of_an_address_shows_the_password() {
        for address in [
            "postgres://me:hunter2/1@host/shop",
            "postgres://me:1/hunter2@host/shop",
            "postgres://me:1?hunter2@host/shop",
            "postgres://me:1#hunter2@host/shop",
            "postgres://me:1/shop#hunter2",
            "postgres://me:hunter2@host:port/shop",
            "postgres://host/shop?pasword=hunter2",
            "postgres://me:hunter2@host/shop?sslmode=hunter2",
            "mysql://me:hunter2@host/shop",
        ] {
            assert!(!fault(address).contains("hunter2"), "{address}: {}", fault(address));
        }
        assert!(fault("postgres://host/shop?pasword=hunter2").contains("pasword"));
    }
}
