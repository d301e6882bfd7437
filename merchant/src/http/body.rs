//! What the shop sends, as a value.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;

use crate::service::Problem;

/// How long a body of the shop's may be. The longest that is of use, an order with each field at its bound, is a fifth of it.
pub(super) const BODY_BYTES_MAX: usize = 64 * 1024;

/// A body that has to be there.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

/// A body that may be left out, which is one without fields: nothing is needed.
#[derive(Debug)]
pub(super) struct Optional<T>(pub(super) T);

impl<T: for<'de> Deserialize<'de>, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        read(&whole(request, state).await?).map(Self)
    }
}

impl<T: Default + for<'de> Deserialize<'de>, S: Send + Sync> FromRequest<S> for Optional<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = whole(request, state).await?;
        if body.is_empty() { Ok(Self(T::default())) } else { read(&body).map(Self) }
    }
}

/// All of it, up to the bound that the routes have.
async fn whole(request: Request, state: &(impl Send + Sync)) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::invalid(format!("the body has more than {BODY_BYTES_MAX} bytes")),
        _ => Problem::invalid("the body did not come whole"),
    })
}

fn read<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| Problem::invalid(format!("the body cannot be read: {error}")))
}
