//! Spans on their way to the collector: OTLP over HTTP, by the HTTP client that is here already.
//!
//! They wait in a queue of a bounded size, from which a thread of their own sends them by batches. Where the collector is away or slow,
//! they are lost and no request notices.

use std::fmt;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{Request, Response};
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider};
use std::sync::Mutex;
use tokio::runtime::Handle;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use super::TARGET;
use crate::config;
use crate::wechat_pay::http::{client, told};

/// How many spans wait at most; those beyond are lost.
const WAITING_MAX: usize = 2_048;
/// How many are sent at a time.
const AT_ONCE: usize = 512;
/// So often what waits is sent.
const SEND_EACH: Duration = Duration::from_secs(2);
/// How long the collector may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// So often it is said that the collector does not take them.
const SAY_EACH: Duration = Duration::from_secs(60);

/// Why there are no traces.
#[derive(Debug)]
pub struct NoTraces(String);

impl fmt::Display for NoTraces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "traces: {}", self.0)
    }
}

impl std::error::Error for NoTraces {}

/// Where spans go.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// To the collector that the configuration names. It is not asked for anything yet.
    ///
    /// # Errors
    /// No HTTP client can be made on this machine.
    pub fn new(settings: &config::Traces) -> Result<Self, NoTraces> {
        let http = client(TIMEOUT).map_err(|error| NoTraces(told(error)))?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Sender { http, runtime: Handle::current(), said_at: Mutex::default() })
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(TIMEOUT)
            .with_endpoint(format!("{}/v1/traces", settings.endpoint.as_str().trim_end_matches('/')))
            .build()
            .map_err(|error| NoTraces(error.to_string()))?;
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(WAITING_MAX)
            .with_max_export_batch_size(AT_ONCE)
            .with_scheduled_delay(SEND_EACH)
            .build();
        let part = f64::from(settings.percent) / 100.0;
        let provider = SdkTracerProvider::builder()
            .with_span_processor(BatchSpanProcessor::builder(exporter).with_batch_config(batches).build())
            // What a proxy in front decided is kept to.
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(part))))
            .with_resource(
                Resource::builder_empty()
                    .with_service_name(env!("CARGO_PKG_NAME"))
                    .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
                    .build(),
            )
            .build();
        Ok(Self(provider))
    }

    /// What makes them of spans.
    #[must_use]
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'s> LookupSpan<'s> + Send + Sync,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer(env!("CARGO_PKG_NAME")))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(Targets::new().with_target(TARGET, LevelFilter::INFO))
    }

    /// Sends what waits, and ends.
    pub async fn stop(self) {
        // It waits for the thread that sends, which in turn needs the runtime.
        let stopped = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(TIMEOUT)).await;
        if !matches!(stopped, Ok(Ok(()))) {
            tracing::warn!("the last traces are lost: the collector does not take them");
        }
    }
}

/// The client by which batches are sent. Whoever sends has no runtime of its own.
struct Sender {
    http: reqwest::Client,
    runtime: Handle,
    said_at: Mutex<Option<Instant>>,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender")
    }
}

#[async_trait::async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let http = self.http.clone();
        let sent = self.runtime.spawn(async move {
            let answer = http.execute(request.try_into()?).await?;
            let mut response = Response::builder().status(answer.status());
            if let Some(headers) = response.headers_mut() {
                headers.clone_from(answer.headers());
            }
            Ok(response.body(answer.bytes().await?)?)
        });
        let answered: Result<Response<Bytes>, HttpError> = sent.await?;
        match &answered {
            Ok(response) if response.status().is_success() => {}
            Ok(response) => self.say(&format!("it answers {}", response.status())),
            Err(_) => self.say("it is not reached"),
        }
        answered
    }
}

impl Sender {
    fn say(&self, why: &str) {
        let mut said_at = self.said_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if said_at.is_none_or(|at| at.elapsed() >= SAY_EACH) {
            *said_at = Some(Instant::now());
            tracing::warn!(why, "traces are lost: the collector does not take them");
        }
    }
}
