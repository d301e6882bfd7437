//! Who asks: in which language, whether they are in, and what for.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};

use super::keys;
use super::language;
use super::refusal::Refusal;
use super::session::{self, Entered, Session};
use crate::console::{Desk, Frame, Lang, Page, html};
use crate::http::caller::Needs;
use crate::http::{Served, ShopSite};

/// Who asks.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    pub(super) lang: Lang,
    pub(super) entered: Entered,
    /// Path and query of the page.
    pub(super) here: String,
    /// What stands above the page.
    name: String,
}

impl Visitor {
    /// Of a request.
    pub(super) fn of(served: &Served, headers: &axum::http::HeaderMap, uri: &Uri, is_read: bool) -> Self {
        let now = served.backend.clock().now();
        // What a form was sent to is no page to come back to.
        let here = uri.path_and_query().filter(|_| is_read).map_or("/console/", |here| here.as_str());
        let entered = session::of(&served.site, headers, now);
        let name = match &entered {
            Entered::Yes(session) => session.shop.shop.name.clone(),
            Entered::No | Entered::Ended => keys::name(&served.site),
        };
        Self { lang: language::of(headers), entered, here: here.to_owned(), name }
    }

    pub(super) fn session(&self) -> Option<&Session> {
        match &self.entered {
            Entered::Yes(session) => Some(session),
            Entered::No | Entered::Ended => None,
        }
    }

    /// What pages for them are drawn with.
    pub(super) fn desk(&self) -> Desk {
        let (may, token) = self.session().map(|it| (it.scopes.clone(), it.token.clone())).unwrap_or_default();
        Desk { lang: self.lang, may, token }
    }

    /// The page, for them.
    pub(super) fn answer(&self, status: StatusCode, page: Page) -> Response {
        let key = self.session().map(|session| session.key.clone());
        let frame = Frame { shop: self.name.clone(), key, here: self.here.clone() };
        let language = [(header::CONTENT_LANGUAGE, self.lang.tag())];
        (status, language, Html(html(&self.desk(), frame, page))).into_response()
    }
}

impl FromRequestParts<Served> for Visitor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Served) -> Result<Self, Refusal> {
        // `around` puts it there.
        parts.extensions.get::<Self>().cloned().ok_or(Refusal::NotThere)
    }
}

/// Somebody who is in, by a key that is good for that.
#[derive(Debug)]
pub(super) struct Inside<S> {
    pub(super) visitor: Visitor,
    /// Whose orders they see.
    pub(super) shop: Arc<ShopSite>,
    /// The key's name.
    pub(super) key: String,
    needs: PhantomData<S>,
}

impl<S: Needs> FromRequestParts<Served> for Inside<S> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Refusal> {
        let visitor = Visitor::from_request_parts(parts, served).await?;
        let session = visitor.session().cloned().ok_or(Refusal::LogIn)?;
        match session.scopes.contains(&S::SCOPE) {
            true => Ok(Self { visitor, shop: session.shop, key: session.key, needs: PhantomData }),
            false => Err(Refusal::NotAllowed(S::SCOPE)),
        }
    }
}

impl<S> Inside<S> {
    pub(super) fn desk(&self) -> Desk {
        self.visitor.desk()
    }

    pub(super) fn answer(&self, page: Page) -> Response {
        self.visitor.answer(StatusCode::OK, page)
    }
}
