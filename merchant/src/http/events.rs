//! The order as server-sent events: at once, whenever it changes, and each 45 s (docs/contract.md, Events).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::broadcast::error::RecvError;

use super::Served;
use super::caller::Allowed;
use crate::service::Problem;
use wechat_cashier::contract::ProblemCode;

/// So often the order is sent though nothing happened: it is how a page knows that the stream lives, and how news come
/// that another machine wrote.
const EACH: Duration = Duration::from_secs(45);
/// So often a comment keeps proxies from closing the stream.
const COMMENT_EACH: Duration = Duration::from_secs(15);

pub(super) async fn stream(State(served): State<Served>, Allowed(order_id): Allowed) -> Result<Response, Problem> {
    let Ok(place) = Arc::clone(&served.site.event_streams).try_acquire_owned() else {
        let full =
            Problem { retry_after_s: Some(60), ..Problem::new(ProblemCode::RateLimited, "too many streams are open") };
        return Err(full);
    };
    // Before the order is read: what changes after that is heard.
    let news = served.backend.news();
    let stopping = served.backend.stopping();
    served.backend.order(&order_id).await?;
    let state = (served, order_id, news, stopping, true, place);
    let events = stream::unfold(state, async move |(served, order_id, mut news, mut stopping, is_first, place)| {
        if !is_first {
            tokio::select! {
                () = heard(&mut news, &order_id) => {}
                () = tokio::time::sleep(EACH) => {}
                _ = stopping.wait_for(|stopping| *stopping) => return None,
            }
        }
        let event = match served.backend.order(&order_id).await {
            Ok(order) => Event::default().json_data(served.contract_order(&order)).ok()?,
            // The page polls; the stream goes on when the database is back.
            Err(problem) => Event::default().comment(problem.code.word()),
        };
        Some((Ok::<_, Infallible>(event), (served, order_id, news, stopping, false, place)))
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(COMMENT_EACH)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// Ends with news of this order, or when some were missed.
async fn heard(news: &mut tokio::sync::broadcast::Receiver<Arc<str>>, order_id: &str) {
    loop {
        match news.recv().await {
            Ok(of) if *of == *order_id => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            // The backend is gone, and this stream with it.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
