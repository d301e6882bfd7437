//! Keys with which `/admin/v1` is called: the shop's own, which may do everything, and `keys`, which may do a part.

use super::given::Given;
use super::reader::Reader;
use super::secret::Secret;
use super::secrets::Rule;

/// What a key is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Looking: orders, their journals, what was told and compared.
    Read,
    /// Making and closing orders, and having the shop told again.
    Orders,
    /// Giving money back.
    Refund,
}

impl Scope {
    const ALL: [Self; 3] = [Self::Read, Self::Orders, Self::Refund];

    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Orders => "orders",
            Self::Refund => "refund",
        }
    }
}

/// A key of the shop's.
#[derive(Clone, Debug)]
pub struct ShopKey {
    /// By which the journal names who did something.
    pub name: String,
    /// The key.
    pub key: Secret,
    /// What it is good for.
    pub scopes: Vec<Scope>,
}

impl ShopKey {
    /// The shop's own.
    #[must_use]
    pub fn whole(key: Secret) -> Self {
        Self { name: "shop".to_owned(), key, scopes: Scope::ALL.to_vec() }
    }

    /// Whether it is good for that.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Reads the others. `rule` is what a key has to be.
    pub(super) fn read_all(
        reader: &mut Reader<'_>,
        table: &str,
        rule: for<'k> fn(&'k str) -> Rule<'k>,
    ) -> Option<Vec<Self>> {
        let count = reader.tables(table, "name");
        if count == 0 {
            for part in ["name", "key_file", "scopes"] {
                reader.ask(&format!("{table}[].{part}"), None, "not set");
            }
        }
        let keys: Vec<_> = (0..count).map(|at| Self::read(reader, &format!("{table}[{at}]"), rule)).collect();
        let mut names: Vec<_> = keys.iter().flatten().map(|key| key.name.clone()).collect();
        names.sort();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            reader.fault(table, "each name once", format!("{:?} twice", twice[0]));
        }
        keys.into_iter().collect()
    }

    fn read(reader: &mut Reader<'_>, table: &str, rule: for<'k> fn(&'k str) -> Rule<'k>) -> Option<Self> {
        let part = |part: &str| format!("{table}.{part}");
        let expected = "a name of 1 to 32 of [0-9a-z_-], other than shop";
        let name = reader.required(&part("name"), expected, |given: &Given| {
            let is_sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
            given
                .text()
                .filter(|text| super::rules::is_made(text, 1..=32, is_sign) && *text != "shop")
                .map(str::to_owned)
        });
        let key = reader.required_secret(&rule(&part("key")));
        let words = "one of read, orders, refund";
        let before = reader.faults.len();
        let scopes =
            reader.some(&part("scopes"), words, |word| Scope::ALL.into_iter().find(|scope| scope.word() == word));
        if scopes.is_none() && reader.faults.len() == before {
            reader.missing(&part("scopes"), "at least one of read, orders, refund");
        }
        Some(Self { name: name?, key: key?, scopes: scopes? })
    }
}
