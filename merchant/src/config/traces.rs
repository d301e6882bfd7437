//! Traces: `[traces]`.

use url::Url;

use super::reader::Reader;

/// Where traces go, and how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traces {
    /// The collector, to which `/v1/traces` is added (OTLP over HTTP).
    pub endpoint: Url,
    /// Of a hundred traces that begin here, how many are kept.
    pub percent: u8,
}

impl Traces {
    /// None where there is no collector.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let collector = "the address of a collector, such as http://127.0.0.1:4318";
        let endpoint = reader.optional("traces.endpoint", collector, |given| address(given.text()?));
        let percent = reader.or("traces.percent", "a number from 1 to 100", 100, |given| {
            given.number().and_then(|it| u8::try_from(it).ok()).filter(|it| (1..=100).contains(it))
        });
        Some(Self { endpoint: endpoint?, percent: percent? })
    }
}

/// Within a network collectors are spoken to without TLS: nothing secret is in what they get.
fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    let is_plain = is_plain && url.fragment().is_none() && url.has_host();
    (is_plain && matches!(url.scheme(), "http" | "https")).then_some(url)
}
