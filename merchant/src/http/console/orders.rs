//! Many orders, and the one of a number.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::refusal::Refusal;
use super::visitor::Inside;
use crate::console::{Found, Only, orders};
use crate::http::Served;
use crate::http::admin::list::{STATUSES, place, place_text};
use crate::http::caller::{Read, only};
use crate::service::{Listed, Problem};
use crate::store::Filter;

/// So many on a page.
const LISTED: u32 = 50;

pub(super) async fn list(
    inside: Inside<Read>,
    State(served): State<Served>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let said = |name| only(&query, name).map(|value| value.map(|value| value.trim().to_owned()).unwrap_or_default());
    let (number, status, after) = (said("number")?, said("status")?, said("after")?);
    let only = match status.as_str() {
        "" => Only::All,
        "noticed" => Only::Noticed,
        word => STATUSES.into_iter().find(|known| *known == word).map(Only::Status).ok_or(Refusal::NotThere)?,
    };
    let Listed { orders: found, next } = match number.is_empty() {
        false => {
            let mut orders = served.backend.find(&number).await?;
            orders.retain(|order| inside.shop.has(order));
            Listed { orders, next: None }
        }
        true => many(&served, &inside.shop.id, only, &after).await?,
    };
    if let ([one], false) = (&found[..], number.is_empty()) {
        return Ok(Redirect::to(&format!("/console/orders/{}", one.facts.order_id)).into_response());
    }
    let next = next.as_ref().map(place_text);
    let found = Found { orders: &found, only, number: &number, next, is_first: after.is_empty() };
    Ok(inside.answer(orders(&inside.desk(), &found, served.backend.clock().now())))
}

async fn many(served: &Served, shop: &str, only: Only, after: &str) -> Result<Listed, Refusal> {
    let before = match after {
        "" => None,
        text => Some(place(text).ok_or_else(|| Problem::invalid("after: expected the end of a page of the list"))?),
    };
    let status = match only {
        Only::Status(word) => Some(word.to_owned()),
        Only::All | Only::Noticed => None,
    };
    let filter = Filter { shop: Some(shop.to_owned()), status, before, ..Filter::default() };
    Ok(match only {
        Only::Noticed => served.backend.list_noticed(&filter, LISTED as usize).await?,
        Only::All | Only::Status(_) => served.backend.list(&filter, LISTED).await?,
    })
}
