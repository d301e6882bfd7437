//! The comparison with WeChat Pay's bills: `[reconciliation]`.

use std::time::Duration;

use super::reader::Reader;

/// Whether and when each day is compared with its bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// Whether it is done by itself.
    pub enabled: bool,
    /// How long after 10:00 in China, from when on WeChat Pay has the bill of the day before.
    pub delay: Duration,
}

impl Reconciliation {
    /// Reads `[reconciliation]`.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let enabled = reader.or("reconciliation.enabled", "true or false", true, |given| given.flag());
        let span = "minutes after 10:00 in China, from 0 to 720";
        let delay = reader.or("reconciliation.delay_min", span, 5, |given| {
            given.number().filter(|minutes| (0..=720).contains(minutes)).map(|it| Duration::from_secs(it * 60))
        });
        Some(Self { enabled: enabled?, delay: delay? })
    }
}
