//! The shop over HTTP.

use axum::extract::{FromRequest, Path, Query, Request, State as Shared};
use axum::http::{Method as HttpMethod, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wechat_cashier::contract::{Currency, MethodOffer, Money, Order, decode};

use super::refused::Refused;
use super::{order_page, telemetry};
use crate::assets::{escape, page};
use crate::rewrite;
use crate::sandbox::Sandbox;
use crate::shop::{Language, Tea, all_methods};
use crate::state::ShopOrder;

pub(super) fn router() -> Router<Sandbox> {
    Router::new().route("/", get(shelf)).route("/shop/orders", post(order)).route("/shop/orders/{order_id}", get(after))
}

/// What an order of the shop asks for. A form sends `tea` and `lang` only.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    #[serde(default)]
    tea: Option<String>,
    value: Option<i64>,
    currency: Option<String>,
    description: Option<String>,
    expires_in_ms: Option<i64>,
    #[serde(default)]
    events: bool,
    telemetry: Option<bool>,
    lang: Option<String>,
    methods: Option<Vec<MethodOffer>>,
}

/// What the shop answers to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ordered {
    /// The order.
    pub order_id: String,
    /// What the cashier page must show to learn of it.
    pub token: String,
    /// Where it is paid.
    pub cashier_url: String,
    /// Where it is paid inside the emulated WeChat.
    pub wechat_url: String,
    /// Where it is paid at a till.
    pub till_url: String,
    /// The payer's phone.
    pub phone_url: String,
    /// Where the payer comes back to.
    pub order_url: String,
}

impl Ordered {
    fn new(order_id: &str, order: &ShopOrder) -> Self {
        Self {
            order_id: order_id.to_owned(),
            token: order.token.clone(),
            cashier_url: cashier_url(order_id, order),
            wechat_url: wechat_url(order_id, order),
            till_url: format!("{}&surface=till", cashier_url(order_id, order)),
            phone_url: "/phone".to_owned(),
            order_url: format!("/shop/orders/{order_id}"),
        }
    }
}

/// Where an order is paid.
pub(super) fn cashier_url(order_id: &str, order: &ShopOrder) -> String {
    format!("/cashier/?order={order_id}&token={}&lang={}", order.token, order.lang)
}

/// Where an order is paid inside the emulated WeChat.
pub(super) fn wechat_url(order_id: &str, order: &ShopOrder) -> String {
    format!("/wechat{}", cashier_url(order_id, order))
}

async fn order(Shared(sandbox): Shared<Sandbox>, request: Request) -> Result<Response, Refused> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_json = content_type.is_some_and(|value| value.starts_with("application/json"));
    let wish = if is_json {
        Json::<Wish>::from_request(request, &()).await.map(|Json(wish)| wish).map_err(|error| error.body_text())
    } else {
        Form::<Wish>::from_request(request, &()).await.map(|Form(wish)| wish).map_err(|error| error.body_text())
    };
    let ordered = take_order(&sandbox, wish.map_err(Refused::invalid)?).await?;
    Ok(if is_json {
        (StatusCode::CREATED, Json(ordered)).into_response()
    } else {
        Redirect::to(&ordered.cashier_url).into_response()
    })
}

/// The shop asks its backend for an order, by its key, and remembers what is its own.
async fn take_order(sandbox: &Sandbox, wish: Wish) -> Result<Ordered, Refused> {
    let language = Language::from_tag(wish.lang.as_deref().unwrap_or_default());
    let id = wish.tea.as_deref().unwrap_or("oolong");
    let tea = Tea::find(id).ok_or_else(|| Refused::invalid(format!("tea: there is no {id}")))?;
    let code = wish.currency.as_deref().unwrap_or(tea.currency);
    let currency =
        Currency::new(code).ok_or_else(|| Refused::invalid(format!("currency: {code} is no ISO 4217 code")))?;
    let value = wish.value.unwrap_or(tea.value);
    if value < 1 {
        return Err(Refused::invalid(format!("value: {value} is less than 1")));
    }
    let number = sandbox.change(|state| {
        state.count += 1;
        state.count
    });
    let now = sandbox.now().to_rfc3339().unwrap_or_default();
    let day: String = now.chars().filter(char::is_ascii_digit).take(8).collect();
    // Of one length, so that no order's id begins another's.
    let order_id = format!("T{day}{number:06}");
    let mut new = json!({
        "order_id": order_id,
        "amount": Money { value, currency },
        "description": wish.description.unwrap_or_else(|| tea.name(language).to_owned()),
        "methods": wish.methods.unwrap_or_else(|| all_methods(language)),
    });
    // Empty, nothing is measured.
    new["telemetry_url"] = if wish.telemetry.unwrap_or(true) { telemetry::PATH } else { "" }.into();
    if let Some(ms) = wish.expires_in_ms {
        new["expires_in_s"] = u64::try_from(ms).unwrap_or(0).div_ceil(1000).into();
    }
    let (status, made) = sandbox.shop_calls(HttpMethod::POST, "/admin/v1/orders", Some(new)).await;
    let Some(token) = made["token"].as_str().filter(|_| status.is_success()) else {
        return Err(Refused::said(StatusCode::UNPROCESSABLE_ENTITY, &made));
    };
    let order = ShopOrder { number, token: token.to_owned(), lang: language.tag().to_owned(), events: wish.events };
    let ordered = Ordered::new(&order_id, &order);
    sandbox.change(|state| state.orders.insert(order_id, order));
    Ok(ordered)
}

