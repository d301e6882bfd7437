//! How payers fare: `[telemetry]`.

use super::reader::Reader;

/// Whether it is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Telemetry {
    /// Whether pages are asked to tell it here, unless the shop names another address for an order.
    pub enabled: bool,
}

impl Telemetry {
    /// Reads `[telemetry]`.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let enabled = reader.or("telemetry.enabled", "true or false", true, |given| given.flag())?;
        Some(Self { enabled })
    }
}
