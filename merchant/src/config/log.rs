//! How logs are written: `[log]`.

use tracing::Level;

use super::reader::Reader;

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// In which form.
    pub format: Format,
    /// What is written of the backend itself: this level and all that are graver.
    pub level: Level,
}

/// The form of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One object of JSON for each event, for machines.
    Json,
    /// One line for each event, for people.
    Text,
}

impl Log {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let format = reader.or("log.format", "json or text", "json", |given| match given.text()? {
            "json" => Some(Format::Json),
            "text" => Some(Format::Text),
            _ => None,
        });
        let level =
            reader.or("log.level", "error, warn, info, debug or trace", "info", |given| match given.text()? {
                "error" => Some(Level::ERROR),
                "warn" => Some(Level::WARN),
                "info" => Some(Level::INFO),
                "debug" => Some(Level::DEBUG),
                "trace" => Some(Level::TRACE),
                _ => None,
            });
        Some(Self { format: format?, level: level? })
    }
}
