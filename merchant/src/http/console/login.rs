//! In and out.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::language::inside;
use super::posted::Posted;
use super::tries::Tries;
use super::visitor::Visitor;
use super::{keys, session};
use crate::console::{Why, login};
use crate::http::Served;
use crate::http::caller::{ClientIp, only};

pub(super) async fn door(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let said = |name| only(&query, name).ok().flatten();
    let next = said("next").unwrap_or_default();
    if visitor.session().is_some() {
        return Redirect::to(inside(&next)).into_response();
    }
    let why = match (said("ended"), said("out")) {
        (Some(_), _) => Why::Ended,
        (None, Some(_)) => Why::LoggedOut,
        (None, None) => Why::Came,
    };
    visitor.answer(StatusCode::OK, login(&visitor.desk(), why, inside(&next)))
}

pub(super) async fn log_in(
    visitor: Visitor,
    State(served): State<Served>,
    Extension(tries): Extension<Arc<Tries>>,
    ClientIp(ip): ClientIp,
    posted: Posted,
) -> Response {
    let (now, who) = (served.backend.clock().now(), ip.unwrap_or_default());
    let next = inside(posted.field("next"));
    if !tries.may(&who, now) {
        let page = login(&visitor.desk(), Why::TooMany, next);
        let mut response = visitor.answer(StatusCode::TOO_MANY_REQUESTS, page);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        return response;
    }
    let cookie = keys::given(&served.site, posted.field("key")).and_then(|(shop, key)| {
        tracing::info!(shop = shop.id, key = key.name, who, "somebody logs in to the console");
        session::begin(&served.site, shop, key, now)
    });
    let Some(cookie) = cookie else {
        tries.wrong(&who, now);
        tracing::warn!(who, "a key was refused at the console");
        return visitor.answer(StatusCode::FORBIDDEN, login(&visitor.desk(), Why::Wrong, next));
    };
    ([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response()
}

pub(super) async fn log_out(State(served): State<Served>, _: Posted) -> Response {
    let mut response = Redirect::to("/console/login?out=1").into_response();
    if let Some(cookie) = session::end(&served.site) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
