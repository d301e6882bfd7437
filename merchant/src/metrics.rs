//! What can be counted and timed, for Prometheus: `GET /metrics` at an address of its own (`metrics_listen`), in its text format.
//!
//! No label holds an order, a payer or a secret, nor anything that a caller can choose: each has few values.
//! `merchant/monitoring/` has a board for Grafana and rules for alarms.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use wechat_cashier::contract::Timestamp;

use crate::domain::{Order, Source};
use crate::service::Backend;

/// Trades that came into a state, by `method` and `state`.
const TRADES: &str = "wechat_cashier_trades_total";
/// From the payment, by WeChat Pay's clock, until this backend heard of it, by how it heard (`by`).
const HEARD: &str = "wechat_cashier_payment_heard_seconds";
/// What a person has to look at, by `what`.
const ATTENTION: &str = "wechat_cashier_needs_attention_total";
/// Notifications that came, by `outcome`: `taken`, `refused`, `later`.
const NOTIFICATIONS: &str = "wechat_cashier_notifications_total";
/// Requests to WeChat Pay, by `call` and `outcome`.
const PLATFORM: &str = "wechat_cashier_platform_request_seconds";
/// Requests that came, by `route`, `method` and `status`.
const HTTP: &str = "wechat_cashier_http_request_seconds";
/// Tries to tell the shop, by `outcome`: `delivered`, `again`, `given_up`.
const WEBHOOKS: &str = "wechat_cashier_webhooks_total";
/// Days that were compared with WeChat Pay's bill, by `state`: `ok`, `different`, `failed`.
const DAYS: &str = "wechat_cashier_reconciliations_total";
/// What pages told of how payers fare, by `outcome`: `taken`, `known`, `refused`, `lost`.
const BEACONS: &str = "wechat_cashier_telemetry_total";
/// By how much what is due is late.
const BEHIND: &str = "wechat_cashier_due_behind_seconds";
/// How many instances are on this database.
const INSTANCES: &str = "wechat_cashier_instances";
/// Whether the database answers.
const DATABASE: &str = "wechat_cashier_database_up";

/// All of them: counters, histograms, gauges.
pub const NAMES: [&str; 12] =
    [TRADES, HEARD, ATTENTION, NOTIFICATIONS, PLATFORM, HTTP, WEBHOOKS, DAYS, BEACONS, BEHIND, INSTANCES, DATABASE];

/// In seconds. What pages wait for is in the first half, what payers wait for in the second.
const BUCKETS: [f64; 14] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// Counts from now on, over the whole process.
///
/// # Errors
/// Something else in this process counts already.
pub fn start() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new().set_buckets(&BUCKETS)?.install_recorder()?;
    describe_counter!(TRADES, "Trades that came into a state");
    describe_histogram!(HEARD, "Seconds from a payment until this backend heard of it");
    describe_counter!(ATTENTION, "What a person has to look at");
    describe_counter!(NOTIFICATIONS, "Notifications of WeChat Pay's that came");
    describe_histogram!(PLATFORM, "Seconds that requests to WeChat Pay took");
    describe_histogram!(HTTP, "Seconds that requests took");
    describe_counter!(WEBHOOKS, "Tries to tell the shop");
    describe_counter!(DAYS, "Days that were compared with WeChat Pay's bill");
    describe_counter!(BEACONS, "What pages told of how payers fare");
    describe_gauge!(BEHIND, "Seconds by which what is due is late");
    describe_gauge!(INSTANCES, "Instances on this database");
    describe_gauge!(DATABASE, "Whether the database answers");
    Ok(handle)
}

/// `GET /metrics`. Serve it where nobody else comes.
pub fn router(handle: PrometheusHandle, backend: Backend) -> Router {
    Router::new().route("/metrics", get(scrape)).with_state((handle, backend))
}

async fn scrape(State((handle, backend)): State<(PrometheusHandle, Backend)>) -> Response {
    let due = backend.store().next_due().await;
    gauge!(DATABASE).set(if due.is_ok() { 1.0 } else { 0.0 });
    match due {
        Ok(due) => gauge!(BEHIND).set(due.map_or(0.0, |due| seconds(due, backend.clock().now()).max(0.0))),
        Err(error) => tracing::warn!(error = %error, "how much is late is not known"),
    }
    handle.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render()).into_response()
}

