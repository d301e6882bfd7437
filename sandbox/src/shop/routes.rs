//! The shop over HTTP.

use axum::extract::{FromRequest, Path, Query, Request, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{Currency, MethodOffer, Money};

use super::language::Language;
use super::tea::Tea;
use super::{methods, order_page};
use crate::assets::{escape, page};
use crate::control::Refused;
use crate::merchant::{MerchantOrder, NewOrder};
use crate::sandbox::Sandbox;

pub(crate) fn router() -> Router<Sandbox> {
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
    fn new(order: &MerchantOrder) -> Self {
        Self {
            order_id: order.order_id.clone(),
            token: order.token.clone(),
            cashier_url: cashier_url(order),
            wechat_url: wechat_url(order),
            till_url: format!("{}&surface=till", cashier_url(order)),
            phone_url: "/phone".to_owned(),
            order_url: format!("/shop/orders/{}", order.order_id),
        }
    }
}

/// Where an order is paid.
pub(crate) fn cashier_url(order: &MerchantOrder) -> String {
    format!("/cashier/?order={}&token={}&lang={}", order.order_id, order.token, order.lang)
}

/// Where an order is paid inside the emulated WeChat.
pub(crate) fn wechat_url(order: &MerchantOrder) -> String {
    format!("/wechat{}", cashier_url(order))
}

async fn order(Shared(sandbox): Shared<Sandbox>, request: Request) -> Result<Response, Refused> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_json = content_type.is_some_and(|value| value.starts_with("application/json"));
    let wish = if is_json {
        Json::<Wish>::from_request(request, &()).await.map(|Json(wish)| wish).map_err(|error| error.body_text())
    } else {
        Form::<Wish>::from_request(request, &()).await.map(|Form(wish)| wish).map_err(|error| error.body_text())
    };
    let new = new_order(wish.map_err(Refused::invalid)?)?;
    let ordered = sandbox.change(|state, now| Ordered::new(state.merchant.take_order(new, now)));
    Ok(if is_json {
        (StatusCode::CREATED, Json(ordered)).into_response()
    } else {
        Redirect::to(&ordered.cashier_url).into_response()
    })
}

fn new_order(wish: Wish) -> Result<NewOrder, Refused> {
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
    Ok(NewOrder {
        amount: Money { value, currency },
        description: wish.description.unwrap_or_else(|| tea.name(language).to_owned()),
        expires_in_ms: wish.expires_in_ms,
        events: wish.events,
        telemetry: wish.telemetry.unwrap_or(true),
        lang: language.tag().to_owned(),
        methods: wish.methods.unwrap_or_else(|| methods::all(language)),
    })
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
    let html = sandbox.read(|state, now| state.merchant.order(&order_id).map(|order| order_page::html(order, now)));
    match html {
        Some(html) => Html(html).into_response(),
        None => {
            let main = format!(
                r#"<section class="card"><h1>没有这个订单</h1><p>There is no order {}.</p></section>"#,
                escape(&order_id)
            );
            (StatusCode::NOT_FOUND, Html(page("zh-CN", "没有这个订单", "", &main))).into_response()
        }
    }
}
