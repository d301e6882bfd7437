//! What the shop calls, by its key: orders and the tokens for their pages.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use wechat_cashier::contract::{MethodOffer, Money, Timestamp};

use super::refunds;
use crate::domain::{Facts, Order, OrderIdFault, plus};
use crate::http::caller::{By, Orders, Read};
use crate::http::contract::TOKEN_OUTLIVES_MS;
use crate::http::{Purpose, Served, ShopSite, page};
use crate::service::Problem;

/// WeChat Pay's bound for a description, in characters.
const DESCRIPTION_CHARS_MAX: usize = 127;

/// An order's life. WeChat Pay takes a payment for a minute at least, and for seven days without an end of ours
/// (docs/platform.md, 3); an order that lives shorter is closed there when its time is up.
const LIFE_S: std::ops::RangeInclusive<u32> = 1..=7 * 24 * 60 * 60;

/// `POST /admin/v1/orders`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOrder {
    order_id: String,
    amount: Money,
    description: String,
    methods: Option<Vec<MethodOffer>>,
    expires_in_s: Option<u32>,
    return_url: Option<String>,
    telemetry_url: Option<String>,
}

/// `POST /admin/v1/orders/{order_id}/mini-program`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct InMiniProgram {
    openid: String,
}

/// Order ids are unique over all shops, for the pages' addresses name no shop. Nothing is said of another shop's order.
const TAKEN: &str = "order_id: this id cannot be used here; let the numbers of each shop begin with letters of its own";

pub(super) async fn create(
    By(shop, ..): By<Orders>,
    State(served): State<Served>,
    body: Bytes,
) -> Result<Response, Problem> {
    let wanted: NewOrder =
        serde_json::from_slice(&body).map_err(|error| Problem::invalid(format!("the body cannot be read: {error}")))?;
    let order = Order::new(served.facts(&shop, wanted)?);
    match served.backend.insert(&order).await {
        Ok(()) => Ok((StatusCode::CREATED, Json(served.for_the_shop(&shop, &order))).into_response()),
        // The shop asks again because it did not get the answer: the order that is there is the one it wanted.
        Err(problem) => match served.backend.order(&order.facts.order_id).await {
            Ok(known) if !shop.has(&known) => Err(Problem::invalid(TAKEN)),
            Ok(known) if is_same(&known.facts, &order.facts) => {
                Ok(Json(served.for_the_shop(&shop, &known)).into_response())
            }
            _ => Err(problem),
        },
    }
}

