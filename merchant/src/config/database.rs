//! Where orders are kept.

use std::fmt;
use std::path::{Path, PathBuf};

use url::Url;

use super::fault::shown;
use super::names::variable;
use super::reader::Reader;
use super::secret::Secret;
use super::secrets::Rule;

/// Where orders are kept.
#[derive(Clone)]
pub enum Database {
    /// One file of SQLite.
    Sqlite(PathBuf),
    /// A PostgreSQL, by its whole URL, which may hold a password.
    Postgres(Secret),
}

/// What a database's address looks like, in words.
const EXPECTED: &str = "sqlite: and the path of a file, or postgres://host/name";

const URL: Rule<'_> = Rule {
    key: "database",
    expected: EXPECTED,
    inline: true,
    refused: |text| Database::parse(text).is_none().then(|| "something else".to_owned()),
};

impl Database {
    /// Reads `database`, which is a secret where it holds a password and an ordinary key where it does not.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let from_environment = reader.variable_of("database").is_some();
        if let Some(text) = reader.text_in_file("database").filter(|_| !from_environment) {
            reader.ask("database_file", None, "not set");
            let read = if Self::holds_password(&text) { None } else { Self::parse(&text) };
            reader.ask("database", read.as_ref().map(|it| format!("\"{it:?}\"")), "file");
            if Self::holds_password(&text) {
                let variable = variable("database");
                let expected = format!(
                    "no password in this file, but the path of a file with the address as database_file, or the variable {variable}"
                );
                reader.fault("database", expected, "an address with a password");
            } else if read.is_none() {
                reader.fault("database", EXPECTED, shown(&text));
            }
            return read;
        }
        let url = reader.required_secret(&URL)?;
        Self::parse(url.expose())
    }

    /// Reads `sqlite:…` or `postgres://…`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            // `sqlite:///var/lib/…` is what others write.
            let path = path.strip_prefix("//").unwrap_or(path);
            let plain = !path.is_empty() && !path.contains(['?', '#', '\0']) && !path.contains(":memory:");
            return plain.then(|| Self::Sqlite(path.into()));
        }
        let url = Url::parse(text).ok()?;
        let known = matches!(url.scheme(), "postgres" | "postgresql");
        (known && !url.path().trim_matches('/').is_empty()).then(|| Self::Postgres(Secret::new(text.to_owned())))
    }

    /// Whether the address of a database holds a password.
    pub(super) fn holds_password(text: &str) -> bool {
        Url::parse(text)
            .is_ok_and(|url| url.password().is_some() || url.query_pairs().any(|(name, _)| name == "password"))
    }

    /// The same, with a file's relative path taken from `folder`.
    pub(super) fn within(self, folder: &Path) -> Self {
        match self {
            Self::Sqlite(path) => Self::Sqlite(folder.join(path)),
            postgres @ Self::Postgres(_) => postgres,
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(_) => f.write_str("postgres://***"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_are_read_and_the_password_is_not_shown() {
        let shown = |text| Database::parse(text).map(|it| format!("{it:?}"));
        assert_eq!(shown("sqlite:orders.db").as_deref(), Some("sqlite:orders.db"));
        assert_eq!(shown("sqlite:///var/lib/orders.db").as_deref(), Some("sqlite:/var/lib/orders.db"));
        assert_eq!(shown("postgres://pay:hunter2@db/orders").as_deref(), Some("postgres://***"));
        assert_eq!(shown("postgresql:///orders?host=/run/postgresql").as_deref(), Some("postgres://***"));
        for text in
            ["sqlite:", "sqlite::memory:", "sqlite:a.db?mode=ro", "postgres://db", "mysql://db/orders", "orders.db"]
        {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn a_password_is_seen_in_both_places_where_it_can_stand() {
        assert!(Database::holds_password("postgres://pay:hunter2@db/orders"));
        assert!(Database::holds_password("postgres://db/orders?user=pay&password=hunter2"));
        assert!(!Database::holds_password("postgres://pay@db/orders"));
        assert!(!Database::holds_password("sqlite:orders.db"));
    }
}
