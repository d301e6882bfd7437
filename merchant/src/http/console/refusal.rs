//! What is refused. It becomes a page in `around.rs`, which knows for whom.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use wechat_cashier::contract::ProblemCode;

use crate::config::Scope;
use crate::console::Trouble;
use crate::service::Problem;
use crate::store::StoreError;

/// Why.
#[derive(Clone, Debug)]
pub(super) enum Refusal {
    /// They are not in.
    LogIn,
    /// The key is not good for it.
    NotAllowed(Scope),
    /// The form is not one of this session's.
    NotOurs,
    /// There is nothing there.
    NotThere,
    /// The backend says so.
    Problem(Problem),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

/// A mark, which `around` turns into a page.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The page's status and words; None: the login.
pub(super) fn explained(refusal: Refusal) -> Option<(StatusCode, Trouble)> {
    Some(match refusal {
        Refusal::LogIn => return None,
        Refusal::NotAllowed(scope) => (StatusCode::FORBIDDEN, Trouble::NotAllowed(scope)),
        Refusal::NotOurs => (StatusCode::FORBIDDEN, Trouble::NotOurs),
        Refusal::NotThere => (StatusCode::NOT_FOUND, Trouble::NotThere),
        Refusal::Problem(Problem { code, detail, .. }) => {
            let status = StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let trouble = match code {
                ProblemCode::OrderNotFound => Trouble::NotThere,
                ProblemCode::UpstreamUnavailable => Trouble::Away(detail),
                ProblemCode::RateLimited => Trouble::Busy(detail),
                _ => Trouble::Refused(detail),
            };
            (status, trouble)
        }
    })
}
