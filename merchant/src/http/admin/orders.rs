//! What the shop calls, by its key: orders and the tokens for their pages.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{JsapiParams, MethodOffer, Money, Timestamp};

use super::order::{JournalEntry, ShopOrder};
use crate::domain::{Facts, Order, OrderIdFault, plus};
use crate::http::body::Body;
use crate::http::caller::{By, Orders, Read};
use crate::http::{Served, ShopSite};
use crate::service::Problem;

/// WeChat Pay's bound for a description, in characters.
const DESCRIPTION_CHARS_MAX: usize = 127;

/// More ways to pay than a page can show.
const METHODS_MAX: usize = 16;
/// What browsers and proxies take in any case.
const URL_BYTES_MAX: usize = 2048;
/// WeChat Pay's bound for an openid.
const OPENID_BYTES_MAX: usize = 128;

/// An order's life. WeChat Pay takes a payment for a minute at least, and for seven days without an end of ours
/// (docs/platform.md, 3); an order that lives shorter is closed there when its time is up.
const LIFE_S: std::ops::RangeInclusive<u32> = 1..=7 * 24 * 60 * 60;

/// An order that is wanted.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct NewOrder {
    /// The shop's id of it, which nobody else's order has. It becomes the number at WeChat Pay.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[0-9A-Za-z_-]{6,28}$")))]
    order_id: String,
    /// What is to be paid, in a currency of `wechat_pay.currencies`.
    amount: Money,
    /// What for, as the payer reads it: no control characters, and none beyond the basic multilingual plane.
    #[cfg_attr(
        feature = "schema",
        schemars(length(min = 1, max = 127), regex(pattern = "^[ -~\\u00a0-\\ud7ff\\ue000-\\uffff]*$"))
    )]
    description: String,
    /// The ways to pay it, the best first. Without it those of the configuration.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 16)))]
    methods: Option<Vec<MethodOffer>>,
    /// For how many seconds it can be paid. Without it as long as the configuration says.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 604_800)))]
    expires_in_s: Option<u32>,
    /// Where the payer goes when done. Without it where the configuration says.
    #[cfg_attr(feature = "schema", schemars(length(max = 2048)))]
    return_url: Option<String>,
    /// Where its pages tell how payers fare. Without it the backend itself, if the configuration has that; empty, nothing is measured.
    #[cfg_attr(feature = "schema", schemars(length(max = 2048)))]
    telemetry_url: Option<String>,
}

/// Who pays in the mini-program.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct PayerInMiniProgram {
    /// By which the mini-program's appid knows the payer (`wx.login`).
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 128)))]
    openid: String,
}

/// What the mini-program hands to `wx.requestPayment`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct InMiniProgram {
    /// Its arguments.
    pub(super) params: JsapiParams,
}

/// Order ids are unique over all shops, for the pages' addresses name no shop. Nothing is said of another shop's order.
const TAKEN: &str = "order_id: this id cannot be used here; let the numbers of each shop begin with letters of its own";

pub(super) async fn create(
    By(shop, ..): By<Orders>,
    State(served): State<Served>,
    Body(wanted): Body<NewOrder>,
) -> Result<Response, Problem> {
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
) -> Result<Json<ShopOrder>, Problem> {
    let order = served.order_of(&shop, &order_id).await?;
    let entries = served.backend.store().entries(&order_id).await?;
    let journal = entries.into_iter().map(JournalEntry::from).collect();
    Ok(Json(ShopOrder { journal: Some(journal), ..served.for_the_shop(&shop, &order) }))
}

pub(super) async fn close(
    By(shop, ..): By<Orders>,
    State(served): State<Served>,
    Path(order_id): Path<String>,
) -> Result<Json<ShopOrder>, Problem> {
    served.order_of(&shop, &order_id).await?;
    served.backend.close(&order_id).await.map(|order| Json(served.for_the_shop(&shop, &order)))
}

/// The mini-program's server knows its payer by `wx.login`, and hands on what `wx.requestPayment` wants.
pub(super) async fn mini_program(
    By(shop, ..): By<Orders>,
    State(served): State<Served>,
    Path(order_id): Path<String>,
    Body(PayerInMiniProgram { openid }): Body<PayerInMiniProgram>,
) -> Result<Json<InMiniProgram>, Problem> {
    if !(1..=OPENID_BYTES_MAX).contains(&openid.len()) {
        return Err(Problem::invalid(format!("openid: expected 1 to {OPENID_BYTES_MAX} bytes, got {}", openid.len())));
    }
    served.order_of(&shop, &order_id).await?;
    let params = served.backend.pay_in_mini_program(&order_id, &openid).await?;
    Ok(Json(InMiniProgram { params }))
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
        if !(1..=METHODS_MAX).contains(&methods.len()) {
            return Err(Problem::invalid(format!("methods: expected 1 to {METHODS_MAX}, got {}", methods.len())));
        }
        for (name, url) in [("return_url", &return_url), ("telemetry_url", &telemetry_url)] {
            let bytes = url.as_ref().map_or(0, String::len);
            if bytes > URL_BYTES_MAX {
                return Err(Problem::invalid(format!("{name}: expected at most {URL_BYTES_MAX} bytes, got {bytes}")));
            }
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
