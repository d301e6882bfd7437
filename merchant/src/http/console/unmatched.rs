//! What fitted no order.

use axum::extract::State;
use axum::response::Response;

use super::refusal::Refusal;
use super::visitor::Inside;
use crate::console::unmatched;
use crate::http::Served;
use crate::http::caller::Read;

/// The latest so many.
const LISTED: u32 = 100;

pub(super) async fn list(inside: Inside<Read>, State(served): State<Served>) -> Result<Response, Refusal> {
    let entries = served.backend.store().list_unmatched(LISTED).await?;
    Ok(inside.answer(unmatched(&inside.desk(), &entries)))
}
