//! `GET /admin/v1/orders`: many orders, the one made last first, or the one that a number belongs to.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{Method, Money, OrderStatus, Timestamp};

use crate::domain::{Order, Status};
use crate::http::Served;
use crate::http::caller::{By, Read};
use crate::service::{Listed, Problem};
use crate::store::{Filter, Place};

/// So many are listed if nothing is said, and at most.
pub(super) const LIMIT: (u32, u32) = (50, 200);
/// The statuses of the contract.
pub(in crate::http) const STATUSES: [&str; 4] = ["pending", "paid", "closed", "refunded"];

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Wanted {
    /// An order's id, an `out_trade_no` or a `transaction_id`.
    number: Option<String>,
    status: Option<String>,
    created_from: Option<String>,
    created_before: Option<String>,
    limit: Option<u32>,
    /// `next` of the answer before.
    after: Option<String>,
}

/// An order in one line.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct OrderLine {
    /// The shop's id of it.
    pub(super) order_id: String,
    /// Whether it is paid.
    #[cfg_attr(feature = "schema", schemars(with = "OrderStatus"))]
    pub(super) status: &'static str,
    /// What is to be paid.
    pub(super) amount: Money,
    /// What for.
    pub(super) description: String,
    /// When it was made.
    pub(super) created_at: Timestamp,
    /// Until when it can be paid.
    pub(super) expires_at: Timestamp,
    /// When it was paid, while it is.
    pub(super) paid_at: Option<Timestamp>,
    /// By which way it was paid, while it is.
    pub(super) paid_by: Option<Method>,
    /// How many things a person has to look at.
    pub(super) needs_attention: usize,
}

/// Orders, the one made last first.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct OrderList {
    /// They.
    pub(super) orders: Vec<OrderLine>,
    /// What `after` of the next page is. None: this is the last.
    pub(super) next: Option<String>,
}

pub(super) async fn list(
    By(shop, ..): By<Read>,
    State(served): State<Served>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<OrderList>, Problem> {
    let Query(wanted) = wanted.map_err(|rejection| Problem::invalid(rejection.body_text()))?;
    let (filter, limit) = filter(&shop.id, &wanted)?;
    if let Some(number) = &wanted.number {
        let mut found = served.backend.find(number).await?;
        found.retain(|order| shop.has(order));
        let orders = found.iter().map(|order| served.line(order)).collect();
        return Ok(Json(OrderList { orders, next: None }));
    }
    let Listed { orders, next } = served.backend.list(&filter, limit).await?;
    let orders = orders.iter().map(|order| served.line(order)).collect();
    let next = next.as_ref().map(place_text);
    Ok(Json(OrderList { orders, next }))
}

/// A place in the list, as `after` has it.
pub(in crate::http) fn place(text: &str) -> Option<Place> {
    let (millis, order_id) = text.split_once('.')?;
    let is_ours = (1..=15).contains(&millis.len()) && millis.bytes().all(|byte| byte.is_ascii_digit());
    Order::check_id(order_id).ok().filter(|()| is_ours)?;
    Some(Place { created_at: Timestamp::from_millis(millis.parse().ok()?), order_id: order_id.to_owned() })
}

/// The same as a text.
pub(in crate::http) fn place_text(Place { created_at, order_id }: &Place) -> String {
    format!("{}.{order_id}", created_at.millis())
}

fn filter(shop: &str, wanted: &Wanted) -> Result<(Filter, u32), Problem> {
    let Wanted { status, created_from, created_before, limit, after, .. } = wanted;
    if let Some(status) = status.as_ref().filter(|status| !STATUSES.contains(&status.as_str())) {
        return Err(Problem::invalid(format!("status: expected one of {}, got {status:?}", STATUSES.join(", "))));
    }
    let (usual, most) = LIMIT;
    let limit = limit.unwrap_or(usual);
    if !(1..=most).contains(&limit) {
        return Err(Problem::invalid(format!("limit: expected 1 to {most}, got {limit}")));
    }
    let time = |name: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => Timestamp::parse(text)
            .map(Some)
            .ok_or_else(|| Problem::invalid(format!("{name}: expected a time such as 2026-11-30T00:00:00Z"))),
    };
    let before = match after {
        None => None,
        Some(text) => Some(place(text).ok_or_else(|| Problem::invalid("after: expected `next` of an answer before"))?),
    };
    let filter = Filter {
        shop: Some(shop.to_owned()),
        status: status.clone(),
        created_from: time("created_from", created_from)?,
        created_before: time("created_before", created_before)?,
        before,
    };
    Ok((filter, limit))
}

impl Served {
    /// An order in one line.
    fn line(&self, order: &Order) -> OrderLine {
        let status = order.status(self.backend.clock().now());
        let (paid_at, paid_by) = match &status {
            Status::Paid { out_trade_no, paid_at } => {
                (Some(*paid_at), order.trade(out_trade_no).map(|trade| trade.method.clone()))
            }
            _ => (None, None),
        };
        OrderLine {
            order_id: order.facts.order_id.clone(),
            status: status.word(),
            amount: order.facts.amount,
            description: order.facts.description.clone(),
            created_at: order.facts.created_at,
            expires_at: order.facts.expires_at,
            paid_at,
            paid_by,
            needs_attention: order.oddities.len(),
        }
    }
}
