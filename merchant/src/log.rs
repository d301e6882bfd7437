//! Logs: one event, one line, to the standard error output, as JSON or as text.
//!
//! Nothing here takes secrets out of what is logged; whoever logs does not log them. What is held back is other crates' talk: below
//! warnings, HTTP clients and servers write the headers of requests, in which signatures and keys stand.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tracing::{Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry, fmt as lines};

use crate::config::{Format, Log};

/// Writes logs from now on, to the standard error output.
///
/// # Errors
/// If something else in this process writes logs already.
pub fn start(log: &Log) -> Result<(), tracing::subscriber::SetGlobalDefaultError> {
    tracing::subscriber::set_global_default(subscriber(log, io::stderr))
}

/// What writes logs to `writer`.
pub fn subscriber<W>(log: &Log, writer: W) -> impl Subscriber + Send + Sync + use<W>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let layer: Box<dyn Layer<Registry> + Send + Sync> = match log.format {
        Format::Json => Box::new(lines::layer().json().flatten_event(true).with_span_list(false).with_writer(writer)),
        Format::Text => Box::new(lines::layer().with_ansi(false).with_writer(writer)),
    };
    tracing_subscriber::registry().with(layer.with_filter(targets(log.level)))
}

/// All of ours at `level`; of others warnings at most.
fn targets(level: Level) -> Targets {
    Targets::new().with_target(env!("CARGO_CRATE_NAME"), level).with_default(LevelFilter::from(level.min(Level::WARN)))
}

/// All that was logged, kept in memory, so that a test can look for what must not be there.
#[derive(Clone, Default)]
pub struct Recorded(Arc<Mutex<Vec<u8>>>);

impl Recorded {
    /// What this process logs from the first call on, of every thread, everything that the backend could ever write.
    ///
    /// # Panics
    /// If something else in this process writes logs already: then a test that finds nothing would prove nothing.
    #[must_use]
    #[expect(clippy::expect_used, reason = "for tests, which must not pass by having recorded nothing")]
    pub fn of_this_process() -> Self {
        static RECORDED: OnceLock<Recorded> = OnceLock::new();
        let start = || {
            let recorded = Self::default();
            let log = Log { format: Format::Text, level: Level::TRACE };
            let everything = subscriber(&log, recorded.clone());
            tracing::subscriber::set_global_default(everything).expect("nothing else writes logs");
            recorded
        };
        RECORDED.get_or_init(start).clone()
    }

    /// What was logged so far.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }

    /// In which form a secret stands in what was logged so far, if it does.
    #[must_use]
    pub fn form_of(&self, secret: &str) -> Option<&'static str> {
        form_of(secret, &self.text())
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// In which form a secret stands in a text, if it does: as it is, any line of it that is long enough to be told from others, or its
/// bytes in base64, in hexadecimal or as a list of numbers.
#[must_use]
pub fn form_of(secret: &str, text: &str) -> Option<&'static str> {
    let lines = secret.lines().map(str::trim).filter(|line| line.len() >= 8 && !line.starts_with("-----"));
    let found = |part: &str| !part.is_empty() && text.contains(part);
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let numbers = secret.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
    if found(secret) || lines.clone().any(found) {
        return Some("as it is");
    }
    if found(STANDARD.encode(secret).trim_end_matches('=')) {
        return Some("in base64");
    }
    if found(&hex) || found(&hex.to_uppercase()) {
        return Some("in hexadecimal");
    }
    found(&numbers).then_some("as a list of numbers")
}

impl Write for Recorded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Recorded {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recorded({} bytes)", self.bytes().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logged(format: Format, level: Level, log: impl FnOnce()) -> String {
        let recorded = Recorded::default();
        tracing::subscriber::with_default(subscriber(&Log { format, level }, recorded.clone()), log);
        recorded.text()
    }

    #[test]
    fn an_event_is_one_object_with_the_order_of_its_span() {
        let text = logged(Format::Json, Level::INFO, || {
            let _order = tracing::info_span!("order", order_id = "T1").entered();
            tracing::info!(trade_state = "SUCCESS", "queried\n\"it\"");
        });
        let event: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(text.lines().count(), 1);
        assert_eq!(event["span"]["order_id"], "T1");
        assert_eq!(event["trade_state"], "SUCCESS");
        assert_eq!(event["message"], "queried\n\"it\"");
        assert_eq!(event["level"], "INFO");
    }

    #[test]
    fn of_others_only_warnings_are_written() {
        let text = logged(Format::Text, Level::TRACE, || {
            tracing::trace!("ours");
            tracing::info!(target: "hyper::proto", "headers");
            tracing::warn!(target: "sqlx::query", "slow");
        });
        assert!(text.contains("ours") && text.contains("slow") && !text.contains("headers"), "{text}");
        let text = logged(Format::Text, Level::ERROR, || {
            tracing::warn!("ours");
            tracing::warn!(target: "sqlx::query", "slow");
        });
        assert_eq!(text, "");
    }

    #[test]
    fn a_secret_is_found_in_every_form() {
        let secret = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";
        let form = |text: String| form_of(secret, &text);
        assert_eq!(form(format!("key={secret}")), Some("as it is"));
        assert_eq!(form(STANDARD.encode(secret)), Some("in base64"));
        assert_eq!(form(format!("{:02x?}", secret.as_bytes()).replace(", ", "")), Some("in hexadecimal"));
        assert_eq!(form(format!("{:?}", secret.as_bytes())), Some("as a list of numbers"));
        assert_eq!(form("***".to_owned()), None);
        let pem = "-----BEGIN PRIVATE KEY-----\nMIIEvgIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n";
        assert_eq!(form_of(pem, "pem: \"…\\nhkiG9w0BAQEFAASC\\n\""), Some("as it is"));
        assert_eq!(form_of(pem, "-----BEGIN PRIVATE KEY-----"), None);
    }
}
