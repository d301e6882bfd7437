//! Whose shops they are: `[shop]`, or in its place `[[shops]]`.

use super::WechatPay;
use super::reader::Reader;
use super::shop::{Shop, Table};

impl Shop {
    /// Reads the one or the many, which are paid by this merchant at WeChat Pay.
    pub(super) fn read_all(reader: &mut Reader<'_>, merchant: Option<&WechatPay>) -> Option<Vec<Self>> {
        let count = reader.tables("shops", "id");
        if count == 0 {
            let shop = Self::read(reader, Table::One, merchant);
            refuse_same_secrets(reader, &[(Table::One, shop.as_ref())]);
            reader.only_known(|reader| Self::read(reader, Table::OfMany(None), merchant));
            return shop.map(|shop| vec![shop]);
        }
        let given = reader.only_known(|reader| Self::read(reader, Table::One, merchant));
        for table in ["shop", "webhooks"] {
            let of_table = given.iter().find(|key| key.split('.').next() == Some(table));
            let key = if reader.stands_in_file(table) { Some(table) } else { of_table.map(String::as_str) };
            if let Some(key) = key {
                reader.fault(key, "nothing beside [[shops]], each of which has its own", "something");
            }
        }
        let shops: Vec<_> = (0..count).map(|at| Self::read(reader, Table::OfMany(Some(at)), merchant)).collect();
        refuse_twice(reader, &shops, "id", |shop| &shop.id);
        refuse_twice(reader, &shops, "name", |shop| &shop.name);
        let tables = shops.iter().enumerate().map(|(at, shop)| (Table::OfMany(Some(at)), shop.as_ref()));
        refuse_same_secrets(reader, &tables.collect::<Vec<_>>());
        shops.into_iter().collect()
    }
}

/// Whose a payer, a person or a program takes it for has to be certain.
fn refuse_twice(reader: &mut Reader<'_>, shops: &[Option<Shop>], part: &str, of: impl Fn(&Shop) -> &String) {
    for (at, shop) in shops.iter().enumerate() {
        let Some(value) = shop.as_ref().map(&of) else { continue };
        if shops[..at].iter().flatten().any(|other| of(other) == value) {
            let key = Table::OfMany(Some(at)).key(part);
            reader.fault(&key, format!("another {part} than the shops before it"), "the same");
        }
    }
}

/// A key is good for one thing of one shop.
fn refuse_same_secrets(reader: &mut Reader<'_>, shops: &[(Table, Option<&Shop>)]) {
    let secrets = shops.iter().filter_map(|(table, shop)| Some(shop.as_ref()?.secrets(*table)));
    let secrets: Vec<_> = secrets.flatten().collect();
    for (at, (key, secret)) in secrets.iter().enumerate() {
        if let Some((other, _)) = secrets[..at].iter().find(|(_, other)| other.is(secret.expose().as_bytes())) {
            reader.fault(key, format!("another key than {other}"), "the same");
        }
    }
}
