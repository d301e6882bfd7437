//! How payers fare.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::refusal::Refusal;
use super::visitor::Inside;
use crate::console::{Asked, Heard, payers};
use crate::day::Day;
use crate::http::Served;
use crate::http::admin::funnel::{DAYS_MAX, days};
use crate::http::caller::{Read, only};

pub(super) async fn show(
    inside: Inside<Read>,
    State(served): State<Served>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (site, query) = (&served.site, query.unwrap_or_default());
    let today = Day::of(served.backend.clock().now());
    let said = |name| only(&query, name).map(Option::unwrap_or_default);
    let mut asked = Asked { from: said("from")?, to: said("to")?, method: said("method")?, today: today.to_string() };
    if site.shops.are_many() {
        return Ok(inside.answer(payers(&inside.desk(), &asked, &Heard::OfMany, site.telemetry)));
    }
    let Ok((from, to)) = days(&query, today) else {
        let page = payers(&inside.desk(), &asked, &Heard::NoDays(DAYS_MAX), site.telemetry);
        return Ok(inside.visitor.answer(StatusCode::UNPROCESSABLE_ENTITY, page));
    };
    (asked.from, asked.to) = (from.to_string(), to.to_string());
    let counts = served.backend.visits(from, to).await?;
    Ok(inside.answer(payers(&inside.desk(), &asked, &Heard::Counts(&counts), site.telemetry)))
}
