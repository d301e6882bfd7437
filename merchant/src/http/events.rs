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
use wechat_cashier::contract::{Order, ProblemCode, Timestamp};

/// So often the order is sent though nothing happened: it is how a page knows that the stream lives, and how news come
/// that another machine wrote.
const EACH: Duration = Duration::from_secs(45);
/// So often a comment keeps proxies from closing the stream.
const COMMENT_EACH: Duration = Duration::from_secs(15);

pub(super) async fn stream(State(served): State<Served>, allowed: Allowed) -> Result<Response, Problem> {
    let Ok(place) = Arc::clone(&served.site.event_streams).try_acquire_owned() else {
        let full =
            Problem { retry_after_s: Some(60), ..Problem::new(ProblemCode::RateLimited, "too many streams are open") };
        return Err(full);
    };
    // Before the order is read: what changes after that is heard.
    let news = served.backend.news();
    let stopping = served.backend.stopping();
    allowed.order(&served).await?;
    let Allowed { order_id, shop } = allowed;
    let state = ((served, shop), order_id, news, stopping, (true, None::<Order>), place);
    let events = stream::unfold(
        state,
        async move |((served, shop), order_id, mut news, mut stopping, (mut is_first, mut told), place)| {
            let event = loop {
                let mut is_time = std::mem::take(&mut is_first);
                if !is_time {
                    tokio::select! {
                        () = heard(&mut news, &order_id) => {}
                        () = tokio::time::sleep(EACH) => is_time = true,
                        _ = stopping.wait_for(|stopping| *stopping) => return None,
                    }
                }
                match served.backend.order(&order_id).await {
                    Ok(order) => {
                        let answer = served.contract_order(&shop, &order);
                        let timeless = without_clock(answer.clone());
                        // Most of what is written of an order is no news to its page, such as that the platform was asked.
                        if is_time || told.as_ref() != Some(&timeless) {
                            told = Some(timeless);
                            break Event::default().json_data(answer).ok()?;
                        }
                    }
                    // The page polls; the stream goes on when the database is back.
                    Err(problem) => break Event::default().comment(problem.code.word()),
                }
            };
            Some((Ok::<_, Infallible>(event), ((served, shop), order_id, news, stopping, (false, told), place)))
        },
    );
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(COMMENT_EACH)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// Every answer carries the time and a fresh ticket; that alone is no news.
fn without_clock(mut order: Order) -> Order {
    const NEVER: Timestamp = Timestamp::from_millis(0);
    order.now = NEVER;
    order.events_url = None;
    if let Some(payment) = &mut order.payment {
        payment.now = NEVER;
    }
    order
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
