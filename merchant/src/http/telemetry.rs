//! `{api}/telemetry`: how payers fare, told by their pages (docs/contract.md, Telemetry).

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use wechat_cashier::contract::FunnelBatch;

use super::Served;
use crate::metrics;
use crate::service::Problem;

/// What `sendBeacon` takes at most, in the browsers that say so.
pub(super) const BODY_BYTES_MAX: usize = 64 * 1024;

/// Whatever its type says, the body is JSON: a beacon comes as text. No token comes with it, and no order is named. Nobody reads the
/// answer but who tries it by hand.
pub(super) async fn take(State(served): State<Served>, body: Bytes) -> Result<StatusCode, Problem> {
    match FunnelBatch::read(&body) {
        Ok(batch) => {
            served.backend.hear_of_visit(batch);
            Ok(StatusCode::NO_CONTENT)
        }
        Err(error) => {
            metrics::beacon("refused");
            Err(Problem::invalid(error.to_string()))
        }
    }
}