/// An order was written.
pub(crate) fn changed(before: &Order, after: &Order) {
    for trade in &after.trades {
        let was = before.trade(&trade.out_trade_no).map(|trade| trade.state.word());
        let is = trade.state.word();
        if was != Some(is) {
            counter!(TRADES, "method" => trade.method.id().to_owned(), "state" => is).increment(1);
        }
    }
    for receipt in after.paid.iter().skip(before.paid.len()).filter_map(|number| after.trade(number)?.receipt()) {
        let by = match receipt.heard_by {
            Source::Notification => "notification",
            Source::Query => "query",
            Source::Codepay => "codepay",
            Source::Refund => "refund",
        };
        histogram!(HEARD, "by" => by).record(seconds(receipt.success_time, receipt.heard_at).max(0.0));
    }
    for odd in after.oddities.iter().skip(before.oddities.len()) {
        counter!(ATTENTION, "what" => odd.what.word()).increment(1);
    }
}

/// A notification came.
pub(crate) fn notified(outcome: &'static str) {
    counter!(NOTIFICATIONS, "outcome" => outcome).increment(1);
}

/// The shop was told, or not.
pub(crate) fn told(outcome: &'static str) {
    counter!(WEBHOOKS, "outcome" => outcome).increment(1);
}

/// A day was compared with its bill, or not.
pub(crate) fn reconciled(state: &'static str) {
    counter!(DAYS, "state" => state).increment(1);
}

/// A page told how its payer fares.
pub(crate) fn beacon(outcome: &'static str) {
    counter!(BEACONS, "outcome" => outcome).increment(1);
}

/// How many instances there are.
pub(crate) fn instances(alive: u32) {
    gauge!(INSTANCES).set(alive);
}

/// WeChat Pay was asked.
pub(crate) fn asked(target: &str, outcome: &'static str, took: Duration) {
    histogram!(PLATFORM, "call" => call(target), "outcome" => outcome).record(took);
}

/// A layer around all routes.
pub(crate) async fn timed(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = request.method().as_str().to_owned();
    // An unknown method is anything that a caller likes.
    let method = if ["GET", "POST", "OPTIONS", "HEAD"].contains(&&*method) { method } else { "other".to_owned() };
    let began = Instant::now();
    let response = next.run(request).await;
    // A stream of events lasts as long as its page; what is timed is its beginning, as with all others.
    let status = response.status();
    histogram!(HTTP, "route" => route, "method" => method, "status" => class(status)).record(began.elapsed());
    response
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        ..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

/// The path of a call without what differs from order to order.
pub(crate) fn call(target: &str) -> String {
    let path = target.split('?').next().unwrap_or_default();
    let mut parts: Vec<&str> = path.split('/').collect();
    for at in 1..parts.len() {
        if matches!(parts[at - 1], "out-trade-no" | "id" | "refunds") {
            parts[at] = "{}";
        }
    }
    parts.join("/")
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    // A lag of more than some days is far beyond the last bucket.
    let millis = to.millis().saturating_sub(from.millis()).clamp(i64::from(i32::MIN), i64::from(i32::MAX));
    f64::from(i32::try_from(millis).unwrap_or(i32::MAX)) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_named_without_its_order() {
        for (target, name) in [
            ("/v3/pay/transactions/native", "/v3/pay/transactions/native"),
            ("/v3/pay/transactions/out-trade-no/T1%7C2?mchid=1", "/v3/pay/transactions/out-trade-no/{}"),
            ("/v3/pay/transactions/out-trade-no/close/close", "/v3/pay/transactions/out-trade-no/{}/close"),
            ("/v3/refund/domestic/refunds/R1", "/v3/refund/domestic/refunds/{}"),
            ("/v3/refund/domestic/refunds", "/v3/refund/domestic/refunds"),
        ] {
            assert_eq!(call(target), name);
        }
    }

    #[test]
    fn a_lag_is_in_seconds_and_bounded() {
        let at = Timestamp::from_millis;
        assert_eq!(seconds(at(1_000), at(3_500)), 2.5);
        assert_eq!(seconds(at(3_500), at(1_000)), -2.5);
        assert!(seconds(at(0), at(i64::MAX)) > 2_000_000.0);
    }
}