pub(super) async fn read(
    By(shop, ..): By<Read>,
    State(served): State<Served>,
    Path(order_id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let order = served.order_of(&shop, &order_id).await?;
    let entries = served.backend.store().entries(&order_id).await?;
    let journal: Vec<Value> = entries
        .into_iter()
        .map(|entry| {
            let body = serde_json::from_str::<Value>(&entry.body).unwrap_or(Value::String(entry.body));
            json!({ "at": entry.at, "kind": entry.kind, "body": body })
        })
        .collect();
    let mut answer = served.for_the_shop(&shop, &order);
    answer["journal"] = journal.into();
    Ok(Json(answer))
}

pub(super) async fn close(
    By(shop, ..): By<Orders>,
    State(served): State<Served>,
    Path(order_id): Path<String>,
) -> Result<Json<Value>, Problem> {
    served.order_of(&shop, &order_id).await?;
    served.backend.close(&order_id).await.map(|order| Json(served.for_the_shop(&shop, &order)))
}

/// The mini-program's server knows its payer by `wx.login`, and hands on what `wx.requestPayment` wants.
pub(super) async fn mini_program(
    By(shop, ..): By<Orders>,
    State(served): State<Served>,
    Path(order_id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let InMiniProgram { openid } =
        serde_json::from_slice(&body).map_err(|error| Problem::invalid(format!("the body cannot be read: {error}")))?;
    served.order_of(&shop, &order_id).await?;
    let params = served.backend.pay_in_mini_program(&order_id, &openid).await?;
    Ok(Json(json!({ "params": params })))
}

impl Served {
    fn facts(&self, shop: &ShopSite, wanted: NewOrder) -> Result<Facts, Problem> {
        let NewOrder { order_id, amount, description, methods, expires_in_s, return_url, telemetry_url } = wanted;
        match Order::check_id(&order_id) {
            Ok(()) => {}
            Err(OrderIdFault::Length) => return Err(Problem::invalid("order_id: expected 6 to 28 characters")),
            Err(OrderIdFault::Character) => {
                return Err(Problem::invalid("order_id: expected characters of [0-9A-Za-z_-] only"));
            }
        }
        let currency = amount.currency.code();
        if !self.site.currencies.contains(&amount.currency) {
            let known = self.site.currencies.iter().map(|known| known.code()).collect::<Vec<_>>().join(", ");
            return Err(Problem::invalid(format!("amount.currency: this shop takes {known}, got {currency}")));
        }
        let chars = description.chars().count();
        if !(1..=DESCRIPTION_CHARS_MAX).contains(&chars) {
            let detail = format!("description: expected 1 to {DESCRIPTION_CHARS_MAX} characters, got {chars}");
            return Err(Problem::invalid(detail));
        }
        // WeChat Pay takes no more than three bytes a character (docs/platform.md, 7.4).
        if let Some(wide) = description.chars().find(|char| char.len_utf8() > 3 || char.is_control()) {
            let detail = format!("description: WeChat Pay does not take the character {}", wide.escape_unicode());
            return Err(Problem::invalid(detail));
        }
        let life_s = expires_in_s.unwrap_or(shop.order_expires_in_s);
        if !LIFE_S.contains(&life_s) {
            let (least, most) = (LIFE_S.start(), LIFE_S.end());
            return Err(Problem::invalid(format!("expires_in_s: expected {least} to {most} seconds, got {life_s}")));
        }
        let methods = methods.unwrap_or_else(|| shop.methods.clone());
        if methods.is_empty() {
            return Err(Problem::invalid("methods: expected at least one"));
        }
        // WeChat Pay's time_expire counts in seconds.
        let now = self.backend.clock().now();
        let now = Timestamp::from_millis(now.millis().div_euclid(1000) * 1000);
        Ok(Facts {
            shop: shop.id.clone(),
            return_url: return_url.or_else(|| shop.return_url.as_ref().map(|template| template.of(&order_id))),
            order_id,
            amount,
            description,
            methods,
            created_at: now,
            expires_at: plus(now, i64::from(life_s) * 1000),
            mchid: self.backend.wechat_pay().mchid().to_owned(),
            sub: self.backend.wechat_pay().sub_of(&shop.id).cloned(),
            telemetry_url,
            refund_second_payment: self.backend.wechat_pay().refund_second_payment(),
        })
    }

    /// The order, its token, and all that is known of it.
    pub(super) fn for_the_shop(&self, shop: &ShopSite, order: &Order) -> Value {
        let order_id = &order.facts.order_id;
        let token_expires_at = plus(order.facts.expires_at, TOKEN_OUTLIVES_MS);
        let token = shop.tokens.mint(Purpose::Order, order_id, token_expires_at);
        let has_page = self.site.page.is_some();
        json!({
            "order_id": order_id,
            "cashier_url": page::address(&self.site.public_url, order_id, &token).filter(|_| has_page),
            "token": token,
            "token_expires_at": token_expires_at,
            "status": order.status(self.backend.clock().now()).word(),
            "order": self.contract_order(shop, order),
            "trades": order.trades.iter().map(|trade| json!({
                "out_trade_no": trade.out_trade_no,
                "method": trade.method,
                "state": trade.state,
            })).collect::<Vec<_>>(),
            "paid": order.paid,
            "refunds": order.refunds.iter().map(|refund| refunds::for_the_shop(order, refund)).collect::<Vec<_>>(),
            "needs_attention": order.oddities,
        })
    }
}

/// Whether the shop asked for the same, whenever it did.
fn is_same(known: &Facts, wanted: &Facts) -> bool {
    let life = |facts: &Facts| facts.expires_at.millis() - facts.created_at.millis();
    // The configuration may have changed in between; nothing of that was asked for.
    let refund_second_payment = known.refund_second_payment;
    let moved =
        Facts { created_at: known.created_at, expires_at: known.expires_at, refund_second_payment, ..wanted.clone() };
    life(known) == life(wanted) && *known == moved
}
