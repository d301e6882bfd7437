//! The schemas of what travels.

use schemars::JsonSchema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::Value;
use wechat_cashier::contract::for_readers;

/// What is read has all that it can have; what is sent may leave out what is optional: two makers of schemas.
pub(super) struct Types {
    read: SchemaGenerator,
    sent: SchemaGenerator,
}

impl Types {
    pub(super) fn new() -> Self {
        let settings =
            || SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/components/schemas".into());
        Self { read: settings().for_serialize().into_generator(), sent: settings().for_deserialize().into_generator() }
    }

    /// The schema of what the shop reads.
    pub(super) fn read<T: JsonSchema>(&mut self) -> Value {
        self.read.subschema_for::<T>().to_value()
    }

    /// The schema of what the shop sends.
    pub(super) fn sent<T: JsonSchema>(&mut self) -> Value {
        self.sent.subschema_for::<T>().to_value()
    }

    /// All that have a name. What is both read and sent (an amount, a way to pay) is the same in both.
    pub(super) fn schemas(mut self) -> Value {
        let mut schemas = self.sent.take_definitions(true);
        schemas.extend(self.read.take_definitions(true));
        let mut schemas = Value::Object(schemas);
        for_readers(&mut schemas);
        schemas
    }
}
