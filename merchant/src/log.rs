//! Logs: one event, one line, to the standard error output, as JSON or as text.
//!
//! Nothing here takes secrets out of what is logged; whoever logs does not log them. What is held back is other crates' talk: below
//! warnings, HTTP clients and servers write the headers of requests, in which signatures and keys stand.

use std::io;

use tracing::{Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry, fmt as lines};

use crate::config::{Format, Log};
use crate::traces::Traces;

/// Writes logs from now on, to the standard error output, and hands spans on to where traces go.
///
/// # Errors
/// If something else in this process writes logs already.
pub fn start(log: &Log, traces: Option<&Traces>) -> Result<(), tracing::subscriber::SetGlobalDefaultError> {
    tracing::subscriber::set_global_default(subscriber(log, io::stderr).with(traces.map(Traces::layer)))
}

/// What writes logs to `writer`.
pub fn subscriber<W>(log: &Log, writer: W) -> impl Subscriber + for<'s> LookupSpan<'s> + Send + Sync + use<W>
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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;

    /// All that was logged.
    #[derive(Clone, Default)]
    struct Recorded(Arc<Mutex<Vec<u8>>>);

    impl Recorded {
        fn text(&self) -> String {
            let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            String::from_utf8_lossy(&bytes).into_owned()
        }
    }

    impl io::Write for Recorded {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl MakeWriter<'_> for Recorded {
        type Writer = Self;

        fn make_writer(&self) -> Self {
            self.clone()
        }
    }

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
}
