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
    // Nobody can say of which shop it is, and it names money.
    let entries = match served.site.shops.are_many() {
        true => None,
        false => Some(served.backend.store().list_unmatched(LISTED).await?),
    };
    Ok(inside.answer(unmatched(&inside.desk(), entries.as_deref())))
}