#[derive(Deserialize)]
struct Lang {
    lang: Option<String>,
}

async fn shelf(Query(Lang { lang }): Query<Lang>) -> Html<String> {
    let language = Language::from_tag(lang.as_deref().unwrap_or_default());
    let (title, lead, button) = match language {
        Language::Mainland => ("今天喝什么茶？", "选一款茶，用微信支付。", "去付款"),
        Language::HongKong => ("今日飲咩茶？", "揀一款茶，用微信支付。", "去付款"),
        Language::English => ("Which tea today?", "Choose one and pay with WeChat Pay.", "Go to the cashier"),
    };
    let (wechat, till) = match language {
        Language::Mainland => ("在模拟的微信里付款", "在收银台出示付款码"),
        Language::HongKong => ("在模擬的微信裡付款", "在收銀枱出示付款碼"),
        Language::English => ("Pay inside an emulated WeChat", "Pay at a till by payment code"),
    };
    let teas: String = Tea::ALL.iter().enumerate().map(|(index, tea)| {
        let Tea { id, price, colour, .. } = tea;
        let name = tea.name(language);
        let checked = if index == 0 { " checked" } else { "" };
        format!(
            r#"<label class="tea"><input type="radio" name="tea" value="{id}"{checked}><svg viewBox="0 0 64 48" aria-hidden="true"><path d="M8 12h40v10a18 18 0 0 1-18 18h-4A18 18 0 0 1 8 22z" fill="none" stroke="currentColor" stroke-width="2"/><path d="M11 18h34v4a15 15 0 0 1-15 15h-4a15 15 0 0 1-15-15z" fill="{colour}"/><path d="M48 15h4a6 6 0 0 1 0 14h-5" fill="none" stroke="currentColor" stroke-width="2"/><path d="M22 2v5M28 1v6M34 2v5" stroke="currentColor" stroke-width="2" stroke-linecap="round" opacity=".4"/></svg><span class="name">{name}</span><span class="price">{price}</span></label>
"#
        )
    }).collect();
    let languages: String = Language::ALL
        .into_iter()
        .map(|other| {
            let (tag, name) = (other.tag(), other.name());
            let current = if other == language { r#" aria-current="true""# } else { "" };
            format!(r#"<a href="/?lang={tag}" lang="{tag}"{current}>{name}</a> "#)
        })
        .collect();
    let main = format!(
        r#"<h1>{title}</h1>
<p class="lead">{lead}</p>
<form method="post" action="/shop/orders">
<div class="teas">{teas}</div>
<input type="hidden" name="lang" value="{tag}">
<button class="primary" type="submit">{button}</button>
</form>
<p class="places"><a href="/wechat?lang={tag}">{wechat}</a> <a href="/till?lang={tag}">{till}</a></p>
<p class="languages">{languages}</p>"#,
        tag = language.tag(),
    );
    Html(page(language.tag(), "清叶茶舍 Tea House", "", &main))
}

async fn after(Shared(sandbox): Shared<Sandbox>, Path(order_id): Path<String>) -> Response {
    let shop = sandbox.read(|state| state.orders.get(&order_id).cloned());
    let (_, told) = sandbox.shop_calls(HttpMethod::GET, &format!("/admin/v1/orders/{order_id}"), None).await;
    let mut answer = told["order"].clone();
    let now = sandbox.now();
    sandbox.read(|state| rewrite::order(&mut answer, state, &order_id, now));
    let order = decode::<Order>(&answer.to_string()).ok();
    match shop.zip(order) {
        Some((shop, order)) => Html(order_page::html(&order, &shop, now)).into_response(),
        None => {
            let main = format!(
                r#"<section class="card"><h1>没有这个订单</h1><p>There is no order {}.</p></section>"#,
                escape(&order_id)
            );
            (StatusCode::NOT_FOUND, Html(page("zh-CN", "没有这个订单", "", &main))).into_response()
        }
    }
}
